#include <chat_centre/macro/macro_routes.hpp>

#include "macro/queries.hpp"
#include "macro/run.hpp"
#include "macro/steps.hpp"

#include <chat_centre/audit/audit.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/http/page.hpp>

namespace chat_centre::macro {
namespace {

error no_macro() { return error::not_found("There is no such macro."); }

// The record of a run as the answer shows it: without what only undoing needs.
json shown(const record& done) {
    json out = json::array();
    for (const auto& s : done) out.push_back({{"do", s.at("do")}, {"value", s.at("value")}});
    return out;
}

// The conversation after it, null when the caller does not see it any more.
json conversation_after(db::tx& t, const principal& who, std::int64_t id, time_point now) {
    try {
        return conversation::to_json(conversation::find_visible(t, who, id), now);
    } catch (const error&) {
        return nullptr;
    }
}

// One run under way.
struct progress {
    std::int64_t id = 0; // 0: nothing is stored yet
    record done = json::array();
    bool sent = false;
};

void keep_progress(db::tx& t, const http::request& r, const prepared& p, std::int64_t conversation,
                   progress& run, time_point now, const std::optional<std::string>& failed) {
    if (run.id == 0) {
        run.id = t.scalar<std::int64_t>(sql::add_run, p.macro.id, p.macro.name, conversation, r.who.staff,
                                        dump(run.done), now);
        audit::record(
            t, audit::by(r, "macro.run", format_id("CONV", conversation),
                         {{"macro", format_id("MAC", p.macro.id)}, {"run", format_id("RUN", run.id)}}));
    }
    t.exec(sql::keep_run, run.id, dump(run.done), failed);
}

} // namespace

macro_routes::answer macro_routes::list(http::request r) {
    const auto page = http::read_page(r, 100);
    auto work = [page](db::tx& t) {
        json items = json::array();
        for (const auto& m : list_macros(t, page.number("id", 0), page.fetch())) items.push_back(to_json(m));
        return items;
    };
    auto items = co_await s_.pool.run(std::move(work));
    co_return http::response::of(http::page_answer(std::move(items), page, [](const json& last) {
        return json{{"id", parse_id("MAC", last["macro_id"].get<std::string>()).value()}};
    }));
}

macro_routes::answer macro_routes::create(http::request r) {
    const auto body = read_fields<macro_body>(r.json_body());
    check_steps(body.steps);
    auto work = [r, body, now = s_.clock.now()](db::tx& t) {
        macro_row m;
        m.name = body.name.value;
        m.steps = body.steps;
        m = add_macro(t, m, r.who.staff, now);
        audit::record(t, audit::by(r, "macro.create", format_id("MAC", m.id), {{"name", m.name}}));
        return to_json(m);
    };
    co_return http::response::of(co_await s_.pool.run(std::move(work)), 201);
}

macro_routes::answer macro_routes::change(http::request r) {
    const auto id = r.path_id(0, "MAC");
    const auto body = read_fields<macro_change_body>(r.json_body());
    if (body.steps) check_steps(*body.steps);
    auto work = [r, id, body, now = s_.clock.now()](db::tx& t) {
        auto m = find_macro(t, id);
        if (!m) throw no_macro();
        if (body.name) m->name = body.name->value;
        if (body.steps) m->steps = *body.steps;
        audit::record(t, audit::by(r, "macro.change", format_id("MAC", id), {{"name", m->name}}));
        return to_json(change_macro(t, *m, now));
    };
    co_return http::response::of(co_await s_.pool.run(std::move(work)));
}

macro_routes::answer macro_routes::remove(http::request r) {
    const auto id = r.path_id(0, "MAC");
    auto work = [r, id](db::tx& t) {
        if (!delete_macro(t, id)) throw no_macro();
        audit::record(t, audit::by(r, "macro.delete", format_id("MAC", id)));
    };
    co_await s_.pool.run(std::move(work));
    co_return http::response::no_content();
}

macro_routes::answer macro_routes::run(http::request r) {
    const auto macro = r.path_id(0, "MAC");
    const auto body = read_fields<of_conversation_body>(r.json_body());
    const auto named = parse_id("CONV", body.conversation_id.value);
    if (!named) throw error::unprocessable("conversation_id", "must be a conversation id such as CONV-12");
    const std::int64_t id = *named;
    auto read = [this, r, macro, id](db::tx& t) { return prepare(t, r, macro, id, company_); };
    const prepared p = co_await s_.pool.run(std::move(read));

    const std::string key = "macro-" + random_id(12);
    progress run;
    std::optional<error> failed;
    for (const auto& segment : segments_of(p.macro.steps)) {
        const auto now = s_.clock.now();
        const std::size_t first = segment.front();
        try {
            if (p.macro.steps[first].what == "send") {
                const auto got = co_await conversation::post_message(s_, r.who, id, p.texts[first],
                                                                     key + "-" + std::to_string(first), {});
                run.sent = true;
                record said = to_json(p.macro.steps[first]);
                said["message"] = got.message.message_id;
                run.done.push_back(std::move(said));
                auto keep_it = [r, p, id, run, now](db::tx& t) {
                    progress next = run;
                    keep_progress(t, r, p, id, next, now, std::nullopt);
                    return next;
                };
                run = co_await s_.pool.run(std::move(keep_it));
            } else {
                auto work = [r, p, id, segment, run, now](db::tx& t) {
                    progress next = run;
                    std::vector<event::entry> events;
                    do_segment(t, r, p, segment, id, now, next.done, events);
                    keep_progress(t, r, p, id, next, now, std::nullopt);
                    if (!events.empty()) event::append(t, events);
                    return next;
                };
                run = co_await s_.pool.run(std::move(work));
            }
        } catch (const error& e) {
            failed = e;
        }
        if (failed) break;
    }

    auto finish = [r, p, id, run, failed, now = s_.clock.now()](db::tx& t) {
        progress last = run;
        std::vector<event::entry> events;
        std::optional<std::string> why;
        if (failed) {
            why = failed->detail();
            // All or nothing, as long as nothing has left the house.
            if (!run.sent && !run.done.empty()) {
                undo_steps(t, r, run.done, id, now, events);
                last.done = json::array();
            }
        } else {
            for (const auto used : p.templates) count_use(t, used);
        }
        if (last.id != 0) keep_progress(t, r, p, id, last, now, why);
        json answer = {{"run_id", format_id("RUN", last.id)},
                       {"macro_id", format_id("MAC", p.macro.id)},
                       {"name", p.macro.name},
                       {"done", shown(last.done)},
                       {"failed", why ? json(*why) : json(nullptr)},
                       {"conversation", conversation_after(t, r.who, id, now)}};
        if (!events.empty()) event::append(t, events);
        return answer;
    };
    const json answer = co_await s_.pool.run(std::move(finish));
    if (failed && !run.sent) throw *failed;
    co_return http::response::of(answer);
}

macro_routes::answer macro_routes::undo(http::request r) {
    const auto run = r.path_id(0, "RUN");
    auto work = [r, run, now = s_.clock.now()](db::tx& t) {
        const auto no_run = [] { return error::not_found("There is no such run of a macro."); };
        const auto found = t.maybe(sql::lock_run, run);
        if (!found) throw no_run();
        const auto id = found->get<std::int64_t>(2);
        // Whoever ran it may undo it, even when that gave the conversation away; others must see the conversation.
        if (found->get<std::int64_t>(3) != r.who.staff && conversation_after(t, r.who, id, now).is_null())
            throw no_run();
        if (!found->is_null(5)) throw error::conflict("This run has been undone already.");
        std::vector<event::entry> events;
        const auto result = undo_steps(t, r, parse_json(found->text(4)), id, now, events);
        t.exec(sql::mark_undone, run, now, r.who.staff);
        audit::record(t, audit::by(r, "macro.undo", format_id("CONV", id), {{"run", format_id("RUN", run)}}));
        json answer = {{"run_id", format_id("RUN", run)},
                       {"undone", result.undone},
                       {"not_undone", result.not_undone},
                       {"conversation", conversation_after(t, r.who, id, now)}};
        if (!events.empty()) event::append(t, events);
        return answer;
    };
    co_return http::response::of(co_await s_.pool.run(std::move(work)));
}

} // namespace chat_centre::macro
