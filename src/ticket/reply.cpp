// Answering the customer of a ticket. With a conversation the answer is a message of that chat, stored by the append lane
// in a transaction of its own; so the ticket learns of it afterwards. Should the process end between the two, the
// conversation's own event ("first_response") tells the ticket.

#include <chat_centre/ticket/routes.hpp>

#include "ticket/portal.hpp"
#include "ticket/queries.hpp"
#include "ticket/service.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/conversation/ticket_actions.hpp>

namespace chat_centre::ticket {
namespace {

// The caller may answer, and has the conversation from here on. The conversation's id; 0: the ticket has none that is open.
std::int64_t prepare(db::tx& t, const http::request& r, time_point now) {
    const row k = lock_visible(t, r.who, r.path_values.at(0));
    allow(r.who, act::answer, k);
    if (k.status == "closed")
        throw error{409, "This ticket is closed", "Open a new one and link it to this one."};
    if (k.conversation == 0) return 0;
    std::vector<event::entry> events;
    conversation::take_to_answer(t, r, k.conversation, now, events);
    event::append(t, events);
    return k.conversation;
}

json author_json(const principal& who) {
    return {{"kind", "staff"}, {"staff_id", format_id("STF", who.staff)}, {"name", who.name}};
}

// Remembers that it was answered; whoever answers what nobody has takes it.
json finish(db::tx& t, const surroundings& s, const http::request& r, const ticket_reply_body& body,
            json reply, time_point now) {
    const row before =
        *lock_by_id(t, r.path_values.at(0)); // they were allowed to a moment ago, and have answered
    if (reply.is_null()) {
        const std::optional<std::string> client =
            body.client_message_id ? std::optional(body.client_message_id->value) : std::nullopt;
        const auto id =
            t.maybe(sql::add_reply, before.number, r.who.staff, r.who.name, body.message.value, client, now);
        if (!id) // stored before: the answer is the same
            for (const auto& known : replies_json(t, before))
                if (known["message"] == body.message.value)
                    return {{"reply", known}, {"ticket", to_json(before)}};
        reply = {{"reply_id", id ? format_id("RPL", id->get<std::int64_t>(0)) : ""},
                 {"author", author_json(r.who)},
                 {"message", body.message.value},
                 {"at", to_rfc3339(now)}};
    }
    if (before.status == "closed") return {{"reply", std::move(reply)}, {"ticket", to_json(before)}};
    row after = answered(before, now);
    if (after.assigned == 0) after = assign(std::move(after), {r.who.staff, r.who.name, r.who.role}, now);
    after.version = before.version + 1;
    const change what{"reply", {r.who.staff, r.who.name}, audit::by(r, "ticket.reply", before.id), "", false};
    std::vector<event::entry> events;
    const row stored = keep(t, s, before, std::move(after), what, now, events);
    news n;
    n.what = occasion::answered;
    n.author = r.who.name;
    n.words = body.message.value;
    tell_requester(t, s, stored, std::move(n), "reply-" + reply["reply_id"].get<std::string>(), now);
    event::append(t, events);
    return {{"reply", std::move(reply)}, {"ticket", to_json(stored)}};
}

} // namespace

routes::answer routes::reply(http::request r) {
    const auto body = read_fields<ticket_reply_body>(r.json_body());
    const auto begun = s_.clock.now();
    auto first = [r, begun](db::tx& t) { return prepare(t, r, begun); };
    const std::int64_t conversation = co_await s_.pool.run(std::move(first));
    json said = nullptr;
    if (conversation != 0) {
        const std::string client = body.client_message_id ? body.client_message_id->value : "";
        std::string key(r.header("idempotency-key"));
        auto posting = conversation::post_message(s_.chats, r.who, conversation, body.message.value, client,
                                                  std::move(key));
        const conversation::receipt stored = co_await std::move(posting);
        said = {{"reply_id", stored.message.message_id},
                {"author", author_json(r.who)},
                {"message", stored.message.text},
                {"at", to_rfc3339(stored.message.at)}};
    }
    const auto now = s_.clock.now();
    auto second = [&s = s_, r, body, said, now](db::tx& t) { return finish(t, s, r, body, said, now); };
    co_return http::response::of(co_await s_.pool.run(std::move(second)), 201);
}

} // namespace chat_centre::ticket
