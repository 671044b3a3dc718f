#include "topic.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/json.hpp>
#include <chat_centre/event/ticket_audience.hpp>
#include <chat_centre/realtime/hub.hpp>
#include <chat_centre/realtime/ticket_sight.hpp>

#include <algorithm>

namespace chat_centre::realtime {

namespace {

constexpr std::string_view conversation_prefix = "conversation:";

// Lists show rows and counts; what is said inside a conversation beyond its messages (notes) is for those who
// have it open.
bool concerns_lists(std::string_view type) {
    return type.starts_with("conversation.") || type == "message.new" || type == "handover.requested" ||
           type == "alert" || type == "queue.update" || type == "offer" || type == "offer.ended";
}

bool concerns_staff(std::string_view type) {
    return type == "presence" || type.starts_with("staff.") || type.starts_with("contact.") ||
           type.starts_with("lead.") || type.starts_with("activity.") || type.starts_with("task.");
}

} // namespace

std::optional<topic> parse_topic(std::string_view text) {
    if (text == "queue") return topic{topic_kind::queue};
    if (text == "mine") return topic{topic_kind::mine};
    if (text == "staff") return topic{topic_kind::staff};
    if (text == "tickets") return topic{topic_kind::tickets};
    if (text == "all") return topic{topic_kind::all};
    if (text.starts_with(conversation_prefix)) {
        if (const auto id = parse_id("CONV", text.substr(conversation_prefix.size())))
            return topic{topic_kind::conversation, *id};
    }
    return std::nullopt;
}

std::string to_string(const topic& t) {
    switch (t.kind) {
    case topic_kind::queue: return "queue";
    case topic_kind::mine: return "mine";
    case topic_kind::staff: return "staff";
    case topic_kind::tickets: return "tickets";
    case topic_kind::all: return "all";
    case topic_kind::conversation: break;
    }
    return std::string(conversation_prefix) + format_id("CONV", t.conversation);
}

routing route(const event::entry& e) {
    routing r;
    if (e.who == event::audience::internal) return r;
    if (e.who == event::audience::person) {
        r.holders[0] = e.now.assigned;
        return r;
    }
    r.all = true;
    r.conversation = e.conversation;
    r.staff = e.who == event::audience::people && concerns_staff(e.type);
    r.tickets = event::is_ticket(e.who);
    if (e.type == "whisper") r.holders[0] = e.now.assigned; // to whoever has it, open on the screen or not
    if (concerns_lists(e.type)) {
        r.queue = true;
        if (e.conversation != 0) {
            r.holders[0] = e.now.assigned;
            if (e.before && e.before->assigned != e.now.assigned) r.holders[1] = e.before->assigned;
        }
    }
    return r;
}

bool carries(const routing& r, const topic& t, std::int64_t staff) {
    switch (t.kind) {
    case topic_kind::queue: return r.queue;
    case topic_kind::mine: return staff != 0 && (r.holders[0] == staff || r.holders[1] == staff);
    case topic_kind::staff: return r.staff;
    case topic_kind::tickets: return r.tickets;
    case topic_kind::all: return r.all;
    case topic_kind::conversation: return r.conversation != 0 && r.conversation == t.conversation;
    }
    return false;
}

bool may_see(const principal& who, const event::scope& s) {
    if (who.kind != caller::staff) return false;
    switch (who.role) {
    case role::admin:
    case role::manager: return true;
    case role::engineer: return false; // escalated tickets only, and those are not conversations
    case role::agent: break;
    }
    if (s.assigned != 0 && s.assigned == who.staff) return true;
    if (!s.waiting) return false;
    return s.department == 0 ||
           std::find(who.departments.begin(), who.departments.end(), s.department) != who.departments.end();
}

bool may_see_ticket(const principal& who, const event::scope& s, bool escalated) {
    if (who.kind == caller::staff && who.role == role::engineer)
        return escalated || (s.assigned != 0 && s.assigned == who.staff);
    return may_see(who, s);
}

std::string ticket_stub(const event::entry& e) {
    const json data = json::parse(e.data, nullptr, false);
    return dump({{"ticket_id", data.is_object() ? data.value("ticket_id", "") : ""}, {"visible", false}});
}

namespace {

rendition judge_ticket(const principal& who, const event::entry& e) {
    if (who.kind == caller::customer) {
        const bool theirs = e.conversation != 0 && e.conversation == who.conversation;
        return theirs && !e.public_data.empty() ? rendition::customer : rendition::hidden;
    }
    if (may_see_ticket(who, e.now, e.who == event::ticket_escalated)) return rendition::staff;
    const bool seen = may_see_ticket(who, e.before.value_or(e.now), e.who == event::ticket_deescalated);
    return e.type == "ticket.update" && seen ? rendition::stub : rendition::hidden;
}

} // namespace

rendition judge(const principal& who, const event::entry& e) {
    if (e.who == event::audience::internal) return rendition::hidden;
    if (event::is_ticket(e.who)) return judge_ticket(who, e);
    if (who.kind == caller::customer) {
        if (e.who == event::audience::person) return rendition::hidden;
        const bool theirs = e.conversation != 0 && e.conversation == who.conversation;
        const bool open = e.who == event::audience::conversation_public || !e.public_data.empty();
        return theirs && open ? rendition::customer : rendition::hidden;
    }
    if (who.kind != caller::staff) return rendition::hidden;
    if (e.who == event::audience::person)
        return e.now.assigned != 0 && e.now.assigned == who.staff ? rendition::staff : rendition::hidden;
    if (e.conversation == 0) return e.who == event::audience::people ? rendition::staff : rendition::hidden;
    if (may_see(who, e.now)) return rendition::staff;
    // Whoever saw the row must learn that it has gone; whoever never saw it must not learn that it exists.
    if (e.type == "conversation.update" && e.before && may_see(who, *e.before)) return rendition::stub;
    return rendition::hidden;
}

std::string render(const event::entry& e, rendition r) {
    if (r == rendition::stub && event::is_ticket(e.who)) return event::to_json(e, ticket_stub(e));
    if (r == rendition::stub)
        return event::to_json(e, R"({"conversation_id":")" + format_id("CONV", e.conversation) +
                                     R"(","visible":false})");
    if (r == rendition::customer && !e.public_data.empty()) return event::to_json(e, e.public_data);
    return event::to_json(e, e.data);
}

} // namespace chat_centre::realtime
