#pragma once
// What the assistant remembers of a conversation beyond its last messages: a few bounded notes, worked out turn by turn
// from what was said, so that the same messages always give the same notes. Pure.

#include <chat_centre/base/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::assistant {

struct asked_question {
    std::string text;                 // shortened
    std::vector<std::string> content; // reading::content
    int times = 1;
    std::string answer; // title of the article that answered it; "" when none did
};

struct offered_choice {
    std::int64_t article = 0;
    std::string title, language, category, passage;
};

struct memory {
    int seq = 0;                          // messages up to here are in it
    std::string language;                 // spoken in the last turn
    std::string name;                     // as the customer gave it
    int unsure = 0;                       // turns in a row without a sure answer
    int upset = 0;                        // messages in a row that were unhappy
    std::vector<asked_question> asked;    // oldest first
    std::vector<offered_choice> offered;  // in the last turn; the customer may name one by its number
    std::vector<std::string> references;  // oldest first
    std::string topic;                    // the words of the last question that stood on its own
    std::vector<std::string> topic_words; // what its answer was about: title and category
    std::string category;                 // of the article that answered last

    static constexpr std::size_t most_asked = 12, most_references = 8, longest_text = 240,
                                 longest_passage = 1600;
};

json to_json(const memory& m);
memory memory_from(const json& stored); // what does not fit is left out: old notes never stop a turn

// The notes as lines that a model can read; "" when there are none.
std::string summary_of(const memory& m);

std::string cut_text(std::string_view text, std::size_t most_bytes); // between characters, with an ellipsis

} // namespace chat_centre::assistant
