#include <chat_centre/channel/elevenlabs_signature.hpp>

#include <chat_centre/base/hmac.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/text.hpp>

#include <charconv>

namespace chat_centre::channel {
namespace {

constexpr std::size_t longest_signature = 1000;
constexpr std::size_t most_signatures = 5;
constexpr std::size_t hash_letters = 64;

struct signature_parts {
    std::string_view time;
    std::vector<std::string_view> hashes;
};

std::optional<signature_parts> parts_of(std::string_view header) {
    if (header.size() > longest_signature) return std::nullopt;
    signature_parts out;
    while (!header.empty()) {
        const auto comma = header.find(',');
        const auto item = trimmed(header.substr(0, comma));
        if (item.starts_with("t=")) {
            if (!out.time.empty()) return std::nullopt;
            out.time = item.substr(2);
        } else if (item.starts_with("v0=") && out.hashes.size() < most_signatures) {
            out.hashes.push_back(item.substr(3));
        }
        if (comma == std::string_view::npos) break;
        header.remove_prefix(comma + 1);
    }
    if (out.time.empty() || out.hashes.empty()) return std::nullopt;
    return out;
}

} // namespace

std::optional<std::string> signature_fault(std::string_view header, std::string_view raw_body,
                                           const signature_rules& rules, time_point now) {
    if (rules.secrets.empty()) return "no webhook secret is set";
    if (header.empty()) return "the header ElevenLabs-Signature is missing";
    const auto parts = parts_of(header);
    if (!parts) return "the header is not t=<seconds>,v0=<hash>";
    std::int64_t seconds = 0;
    const auto [end, failed] =
        std::from_chars(parts->time.data(), parts->time.data() + parts->time.size(), seconds);
    constexpr std::int64_t last_second = 253'402'300'799; // of the year 9999
    if (failed != std::errc{} || end != parts->time.data() + parts->time.size() || seconds < 0 ||
        seconds > last_second)
        return "the time is not a number of seconds";
    const auto now_seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
    if (now_seconds - seconds > rules.tolerance.count()) return "it was signed too long ago";
    if (seconds - now_seconds > rules.ahead.count()) return "it was signed in the future";
    bool matches = false;
    for (const auto& secret : rules.secrets) {
        const std::string expected = to_hex(hmac_of(secret, {parts->time, ".", raw_body}));
        for (const auto given : parts->hashes)
            if (given.size() == hash_letters && equal_constant_time(given, expected)) matches = true;
    }
    if (!matches) return "the hash does not match the body under any secret";
    return std::nullopt;
}

} // namespace chat_centre::channel
