#include "notify/preferences.hpp"

namespace chat_centre::notify {

std::optional<int> clock_minutes(std::string_view hh_mm) {
    const auto digit = [&](std::size_t i) { return hh_mm[i] - '0'; };
    if (hh_mm.size() != 5 || hh_mm[2] != ':') return std::nullopt;
    for (const std::size_t i : {0U, 1U, 3U, 4U})
        if (hh_mm[i] < '0' || hh_mm[i] > '9') return std::nullopt;
    const int hour = digit(0) * 10 + digit(1);
    const int minute = digit(3) * 10 + digit(4);
    if (hour > 23 || minute > 59) return std::nullopt;
    return hour * 60 + minute;
}

const std::map<std::string, ways, std::less<>>& default_kinds() {
    static const std::map<std::string, ways, std::less<>> kinds{
        {"handover", {true, true, false}}, // somebody waits for a person
        {"assigned", {true, true, false}}, // a conversation was passed to me
        {"ticket", {true, true, false}},   // tickets of mine, or that I follow
        {"sla", {true, true, true}},       // reminders and breaches
        {"task", {true, true, false}},     // my tasks fall due
        {"rule", {true, true, false}},     // a rule says so
        {"quality", {true, false, false}}, // a review of my work
        {"webhook", {true, true, true}},   // an endpoint was switched off
    };
    return kinds;
}

ways ways_of(const preferences& p, std::string_view kind, std::string_view level) {
    const auto family = kind.substr(0, kind.find('.'));
    for (const auto* table : {&p.kinds, &default_kinds()})
        for (const auto name : {kind, family})
            if (const auto it = table->find(name); it != table->end()) return it->second;
    return {true, level != "info", level == "urgent"};
}

std::optional<int> quiet_minutes(std::string_view from, std::string_view to, int minute) {
    constexpr int day = 24 * 60;
    const auto a = clock_minutes(from);
    const auto b = clock_minutes(to);
    if (!a || !b || *a == *b) return std::nullopt;
    const int length = (*b - *a + day) % day;
    const int passed = (minute - *a + day) % day;
    if (passed >= length) return std::nullopt;
    return length - passed;
}

decision decide(const preferences& p, std::string_view kind, std::string_view level, int minute) {
    const ways w = ways_of(p, kind, level);
    decision d{w.in_app, w.browser, w.mail, 0};
    if (level == "urgent") {
        d.in_app = true;
        return d;
    }
    if (const auto left = quiet_minutes(p.quiet_from, p.quiet_to, minute)) {
        d.browser = false;
        if (d.mail) d.mail_delay_minutes = *left;
    }
    return d;
}

int minute_of_day(time_point t, std::string_view zone) {
    const auto since = t - start_of_day(t, zone);
    return static_cast<int>(std::chrono::floor<std::chrono::minutes>(since).count()) % (24 * 60);
}

preferences read_preferences(std::string_view kinds_json, std::string quiet_from, std::string quiet_to) {
    preferences p{{}, std::move(quiet_from), std::move(quiet_to)};
    const json stored = json::parse(kinds_json, nullptr, false);
    if (!stored.is_object()) return p;
    for (const auto& [kind, w] : stored.items())
        p.kinds[kind] = {w.value("in_app", true), w.value("browser", false), w.value("mail", false)};
    return p;
}

json kinds_to_json(const std::map<std::string, ways, std::less<>>& kinds) {
    json out = json::object();
    for (const auto& [kind, w] : kinds)
        out[kind] = {{"in_app", w.in_app}, {"browser", w.browser}, {"mail", w.mail}};
    return out;
}

} // namespace chat_centre::notify
