#pragma once
// Callers and events for the tests of this folder.

#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/principal.hpp>
#include <chat_centre/event/event.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace chat_centre::test {

// Conversations of department 7: with one of two agents, and with nobody yet.
inline const event::scope with_3{3, 7, false};
inline const event::scope with_4{4, 7, false};
inline const event::scope waiting{0, 7, true};

inline bool eventually(const std::function<bool()>& condition,
                       std::chrono::milliseconds patience = std::chrono::seconds(20)) {
    const auto until = std::chrono::steady_clock::now() + patience;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > until) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
}

inline principal staff_member(role r, std::int64_t id, std::vector<std::int64_t> departments = {}) {
    principal p;
    p.kind = caller::staff;
    p.role = r;
    p.staff = id;
    p.name = "Staff " + std::to_string(id);
    p.departments = std::move(departments);
    p.session = "session-" + std::to_string(id);
    p.permissions = bit(permission::conversation_write) | bit(permission::conversation_read);
    if (r == role::manager || r == role::admin) p.permissions |= bit(permission::events_all);
    return p;
}

inline principal customer_of(std::int64_t conversation) {
    principal p;
    p.kind = caller::customer;
    p.conversation = conversation;
    p.permissions = bit(permission::conversation_write) | bit(permission::conversation_read);
    return p;
}

inline event::entry message_event(std::int64_t conversation, event::scope now, std::string text = "hello") {
    event::entry e;
    e.type = "message.new";
    e.conversation = conversation;
    e.who = event::audience::conversation_public;
    e.now = now;
    e.data = R"({"message":")" + std::move(text) + "\"}";
    return e;
}

inline event::entry update_event(std::int64_t conversation, event::scope now, event::scope before) {
    event::entry e;
    e.type = "conversation.update";
    e.conversation = conversation;
    e.who = event::audience::conversation_staff;
    e.now = now;
    e.before = before;
    e.data = R"({"conversation_id":")" + format_id("CONV", conversation) + R"(","status":"active"})";
    return e;
}

} // namespace chat_centre::test
