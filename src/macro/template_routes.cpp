#include <chat_centre/macro/template_routes.hpp>

#include "macro/store.hpp"

#include <chat_centre/audit/audit.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/http/page.hpp>
#include <chat_centre/staff/staff.hpp>

#include <algorithm>

namespace chat_centre::macro {
namespace {

constexpr std::int64_t most_templates = 2000; // looked at for a suggestion
constexpr std::int64_t most_suggestions = 20;

error no_template() { return error::not_found("There is no such template."); }

template_row need_template(db::tx& t, std::int64_t id) {
    auto found = find_template(t, id);
    if (!found) throw no_template();
    return std::move(*found);
}

void set_department(db::tx& t, template_row& row, const std::string& slug) {
    row.department = 0;
    if (slug.empty()) return;
    const auto d = staff::department_by_slug(t, slug);
    if (!d) throw error::unprocessable("department", "there is no department of this name");
    row.department = d->id;
}

template <class Body>
void apply(db::tx& t, const Body& body, template_row& row) {
    if (body.shortcut) row.shortcut = body.shortcut->value;
    if (body.body_en) row.body_en = body.body_en->value;
    if (body.body_ar) row.body_ar = body.body_ar->value;
    if (body.department) set_department(t, row, body.department->value);
    if (body.tags) {
        row.tags.clear();
        for (const auto& tag : *body.tags) row.tags.push_back(tag.value);
    }
    if (row.shortcut.find_first_of(" \t\r\n/") != std::string::npos)
        throw error::unprocessable("shortcut", "must be one word without a slash");
    if (is_blank(row.body_en) && is_blank(row.body_ar))
        throw error::unprocessable("body_en", "give a text in English or in Arabic");
}

std::optional<std::string> given(const http::request& r, const char* name) {
    auto v = r.query(name);
    if (v && v->empty()) v.reset();
    return v;
}

std::string like_pattern(const std::string& text) {
    std::string out = "%";
    for (const char c : text) {
        if (c == '%' || c == '_' || c == '\\') out.push_back('\\');
        out.push_back(c);
    }
    return out + "%";
}

std::optional<std::int64_t> conversation_named(const http::request& r) {
    const auto text = given(r, "conversation_id");
    if (!text) return std::nullopt;
    const auto id = parse_id("CONV", *text);
    if (!id) throw error::unprocessable("conversation_id", "must be a conversation id such as CONV-12");
    return id;
}

} // namespace

template_routes::answer template_routes::list(http::request r) {
    const auto page = http::read_page(r, 100);
    template_filter f;
    f.department = given(r, "department");
    f.tag = given(r, "tag");
    if (const auto q = given(r, "q")) f.text = like_pattern(*q);
    f.after = page.number("id", 0);
    f.limit = page.fetch();
    auto work = [f](db::tx& t) {
        json items = json::array();
        for (const auto& row : list_templates(t, f)) items.push_back(to_json(row));
        return items;
    };
    auto items = co_await s_.pool.run(std::move(work));
    co_return http::response::of(http::page_answer(std::move(items), page, [](const json& last) {
        return json{{"id", parse_id("TPL", last["template_id"].get<std::string>()).value()}};
    }));
}

template_routes::answer template_routes::get(http::request r) {
    auto work = [id = r.path_id(0, "TPL")](db::tx& t) { return to_json(need_template(t, id)); };
    co_return http::response::of(co_await s_.pool.run(std::move(work)));
}

template_routes::answer template_routes::create(http::request r) {
    const auto body = read_fields<template_body>(r.json_body());
    auto work = [r, body, now = s_.clock.now()](db::tx& t) {
        template_row row;
        row.name = body.name.value;
        apply(t, body, row);
        const auto id = add_template(t, row, r.who.staff, now);
        audit::record(t, audit::by(r, "template.create", format_id("TPL", id), {{"name", row.name}}));
        return to_json(need_template(t, id));
    };
    co_return http::response::of(co_await s_.pool.run(std::move(work)), 201);
}

template_routes::answer template_routes::change(http::request r) {
    const auto id = r.path_id(0, "TPL");
    const auto body = read_fields<template_change_body>(r.json_body());
    auto work = [r, id, body, now = s_.clock.now()](db::tx& t) {
        template_row row = need_template(t, id);
        if (body.name) row.name = body.name->value;
        apply(t, body, row);
        change_template(t, row, now);
        audit::record(t, audit::by(r, "template.change", format_id("TPL", id), {{"name", row.name}}));
        return to_json(need_template(t, id));
    };
    co_return http::response::of(co_await s_.pool.run(std::move(work)));
}

template_routes::answer template_routes::remove(http::request r) {
    const auto id = r.path_id(0, "TPL");
    auto work = [r, id](db::tx& t) {
        if (!delete_template(t, id)) throw no_template();
        audit::record(t, audit::by(r, "template.delete", format_id("TPL", id)));
    };
    co_await s_.pool.run(std::move(work));
    co_return http::response::no_content();
}

template_routes::answer template_routes::suggestions(http::request r) {
    const std::string typed = r.query("q").value_or("").substr(0, 200);
    const auto most = static_cast<std::size_t>(r.query_number("limit", 8, 1, most_suggestions));
    auto work = [who = r.who, typed, most, id = conversation_named(r)](db::tx& t) {
        const auto department = id ? conversation::find_visible(t, who, *id).department : 0;
        template_filter f;
        f.limit = most_templates;
        const auto all = list_templates(t, f);
        const std::vector<candidate> candidates(all.begin(), all.end());
        json items = json::array();
        for (const auto found : suggest(candidates, typed, department, most)) {
            const auto row =
                std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.id == found; });
            items.push_back(to_json(*row));
        }
        return json{{"items", std::move(items)}, {"next_cursor", nullptr}};
    };
    co_return http::response::of(co_await s_.pool.run(std::move(work)));
}

template_routes::answer template_routes::render_text(http::request r) {
    const auto id = r.path_id(0, "TPL");
    const auto body = read_fields<of_conversation_body>(r.json_body());
    const auto conversation = parse_id("CONV", body.conversation_id.value);
    if (!conversation)
        throw error::unprocessable("conversation_id", "must be a conversation id such as CONV-12");
    auto work = [this, who = r.who, id, conversation](db::tx& t) {
        const auto row = need_template(t, id);
        const auto c = conversation::find_visible(t, who, *conversation);
        const auto language = language_in(t, c);
        const auto made = render(body_in(row, language), variables_of(c, who, company_, language));
        count_use(t, id);
        return json{
            {"text", made.text}, {"language", language}, {"unknown", made.unknown}, {"empty", made.empty}};
    };
    co_return http::response::of(co_await s_.pool.run(std::move(work)));
}

} // namespace chat_centre::macro
