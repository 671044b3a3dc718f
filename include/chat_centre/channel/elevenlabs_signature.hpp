#pragma once
// The signature of ElevenLabs webhooks: "t=<unix seconds>,v0=<hex>", an HMAC-SHA-256 of t + "." + the raw body under the
// secret as it is given. Pure; any thread.

#include <chat_centre/base/clock.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::channel {

struct signature_rules {
    std::vector<std::string> secrets;     // any of them: the old one beside the new one while it changes
    std::chrono::seconds tolerance{1800}; // how old it may be, inclusive
    std::chrono::seconds ahead{300};      // how far in the future: clocks differ
};

// Why the request is not theirs, for the log; nullopt: it is.
std::optional<std::string> signature_fault(std::string_view header, std::string_view raw_body,
                                           const signature_rules& rules, time_point now);

} // namespace chat_centre::channel
