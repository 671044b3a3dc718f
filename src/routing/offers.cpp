#include "routing/offers.hpp"

#include "routing/dispatch.hpp"
#include "routing/queries.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/conversation/server_actions.hpp>
#include <chat_centre/jobs/jobs.hpp>

namespace chat_centre::routing {
namespace {

// Judged like a conversation that this person has: they and the managers may see it.
event::entry to_person(const char* type, std::int64_t conversation, std::int64_t staff, json data,
                       time_point now) {
    data["conversation_id"] = format_id("CONV", conversation);
    data["staff_id"] = format_id("STF", staff);
    event::entry e;
    e.type = type;
    e.at = now;
    e.conversation = conversation;
    e.who = event::audience::conversation_staff;
    e.now.assigned = staff;
    e.data = dump(data);
    return e;
}

wording said(std::string_view outcome) {
    if (outcome == "accepted") return {"accepted", "قبلها"};
    if (outcome == "declined") return {"declined", "رفضها"};
    if (outcome == "expired") return {"did not answer in time", "لم يرد في الوقت المحدد"};
    return {"no longer to be had", "لم تعد متاحة"};
}

struct open_offer {
    std::int64_t id = 0;
    std::int64_t staff = 0;
    time_point expires{};
};

std::optional<open_offer> lock_open(db::tx& t, std::int64_t conversation) {
    const auto r = t.maybe(sql::lock_open_offer, conversation);
    if (!r) return std::nullopt;
    return open_offer{r->get<std::int64_t>(0), r->get<std::int64_t>(1), r->get<time_point>(2)};
}

void end(db::tx& t, std::int64_t conversation, const open_offer& o, const char* outcome, time_point now,
         std::vector<event::entry>& events) {
    t.exec(sql::end_offer, o.id, now, outcome);
    events.push_back(to_person("offer.ended", conversation, o.staff, {{"outcome", outcome}}, now));
    if (std::string_view(outcome) != "accepted")
        record(t, {conversation, outcome, o.staff, said(outcome), json::array()}, now);
}

// Before any lock of a conversation: see dispatch.hpp on their order.
void look_for_the_next(db::tx& t, std::int64_t conversation, time_point now) {
    const auto r = t.maybe(sql::queue_of, conversation);
    if (!r) return;
    if (const auto queue = r->get<std::optional<std::int64_t>>(0)) drain_soon(t, *queue, now);
}

} // namespace

json offer_data(const proposal& p, time_point expires) {
    return {{"conversation_id", format_id("CONV", p.conversation)},
            {"staff_id", format_id("STF", p.staff)},
            {"expires_at", to_rfc3339(expires)},
            {"user_name", p.user_name},
            {"category", p.category ? json(*p.category) : json(nullptr)},
            {"priority", p.priority},
            {"reason", p.reason.en},
            {"reason_ar", p.reason.ar}};
}

std::vector<json> open_offers(db::tx& t, std::int64_t staff, time_point now) {
    std::vector<json> out;
    for (const auto r : t.many(sql::open_offers_to, staff, now))
        out.push_back(offer_data({r.get<std::int64_t>(0),
                                  staff,
                                  r.get<std::string>(1),
                                  r.get<std::string>(2),
                                  r.get<std::optional<std::string>>(3),
                                  {r.get<std::string>(5), r.get<std::string>(6)}},
                                 r.get<time_point>(4)));
    return out;
}

void make_offers(db::tx& t, const std::vector<proposal>& all, time_point expires, time_point now,
                 std::vector<event::entry>& events) {
    if (all.empty()) return;
    db::array conversation, staff;
    for (const auto& p : all) {
        conversation.add(p.conversation);
        staff.add(p.staff);
        events.push_back(to_person("offer", p.conversation, p.staff, offer_data(p, expires), now));
    }
    std::vector<jobs::wanted> ends;
    for (const auto r : t.many(sql::add_offers, conversation, staff, now, expires)) {
        const auto id = r.get<std::int64_t>(0);
        ends.push_back({std::to_string(id), expires, {{"offer", id}}, {}});
    }
    jobs::schedule(t, offer_job, ends, now);
}

void answer_offer(db::tx& t, std::int64_t conversation, std::int64_t staff, const std::string& name,
                  bool accept, time_point now, std::vector<event::entry>& events) {
    if (!accept) look_for_the_next(t, conversation, now);
    const auto c = conversation::lock_for_server(t, conversation);
    const auto o = c ? lock_open(t, conversation) : std::nullopt;
    if (!o || o->staff != staff || o->expires <= now)
        throw error{409, "This offer is over", "The conversation was offered to somebody else, or taken."};
    end(t, conversation, *o, accept ? "accepted" : "declined", now, events);
    jobs::cancel(t, offer_job, std::to_string(o->id));
    if (accept) {
        conversation::assign_by_server(t, {{*c, staff, name, "accepted the offer"}}, now, events);
        record(t, {conversation, "assigned", staff, said("accepted"), json::array()}, now);
    }
}

void expire_offer(db::tx& t, std::int64_t offer, time_point now, std::vector<event::entry>& events) {
    const auto found = t.maybe(sql::find_offer, offer);
    if (!found) return;
    const auto id = found->get<std::int64_t>(0);
    look_for_the_next(t, id, now);
    const auto c = conversation::lock_for_server(t, id);
    const auto o = c ? lock_open(t, id) : std::nullopt;
    if (!o || o->id != offer) return;
    end(t, id, *o, "expired", now, events);
}

void withdraw_offer(db::tx& t, std::int64_t conversation, time_point now, std::vector<event::entry>& events) {
    if (!t.maybe(sql::has_offer, conversation)) return;
    conversation::lock_for_server(t, conversation);
    const auto o = lock_open(t, conversation);
    if (!o) return;
    end(t, conversation, *o, "withdrawn", now, events);
    jobs::cancel(t, offer_job, std::to_string(o->id));
}

void withdraw_offers_to(db::tx& t, std::int64_t staff, time_point now, std::vector<event::entry>& events) {
    for (const auto r : t.many(sql::offers_to, staff)) withdraw_offer(t, r.get<std::int64_t>(0), now, events);
}

} // namespace chat_centre::routing
