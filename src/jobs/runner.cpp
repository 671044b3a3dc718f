#include <chat_centre/jobs/jobs.hpp>

#include "jobs/queries.hpp"

#include <spdlog/spdlog.h>

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <utility>
#include <vector>

namespace chat_centre::jobs {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

// Notifications go by feature ("chat_centre_job_routing" for routing.drain): whom a job does not concern sleeps on.
constexpr const char* channel_prefix = "chat_centre_job_";
constexpr milliseconds longest_wait =
    1000ms; // a lost notification, or a clock that was set, costs at most this
constexpr std::size_t longest_error = 500;

job from_row(const db::row& r) {
    job j;
    j.id = r.get<std::int64_t>(0);
    j.kind = r.get<std::string>(1);
    j.key = r.get<std::string>(2);
    j.due = r.get<time_point>(3);
    j.payload = json::parse(r.text(4));
    j.attempts = r.get<int>(5) + 1;
    j.lane = r.get<std::string>(6);
    return j;
}

std::string error_text(const std::exception& e) { return std::string(e.what()).substr(0, longest_error); }

} // namespace

struct runner::impl {
    struct handled {
        handler run;
        retry_rule retries;
    };
    struct performed {
        effect run;
        retry_rule retries;
        milliseconds lease{};
    };

    impl(db::settings s, const clock_source& c, std::size_t n, int limit)
        : settings(std::move(s)), clock(c), performers(n), per_lane(limit) {
        settings.application_name = "chat-centre jobs";
    }

    std::set<std::string> channels() const {
        std::set<std::string> out;
        const auto add = [&out](const std::string& kind) {
            out.insert(channel_prefix + kind.substr(0, kind.find('.')));
        };
        for (const auto& [kind, h] : handlers) add(kind);
        for (const auto& [kind, p] : effects) add(kind);
        return out;
    }

    db::array handled_kinds() const {
        db::array a;
        for (const auto& [kind, h] : handlers) a.add(kind);
        return a;
    }
    db::array performed_kinds() const {
        db::array a;
        for (const auto& [kind, p] : effects) a.add(kind);
        return a;
    }

    // One job inside its transaction. False: none is due.
    bool handle_one(db::connection& c) {
        std::optional<job> taken;
        try {
            c.transact([&](db::tx& t) {
                const auto r = t.maybe(sql::take_due, clock.now(), handled_kinds(), db::array{});
                if (!r) return;
                taken = from_row(*r);
                t.exec(sql::remove, taken->id);
                handlers.at(taken->kind).run(t, *taken);
            });
        } catch (const db::connection_lost&) {
            throw;
        } catch (const std::exception& e) {
            if (!taken) throw;
            postpone(c, *taken, handlers.at(taken->kind).retries, error_text(e));
        }
        return taken.has_value();
    }

    bool perform_one(db::connection& c) {
        const auto taken = take_effect(c);
        if (!taken) return false;
        wake_one(); // there may be more
        const auto& how = effects.at(taken->kind);
        try {
            how.run(*taken);
        } catch (const std::exception& e) {
            leave_lane(*taken, true);
            postpone(c, *taken, how.retries, error_text(e));
            return true;
        }
        leave_lane(*taken, false);
        c.transact([&](db::tx& t) { t.exec(sql::finish, taken->id, taken->attempts); });
        return true;
    }

    // One after the other, so that two performers do not both take the last free place of a lane.
    std::optional<job> take_effect(db::connection& c) {
        const std::lock_guard lock(taking);
        std::optional<job> taken;
        c.transact([&](db::tx& t) {
            const auto now = clock.now();
            const auto r = t.maybe(sql::take_due, now, performed_kinds(), full_lanes());
            if (!r) return;
            taken = from_row(*r);
            t.exec(sql::lease, taken->id, now + effects.at(taken->kind).lease);
        });
        if (taken && !taken->lane.empty()) {
            const std::lock_guard counting(mutex);
            ++lanes[taken->lane].under_way;
        }
        return taken;
    }

    db::array full_lanes() {
        const std::lock_guard lock(mutex);
        db::array full;
        if (per_lane == 0) return full;
        for (const auto& [name, l] : lanes)
            if (l.under_way >= (l.failing ? 1 : per_lane)) full.add(name);
        return full;
    }

    void leave_lane(const job& j, bool failed) {
        if (j.lane.empty()) return;
        const std::lock_guard lock(mutex);
        auto& l = lanes[j.lane];
        --l.under_way;
        l.failing = failed;
        if (l.under_way == 0 && !failed) lanes.erase(j.lane);
    }

