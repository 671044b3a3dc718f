#include <chat_centre/ticket/ticket.hpp>

#include <chat_centre/base/ids.hpp>
#include <chat_centre/event/ticket_audience.hpp>
#include <chat_centre/realtime/ticket_sight.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace chat_centre::ticket {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> status_names{{
    {"open", "Open"},
    {"in_progress", "In Progress"},
    {"waiting_customer", "Waiting for Customer"},
    {"on_hold", "On Hold"},
    {"resolved", "Resolved"},
    {"closed", "Closed"},
}};

json or_null(const std::optional<std::string>& v) { return v ? json(*v) : json(nullptr); }
json or_null(const std::optional<time_point>& v) { return v ? json(to_rfc3339(*v)) : json(nullptr); }

json staff_ref(std::int64_t id, const std::string& name) {
    return id == 0 ? json(nullptr) : json{{"staff_id", format_id("STF", id)}, {"name", name}};
}

json clock_json(const target_clock& c) {
    return {{"due_at", or_null(c.due)}, {"met_at", or_null(c.met)}, {"state", c.state}};
}

json read_json(std::string_view text) {
    json j = json::parse(text, nullptr, false);
    return j.is_array() ? j : json::array();
}

} // namespace

row from_db(const db::row& r) {
    using when = std::optional<time_point>;
    const auto number_or_0 = [&r](int i) { return r.is_null(i) ? 0 : r.get<std::int64_t>(i); };
    const auto text_or_empty = [&r](int i) { return std::string(r.text(i)); };
    row t;
    int i = 0;
    t.number = r.get<std::int64_t>(i++);
    t.id = r.get<std::string>(i++);
    t.subject = r.get<std::string>(i++);
    t.description = r.get<std::string>(i++);
    t.status = r.get<std::string>(i++);
    t.priority = r.get<std::string>(i++);
    t.level = r.get<std::string>(i++);
    t.category = r.get<std::optional<std::string>>(i++);
    t.department = number_or_0(i++);
    t.department_slug = text_or_empty(i++);
    t.department_en = text_or_empty(i++);
    t.department_ar = text_or_empty(i++);
    t.assigned = number_or_0(i++);
    t.assigned_name = text_or_empty(i++);
    t.contact = r.get<std::int64_t>(i++);
    t.requester_name = r.get<std::string>(i++);
    t.requester_email = r.get<std::string>(i++);
    t.requester_phone = r.get<std::string>(i++);
    t.conversation = number_or_0(i++);
    t.from_seq = r.get<int>(i++);
    t.source = r.get<std::string>(i++);
    t.tags = read_json(r.text(i++)).get<std::vector<std::string>>();
    t.merged_into = text_or_empty(i++);
    t.version = r.get<int>(i++);
    t.created_at = r.get<time_point>(i++);
    t.updated_at = r.get<time_point>(i++);
    t.active_at = r.get<time_point>(i++);
    t.first_response_at = r.get<when>(i++);
    t.resolved_at = r.get<when>(i++);
    t.closed_at = r.get<when>(i++);
    t.followers = read_json(r.text(i++));
    t.policy = text_or_empty(i++);
    for (target_clock* c : {&t.first_response, &t.resolution}) {
        c->due = r.get<when>(i++);
        c->met = r.get<when>(i++);
        c->state = r.is_null(i) ? "none" : r.get<std::string>(i);
        ++i;
    }
    return t;
}

