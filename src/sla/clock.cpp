#include "sla/clock.hpp"

namespace chat_centre::sla {

reading read(const calendar& c, const std::vector<standstill>& pauses, const facts& f, time_point now) {
    reading r;
    r.due = reach(c, pauses, f.start, f.target);
    r.met = f.met;
    if (f.met) {
        // Due at the moment it was met still is in time.
        const bool late = f.breached || (r.due && *f.met > *r.due);
        r.state = late ? "breached" : "met";
        return r;
    }
    if (f.breached || (r.due && *r.due < now)) {
        r.state = "breached";
        r.watch = !f.breached;
        return r;
    }
    r.state = f.paused ? "paused" : "running";
    r.remind = r.watch = r.due.has_value();
    return r;
}

} // namespace chat_centre::sla
