#pragma once
// What people say that no article answers: who is it that writes here, an introduction, a call for help that does not
// say with what, a no to a person, an insult, keys pressed at random, a number where nothing was numbered. Pure.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::assistant {

enum class aside : std::uint8_t {
    none,
    who,          // "are you a bot?"
    introduction, // "my name is John", and no more
    help,         // "I have a question"
    no_person,    // "I don't need a human"
    insult,
    unreadable,
    number
};

struct small_talk_of {
    std::string_view text;                      // trimmed
    std::string_view folded;                    // fold_text(text)
    const std::vector<std::string_view>& words; // of it
    std::string_view name;                      // that the text gives
    bool refused = false;                       // without_refusals() left nothing to answer
};
aside small_talk_in(const small_talk_of& s);

// Does the text, greetings aside, only ask who writes here? `folded` may be a sentence of it.
bool asks_who(std::string_view folded);

} // namespace chat_centre::assistant