json to_json(const row& t) {
    json j = {
        {"ticket_id", t.id},
        {"subject", t.subject},
        {"description", t.description},
        {"status", t.status},
        {"status_text", status_text(t.status)},
        {"priority", t.priority},
        {"level", t.level},
        {"category", or_null(t.category)},
        {"department", nullptr},
        {"assigned_staff", staff_ref(t.assigned, t.assigned_name)},
        {"requester",
         {{"contact_id", format_id("CUST", t.contact)},
          {"name", t.requester_name},
          {"email", t.requester_email},
          {"phone", t.requester_phone}}},
        {"conversation_id", nullptr},
        {"source", t.source},
        {"tags", t.tags},
        {"followers", t.followers},
        {"sla", nullptr},
        {"merged_into", nullptr},
        {"version", t.version},
        {"created_at", to_rfc3339(t.created_at)},
        {"updated_at", to_rfc3339(t.updated_at)},
        {"resolved_at", or_null(t.resolved_at)},
        {"closed_at", or_null(t.closed_at)},
    };
    if (t.department != 0)
        j["department"] = {
            {"slug", t.department_slug}, {"name_en", t.department_en}, {"name_ar", t.department_ar}};
    if (t.conversation != 0) j["conversation_id"] = format_id("CONV", t.conversation);
    if (!t.merged_into.empty()) j["merged_into"] = t.merged_into;
    if (!t.policy.empty())
        j["sla"] = {{"policy", t.policy},
                    {"first_response", clock_json(t.first_response)},
                    {"resolution", clock_json(t.resolution)}};
    return j;
}

json to_public_json(const row& t) {
    json j = {{"ticket_id", t.id},
              {"subject", t.subject},
              {"status", t.status},
              {"status_text", status_text(t.status)},
              {"assigned_staff", nullptr},
              {"created_at", to_rfc3339(t.created_at)},
              {"updated_at", to_rfc3339(t.updated_at)}};
    if (t.assigned != 0) j["assigned_staff"] = {{"name", t.assigned_name}};
    if (t.status == "resolved") j["closes_at"] = to_rfc3339(t.active_at + quiet_time);
    return j;
}

std::string status_text(std::string_view status) {
    for (const auto& [name, shown] : status_names)
        if (name == status) return std::string(shown);
    return std::string(status);
}

std::optional<std::string> read_status(std::string_view text) {
    std::string plain;
    for (const char c : text) {
        if (c >= 'A' && c <= 'Z')
            plain.push_back(static_cast<char>(c - 'A' + 'a'));
        else
            plain.push_back(c == ' ' || c == '-' ? '_' : c);
    }
    if (plain == "waiting_for_customer") plain = "waiting_customer";
    for (const auto& [name, shown] : status_names)
        if (name == plain) return plain;
    return std::nullopt;
}

bool is_ticket_id(std::string_view text) {
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto letter = [digit](char c) { return digit(c) || (c >= 'A' && c <= 'Z'); };
    return text.size() == 17 && text.starts_with("TKT_") && text[12] == '_' &&
           std::all_of(text.begin() + 4, text.begin() + 12, digit) &&
           std::all_of(text.begin() + 13, text.end(), letter);
}

bool may_see(const principal& who, const row& t) {
    return realtime::may_see_ticket(who, t.scope(), t.level == "L2");
}

event::entry change_event(const row& t, const char* type, time_point now, const row* before) {
    event::entry e;
    e.type = type;
    e.at = now;
    e.conversation = t.conversation;
    const bool was_escalated = before != nullptr && before->level == "L2";
    e.who = t.level == "L2" ? event::ticket_escalated
            : was_escalated ? event::ticket_deescalated
                            : event::ticket_audience;
    e.now = t.scope();
    if (before != nullptr && !(before->scope() == e.now)) e.before = before->scope();
    e.data = dump(to_json(t));
    if (t.conversation != 0) e.public_data = dump(to_public_json(t));
    return e;
}

event::entry moved_event(const row& after, const row& before, std::string_view kind, time_point now,
                         std::int64_t by_staff) {
    event::entry e;
    e.type = "ticket.moved";
    e.at = now;
    e.conversation = after.conversation;
    e.who = event::audience::internal;
    e.data = dump({{"ticket_id", after.id},
                   {"ticket", after.number},
                   {"kind", std::string(kind)},
                   {"status", after.status},
                   {"was_status", before.status},
                   {"level", after.level},
                   {"priority", after.priority},
                   {"assigned", after.assigned},
                   {"was_assigned", before.assigned},
                   {"department", after.department},
                   {"contact", after.contact},
                   {"conversation", after.conversation},
                   {"source", after.source},
                   {"by_staff", by_staff}});
    return e;
}

} // namespace chat_centre::ticket
