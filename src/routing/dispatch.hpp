#pragma once
// Gives what waits in a department to people. Everything in one transaction per call, in this order of locks, so that
// nobody waits in a circle: the department's queue, its people by id, the conversations by id, the event log.

#include "routing/store.hpp"

#include <chat_centre/event/event.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <vector>

namespace chat_centre::routing {

// A socket row that was not renewed for so long belongs to a server that is gone.
constexpr std::chrono::seconds presence_life{60};
// Conversations given per transaction: one commit for many, and nobody waits long for the locks.
constexpr int batch_size = 16;

// Kinds of job.
constexpr const char* drain_job = "routing.drain"; // key: department
constexpr const char* open_job = "routing.open";   // key: department
constexpr const char* offer_job = "routing.offer"; // key: offer

struct drained {
    int placed = 0;
    bool more = false; // the batch was full: call again in a new transaction
};

// Database threads only. The events are added to `events`, for the caller to append last.
drained drain(db::tx& t, std::int64_t department, time_point now, std::vector<event::entry>& events);

// The people of a department, locked until COMMIT, with what they have to do.
std::vector<candidate> read_team(db::tx& t, const desk_settings& d, time_point now);
// How far the department and those who were given something have come.
void save_turns(db::tx& t, const desk_settings& d, const std::map<std::int64_t, double>& turns,
                time_point now);

// drain() as a job, which also schedules the rest; and as anybody's wish. Call it before locking conversations.
void drain_soon(db::tx& t, std::int64_t department, time_point now);

} // namespace chat_centre::routing
