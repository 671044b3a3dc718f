#include "routing/waits.hpp"

#include "routing/apply_rules.hpp"
#include "routing/offers.hpp"
#include "routing/queries.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/text.hpp>
#include <chat_centre/conversation/server_actions.hpp>
#include <chat_centre/event/notice.hpp>
#include <chat_centre/jobs/jobs.hpp>

#include <spdlog/spdlog.h>

#include <cmath>

namespace chat_centre::routing {
namespace {

constexpr std::chrono::hours recent{24};
constexpr int fewest_waits = 5;

// What the rules call it; "" when no rule can be about it.
std::string event_of(const std::string& kind) {
    for (const char* known : {"new", "message", "handover", "transfer", "reopen", "resolve"})
        if (kind == known) return kind;
    return {};
}

bool quiet_rule_not_due(db::tx& t, const rule& r, std::int64_t conversation, time_point now) {
    for (const auto& c : r.conditions) {
        if (c.field != "minutes_since_message" || c.op != "at_least") continue;
        const auto last = t.scalar<std::optional<time_point>>(sql::last_customer_message, conversation);
        const auto limit = std::chrono::minutes(c.value.get<std::int64_t>());
        if (!last || *last + limit <= now) continue;
        jobs::schedule(t, time_job, std::to_string(conversation) + ":" + std::to_string(r.id), *last + limit,
                       {{"conversation", conversation}, {"rule", r.id}}, now);
        return true;
    }
    return false;
}

// A queue with a limit says so when it is full. The conversation is kept: whoever comes next will see it.
void check_full(db::tx& t, std::int64_t conversation, time_point now, std::vector<event::entry>& events) {
    const auto queue = t.maybe(sql::queue_of, conversation);
    const auto id = queue ? queue->get<std::optional<std::int64_t>>(0) : std::nullopt;
    const auto d = id ? find_desk(t, *id) : std::nullopt;
    if (!d || !d->queue_limit) return;
    if (t.scalar<std::int64_t>(sql::stood_before, d->id, d->is_default, conversation) < *d->queue_limit)
        return;
    const auto c = conversation::lock_for_server(t, conversation);
    if (!c || c->status != "pending" || !c->waiting_since) return;
    if (t.scalar<bool>(sql::told_full, conversation, *c->waiting_since)) return;
    const auto limit = std::to_string(*d->queue_limit);
    record(t,
           {conversation,
            "full",
            0,
            {"the queue of " + d->name_en + " is full (" + limit + ")",
             "قائمة انتظار " + d->name_ar + " ممتلئة (" + limit + ")"},
            json::array()},
           now);
    const std::string language =
        c->language.empty() ? std::string(detect_language(c->last_text)) : c->language;
    jobs::schedule(t, full_job, std::to_string(conversation), now,
                   {{"conversation", conversation},
                    {"text", language.starts_with("ar") ? d->full_ar : d->full_en},
                    {"since", c->waiting_since->time_since_epoch().count()}},
                   now);
    events.push_back(
        event::notice_entry({.kind = "routing.queue_full",
                             .level = "warning",
                             .key = "routing.queue_full:" + d->slug + ":" +
                                    std::to_string(now.time_since_epoch() / std::chrono::minutes(10)),
                             .to_managers_of = {d->id},
                             .conversation = conversation,
                             .title_en = "The queue of " + d->name_en + " is full",
                             .title_ar = "قائمة انتظار " + d->name_ar + " ممتلئة",
                             .body_en = "More than " + limit + " people wait.",
                             .body_ar = "ينتظر أكثر من " + limit + " شخصًا."},
                            now));
}

} // namespace

void handle_move(db::tx& t, const std::vector<rule>& all, const json& move, const text_judges& judges,
                 time_point now, std::vector<event::entry>& events) {
    const auto id = move.value("conversation_id", std::int64_t{0});
    const auto kind = move.value("kind", std::string{});
    const time_point at{std::chrono::microseconds(move.value("at", now.time_since_epoch().count()))};
    const auto status = move.value("status", std::string{}), was = move.value("was_status", std::string{});
    const bool moved = kind != "message";
    const bool pending = moved && status == "pending";
    const bool other_queue =
        move.value("department", std::int64_t{0}) != move.value("was_department", std::int64_t{0});
    const bool enters = pending && (was != "pending" || other_queue);

    if (kind == "new") {
        schedule_time_rules(t, all, id, "minutes_since_start", now, now);
        schedule_time_rules(t, all, id, "minutes_since_message", now, now);
    }
    if (enters) {
        schedule_time_rules(t, all, id, "minutes_waiting", now, now);
        const auto department = move.value("department", std::int64_t{0});
        t.exec(sql::enter_queue, id, department == 0 ? std::nullopt : std::optional{department}, at);
    } else if (moved && was == "pending" && status != "pending") {
        t.exec(sql::leave_queue, id, at, status == "active");
    }
    if (moved && was == "pending" && (status != "pending" || other_queue)) withdraw_offer(t, id, now, events);

    if (const auto event = event_of(kind); !event.empty()) {
        occasion o;
        o.conversation = id;
        o.event = event;
        // What led to a handover is rarely all that was said about it.
        if (event == "new" || event == "message") o.text = move.value("text", std::string{});
        o.channel = move.value("channel", std::string{});
        o.language = move.value("language", std::string{});
        if (!(event == "new" && o.text.empty())) apply_rules(t, all, o, judges, now, events);
    }
    if (enters) check_full(t, id, now, events);
}

void run_time_rule(db::tx& t, std::int64_t conversation, std::int64_t rule_id, const text_judges& judges,
                   time_point now, std::vector<event::entry>& events) {
    const auto stored = t.maybe(sql::find_rule, rule_id);
    if (!stored) return; // deleted meanwhile
    const auto r = rule_from(*stored);
    const auto c = conversation::lock_for_server(t, conversation);
    if (!c || c->status == "resolved" || c->status == "closed") return;
    if (quiet_rule_not_due(t, r, conversation, now)) return;
    apply_rules(t, {r}, {conversation, "time", {}, {}, {}, rule_id}, judges, now, events);
}

void say_full(conversation::append_lane& lane, const std::string& sender, const json& payload) {
    conversation::incoming m;
    m.channel = "assistant";
    m.conversation = payload.at("conversation").get<std::int64_t>();
    m.role = conversation::speaker::system;
    m.sender = sender;
    m.own_assistant = true;
    // The same wait never says it twice, however often this is tried.
    m.message_id = "MSG-FULL-" + std::to_string(m.conversation) + "-" +
                   std::to_string(payload.at("since").get<std::int64_t>());
    m.text = payload.at("text").get<std::string>();
    m.body_hash = hash64(m.text);
    try {
        lane.append_blocking(std::move(m));
    } catch (const error& e) {
        if (e.status() == 503) throw;
        spdlog::debug("queue full: {}", e.detail()); // 409: somebody has taken it meanwhile
    }
}

std::optional<double> seconds_per_place(db::tx& t, std::int64_t department, time_point now) {
    const auto r = t.one(sql::recent_waits, department, now - recent);
    return r.get<int>(1) < fewest_waits ? std::nullopt : std::optional(r.get<double>(0));
}

int estimated_wait_seconds(double seconds_per_place, int place) {
    return 60 * std::max(1, static_cast<int>(std::ceil(seconds_per_place * place / 60)));
}

} // namespace chat_centre::routing
