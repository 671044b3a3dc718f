// After the confirmation: which department, and what can be done there before a person is needed.

#include "intake/walker.hpp"

#include <utility>

namespace chat_centre::intake {
namespace {

constexpr std::size_t words_of_a_complaint = 6; // shorter ones only name it: "I have a complaint"
constexpr std::size_t words_of_a_question = 4;
constexpr double sure_of_another = 0.5; // of a subject, to go to another department in the middle

// Whose prompts are spoken there: other departments have reception's.
std::string voice_of(const std::string& department) {
    return department == "sales" || department == "complaints" ? department : "reception";
}

void go_to(state& st, const analysis::subject& about) {
    st.department = about.department;
    st.category = about.category;
    st.confidence = about.confidence;
    st.because = about.because;
}

} // namespace

void walker::route() {
    st.failures = 0;
    st.circles = 0;
    st.at = stage::route_to_department;
    go_to(st, s.route ? s.route(st.service) : analysis::subject{});
    effect_of(effect::save);
    say("reception", "routing");
    st.at = next_stage(st.at);
    st.handling = "bot";
    if (st.department == "complaints") {
        if (count_words(st.service) >= words_of_a_complaint) return complain(st.service);
        return ask();
    }
    if (answer(st.service)) return;
    if (st.department == "sales" && count_words(st.service) < words_of_a_question) return ask();
    transfer(st.department == "sales" ? "no_answer" : "service");
}

void walker::handle(const std::string& text, command c) {
    if (st.department == "complaints" && st.complaint.empty()) {
        if (c == command::greeting || c == command::repeat || c == command::yes) return ask();
        if (c == command::skip) return complain(st.service);
        if (c != command::none || count_words(text) < 2) {
            if (++st.failures >= s.max_retries) return complain(st.service);
            return say("complaints", "tell_more");
        }
        return complain(text);
    }
    if (c == command::no || c == command::thanks) return finish();
    if (c == command::yes || c == command::greeting || c == command::repeat) return ask();
    const auto about = s.route ? s.route(text) : analysis::subject{};
    if (about.confidence >= sure_of_another && about.department != st.department) {
        go_to(st, about);
        effect_of(effect::save);
        if (about.department == "complaints") {
            if (count_words(text) >= words_of_a_complaint) return complain(text);
            return ask();
        }
    }
    if (answer(text)) return;
    transfer("no_answer");
}

bool walker::answer(const std::string& text) {
    if (!s.answer) return false;
    auto found = s.answer(text, st.language.empty() ? "en" : st.language);
    if (!found) return false;
    const std::string voice = voice_of(st.department) == "sales" ? "sales" : "reception";
    say(voice, "answer", {{"answer", std::move(*found)}});
    return true;
}

void walker::complain(const std::string& text) {
    const auto u = analysis::urgency_of(text);
    st.complaint = text;
    st.severity = analysis::to_string(u.level);
    st.priority = analysis::priority_of(u);
    effect_of(effect::save);
    effect_of(effect::open_ticket);
    say("complaints", "recorded");
    st.handling = "agent";
    st.reason = "complaint";
    effect_of(effect::transfer);
}

// Nobody who is in danger is asked for their e-mail address first.
void walker::critical(const std::string& text) {
    if (s.route)
        if (const auto about = s.route(text); about.confidence > 0) go_to(st, about);
    if (st.department.empty()) st.department = "complaints";
    if (st.service.empty()) st.service = text;
    st.complaint = text;
    st.severity = "critical";
    st.priority = "emergency";
    st.at = stage::department_handling;
    st.handling = "agent";
    st.reason = "critical";
    say("complaints", "critical");
    effect_of(effect::save);
    effect_of(effect::open_ticket);
    effect_of(effect::transfer);
}

void walker::transfer(std::string reason) {
    st.at = stage::department_handling;
    st.handling = "agent";
    st.reason = std::move(reason);
    effect_of(effect::save);
    effect_of(effect::transfer);
    say(voice_of(st.department), st.reason == "no_answer" ? "no_answer" : "passing_on");
}

void walker::call_person(std::string reason) {
    if (st.handling == "agent") return say("reception", "already_waiting");
    if (st.department.empty()) {
        if (!st.service.empty() && s.route) go_to(st, s.route(st.service));
        if (st.department.empty()) st.department = "reception";
    }
    transfer(std::move(reason));
}

// The questions lead nowhere: to a person of reception, with everything that is known.
void walker::give_up() {
    st.department = "reception";
    st.at = stage::department_handling;
    st.handling = "agent";
    st.reason = "retries";
    effect_of(effect::save);
    effect_of(effect::transfer);
    say("reception", "too_many_retries");
}

void walker::finish() {
    say("reception", "goodbye");
    st.at = stage::call_ended;
    st.correcting.clear();
    effect_of(effect::save);
    effect_of(effect::end);
}

} // namespace chat_centre::intake
