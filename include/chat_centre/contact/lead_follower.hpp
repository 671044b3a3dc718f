#pragma once
// What conversations tell of contacts: follows "conversation.moved", fills in what was not known of a contact, and makes
// a qualified lead and an activity of every handover (document 003). Its cursor moves in the same transaction, so each
// handover counts once, whatever dies meanwhile.

#include <chat_centre/event/relay.hpp>

#include <string>
#include <vector>

namespace chat_centre::contact {

// One batch of "conversation.moved" events. Appends events, so it is the last statement of a transaction.
void learn(db::tx& t, const std::vector<event::entry>& events, const std::string& default_country);

class lead_follower {
public:
    // default_country: of numbers without "+"; ISO or "".
    lead_follower(db::settings s, std::string default_country);
    void start() { follower_.start(); }
    void notice(const event::entries& batch) { follower_.notice(batch); } // any thread
    void stop() { follower_.stop(); }

private:
    event::follower follower_;
};

} // namespace chat_centre::contact
