#pragma once
// From the tables to conversations that can be played: words chosen, customers numbered, pauses set. Pure: the same
// seed gives the same conversations in the same order.

#include "demo/dialogue.hpp"
#include "demo/wording.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace chat_centre::demo {

struct step {
    act what = act::says;
    std::string text;
    std::string more;
    desk who = desk::none; // for takes and passes
    int score = 0;
    std::chrono::milliseconds pause{0}; // before it, after the step before it
};

struct talk {
    std::string id; // of the dialogue
    std::string channel;
    std::string language;
    std::string user_id; // begins with own_user_prefix; the widget's comes from the server
    std::string name;
    std::string email; // in the widget it ends with own_email_suffix
    std::string phone;
    std::string issue_type;
    std::string priority;
    std::vector<step> steps;
    std::chrono::minutes ago{0};

    bool in_widget() const { return channel == "widget"; }
};

// By these an earlier demo's conversations are known again.
constexpr std::string_view own_user_prefix = "demo-";
constexpr std::string_view own_email_suffix = "@demo.example";

// Steps that are a message of somebody, and so count for the rate.
bool is_message(act what);
// Steps that need somebody signed in on our side.
bool needs_staff(act what);

talk make_talk(const dialogue& d, chance& c);

// Without staff a conversation ends where they would begin; nobody is there for those who ask.
void leave_out_staff(talk& t);

class traffic {
public:
    // with_staff false: only what the assistant can do alone.
    traffic(std::uint64_t seed, bool with_staff);
    talk next();

private:
    const dialogue& choose();

    chance chance_;
    std::vector<const dialogue*> english_;
    std::vector<const dialogue*> arabic_;
    const dialogue* last_ = nullptr;
};

} // namespace chat_centre::demo
