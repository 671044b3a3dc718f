#pragma once
// Somebody on our side is to be told something. Features put a notice into their transaction as an internal event;
// the notify folder, which none of them includes, finds the people and their channels.

#include <chat_centre/event/event.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace chat_centre::event {

struct notice {
    std::string kind;           // "sla.reminder": what people choose their channels by
    std::string level = "info"; // info, warning, urgent
    std::string key;            // told once per person and key; "" tells every time
    std::vector<std::int64_t> to_staff;
    std::vector<std::int64_t> to_managers_of; // departments
    bool to_all_managers = false;
    std::int64_t conversation = 0; // 0: none
    std::string ticket;            // "" : none
    std::string title_en, title_ar, body_en, body_ar;
};

// Event "notice.wanted": the members above under their names.
entry notice_entry(const notice& n, time_point now);
notice read_notice(const entry& e); // throws std::exception when the data is not a notice's

} // namespace chat_centre::event
