#include <chat_centre/contact/routes.hpp>

#include "contact/input.hpp"
#include "contact/merge.hpp"
#include "contact/queries.hpp"
#include "contact/rules.hpp"
#include "contact/store.hpp"

#include <chat_centre/audit/audit.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/http/page.hpp>

namespace chat_centre::contact {
namespace {

std::string known_of(const http::request& r) { return given(r, "known").value_or(""); }

std::string id_of(const person& p) { return format_id("CUST", p.id); }

void announce(db::tx& t, const person& p, time_point now) {
    std::vector<event::entry> events{changed("contact.update", "contact_id", id_of(p), p.id, now)};
    event::append(t, events);
}

std::string value_of(const auto& field) { return field ? field->value : std::string(); }

json entry_json(const db::row& r) {
    const auto type = r.get<std::string>(0);
    const auto id = r.get<std::string>(1);
    const auto conversation = r.get<std::optional<std::int64_t>>(6);
    json j = {{"type", type},
              {"id", id},
              {"at", to_rfc3339(r.get<time_point>(2))},
              {"title", r.text(3)},
              {"text", r.text(4)},
              {"state", r.text(5)},
              {"conversation_id", nullptr},
              {"ticket_id", nullptr},
              {"staff", nullptr},
              {"metadata", parse_json(r.text(9))}};
    if (conversation) j["conversation_id"] = format_id("CONV", *conversation);
    if (type == "ticket") j["ticket_id"] = id;
    if (!r.is_null(8))
        j["staff"] = {{"staff_id", format_id("STF", r.get<std::int64_t>(7))}, {"name", r.text(8)}};
    return j;
}

json merge_json(const merge_result& m) {
    return {{"contact", to_json(m.person)},
            {"moved", to_json(m.moved)},
            {"warnings", m.warnings},
            {"merge_id", m.merge == 0 ? json(nullptr) : json(format_id("MERGE", m.merge))}};
}

} // namespace

routes::answer routes::list(http::request r) {
    const auto page = http::read_page(r);
    list_filter f;
    f.text = given(r, "q");
    if (f.text && f.text->size() > 200) throw error::unprocessable("q", "must have at most 200 characters");
    f.vip = given_flag(r, "vip");
    f.limit = page.fetch();
    f.default_country = country_;
    if (page.after) {
        f.before = parse_time(page.text("recent").value_or(""), "UTC");
        if (!f.before) throw error::unprocessable("cursor", "is not one of this list");
        f.before_id = page.number("id", 0);
    }
    auto work = [who = r.who, f](db::tx& t) { return contact::list(t, who, f); };
    const auto found = co_await pool_.run(std::move(work));
    json items = json::array();
    for (const auto& l : found) items.push_back(to_json(l.person));
    const auto answer = http::page_answer(std::move(items), page, [&](const json&) {
        const auto& last = found[static_cast<std::size_t>(page.limit) - 1];
        return json{{"recent", to_postgres(last.recent)}, {"id", last.person.id}};
    });
    co_return http::response::of(answer);
}

routes::answer routes::create(http::request r) {
    const auto body = read_fields<new_contact_body>(r.json_body());
    check(body, country_);
    if (is_blank(value_of(body.name)) && value_of(body.email).empty() && value_of(body.phone).empty())
        throw error::unprocessable("name", "give a name, an e-mail address or a telephone number");
    auto work = [r, body, country = body.country ? body.country->value : country_,
                 now = clock_.now()](db::tx& t) {
        const details d{value_of(body.name), value_of(body.email), value_of(body.phone),
                        value_of(body.language), value_of(body.company)};
        const auto found = find_or_create(t, d, country, now, {.settle = false});
        person p = contact::get(t, found.id);
        // Who only found it filled in blanks; the rest of what they say of a new contact is taken as it is.
        new_contact_body rest;
        rest.vip = body.vip;
        rest.custom = body.custom;
        rest.consent = body.consent;
        if (!apply(rest, country, p).empty()) {
            lock(t, p.id);
            update(t, p, now);
        }
        audit::record(t, audit::by(r, found.made ? "contact.create" : "contact.find", id_of(p)));
        p = contact::get(t, p.id);
        announce(t, p, now);
        return std::pair(to_json(p), found.made);
    };
    const auto made = co_await pool_.run(std::move(work));
    co_return http::response::of(made.first, made.second ? 201 : 200);
}

routes::answer routes::get(http::request r) {
    auto work = [who = r.who, id = r.path_id(0, "CUST"), known = known_of(r)](db::tx& t) {
        return to_json(find_visible(t, who, id, known));
    };
    co_return http::response::of(co_await pool_.run(std::move(work)));
}

routes::answer routes::change(http::request r) {
    const auto body = read_fields<new_contact_body>(r.json_body());
    check(body, country_);
    auto work = [this, r, body, id = r.path_id(0, "CUST"), known = known_of(r), now = clock_.now()](db::tx& t) {
        const auto seen = find_visible(t, r.who, id, known);
        lock(t, seen.id);
        person p = contact::get(t, seen.id);
        const auto fields = apply(body, country_, p);
        if (fields.empty()) return to_json(p);
        update(t, p, now);
        audit::record(t, audit::by(r, "contact.change", id_of(p), {{"fields", fields}}));
        p = contact::get(t, p.id);
        announce(t, p, now);
        return to_json(p);
    };
    co_return http::response::of(co_await pool_.run(std::move(work)));
}

routes::answer routes::timeline(http::request r) {
    const auto page = http::read_page(r);
    std::optional<time_point> before;
    if (page.after) {
        before = parse_time(page.text("at").value_or(""), "UTC");
        if (!before) throw error::unprocessable("cursor", "is not one of this list");
    }
    struct found {
        json items = json::array();
        std::vector<std::string> at; // as the database has it: a cursor must not lose the microseconds
    };
    auto work = [page, before, who = r.who, id = r.path_id(0, "CUST"), known = known_of(r)](db::tx& t) {
        const auto p = find_visible(t, who, id, known);
        const auto s = sight_of(who);
        found out;
        for (const auto row :
             t.many(sql::timeline, s.everything, s.staff, s.departments, s.engineer, p.id, before,
                    page.text("type").value_or(""), page.text("id").value_or(""), page.fetch())) {
            out.items.push_back(entry_json(row));
            out.at.push_back(to_postgres(row.get<time_point>(2)));
        }
        return out;
    };
    auto all = co_await pool_.run(std::move(work));
    const auto answer = http::page_answer(std::move(all.items), page, [&](const json& last) {
        return json{{"at", all.at[static_cast<std::size_t>(page.limit) - 1]},
                    {"type", last["type"]},
                    {"id", last["id"]}};
    });
    co_return http::response::of(answer);
}

routes::answer routes::duplicates(http::request r) {
    auto work = [who = r.who, id = r.path_id(0, "CUST"), known = known_of(r)](db::tx& t) {
        const auto p = find_visible(t, who, id, known);
        const auto s = sight_of(who);
        json items = json::array();
        for (const auto row : t.many(sql::candidates, s.everything, s.staff, s.departments, s.engineer, p.id)) {
            const auto other = person_from(row);
            const auto reasons = duplicate_reasons(p, other);
            if (!reasons.empty())
                items.push_back({{"contact", to_json(other)},
                                 {"reasons", reasons},
                                 {"warnings", merge_warnings(p, other)}});
        }
        return json{{"items", std::move(items)}};
    };
    co_return http::response::of(co_await pool_.run(std::move(work)));
}

routes::answer routes::merge(http::request r) {
    const auto body = read_fields<merge_body>(r.json_body());
    const auto other = read_id(body.other_id.value, "CUST", "other_id");
    auto work = [this, r, other, id = r.path_id(0, "CUST"), preview = body.preview.value_or(false),
                 now = clock_.now()](db::tx& t) {
        const auto kept = find_visible(t, r.who, id).id;
        if (!sees(t, r.who, other)) throw error::unprocessable("other_id", "there is no such contact");
        if (preview) return merge_json(preview_merge(t, kept, other));
        const auto m = contact::merge(t, kept, other, r.who.staff, now);
        audit::record(
            t, audit::by(r, "contact.merge", id_of(m.person),
                         {{"other", format_id("CUST", other)}, {"merge", format_id("MERGE", m.merge)}}));
        std::vector<event::entry> events{
            changed("contact.update", "contact_id", id_of(m.person), m.person.id, now)};
        announce_moved_(t, m.ids.conversations, m.ids.tickets, now, events);
        event::append(t, events);
        return merge_json(m);
    };
    co_return http::response::of(co_await pool_.run(std::move(work)));
}

routes::answer routes::undo_merge(http::request r) {
    auto work = [this, r, id = r.path_id(0, "MERGE"), now = clock_.now()](db::tx& t) {
        const auto u = contact::undo_merge(t, id, r.who.staff, now);
        if (!sees(t, r.who, u.kept)) throw error::not_found("There is no such merge."); // rolls it back
        audit::record(t,
                      audit::by(r, "contact.unmerge", format_id("CUST", u.kept),
                                {{"other", format_id("CUST", u.other)}, {"merge", format_id("MERGE", id)}}));
        const auto kept = contact::get(t, u.kept);
        const auto other = contact::get(t, u.other);
        std::vector<event::entry> events{changed("contact.update", "contact_id", id_of(kept), kept.id, now),
                                         changed("contact.update", "contact_id", id_of(other), other.id, now)};
        announce_moved_(t, u.ids.conversations, u.ids.tickets, now, events);
        event::append(t, events);
        return json{{"contact", to_json(kept)}, {"other", to_json(other)}, {"moved", to_json(u.moved)}};
    };
    co_return http::response::of(co_await pool_.run(std::move(work)));
}

routes::answer routes::put_identity(http::request r) {
    const auto body = read_fields<identity_body>(r.json_body());
    auto work = [r, body, id = r.path_id(0, "CUST"), known = known_of(r), now = clock_.now()](db::tx& t) {
        const auto p = find_visible(t, r.who, id, known);
        lock(t, p.id);
        if (const auto owner = t.maybe(sql::find_identity, body.channel.value, body.external_id.value);
            owner && owner->get<std::int64_t>(0) != p.id)
            throw error::conflict("This identity is another contact's: merge the two instead.");
        t.exec(sql::put_identity, body.channel.value, body.external_id.value, p.id,
               body.verified.value_or(false));
        audit::record(
            t, audit::by(r, "contact.identity", id_of(p),
                         {{"channel", body.channel.value}, {"verified", body.verified.value_or(false)}}));
        const auto after = contact::get(t, p.id);
        announce(t, after, now);
        return to_json(after);
    };
    co_return http::response::of(co_await pool_.run(std::move(work)));
}

} // namespace chat_centre::contact
