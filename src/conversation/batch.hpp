#pragma once
// What a batch of incoming messages does, decided without a database: the lane loads the facts, this decides, the
// lane writes the result. Pure, so the rules of retries, order, reopening and the turn are tested as tables.

#include <chat_centre/conversation/conversation.hpp>
#include <chat_centre/conversation/message.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace chat_centre::conversation {

struct known_message {
    stored_message message;
    std::uint64_t body_hash = 0;
};

using thread_key = std::pair<std::string, std::string>; // channel, "s:<session>" or "u:<user>"
thread_key key_of(const incoming& m);

// What the database knew when the batch began. Rows are locked until COMMIT.
struct facts {
    std::vector<std::optional<known_message>> by_message_id;  // one per item
    std::vector<std::optional<known_message>> by_idempotency; // one per item
    std::map<thread_key, std::int64_t> threads;
    std::unordered_map<std::int64_t, row> conversations;
    std::map<thread_key, std::int64_t> contacts;      // (channel, user id) -> contact
    std::vector<std::int64_t> spare_conversation_ids; // taken from the back
    std::vector<std::int64_t> spare_contact_ids;
};

struct new_message {
    stored_message message;
    std::size_t item; // which incoming it came from
};
struct new_contact {
    std::int64_t id;
    std::string channel, external_id, name, email, phone, language;
};
struct thread_change {
    thread_key key;
    std::int64_t conversation;
    std::optional<std::int64_t> replaces; // nullopt: the key was free
};
struct new_turn {
    std::int64_t conversation;
    int after_seq;
    std::string kind;
    std::optional<std::string> reason;
    std::int64_t staff = 0, to_staff = 0, to_department = 0; // 0: none
};
struct logged_intent {
    std::int64_t conversation;
    std::string text;
    handover_signal signal;
    bool decision;
};

struct plan {
    std::vector<std::variant<receipt, error>> answers; // one per item
    std::vector<new_message> messages;
    std::vector<row> created; // new conversations, as at the end of the batch
    std::vector<row> touched; // existing ones: only the last message changed
    std::vector<row> changed; // existing ones: more than that
    std::vector<new_contact> contacts;
    std::vector<thread_change> threads;
    std::vector<new_turn> turns;
    std::vector<logged_intent> intents;
    std::vector<event::entry> events; // in order
};

plan decide(const std::vector<incoming>& items, facts known, time_point now);

// How many spare ids a batch may need at most, given what is known.
std::size_t conversations_needed(const std::vector<incoming>& items, const facts& known);

} // namespace chat_centre::conversation
