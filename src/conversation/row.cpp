#include <chat_centre/conversation/service.hpp>

#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/staff_text.hpp>
#include <chat_centre/realtime/hub.hpp>

#include <algorithm>

namespace chat_centre::conversation {
namespace {

json or_null(const std::optional<std::string>& v) { return v ? json(*v) : json(nullptr); }
json or_null(const std::optional<time_point>& v) { return v ? json(to_rfc3339(*v)) : json(nullptr); }

std::vector<std::string> read_tags(std::string_view json_text) {
    const json j = json::parse(json_text, nullptr, false);
    std::vector<std::string> out;
    if (j.is_array())
        for (const auto& t : j)
            if (t.is_string()) out.push_back(t.get<std::string>());
    return out;
}

} // namespace

row from_db(const db::row& r) {
    using text = std::optional<std::string>;
    using when = std::optional<time_point>;
    row c;
    int i = 0;
    c.id = r.get<std::int64_t>(i++);
    c.contact = r.get<std::int64_t>(i++);
    c.channel = r.get<std::string>(i++);
    c.session_id = r.get<text>(i++);
    c.user_id = r.get<std::string>(i++);
    c.user_name = r.get<std::string>(i++);
    c.user_email = r.get<std::string>(i++);
    c.user_phone = r.get<std::string>(i++);
    c.language = r.get<std::string>(i++);
    c.scenario = r.get<std::string>(i++);
    c.status = r.get<std::string>(i++);
    c.handler = r.get<std::string>(i++);
    c.priority = r.get<std::string>(i++);
    c.department = r.get<std::optional<std::int64_t>>(i++).value_or(0);
    c.department_slug = r.text(i++);
    c.department_en = r.text(i++);
    c.department_ar = r.text(i++);
    c.category = r.get<text>(i++);
    c.assigned = r.get<std::optional<std::int64_t>>(i++).value_or(0);
    c.assigned_name = r.text(i++);
    c.tags = read_tags(r.text(i++));
    c.on_hold = r.get<bool>(i++);
    c.last_seq = r.get<int>(i++);
    c.last_role = r.get<std::string>(i++);
    c.last_sender = r.get<std::string>(i++);
    c.last_text = r.get<std::string>(i++);
    c.last_at = r.get<when>(i++);
    c.handover_at = r.get<when>(i++);
    c.handover_reason = r.get<text>(i++);
    c.handover_by = r.get<text>(i++);
    c.waiting_since = r.get<when>(i++);
    c.taken_at = r.get<when>(i++);
    c.first_response_at = r.get<when>(i++);
    c.resolved_at = r.get<when>(i++);
    c.outcome = r.get<text>(i++);
    c.resolution = r.get<text>(i++);
    c.rating = r.get<std::optional<int>>(i++);
    c.rating_comment = r.get<text>(i++);
    c.reopened_count = r.get<int>(i++);
    c.previous = r.get<std::optional<std::int64_t>>(i++).value_or(0);
    c.version = r.get<int>(i++);
    c.created_at = r.get<time_point>(i++);
    c.updated_at = r.get<time_point>(i++);
    c.own_assistant = r.get<bool>(i++);
    return c;
}

json to_json(const row& c, time_point now) {
    const bool waiting = c.status == "pending" && c.waiting_since;
    const auto waited = waiting ? std::chrono::floor<std::chrono::seconds>(now - *c.waiting_since).count() : 0;
    json j = {
        {"conversation_id", format_id("CONV", c.id)},
        {"contact_id", format_id("CUST", c.contact)},
        {"status", c.status},
        {"handler", c.handler},
        {"priority", c.priority},
        {"department", nullptr},
        {"category", or_null(c.category)},
        {"channel", c.channel},
        {"user_id", c.user_id},
        {"user_name", c.user_name},
        {"user_email", c.user_email},
        {"user_phone", c.user_phone},
        {"language", c.language},
        {"assigned_staff", nullptr},
        {"tags", c.tags},
        {"created_at", to_rfc3339(c.created_at)},
        {"updated_at", to_rfc3339(c.updated_at)},
        {"resolved_at", or_null(c.resolved_at)},
        {"resolution", or_null(c.resolution)},
        {"outcome", or_null(c.outcome)},
        {"rating", nullptr},
        {"last_message", nullptr},
        {"waiting_seconds", std::max<std::int64_t>(0, waited)},
        {"waiting_since", waiting ? or_null(c.waiting_since) : json(nullptr)},
        {"on_hold", c.on_hold},
        {"own_assistant", c.own_assistant},
        {"last_seq", c.last_seq},
        {"handover", nullptr},
        {"version", c.version},
        {"previous_conversation_id", nullptr},
    };
    if (c.department != 0)
        j["department"] = {
            {"slug", c.department_slug}, {"name_en", c.department_en}, {"name_ar", c.department_ar}};
    if (c.assigned != 0)
        j["assigned_staff"] = {{"staff_id", format_id("STF", c.assigned)}, {"name", c.assigned_name}};
    if (c.rating) j["rating"] = *c.rating;
    if (c.last_at)
        j["last_message"] = {{"role", c.last_role},
                             {"sender", c.last_sender},
                             {"message", c.last_text},
                             {"at", to_rfc3339(*c.last_at)},
                             {"seq", c.last_seq}};
    if (c.handover_at)
        j["handover"] = {{"at", to_rfc3339(*c.handover_at)},
                         {"reason", or_null(c.handover_reason)},
                         {"reason_ar", c.handover_reason ? json(in_arabic(*c.handover_reason)) : json(nullptr)},
                         {"by", or_null(c.handover_by)}};
    if (c.previous != 0) j["previous_conversation_id"] = format_id("CONV", c.previous);
    if (c.unread) j["unread"] = *c.unread;
    if (c.draft) j["draft"] = *c.draft;
    return j;
}

json to_public_json(const row& c, std::optional<int> queue_position) {
    json j = {{"conversation_id", format_id("CONV", c.id)},
              {"status", c.status},
              {"handler", c.handler},
              {"created_at", to_rfc3339(c.created_at)},
              {"updated_at", to_rfc3339(c.updated_at)},
              {"last_seq", c.last_seq},
              {"rating", nullptr},
              {"assigned_staff", nullptr},
              {"queue_position", nullptr},
              {"estimated_wait_seconds", nullptr}};
    if (c.rating) j["rating"] = *c.rating;
    if (c.assigned != 0) j["assigned_staff"] = {{"name", c.assigned_name}};
    if (queue_position) j["queue_position"] = *queue_position;
    return j;
}

event::entry change_event(const row& c, const char* type, time_point now, std::optional<event::scope> before) {
    event::entry e;
    e.type = type;
    e.at = now;
    e.conversation = c.id;
    e.who = event::audience::conversation_public;
    e.now = c.scope();
    if (before && !(*before == e.now)) e.before = before;
    e.data = dump(to_json(c, now));
    e.public_data = dump(to_public_json(c));
    return e;
}

std::string queue_summary(const std::vector<count_group>& groups, const principal& who) {
    count_group sum;
    for (const auto& g : groups) {
        if (!realtime::may_see(who, g.scope)) continue;
        sum.active += g.active;
        sum.waiting += g.waiting;
        sum.resolved_today += g.resolved_today;
        sum.waited_seconds += g.waited_seconds;
    }
    return dump({{"active", sum.active},
                 {"waiting", sum.waiting},
                 {"resolved_today", sum.resolved_today},
                 {"average_wait_seconds", sum.waiting == 0 ? 0 : sum.waited_seconds / sum.waiting}});
}

bool is_own_channel(std::string_view channel) { return channel == "widget" || channel == "portal"; }

std::string reply_mark(int seq) { return "reply-" + std::to_string(seq); }

event::entry assistant_call(const row& c, std::string_view cause, std::string_view text, int seq,
                            time_point now) {
    event::entry e;
    e.type = "assistant.call";
    e.at = now;
    e.conversation = c.id;
    e.who = event::audience::internal;
    e.data = dump({{"cause", std::string(cause)},
                   {"text", std::string(text)},
                   {"language", c.language},
                   {"seq", seq},
                   {"scenario", c.scenario},
                   {"channel", c.channel}});
    return e;
}

event::entry moved_event(const row& after, const before_move& before, std::string_view kind, time_point now,
                         std::int64_t by_staff, std::string_view text) {
    event::entry e;
    e.type = "conversation.moved";
    e.at = now;
    e.conversation = after.id;
    e.who = event::audience::internal;
    e.data = dump({{"conversation_id", after.id},
                   {"kind", std::string(kind)},
                   {"status", after.status},
                   {"was_status", before.status},
                   {"handler", after.handler},
                   {"assigned", after.assigned},
                   {"was_assigned", before.assigned},
                   {"department", after.department},
                   {"was_department", before.department},
                   {"priority", after.priority},
                   {"channel", after.channel},
                   {"contact", after.contact},
                   {"seq", after.last_seq},
                   {"by_staff", by_staff},
                   {"text", std::string(text)}});
    return e;
}

bool may_see(const principal& who, const row& c) {
    if (who.kind == caller::customer) return who.conversation == c.id;
    return who.kind == caller::staff && realtime::may_see(who, c.scope());
}

} // namespace chat_centre::conversation
