#include <chat_centre/channel/heard.hpp>

#include <chat_centre/base/fields.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/phone.hpp>
#include <chat_centre/base/text.hpp>
#include <chat_centre/channel/adapter.hpp>

#include <cmath>

namespace chat_centre::channel {
namespace {

using conversation::incoming;
using conversation::speaker;

// At most `most` characters from the start of the text, whole ones.
std::string_view leading_part(std::string_view text, std::size_t most) {
    std::size_t characters = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool begins = (static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U;
        if (begins && characters++ == most) return text.substr(0, i);
    }
    return text;
}

std::string cut_characters(std::string_view text, std::size_t most) {
    return std::string(leading_part(text, most));
}

// With their lengths in front, so that no part can pretend to be two.
std::string key_parts(std::initializer_list<std::string_view> parts) {
    std::string out;
    for (const auto p : parts) out += std::to_string(p.size()) + ':' + std::string(p);
    return out;
}

std::string message_key(const heard& s, std::string_view channel) {
    const std::string_view whose = s.by_us ? "us" : "them";
    if (!s.id.empty()) return sha256_base64url(key_parts({channel, s.user_id, whose, s.id})).substr(0, 24);
    if (s.at)
        return sha256_base64url(key_parts({channel, s.user_id, whose, to_postgres(*s.at), s.text})).substr(0, 24);
    return random_id(20);
}

std::optional<time_point> from_seconds(double v) {
    constexpr double earliest_in_milliseconds = 1e11; // as seconds: the year 5138
    if (!std::isfinite(v) || v <= 0) return std::nullopt;
    if (v >= earliest_in_milliseconds) v /= 1000;
    constexpr double latest = 253402300799.0; // the end of 9999
    if (v > latest) return std::nullopt;
    return time_point(std::chrono::microseconds(static_cast<std::int64_t>(v * 1e6)));
}

} // namespace

std::vector<std::string> in_parts(std::string_view utf8, std::size_t most) {
    std::vector<std::string> out;
    while (count_characters(utf8) > most) {
        auto part = leading_part(utf8, most);
        const auto last_fifth = part.size() - part.size() / 5;
        for (const char* end : {"\n", " "})
            if (const auto at = part.rfind(end); at != std::string_view::npos && at >= last_fifth) {
                part = part.substr(0, at + 1);
                break;
            }
        out.emplace_back(part);
        utf8.remove_prefix(part.size());
    }
    out.emplace_back(utf8);
    return out;
}

std::optional<time_point> time_in(const json& value) {
    if (value.is_number()) return from_seconds(value.get<double>());
    if (value.is_string()) {
        const auto& text = value.get_ref<const std::string&>();
        if (!text.empty() && text.find_first_not_of("0123456789.") == std::string::npos && text.size() < 30)
            return from_seconds(std::strtod(text.c_str(), nullptr));
        return parse_time(text, "UTC");
    }
    if (value.is_object() && value.contains("low") && value["low"].is_number_integer()) {
        // The lower half comes as a signed number.
        const auto low = static_cast<std::uint32_t>(value["low"].get<std::int64_t>());
        const auto high = value.value("high", json(0));
        const double upper = high.is_number_integer() ? static_cast<double>(high.get<std::int64_t>()) : 0;
        return from_seconds(upper * 4294967296.0 + low);
    }
    return std::nullopt;
}

std::vector<incoming> to_incoming(const heard& s, std::string_view channel, std::string_view scenario,
                                  std::string_view default_country) {
    incoming m;
    m.channel = channel;
    m.user_id = cut_characters(s.user_id, 200);
    if (!s.session.empty()) m.session_id = cut_characters(s.session, 200);
    m.scenario = scenario;
    m.at = s.at;
    m.own_brain = true;
    if (s.by_us) {
        m.role = speaker::staff;
        m.sender = "staff";
    } else {
        m.role = speaker::user;
        m.user_name = cut_characters(s.name, 100);
        m.user_email = cut_characters(s.email, 254);
        const auto phone = parse_phone(s.phone, default_country);
        m.user_phone = cut_characters(phone && phone->valid ? phone->e164 : s.phone, 40);
        m.sender = m.user_name.empty() ? "user" : m.user_name;
        if (const auto language = detect_language(s.text); language != "mixed") m.language = language;
    }
    json about = s.metadata;
    if (!s.id.empty()) about["external_id"] = cut_characters(s.id, 200);
    if (!about.empty()) m.metadata = dump(about);

    const std::string key = message_key(s, channel);
    std::vector<incoming> out;
    for (auto& part : in_parts(s.text, most_characters_stored)) {
        incoming piece = m;
        piece.message_id = std::string(brought) + key;
        if (!out.empty()) piece.message_id += "-" + std::to_string(out.size() + 1);
        piece.body_hash = hash64(part);
        piece.text = std::move(part);
        out.push_back(std::move(piece));
    }
    return out;
}

} // namespace chat_centre::channel
