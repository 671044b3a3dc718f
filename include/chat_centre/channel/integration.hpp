#pragma once
// What admins set up for a channel, keys included: one sealed JSON object per integration; and when each of its parts was
// last used, for the set-up page.

#include <chat_centre/base/clock.hpp>
#include <chat_centre/base/json.hpp>
#include <chat_centre/base/secret_box.hpp>
#include <chat_centre/db/tx.hpp>
#include <chat_centre/event/event.hpp>

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace chat_centre::channel {

// In the caller's transaction. load: an empty object when nothing is stored, or it was sealed with another key.
json load_integration(db::tx& t, const secret_box& box, const std::string& name);
void save_integration(db::tx& t, const secret_box& box, const std::string& name, const json& settings,
                      std::int64_t staff, time_point now);
// Internal event "integration.changed" {name}: every process reads its settings anew.
event::entry integration_changed(const std::string& name, time_point now);
bool tells_of_integration(const event::entry& e, std::string_view name);

// A secret as admins see it again: {"set":true,"hint":"…1234"}; short ones show nothing of themselves.
json shown_secret(const std::string& secret);

struct use { // of one part of an integration
    time_point at{};
    std::int64_t count = 0;
    std::string detail; // the last one's, such as why a signature was refused
};

// Counts uses in memory until write(), so that a busy channel costs no writes of its own. Any thread. What was not yet
// written when a process is killed is lost; it is for people to look at.
class use_log {
public:
    // clock outlives it.
    use_log(const clock_source& clock, std::string integration)
        : clock_(clock), integration_(std::move(integration)) {}

    void note(const std::string& part, std::string detail = {});
    bool waits() const; // is there something to write?
    void write(db::tx& t);
    std::map<std::string, use> read(db::tx& t) const; // by part

private:
    const clock_source& clock_;
    std::string integration_;
    mutable std::mutex guard_;
    std::map<std::string, use> waiting_;
};

} // namespace chat_centre::channel
