#pragma once
// What a model is asked, and what is made of its reply. What a customer wrote is in user messages only, fenced; what a
// model says is text to be judged, and changes nothing but what is said. Pure.

#include "assistant/memory.hpp"

#include <chat_centre/assistant/model.hpp>
#include <chat_centre/assistant/retrieval.hpp>
#include <chat_centre/assistant/scenario.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::assistant {

struct spoken_line {
    std::string role; // user, ai, staff, system
    std::string text;
};

struct prompt_facts {
    const scenario& role;
    const memory& known;
    const std::vector<article_hit>& found;
    const std::vector<spoken_line>& window; // the last of it is what to answer
    std::string_view language;              // "en" or "ar"
};
std::vector<prompt_message> answer_prompt(const prompt_facts& f);

struct model_reply {
    std::string text;
    double confidence = 0;
    bool hand_over = false;
    std::string reason;
};
// A JSON object as the prompt asks for, or plain text, whose confidence is `otherwise`. nullopt: neither.
std::optional<model_reply> read_reply(std::string_view raw, double otherwise);

// Does an answer repeat what no customer may read? Several words in a row of a prompt (any scenario's, or the general
// rules), unless an article says them, too.
bool leaks(std::string_view answer, const std::vector<std::string>& prompts,
           const std::vector<article_hit>& found);

std::vector<prompt_message> intent_prompt(std::string_view text);
struct judgement {
    bool needed = false;
    double confidence = 0;
    std::string reason;
};
std::optional<judgement> read_judgement(std::string_view raw);

} // namespace chat_centre::assistant
