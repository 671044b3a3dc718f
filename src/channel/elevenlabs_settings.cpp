#include <chat_centre/channel/elevenlabs_settings.hpp>

#include "channel/queries.hpp"
#include "channel/socket_address.hpp"

#include <chat_centre/audit/audit.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/staff_text.hpp>
#include <chat_centre/conversation/history.hpp>

#include <algorithm>
#include <array>

namespace chat_centre::channel {
namespace {

constexpr std::array checklist_parts{
    "webhook",    "webhook_refused",    "page",   "sync",    "custom_llm",     "tool", "conversation_init",
    "signed_url", "signed_url_refused", "socket", "monitor", "monitor_refused"};
constexpr std::size_t most_secrets = 5;
constexpr std::chrono::milliseconds test_limit{8000};

bool printable(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c > 0x20 && c < 0x7f; });
}

bool is_origin(std::string_view text) {
    const bool web = text.starts_with("https://") || text.starts_with("http://");
    return web && printable(text) &&
           text.find_first_of("/?#@", text.find("://") + 3) == std::string_view::npos;
}

json texts_of(const std::vector<text<8, 200>>& all) {
    json out = json::array();
    for (const auto& t : all) out.push_back(t.value);
    return out;
}

void check_settings(const elevenlabs_settings_body& b, const http::outbound_rules& rules) {
    std::vector<field_error> bad;
    const auto one = [&bad](const char* field, const auto& value) {
        if (value && !printable(value->value)) bad.push_back({field, "must have no spaces"});
    };
    one("api_key", b.api_key);
    one("agent_id", b.agent_id);
    if (b.webhook_secrets) {
        if (b.webhook_secrets->size() > most_secrets)
            bad.push_back({"webhook_secrets", "must have at most 5 entries"});
        for (const auto& s : *b.webhook_secrets)
            if (!printable(s.value) || s.value.find(',') != std::string::npos)
                bad.push_back({"webhook_secrets", "must have no spaces and no commas"});
    }
    if (b.api_url && !b.api_url->value.empty())
        if (const auto fault = http::url_fault(b.api_url->value, rules)) bad.push_back({"api_url", *fault});
    if (b.allowed_origins)
        for (const auto& o : *b.allowed_origins)
            if (!is_origin(o.value))
                bad.push_back({"allowed_origins", "must be sites such as https://example.org"});
    if (!bad.empty()) throw error::unprocessable(std::move(bad));
}

// What was changed, for the audit log: names only.
std::vector<std::string> apply(const elevenlabs_settings_body& b, json& stored) {
    std::vector<std::string> changed;
    const auto set = [&](const char* name, json value) {
        if (stored.value(name, json(nullptr)) == value) return;
        stored[name] = std::move(value);
        changed.emplace_back(name);
    };
    if (b.webhook_secrets) set("webhook_secrets", texts_of(*b.webhook_secrets));
    if (b.allowed_origins) set("allowed_origins", texts_of(*b.allowed_origins));
    if (b.api_key) set("api_key", b.api_key->value);
    if (b.agent_id) set("agent_id", b.agent_id->value);
    if (b.mode) set("mode", b.mode->value);
    if (b.api_url) set("api_url", b.api_url->value);
    if (b.monitor) set("monitor", *b.monitor);
    return changed;
}

std::string web_address(const http::request& r, const std::string& public_url) {
    if (!public_url.empty())
        return public_url.ends_with('/') ? public_url.substr(0, public_url.size() - 1) : public_url;
    const auto host = r.header("host");
    return (r.header("x-forwarded-proto") == "https" ? "https://" : "http://") + std::string(host);
}

} // namespace

json elevenlabs_settings_routes::view(const http::request& r) const {
    const auto setup = c_.desk.setup();
    const auto& env = c_.desk.environment();
    json secrets = json::array();
    for (const auto& s : setup->webhook_secrets) secrets.push_back(shown_secret(s));
    json given = json::array();
    if (!env.webhook_secrets.empty()) given.push_back("webhook_secrets");
    if (!env.api_key.empty()) given.push_back("api_key");
    if (!env.agent_id.empty()) given.push_back("agent_id");
    if (!env.mode.empty()) given.push_back("mode");
    if (!env.api_url.empty()) given.push_back("api_url");
    if (!env.monitor.empty()) given.push_back("monitor");
    if (!env.allowed_origins.empty()) given.push_back("allowed_origins");
    const std::string base = web_address(r, c_.public_url);
    return {{"mode", setup->mode},
            {"agent_id", setup->agent_id},
            {"api_url", setup->api_url},
            {"monitor", setup->monitor},
            {"allowed_origins", setup->allowed_origins},
            {"webhook_secrets", secrets},
            {"api_key", shown_secret(setup->api_key)},
            {"from_environment", given},
            {"addresses",
             {{"base", base},
              {"webhook", base + elevenlabs_webhook::path},
              {"custom_llm", base + "/v1"},
              {"request_staff", base + "/api/elevenlabs/tools/request-staff"},
              {"lookup", base + "/api/elevenlabs/tools/lookup"},
              {"conversation_init", base + "/api/elevenlabs/conversation-init"},
              {"signed_url", base + "/api/elevenlabs/signed-url"},
              {"page_script", base + "/widget/elevenlabs-sync.js"},
              {"socket", socket_address(r, c_.public_url, "/convai/ws")},
              {"sync", base + "/api/chat/sync"}}}};
}

