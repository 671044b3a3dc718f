#include <chat_centre/channel/elevenlabs_tools.hpp>

#include "channel/queries.hpp"
#include "channel/session_names.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/phone.hpp>
#include <chat_centre/base/text.hpp>
#include <chat_centre/conversation/server_actions.hpp>

#include <algorithm>
#include <cctype>

namespace chat_centre::channel {
namespace {

constexpr const char* tool_channel = "elevenlabs";

std::string lower_ascii(std::string s) {
    std::transform(s.begin(), s.end(), s.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return s;
}

// What a model makes of "normal, high or emergency"; anything else says nothing.
std::optional<std::string> tool_priority(const std::string& given) {
    auto s = lower_ascii(std::string(trimmed(given)));
    if (s == "emergency" || s == "urgent" || s == "critical") return "emergency";
    if (s == "high" || s == "normal" || s == "low") return s;
    if (s == "medium") return "normal";
    return std::nullopt;
}

std::string name_given(const std::optional<text<0, 200>>& given) {
    std::string name(trimmed(or_empty(given)));
    return is_unfilled(name) ? "" : name;
}

session_names names_of(const std::optional<text<0, 200>>& session, const std::optional<text<0, 200>>& cc) {
    return {name_given(session), name_given(cc), ""};
}

struct place_told {
    std::optional<std::int64_t> position, minutes;
};

place_told place_of(db::tx& t, const elevenlabs_context& c, const conversation::row& row) {
    place_told out;
    for (const auto& p : conversation::places(t))
        if (p.conversation == row.id) {
            out.position = p.place;
            if (c.chats.estimate)
                if (const auto seconds = c.chats.estimate(t, row, p.place))
                    out.minutes = (*seconds + 59) / 60;
        }
    return out;
}

json or_null(const std::optional<std::int64_t>& n) { return n ? json(*n) : json(nullptr); }

// A person is asked for in a conversation that we know.
json ask_in(db::tx& t, const elevenlabs_context& c, std::int64_t id, const request_staff_body& b,
            const std::string& reason, time_point now) {
    std::vector<event::entry> events;
    conversation::hand_over_by_server(t, id, reason, now, events, "ai");
    conversation::labels labels;
    labels.priority = tool_priority(or_empty(b.priority));
    const auto before = conversation::lock_for_server(t, id);
    // What staff have set stays; an emergency is one whoever says so.
    const bool asked_now = before && before->assigned == 0;
    if (!asked_now || (labels.priority && *labels.priority != "emergency" && *labels.priority != "high"))
        labels.priority.reset();
    if (asked_now && !before->category && b.issue_type && !is_blank(b.issue_type->value) &&
        b.issue_type->value != "other")
        labels.category = b.issue_type->value;
    conversation::label_by_server(t, id, labels, reason, now, events);
    ticket::opening how;
    how.source = "handover";
    how.reason = reason;
    how.by_name = c.assistant_name;
    const auto opened = ticket::open_for_conversation(t, c.tickets, id, how, now, events);
    const auto row = conversation::lock_for_server(t, id);
    const place_told place = place_of(t, c, *row);
    if (!events.empty()) event::append(t, events);
    const bool taken = row->assigned != 0 && row->status == "active";
    std::string message = taken
                              ? "A colleague already has this conversation and will answer."
                              : "A colleague has been asked to join. Tell the customer to stay in this chat.";
    if (!taken && place.position) message += " Place in the queue: " + std::to_string(*place.position) + ".";
    return {{"ok", true},
            {"conversation_id", format_id("CONV", id)},
            {"status", taken ? "with_staff" : "queued"},
            {"ticket", {{"id", opened ? opened->ticket.id : ""}}},
            {"position", or_null(place.position)},
            {"estimated_wait_minutes", or_null(place.minutes)},
            {"message", message}};
}

std::string e164_of(const std::string& given, const std::string& country) {
    const auto phone = parse_phone(given, country);
    return phone && phone->valid ? phone->e164 : "";
}

// Does the one who asks name the address or number that it was opened with?
bool proves(const lookup_body& b, std::string_view email, std::string_view phone, const std::string& country) {
    const auto asked_email = lower_ascii(std::string(trimmed(or_empty(b.email))));
    if (!asked_email.empty() && asked_email == lower_ascii(std::string(trimmed(email)))) return true;
    const auto asked_phone = e164_of(or_empty(b.phone), country);
    return !asked_phone.empty() && asked_phone == e164_of(std::string(phone), country);
}

std::string told_status(std::string_view status) {
    if (status == "bot") return "with the assistant";
    if (status == "pending") return "waiting for a colleague";
    if (status == "active") return "a colleague has it";
    if (status == "open") return "received, nobody has begun yet";
    if (status == "in_progress") return "being worked on";
    if (status == "waiting_customer") return "waiting for the customer's answer";
    if (status == "on_hold") return "on hold";
    return std::string(status);
}

json nothing_found() {
    return {{"ok", true},
            {"found", false},
            {"reference", ""},
            {"kind", ""},
            {"status", ""},
            {"subject", nullptr},
            {"position", nullptr},
            {"updated_at", nullptr},
            {"open_tickets", json::array()},
            {"message",
             "Nothing was found under that reference for this customer. Ask for the reference and the e-mail "
             "address or telephone number that was given with it."}};
}

json found_thing(const std::string& reference, const char* kind, std::string_view status, time_point at) {
    json out = nothing_found();
    out["found"] = true;
    out["reference"] = reference;
    out["kind"] = kind;
    out["status"] = status;
    out["updated_at"] = to_rfc3339(at);
    out["message"] = reference + ": " + told_status(status) + ".";
    return out;
}

json look_up(db::tx& t, const elevenlabs_context& c, const lookup_body& b) {
    const auto own = find_session(t, names_of(b.conversation_id, b.cc_session));
    const auto mine = [&own](std::int64_t contact) { return own && contact != 0 && own->contact == contact; };
    std::string reference(trimmed(or_empty(b.reference)));
    std::transform(reference.begin(), reference.end(), reference.begin(),
                   [](unsigned char x) { return static_cast<char>(std::toupper(x)); });
    if (reference.empty() && own) reference = format_id("CONV", own->id);
    if (ticket::is_ticket_id(reference)) {
        const auto r = t.maybe(sql::ticket_for_tool, reference);
        if (!r || !(mine(r->get<std::optional<std::int64_t>>(4).value_or(0)) ||
                    proves(b, r->text(5), r->text(6), c.default_country)))
            return nothing_found();
        json out = found_thing(r->get<std::string>(0), "ticket", r->text(1), r->get<time_point>(3));
        out["subject"] = r->text(2);
        return out;
    }
    const auto id = parse_id("CONV", reference);
    const auto r = id ? t.maybe(sql::conversation_for_tool, *id) : std::nullopt;
    if (!r || !(mine(r->get<std::int64_t>(3)) || proves(b, r->text(4), r->text(5), c.default_country)))
        return nothing_found();
    json out = found_thing(reference, "conversation", r->text(1), r->get<time_point>(2));
    for (const auto& p : conversation::places(t))
        if (p.conversation == *id) out["position"] = p.place;
    for (const auto ticket : t.many(sql::open_tickets_of, r->get<std::int64_t>(3)))
        out["open_tickets"].push_back(ticket.text(0));
    return out;
}

} // namespace

boost::asio::awaitable<http::response> elevenlabs_tools::request_staff(http::request r) {
    const auto b = read_fields<request_staff_body>(r.json_body(), unknown_fields::ignore);
    session_names names = names_of(b.conversation_id, b.cc_session);
    if (names.session.empty() && names.cc_session.empty())
        throw error::unprocessable("conversation_id", "or cc_session must say which conversation it is");
    names.user_id = name_given(b.user_id);
    c_.desk.uses.note("tool", "request-staff");
    const auto now = c_.chats.clock.now();
    const std::string summary(trimmed(or_empty(b.summary)));
    const std::string reason = summary.empty() ? "The assistant asked for a person" : summary;
    auto look = [names, now](db::tx& t) {
        join_session(t, names, now);
        return find_session(t, names);
    };
    const auto found = co_await c_.chats.pool.run(std::move(look));
    std::int64_t id = found ? found->id : 0;
    if (!found || found->status == "closed" || found->status == "resolved") {
        // Nothing of it was heard before, or it is over: what the agent says of it begins a conversation.
        conversation::incoming m;
        m.channel = tool_channel;
        m.session_id = names.session.empty() ? names.cc_session : names.session;
        m.user_id = !names.user_id.empty() ? names.user_id : found ? found->user_id : "el_" + *m.session_id;
        m.user_name = or_empty(b.user_name);
        m.start_new = found.has_value();
        m.role = conversation::speaker::system;
        m.sender = c_.assistant_name;
        m.text = reason;
        m.own_brain = found && found->own_assistant;
        m.handover = conversation::handover_signal{reason, 1.0, false, true, "tool"};
        m.message_id = "EL-" + sha256_base64url("request-staff\x1f" + *m.session_id + '\x1f' +
                                                (found ? std::to_string(found->id) : ""))
                                   .substr(0, 32);
        m.body_hash = hash64(m.message_id);
        id = (co_await c_.chats.lane.append(std::move(m))).message.conversation;
    }
    auto ask = [this, id, b, reason, now](db::tx& t) { return ask_in(t, c_, id, b, reason, now); };
    co_return http::response::of(co_await c_.chats.pool.run(std::move(ask)));
}

boost::asio::awaitable<http::response> elevenlabs_tools::lookup(http::request r) {
    const auto b = read_fields<lookup_body>(r.json_body(), unknown_fields::ignore);
    c_.desk.uses.note("tool", "lookup");
    auto work = [this, b](db::tx& t) { return look_up(t, c_, b); };
    co_return http::response::of(co_await c_.chats.pool.run(std::move(work)));
}

} // namespace chat_centre::channel
