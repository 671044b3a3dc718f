#pragma once
// The knowledge base, tied to the conversations that follow from its answers.

#include <chat_centre/assistant/embeddings.hpp>
#include <chat_centre/db/pool.hpp>
#include <chat_centre/event/relay.hpp>
#include <chat_centre/jobs/jobs.hpp>
#include <chat_centre/knowledge/library.hpp>

namespace chat_centre::app {

class knowledge_wiring {
public:
    // clock outlives it.
    // pool and embedder, too; embedder: null when articles are found by words alone.
    knowledge_wiring(const db::settings& database, db::pool& pool, const clock_source& clock,
                     const std::string& zone, assistant::embedder* embedder);

    knowledge::library& library() { return library_; }
    void start();
    void notice(const event::entries& batch); // any thread
    void stop();

private:
    knowledge::library library_;
    event::follower handovers_; // the articles that did not suffice
    jobs::runner embedding_;    // on a thread of its own: a server may take its time
    assistant::embedder* embedder_;
};

} // namespace chat_centre::app
