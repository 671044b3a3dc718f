// The tables of the demo: every text is fit for the interface it is sent to, and every story can be played.

#include "demo/staff.hpp"
#include "demo/traffic.hpp"

#include <chat_centre/assistant/handover.hpp>
#include <chat_centre/base/fields.hpp>
#include <chat_centre/base/json.hpp>
#include <chat_centre/base/text.hpp>
#include <chat_centre/conversation/message.hpp>

#include <catch2/catch_test_macros.hpp>

#include <set>
#include <string>
#include <vector>

using namespace chat_centre;
using namespace chat_centre::demo;

namespace {

std::vector<const dialogue*> all_dialogues() {
    std::vector<const dialogue*> out;
    for (const auto from :
         {opening_active(), opening_waiting(), opening_resolved(), english_traffic(), arabic_traffic()})
        for (const dialogue& d : from) out.push_back(&d);
    return out;
}

bool is_utf8(const std::string& text) {
    try {
        json(text).dump();
        return true;
    } catch (const json::exception&) {
        return false;
    }
}

bool asks_for_staff(const step& s) {
    if (s.what == act::asks) return true;
    if (s.what != act::says && s.what != act::answers) return false;
    const auto role = s.what == act::says ? conversation::speaker::user : conversation::speaker::ai;
    const auto found = assistant::detect_handover(s.text, role);
    return found && found->needed;
}

std::size_t longest(act what) {
    switch (what) {
    case act::notes: return 8000;
    case act::resolves: return 500;
    case act::passes:
    case act::rates: return 2000;
    case act::routes: return 60;
    default: return 16000;
    }
}

bool may_be_empty(act what) {
    return what == act::asks || what == act::takes || what == act::holds || what == act::resumes ||
           what == act::rates;
}

// Walks one expanded conversation and checks who may do what when.
void check_story(const talk& t) {
    bool begun = false;
    bool asked = false;
    bool held = false;
    bool resolved = false;
    std::string department;
    desk holder = desk::none;
    for (const step& s : t.steps) {
        INFO(t.id << ": " << s.text);
        CHECK(is_utf8(s.text));
        CHECK(count_characters(s.text) <= longest(s.what));
        CHECK((may_be_empty(s.what) || !is_blank(s.text)));
        CHECK(s.text.find_first_of("[]{}|") == std::string::npos);
        CHECK((begun || is_message(s.what)));
        if (!begun && t.in_widget()) CHECK(s.what == act::says);
        begun = true;
        CHECK((!resolved || s.what == act::rates));
        asked = asked || asks_for_staff(s);
        switch (s.what) {
        case act::answers:
            CHECK_FALSE(t.in_widget());
            CHECK(holder == desk::none);
            break;
        case act::asks: CHECK(t.in_widget()); break;
        case act::routes:
            CHECK(asked);
            department = s.text;
            break;
        case act::takes:
            CHECK(asked);
            CHECK((department.empty() || serves(s.who, department)));
            holder = s.who;
            break;
        case act::replies:
        case act::notes: CHECK(holder != desk::none); break;
        case act::holds:
            CHECK(holder != desk::none);
            held = true;
            break;
        case act::resumes:
            CHECK(held);
            held = false;
            break;
        case act::passes:
            CHECK(holder != desk::none);
            CHECK(s.who != holder);
            holder = s.who;
            break;
        case act::resolves:
            CHECK_FALSE(s.more.empty());
            CHECK(count_characters(s.more) <= 100);
            CHECK_FALSE(held);
            CHECK(asked == (holder != desk::none)); // nobody who asked for a person is sent away
            resolved = true;
            break;
        case act::rates:
            CHECK(t.in_widget());
            CHECK(resolved);
            CHECK((s.score >= 1 && s.score <= 5));
            break;
        case act::says: break;
        }
    }
}

} // namespace

TEST_CASE("every conversation of the demo can be played, whatever words are chosen", "[demo]") {
    chance c(7);
    for (const dialogue* d : all_dialogues())
        for (int i = 0; i < 30; ++i) check_story(make_talk(*d, c));
}

TEST_CASE("traffic ends resolved, and every dialogue has a name of its own", "[demo]") {
    chance c(1);
    std::set<std::string_view> names;
    for (const dialogue* d : all_dialogues()) {
        INFO(d->id);
        CHECK(names.insert(d->id).second);
        CHECK_FALSE(d->issue_type.empty());
        CHECK(count_characters(d->issue_type) <= 50);
        CHECK_FALSE(d->priority.empty());
    }
    for (const auto from : {english_traffic(), arabic_traffic()})
        for (const dialogue& d : from) {
            INFO(d.id);
            CHECK((d.lines.back().what == act::resolves || d.lines.back().what == act::rates));
        }
}

TEST_CASE("a dialogue is written in its language", "[demo]") {
    chance c(3);
    for (const dialogue* d : all_dialogues()) {
        const talk t = make_talk(*d, c);
        for (const step& s : t.steps) {
            if (s.what != act::says && s.what != act::answers) continue;
            INFO(d->id << ": " << s.text);
            const auto found = detect_language(s.text);
            CHECK((found == d->language || found == "mixed"));
        }
    }
}

TEST_CASE("the opening shows document 000's dashboard", "[demo]") {
    CHECK(opening_active().size() == 8);
    CHECK(opening_waiting().size() == 2);
    CHECK(opening_resolved().size() == 5);
    chance c(1);
    std::set<std::string> with_admin;
    for (const dialogue& d : opening_active()) {
        const talk t = make_talk(d, c);
        CHECK(t.steps.back().what != act::resolves);
        for (const step& s : t.steps)
            if (s.what == act::takes && s.who == desk::admin)
                with_admin.insert(t.name + "|" + t.priority + "|" + t.steps.back().text);
    }
    CHECK(with_admin == std::set<std::string>{
                            "Bob|emergency|Fever not going down", "Lisa|normal|Thank you for helping!",
                            "Mark|normal|Need clarification on funding", "Sarah|high|When will I hear back?"});
    for (const dialogue& d : opening_waiting())
        for (const line& l : d.lines) CHECK(l.what != act::takes);
    int sum = 0;
    int rated = 0;
    for (const dialogue& d : opening_resolved())
        for (const line& l : d.lines)
            if (l.what == act::rates) {
                sum += l.score;
                ++rated;
            }
    CHECK(rated == 4);
    CHECK(sum == 19); // 4.75, shown as 4.8
}

TEST_CASE("the demo's staff are a person of the documents and desks", "[demo]") {
    std::set<std::string_view> emails;
    for (const desk_account& d : desk_accounts()) {
        CHECK(emails.insert(d.email).second);
        CHECK(d.email.ends_with(own_email_suffix));
        CHECK_FALSE(d.departments.empty());
    }
    CHECK(serves(desk::education, "scholarship"));
    CHECK_FALSE(serves(desk::education, "billing"));
    CHECK(serves(desk::manager, "billing"));
    CHECK_FALSE(serves(desk::none, "billing"));
}
