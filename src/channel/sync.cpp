#include <chat_centre/channel/sync.hpp>

#include <chat_centre/base/ids.hpp>

namespace chat_centre::channel {

boost::asio::awaitable<http::response> sync_routes::sync(http::request r) {
    const std::string idempotency(r.header("idempotency-key"));
    if (idempotency.size() > 200)
        throw error::unprocessable("Idempotency-Key", "must have at most 200 characters");
    const std::string caller_key = r.who.kind == caller::api_key ? "key" + std::to_string(r.who.api_key)
                                                                 : "staff" + std::to_string(r.who.staff);
    conversation::incoming m = decode_sync(r.json_body(), settings_, caller_key, idempotency);
    if (s_.screen) m.handover = s_.screen(m.text, m.role);
    if (s_.concerns_rules && m.role == conversation::speaker::user)
        m.concerns_rules = s_.concerns_rules(m.text, m.channel);
    const conversation::receipt got = co_await s_.lane.append(std::move(m));

    std::string out = R"({"success":true,"conversation_id":")";
    out += format_id("CONV", got.message.conversation);
    out += R"(","saved":true,"message_id":)";
    append_json_string(out, got.message.message_id);
    out += R"(,"seq":)" + std::to_string(got.message.seq);
    out += got.duplicate ? R"(,"duplicate":true,"status":")" : R"(,"duplicate":false,"status":")";
    out += got.status + R"(","handler":")" + got.handler + "\"}";
    http::response answer = http::response::json_text(std::move(out));
    if (got.duplicate) answer.with("Idempotent-Replayed", "true");
    co_return answer;
}

} // namespace chat_centre::channel
