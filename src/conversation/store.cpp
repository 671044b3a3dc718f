#include "conversation/store.hpp"

#include "conversation/lane_store.hpp"
#include "conversation/queries.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/staff_text.hpp>

#include <algorithm>

namespace chat_centre::conversation {
namespace {

stored_message message_with_feedback(const db::row& r) {
    stored_message m = message_from(r, 0);
    m.feedback = r.text(10);
    return m;
}

std::vector<row> rows_with_reader(const db::rows& found) {
    constexpr int after_view = 44; // columns of conversation_view
    std::vector<row> out;
    out.reserve(static_cast<std::size_t>(found.size()));
    for (const auto r : found) {
        row c = from_db(r);
        c.unread = r.get<int>(after_view);
        c.draft = r.get<bool>(after_view + 1);
        c.band = r.get<int>(after_view + 2);
        out.push_back(std::move(c));
    }
    return out;
}

json person(const db::row& r, int id_column) {
    if (r.is_null(id_column)) return nullptr;
    return {{"staff_id", format_id("STF", r.get<std::int64_t>(id_column))},
            {"name", r.get<std::string>(id_column + 1)}};
}

std::optional<double> number(const db::row& r, int column) {
    if (r.is_null(column)) return std::nullopt;
    return std::stod(std::string(r.text(column)));
}

// A % or _ in what people type is that character, not a wildcard.
std::string like_pattern(const std::string& text) {
    std::string out = "%";
    for (const char c : text) {
        if (c == '%' || c == '_' || c == '\\') out.push_back('\\');
        out.push_back(c);
    }
    return out + "%";
}

} // namespace

sight sight_of(const principal& who) {
    sight s;
    s.everything = who.kind == caller::staff && (who.role == role::manager || who.role == role::admin);
    // An engineer sees escalated work only, and nothing is escalated before there are tickets.
    const bool agent = who.kind == caller::staff && who.role == role::agent;
    s.staff = agent || s.everything ? who.staff : -1;
    if (agent) s.departments = db::array_of(who.departments);
    return s;
}

std::vector<stored_message> messages_after(db::tx& t, std::int64_t conversation, int after_seq,
                                           std::int64_t limit) {
    std::vector<stored_message> out;
    for (const auto r : t.many(sql::list_messages_after, conversation, after_seq, limit))
        out.push_back(message_with_feedback(r));
    return out;
}

std::vector<stored_message> messages_before(db::tx& t, std::int64_t conversation, int before_seq,
                                            std::int64_t limit) {
    std::vector<stored_message> out;
    for (const auto r : t.many(sql::list_messages_before, conversation, before_seq, limit))
        out.push_back(message_with_feedback(r));
    std::reverse(out.begin(), out.end());
    return out;
}

json turns_of(db::tx& t, std::int64_t conversation) {
    json out = json::array();
    for (const auto r : t.many(sql::list_turns, conversation)) {
        json to = person(r, 5);
        if (!r.is_null(7))
            to = {{"slug", r.get<std::string>(7)},
                  {"name_en", r.get<std::string>(8)},
                  {"name_ar", r.get<std::string>(9)}};
        const auto reason = r.get<std::optional<std::string>>(10);
        out.push_back({{"after_seq", r.get<int>(0)},
                       {"kind", r.get<std::string>(1)},
                       {"at", to_rfc3339(r.get<time_point>(2))},
                       {"staff", person(r, 3)},
                       {"to", std::move(to)},
                       {"reason", reason ? json(*reason) : json(nullptr)},
                       {"reason_ar", reason ? json(in_arabic(*reason)) : json(nullptr)}});
    }
    return out;
}

json notes_of(db::tx& t, std::int64_t conversation) {
    json out = json::array();
    for (const auto r : t.many(sql::list_notes, conversation))
        out.push_back({{"note_id", format_id("NOTE", r.get<std::int64_t>(0))},
                       {"body", r.get<std::string>(1)},
                       {"at", to_rfc3339(r.get<time_point>(2))},
                       {"staff_id", format_id("STF", r.get<std::int64_t>(3))},
                       {"name", r.get<std::string>(4)},
                       {"kind", r.get<std::string>(5)}});
    return out;
}

json draft_of(db::tx& t, std::int64_t staff, std::int64_t conversation, const char* kind) {
    const auto r = t.maybe(sql::get_draft, staff, conversation, kind);
    if (!r) return nullptr;
    return {{"body", r->get<std::string>(0)}, {"version", r->get<int>(1)}};
}

int unread_of(db::tx& t, std::int64_t staff, std::int64_t conversation) {
    return t.scalar<int>(sql::count_unread, conversation, staff);
}

std::optional<int> queue_position(db::tx& t, const row& c) {
    if (c.status != "pending") return std::nullopt;
    return t.scalar<int>(sql::queue_position, c.id);
}

void mark_read(db::tx& t, std::int64_t staff, std::int64_t conversation, int seq) {
    t.exec(sql::set_read_mark, staff, conversation, seq);
}

std::optional<int> put_draft(db::tx& t, std::int64_t staff, std::int64_t conversation,
                             const std::string& kind, const std::string& body, int version, time_point now) {
    const auto r = t.maybe(sql::put_draft, staff, conversation, kind, body, version, now);
    return r ? std::optional{r->get<int>(0)} : std::nullopt;
}

std::optional<stored_message> find_reply(db::tx& t, std::int64_t conversation, int seq) {
    const auto r = t.maybe(sql::find_reply, conversation, static_cast<std::int64_t>(seq), reply_mark(seq));
    return r ? std::optional(message_from(*r, 0)) : std::nullopt;
}

std::optional<std::pair<std::int64_t, int>> find_message(db::tx& t, const std::string& message_id,
                                                         std::int64_t conversation) {
    const auto r = t.maybe(sql::find_message, message_id, conversation);
    if (!r) return std::nullopt;
    return std::pair{r->get<std::int64_t>(0), r->get<int>(1)};
}

void put_feedback(db::tx& t, std::int64_t conversation, int seq, const std::string& giver,
                  const std::string& feedback, const std::optional<std::string>& comment, time_point now) {
    t.exec(sql::put_feedback, conversation, seq, giver, feedback, comment, now);
}

void mark_survey_sent(db::tx& t, std::int64_t conversation, time_point now) {
    t.exec(sql::mark_survey_sent, conversation, now);
}

row lock_any(db::tx& t, std::int64_t id) {
    const auto r = t.maybe(sql::lock_conversations, db::array{}.add(id));
    if (!r) throw error::not_found("There is no such conversation.");
    return from_db(*r);
}

row lock_visible(db::tx& t, const principal& who, std::int64_t id) {
    row c = lock_any(t, id);
    if (!may_see(who, c)) throw error::not_found("There is no such conversation.");
    return c;
}

row find_visible(db::tx& t, const principal& who, std::int64_t id) {
    const auto r = t.maybe(sql::view_conversation, id);
    if (r) {
        row c = from_db(*r);
        if (may_see(who, c)) return c;
    }
    throw error::not_found("There is no such conversation.");
}

std::vector<row> list(db::tx& t, const principal& who, const list_filter& f) {
    const sight s = sight_of(who);
    std::optional<std::string> status_list;
    if (f.statuses) status_list = db::array_of(*f.statuses).text();
    std::optional<std::string> pattern;
    if (f.text) pattern = like_pattern(*f.text);
    t.many(sql::custom_plans);
    return rows_with_reader(t.many(sql::list_conversations, s.everything, s.staff, s.departments, status_list,
                                   f.department, f.assigned, f.unassigned, f.channel, f.priority, pattern,
                                   f.from, f.to, f.before_updated, f.last_id, f.limit,
                                   f.longest_waiting_first, f.after_band, f.after_waiting, f.text));
}

std::vector<row> waiting_list(db::tx& t, const principal& who) {
    list_filter f;
    f.statuses = {"pending"};
    f.longest_waiting_first = true;
    f.limit = 200;
    return list(t, who, f);
}

queue_totals totals(db::tx& t, const principal& who, time_point day_start, time_point now) {
    const sight s = sight_of(who);
    const auto r = t.one(sql::queue_counts, s.everything, s.staff, s.departments, day_start, now);
    queue_totals q;
    q.active = r.get<std::int64_t>(0);
    q.waiting = r.get<std::int64_t>(1);
    q.resolved_today = r.get<std::int64_t>(2);
    q.average_wait = number(r, 3);
    q.conversations_today = r.get<std::int64_t>(4);
    q.average_resolution = number(r, 5);
    q.satisfaction = number(r, 6);
    q.first_response = number(r, 7);
    q.average_wait_today = number(r, 8);
    return q;
}

std::vector<place_in_queue> places(db::tx& t) {
    std::vector<place_in_queue> out;
    for (const auto r : t.many(sql::places))
        out.push_back({r.get<std::int64_t>(0), r.get<std::int64_t>(1), r.get<int>(2)});
    return out;
}

std::vector<count_group> count_groups(db::tx& t, time_point day_start, time_point now) {
    std::vector<count_group> out;
    for (const auto r : t.many(sql::count_groups, day_start, now))
        out.push_back({{r.get<std::int64_t>(0), r.get<std::int64_t>(1), r.get<bool>(2)},
                       r.get<std::int64_t>(3),
                       r.get<std::int64_t>(4),
                       r.get<std::int64_t>(5),
                       r.get<std::int64_t>(6)});
    return out;
}

} // namespace chat_centre::conversation
