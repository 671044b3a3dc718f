#pragma once
// The guided intake as a pure function: where a call stands, what was said, and out come where it stands now, what is
// said, and what must happen. No clock, no database, no texts: lines name prompts, which the service renders.
// Sources: document 001, its nine stages and its three departments.

#include <chat_centre/analysis/analysis.hpp>
#include <chat_centre/base/json.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::intake {

enum class stage : std::uint8_t {
    welcome,
    collect_name,
    collect_phone,
    collect_email,
    collect_service_type,
    confirm_data,
    route_to_department,
    department_handling,
    call_ended
};
inline constexpr std::array all_stages{stage::welcome,
                                       stage::collect_name,
                                       stage::collect_phone,
                                       stage::collect_email,
                                       stage::collect_service_type,
                                       stage::confirm_data,
                                       stage::route_to_department,
                                       stage::department_handling,
                                       stage::call_ended};
std::string_view to_string(stage s); // "collect_name"
std::optional<stage> parse_stage(std::string_view text);
stage next_stage(stage s); // in the documented order; the last one stays

struct state {
    stage at = stage::welcome;
    std::string language;                    // "en" or "ar"; "": not known yet, both are spoken
    std::string name, phone, email, service; // "": not given; phone in E.164 where its country is known
    bool email_skipped = false;
    std::string correcting;           // name, phone, email or service: asked again, then back to confirm_data
    int failures = 0;                 // answers in a row that did not fit the question
    int circles = 0;                  // turns in a row that brought nothing new
    int silences = 0;                 // timeouts in a row
    bool paused = false;              // nobody answered: nothing is said until the customer writes again
    std::string department, category; // slugs; "" before routing
    double confidence = 0;            // of the routing, 0 to 1
    std::string because;              // the words that it goes by
    std::string complaint, severity, priority;
    std::string ticket;   // "TKT_..." once it is open
    std::string handling; // "": not there yet; bot, or agent: a person has it or is on the way
    std::string reason;   // why a person is called: service, person, retries, no_answer, complaint, critical
    bool confirmed = false;

    bool operator==(const state&) const = default;
};
json to_json(const state& s);
state state_from(const json& j); // what is missing or of another kind stays as in state{}

enum class input_kind : std::uint8_t {
    said,     // the customer wrote `text`
    silence,  // IVR_TIMEOUT_SECONDS passed without a word
    language, // the page's switch: text is "en" or "ar"
    person,   // a person was asked for by a button, or by words that others have judged
    bye       // the customer hangs up
};
struct input {
    input_kind kind = input_kind::said;
    std::string text;
};

struct settings {
    int max_retries = 3;         // IVR_MAX_RETRIES: answers that do not fit, before a person takes over
    std::string default_country; // ISO letters; "": numbers without a country code are taken as they are
    bool email_required = false;
    // What a text is about; may be empty. Never asked for texts of which nothing is wanted.
    std::function<analysis::subject(std::string_view text)> route;
    std::function<bool(std::string_view text)> wants_person; // may be empty
    // What the knowledge base answers, if it is sure; may be empty.
    std::function<std::optional<std::string>(std::string_view text, std::string_view language)> answer;
};

struct line {               // a prompt, and values of its variables beyond those of the state
    std::string department; // reception, sales or complaints
    std::string key;
    std::map<std::string, std::string> values;

    bool operator==(const line&) const = default;
};

enum class effect : std::uint8_t {
    save,        // what is known of the customer has changed
    open_ticket, // of the complaint
    transfer,    // to people of state::department
    end          // nothing is left to do
};
std::string_view to_string(effect e);

struct outcome {
    intake::state state;
    std::vector<line> say;
    std::vector<effect> effects;
};

outcome begin(std::string language, const settings& s); // the welcome
outcome step(state from, const input& in, const settings& s);

// "done", "current" or "to_come": of this round of the call, told from what is known, so that what a call that ended or
// went to a person early never asked for is not shown as done.
std::string_view progress_of(const state& of, stage s);

// The question that the stage waits for an answer to; nullopt when it waits for none.
std::optional<line> question_of(const state& s);

} // namespace chat_centre::intake
