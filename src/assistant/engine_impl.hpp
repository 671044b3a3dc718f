#pragma once
// The engine's insides: turns in the follower (engine.cpp), and turns with a model as jobs (model_turn.cpp).

#include "assistant/say_in_lane.hpp"
#include "assistant/store.hpp"
#include "assistant/turn.hpp"

#include <chat_centre/assistant/engine.hpp>
#include <chat_centre/jobs/jobs.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace chat_centre::assistant {

inline constexpr const char* turn_job = "assistant.turn";

// What is to be said to one call, and what follows from it once it is stored.
struct reply {
    conversation::incoming message;
    std::optional<memory> after; // the notes with this turn in them; nullopt: as before
    std::vector<event::entry> events;
    std::vector<std::int64_t> articles; // it was answered from
};

struct engine::impl {
    explicit impl(engine_parts given);

    // engine.cpp
    void follow(db::tx& t, const std::vector<event::entry>& events);
    call call_from(const event::entry& e, const json& data) const;
    reading read_call(const call& c, const memory& known) const;
    std::vector<article_hit> look_up(const reading& said, const memory& known, const call& c) const;
    reply notice_for(const call& c, const memory& known) const;
    reply reply_from(const call& c, const memory& known, const reading& said, ruling v,
                     const std::string& engine_name) const;
    reply turn_without_model(db::tx& t, const call& c, const memory& known) const;
    std::string sender(const scenario& role) const;
    void forget_negatives(db::tx& t, time_point now);

    // model_turn.cpp
    void schedule_turn(db::tx& t, const call& c, time_point now) const;
    void turn(const jobs::job& j);
    std::optional<conversation::handover_signal> judged(const call& c,
                                                        const std::shared_ptr<std::atomic<bool>>& over);
    std::optional<ruling> answered(const call& c, const situation& s, const std::vector<spoken_line>& window,
                                   const std::shared_ptr<std::atomic<bool>>& over, std::string& model_name);
    void say(const call& c, reply r, const std::optional<conversation::handover_signal>& judgement);
    void end_calls(const event::entries& batch);

    engine_parts parts;
    engine_counters counters;
    event::follower follower;
    time_point next_forgetting{};      // the follower's
    std::optional<jobs::runner> turns; // where there is a model

    // Conversations in which a model is being asked; true ends the call, because somebody took the turn.
    std::mutex asking;
    std::multimap<std::int64_t, std::shared_ptr<std::atomic<bool>>> under_way;
    std::atomic<int> under_way_count{0};
    std::atomic<bool> stopping{false};
};

} // namespace chat_centre::assistant
