#include "contact/merge.hpp"

#include "contact/queries.hpp"
#include "contact/rules.hpp"
#include "contact/store.hpp"

#include <chat_centre/base/error.hpp>
#include <chat_centre/base/ids.hpp>

#include <utility>

namespace chat_centre::contact {
namespace {

constexpr json_limits own_limits{16, 10'000'000}; // what we wrote ourselves

json profile_json(const person& p) {
    return {{"name", p.name},
            {"email", p.email},
            {"phone", p.phone},
            {"e164", p.e164},
            {"language", p.language},
            {"vip", p.vip},
            {"company", p.company},
            {"custom", p.custom},
            {"consent", p.consent},
            {"last_contact_at", p.last_contact_at ? json(to_postgres(*p.last_contact_at)) : json(nullptr)}};
}

json ids_of(const db::rows& found) {
    json out = json::array();
    for (const auto r : found) out.push_back(r.get<std::int64_t>(0));
    return out;
}

json texts_of(const db::rows& found) {
    json out = json::array();
    for (const auto r : found) out.push_back(r.get<std::string>(0));
    return out;
}

json identities_of(const db::rows& found) {
    json out = json::array();
    for (const auto r : found)
        out.push_back({{"channel", r.get<std::string>(0)}, {"external_id", r.get<std::string>(1)}});
    return out;
}

// Moves what belongs to `from`; of it only what `only` lists when that is given. Returns what moved.
json move_belongings(db::tx& t, std::int64_t from, std::int64_t to, const json* only) {
    const auto numbers = [only](const char* what) -> std::optional<std::string> {
        if (only == nullptr) return std::nullopt;
        return db::array_of(only->at(what).get<std::vector<std::int64_t>>()).text();
    };
    std::optional<std::string> tickets, identities;
    if (only != nullptr) {
        tickets = db::array_of(only->at("tickets").get<std::vector<std::string>>()).text();
        identities = dump(only->at("identities"));
    }
    json moved;
    moved["conversations"] = ids_of(t.many(sql::move_conversations, from, to, numbers("conversations")));
    moved["tickets"] = texts_of(t.many(sql::move_tickets, from, to, tickets));
    moved["leads"] = ids_of(t.many(sql::move_leads, from, to, numbers("leads")));
    moved["activities"] = ids_of(t.many(sql::move_activities, from, to, numbers("activities")));
    moved["tasks"] = ids_of(t.many(sql::move_tasks, from, to, numbers("tasks")));
    moved["identities"] = identities_of(t.many(sql::move_identities, from, to, identities));
    return moved;
}

moved_counts counts_of(const json& moved) {
    const auto n = [&moved](const char* what) { return static_cast<std::int64_t>(moved.at(what).size()); };
    return {n("conversations"), n("tickets"), n("leads"), n("activities"), n("tasks"), n("identities")};
}

moved_ids ids_in(const json& moved) {
    return {moved.at("conversations").get<std::vector<std::int64_t>>(),
            moved.at("tickets").get<std::vector<std::string>>()};
}

struct both {
    person kept;
    person other;
};
both lock_both(db::tx& t, std::int64_t kept, std::int64_t other) {
    lock(t, kept, other);
    both b{get(t, kept), get(t, other)};
    if (auto refusal = merge_refusal(b.kept, b.other)) throw error::conflict(std::move(*refusal));
    return b;
}

// The kept record as it was before; what somebody changed after the merge stays.
person restored(person now, const json& before, const json& merged) {
    const auto is = profile_json(now);
    const auto untouched = [&](const char* field) { return is.at(field) == merged.at(field); };
    const auto text = [&](const char* field, std::string& value) {
        if (untouched(field)) value = before.at(field).get<std::string>();
    };
    text("name", now.name);
    text("email", now.email);
    text("language", now.language);
    text("company", now.company);
    if (untouched("phone")) {
        now.phone = before.at("phone").get<std::string>();
        now.e164 = before.at("e164").get<std::string>();
    }
    if (untouched("vip")) now.vip = before.at("vip").get<bool>();
    if (untouched("custom")) now.custom = before.at("custom");
    if (untouched("consent")) now.consent = before.at("consent");
    if (untouched("last_contact_at")) {
        const auto& at = before.at("last_contact_at");
        now.last_contact_at =
            at.is_null() ? std::nullopt : std::optional(from_postgres(at.get<std::string>()));
    }
    return now;
}

} // namespace

json to_json(const moved_counts& m) {
    return {{"conversations", m.conversations}, {"tickets", m.tickets}, {"leads", m.leads},
            {"activities", m.activities},       {"tasks", m.tasks},     {"identities", m.identities}};
}

merge_result preview_merge(db::tx& t, std::int64_t kept, std::int64_t other) {
    const auto b = lock_both(t, kept, other);
    merge_result out{merged_profile(b.kept, b.other), {}, {}, merge_warnings(b.kept, b.other), 0};
    const auto r = t.one(sql::count_belongings, other);
    out.moved = {r.get<std::int64_t>(0), r.get<std::int64_t>(1), r.get<std::int64_t>(2),
                 r.get<std::int64_t>(3), r.get<std::int64_t>(4), r.get<std::int64_t>(5)};
    out.person.conversations += b.other.conversations;
    out.person.open_tickets += b.other.open_tickets;
    out.person.identities.insert(out.person.identities.end(), b.other.identities.begin(),
                                 b.other.identities.end());
    if (!out.person.lead && b.other.lead) {
        out.person.lead = b.other.lead;
        out.person.lead->contact = kept;
        out.person.lead->contact_name = out.person.name;
    }
    return out;
}

merge_result merge(db::tx& t, std::int64_t kept, std::int64_t other, std::int64_t by_staff, time_point now) {
    const auto b = lock_both(t, kept, other);
    const auto result = merged_profile(b.kept, b.other);
    const json moved = move_belongings(t, other, kept, nullptr);
    update(t, result, now);
    t.exec(sql::set_merged_into, other, std::optional(kept), now);
    const json snapshot = {{"kept", profile_json(b.kept)},
                           {"other", profile_json(b.other)},
                           {"merged", profile_json(result)},
                           {"moved", moved}};
    const auto id =
        t.scalar<std::int64_t>(sql::insert_merge, kept, other, dump(snapshot), now, or_null(by_staff));
    return {get(t, kept), counts_of(moved), ids_in(moved), merge_warnings(b.kept, b.other), id};
}

undo_result undo_merge(db::tx& t, std::int64_t merge, std::int64_t by_staff, time_point now) {
    const auto r = t.maybe(sql::lock_merge, merge);
    if (!r) throw error::not_found("There is no such merge.");
    if (r->get<bool>(3)) throw error::conflict("It was undone already.");
    if (r->get<bool>(4))
        throw error::conflict("One of the two contacts was merged again since: undo that first.");
    undo_result out{r->get<std::int64_t>(0), r->get<std::int64_t>(1), {}, {}};
    const json snapshot = parse_json(r->text(2), own_limits);
    lock(t, out.kept, out.other);
    t.exec(sql::set_merged_into, out.other, std::optional<std::int64_t>(), now);
    const json moved = move_belongings(t, out.kept, out.other, &snapshot.at("moved"));
    out.moved = counts_of(moved);
    out.ids = ids_in(moved);
    update(t, restored(get(t, out.kept), snapshot.at("kept"), snapshot.at("merged")), now);
    t.exec(sql::close_merge, merge, now, or_null(by_staff));
    return out;
}

} // namespace chat_centre::contact
