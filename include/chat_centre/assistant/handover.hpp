#pragma once
// Does a text ask for a person? By phrases in English and Arabic, with negations ("I don't need a human") respected,
// and by a small model for what no phrase foresees; the model also has a say where a phrase only names somebody
// ("customer service told me"). Pure and cheap (a few microseconds), because it runs before a message is queued.
// Sources: document 003 lines 7-10 for the customer's phrases, document 000 line 42 for the assistant's.

#include <chat_centre/conversation/message.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace chat_centre::assistant {

struct handover_settings {
    bool enabled = true;    // AI_INTENT_DETECTION_ENABLED
    double threshold = 0.7; // AI_INTENT_CONFIDENCE_THRESHOLD; reached means "at least"
    bool logging = true;    // AI_INTENT_LOGGING_ENABLED
};

// nullopt: nothing in the text speaks of it. A signal with needed == false: a phrase was there, but negated or below
// the threshold; it is only logged.
std::optional<conversation::handover_signal> detect_handover(std::string_view text, conversation::speaker role,
                                                             const handover_settings& settings = {});

// For the log: the judgement on a customer's text of which detect_handover() has nothing to say, with how sure that is.
// nullopt: it has.
std::optional<conversation::handover_signal> plain_negative(std::string_view text,
                                                            const handover_settings& settings = {});

// The text without the parts that only decline a person: "no agent please, how do I donate?" -> " how do I donate?".
std::string without_refusals(std::string_view text);

} // namespace chat_centre::assistant
