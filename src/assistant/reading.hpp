#pragma once
// The first half of a turn: what a customer's text says. Pure.

#include "assistant/small_talk.hpp"

#include <chat_centre/analysis/analysis.hpp>
#include <chat_centre/assistant/handover.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::assistant {

enum class intent : std::uint8_t {
    greeting,
    thanks,
    goodbye,
    question,
    complaint,
    status_check,
    human,
    other
};
std::string_view to_string(intent i);

struct reading {
    std::string text;     // without the spaces around it
    std::string language; // "en" or "ar": what to answer in
    intent what = intent::other;
    analysis::mood mood;
    std::string query;                // what is left to look up, without greeting and thanks
    std::vector<std::string> content; // its words that carry meaning, folded, each once, in order of the alphabet
    std::string reference;            // "TKT_20261120_AB12", "ORD-1234"; "" when there is none
    std::string name;                 // "my name is John"; "" when not said
    bool leans_back = false;          // "and for medical?": the question before is part of it
    aside small_talk = aside::none; // then `what` is intent::other, unless a person is asked for
    int choice = 0;                 // "2", "the second one": which of what was offered; 0: none
    bool yes = false;               // "yes, please": the only thing that was offered
};

struct reading_context {
    std::string_view conversation_language; // "" when unknown
    std::string_view spoken_before;         // the language of the turn before; ""
    std::string_view default_language = "en";
    handover_settings person;
};
reading read(std::string_view text, const reading_context& context = {});

// How much of what two questions ask is the same, 0 to 1.
double likeness(const std::vector<std::string>& a, const std::vector<std::string>& b);

// Words of a text that carry meaning, as reading::content has them.
std::vector<std::string> content_words(std::string_view text);

} // namespace chat_centre::assistant
