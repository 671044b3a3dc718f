#pragma once
// The knowledge base, tied to the conversations that follow from its answers.

#include <chat_centre/event/relay.hpp>
#include <chat_centre/knowledge/library.hpp>

namespace chat_centre::app {

class knowledge_wiring {
public:
    // clock outlives it.
    knowledge_wiring(const db::settings& database, const clock_source& clock, const std::string& zone);

    knowledge::library& library() { return library_; }
    void start();
    void notice(const event::entries& batch); // any thread
    void stop();

private:
    knowledge::library library_;
    event::follower handovers_; // the articles that did not suffice
};

} // namespace chat_centre::app
