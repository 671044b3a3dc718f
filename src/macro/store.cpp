#include "macro/store.hpp"

#include "macro/queries.hpp"

#include <chat_centre/base/ids.hpp>

namespace chat_centre::macro {
namespace {

template_row template_from(const db::row& r) {
    template_row t;
    t.id = r.get<std::int64_t>(0);
    t.name = r.get<std::string>(1);
    t.shortcut = r.get<std::string>(2);
    t.body_en = r.get<std::string>(3);
    t.body_ar = r.get<std::string>(4);
    t.department = r.get<std::int64_t>(5);
    t.department_slug = r.get<std::string>(6);
    t.tags = parse_json(r.text(7)).get<std::vector<std::string>>();
    t.uses = r.get<std::int64_t>(8);
    t.created_at = r.get<time_point>(9);
    t.updated_at = r.get<time_point>(10);
    return t;
}

macro_row macro_from(const db::row& r) {
    macro_row m;
    m.id = r.get<std::int64_t>(0);
    m.name = r.get<std::string>(1);
    for (const auto& s : parse_json(r.text(2)))
        m.steps.push_back({s.at("do").get<std::string>(), s.at("value").get<std::string>()});
    m.created_at = r.get<time_point>(3);
    m.updated_at = r.get<time_point>(4);
    return m;
}

std::optional<std::int64_t> or_null(std::int64_t id) { return id == 0 ? std::nullopt : std::optional{id}; }

std::string first_word(const std::string& name) { return name.substr(0, name.find(' ')); }

// Runs the statement; a taken shortcut or name is the caller's to mend.
template <class F>
auto unless_taken(F work, const char* constraint, const std::string& said) {
    try {
        return work();
    } catch (const db::failure& e) {
        if (e.constraint() == constraint) throw error::conflict(said);
        throw;
    }
}

} // namespace

json to_json(const template_row& t) {
    return {{"template_id", format_id("TPL", t.id)},
            {"name", t.name},
            {"shortcut", t.shortcut},
            {"body_en", t.body_en},
            {"body_ar", t.body_ar},
            {"department", t.department_slug.empty() ? json(nullptr) : json(t.department_slug)},
            {"tags", t.tags},
            {"uses", t.uses},
            {"created_at", to_rfc3339(t.created_at)},
            {"updated_at", to_rfc3339(t.updated_at)}};
}

std::vector<template_row> list_templates(db::tx& t, const template_filter& f) {
    std::vector<template_row> out;
    for (const auto r : t.many(sql::list_templates, f.after, f.department, f.tag, f.text, f.limit))
        out.push_back(template_from(r));
    return out;
}

std::optional<template_row> find_template(db::tx& t, std::int64_t id) {
    const auto r = t.maybe(sql::find_template, id);
    return r ? std::optional(template_from(*r)) : std::nullopt;
}

std::optional<template_row> find_template(db::tx& t, const std::string& shortcut) {
    const auto r = t.maybe(sql::find_template_by_shortcut, shortcut);
    return r ? find_template(t, r->get<std::int64_t>(0)) : std::nullopt;
}

std::int64_t add_template(db::tx& t, const template_row& row, std::int64_t staff, time_point now) {
    const auto work = [&] {
        return t.scalar<std::int64_t>(sql::add_template, row.name, row.shortcut, row.body_en, row.body_ar,
                                      or_null(row.department), db::array_of(row.tags), staff, now);
    };
    return unless_taken(work, "template_shortcut_key",
                        "Another template has the shortcut " + row.shortcut + ".");
}

void change_template(db::tx& t, const template_row& row, time_point now) {
    const auto work = [&] {
        return t.exec(sql::change_template, row.id, row.name, row.shortcut, row.body_en, row.body_ar,
                      or_null(row.department), db::array_of(row.tags), now);
    };
    unless_taken(work, "template_shortcut_key", "Another template has the shortcut " + row.shortcut + ".");
}

bool delete_template(db::tx& t, std::int64_t id) { return t.exec(sql::delete_template, id) > 0; }

void count_use(db::tx& t, std::int64_t id) { t.exec(sql::count_template_use, id); }

json to_json(const macro_step& s) { return {{"do", s.what}, {"value", s.value}}; }

json steps_json(const std::vector<macro_step>& steps) {
    json out = json::array();
    for (const auto& s : steps) out.push_back(to_json(s));
    return out;
}

json to_json(const macro_row& m) {
    return {{"macro_id", format_id("MAC", m.id)},
            {"name", m.name},
            {"steps", steps_json(m.steps)},
            {"created_at", to_rfc3339(m.created_at)},
            {"updated_at", to_rfc3339(m.updated_at)}};
}

std::vector<macro_row> list_macros(db::tx& t, std::int64_t after, std::int64_t limit) {
    std::vector<macro_row> out;
    for (const auto r : t.many(sql::list_macros, after, limit)) out.push_back(macro_from(r));
    return out;
}

std::optional<macro_row> find_macro(db::tx& t, std::int64_t id) {
    const auto r = t.maybe(sql::find_macro, id);
    return r ? std::optional(macro_from(*r)) : std::nullopt;
}

macro_row add_macro(db::tx& t, const macro_row& m, std::int64_t staff, time_point now) {
    const auto work = [&] {
        return macro_from(t.one(sql::add_macro, m.name, dump(steps_json(m.steps)), staff, now));
    };
    return unless_taken(work, "macro_name_key", "There is already a macro with this name.");
}

macro_row change_macro(db::tx& t, const macro_row& m, time_point now) {
    const auto work = [&] {
        return macro_from(t.one(sql::change_macro, m.id, m.name, dump(steps_json(m.steps)), now));
    };
    return unless_taken(work, "macro_name_key", "There is already a macro with this name.");
}

bool delete_macro(db::tx& t, std::int64_t id) { return t.exec(sql::delete_macro, id) > 0; }

variables variables_of(const conversation::row& c, const principal& who, const company_names& company,
                       std::string_view language) {
    const bool arabic = language == "ar";
    return {{"customer.name", c.user_name},
            {"customer.first_name", first_word(c.user_name)},
            {"customer.email", c.user_email},
            {"customer.phone", c.user_phone},
            {"staff.name", who.name},
            {"staff.first_name", first_word(who.name)},
            {"conversation.id", format_id("CONV", c.id)},
            {"conversation.category", c.category.value_or("")},
            {"company", arabic ? company.arabic : company.english},
            {"department", arabic ? c.department_ar : c.department_en}};
}

std::string language_in(db::tx& t, const conversation::row& c) {
    if (!c.language.empty()) return std::string(language_for(c.language, {}));
    const auto words = t.maybe(sql::last_customer_words, c.id);
    return std::string(language_for({}, words ? words->text(0) : std::string_view{}));
}

const std::string& body_in(const candidate& t, std::string_view language) {
    const auto& wanted = language == "ar" ? t.body_ar : t.body_en;
    return !wanted.empty() ? wanted : language == "ar" ? t.body_en : t.body_ar;
}

} // namespace chat_centre::macro
