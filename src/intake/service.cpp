#include <chat_centre/intake/service.hpp>

#include "intake/queries.hpp"
#include "intake/view.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/conversation/server_actions.hpp>
#include <chat_centre/staff/staff.hpp>

#include <spdlog/spdlog.h>

#include <algorithm>

namespace chat_centre::intake {
namespace {

constexpr const char* settle_job = "intake.settle";
constexpr const char* timeout_job = "intake.timeout";
constexpr const char* ticket_job = "intake.ticket";

constexpr std::chrono::milliseconds busy_pause{100};

std::string key_of(std::int64_t conversation) { return std::to_string(conversation); }

void enter_stage(call& c, stage before, time_point now) {
    const auto add = [&](stage s) {
        c.stages.push_back({{"stage", std::string(to_string(s))}, {"at", to_rfc3339(now)}});
    };
    if (c.state.at == before) return;
    // It is passed through within one step, and was reached all the same.
    if (c.state.at == stage::department_handling && before == stage::confirm_data && c.state.confirmed)
        add(stage::route_to_department);
    add(c.state.at);
    while (c.stages.size() > 100) c.stages.erase(c.stages.begin());
}

void take_outcome(call& c, outcome o, time_point now) {
    const stage before = c.state.at;
    c.state = std::move(o.state);
    for (const auto e : o.effects) {
        const std::string name{to_string(e)};
        if (std::find(c.pending.begin(), c.pending.end(), name) == c.pending.end()) c.pending.push_back(name);
    }
    enter_stage(c, before, now);
    c.ended_at = c.state.at == stage::call_ended ? std::optional{c.ended_at.value_or(now)} : std::nullopt;
    c.updated_at = now;
}

bool waits_for_words(const call& c, const std::string& channel) {
    return channel == call_channel && !c.on_hold && !c.state.paused && c.state.handling != "agent" &&
           c.state.at != stage::call_ended;
}

void schedule(db::tx& t, const call& c, const std::string& channel, std::chrono::seconds patience,
              time_point now) {
    jobs::schedule(t, settle_job, key_of(c.conversation), now, {{"conversation", c.conversation}}, now);
    if (waits_for_words(c, channel))
        jobs::schedule(t, timeout_job, key_of(c.conversation), now + patience,
                       {{"conversation", c.conversation}}, now);
    else
        jobs::cancel(t, timeout_job, key_of(c.conversation));
}

const char* reason_text(const state& st) {
    if (st.reason == "person") return "The customer asked for a person.";
    if (st.reason == "retries") return "The guided intake did not get on.";
    if (st.reason == "complaint") return "A complaint, taken by the guided intake.";
    if (st.reason == "critical") return "Critical, said in the guided intake.";
    if (st.reason == "no_answer") return "Nobody could answer but a person.";
    return "The guided intake is complete.";
}

int urgency_rank(std::string_view priority) {
    return priority == "emergency" ? 3 : priority == "high" ? 2 : priority == "normal" ? 1 : 0;
}

conversation::labels labels_of(db::tx& t, const state& st, const conversation::row& c) {
    conversation::labels l;
    const auto give = [](std::optional<std::string>& to, const std::string& value) {
        if (!value.empty()) to = value;
    };
    give(l.user_name, st.name);
    give(l.user_email, st.email);
    give(l.user_phone, st.phone);
    give(l.language, st.language);
    if (!st.category.empty() && st.confidence > 0) l.category = st.category;
    if (!st.priority.empty() && urgency_rank(st.priority) > urgency_rank(c.priority))
        l.priority = st.priority;
    if (!st.department.empty())
        if (const auto d = staff::department_by_slug(t, st.department)) l.department = d->id;
    return l;
}

// The call of a job, locked; nullopt: it is gone, or the job comes again in a moment because somebody is at the call.
std::optional<call> call_for(db::tx& t, const jobs::job& j, time_point now) {
    const auto conversation = j.payload.at("conversation").get<std::int64_t>();
    auto c = lock_call_for_job(t, conversation);
    if (!c && find_call(t, conversation)) jobs::schedule(t, j.kind, j.key, now + busy_pause, j.payload, now);
    return c;
}

bool takes(std::vector<std::string>& pending, effect e) {
    return std::erase(pending, std::string(to_string(e))) > 0;
}

} // namespace

settings service::rules_for(db::tx& t) const {
    settings r = s_.rules;
    if (s_.route) r.route = [&t, &route = s_.route](std::string_view text) { return route(t, text); };
    r.wants_person = s_.wants_person;
    r.answer = s_.answer;
    return r;
}

bool service::leads(db::tx& t, std::int64_t conversation) { return t.scalar<bool>(sql::leads, conversation); }

std::optional<said> service::guide(db::tx& t, const heard& h) {
    if (!s_.enabled) return std::nullopt;
    const auto now = s_.clock.now();
    const auto rules = rules_for(t);
    auto c = lock_call(t, h.conversation);
    std::vector<line> first;
    if (!c) {
        if (h.channel != call_channel && !h.lead) return std::nullopt;
        outcome o = begin(h.language == "ar" || h.language == "en" ? h.language : "", rules);
        add_call(t, h.conversation, o.state, {}, now);
        c = lock_call(t, h.conversation);
        if (!c) return std::nullopt;    // the conversation is gone
        first.push_back(o.say.front()); // the greeting; the question follows from what was said
    } else if (h.channel != call_channel && (c->ended_at || c->state.handling == "agent")) {
        return std::nullopt; // done here: the assistant goes on
    }
    outcome o = step(c->state, {input_kind::said, h.text}, rules);
    auto lines = std::move(first);
    lines.insert(lines.end(), o.say.begin(), o.say.end());
    take_outcome(*c, std::move(o), now);
    c->last_said = speak(t, s_, c->state, lines);
    c->heard_seq = h.seq;
    keep_call(t, *c);
    schedule(t, *c, h.channel, s_.patience, now);
    spdlog::debug("{}: {}", c->id, to_string(c->state.at));
    return said{in_one(c->last_said),
                dump({{"engine", "intake"},
                      {"stage", std::string(to_string(c->state.at))},
                      {"decision", c->state.handling == "agent" ? "hand_over" : "ask"}})};
}

service::begun service::open(db::tx& t, const std::string& language, const std::string& phone) const {
    outcome o = begin(language, rules_for(t));
    o.state.phone = phone;
    begun b;
    b.parts = speak(t, s_, o.state, o.say);
    b.text = in_one(b.parts);
    b.state = std::move(o.state);
    return b;
}

void service::enter(db::tx& t, std::int64_t conversation, const begun& b) {
    const auto now = s_.clock.now();
    add_call(t, conversation, b.state, b.parts, now);
    const auto c = lock_call(t, conversation);
    if (!c || c->heard_seq > 0) return; // a retry: it has gone on since
    schedule(t, *c, call_channel, s_.patience, now);
    spdlog::info("Call created: {}", c->id);
}

service::acted service::act(db::tx& t, std::int64_t conversation, const input& in) {
    const auto now = s_.clock.now();
    auto c = lock_call(t, conversation);
    if (!c) throw error::not_found("There is no such call.");
    if (c->state.at == stage::call_ended)
        throw error::conflict("This call has ended. Write again, and it goes on.");
    outcome o = step(c->state, in, rules_for(t));
    auto lines = std::move(o.say);
    take_outcome(*c, std::move(o), now);
    c->on_hold = false;
    c->last_said = speak(t, s_, c->state, lines);
    keep_call(t, *c);
    schedule(t, *c, call_channel, s_.patience, now);
    return {in_one(c->last_said), "MSG-" + random_id(20)};
}

void service::hold(db::tx& t, std::int64_t conversation, bool on) {
    const auto now = s_.clock.now();
    auto c = lock_call(t, conversation);
    if (!c) throw error::not_found("There is no such call.");
    if (c->ended_at) throw error::conflict("This call has ended.");
    if (c->on_hold == on) return;
    c->on_hold = on;
    c->updated_at = now;
    keep_call(t, *c);
    schedule(t, *c, call_channel, s_.patience, now);
}

void service::settle(db::tx& t, const jobs::job& j) {
    const auto now = s_.clock.now();
    auto c = call_for(t, j, now);
    if (!c) return;
    auto row = conversation::lock_for_server(t, c->conversation);
    if (!row) return;
    std::vector<event::entry> events;
    if (takes(c->pending, effect::save))
        if (auto after = conversation::label_by_server(t, c->conversation, labels_of(t, c->state, *row),
                                                       "The guided intake is complete.", now, events))
            row = std::move(after);
    if (takes(c->pending, effect::open_ticket)) {
        ticket::opening how;
        how.source = "complaint";
        how.reason = reason_text(c->state);
        how.description = c->state.complaint;
        const auto opened = ticket::open_for_conversation(t, s_.tickets(), c->conversation, how, now, events);
        if (opened) {
            c->state.ticket = opened->ticket.id;
            jobs::schedule(t, ticket_job, key_of(c->conversation), now, {{"conversation", c->conversation}},
                           now);
        } else {
            spdlog::error("Failed to create ticket of {}: its conversation is gone", c->id);
        }
    }
    if (takes(c->pending, effect::transfer))
        if (auto after =
                conversation::hand_over_by_server(t, c->conversation, reason_text(c->state), now, events)) {
            row = std::move(after);
            // What follows the handover would take the last answer ("yes", a number) for what the caller wants.
            ticket::opening how;
            how.source = "handover";
            how.reason = reason_text(c->state);
            how.description = !c->state.complaint.empty() ? c->state.complaint
                              : !c->state.service.empty() ? c->state.service
                                                          : how.reason;
            ticket::open_for_conversation(t, s_.tickets(), c->conversation, how, now, events);
        }
    if (takes(c->pending, effect::end))
        if (auto after = conversation::resolve_by_server(t, c->conversation, "intake_completed", now, events))
            row = std::move(after);
    keep_call(t, *c);
    events.push_back(update_event(*c, *row, now));
    event::append(t, events);
}

// Nobody answered. The words go through the lane, which locks the conversation: this transaction must not.
void service::remind(db::tx& t, const jobs::job& j) {
    const auto now = s_.clock.now();
    auto c = call_for(t, j, now);
    if (!c || !waits_for_words(*c, call_channel)) return;
    const auto newest = t.maybe(sql::newest_words, c->conversation);
    // The customer has just written, and the follower is at it; or people are.
    if (!newest || newest->text(0) == "user" || newest->text(1) != "bot" || newest->text(2) != "bot") return;
    outcome o = step(c->state, {input_kind::silence, {}}, rules_for(t));
    auto lines = std::move(o.say);
    take_outcome(*c, std::move(o), now);
    c->last_said = speak(t, s_, c->state, lines);
    keep_call(t, *c);
    schedule(t, *c, call_channel, s_.patience, now);
    conversation::incoming m;
    m.channel = "assistant";
    m.conversation = c->conversation;
    m.role = conversation::speaker::ai;
    m.sender = s_.assistant_name;
    m.own_assistant = true;
    m.message_id = "MSG-INT" + std::to_string(j.id);
    m.text = in_one(c->last_said);
    if (m.text.empty()) return;
    m.body_hash = hash64(m.text);
    try {
        s_.chats.lane.append_blocking(std::move(m));
    } catch (const error& e) {
        if (e.status() == 503) throw;
        spdlog::debug("{} says nothing: {}", c->id, e.detail()); // somebody took the turn meanwhile
    }
}

// The number of the ticket, once there is one. The conversation waits for people by then.
void service::tell_ticket(const jobs::job& j) {
    const auto conversation = j.payload.at("conversation").get<std::int64_t>();
    const auto text = s_.pool.run_blocking([this, conversation](db::tx& t) {
        const auto c = find_call(t, conversation);
        if (!c || c->state.ticket.empty()) return std::string{};
        return in_one(speak(t, s_, c->state, {{"complaints", "ticket_opened", {}}}));
    });
    if (text.empty()) return;
    conversation::incoming m;
    m.channel = "assistant";
    m.conversation = conversation;
    m.role = conversation::speaker::system;
    m.sender = s_.assistant_name;
    m.message_id = "MSG-INT" + std::to_string(j.id);
    m.body_hash = hash64(text);
    m.text = text;
    try {
        s_.chats.lane.append_blocking(std::move(m));
    } catch (const error& e) {
        if (e.status() == 503) throw;
        spdlog::debug("{}: {}", format_id("CONV", conversation), e.detail());
    }
}

void service::handle_jobs(jobs::runner& runner) {
    runner.handle(settle_job, [this](db::tx& t, const jobs::job& j) { settle(t, j); });
    runner.handle(timeout_job, [this](db::tx& t, const jobs::job& j) { remind(t, j); });
    runner.perform(ticket_job, [this](const jobs::job& j) { tell_ticket(j); });
}

void service::follow(db::tx& t, const std::vector<event::entry>& moves) {
    const auto now = s_.clock.now();
    for (const auto& e : moves) {
        const json m = json::parse(e.data);
        const auto kind = m.value("kind", "");
        const bool by_people =
            kind == "takeover" || kind == "silence" || kind == "handover" || kind == "transfer";
        const bool over = kind == "resolve" || kind == "close";
        if (!by_people && !over && kind != "handback" && kind != "reopen") continue;
        auto c = lock_call(t, e.conversation);
        if (!c) continue;
        // The log is read a moment later: what is no longer so is not worth following.
        const auto newest = t.maybe(sql::newest_words, e.conversation);
        const std::string status = newest ? newest->get<std::string>(2) : "";
        const bool finished = status == "resolved" || status == "closed";
        if (over != finished || (by_people && status == "bot") || (kind == "handback" && status != "bot"))
            continue;
        const state before = c->state;
        if (over) {
            c->state.at = stage::call_ended;
        } else if (by_people || (kind == "reopen" && m.value("assigned", 0) != 0)) {
            c->state.at = stage::department_handling;
            c->state.handling = "agent";
        } else if (kind == "handback") {
            c->state.at = stage::department_handling;
            c->state.handling = "bot";
            c->state.reason.clear();
        }
        if (c->state == before) continue;
        enter_stage(*c, before.at, now);
        c->ended_at = over ? std::optional{now} : std::nullopt;
        c->updated_at = now;
        keep_call(t, *c);
        schedule(t, *c, m.value("channel", ""), s_.patience, now);
    }
}

} // namespace chat_centre::intake
