#include <chat_centre/base/clock.hpp>

#include <date/tz.h>

#include <array>
#include <charconv>
#include <stdexcept>

namespace chat_centre {
namespace {

using std::chrono::days;
using std::chrono::microseconds;
using std::chrono::milliseconds;

class machine_clock final : public clock_source {
public:
    time_point now() const override {
        return std::chrono::time_point_cast<microseconds>(std::chrono::system_clock::now());
    }
    std::chrono::steady_clock::time_point steady() const override { return std::chrono::steady_clock::now(); }
};

struct fields {
    int year, month, day, hour, minute, second, micros;
};

fields split(time_point t) {
    const auto day = std::chrono::floor<days>(t);
    const std::chrono::year_month_day ymd{day};
    const auto rest = (t - day).count();
    return {static_cast<int>(ymd.year()),
            static_cast<int>(static_cast<unsigned>(ymd.month())),
            static_cast<int>(static_cast<unsigned>(ymd.day())),
            static_cast<int>(rest / 3'600'000'000),
            static_cast<int>(rest / 60'000'000 % 60),
            static_cast<int>(rest / 1'000'000 % 60),
            static_cast<int>(rest % 1'000'000)};
}

void append_digits(std::string& out, int value, int width) {
    char digits[8] = {'0', '0', '0', '0', '0', '0', '0', '0'};
    for (int i = width - 1; i >= 0; --i, value /= 10) digits[i] = static_cast<char>('0' + value % 10);
    out.append(digits, static_cast<std::size_t>(width));
}

// "2024-02-29T23:59:59." Every message carries several of these; snprintf would be its greatest single cost.
std::string date_and_time(const fields& f, char between) {
    std::string out;
    out.reserve(32);
    append_digits(out, f.year, 4);
    out.push_back('-');
    append_digits(out, f.month, 2);
    out.push_back('-');
    append_digits(out, f.day, 2);
    out.push_back(between);
    append_digits(out, f.hour, 2);
    out.push_back(':');
    append_digits(out, f.minute, 2);
    out.push_back(':');
    append_digits(out, f.second, 2);
    out.push_back('.');
    return out;
}

// A cursor over the text; each step answers whether it could be taken.
struct scanner {
    std::string_view rest;

    bool take(char c) {
        if (rest.empty() || rest.front() != c) return false;
        rest.remove_prefix(1);
        return true;
    }
    bool number(std::size_t digits, int& out) {
        if (rest.size() < digits) return false;
        out = 0;
        for (std::size_t i = 0; i < digits; ++i) {
            if (rest[i] < '0' || rest[i] > '9') return false;
            out = out * 10 + (rest[i] - '0');
        }
        rest.remove_prefix(digits);
        return true;
    }
    bool fraction(int& micros) {
        micros = 0;
        int scale = 100'000;
        std::size_t digits = 0;
        while (!rest.empty() && rest.front() >= '0' && rest.front() <= '9') {
            micros += (rest.front() - '0') * scale;
            scale /= 10;
            rest.remove_prefix(1);
            ++digits;
        }
        return digits > 0;
    }
};

std::optional<time_point> from_unix_seconds(std::string_view text) {
    std::int64_t seconds = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (failed != std::errc{} || seconds < 0 || seconds > 253'402'300'799) return std::nullopt;
    scanner s{text.substr(static_cast<std::size_t>(end - text.data()))};
    int micros = 0;
    if (s.take('.') && !s.fraction(micros)) return std::nullopt;
    if (!s.rest.empty()) return std::nullopt;
    return time_point{std::chrono::seconds{seconds} + microseconds{micros}};
}

// Both ends of what is accepted, so that everything stored can be read again: a zone may push a valid date over them.
std::optional<time_point> within_range(time_point t) {
    constexpr auto end = time_point{std::chrono::seconds{253'402'300'800}}; // the year 10000
    return t >= time_point{} && t < end ? std::optional{t} : std::nullopt;
}

const date::time_zone* find_zone(std::string_view zone) {
    if (zone.empty() || zone == "UTC") return nullptr;
    try {
        return date::locate_zone(std::string(zone));
    } catch (const std::runtime_error&) {
        return nullptr;
    }
}

} // namespace

const clock_source& system_clock_source() {
    static const machine_clock clock;
    return clock;
}

std::string to_rfc3339(time_point t) {
    const fields f = split(t);
    std::string out = date_and_time(f, 'T');
    append_digits(out, f.micros / 1000, 3);
    out.push_back('Z');
    return out;
}

std::string to_postgres(time_point t) {
    const fields f = split(t);
    std::string out = date_and_time(f, ' ');
    append_digits(out, f.micros, 6);
    out += "+00";
    return out;
}

time_point from_postgres(std::string_view text) {
    const auto t = parse_time(text, "UTC");
    if (!t) throw std::invalid_argument("not a timestamptz in UTC: " + std::string(text));
    return *t;
}

std::optional<time_point> parse_time(std::string_view text, std::string_view zone) {
    if (text.find('-') == std::string_view::npos) return from_unix_seconds(text);

    scanner s{text};
    fields f{};
    if (!s.number(4, f.year) || !s.take('-') || !s.number(2, f.month) || !s.take('-') || !s.number(2, f.day))
        return std::nullopt;
    if (!s.take('T') && !s.take('t') && !s.take(' ')) return std::nullopt;
    if (!s.number(2, f.hour) || !s.take(':') || !s.number(2, f.minute)) return std::nullopt;
    if (s.take(':') && !s.number(2, f.second)) return std::nullopt;
    if (s.take('.') && !s.fraction(f.micros)) return std::nullopt;

    const std::chrono::year_month_day ymd{std::chrono::year{f.year},
                                          std::chrono::month{static_cast<unsigned>(f.month)},
                                          std::chrono::day{static_cast<unsigned>(f.day)}};
    if (!ymd.ok() || f.year < 1970 || f.hour > 23 || f.minute > 59 || f.second > 60) return std::nullopt;
    const auto local = std::chrono::sys_days{ymd}.time_since_epoch() + std::chrono::hours{f.hour} +
                       std::chrono::minutes{f.minute} + std::chrono::seconds{f.second} +
                       microseconds{f.micros};

    if (s.rest.empty()) {
        const auto* z = find_zone(zone);
        if (z == nullptr) return within_range(time_point{local});
        // A time that a clock change skips or repeats: take the earlier reading rather than refuse the message.
        const date::local_time<microseconds> lt{local};
        const auto sys = z->to_sys(lt, date::choose::earliest);
        return within_range(time_point{sys.time_since_epoch()});
    }
    if (s.take('Z') || s.take('z')) return s.rest.empty() ? within_range(time_point{local}) : std::nullopt;

    const bool east = s.take('+');
    if (!east && !s.take('-')) return std::nullopt;
    int hours = 0;
    int minutes = 0;
    if (!s.number(2, hours)) return std::nullopt;
    if ((s.take(':') || !s.rest.empty()) && !s.number(2, minutes)) return std::nullopt;
    if (!s.rest.empty() || hours > 15 || minutes > 59) return std::nullopt;
    const auto offset = std::chrono::hours{hours} + std::chrono::minutes{minutes};
    return within_range(time_point{local - (east ? offset : -offset)});
}

time_point start_of_day(time_point t, std::string_view zone) {
    const auto* z = find_zone(zone);
    if (z == nullptr) return std::chrono::floor<days>(t);
    const auto local = z->to_local(date::sys_time<microseconds>{t.time_since_epoch()});
    const auto midnight = date::floor<date::days>(local);
    const auto sys = z->to_sys(date::local_time<microseconds>{midnight}, date::choose::earliest);
    return time_point{sys.time_since_epoch()};
}

bool is_known_zone(std::string_view zone) { return zone == "UTC" || find_zone(zone) != nullptr; }

} // namespace chat_centre
