#pragma once
// Events for the tests of this folder.

#include <chat_centre/base/clock.hpp>
#include <chat_centre/event/event.hpp>

#include <string>
#include <utility>

namespace chat_centre::tests {

inline event::entry event_of(std::string type, std::string data = "{}") {
    event::entry e;
    e.type = std::move(type);
    e.at = *parse_time("2026-11-20T10:00:00.123456Z", "UTC");
    e.data = std::move(data);
    return e;
}

} // namespace chat_centre::tests
