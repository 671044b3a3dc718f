#pragma once
// The rules engine: what is known of a conversation in, what to do and why out. Pure; see tests/routing/rules_test.cpp.
//
// Rules run in their order. What one sets, the next ones see, so the list is gone through again until nothing more
// matches: each rule at most once, at most `deepest` times, and a rule with `stop` ends it.

#include "routing/wording.hpp"

#include <chat_centre/base/json.hpp>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::routing {

constexpr int deepest = 5;

struct facts {
    std::string event;               // new, message, handover, transfer, reopen, resolve, time
    std::string text;                // what the customer wrote
    std::string sentiment, severity; // "": not known
    std::string language, channel, category, department, priority = "normal", status, handler;
    std::string name, email, phone;
    std::vector<std::string> tags;
    json contact = json::object(); // its columns and custom fields
    std::optional<bool> open;      // is the department within its hours?
    std::optional<std::int64_t> minutes_waiting, minutes_since_start, minutes_since_message;
    std::string category_department; // what "@category" stands for
};

struct condition {
    std::string field; // "text", "contact.vip", "minutes_waiting"
    std::string op;
    json value;
};

struct action {
    std::string verb; // "do" in JSON
    std::string value;
};

struct rule {
    std::int64_t id = 0;
    std::string name;
    int position = 0;
    bool active = true;
    std::vector<std::string> events;
    bool match_all = true; // else any of the conditions
    std::vector<condition> conditions;
    std::vector<action> actions;
    bool stop = false;
};

struct tested {
    condition what;
    bool result = false;
    wording because;
};

struct rule_trace {
    std::int64_t id = 0;
    std::string name;
    bool matched = false;
    std::vector<tested> conditions;
    std::vector<action> actions; // taken
    wording note;                // why it was passed over, if it was
};

struct outcome {
    std::optional<std::string> department, priority, category;
    double confidence = 0;                   // of the department: 0 when no rule chose one
    std::vector<std::string> tags, required; // required: fields to be asked for
    std::optional<std::string> ticket;       // source of the ticket to create
    std::optional<std::string> hand_over;    // the reason
    std::vector<std::string> notices;        // texts for the managers
};

struct evaluation {
    std::vector<rule_trace> trace;
    outcome result;
    std::vector<std::int64_t> fired;
};

// `before`: rules that have fired for this conversation and event already.
evaluation evaluate(const std::vector<rule>& rules, facts f, const std::set<std::int64_t>& before = {});

// Could it match, judged by nothing but text, language, sentiment, severity and channel? Saves a look into the
// database for the many messages that no rule is about.
bool may_match(const rule& r, const facts& f);

// How many of the words are in the text? Words match whole, in any of the written forms that fold_text makes one; a
// trailing * matches what begins so; Arabic words also match behind the article and one-letter prepositions.
// `found` gets the first.
int count_words(std::string_view folded_text, const std::vector<std::string>& words,
                std::string* found = nullptr);

// {"name","active","position","events","match","conditions","actions","stop"}. Throws error 422 naming every fault.
rule read_rule(const json& definition);
json to_json(const rule& r);
json to_json(const rule_trace& t);
json to_json(const outcome& o);

} // namespace chat_centre::routing
