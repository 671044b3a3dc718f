#pragma once
// SQL of tickets. Decisions are in life.cpp, transactions in the services.

#include "ticket/life.hpp"

#include <chat_centre/ticket/ticket.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace chat_centre::ticket {

std::optional<row> find(db::tx& t, std::int64_t number);
std::optional<row> find_by_id(db::tx& t, const std::string& id);
std::optional<row> lock(db::tx& t, std::int64_t number); // until COMMIT
std::optional<row> lock_by_id(db::tx& t, const std::string& id);
std::optional<row> lock_if_free(db::tx& t, std::int64_t number); // nullopt: somebody is at it
std::optional<row> lock_open_of_conversation(db::tx& t, std::int64_t conversation);
std::optional<row> lock_latest_of_conversation(db::tx& t, std::int64_t conversation);

// Sets number and id (TKT_, the day in UTC, four letters; tried until one is free). Throws 503 when none is.
void insert(db::tx& t, row& what, time_point now);
void update(db::tx& t, const row& what);
void add_history(db::tx& t, std::int64_t number, const std::vector<field_change>& changes,
                 const std::string& actor, std::int64_t staff, time_point now);
void set_pause(db::tx& t, const row& before, const row& after,
               time_point now); // begins or ends one, if need be

// One after the other until COMMIT: those who look for something before they make it.
void serialise(db::tx& t, const std::string& key);

struct requester {
    std::int64_t contact = 0; // 0: found or made
    std::string name, email, phone;
};

json history_json(db::tx& t, std::int64_t number);
json notes_json(db::tx& t, std::int64_t number);
json replies_json(db::tx& t, const row& of);
json links_json(db::tx& t, std::int64_t number);
json detail_json(db::tx& t, const row& of); // Ticket with all of them

struct list_filter {
    std::optional<std::vector<std::string>> statuses;
    std::optional<std::string> priority, level, department, category, source, tag, text;
    std::optional<std::int64_t> assigned, contact, conversation, follower;
    bool unassigned = false;
    std::optional<time_point> before_updated; // keyset: the last row shown
    std::int64_t before_number = 0;
    std::int64_t limit = 50;
};
std::vector<row> list(db::tx& t, const principal& who, const list_filter& f);

} // namespace chat_centre::ticket
