#pragma once
// A database with tickets, a clock that the test moves, and the jobs of both folders.

#include "support/clock.hpp"
#include "support/database.hpp"
#include "ticket/service.hpp"

#include <chat_centre/conversation/append_lane.hpp>
#include <chat_centre/jobs/jobs.hpp>
#include <chat_centre/sla/sla.hpp>
#include <chat_centre/ticket/service.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace chat_centre::tests {

struct desk {
    desk() {
        data.script(
            "INSERT INTO staff (name, email, password_hash, role) VALUES ('Sarah Johnson', 's@example.org', '', "
            "'agent'), ('Bob', 'b@example.org', '', 'engineer');"
            "INSERT INTO contact (contact_id, name, created_at, updated_at) OVERRIDING SYSTEM VALUE "
            "VALUES (1, 'John', now(), now());"
            "DELETE FROM sla_policy;"
            "INSERT INTO sla_policy (name, first_response_minutes, resolution_minutes) VALUES ('All', 60, 240);");
        restart();
    }

    // Another process takes over: nothing is remembered but what is stored.
    void restart() {
        runner = std::make_unique<jobs::runner>(data.settings(), clock);
        ticket::handle_jobs(*runner, s);
        sla::handle_jobs(*runner, s);
    }
    void pass(std::chrono::microseconds by) {
        clock.advance(by);
        while (runner->run_due() > 0) {
        }
    }

    template <class F>
    auto run(F work) {
        return pool.run_blocking(std::move(work));
    }

    ticket::row open(const std::function<void(ticket::row&)>& shape = {}) {
        return run([&](db::tx& t) {
            ticket::row r;
            r.subject = "مشكلة في التسليم";
            r.contact = 1;
            if (shape) shape(r);
            std::vector<event::entry> events;
            const ticket::change what{"new", {}, ticket::by_system("ticket.create", ""), "", false};
            ticket::row made = ticket::add(t, s, r, what, clock.now(), events);
            event::append(t, events);
            return made;
        });
    }
    ticket::row change(std::int64_t number, const std::function<ticket::row(ticket::row)>& decide) {
        return run([&](db::tx& t) {
            const ticket::row before = *ticket::lock(t, number);
            std::vector<event::entry> events;
            const ticket::change what{"status", {}, ticket::by_system("ticket.change", before.id), "", false};
            ticket::row after = ticket::keep(t, s, before, decide(before), what, clock.now(), events);
            event::append(t, events);
            return after;
        });
    }
    ticket::row set(std::int64_t number, const char* status) {
        return change(number,
                      [&](ticket::row r) { return ticket::set_status(std::move(r), status, clock.now()); });
    }
    ticket::row load(std::int64_t number) {
        return run([&](db::tx& t) { return *ticket::load(t, number); });
    }
    std::int64_t notices(const char* kind) {
        static constexpr db::query q{"test.notices",
                                     "SELECT count(*) FROM event WHERE type = 'notice.wanted' AND "
                                     "data::json->>'kind' = $1"};
        return run([&](db::tx& t) { return t.scalar<std::int64_t>(q, kind); });
    }
    std::int64_t waiting_jobs() {
        static constexpr db::query q{"test.jobs", "SELECT count(*) FROM job WHERE kind LIKE 'sla.%'"};
        return run([&](db::tx& t) { return t.scalar<std::int64_t>(q); });
    }

    database data;
    moved_clock clock;
    db::pool pool{data.settings(), "test", 2};
    event::relay relay{data.settings()};
    conversation::append_lane lane{data.settings(), relay, clock};
    conversation::surroundings chats{pool, relay, lane, clock, "UTC", {}, {}, {}};
    ticket::surroundings s{pool, chats, clock, sla::count, {}, {}};
    std::unique_ptr<jobs::runner> runner;
};

} // namespace chat_centre::tests
