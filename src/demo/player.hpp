#pragma once
// Plays conversations step by step through the server's HTTP interface.

#include "demo/centre.hpp"
#include "demo/progress.hpp"
#include "demo/traffic.hpp"

#include <chrono>
#include <cstdint>
#include <list>
#include <optional>
#include <string>

namespace chat_centre::demo {

struct pace {
    double messages_per_second = 2;
    std::optional<std::int64_t> conversations;    // end when that many have been played
    std::optional<std::chrono::minutes> duration; // begin no more after that
};

class player {
public:
    // `tag` makes ids of this run differ from every other run's.
    player(loop& l, centre& c, progress& p, std::string tag)
        : loop_(l), centre_(c), progress_(p), tag_(std::move(tag)) {}

    void play_at_once(talk t);          // all steps, as quickly as the server answers
    void play(traffic& from, pace how); // until done; throws stopped

private:
    struct open_talk {
        talk what;
        std::int64_t number = 0;
        std::size_t next = 0;
        std::string conversation;
        std::string token; // the customer's, in the widget
        desk holder = desk::none;
        bool left_to_people = false;         // somebody else works on it: our side keeps away
        std::optional<time_point> backdated; // of the next message
        std::chrono::steady_clock::time_point due;

        bool over() const { return next == what.steps.size(); }
    };

    open_talk begin(talk t);
    bool advance(open_talk& t); // one step; true when it was a message
    void perform(open_talk& t, const step& s);
    answer write(open_talk& t, const step& s);
    answer write_in_widget(open_talk& t, const step& s);
    answer write_in_channel(open_talk& t, const step& s);
    answer act_as_staff(open_talk& t, const step& s);
    answer route(const open_talk& t, const step& s);
    std::list<open_talk>::iterator most_due();

    loop& loop_;
    centre& centre_;
    progress& progress_;
    std::string tag_;
    std::int64_t begun_ = 0;
    std::list<open_talk> open_;
};

} // namespace chat_centre::demo
