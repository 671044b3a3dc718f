#pragma once
// From a request body to a new ticket.

#include "ticket/store.hpp"

#include <chat_centre/http/message.hpp>
#include <chat_centre/ticket/routes.hpp>

#include <optional>
#include <string>

namespace chat_centre::ticket {

// "HIGH", "medium", "urgent" as document 001 has them, or as stored. nullopt: none of them. Pure.
std::optional<std::string> read_priority(std::string_view text);

// What a body asks for, checked as far as that goes without the database. Throws 422 naming every bad field.
struct wish {
    std::string subject, description, source;
    std::optional<std::string> priority, category, department, staff;
    requester who;
    std::int64_t conversation = 0;
    std::vector<std::string> tags;
    std::string language; // of the requester; "": not said
};
wish read_wish(const new_ticket_body& body, const principal& who, const surroundings& s);

struct created {
    row ticket;
    bool made = false;
    std::string token; // of the requester's link, for a new ticket that they made themselves
};
created create_in(db::tx& t, const surroundings& s, const http::request& r, wish w, time_point now);

} // namespace chat_centre::ticket
