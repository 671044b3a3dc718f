#include "quality/queries.hpp"

#include <chat_centre/audit/audit.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/conversation/staff_actions.hpp>
#include <chat_centre/quality/routes.hpp>

namespace chat_centre::quality {
namespace {

std::string id_of(const conversation::row& c) { return format_id("CONV", c.id); }

event::entry watch_event(std::int64_t conversation, std::int64_t staff, bool watching, time_point now) {
    event::entry e;
    e.type = "supervision.watch";
    e.at = now;
    e.conversation = conversation;
    e.who = event::audience::internal; // nobody is told
    e.data = dump({{"staff", staff}, {"watching", watching}});
    return e;
}

event::entry barge_event(const conversation::row& c, const principal& who, bool joined, time_point now) {
    event::entry e;
    e.type = "supervision.barge";
    e.at = now;
    e.conversation = c.id;
    e.who = event::audience::conversation_staff;
    e.now = c.scope();
    e.data = dump({{"conversation_id", id_of(c)},
                   {"staff", {{"staff_id", format_id("STF", who.staff)}, {"name", who.name}}},
                   {"joined", joined}});
    return e;
}

// The conversation, which a colleague of the caller must have.
conversation::row held_by_colleague(db::tx& t, const principal& who, std::int64_t id) {
    auto c = conversation::lock_visible(t, who, id);
    if (c.status != "active" || c.assigned == 0)
        throw error{409, "Nobody has this conversation", "It is with no colleague now. Take it over instead."};
    if (c.assigned == who.staff)
        throw error{409, "You have this conversation yourself", "Write to the customer, or write a note."};
    return c;
}

json people(const db::rows& found) {
    json out = json::array();
    for (const auto r : found)
        out.push_back({{"staff_id", format_id("STF", r.get<std::int64_t>(0))},
                       {"name", r.get<std::string>(1)},
                       {"since", to_rfc3339(r.get<time_point>(2))}});
    return out;
}

} // namespace

supervision_routes::answer supervision_routes::show(http::request r) {
    auto work = [who = r.who, id = r.path_id(0, "CONV")](db::tx& t) {
        const auto c = conversation::find_visible(t, who, id);
        return json{{"conversation_id", id_of(c)},
                    {"watching", people(t.many(sql::list_watches, id))},
                    {"joined", people(t.many(sql::list_barges, id))}};
    };
    co_return http::response::of(co_await s_.pool.run(std::move(work)));
}

supervision_routes::answer supervision_routes::watch(http::request r) {
    const auto id = r.path_id(0, "CONV");
    auto work = [r, id, now = s_.clock.now()](db::tx& t) {
        const auto c = conversation::find_visible(t, r.who, id);
        if (t.exec(sql::add_watch, id, r.who.staff, now) > 0) {
            audit::record(t, audit::by(r, "conversation.watch", id_of(c)));
            std::vector<event::entry> events{watch_event(id, r.who.staff, true, now)};
            event::append(t, events);
        }
        return json{{"conversation_id", id_of(c)}, {"watching", true}, {"since", to_rfc3339(now)}};
    };
    const json answer = co_await s_.pool.run(std::move(work));
    watchers_.set(id, r.who.staff, true); // before the answer: the next frame of this person is silent already
    co_return http::response::of(answer);
}

supervision_routes::answer supervision_routes::unwatch(http::request r) {
    const auto id = r.path_id(0, "CONV");
    auto work = [r, id, now = s_.clock.now()](db::tx& t) {
        const auto c = conversation::find_visible(t, r.who, id);
        if (t.exec(sql::remove_watch, id, r.who.staff) > 0) {
            audit::record(t, audit::by(r, "conversation.unwatch", id_of(c)));
            std::vector<event::entry> events{watch_event(id, r.who.staff, false, now)};
            event::append(t, events);
        }
        return json{{"conversation_id", id_of(c)}, {"watching", false}, {"since", nullptr}};
    };
    const json answer = co_await s_.pool.run(std::move(work));
    watchers_.set(id, r.who.staff, false);
    co_return http::response::of(answer);
}

supervision_routes::answer supervision_routes::whisper(http::request r) {
    const auto id = r.path_id(0, "CONV");
    const auto body = read_fields<whisper_body>(r.json_body());
    auto work = [r, id, text = body.body.value, now = s_.clock.now()](db::tx& t) {
        const auto c = held_by_colleague(t, r.who, id);
        std::vector<event::entry> events;
        json note = conversation::add_note(t, r, c, text, "whisper", now, events);
        event::append(t, events);
        return note;
    };
    co_return http::response::of(co_await s_.pool.run(std::move(work)), 201);
}

supervision_routes::answer supervision_routes::barge(http::request r) {
    const auto id = r.path_id(0, "CONV");
    auto work = [r, id, now = s_.clock.now()](db::tx& t) {
        const auto c = held_by_colleague(t, r.who, id);
        t.exec(sql::put_barge, id, r.who.staff, c.assigned, now);
        std::vector<event::entry> events;
        // Whoever speaks is seen.
        if (t.exec(sql::remove_watch, id, r.who.staff) > 0)
            events.push_back(watch_event(id, r.who.staff, false, now));
        audit::record(t, audit::by(r, "conversation.barge", id_of(c)));
        events.push_back(barge_event(c, r.who, true, now));
        event::append(t, events);
        return json{{"conversation_id", id_of(c)},
                    {"joined", true},
                    {"held_by", {{"staff_id", format_id("STF", c.assigned)}, {"name", c.assigned_name}}},
                    {"since", to_rfc3339(now)}};
    };
    const json answer = co_await s_.pool.run(std::move(work));
    watchers_.set(id, r.who.staff, false);
    co_return http::response::of(answer);
}

supervision_routes::answer supervision_routes::leave(http::request r) {
    auto work = [r, id = r.path_id(0, "CONV"), now = s_.clock.now()](db::tx& t) {
        const auto c = conversation::lock_visible(t, r.who, id);
        if (t.exec(sql::remove_barge, id, r.who.staff) == 0) return;
        audit::record(t, audit::by(r, "conversation.leave", id_of(c)));
        std::vector<event::entry> events{barge_event(c, r.who, false, now)};
        event::append(t, events);
    };
    co_await s_.pool.run(std::move(work));
    co_return http::response::no_content();
}

} // namespace chat_centre::quality
