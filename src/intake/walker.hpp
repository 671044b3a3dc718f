#pragma once
// One step of the intake while it is being made.

#include "intake/commands.hpp"
#include "intake/extract.hpp"

#include <chat_centre/intake/flow.hpp>

#include <string>
#include <utility>
#include <vector>

namespace chat_centre::intake {

inline constexpr std::string_view any_field =
    "?"; // state::correcting: something is wrong, nobody knows yet what

struct walker {
    state st;
    const settings& s;
    std::vector<line> lines = {};
    std::vector<effect> effects = {};

    // flow.cpp: collecting
    void heard(const std::string& text);
    void silence();
    void speak(std::string language);
    void restart();
    void again(const std::string& text, command c);
    bool volunteer(const std::string& text); // takes whatever is told unasked; whether there was anything
    void collect(const std::string& text, command c);
    void collect_service(const std::string& text, command c);
    void skip_email();
    void confirm(const std::string& text, command c, bool told);
    void advance();
    void unclear(const char* key);
    void count_circle();

    // handling.cpp: departments
    void route();
    void handle(const std::string& text, command c);
    void complain(const std::string& text);
    void critical(const std::string& text);
    bool answer(const std::string& text);
    void transfer(std::string reason);
    void call_person(std::string reason);
    void give_up();
    void finish();

    void say(std::string department, std::string key, std::map<std::string, std::string> values = {});
    void ask();
    void effect_of(effect e);
    outcome result() &&;
};

} // namespace chat_centre::intake
