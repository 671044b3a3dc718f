#pragma once
// The prompts of reception, sales and complaints, for admins to read and to replace.

#include <chat_centre/base/fields.hpp>
#include <chat_centre/http/router.hpp>
#include <chat_centre/intake/service.hpp>

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace chat_centre::intake {

struct prompt_body {
    text<1, 4000> body;
};
BOOST_DESCRIBE_STRUCT(prompt_body, (), (body))

struct prompt_view {
    std::string department, key, language, body, shipped, about;
    bool changed = false; // differs from the shipped text
    std::vector<std::string> variables;
    std::optional<time_point> updated_at;
};
BOOST_DESCRIBE_STRUCT(prompt_view, (),
                      (department, key, language, body, shipped, about, changed, variables, updated_at))
struct prompt_list {
    std::vector<prompt_view> items;
};
BOOST_DESCRIBE_STRUCT(prompt_list, (), (items))
struct preview_view {
    std::string text;
};
BOOST_DESCRIBE_STRUCT(preview_view, (), (text))

class prompt_routes {
public:
    explicit prompt_routes(const service& s) : s_(s) {}

    using answer = boost::asio::awaitable<http::response>;
    answer list(http::request r); // ?department= ?language=
    answer show(http::request r);
    answer put(http::request r);
    answer reset(http::request r);
    answer preview(http::request r);

    static constexpr auto table() {
        using http::answers;
        using http::takes;
        using http::verb;
        using p = permission;
        return std::to_array<http::row<prompt_routes>>({
            {verb::get, "/api/v1/prompts", p::desk_read, &prompt_routes::list, "listPrompts",
             "What the guided intake says, by department, key and language", answers<prompt_list>()},
            {verb::get, "/api/v1/prompts/{department}/{key}/{language}", p::desk_read, &prompt_routes::show,
             "getPrompt", "One text", answers<prompt_view>()},
            {verb::put, "/api/v1/prompts/{department}/{key}/{language}", p::desk_write, &prompt_routes::put,
             "putPrompt", "Replace a text", takes<prompt_body, prompt_view>()},
            {verb::del, "/api/v1/prompts/{department}/{key}/{language}", p::desk_write, &prompt_routes::reset,
             "resetPrompt", "Back to the shipped text", answers<prompt_view>()},
            {verb::post, "/api/v1/prompts/{department}/{key}/{language}/preview", p::desk_read,
             &prompt_routes::preview, "previewPrompt", "A text with sample values, before it is saved",
             takes<prompt_body, preview_view>()},
        });
    }

private:
    const service& s_;
};

} // namespace chat_centre::intake
