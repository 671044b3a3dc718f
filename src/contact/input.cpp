#include "contact/input.hpp"

#include "contact/rules.hpp"

#include <chat_centre/base/email.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/phone.hpp>

#include <algorithm>

namespace chat_centre::contact {
namespace {

using faults = std::vector<field_error>;

constexpr std::size_t most_members = 50;
constexpr std::size_t longest_value = 2000; // bytes

void check_members(const json& object, const std::string& field, bool booleans_only, faults& bad) {
    if (object.size() > most_members) bad.push_back({field, "must have at most 50 members"});
    for (const auto& [name, value] : object.items()) {
        const auto where = field + "." + name;
        if (name.empty() || name.size() > 100) bad.push_back({field, "a name has 1 to 100 characters"});
        if (value.is_null()) continue;
        if (booleans_only && !value.is_boolean()) bad.push_back({where, "must be true or false"});
        if (!booleans_only && value.is_structured())
            bad.push_back({where, "must be a text, a number or true or false"});
        if (value.is_string() && value.get_ref<const std::string&>().size() > longest_value)
            bad.push_back({where, "must have at most 2000 characters"});
    }
}

bool is_language(const std::string& tag) {
    return std::all_of(tag.begin(), tag.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    });
}

std::string country_of(const new_contact_body& body, const std::string& default_country) {
    return body.country ? body.country->value : default_country;
}

} // namespace

void check(const new_contact_body& body, const std::string& default_country) {
    faults bad;
    if (body.country && !is_known_country(body.country->value))
        bad.push_back({"country", "must be a country's two letters, such as ZW"});
    if (body.email && !body.email->value.empty() && !normalize_email(body.email->value))
        bad.push_back({"email", "is not an e-mail address"});
    if (body.phone && !body.phone->value.empty() &&
        !validate_phone(body.phone->value, country_of(body, default_country)))
        bad.push_back(
            {"phone", "is not a telephone number; begin with + and the country code, or give country"});
    if (body.language && !is_language(body.language->value))
        bad.push_back({"language", "must be a language tag such as en or ar"});
    if (body.custom) check_members(*body.custom, "custom", false, bad);
    if (body.consent) check_members(*body.consent, "consent", true, bad);
    if (!bad.empty()) throw error::unprocessable(std::move(bad));
}

std::vector<std::string> apply(const new_contact_body& body, const std::string& default_country, person& p) {
    std::vector<std::string> fields;
    const auto set = [&fields](const char* name, auto& value, auto wanted) {
        if (value == wanted) return;
        value = std::move(wanted);
        fields.emplace_back(name);
    };
    if (body.name) set("name", p.name, body.name->value);
    if (body.email)
        set("email", p.email, body.email->value.empty() ? "" : *normalize_email(body.email->value));
    if (body.phone) {
        set("phone", p.phone, body.phone->value);
        p.e164 = e164_of(p.phone, country_of(body, default_country));
    }
    if (body.language) set("language", p.language, body.language->value);
    if (body.company) set("company", p.company, body.company->value);
    if (body.vip) set("vip", p.vip, *body.vip);
    if (body.custom) set("custom", p.custom, patched(p.custom, *body.custom));
    if (body.consent) set("consent", p.consent, patched(p.consent, *body.consent));
    return fields;
}

json patched(json base, const json& patch) {
    for (const auto& [name, value] : patch.items()) {
        if (value.is_null())
            base.erase(name);
        else
            base[name] = value;
    }
    return base;
}

time_point read_moment(const std::string& text, const char* field, const std::string& zone) {
    if (text.size() == 10)
        if (const auto t = parse_time(text + "T23:59:59", zone)) return *t;
    if (const auto t = parse_time(text, zone)) return *t;
    throw error::unprocessable(field, "must be a day (2026-11-27) or a time (2026-11-27T10:00:00Z)");
}

std::int64_t read_id(const std::string& text, const char* prefix, const char* field) {
    if (const auto id = parse_id(prefix, text)) return *id;
    throw error::unprocessable(field, "must be an id such as " + format_id(prefix, 1));
}

std::optional<std::string> given(const http::request& r, const char* name) {
    auto v = r.query(name);
    if (v && v->empty()) v.reset();
    return v;
}

std::optional<bool> given_flag(const http::request& r, const char* name) {
    const auto v = given(r, name);
    if (!v) return std::nullopt;
    if (*v != "true" && *v != "false") throw error::unprocessable(name, "must be true or false");
    return *v == "true";
}

} // namespace chat_centre::contact
