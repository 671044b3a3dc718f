#pragma once
// The HTTP face of scenarios: admins edit them, and a page may read how one looks.

#include <chat_centre/assistant/scenario.hpp>
#include <chat_centre/base/clock.hpp>
#include <chat_centre/base/fields.hpp>
#include <chat_centre/db/pool.hpp>
#include <chat_centre/http/router.hpp>

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace chat_centre::assistant {

struct scenario_languages {
    static constexpr std::array<std::string_view, 2> names{"en", "ar"};
};

struct branding_body {
    std::optional<text<0, 7>> colour;
    std::optional<text<0, 60>> assistant_name;
    std::optional<text<0, 1000>> greeting_en;
    std::optional<text<0, 1000>> greeting_ar;
};
BOOST_DESCRIBE_STRUCT(branding_body, (), (colour, assistant_name, greeting_en, greeting_ar))

struct scenario_body {
    text<1, 50> slug;
    text<1, 100> name_en, name_ar;
    std::optional<text<0, 8000>> prompt;
    std::optional<choice<scenario_languages>> default_language;
    std::optional<branding_body> branding;
    std::optional<bool> intake;
    std::optional<json> thresholds;
    std::optional<bool> active;
};
BOOST_DESCRIBE_STRUCT(scenario_body, (),
                      (slug, name_en, name_ar, prompt, default_language, branding, intake, thresholds, active))

struct scenario_change_body {
    std::optional<text<1, 100>> name_en, name_ar;
    std::optional<text<0, 8000>> prompt;
    std::optional<choice<scenario_languages>> default_language;
    std::optional<branding_body> branding;
    std::optional<bool> intake;
    std::optional<json> thresholds;
    std::optional<bool> active;
};
BOOST_DESCRIBE_STRUCT(scenario_change_body, (),
                      (name_en, name_ar, prompt, default_language, branding, intake, thresholds, active))

struct branding_view {
    std::string colour, assistant_name, greeting_en, greeting_ar;
};
BOOST_DESCRIBE_STRUCT(branding_view, (), (colour, assistant_name, greeting_en, greeting_ar))
struct thresholds_view {
    double answer = 0, suggest = 0, mood = 0;
    std::int64_t failures = 0, repetitions = 0, window = 0;
};
BOOST_DESCRIBE_STRUCT(thresholds_view, (), (answer, suggest, mood, failures, repetitions, window))
struct scenario_view {
    std::string scenario_id, slug, name_en, name_ar, prompt, default_language;
    branding_view branding;
    bool intake = false;
    thresholds_view thresholds;
    bool active = true, is_default = false;
};
BOOST_DESCRIBE_STRUCT(scenario_view, (),
                      (scenario_id, slug, name_en, name_ar, prompt, default_language, branding, intake,
                       thresholds, active, is_default))
struct scenario_page {
    std::vector<scenario_view> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(scenario_page, (), (items, next_cursor))

struct words_view {
    std::string en, ar;
};
BOOST_DESCRIBE_STRUCT(words_view, (), (en, ar))
struct public_branding_view {
    std::string slug, default_language, colour, assistant_name;
    words_view name, greeting;
};
BOOST_DESCRIBE_STRUCT(public_branding_view, (),
                      (slug, default_language, colour, assistant_name, name, greeting))

struct company_names { // as greetings have them
    std::string en, ar, assistant;
};

class scenario_routes {
public:
    // All references outlive it.
    scenario_routes(db::pool& pool, const clock_source& clock, scenario_book& book, company_names company)
        : pool_(pool), clock_(clock), book_(book), company_(std::move(company)) {}

    using answer = boost::asio::awaitable<http::response>;
    answer list(http::request r);
    answer add(http::request r);
    answer get(http::request r);
    answer change(http::request r);
    answer look(http::request r);

    static constexpr auto table() {
        using http::verb;
        using self = scenario_routes;
        return std::to_array<http::row<self>>({
            {verb::get, "/api/v1/scenarios", permission::desk_read, &self::list, "listScenarios",
             "Scenarios: what the assistant is there for", http::answers<scenario_page>()},
            {verb::post, "/api/v1/scenarios", permission::desk_write, &self::add, "addScenario",
             "Make a scenario", http::takes<scenario_body, scenario_view>(201)},
            {verb::get, "/api/v1/scenarios/{slug}", permission::desk_read, &self::get, "getScenario",
             "One scenario", http::answers<scenario_view>()},
            {verb::patch, "/api/v1/scenarios/{slug}", permission::desk_write, &self::change, "changeScenario",
             "Change a scenario", http::takes<scenario_change_body, scenario_view>()},
            {verb::get, "/api/v1/scenarios/{slug}/branding", permission::open, &self::look,
             "getScenarioBranding", "How a scenario looks and greets, for the page that shows it",
             http::cross_origin(http::limited(http::answers<public_branding_view>(), http::rate::open))},
        });
    }

private:
    db::pool& pool_;
    const clock_source& clock_;
    scenario_book& book_;
    company_names company_;
};

} // namespace chat_centre::assistant
