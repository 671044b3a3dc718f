#include <chat_centre/channel/elevenlabs.hpp>
#include <chat_centre/channel/elevenlabs_signature.hpp>

#include "channel/queries.hpp"

#include <chat_centre/base/ids.hpp>

#include <spdlog/spdlog.h>

namespace chat_centre::channel {
namespace {

// A transcript of an hour with its measurements has far more values than anything else that is posted here.
constexpr json_limits event_limits{64, 4'000'000};

struct envelope {
    std::string type, session, timestamp;
};

std::string short_text(const json& j, const char* name) {
    const auto it = j.find(name);
    if (it == j.end()) return "";
    std::string text = it->is_string() ? it->get<std::string>() : it->is_number() ? dump(*it) : "";
    return text.size() > 200 ? sha256_hex(text) : text;
}

envelope open_envelope(const std::string& body) {
    const json all = parse_json(body, event_limits);
    if (!all.is_object()) throw error::bad_request("The event must be a JSON object.");
    envelope e{short_text(all, "type"), "", short_text(all, "event_timestamp")};
    if (e.type.empty()) throw error::bad_request("The event has no type.");
    if (const auto data = all.find("data"); data != all.end() && data->is_object())
        e.session = short_text(*data, "conversation_id");
    return e;
}

} // namespace

boost::asio::awaitable<http::response> elevenlabs_webhook::receive(http::request r) {
    const auto setup = c_.desk.setup();
    const auto now = c_.chats.clock.now();
    const signature_rules rules{setup->webhook_secrets,
                                std::chrono::seconds(c_.desk.environment().webhook_tolerance)};
    const auto shared = std::make_shared<const http::request>(std::move(r)); // bodies are large: one copy
    // Hashing and parsing a few megabytes is no work for the I/O thread.
    auto work = [shared, rules, now](db::tx& t) -> std::optional<std::string> {
        if (auto fault = signature_fault(shared->header("elevenlabs-signature"), shared->body, rules, now))
            return fault;
        const envelope e = open_envelope(shared->body);
        const auto made = t.maybe(sql::add_elevenlabs_event, e.type, e.session, e.timestamp,
                                  sha256_hex(shared->body), shared->body, now);
        if (made) {
            const auto id = made->get<std::int64_t>(0);
            jobs::schedule(t, elevenlabs_event_job, std::to_string(id), now, {{"event", id}}, now);
        }
        return std::nullopt;
    };
    std::optional<std::string> fault;
    try {
        fault = co_await c_.chats.pool.run(std::move(work));
    } catch (const db::failure& e) {
        spdlog::error("{} an event of ElevenLabs could not be stored: {}", shared->request_id, e.what());
        throw error::unavailable("The event could not be stored. Send it again.");
    }
    if (fault) {
        c_.desk.uses.note("webhook_refused", *fault);
        spdlog::warn("{} an event of ElevenLabs was refused: {}", shared->request_id, *fault);
        throw error{401, "The signature is not valid",
                    "The event is not signed with the webhook's secret, or too old."};
    }
    c_.desk.uses.note("webhook");
    co_return http::response::json_text(R"({"received":true})");
}

} // namespace chat_centre::channel
