#include <chat_centre/conversation/routes.hpp>

#include "conversation/store.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/staff_text.hpp>
#include <chat_centre/conversation/staff_actions.hpp>

namespace chat_centre::conversation {

namespace {

// staff_text.cpp has the Arabic.
constexpr const char* unsent_warning =
    "This channel has no gateway: the reply is kept, but has not been sent to the customer.";

} // namespace

routes::answer routes::reply(http::request r) {
    const auto id = r.path_id(0, "CONV");
    const auto body = read_fields<reply_body>(r.json_body());
    // Document 004 line 74: the answer to a customer's message comes with it. A client that listens on a socket says 0.
    const auto wait = r.query_number("wait", 8, 0, 25);
    const std::string client_id = body.client_message_id ? body.client_message_id->value : std::string{};
    const receipt got = co_await post_message(s_, r.who, id, body.message.value, client_id,
                                              std::string(r.header("idempotency-key").substr(0, 200)));
    std::string text = to_json(got.message);
    if (r.who.kind == caller::customer && s_.replies != nullptr && got.called_assistant && wait > 0) {
        // Of a message that was stored before: once the turn is not the assistant's, nothing more comes.
        const bool may_come = !got.duplicate || got.handler == "bot";
        const std::chrono::seconds limit(may_come ? wait : 0);
        const auto reply = co_await s_.replies->reply_to(id, got.message.seq, limit);
        json with = json::parse(text);
        with["reply"] = reply ? json::parse(to_json(*reply)) : json(nullptr);
        text = dump(with);
    }
    if (!got.delivery.empty()) {
        json with = json::parse(text);
        with["delivery"] = std::string(got.delivery);
        if (got.delivery == not_configured) {
            with["warning"] = unsent_warning;
            with["warning_ar"] = in_arabic(unsent_warning);
        }
        text = dump(with);
    }
    http::response out = http::response::json_text(std::move(text), got.duplicate ? 200 : 201);
    if (got.duplicate) out.with("Idempotent-Replayed", "true");
    co_return out;
}

routes::answer routes::add_note(http::request r) {
    const auto id = r.path_id(0, "CONV");
    const auto body = read_fields<note_body>(r.json_body());
    const auto now = s_.clock.now();
    auto work = [r = std::move(r), id, text = body.body.value, now](db::tx& t) {
        const row c = lock_visible(t, r.who, id);
        std::vector<event::entry> events;
        const json note = conversation::add_note(t, r, c, text, "note", now, events);
        event::append(t, events);
        return note;
    };
    co_return http::response::of(co_await s_.pool.run(std::move(work)), 201);
}

routes::answer routes::read(http::request r) {
    const auto id = r.path_id(0, "CONV");
    const auto body = read_fields<read_body>(r.json_body());
    auto work = [who = r.who, id, seq = static_cast<int>(body.seq.value)](db::tx& t) {
        const row c = find_visible(t, who, id);
        mark_read(t, who.staff, id, std::min(seq, c.last_seq));
    };
    co_await s_.pool.run(std::move(work));
    co_return http::response::no_content();
}

routes::answer routes::draft(http::request r) {
    const auto id = r.path_id(0, "CONV");
    const auto body = read_fields<draft_body>(r.json_body());
    const auto now = s_.clock.now();
    auto work = [who = r.who, id, body, now](db::tx& t) -> json {
        find_visible(t, who, id);
        const auto version = put_draft(t, who.staff, id, body.kind.value, body.body.value,
                                       static_cast<int>(body.version.value), now);
        if (version) return {{"version", *version}};
        error e{409, "A newer draft is stored", "It was changed on another screen; current holds it."};
        throw e.with("current", dump(draft_of(t, who.staff, id, body.kind.value.c_str())));
    };
    co_return http::response::of(co_await s_.pool.run(std::move(work)));
}

routes::answer routes::feedback(http::request r) {
    const std::string message_id(r.path_values.at(0));
    const auto body = read_fields<feedback_body>(r.json_body());
    const auto now = s_.clock.now();
    auto work = [who = r.who, message_id, body, now](db::tx& t) {
        const auto found = find_message(t, message_id, who.kind == caller::customer ? who.conversation : 0);
        if (!found) throw error::not_found("There is no such message.");
        find_visible(t, who, found->first);
        const std::string giver = who.kind == caller::customer ? "customer" : format_id("STF", who.staff);
        put_feedback(t, found->first, found->second, giver, body.feedback.value,
                     body.comment ? std::optional{body.comment->value} : std::nullopt, now);
        return messages_after(t, found->first, found->second - 1, 1).at(0);
    };
    co_return http::response::json_text(to_json(co_await s_.pool.run(std::move(work))));
}

} // namespace chat_centre::conversation
