#pragma once
// Templates, macros and their runs as rows. SQL only.

#include <chat_centre/db/tx.hpp>
#include <chat_centre/macro/macro_routes.hpp>
#include <chat_centre/macro/render.hpp>

#include <optional>
#include <string>
#include <vector>

namespace chat_centre::macro {

struct template_row : candidate {
    std::string department_slug;
    std::vector<std::string> tags;
    time_point created_at{}, updated_at{};
};
json to_json(const template_row& t);

struct template_filter {
    std::optional<std::string> department, tag, text;
    std::int64_t after = 0;
    std::int64_t limit = 1000;
};
std::vector<template_row> list_templates(db::tx& t, const template_filter& f);
std::optional<template_row> find_template(db::tx& t, std::int64_t id);
std::optional<template_row> find_template(db::tx& t, const std::string& shortcut);
// Both throw 409 when the shortcut is taken.
std::int64_t add_template(db::tx& t, const template_row& row, std::int64_t staff, time_point now);
void change_template(db::tx& t, const template_row& row, time_point now);
bool delete_template(db::tx& t, std::int64_t id);
void count_use(db::tx& t, std::int64_t id);

struct macro_row {
    std::int64_t id = 0;
    std::string name;
    std::vector<macro_step> steps;
    time_point created_at{}, updated_at{};
};
json to_json(const macro_step& s);
json to_json(const macro_row& m);
json steps_json(const std::vector<macro_step>& steps);
std::vector<macro_row> list_macros(db::tx& t, std::int64_t after, std::int64_t limit);
std::optional<macro_row> find_macro(db::tx& t, std::int64_t id);
// Both throw 409 when the name is taken.
macro_row add_macro(db::tx& t, const macro_row& m, std::int64_t staff, time_point now);
macro_row change_macro(db::tx& t, const macro_row& m, time_point now);
bool delete_macro(db::tx& t, std::int64_t id);

// What the texts of a conversation may name.
variables variables_of(const conversation::row& c, const principal& who, const company_names& company,
                       std::string_view language);
// "ar" or "en", see language_for().
std::string language_in(db::tx& t, const conversation::row& c);
// The text in that language; in the other one when there is none.
const std::string& body_in(const candidate& t, std::string_view language);

} // namespace chat_centre::macro
