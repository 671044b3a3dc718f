#pragma once
// What the assistant is there for: a shop's questions are not a foundation's. A scenario is data that admins edit; a
// conversation names one when it begins, else the default one applies.

#include <chat_centre/base/json.hpp>
#include <chat_centre/base/newest.hpp>
#include <chat_centre/db/tx.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::assistant {

// When the assistant says what. Scores and moods as they come from retrieval and analysis.
struct thresholds {
    double answer = 0.6;   // 0 to 1: from here on an article is the answer
    double suggest = 0.35; // from here on it is worth offering; below it nothing is known
    double mood = -0.7;    // -1 to 0: at or below, the customer is handed over before it gets worse
    int failures = 2;      // turns in a row without a sure answer, until a person is called
    int repetitions = 3;   // how often the same question may be asked, until a person is called
    int window = 12;       // messages that a model gets word for word; what was before is summed up

    bool operator==(const thresholds&) const = default;
};

struct branding {
    std::string colour;         // "#1d4ed8", or "" for the page's own
    std::string assistant_name; // "": ASSISTANT_NAME
    std::string greeting_en;    // {company} stands for the company's name; "": the general one
    std::string greeting_ar;

    bool operator==(const branding&) const = default;
};

struct scenario {
    std::int64_t id = 0;
    std::string slug, name_en, name_ar;
    std::string prompt;          // what a model is told to be
    std::string language = "en"; // spoken when nothing tells the customer's
    branding look;
    bool intake = false; // a guided intake leads the conversation while it has something to ask
    thresholds limits;
    bool active = true;

    bool operator==(const scenario&) const = default;
};

std::string greeting(const scenario& s, std::string_view language, std::string_view company);

// Every scenario, in memory, because every greeting and every turn asks for one. Thread-safe; learn() is called at
// start and when the event "scenario.changed" says so, in every process.
class scenario_book {
public:
    explicit scenario_book(std::string default_slug) : default_(std::move(default_slug)) {}

    void learn(db::tx& t);
    // The active one of that slug, else the default one, else any active one, else built-in values: never null.
    std::shared_ptr<const scenario> find(std::string_view slug) const;
    std::shared_ptr<const scenario> exactly(
        std::string_view slug) const;         // null when there is none, or it is not active
    std::vector<std::string> prompts() const; // of all of them: what no answer may repeat

private:
    using scenarios = std::map<std::string, std::shared_ptr<const scenario>, std::less<>>;
    std::string default_;
    newest<scenarios> all_;
};

} // namespace chat_centre::assistant
