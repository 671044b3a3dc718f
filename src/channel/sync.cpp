#include <chat_centre/channel/sync.hpp>

#include "channel/session_names.hpp"

#include <chat_centre/base/ids.hpp>

namespace chat_centre::channel {
namespace {

http::response answer_of(const conversation::receipt& got) {
    std::string out = R"({"success":true,"conversation_id":")";
    out += format_id("CONV", got.message.conversation);
    out += R"(","saved":true,"message_id":)";
    append_json_string(out, got.message.message_id);
    out += R"(,"seq":)" + std::to_string(got.message.seq);
    out += got.duplicate ? R"(,"duplicate":true,"status":")" : R"(,"duplicate":false,"status":")";
    out += got.status + R"(","handler":")" + got.handler + "\"}";
    http::response answer = http::response::json_text(std::move(out));
    if (got.duplicate) answer.with("Idempotent-Replayed", "true");
    return answer;
}

// A page speaks for its own user, as that user or for the assistant that it shows. Everything else is forged.
void check_page(const http::request& r, conversation::incoming& m) {
    using conversation::speaker;
    if (m.user_id != r.who.user) throw error::forbidden("This token is another user's.");
    if (m.role != speaker::user && m.role != speaker::ai)
        throw error::forbidden("A page may report its user and the assistant only.");
    if (m.conversation != 0 || m.channel != elevenlabs_desk::name)
        throw error::forbidden("A page names neither conversation_id nor channel.");
    m.priority.clear();
    m.category.clear();
    m.metadata.clear();
    m.idempotency_key.clear();
}

} // namespace

// nullopt: it is to be stored. What our own assistant said is stored already.
boost::asio::awaitable<std::optional<conversation::receipt>> sync_routes::of_page(http::request r,
                                                                                  conversation::incoming m) {
    const auto setup = desk_.setup();
    if (const auto origin = r.header("origin"); !origin.empty() && !origin_allowed(*setup, origin))
        throw error::forbidden("Pages of this site may not post: it is not on the list of allowed origins.");
    desk_.uses.note("page");
    // The visit is the token's, whatever the page says.
    const session_names names{m.session_id.value_or(""), r.who.session, m.user_id};
    const bool by_assistant = m.role == conversation::speaker::ai;
    auto look = [names, by_assistant, now = s_.clock.now()](db::tx& t) -> std::optional<conversation::receipt> {
        const auto c = find_session(t, {names.session, "", ""});
        const bool unnamed = c && c->user_id == "el_" + names.session; // nobody said who it is
        if (c && !unnamed && c->user_id != names.user_id)
            throw error::forbidden("This conversation is another user's.");
        join_session(t, names, now);
        const auto joined = find_session(t, names);
        if (!by_assistant || !joined || !joined->own_assistant) return std::nullopt;
        conversation::receipt got;
        got.duplicate = true;
        got.status = joined->status;
        got.handler = joined->handler;
        got.message.conversation = joined->id;
        got.message.seq = joined->last_seq;
        return got;
    };
    auto known = co_await s_.pool.run(std::move(look));
    if (known) known->message.message_id = m.message_id;
    co_return known;
}

boost::asio::awaitable<http::response> sync_routes::sync(http::request r) {
    const std::string idempotency(r.header("idempotency-key"));
    if (idempotency.size() > 200)
        throw error::unprocessable("Idempotency-Key", "must have at most 200 characters");
    const std::string caller_key = r.who.kind == caller::api_key ? "key" + std::to_string(r.who.api_key)
                                                                 : "staff" + std::to_string(r.who.staff);
    const json body = r.json_body();
    conversation::incoming m = decode_sync(body, settings_, caller_key, idempotency);
    if (r.who.kind == caller::page) {
        check_page(r, m);
        // Its own ids name its own messages only.
        if (body.contains("message_id"))
            m.message_id = "PG-" + sha256_base64url(r.who.user + '\x1f' + m.message_id).substr(0, 32);
        auto known = co_await of_page(r, m);
        if (known) co_return answer_of(*known);
    } else if (m.channel == elevenlabs_desk::name) {
        desk_.uses.note("sync");
    }
    if (s_.screen) m.handover = s_.screen(m.text, m.role);
    if (s_.concerns_rules && m.role == conversation::speaker::user)
        m.concerns_rules = s_.concerns_rules(m.text, m.channel);
    const conversation::receipt got = co_await s_.lane.append(std::move(m));

    co_return answer_of(got);
}

} // namespace chat_centre::channel