    void postpone(db::connection& c, const job& j, const retry_rule& retries, const std::string& why) {
        const auto pause = retries(j.attempts);
        spdlog::warn("job {} {} failed at attempt {}: {}{}", j.kind, j.key, j.attempts, why,
                     pause ? "" : "; given up");
        c.transact([&](db::tx& t) {
            const auto now = clock.now();
            if (pause)
                t.exec(sql::try_again, j.id, j.attempts, now + *pause, why);
            else
                t.exec(sql::give_up, j.id, j.attempts, now, why);
        });
    }

    milliseconds until_next(db::connection& c, const db::array& kinds) {
        std::optional<time_point> next;
        c.autocommit([&](db::tx& t) {
            next = t.scalar<std::optional<time_point>>(sql::next_due, kinds, full_lanes());
        });
        if (!next) return longest_wait;
        return std::clamp(std::chrono::ceil<milliseconds>(*next - clock.now()), milliseconds(1), longest_wait);
    }

    // A thread's life: reconnects by itself, sleeps until something is due. `listens`: this one hears of new jobs, and
    // wakes the others.
    template <class Step>
    void loop(Step step, const db::array& kinds, bool listens) {
        std::unique_ptr<db::connection> c;
        bool failing = false;
        while (!stopping) {
            try {
                if (!c) {
                    c = db::connect(settings);
                    if (listens)
                        for (const auto& channel : channels()) c->listen(channel);
                }
                const auto seen = calls_heard(); // a call from here on ends the sleep at once
                while (!stopping && step(*c)) {
                }
                failing = false;
                if (stopping) break;
                const auto wait = until_next(*c, kinds);
                if (listens) {
                    if (c->wait_notification(wait)) wake_one();
                } else {
                    sleep_for(wait, seen);
                }
            } catch (const std::exception& e) {
                if (!failing) spdlog::warn("jobs: {}; trying again", e.what());
                failing = true;
                c.reset();
                sleep_for(500ms, calls_heard());
            }
        }
    }

    std::uint64_t calls_heard() {
        const std::lock_guard lock(mutex);
        return calls;
    }

    void sleep_for(milliseconds limit, std::uint64_t seen) {
        std::unique_lock lock(mutex);
        wake.wait_for(lock, limit, [&] { return stopping || calls != seen; });
    }

    // One of those that sleep looks, and wakes the next one when it has found something to do.
    void wake_one() {
        {
            const std::lock_guard lock(mutex);
            ++calls;
        }
        wake.notify_one();
    }

    db::settings settings;
    const clock_source& clock;
    std::size_t performers;
    int per_lane;
    std::map<std::string, handled> handlers;
    std::map<std::string, performed> effects;
    std::atomic<bool> stopping{false};
    std::mutex taking; // held while a performer takes a job
    std::mutex mutex;  // guards what follows
    std::condition_variable wake;
    std::uint64_t calls = 0;
    struct lane_state {
        int under_way = 0;
        bool failing = false; // the last effect was
    };
    std::map<std::string, lane_state> lanes; // in use, or failing
    std::vector<std::thread> threads;
};

runner::runner(db::settings s, const clock_source& clock, std::size_t performers, int per_lane)
    : impl_(std::make_unique<impl>(std::move(s), clock, performers, per_lane)) {}
runner::~runner() { stop(); }

void runner::handle(std::string kind, handler h, retry_rule retries) {
    impl_->handlers.emplace(std::move(kind), impl::handled{std::move(h), std::move(retries)});
}

void runner::perform(std::string kind, effect e, retry_rule retries, milliseconds lease) {
    impl_->effects.emplace(std::move(kind), impl::performed{std::move(e), std::move(retries), lease});
}

void runner::start() {
    auto* p = impl_.get();
    // This thread listens for all: a performer may be away with something slow.
    p->threads.emplace_back([p] {
        const auto step = [p](db::connection& c) { return !p->handlers.empty() && p->handle_one(c); };
        p->loop(step, p->handled_kinds(), true);
    });
    if (p->effects.empty()) return;
    for (std::size_t i = 0; i < p->performers; ++i)
        p->threads.emplace_back([p] {
            p->loop([p](db::connection& c) { return p->perform_one(c); }, p->performed_kinds(), false);
        });
}

void runner::stop() {
    {
        const std::lock_guard lock(impl_->mutex);
        impl_->stopping = true;
    }
    impl_->wake.notify_all();
    for (auto& t : impl_->threads)
        if (t.joinable()) t.join();
    impl_->threads.clear();
}

int runner::run_due() {
    const auto c = db::connect(impl_->settings);
    int n = 0;
    while (impl_->handle_one(*c)) ++n;
    while (!impl_->effects.empty() && impl_->perform_one(*c)) ++n;
    return n;
}

} // namespace chat_centre::jobs
