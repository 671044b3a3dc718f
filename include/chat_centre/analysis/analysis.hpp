#pragma once
// What a text says, without storing it: language, intent, mood, how bad it is, whose work it is. English and Arabic by
// word lists with negation, so that an answer can name the words it comes from; where no word decides, by the small
// models of models.hpp. Pure functions, tens of microseconds each, safe on any thread; text is UTF-8, invalid bytes are
// ignored.

#include <chat_centre/base/phone.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::analysis {

// "en", "ar", "mixed" (both scripts), other languages that script or function words give away ("fr", "es", "pt", "sw",
// "sn", "fa", "ur", "ru", "he", "zh", "ja", "ko", "hi", "el"), or "" when there are no letters. Addresses and links
// in the text do not count.
std::string language_of(std::string_view text);

struct mood {
    double score = 0;              // -1 (furious) to 1 (delighted)
    std::string label = "neutral"; // negative, neutral, positive
    std::string because;           // the words, for staff to read
    bool guessed = false;          // no word of it gives it away: the model's likeness
};
mood mood_of(std::string_view text);

enum class severity : std::uint8_t { low, medium, high, critical };
std::string_view to_string(severity s);

// Of whom a critical text speaks; none: nobody is in danger, or it is not critical.
enum class danger : std::uint8_t { none, life, self };

struct urgency {
    severity level = severity::low;
    danger whom = danger::none;
    bool patient = false; // the text says that it may wait
    std::string because;
};
urgency urgency_of(std::string_view text);
// A quick look, for the path that every message takes: false when urgency_of() certainly does not say critical.
// `folded` is fold_text(text), which the caller has at hand.
bool may_be_critical(std::string_view text, std::string_view folded);
// emergency, high, normal or low. Ordinary questions are normal; low is what says of itself that it may wait.
std::string_view priority_of(const urgency& u);

struct subject {
    std::string department = "reception"; // slug; reception takes what no other department's words fit
    std::string category = "general";     // slug
    double confidence = 0;                // 0 (nothing found) to 1
    std::string because;
};

// The words of a category. They are data: whoever asks hands them in.
struct keyword {
    std::string text;  // a word or phrase; a trailing * leaves its end open
    double weight = 0; // how much it counts; 0: 2 for a word, 3 for a phrase
};
struct subject_words {
    std::string category, department; // slugs; department "": reception's
    std::vector<keyword> keywords;
};
// Made once for a set of categories, asked from any thread. Of two categories that fit alike the earlier one is meant.
class subject_finder {
public:
    explicit subject_finder(std::vector<subject_words> categories);
    subject_finder(subject_finder&&) noexcept;
    subject_finder& operator=(subject_finder&&) noexcept;
    ~subject_finder();

    subject find(std::string_view text) const;

private:
    struct lists;
    std::unique_ptr<lists> lists_;
};

struct intent {
    std::string label =
        "other"; // greeting, thanks, goodbye, question, complaint, status_check, order, booking, other
    double confidence = 0; // 0 to 1
};
intent intent_of(std::string_view text);

struct handover {
    bool needed = false;
    double confidence = 0; // 0 to 1
    std::string reason;
};
// Does the text ask for a person? Judged by the assistant, which stands to the right of this folder: the composition
// root hands its judgement in. nullopt: nothing in the text speaks of it.
using handover_judge = std::function<std::optional<handover>(std::string_view text)>;

struct reason {
    std::string what; // the field it explains
    std::string because;
};
struct result {
    std::string language;
    intent wanted;
    mood sentiment;
    subject about;
    urgency how_bad;
    std::string priority;
    handover person;
    std::optional<phone_number> phone; // the first valid one in the text
    std::vector<std::string> emails;   // all of them, normalised
    std::vector<reason> reasons;
};
// All of it. A critical text needs a person whatever the judge says. default_country: ISO 3166 code that numbers
// without a country code are read in; "" leaves them out.
result analyse(std::string_view text, std::string_view default_country, const handover_judge& judge,
               const subject_finder& subjects);

} // namespace chat_centre::analysis
