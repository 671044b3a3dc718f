#include <chat_centre/sla/calendar.hpp>

#include <date/tz.h>

#include <algorithm>
#include <stdexcept>

namespace chat_centre::sla {
namespace {

using std::chrono::days;
using std::chrono::seconds;
using std::chrono::sys_days;

constexpr days horizon{3660};

struct span {
    time_point from, to; // to is not in it
};

const date::time_zone* zone_of(const std::string& name) {
    try {
        return date::locate_zone(name);
    } catch (const std::runtime_error&) {
        return date::locate_zone("Etc/UTC");
    }
}

// The pauses in order and without overlaps, so that one step after the other can be cut off.
std::vector<span> in_order(const std::vector<standstill>& pauses) {
    std::vector<span> out;
    out.reserve(pauses.size());
    for (const auto& p : pauses) out.push_back({p.from, p.until.value_or(time_point::max())});
    std::sort(out.begin(), out.end(), [](const span& a, const span& b) { return a.from < b.from; });
    std::size_t kept = 0;
    for (const auto& s : out) {
        if (s.to <= s.from) continue;
        if (kept > 0 && s.from <= out[kept - 1].to)
            out[kept - 1].to = std::max(out[kept - 1].to, s.to);
        else
            out[kept++] = s;
    }
    out.resize(kept);
    return out;
}

// Overlapping shifts of a day count once.
std::vector<opening> shifts_of(const calendar& c, int day) {
    if (c.hours.empty()) return {{day, std::chrono::minutes(0), std::chrono::hours(24)}};
    std::vector<opening> out;
    for (const auto& o : c.hours)
        if (o.day == day && o.opens < o.closes) out.push_back(o);
    std::sort(out.begin(), out.end(), [](const opening& a, const opening& b) { return a.opens < b.opens; });
    std::size_t kept = 0;
    for (const auto& o : out) {
        if (kept > 0 && o.opens <= out[kept - 1].closes)
            out[kept - 1].closes = std::max(out[kept - 1].closes, o.closes);
        else
            out[kept++] = o;
    }
    out.resize(kept);
    return out;
}

// Calls visit(span) for the open spans between from and to, in order, until it says false. Between two changes of the
// zone's offset, local time is UTC plus a constant: so one such stretch after the other.
template <class Visit>
void each_open(const calendar& c, time_point from, time_point to, Visit&& visit) {
    const date::time_zone* zone = zone_of(c.zone);
    std::vector<opening> week[8];
    for (int d = 1; d <= 7; ++d) week[d] = shifts_of(c, d);
    const auto is_holiday = [&c](sys_days day) {
        return std::find(c.holidays.begin(), c.holidays.end(), day) != c.holidays.end();
    };
    for (time_point at = from; at < to;) {
        const auto info = zone->get_info(std::chrono::floor<seconds>(at));
        const time_point end = info.end < std::chrono::ceil<seconds>(to) ? time_point(info.end) : to;
        const seconds offset = info.offset;
        for (auto day = std::chrono::floor<days>(at + offset); day < end + offset; day += days(1)) {
            if (is_holiday(day)) continue;
            const auto weekday = std::chrono::weekday(day).iso_encoding();
            for (const auto& o : week[weekday]) {
                const span s{std::max<time_point>(day + o.opens - offset, at),
                             std::min<time_point>(day + o.closes - offset, end)};
                if (s.from < s.to && !visit(s)) return;
            }
        }
        at = end;
    }
}

// The same without the pauses.
template <class Visit>
void each_working(const calendar& c, const std::vector<span>& pauses, time_point from, time_point to,
                  Visit&& visit) {
    std::size_t next = 0;
    each_open(c, from, to, [&](span s) {
        while (next < pauses.size() && pauses[next].to <= s.from) ++next;
        for (std::size_t i = next; i < pauses.size() && pauses[i].from < s.to; ++i) {
            if (pauses[i].from > s.from && !visit(span{s.from, pauses[i].from})) return false;
            s.from = std::max(s.from, std::min(pauses[i].to, s.to));
        }
        return s.from >= s.to || visit(s);
    });
}

} // namespace

duration elapsed(const calendar& c, const std::vector<standstill>& pauses, time_point from, time_point to) {
    duration sum{0};
    each_working(c, in_order(pauses), from, to, [&sum](const span& s) {
        sum += s.to - s.from;
        return true;
    });
    return sum;
}

std::optional<time_point> reach(const calendar& c, const std::vector<standstill>& pauses, time_point from,
                                duration amount) {
    if (amount <= duration{0}) return from;
    const auto stops = in_order(pauses);
    time_point limit = from + horizon;
    if (!stops.empty() && stops.back().to == time_point::max()) limit = std::min(limit, stops.back().from);
    std::optional<time_point> found;
    each_working(c, stops, from, limit, [&](const span& s) {
        if (s.to - s.from < amount) {
            amount -= s.to - s.from;
            return true;
        }
        found = s.from + amount;
        return false;
    });
    return found;
}

} // namespace chat_centre::sla
