#include "ticket/store.hpp"

#include "ticket/queries.hpp"

#include <chat_centre/base/error.hpp>
#include <chat_centre/base/ids.hpp>

namespace chat_centre::ticket {
namespace {

std::optional<row> one(const std::optional<db::row>& r) {
    return r ? std::optional(from_db(*r)) : std::nullopt;
}

// The row is locked by itself, then read with its names: a view's joins would be as they were before the wait.
std::optional<row> read_locked(db::tx& t, const std::optional<db::row>& number) {
    return number ? find(t, number->get<std::int64_t>(0)) : std::nullopt;
}

std::optional<std::int64_t> id_or_null(std::int64_t id) { return id == 0 ? std::nullopt : std::optional(id); }

std::string new_id(time_point now) {
    const std::string at = to_rfc3339(now); // 2024-10-21T...
    return "TKT_" + at.substr(0, 4) + at.substr(5, 2) + at.substr(8, 2) + "_" + random_id(4);
}

std::string like_pattern(const std::string& text) {
    std::string out = "%";
    for (const char c : text) {
        if (c == '%' || c == '_' || c == '\\') out.push_back('\\');
        out.push_back(c);
    }
    return out + "%";
}

json staff_or_null(const db::row& r, int column) {
    return r.is_null(column) ? json(nullptr) : json(format_id("STF", r.get<std::int64_t>(column)));
}

json text_or_null(const db::row& r, int column) {
    return r.is_null(column) ? json(nullptr) : json(r.get<std::string>(column));
}

} // namespace

std::optional<row> find(db::tx& t, std::int64_t number) { return one(t.maybe(sql::find, number)); }
std::optional<row> find_by_id(db::tx& t, const std::string& id) { return one(t.maybe(sql::find_by_id, id)); }
std::optional<row> lock(db::tx& t, std::int64_t number) { return read_locked(t, t.maybe(sql::lock, number)); }
std::optional<row> lock_by_id(db::tx& t, const std::string& id) {
    return read_locked(t, t.maybe(sql::lock_by_id, id));
}
std::optional<row> lock_if_free(db::tx& t, std::int64_t number) {
    return read_locked(t, t.maybe(sql::lock_if_free, number));
}
std::optional<row> lock_open_of_conversation(db::tx& t, std::int64_t conversation) {
    return read_locked(t, t.maybe(sql::open_of_conversation, conversation));
}
std::optional<row> lock_latest_of_conversation(db::tx& t, std::int64_t conversation) {
    return read_locked(t, t.maybe(sql::latest_of_conversation, conversation));
}

void insert(db::tx& t, row& what, time_point now) {
    constexpr int most_attempts = 50; // a million ids a day: the second nearly always does
    for (int i = 0; i < most_attempts; ++i) {
        what.id = new_id(now);
        const auto made =
            t.maybe(sql::insert, what.id, what.subject, what.description, what.status, what.priority,
                    what.level, what.category, id_or_null(what.department), id_or_null(what.assigned),
                    what.contact, what.requester_name, what.requester_email, what.requester_phone,
                    id_or_null(what.conversation), what.from_seq, what.source, db::array_of(what.tags), now);
        if (!made) continue;
        what.number = made->get<std::int64_t>(0);
        return;
    }
    throw error::unavailable("No ticket id is free. Try again.");
}

void update(db::tx& t, const row& w) {
    t.exec(sql::update, w.number, w.subject, w.description, w.status, w.priority, w.level, w.category,
           id_or_null(w.department), id_or_null(w.assigned), w.requester_name, w.requester_email,
           w.requester_phone, db::array_of(w.tags), w.merged_into, w.version, w.updated_at, w.active_at,
           w.first_response_at, w.resolved_at, w.closed_at, w.source);
}

void add_history(db::tx& t, std::int64_t number, const std::vector<field_change>& changes,
                 const std::string& actor, std::int64_t staff, time_point now) {
    for (const auto& c : changes)
        t.exec(sql::add_history, number, now, actor, id_or_null(staff), c.field, c.before, c.after);
}

void set_pause(db::tx& t, const row& before, const row& after, time_point now) {
    const bool was = is_paused(before.status);
    const bool is = is_paused(after.status);
    if (was && (!is || before.status != after.status)) t.exec(sql::unpause, after.number, now);
    if (is && (!was || before.status != after.status)) t.exec(sql::pause, after.number, now, after.status);
}

void serialise(db::tx& t, const std::string& key) { t.many(sql::lock_conversation_key, key); }

json history_json(db::tx& t, std::int64_t number) {
    json out = json::array();
    for (const auto r : t.many(sql::history, number))
        out.push_back({{"at", to_rfc3339(r.get<time_point>(0))},
                       {"actor", {{"staff_id", staff_or_null(r, 2)}, {"name", r.get<std::string>(1)}}},
                       {"field", r.get<std::string>(3)},
                       {"before", text_or_null(r, 4)},
                       {"after", text_or_null(r, 5)}});
    return out;
}

json notes_json(db::tx& t, std::int64_t number) {
    json out = json::array();
    for (const auto r : t.many(sql::notes, number))
        out.push_back({{"note_id", format_id("NOTE", r.get<std::int64_t>(0))},
                       {"body", r.get<std::string>(1)},
                       {"at", to_rfc3339(r.get<time_point>(2))},
                       {"staff_id", format_id("STF", r.get<std::int64_t>(3))},
                       {"name", r.get<std::string>(4)}});
    return out;
}

json replies_json(db::tx& t, const row& of) {
    json out = json::array();
    for (const auto r : t.many(sql::replies, of.number, of.conversation, of.from_seq, of.closed_at)) {
        json author = {{"kind", r.get<std::string>(1)}, {"name", std::string(r.text(3))}};
        if (!r.is_null(2)) author["staff_id"] = format_id("STF", r.get<std::int64_t>(2));
        out.push_back({{"reply_id", r.get<std::string>(0)},
                       {"author", std::move(author)},
                       {"message", r.get<std::string>(4)},
                       {"at", to_rfc3339(r.get<time_point>(5))}});
    }
    return out;
}

json links_json(db::tx& t, std::int64_t number) {
    json out = json::array();
    for (const auto r : t.many(sql::links, number))
        out.push_back({{"ticket_id", r.get<std::string>(0)}, {"kind", r.get<std::string>(1)}});
    return out;
}

json detail_json(db::tx& t, const row& of) {
    json j = to_json(of);
    j["replies"] = replies_json(t, of);
    j["notes"] = notes_json(t, of.number);
    j["history"] = history_json(t, of.number);
    j["links"] = links_json(t, of.number);
    return j;
}

std::vector<row> list(db::tx& t, const principal& who, const list_filter& f) {
    const bool everything = who.role == role::manager || who.role == role::admin;
    std::optional<db::array> statuses;
    if (f.statuses) statuses = db::array_of(*f.statuses);
    std::vector<row> out;
    for (const auto r :
         t.many(sql::list, who.kind == caller::staff && everything, who.staff, db::array_of(who.departments),
                who.role == role::engineer, statuses, f.priority, f.level, f.department, f.category, f.source,
                f.assigned, f.unassigned, f.contact, f.conversation, f.tag, f.text,
                f.text ? std::optional(like_pattern(*f.text)) : std::nullopt, f.follower, f.before_updated,
                f.before_number, f.limit))
        out.push_back(from_db(r));
    return out;
}

} // namespace chat_centre::ticket
