#pragma once
// Callers, rows and messages for the tests of this folder.

#include "conversation/batch.hpp"

#include <chat_centre/auth/auth.hpp>
#include <chat_centre/base/ids.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace chat_centre::tests {

inline time_point at(const char* text) { return *parse_time(text, "UTC"); }
inline const time_point noon = at("2026-11-20T12:00:00Z");

inline principal staff(role r, std::int64_t id, std::vector<std::int64_t> departments = {}) {
    principal p;
    p.kind = caller::staff;
    p.role = r;
    p.staff = id;
    p.name = "Staff " + std::to_string(id);
    p.departments = std::move(departments);
    p.permissions = auth::permissions_of(r);
    return p;
}

inline principal customer(std::int64_t conversation) {
    principal p;
    p.kind = caller::customer;
    p.conversation = conversation;
    p.permissions = auth::permissions_of_customer();
    return p;
}

// A message of a customer on the channel "elevenlabs", hashed as the edge does it.
inline conversation::incoming said(std::string user, std::string id, std::string text = "hello") {
    conversation::incoming m;
    m.channel = "elevenlabs";
    m.user_id = std::move(user);
    m.sender = "user";
    m.message_id = std::move(id);
    m.text = std::move(text);
    m.body_hash = hash64(m.text);
    return m;
}

inline conversation::incoming said_by(conversation::speaker role, std::string user, std::string id,
                                      std::string text = "hello") {
    auto m = said(std::move(user), std::move(id), std::move(text));
    m.role = role;
    m.sender = std::string(to_string(role));
    return m;
}

// The types of a plan's events, in order, joined by blanks.
inline std::string event_types(const conversation::plan& p) {
    std::string out;
    for (const auto& e : p.events) out += (out.empty() ? "" : " ") + e.type;
    return out;
}

// A conversation in a status as the product makes it: assigned to staff member 7 when active.
inline conversation::row conversation_in(const std::string& status, std::int64_t id = 12) {
    conversation::row c;
    c.id = id;
    c.contact = 3;
    c.channel = "elevenlabs";
    c.user_id = "USER-" + std::to_string(id);
    c.user_name = "John";
    c.last_seq = 4;
    c.version = 9;
    c.created_at = noon - std::chrono::hours(2);
    c.updated_at = noon - std::chrono::hours(1);
    c.status = status;
    if (status == "pending") {
        c.handler = "queue";
        c.handover_at = c.waiting_since = noon - std::chrono::minutes(5);
        c.handover_reason = "asked";
        c.handover_by = "user";
    }
    if (status == "active" || status == "resolved" || status == "closed") {
        c.handler = "staff";
        c.assigned = 7;
        c.assigned_name = "Sarah Johnson";
        c.handover_at = noon - std::chrono::minutes(30);
        c.handover_by = "user";
        c.taken_at = noon - std::chrono::minutes(20);
    }
    if (status == "resolved" || status == "closed") {
        c.resolved_at = noon - std::chrono::minutes(10);
        c.outcome = "solved";
    }
    return c;
}

} // namespace chat_centre::tests
