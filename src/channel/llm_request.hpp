#pragma once
// A request of the custom LLM and what of it is new. Pure.

#include <chat_centre/base/json.hpp>
#include <chat_centre/http/message.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::channel {

struct llm_request {
    std::string session; // their conversation id: X-EL-Conversation-Id, or cc-conversation-id: in the system prompt
    std::string cc_session; // ours: X-CC-Session, or elevenlabs_extra_body.cc_session
    std::string user_id, model;
    std::vector<std::string> user_texts; // of role user, in order, never blank
    bool stream = true;
    bool may_skip = false; // the tool skip_turn is offered
};
// OpenAI's chat completions request, leniently: unknown fields are ignored, content is text or a list of parts. Throws
// 422 naming `messages` when there are none, or nothing says whose conversation it is.
llm_request read_llm_request(const http::request& r);

// What the turns of a request are, beside those that were seen before. Hashes of the customer's texts, oldest first.
struct turn_plan {
    // The turn that is asked about: its number (from 1) among all turns that were seen. 0: there is no customer turn yet.
    int n = 0;
    // The request's texts (indexes from 0) that are new, in order, with the number that each gets; the last is turn n.
    struct fresh {
        std::size_t index;
        int n;
    };
    std::vector<fresh> add;
};
// New texts are added; the same history again is a retry; another text in the place of the last is a revision, which is
// added as what was said now; a history that was trimmed or withdrawn adds nothing but what was never seen.
turn_plan plan_turns(const std::vector<std::string>& known, const std::vector<std::string>& asked);

} // namespace chat_centre::channel
