#pragma once
// Work finds its person: rules label and hand over what comes in, automatic departments give what waits to somebody who
// is there, and every decision is kept with its reasons. Follows the event log; due work is in jobs; so several
// processes on one database do each thing once.

#include <chat_centre/base/clock.hpp>
#include <chat_centre/base/newest.hpp>
#include <chat_centre/conversation/append_lane.hpp>
#include <chat_centre/conversation/conversation.hpp>
#include <chat_centre/db/connection.hpp>
#include <chat_centre/event/relay.hpp>
#include <chat_centre/jobs/jobs.hpp>
#include <chat_centre/ticket/service.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::routing {

// What is read out of a text: "negative", "critical". Null: not known, and no rule about it matches.
struct text_judges {
    std::function<std::string(std::string_view text)> sentiment;
    std::function<std::string(std::string_view text)> severity;
    // A quick look beforehand: false when `severity` certainly is not "critical". `folded` is fold_text(text). Null: no
    // such look.
    std::function<bool(std::string_view text, std::string_view folded)> may_be_critical;
};

// Which of the customers' messages the rules have to look at; the others cost them nothing.
class message_screen {
public:
    explicit message_screen(text_judges judges);
    ~message_screen();
    void learn(db::tx& t); // at start and after event "rules.changed"; any thread
    bool concerns(std::string_view text, std::string_view channel) const; // any thread, a few microseconds

private:
    struct gate;
    using gates = std::vector<gate>;
    text_judges judges_;
    newest<gates> gates_;
};

class desk {
public:
    struct parts {
        db::settings database;
        conversation::append_lane& lane;
        jobs::runner& jobs;
        const clock_source& clock;
        std::string assistant_name;                     // who says that the queue is full
        std::function<bool(std::int64_t staff)> online; // has a socket open on this process; any thread
        text_judges judges;
        // For giving tickets to people; asked on the runner's thread, once it has started. Null: tickets stay.
        std::function<const ticket::surroundings&()> tickets;
        // From the last socket closed until a person's conversations go back to the queue.
        std::chrono::seconds away_grace{60};
    };
    // Adds its handlers to the runner: construct it before the runner starts. The references outlive it.
    explicit desk(parts p);

    void start() { follower_.start(); }
    void notice(const event::entries& batch) { follower_.notice(batch); } // any thread
    void stop() { follower_.stop(); }

    // A person's first socket opened or last one closed on this process: in the transaction that announces it, before
    // its events.
    void presence_changed(db::tx& t, std::int64_t staff, time_point now) const;
    // Every 20 s: this process is alive, and buries the presence of processes that are not.
    void renew_presence(db::tx& t, time_point now) const;
    static constexpr std::chrono::seconds renewal{20};

private:
    void follow(db::tx& t, const std::vector<event::entry>& batch) const;
    void add_jobs();

    parts p_;
    std::string server_; // this process, among those that share the database
    event::follower follower_;
};

// An honest guess for the customer: the median of what a place in this queue (0: of no department) has cost lately,
// times the place, in whole minutes. nullopt: too few have waited today to tell.
std::optional<double> seconds_per_place(db::tx& t, std::int64_t department, time_point now);
int estimated_wait_seconds(double seconds_per_place, int place); // pure

} // namespace chat_centre::routing
