#pragma once
// The JSON frames of the socket protocol (docs/protocol.md), both ways. Pure.

#include "topic.hpp"

#include <chat_centre/base/clock.hpp>
#include <chat_centre/base/error.hpp>
#include <chat_centre/base/principal.hpp>

#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::realtime {

// A text frame on its way out; one and the same for every socket that gets it.
using frame = std::shared_ptr<const std::string>;

enum class frame_type : std::uint8_t { subscribe, unsubscribe, ping, typing, viewing, message, auth };
enum class typing_kind : std::uint8_t { reply, note };

struct client_frame {
    frame_type type = frame_type::ping;
    std::string ref;           // JSON text of the client's "ref", "" without one
    std::vector<topic> topics; // subscribe, unsubscribe
    std::vector<std::string> unknown_topics;
    std::optional<std::int64_t> since;
    std::int64_t conversation = 0; // typing, viewing, message; 0: none named
    bool on = true;                // typing, viewing
    typing_kind kind = typing_kind::reply;
    std::string text;              // message
    std::string client_message_id; // message
    std::string token;             // auth
};

// A frame that cannot be followed; the answer is an error frame, never a close.
struct frame_error : std::exception {
    std::string code;
    std::string message;
    std::string ref; // JSON text

    frame_error(std::string c, std::string m, std::string r = {})
        : code(std::move(c)), message(std::move(m)), ref(std::move(r)) {}
    const char* what() const noexcept override { return message.c_str(); }
};

// Throws frame_error.
client_frame parse_frame(std::string_view text);

// What the server says. `ref` and `message` parameters named *_json are JSON text already.
std::string hello_frame(std::int64_t head, const principal& who, std::chrono::seconds heartbeat);
std::string subscribed_frame(const std::vector<topic>& topics, std::int64_t head, std::string_view ref_json);
std::string head_frame(std::string_view type, std::int64_t head,
                       std::string_view ref_json = {}); // heartbeat ...
std::string ack_frame(std::string_view ref_json, std::string_view message_json = {});
std::string error_frame(std::string_view code, std::string_view message, std::string_view ref_json,
                        std::string_view topic = {});
std::string error_frame(const error& e, std::string_view ref_json); // with status, title, detail, errors
std::string code_of(int http_status);                               // 409 -> "conflict"

// Gathers events into one events frame.
class events_frame {
public:
    void add(std::string_view event_json);
    bool empty() const { return count_ == 0; }
    std::size_t bytes() const { return text_.size(); }
    std::size_t count() const { return count_; }
    std::string take(); // and begins anew

private:
    std::string text_;
    std::size_t count_ = 0;
};

// Somebody in a conversation; the source of the live-only events, which have no id and are not replayed.
struct participant {
    std::int64_t staff = 0; // 0: the customer
    std::string name;
};
// {"type":"events","events":[{"id":0,"type":"typing",...}]}. For a customer the staff member's id is left out.
std::string typing_frame(std::int64_t conversation, const participant& who, bool on, typing_kind kind,
                         time_point at, bool for_customer);
std::string viewing_frame(std::int64_t conversation, const participant& who, bool on, time_point at);

} // namespace chat_centre::realtime
