#pragma once
// What a customer's widget is told of their conversation, worked out from the frames of docs/protocol.md that a page of
// ours would get. Pure: time comes in, frames go out.

#include "channel/convai_frames.hpp"

#include <chat_centre/base/json.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chat_centre::channel {

struct convai_manners {
    // Nothing new for so long while the customer waits for a person: they are told that they still do. The widget ends a
    // session by itself after ten minutes without a new line.
    std::chrono::seconds waiting_notice{510};
    bool staff_names = true; // the first message of each member of staff begins with their name
};

// How a conversation stands, of what its customer may know.
struct convai_standing {
    std::string status = "bot", handler = "bot", staff; // staff: the name, "" for nobody
    std::optional<std::int64_t> place, wait_seconds;
};
convai_standing convai_standing_of(const json& data); // of conversation.new and conversation.update

// What is said here and stored nowhere, in the customer's language.
enum class convai_line : std::uint8_t {
    ended,     // resolved
    text_only, // audio
    no_files,
    not_stored, // send it again
    too_long,
    too_fast,
    restart,
    no_agent, // theirs cannot be reached
    lost      // the socket is closed for another reason
};
std::string convai_words(convai_line what, std::string_view language);
std::string convai_waiting_words(const convai_standing& at, std::string_view language);

class convai_stage {
public:
    using moment = std::chrono::steady_clock::time_point;

    explicit convai_stage(convai_manners m) : manners_(m) {}

    // Another system's assistant speaks, and the page has heard it already; our own numbers stay out of its way.
    void relay() {
        relayed_ = true;
        event_ = 1'000'000;
    }
    void pass(std::string frame) { out_.push_back(std::move(frame)); }
    void sent(std::int64_t event, int seq); // what feedback on this number is about
    void speak(std::string_view language) { language_ = language.substr(0, 2) == "ar" ? "ar" : "en"; }
    const std::string& language() const { return language_; }

    // A conversation that goes on: how it stands, and its newest message. The customer's next message says the rest.
    void enter(const convai_standing& at, std::int64_t last_seq, moment now);
    // A frame of docs/protocol.md. True: the socket has missed something, and must subscribe again.
    bool tell(const json& frame, moment now);
    void customer_spoke(moment now); // their words are on their screen
    void look(moment now);           // is a notice due?
    void say(convai_line what, moment now);
    void say_text(std::string_view text, moment now);

    std::vector<std::string> take() { return std::exchange(out_, {}); } // what is to be sent, in order
    bool over() const { return over_; }                                 // resolved: everything is said
    std::int64_t last_event() const { return last_event_; }             // the newest event that was told
    std::optional<int> message_of(std::int64_t event) const; // seq of what was sent under this number
    std::int64_t next_event() { return ++event_; }
    const convai_standing& standing() const { return at_; }

private:
    void message(const json& data, moment now);
    void change(const convai_standing& to, moment now);

    convai_manners manners_;
    std::string language_ = "en";
    convai_standing at_;
    std::string named_; // who spoke last under their name
    std::int64_t last_seq_ = 0;
    std::int64_t last_event_ = 0;
    std::int64_t event_ = 0;
    moment shown_{};             // when the newest line came on their screen
    std::optional<moment> soon_; // a notice is due before its time
    bool unanswered_ = false;    // the customer has spoken last
    bool person_ = false;        // they know that staff have it
    bool over_ = false;
    bool relayed_ = false;
    std::deque<std::pair<std::int64_t, int>> sent_; // event and seq of the latest messages
    std::vector<std::string> out_;
};

} // namespace chat_centre::channel
