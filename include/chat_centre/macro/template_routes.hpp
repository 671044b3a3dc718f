#pragma once
// Canned replies (templates): lists, edits, suggestions, and the text for a conversation.

#include <chat_centre/base/fields.hpp>
#include <chat_centre/conversation/service.hpp>
#include <chat_centre/http/router.hpp>

#include <optional>
#include <string>
#include <vector>

namespace chat_centre::macro {

// What the texts may say of the company, by language.
struct company_names {
    std::string arabic, english;
};

struct template_body {
    text<1, 100> name;
    std::optional<text<0, 40>> shortcut; // one word; unique
    std::optional<text<0, 8000>> body_en;
    std::optional<text<0, 8000>> body_ar;  // at least one of the two texts
    std::optional<text<0, 50>> department; // slug; none: for everybody
    std::optional<std::vector<text<1, 40>>> tags;
};
BOOST_DESCRIBE_STRUCT(template_body, (), (name, shortcut, body_en, body_ar, department, tags))

struct template_change_body { // what is given is changed; department "" takes it away
    std::optional<text<1, 100>> name;
    std::optional<text<0, 40>> shortcut;
    std::optional<text<0, 8000>> body_en;
    std::optional<text<0, 8000>> body_ar;
    std::optional<text<0, 50>> department;
    std::optional<std::vector<text<1, 40>>> tags;
};
BOOST_DESCRIBE_STRUCT(template_change_body, (), (name, shortcut, body_en, body_ar, department, tags))

struct of_conversation_body {
    text<1, 60> conversation_id;
};
BOOST_DESCRIBE_STRUCT(of_conversation_body, (), (conversation_id))

struct template_view {
    std::string template_id, name, shortcut, body_en, body_ar;
    std::optional<std::string> department; // slug
    std::vector<std::string> tags;
    std::int64_t uses = 0;
    time_point created_at, updated_at;
};
BOOST_DESCRIBE_STRUCT(template_view, (),
                      (template_id, name, shortcut, body_en, body_ar, department, tags, uses, created_at,
                       updated_at))
struct template_page {
    std::vector<template_view> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(template_page, (), (items, next_cursor))

struct text_view {
    std::string text, language;
    std::vector<std::string> unknown, empty; // variables that do not exist, and those without a value here
};
BOOST_DESCRIBE_STRUCT(text_view, (), (text, language, unknown, empty))

class template_routes {
public:
    // `s` outlives it.
    template_routes(conversation::surroundings& s, company_names names) : s_(s), company_(std::move(names)) {}

    using answer = boost::asio::awaitable<http::response>;
    answer list(http::request r); // ?q= ?department= ?tag=
    answer create(http::request r);
    answer get(http::request r);
    answer change(http::request r);
    answer remove(http::request r);
    answer suggestions(http::request r); // ?q= ?conversation_id= ?limit=
    answer render_text(http::request r);

    static constexpr auto table() {
        using http::verb;
        using p = permission;
        return std::to_array<http::row<template_routes>>({
            {verb::get, "/api/v1/templates", p::template_read, &template_routes::list, "listTemplates",
             "Canned replies", http::answers<template_page>()},
            {verb::post, "/api/v1/templates", p::template_write, &template_routes::create, "createTemplate",
             "Make a canned reply", http::takes<template_body, template_view>(201)},
            {verb::get, "/api/v1/templates/suggestions", p::template_read, &template_routes::suggestions,
             "suggestTemplates", "Canned replies that fit what is being typed", http::answers<template_page>()},
            {verb::get, "/api/v1/templates/{id}", p::template_read, &template_routes::get, "getTemplate",
             "One canned reply", http::answers<template_view>()},
            {verb::patch, "/api/v1/templates/{id}", p::template_write, &template_routes::change,
             "changeTemplate", "Change a canned reply", http::takes<template_change_body, template_view>()},
            {verb::del, "/api/v1/templates/{id}", p::template_write, &template_routes::remove,
             "deleteTemplate", "Delete a canned reply", http::answers<no_body>(204)},
            {verb::post, "/api/v1/templates/{id}/text", p::template_read, &template_routes::render_text,
             "renderTemplate", "The text for a conversation, in its language and with its names",
             http::takes<of_conversation_body, text_view>()},
        });
    }

private:
    conversation::surroundings& s_;
    company_names company_;
};

} // namespace chat_centre::macro
