#pragma once
// The net below ElevenLabs' webhooks, each of which may be lost: every few minutes the account's conversations are
// listed, and those that are over and not complete here are fetched and handed on, as their post-call webhook would
// have been. Nothing is ever deleted.

#include <chat_centre/base/clock.hpp>
#include <chat_centre/base/json.hpp>
#include <chat_centre/db/pool.hpp>
#include <chat_centre/http/outbound.hpp>
#include <chat_centre/jobs/jobs.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace chat_centre::channel {

struct reconcile_access {
    std::string api_url = "https://api.elevenlabs.io";
    std::string api_key;
    std::string agent_id; // "": every agent of the account
    http::outbound_rules rules;
};

// All are called on a job's thread.
struct reconcile_parts {
    db::pool& pool;                                          // outlives the runner
    const clock_source& clock;                               // likewise
    std::function<std::optional<reconcile_access>()> access; // nullopt: no API key is set
    // Which of these conversations of theirs (conv_...) are not complete here.
    std::function<std::vector<std::string>(db::tx&, const std::vector<std::string>&)> incomplete;
    // GET /v1/convai/conversations/{id} as it came: what `data` of post_call_transcription is. Throws to have it again later.
    std::function<void(db::tx&, const json&)> take;
    std::chrono::seconds every = std::chrono::minutes(5);
};

inline constexpr const char* reconcile_job = "reconcile.elevenlabs";

// Before the runner starts.
void handle_reconcile(jobs::runner& runner, reconcile_parts parts);
// At the start, and when an API key has been set: soon, and a day back.
void schedule_reconcile(db::tx& t, time_point now);

// --- pure ---

struct listed_conversation {
    std::string id;
    bool over = false;      // done or failed: its transcript is whole
    std::int64_t start = 0; // Unix seconds
};
struct listed_page {
    std::vector<listed_conversation> conversations;
    std::string next; // "": the last page
};
// Leniently: an entry without id is passed over. Throws error 400 when it is no list at all.
listed_page read_listed(const json& answer);
// Where the next look begins: an hour before this one, which the clocks and the listing's own delay may need, and not
// after the start of a conversation that is not over; but at most a day back.
std::int64_t next_start(std::int64_t now, std::int64_t earliest_unfinished); // earliest: 0 when there is none

} // namespace chat_centre::channel
