#include <chat_centre/channel/convai.hpp>

#include "channel/convai_session.hpp"
#include "channel/convai_ticket.hpp"
#include "channel/socket_address.hpp"

#include <chat_centre/base/network.hpp>
#include <chat_centre/http/rate_limiter.hpp>

#include <algorithm>
#include <cctype>
#include <memory>

namespace chat_centre::channel {
namespace {

constexpr std::string_view convai_path = "/convai/ws";
constexpr std::string_view convai_official_path =
    "/v1/convai/conversation";                 // the client library's, below our origin
constexpr std::int64_t default_validity = 900; // seconds

// Origins compare without regard to case; "https://example.org/" means the origin, too.
std::string plain_origin(std::string_view origin) {
    while (origin.ends_with('/')) origin.remove_suffix(1);
    std::string out(origin);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

// A browser always says where a page comes from; other programs say what they like, so nothing is gained by asking them.
void check_origin(const http::request& r, const convai_settings& s) {
    const auto origin = r.header("origin");
    const auto origins = s.origins ? s.origins() : std::vector<std::string>{};
    if (origins.empty() || origin.empty()) return;
    const auto theirs = plain_origin(origin);
    const bool known = std::any_of(origins.begin(), origins.end(),
                                   [&theirs](const auto& o) { return plain_origin(o) == theirs; });
    if (!known)
        throw error::forbidden(
            "Pages of this site may not connect: neither WIDGET_ORIGINS nor the set-up page of ElevenLabs names it.");
}

// From ?t=, or the subprotocol bearer.<token>, which is how the client library sends an authorization.
std::string ticket_in(const http::request& r) {
    if (auto t = r.query("t"); t && !t->empty()) return *t;
    constexpr std::string_view mark = "bearer.";
    const auto offered = r.header("sec-websocket-protocol");
    const auto at = offered.find(mark);
    if (at == std::string_view::npos) return {};
    const auto rest = offered.substr(at + mark.size());
    return std::string(rest.substr(0, rest.find_first_of(", \t")));
}

std::string known_part(const http::request& r, std::string_view name) {
    auto value = r.query(name);
    const bool plain =
        value && value->size() <= 100 && std::all_of(value->begin(), value->end(), [](unsigned char c) {
            return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.';
        });
    return plain ? *std::move(value) : std::string{};
}

// The set-up says who speaks, and a page may ask for the other.
std::optional<convai_agent> agent_for(const http::request& r, const convai_settings& s) {
    const auto mode = r.query("mode").value_or("");
    if (mode == "own") return std::nullopt;
    auto agent = s.agent ? s.agent(mode == "relay") : std::nullopt;
    if (mode == "relay" && !agent)
        throw error::conflict("No agent at ElevenLabs is set up here, so nothing can be passed on to one.");
    return agent;
}

} // namespace

realtime::dialect convai_dialect(conversation::surroundings& s, convai_settings given) {
    auto settings = std::make_shared<const convai_settings>(std::move(given));
    auto limiter = std::make_shared<http::rate_limiter>();
    auto dialer = std::make_shared<std::unique_ptr<agent_dialer>>();
    const auto open = [&s, settings, limiter,
                       dialer](const http::request& r) -> std::shared_ptr<realtime::dialect_session> {
        if (settings->rate_limits) {
            const auto address = parse_address(r.remote_address);
            const double scale = settings->rate_scale * (address && is_loopback(*address) ? 10 : 1);
            const auto got = limiter->take(http::rate_subject(r.remote_address), {2 * scale, 30 * scale},
                                           s.clock.steady());
            if (!got.allowed)
                throw error::too_many("Too many connections. Try again in a moment.", got.retry_after);
        }
        check_origin(r, *settings);
        convai_call call;
        if (const std::string ticket = ticket_in(r); !ticket.empty()) {
            const auto text = settings->read_signed(convai_ticket_prefix, ticket);
            if (text) call.visitor = from_ticket_text(*text, s.clock.now());
            if (!call.visitor)
                throw error::unauthorized("The token is not valid, or its time is over: get a new one.");
        }
        call.agent_id = known_part(r, "agent_id");
        call.source = known_part(r, "source");
        call.version = known_part(r, "version");
        if (auto agent = agent_for(r, *settings))
            call.dial = [dialer, settings, a = std::move(*agent)](const boost::asio::any_io_executor& on,
                                                                  std::string first_frame,
                                                                  agent_handlers handlers) {
                if (!*dialer) *dialer = std::make_unique<agent_dialer>(on);
                if (settings->note)
                    handlers.closed = [settings, closed = std::move(handlers.closed)](const agent_end& end) {
                        const bool answered = end.reason.starts_with("answered "); // the dialled address
                        if (!end.opened && !end.ours)
                            settings->note("signed_url_refused", (answered ? "ElevenLabs " : "") + end.reason);
                        closed(end);
                    };
                return (*dialer)->open_agent({a.api_url, a.api_key, a.rules}, a.agent_id,
                                             std::move(first_frame), std::move(handlers));
            };
        if (settings->note) settings->note("socket", "");
        return std::make_shared<convai_session>(s, settings, std::move(call));
    };
    return {{std::string(convai_path), std::string(convai_official_path)}, "convai", open};
}

boost::asio::awaitable<http::response> convai_routes::vouch(http::request r) {
    const auto b = read_fields<convai_visitor_body>(r.json_body());
    convai_visitor v;
    v.user_id = b.user_id.value;
    v.user_name = or_empty(b.user_name);
    v.user_email = or_empty(b.user_email);
    v.user_phone = or_empty(b.user_phone);
    v.language = or_empty(b.language);
    v.scenario = or_empty(b.scenario);
    v.expires =
        clock_.now() + std::chrono::seconds(b.valid_seconds ? b.valid_seconds->value : default_validity);
    const std::string token = settings_.sign(convai_ticket_prefix, to_ticket_text(v));
    co_return http::response::of(
        {{"token", token},
         {"ws_url", socket_address(r, settings_.public_url, std::string(convai_path) + "?t=" + token)},
         {"expires_at", to_rfc3339(v.expires)}},
        201);
}

} // namespace chat_centre::channel
