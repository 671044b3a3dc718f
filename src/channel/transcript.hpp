#pragma once
// The transcript of a call that is over, and what of it is not stored yet. Pure.

#include <chat_centre/base/clock.hpp>
#include <chat_centre/base/json.hpp>
#include <chat_centre/conversation/message.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::channel {

struct spoken { // one entry with words
    bool user = false;
    std::string text;
    std::string original; // what an interrupted answer would have been; "": the same
    bool interrupted = false;
    time_point at{};
    std::string feedback; // "", up or down
};

struct call_record {
    std::string session; // their conversation id
    std::string cc_session, user_id, user_name, user_phone, language;
    time_point started{}, ended{};
    std::vector<spoken> lines;
    json facts = json::object(); // summary, data that was collected, how it ended: bounded
};
// The `data` of a post_call_transcription; lenient: what is not of the documented kind counts as absent. nullopt: it names
// no conversation.
std::optional<call_record> read_call(const json& data);

struct kept_message { // a message that is stored
    int seq = 0;
    conversation::speaker role = conversation::speaker::user;
    std::string text;
};

// For each entry the seq of the message that it is; 0: it is not stored. In order by role and words; then what arrived
// in another order. An answer may stand in several messages (what staff wrote, told in one go).
std::vector<int> align(const std::vector<spoken>& lines, const std::vector<kept_message>& stored);

// The id of a message that several sources report (page, custom LLM, transcript): the n-th time that these words are said
// by this side of a session is the same message, whoever reports it. n counts from 1.
std::string session_message_id(std::string_view session, bool user, std::string_view text, int n);
std::string plain_words(std::string_view text); // runs of white space one space, none at the ends

} // namespace chat_centre::channel
