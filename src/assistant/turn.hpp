#pragma once
// A turn of the assistant without a model: what was said, what is known, and what to do about it. Pure; everything that
// it needs is handed in.

#include "assistant/memory.hpp"
#include "assistant/reading.hpp"

#include <chat_centre/assistant/retrieval.hpp>
#include <chat_centre/assistant/scenario.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::assistant {

enum class decision : std::uint8_t { answer, ask, suggest, hand_over };
std::string_view to_string(decision d);

struct own_ticket {
    std::string id, subject, status, day; // day of its last change
};

struct situation {
    const thresholds& limits;
    const memory& known;
    const reading& said;
    const std::vector<article_hit>& found;  // best first
    const std::vector<own_ticket>& tickets; // of this customer; filled for status checks
};

struct ruling {
    decision what = decision::answer;
    std::string text;
    double confidence = 1;         // that the text is what the customer needed
    bool sure = true;              // false: counts towards calling a person
    bool low_confidence = false;   // a hand-over because there was no sure answer
    std::string reason;            // for staff, why a person is called; "" when none is
    std::vector<article_hit> used; // articles that the text quotes or names
    std::vector<offered_choice> offered;
};

// What to look up. A question that leans on the one before gets its words.
std::string query_for(const reading& said, const memory& known);
// A short question mostly goes on with what was spoken of ("how long does it take?"): articles of the
// category that answered last are worth a little more.
void keep_to_topic(std::vector<article_hit>& found, const reading& said, const memory& known);

// The choice that the customer made of what was offered; null when they made none.
const offered_choice* chosen(const reading& said, const memory& known);

ruling decide(const situation& s);

// Should a person be called whatever there would be to answer? A ruling with decision::hand_over, else decision::answer
// and no text. Asked before a model is.
ruling foresee(const situation& s);
// A hand-over because this turn had no sure answer and the turns before had none either; otherwise v as it is.
ruling after_failures(ruling v, const situation& s);

memory remember(memory known, const reading& said, const ruling& v, int seq);

} // namespace chat_centre::assistant
