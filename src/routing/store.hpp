#pragma once
// SQL of desks, categories, people's skills, rules and decisions.

#include "routing/choose.hpp"
#include "routing/hours.hpp"
#include "routing/rules.hpp"

#include <chat_centre/db/tx.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace chat_centre::routing {

struct desk_settings {
    std::int64_t id = 0;
    std::string slug, name_en, name_ar;
    bool is_default = false;
    method how = method::manual;
    int accept_seconds = 0; // 0: given at once
    std::optional<int> queue_limit;
    std::string full_en, full_ar;
    std::vector<std::string> skills;
    double turn = 0;                   // how far the round robin has come
    calendar open;                     // in force
    std::string hours_from = "always"; // whose they are: department, company, always
    std::optional<calendar> company;   // what counts without shifts of its own; nullopt: around the clock
    calendar own;                      // as set for this department; without shifts it keeps the company's
    std::vector<std::string> holiday_names; // beside own.holidays
};
std::optional<desk_settings> find_desk(db::tx& t, std::int64_t department);
std::int64_t default_department(db::tx& t); // 0: none
// 0: there is none of this slug.
std::int64_t department_id(db::tx& t, const std::string& slug);
void save_desk(db::tx& t, const desk_settings& d);

struct category {
    std::int64_t id = 0;
    std::string slug, name_en, name_ar, department;
    std::vector<std::string> keywords_en, keywords_ar;
    std::map<std::string, double> weights; // of keywords that have one of their own
};
std::vector<category> categories(db::tx& t, std::int64_t after, std::int64_t limit);
std::optional<category> find_category(db::tx& t, const std::string& slug);
// The category whose keywords weigh most in the text; the earlier one of two alike. nullptr: none.
const category* detect_category(const std::vector<category>& all, std::string_view text);

struct skill {
    std::string name;
    int level = 3;
};
struct person_skills {
    std::vector<skill> skills;
    int weight = 1;
};
std::optional<person_skills> find_skills(db::tx& t, std::int64_t staff);
void save_skills(db::tx& t, std::int64_t staff, const person_skills& s);

std::vector<rule> rules(db::tx& t); // in their order
rule rule_from(const db::row& r);

struct decision {
    std::int64_t conversation = 0;
    std::string kind;
    std::int64_t staff = 0;
    wording reason;
    json detail = json::array();
};
void record(db::tx& t, const decision& d, time_point now);
void record(db::tx& t, const std::vector<decision>& all, time_point now); // in one statement
json to_json(const std::vector<verdict>& candidates);
json decisions_of(db::tx& t, std::int64_t conversation);

} // namespace chat_centre::routing
