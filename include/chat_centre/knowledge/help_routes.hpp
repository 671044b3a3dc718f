#pragma once
// What customers read: the help centre (plain HTML, no script) and the suggestions while they write. Public and limited.

#include <chat_centre/base/fields.hpp>
#include <chat_centre/conversation/service.hpp>
#include <chat_centre/http/router.hpp>
#include <chat_centre/knowledge/article_routes.hpp>
#include <chat_centre/knowledge/library.hpp>

#include <optional>
#include <string>
#include <vector>

namespace chat_centre::knowledge {

struct help_suggestion {
    std::string slug, title, language, category, passage, url;
};
BOOST_DESCRIBE_STRUCT(help_suggestion, (), (slug, title, language, category, passage, url))
struct help_suggestions {
    std::vector<help_suggestion> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(help_suggestions, (), (items, next_cursor))

struct feedback_body {
    choice<language_set> language;
    bool helpful = false;
};
BOOST_DESCRIBE_STRUCT(feedback_body, (), (language, helpful))

struct help_names { // of the company, in the pages' heads
    std::string english, arabic;
};

class help_routes {
public:
    // Both references outlive it.
    help_routes(conversation::surroundings& s, library& l, help_names names)
        : s_(s), library_(l), names_(std::move(names)) {}

    using answer = boost::asio::awaitable<http::response>;
    answer suggestions(http::request r); // ?q= ?language= ?scenario=
    answer feedback(http::request r);
    answer home(http::request r);
    answer style(http::request r);
    answer contents(http::request r); // ?scenario= ?q=
    answer read(http::request r);
    answer form(http::request r);

    static constexpr auto table() {
        using http::verb;
        using p = permission;
        using h = help_routes;
        constexpr auto open = [](http::shape s) {
            return http::cross_origin(http::limited(s, http::rate::open));
        };
        constexpr auto html = http::limited(http::answers<no_body>(), http::rate::open);
        return std::to_array<http::row<help_routes>>({
            {verb::get, "/api/v1/help/suggestions", p::open, &h::suggestions, "suggestHelp",
             "Published articles that fit what a customer is writing", open(http::answers<help_suggestions>())},
            {verb::post, "/api/v1/help/articles/{slug}/feedback", p::open, &h::feedback, "rateHelp",
             "A reader says whether an article helped", open(http::takes<feedback_body, no_body>(204))},
            {verb::get, "/help", p::open, &h::home, "helpHome", "The help centre, in the reader's language",
             html},
            {verb::get, "/help/", p::open, &h::home, "helpHomeFolder", "The same", html},
            {verb::get, "/help/style.css", p::open, &h::style, "helpStyle", "How the help centre looks",
             http::limited(http::answers<no_body>(), http::rate::none)},
            {verb::get, "/help/{language}", p::open, &h::contents, "helpContents",
             "The articles of the help centre, or those found (HTML)", html},
            {verb::get, "/help/{language}/{slug}", p::open, &h::read, "helpArticle", "One article (HTML)",
             html},
            {verb::post, "/help/{language}/{slug}/feedback", p::open, &h::form, "helpFeedback",
             "The form below an article", html},
        });
    }

private:
    conversation::surroundings& s_;
    library& library_;
    help_names names_;
};

} // namespace chat_centre::knowledge
