#pragma once
// Rules, categories, departments' desks, people's skills, decisions and offers over HTTP.

#include <chat_centre/base/clock.hpp>
#include <chat_centre/base/fields.hpp>
#include <chat_centre/db/pool.hpp>
#include <chat_centre/http/router.hpp>
#include <chat_centre/routing/routing.hpp>

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace chat_centre::routing {

struct assignment_set {
    static constexpr std::array<std::string_view, 3> names{"manual", "round_robin", "least_loaded"};
};

struct shift_body {
    number<1, 7> day; // Monday is 1
    text<5, 5> from;  // "09:00", local time of the department
    text<5, 5> to;    // exclusive; "24:00" is the end of the day
};
BOOST_DESCRIBE_STRUCT(shift_body, (), (day, from, to))
struct holiday_body {
    text<10, 10> date;
    text<0, 100> name;
};
BOOST_DESCRIBE_STRUCT(holiday_body, (), (date, name))
struct desk_body { // what is left out stays as it is, apart from queue_limit
    std::optional<chat_centre::choice<assignment_set>> assignment;
    std::optional<number<0, 3600>> accept_seconds;   // 0: given at once
    std::optional<number<1, 1'000'000>> queue_limit; // null or left out: none
    std::optional<text<1, 60>> time_zone;
    std::optional<std::vector<shift_body>> hours;
    std::optional<std::vector<holiday_body>> holidays;
    std::optional<std::vector<text<1, 50>>> skills_required;
    std::optional<text<1, 1000>> full_answer_en;
    std::optional<text<1, 1000>> full_answer_ar;
};
BOOST_DESCRIBE_STRUCT(desk_body, (),
                      (assignment, accept_seconds, queue_limit, time_zone, hours, holidays, skills_required,
                       full_answer_en, full_answer_ar))
struct hours_in_force_view {
    std::string from; // whose they are: department, company (the server's settings), always (around the clock)
    std::string time_zone;
    std::vector<shift_body> hours;
};
BOOST_DESCRIBE_STRUCT(hours_in_force_view, (), (from, time_zone, hours))
struct company_hours_view {
    std::string time_zone;
    std::vector<shift_body> hours;
};
BOOST_DESCRIBE_STRUCT(company_hours_view, (), (time_zone, hours))
struct desk_view {
    std::string department;
    chat_centre::choice<assignment_set> assignment;
    std::int64_t accept_seconds = 0;
    std::optional<std::int64_t> queue_limit;
    std::string time_zone;
    std::vector<shift_body> hours;
    std::vector<holiday_body> holidays;
    std::vector<std::string> skills_required;
    std::string full_answer_en, full_answer_ar;
    bool open = true; // now
    hours_in_force_view in_force;
    std::optional<company_hours_view> company_hours; // null: none are set
};
BOOST_DESCRIBE_STRUCT(desk_view, (),
                      (department, assignment, accept_seconds, queue_limit, time_zone, hours, holidays,
                       skills_required, full_answer_en, full_answer_ar, open, in_force, company_hours))

using keyword_list = std::vector<text<1, 80>>; // a trailing * matches what begins so
struct category_body {
    text<1, 50> slug;
    text<1, 100> name_en;
    text<1, 100> name_ar;
    std::optional<text<0, 50>> department;
    std::optional<keyword_list> keywords_en;
    std::optional<keyword_list> keywords_ar;
};
BOOST_DESCRIBE_STRUCT(category_body, (), (slug, name_en, name_ar, department, keywords_en, keywords_ar))
struct category_change_body {
    std::optional<text<1, 100>> name_en;
    std::optional<text<1, 100>> name_ar;
    std::optional<text<0, 50>> department; // "": none
    std::optional<keyword_list> keywords_en;
    std::optional<keyword_list> keywords_ar;
};
BOOST_DESCRIBE_STRUCT(category_change_body, (), (name_en, name_ar, department, keywords_en, keywords_ar))
struct category_view {
    std::string slug, name_en, name_ar;
    std::optional<std::string> department;
    std::vector<std::string> keywords_en, keywords_ar;
};
BOOST_DESCRIBE_STRUCT(category_view, (), (slug, name_en, name_ar, department, keywords_en, keywords_ar))
struct category_page {
    std::vector<category_view> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(category_page, (), (items, next_cursor))

struct skill_body {
    text<1, 50> skill;
    std::optional<number<1, 5>> level; // 3
};
BOOST_DESCRIBE_STRUCT(skill_body, (), (skill, level))
struct skills_body {
    std::vector<skill_body> skills;
    std::optional<number<1, 100>> weight; // 1: a share like everybody's
};
BOOST_DESCRIBE_STRUCT(skills_body, (), (skills, weight))
struct skill_view {
    std::string skill;
    std::int64_t level = 3;
};
BOOST_DESCRIBE_STRUCT(skill_view, (), (skill, level))
struct skills_view {
    std::vector<skill_view> skills;
    std::int64_t weight = 1;
};
BOOST_DESCRIBE_STRUCT(skills_view, (), (skills, weight))

// Schema of a rule; src/routing/rule_json.cpp reads it, because words and numbers share the member `value`.
struct rule_view {
    std::string rule_id, name;
    std::int64_t position = 0;
    bool active = true;
    std::vector<std::string> events; // new, message, handover, transfer, reopen, resolve, time
    std::string match;               // all, any
    std::vector<json> conditions;    // {field, op, value}
    std::vector<json> actions;       // {do, value}
    bool stop = false;
};
BOOST_DESCRIBE_STRUCT(rule_view, (),
                      (rule_id, name, position, active, events, match, conditions, actions, stop))
struct rule_body {
    std::string name;
    std::optional<std::int64_t> position; // 0 or none: last, before the shipped ones that catch the rest
    std::optional<bool> active;
    std::vector<std::string> events;
    std::optional<std::string> match;
    std::optional<std::vector<json>> conditions;
    std::vector<json> actions;
    std::optional<bool> stop;
};
BOOST_DESCRIBE_STRUCT(rule_body, (), (name, position, active, events, match, conditions, actions, stop))
struct rule_page {
    std::vector<rule_view> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(rule_page, (), (items, next_cursor))

struct try_body {
    chat_centre::text<1, 16000> text;
    std::optional<chat_centre::text<0, 40>> event; // new, message, handover ...; left out: handover
    std::optional<chat_centre::text<0, 40>> channel;
    std::optional<chat_centre::text<0, 20>> language;
    std::optional<chat_centre::text<0, 50>> category;
    std::optional<chat_centre::text<0, 40>> at; // RFC 3339; now
    std::optional<json> contact;
};
BOOST_DESCRIBE_STRUCT(try_body, (), (text, event, channel, language, category, at, contact))
struct try_view {
    std::vector<json> trace; // {rule, matched, conditions: [{condition, result, because}], actions}
    json outcome;
};
BOOST_DESCRIBE_STRUCT(try_view, (), (trace, outcome))

struct decision_page {
    std::vector<json> items; // {at, kind, chosen, reason, candidates}
};
BOOST_DESCRIBE_STRUCT(decision_page, (), (items))

struct offer_view { // as the event `offer`
    std::string conversation_id, staff_id;
    time_point expires_at;
    std::string user_name;
    std::optional<std::string> category;
    std::string priority;
    std::string reason, reason_ar; // why this person, in a sentence; the whole decision: listDecisions
};
BOOST_DESCRIBE_STRUCT(offer_view, (),
                      (conversation_id, staff_id, expires_at, user_name, category, priority, reason, reason_ar))
struct offer_page {
    std::vector<offer_view> items;
};
BOOST_DESCRIBE_STRUCT(offer_page, (), (items))
struct acceptance_body {
    bool accept = false;
};
BOOST_DESCRIBE_STRUCT(acceptance_body, (), (accept))
struct acceptance_view {
    std::string conversation_id;
    bool accepted = false;
};
BOOST_DESCRIBE_STRUCT(acceptance_view, (), (conversation_id, accepted))

class routes {
public:
    // All outlive it. `screen` learns of a change before the caller has the answer; other processes by the event.
    routes(db::pool& pool, const clock_source& clock, message_screen& screen, text_judges judges)
        : pool_(pool), clock_(clock), screen_(screen), judges_(std::move(judges)) {}

    using answer = boost::asio::awaitable<http::response>;
    answer list_rules(http::request r);
    answer add_rule(http::request r);
    answer get_rule(http::request r);
    answer change_rule(http::request r);
    answer delete_rule(http::request r);
    answer try_rules(http::request r);
    answer list_categories(http::request r);
    answer add_category(http::request r);
    answer change_category(http::request r);
    answer get_desk(http::request r);
    answer put_desk(http::request r);
    answer get_skills(http::request r);
    answer put_skills(http::request r);
    answer decisions(http::request r);
    answer own_offers(http::request r);
    answer accept(http::request r);

    static constexpr auto table() {
        using http::verb;
        using p = permission;
        return std::to_array<http::row<routes>>({
            {verb::get, "/api/v1/rules", p::desk_read, &routes::list_rules, "listRules",
             "Routing rules, in their order", http::answers<rule_page>()},
            {verb::post, "/api/v1/rules", p::desk_write, &routes::add_rule, "createRule",
             "Make a routing rule", http::takes<rule_body, rule_view>(201)},
            {verb::post, "/api/v1/rules/try", p::desk_read, &routes::try_rules, "tryRules",
             "What the rules would do with a text, and why", http::takes<try_body, try_view>()},
            {verb::get, "/api/v1/rules/{id}", p::desk_read, &routes::get_rule, "getRule", "One routing rule",
             http::answers<rule_view>()},
            {verb::patch, "/api/v1/rules/{id}", p::desk_write, &routes::change_rule, "changeRule",
             "Change a routing rule", http::takes<rule_body, rule_view>()},
            {verb::del, "/api/v1/rules/{id}", p::desk_write, &routes::delete_rule, "deleteRule",
             "Delete a routing rule", http::shape{nullptr, nullptr, 204}},
            {verb::get, "/api/v1/categories", p::desk_read, &routes::list_categories, "listCategories",
             "Categories with the words they are known by", http::answers<category_page>()},
            {verb::post, "/api/v1/categories", p::desk_write, &routes::add_category, "createCategory",
             "Make a category", http::takes<category_body, category_view>(201)},
            {verb::patch, "/api/v1/categories/{slug}", p::desk_write, &routes::change_category,
             "changeCategory", "Change a category", http::takes<category_change_body, category_view>()},
            {verb::get, "/api/v1/departments/{slug}/desk", p::desk_read, &routes::get_desk, "getDesk",
             "How a department's queue is served", http::answers<desk_view>()},
            {verb::put, "/api/v1/departments/{slug}/desk", p::desk_write, &routes::put_desk, "putDesk",
             "Set how a department's queue is served", http::takes<desk_body, desk_view>()},
            {verb::get, "/api/v1/staff/{id}/skills", p::desk_read, &routes::get_skills, "getSkills",
             "What a person is skilled in, and their share of the work", http::answers<skills_view>()},
            {verb::put, "/api/v1/staff/{id}/skills", p::desk_write, &routes::put_skills, "putSkills",
             "Set a person's skills and weight", http::takes<skills_body, skills_view>()},
            {verb::get, "/api/v1/conversations/{id}/decisions", p::desk_read, &routes::decisions,
             "listDecisions", "Why a conversation went where it is, newest first",
             http::answers<decision_page>()},
            {verb::get, "/api/v1/me/offers", p::conversation_take, &routes::own_offers, "listMyOffers",
             "Conversations that are offered to the caller now", http::answers<offer_page>()},
            {verb::post, "/api/v1/conversations/{id}/acceptance", p::conversation_take, &routes::accept,
             "answerOffer", "Accept or decline an offered conversation",
             http::takes<acceptance_body, acceptance_view>()},
        });
    }

private:
    boost::asio::awaitable<void> learn();

    db::pool& pool_;
    const clock_source& clock_;
    message_screen& screen_;
    text_judges judges_;
};

} // namespace chat_centre::routing
