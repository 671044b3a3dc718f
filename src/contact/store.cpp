#include "contact/store.hpp"

#include "contact/queries.hpp"
#include "contact/rules.hpp"

#include <chat_centre/base/email.hpp>
#include <chat_centre/base/error.hpp>
#include <chat_centre/base/ids.hpp>

#include <algorithm>

namespace chat_centre::contact {
namespace {

// A % or _ in what people type is that character, not a wildcard.
std::string like_pattern(const std::string& text) {
    std::string out = "%";
    for (const char c : text) {
        if (c == '%' || c == '_' || c == '\\') out.push_back('\\');
        out.push_back(c);
    }
    return out + "%";
}

// The digits of a part of a number, without a trunk zero; nullopt when there are too few to look for.
std::optional<std::string> digits_pattern(const std::string& text) {
    std::string digits;
    for (const char c : text) {
        if (c >= '0' && c <= '9')
            digits.push_back(c);
        else if (std::string_view(" +-().").find(c) == std::string_view::npos)
            return std::nullopt;
    }
    digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
    if (digits.size() < 4) return std::nullopt;
    return "%" + digits + "%";
}

// Null for a number that was not made out: the follower looks at it once more, and then knows.
std::optional<std::string> stored_e164(const person& p) {
    return p.e164.empty() && !p.phone.empty() ? std::nullopt : std::optional(p.e164);
}

json moment_or_null(const std::optional<time_point>& t) { return t ? json(to_rfc3339(*t)) : json(nullptr); }

json text_or_null(const std::optional<std::string>& s) { return s ? json(*s) : json(nullptr); }

} // namespace

std::optional<std::int64_t> or_null(std::int64_t id) { return id == 0 ? std::nullopt : std::optional(id); }

json to_json(const lead& l) {
    return {{"lead_id", format_id("LEAD", l.id)},
            {"contact", {{"contact_id", format_id("CUST", l.contact)}, {"name", l.contact_name}}},
            {"status", l.status},
            {"score", l.score},
            {"source", l.source},
            {"priority", l.priority},
            {"handover_requested", l.handover_requested},
            {"handover_trigger", text_or_null(l.handover_trigger)},
            {"handover_timestamp", moment_or_null(l.handover_at)},
            {"created_at", to_rfc3339(l.created_at)},
            {"updated_at", to_rfc3339(l.updated_at)}};
}

json to_json(const person& p) {
    json identities = json::array();
    for (const auto& i : p.identities)
        identities.push_back(
            {{"channel", i.channel}, {"external_id", i.external_id}, {"verified", i.verified}});
    return {{"contact_id", format_id("CUST", p.id)},
            {"name", p.name},
            {"email", p.email},
            {"phone", p.e164},
            {"phone_as_given", p.phone},
            {"language", p.language},
            {"vip", p.vip},
            {"company", p.company},
            {"custom", p.custom},
            {"consent", p.consent},
            {"identities", std::move(identities)},
            {"lead", p.lead ? to_json(*p.lead) : json(nullptr)},
            {"last_contact_at", moment_or_null(p.last_contact_at)},
            {"created_at", to_rfc3339(p.created_at)},
            {"updated_at", to_rfc3339(p.updated_at)},
            {"conversations", p.conversations},
            {"open_tickets", p.open_tickets}};
}

person person_from(const db::row& r) {
    int i = 0;
    person p;
    p.id = r.get<std::int64_t>(i++);
    p.name = r.get<std::string>(i++);
    p.email = r.get<std::string>(i++);
    p.e164 = r.get<std::string>(i++);
    p.phone = r.get<std::string>(i++);
    p.language = r.get<std::string>(i++);
    p.vip = r.get<bool>(i++);
    p.company = r.get<std::string>(i++);
    p.custom = parse_json(r.text(i++));
    p.consent = parse_json(r.text(i++));
    p.last_contact_at = r.get<std::optional<time_point>>(i++);
    p.created_at = r.get<time_point>(i++);
    p.updated_at = r.get<time_point>(i++);
    p.merged_into = r.get<std::optional<std::int64_t>>(i++).value_or(0);
    for (const auto& one : parse_json(r.text(i++)))
        p.identities.push_back({one.at("channel"), one.at("external_id"), one.at("verified")});
    p.conversations = r.get<std::int64_t>(i++);
    p.open_tickets = r.get<std::int64_t>(i++);
    if (r.is_null(i)) return p;
    lead l;
    l.id = r.get<std::int64_t>(i++);
    l.contact = p.id;
    l.contact_name = p.name;
    l.status = r.get<std::string>(i++);
    l.score = r.get<int>(i++);
    l.source = r.get<std::string>(i++);
    l.priority = r.get<std::string>(i++);
    l.handover_requested = r.get<bool>(i++);
    l.handover_trigger = r.get<std::optional<std::string>>(i++);
    l.handover_at = r.get<std::optional<time_point>>(i++);
    l.created_at = r.get<time_point>(i++);
    l.updated_at = r.get<time_point>(i++);
    p.lead = std::move(l);
    return p;
}

lead lead_from(const db::row& r) {
    int i = 0;
    lead l;
    l.id = r.get<std::int64_t>(i++);
    l.contact = r.get<std::int64_t>(i++);
    l.contact_name = r.get<std::string>(i++);
    l.status = r.get<std::string>(i++);
    l.score = r.get<int>(i++);
    l.source = r.get<std::string>(i++);
    l.priority = r.get<std::string>(i++);
    l.handover_requested = r.get<bool>(i++);
    l.handover_trigger = r.get<std::optional<std::string>>(i++);
    l.handover_at = r.get<std::optional<time_point>>(i++);
    l.created_at = r.get<time_point>(i++);
    l.updated_at = r.get<time_point>(i++);
    return l;
}

sight sight_of(const principal& who) {
    sight s;
    if (who.kind != caller::staff) return s;
    s.everything = who.role == role::manager || who.role == role::admin;
    s.engineer = who.role == role::engineer;
    s.staff = who.staff;
    s.departments = db::array_of(who.departments);
    return s;
}

std::int64_t current_id(db::tx& t, std::int64_t id) {
    const auto r = t.maybe(sql::current_id, id);
    return r ? r->get<std::int64_t>(0) : id;
}

std::optional<person> find(db::tx& t, std::int64_t id) {
    const auto r = t.maybe(sql::find, id);
    return r ? std::optional(person_from(*r)) : std::nullopt;
}

person get(db::tx& t, std::int64_t id) {
    auto p = find(t, id);
    if (!p) throw error::not_found("There is no such contact.");
    return std::move(*p);
}

exact_key exact_key_of(const std::string& text, const std::string& default_country) {
    return {e164_of(text, default_country), normalize_email(text).value_or("")};
}

bool sees(db::tx& t, const principal& who, std::int64_t id, const std::string& known) {
    const auto s = sight_of(who);
    const auto key = exact_key_of(known, "");
    return t.scalar<bool>(sql::sees, s.everything, s.staff, s.departments, s.engineer, id, key.e164,
                          key.email);
}

person find_visible(db::tx& t, const principal& who, std::int64_t id, const std::string& known) {
    const auto current = current_id(t, id);
    if (!sees(t, who, current, known)) throw error::not_found("There is no such contact.");
    return get(t, current);
}

std::vector<listed> list(db::tx& t, const principal& who, const list_filter& f) {
    const auto s = sight_of(who);
    std::vector<listed> out;
    const auto take = [&out](const db::rows& found) {
        for (const auto r : found) out.push_back({person_from(r), r.get<time_point>(27)});
    };
    if (!f.text) {
        take(t.many(sql::list, s.everything, s.staff, s.departments, s.engineer, f.vip, f.before, f.before_id,
                    f.limit));
        return out;
    }
    // Whoever names one contact outright is not answered by looking through all of them.
    const auto key = exact_key_of(*f.text, f.default_country);
    const auto id = parse_id("CUST", *f.text);
    std::optional<std::string> pattern, digits;
    if (key.e164.empty() && key.email.empty() && !id) {
        pattern = like_pattern(*f.text);
        digits = digits_pattern(*f.text);
    }
    take(t.many(sql::search, s.everything, s.staff, s.departments, s.engineer, f.vip, f.before, f.before_id,
                f.limit, key.e164, key.email, id, pattern, digits));
    return out;
}

void lock(db::tx& t, std::int64_t a, std::int64_t b) {
    db::array ids;
    ids.add(a);
    if (b != 0) ids.add(b);
    t.many(sql::lock, ids);
}

std::int64_t insert(db::tx& t, const person& p, time_point now) {
    return t.scalar<std::int64_t>(sql::insert, p.name, p.email, p.phone, stored_e164(p), p.language, p.vip,
                                  p.company, dump(p.custom), dump(p.consent), now);
}

void update(db::tx& t, const person& p, time_point now) {
    t.exec(sql::update, p.id, p.name, p.email, p.phone, stored_e164(p), p.language, p.vip, p.company,
           dump(p.custom), dump(p.consent), p.last_contact_at, now);
}

std::optional<lead> current_lead(db::tx& t, std::int64_t contact) {
    const auto r = t.maybe(sql::current_lead, contact);
    return r ? std::optional(lead_from(*r)) : std::nullopt;
}

std::int64_t insert_lead(db::tx& t, const lead& l, std::int64_t conversation) {
    return t.scalar<std::int64_t>(sql::insert_lead, l.contact, l.status, l.score, l.source, l.priority,
                                  l.handover_requested, l.handover_trigger, l.handover_at,
                                  or_null(conversation), l.created_at, l.updated_at);
}

void update_lead(db::tx& t, const lead& l, std::int64_t conversation) {
    t.exec(sql::update_lead, l.id, l.status, l.score, l.source, l.priority, l.handover_requested,
           l.handover_trigger, l.handover_at, or_null(conversation), l.updated_at);
}

found_or_made find_or_create(db::tx& t, const details& d, const std::string& default_country, time_point now,
                             search_manner how) {
    person told;
    told.name = d.name;
    told.email = d.email;
    told.phone = d.phone;
    told.e164 = e164_of(d.phone, default_country);
    told.language = d.language;
    told.company = d.company;
    db::array keys;
    if (!told.e164.empty()) keys.add(told.e164);
    const auto email = normalize_email(d.email).value_or("");
    if (!email.empty()) keys.add(email);
    if (!keys.empty()) t.many(sql::lock_keys, keys);
    const auto by_phone = t.maybe(sql::by_phone, told.e164);
    const auto by_email = t.maybe(sql::by_email, email);
    const auto m = match_of(by_phone ? by_phone->get<std::int64_t>(0) : 0,
                            by_email ? by_email->get<std::int64_t>(0) : 0);
    if (m.what == match::kind::none) return {insert(t, told, now), true};
    if (m.what == match::kind::two && !how.settle) {
        error e =
            error::conflict("The number is one contact's and the address another's: merge them first, or give "
                            "only one of the two.");
        throw e.with("candidates", dump({format_id("CUST", by_phone->get<std::int64_t>(0)),
                                         format_id("CUST", by_email->get<std::int64_t>(0))}));
    }
    if (!how.fill) return {m.id, false};
    lock(t, m.id);
    const auto before = get(t, m.id);
    update(t, merged_profile(before, told), now);
    return {m.id, false};
}

event::entry changed(const char* type, const char* id_name, const std::string& id, std::int64_t contact,
                     time_point now) {
    event::entry e;
    e.type = type;
    e.at = now;
    e.who = event::audience::people;
    json data = {{id_name, id}};
    if (contact != 0) data["contact_id"] = format_id("CUST", contact);
    e.data = dump(data);
    return e;
}

} // namespace chat_centre::contact
