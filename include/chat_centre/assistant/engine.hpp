#pragma once
// The one place where our assistant speaks. It follows the events "assistant.call", which the append lane writes beside
// a customer's message while the assistant has the turn, and when a person was asked for. What it says goes back through
// the append lane as a compare-and-set on the turn, under an id that derives from the event: stored once, never after a
// takeover. Every channel carries what was stored.
//
// Without a model a turn is worked out and stored within the follower's transaction. With one, or with embeddings, which
// take their time too, it becomes a job (kind "assistant.turn", at least once, one at a time for a conversation), and
// whenever the model does not answer the built-in engine does: a customer never reads of an error. Jobs that are left
// over from a time with a model are done by the built-in engine.

#include <chat_centre/assistant/handover.hpp>
#include <chat_centre/assistant/model.hpp>
#include <chat_centre/assistant/retrieval.hpp>
#include <chat_centre/assistant/scenario.hpp>
#include <chat_centre/base/clock.hpp>
#include <chat_centre/conversation/append_lane.hpp>
#include <chat_centre/db/pool.hpp>
#include <chat_centre/event/relay.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace chat_centre::assistant {

struct call {
    std::int64_t event = 0; // of "assistant.call"
    std::int64_t conversation = 0;
    int seq = 0;         // of the customer's message
    std::string channel; // "widget"
    std::string text;
    std::string language; // of the conversation; "" when unknown
    std::shared_ptr<const scenario> role;
};

// What somebody else wants said in the assistant's turn (a guided intake).
struct guided_reply {
    std::string text;
    std::string metadata; // JSON object, or ""
    std::optional<conversation::handover_signal> handover;
    std::vector<event::entry> events; // appended in the transaction, last
};
// In the follower's transaction, before the answer is stored. It may be called again for the same call, when storing
// failed. It must neither lock the conversation nor append events itself: the append lane needs both before this
// transaction ends. nullopt: the engine speaks.
using guide = std::function<std::optional<guided_reply>(db::tx&, const call&)>;

// An answer that is stored was made of these articles. In the transaction that keeps the notes of its turn.
using use_of_articles =
    std::function<void(db::tx&, std::int64_t conversation, const std::vector<std::int64_t>& articles)>;

struct engine_counters {
    std::atomic<std::uint64_t> calls{0}, answered{0}, by_model{0}, fallbacks{0}, leaks{0}, handed_over{0},
        refused{0};
};

// References and models outlive the engine.
struct engine_parts {
    db::settings database;
    db::pool& pool; // for turns with a model
    conversation::append_lane& lane;
    const clock_source& clock;
    const scenario_book& scenarios;
    std::string assistant_name; // sender, where a scenario names none
    handover_settings person;   // when a text asks for a person
    retrieval find;             // null: nothing is known
    meaning_of meaning;         // null: articles are found by words alone
    assistant::guide guide;     // null: none
    use_of_articles used;       // null: nobody counts
    model* answers = nullptr;   // null: the built-in engine answers
    model* judge = nullptr;     // null: patterns alone judge whether a person is asked for
    std::chrono::milliseconds answer_limit{14'000}, judge_limit{4'000};
    std::size_t model_turns = 16; // at a time, in this process
};

class engine {
public:
    explicit engine(engine_parts parts);
    ~engine();

    void start();
    void notice(const event::entries& batch); // any thread; every event, for a takeover ends a model's call
    void stop();
    const engine_counters& count() const;

    struct impl;

private:
    std::unique_ptr<impl> impl_;
};

} // namespace chat_centre::assistant