boost::asio::awaitable<http::response> elevenlabs_settings_routes::get(http::request r) {
    co_return http::response::of(view(r));
}

boost::asio::awaitable<http::response> elevenlabs_settings_routes::put(http::request r) {
    const auto b = read_fields<elevenlabs_settings_body>(r.json_body());
    check_settings(b, rules_);
    const auto now = c_.chats.clock.now();
    auto work = [this, r, b, now](db::tx& t) {
        json stored = load_integration(t, c_.desk.box(), elevenlabs_desk::name);
        const auto changed = apply(b, stored);
        if (changed.empty()) return;
        save_integration(t, c_.desk.box(), elevenlabs_desk::name, stored, r.who.staff, now);
        audit::record(t, audit::by(r, "integration.change", elevenlabs_desk::name, {{"changed", changed}}));
        std::vector<event::entry> events{integration_changed(elevenlabs_desk::name, now)};
        event::append(t, events);
    };
    co_await c_.chats.pool.run(std::move(work));
    auto load = [this](db::tx& t) { c_.desk.load(t); };
    co_await c_.chats.pool.run(std::move(load)); // the next call of this caller meets the new ones
    co_return http::response::of(view(r));
}

boost::asio::awaitable<http::response> elevenlabs_settings_routes::test(http::request r) {
    const auto begin = c_.chats.clock.steady();
    conversation::incoming m;
    m.channel = elevenlabs_desk::name;
    m.user_id = "test:" + format_id("STF", r.who.staff);
    m.user_name = "Test (" + r.who.name + ")";
    m.role = conversation::speaker::user;
    m.sender = m.user_name;
    m.text = "Hello! Which documents do I need?";
    m.own_brain = true;
    m.message_id = "MSG-" + random_id(20);
    m.body_hash = hash64(m.message_id);
    const auto got = co_await c_.chats.lane.append(std::move(m));
    const auto reply =
        co_await c_.chats.replies->reply_to(got.message.conversation, got.message.seq, test_limit);
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(c_.chats.clock.steady() - begin);
    co_return http::response::of({{"ok", reply.has_value()},
                                  {"conversation_id", format_id("CONV", got.message.conversation)},
                                  {"reply", reply ? json(reply->text) : json(nullptr)},
                                  {"milliseconds", took.count()}});
}

boost::asio::awaitable<http::response> elevenlabs_settings_routes::checklist(http::request) {
    auto work = [this](db::tx& t) {
        c_.desk.uses.write(t);
        const auto uses = c_.desk.uses.read(t);
        json items = json::array();
        for (const auto* part : checklist_parts) {
            const auto it = uses.find(part);
            const bool used = it != uses.end();
            items.push_back({{"part", part},
                             {"at", used ? json(to_rfc3339(it->second.at)) : json(nullptr)},
                             {"count", used ? it->second.count : 0},
                             {"detail", used ? it->second.detail : ""},
                             {"detail_ar", used ? in_arabic(it->second.detail) : ""}});
        }
        json events = json::array();
        for (const auto row : t.many(sql::list_elevenlabs_events)) {
            const auto done = row.get<std::optional<time_point>>(4);
            const auto conversation = row.get<std::optional<std::int64_t>>(5);
            events.push_back(
                {{"type", row.text(1)},
                 {"session", row.text(2)},
                 {"received_at", to_rfc3339(row.get<time_point>(3))},
                 {"processed_at", done ? json(to_rfc3339(*done)) : json(nullptr)},
                 {"conversation_id", conversation ? json(format_id("CONV", *conversation)) : json(nullptr)},
                 {"result", row.is_null(6) ? json(nullptr) : parse_json(row.text(6))}});
        }
        return json{{"items", items}, {"events", events}};
    };
    co_return http::response::of(co_await c_.chats.pool.run(std::move(work)));
}

boost::asio::awaitable<http::response> elevenlabs_settings_routes::facts(http::request r) {
    auto work = [who = r.who, id = r.path_id(0, "CONV")](db::tx& t) {
        const auto c = conversation::find_visible(t, who, id);
        const json all = conversation::facts_of(t, c.id);
        return json{{"elevenlabs", all.value(elevenlabs_desk::name, json(nullptr))}};
    };
    co_return http::response::of(co_await c_.chats.pool.run(std::move(work)));
}

} // namespace chat_centre::channel
