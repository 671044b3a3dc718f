#include <chat_centre/channel/channel_routes.hpp>

#include "channel/queries.hpp"

#include <chat_centre/audit/audit.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/channel/adapter.hpp>
#include <chat_centre/channel/deliveries.hpp>
#include <chat_centre/channel/reply_template.hpp>
#include <chat_centre/event/event.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cctype>

namespace chat_centre::channel {
namespace {

constexpr std::size_t most_headers = 10;
constexpr std::size_t longest_header = 2000;
constexpr std::size_t most_channels = 100;

bool is_header_name(std::string_view name) {
    return !name.empty() && name.size() <= 60 && std::all_of(name.begin(), name.end(), [](unsigned char ch) {
        return std::isalnum(ch) != 0 || ch == '-' || ch == '_';
    });
}

bool set_by_us(std::string name) {
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char ch) { return static_cast<char>(std::tolower(ch)); });
    for (const char* own : {"host", "content-type", "content-length", "transfer-encoding", "connection",
                            "upgrade", "expect", "te", "trailer", "idempotency-key", "user-agent"})
        if (name == own) return true;
    return false;
}

void check_name(const std::string& name) {
    const auto letter = [](char ch) { return ch >= 'a' && ch <= 'z'; };
    const bool shaped = letter(name.front()) && std::all_of(name.begin(), name.end(), [&](char ch) {
                            return letter(ch) || (ch >= '0' && ch <= '9') || ch == '-';
                        });
    if (!shaped)
        throw error::unprocessable("name",
                                   "must be small letters, digits and hyphens, beginning with a letter");
    if (find_adapter(name) != nullptr || name == "preview" || name == "assistant")
        throw error::unprocessable("name", "is taken by the server itself");
}

void check_secret_header(const std::optional<text<1, 60>>& name) {
    if (name && !is_header_name(name->value))
        throw error::unprocessable("secret_header", "must be a header's name such as X-Channel-Secret");
}

// What is to be stored of a send address. Throws 422.
struct sealed_address {
    std::string url, host, headers, body, format;
    std::vector<std::string> header_names;
};

sealed_address sealed_send(const context& c, const send_body_fields& given, const send_address& before,
                           const std::string& prefix) {
    send_address now = before;
    if (given.url) now.url = given.url->value;
    if (given.body) now.body = given.body->value;
    if (given.format) now.form = given.format->value == "form";
    if (now.url.empty()) throw error::unprocessable(prefix + "url", "is required");
    if (const auto fault = http::url_fault(now.url, c.rules))
        throw error::unprocessable(prefix + "url", *fault);
    if (!now.body.empty())
        if (const auto fault = template_fault(now.body, now.form))
            throw error::unprocessable(prefix + "body", *fault);
    if (given.headers) {
        now.headers.clear();
        if (given.headers->size() > most_headers)
            throw error::unprocessable(prefix + "headers", "must be at most 10");
        for (const auto& [name, value] : given.headers->items()) {
            if (!is_header_name(name) || set_by_us(name))
                throw error::unprocessable(prefix + "headers", "cannot hold " + name.substr(0, 60));
            if (!value.is_string() || value.get_ref<const std::string&>().size() > longest_header ||
                value.get_ref<const std::string&>().find_first_of("\r\n") != std::string::npos)
                throw error::unprocessable(prefix + "headers", name + " must be one line of text");
            now.headers.emplace_back(name, value.get<std::string>());
        }
    }
    sealed_address out;
    json headers = json::object();
    for (const auto& [name, value] : now.headers) {
        headers[name] = value;
        out.header_names.push_back(name);
    }
    out.url = c.known.box().seal(now.url, channel_purpose);
    out.host = http::host_of(now.url);
    out.headers = c.known.box().seal(dump(headers), channel_purpose);
    out.body = now.body;
    out.format = now.form ? "form" : "json";
    return out;
}

void keep_send(db::tx& t, std::int64_t id, const sealed_address& s, time_point now) {
    t.exec(sql::set_send_address, id, s.url, s.host, s.headers, db::array_of(s.header_names), s.body,
           s.format, now);
}

void stop_send(db::tx& t, std::int64_t id, time_point now) {
    t.exec(sql::set_send_address, id, std::nullopt, "", std::nullopt, db::array{}, "", "json", now);
}

// Every process reads the table anew.
void announce_change(db::tx& t, time_point now) {
    event::entry e;
    e.type = "channels.changed";
    e.at = now;
    e.data = "{}";
    std::vector<event::entry> events{std::move(e)};
    event::append(t, events);
}

boost::asio::awaitable<void> read_anew(context& c) {
    auto load = [&c](db::tx& t) { c.known.load(t); };
    co_await c.chats.pool.run(std::move(load)); // the caller's next request meets what they have changed
}

json short_view(const definition& d) {
    const auto* a = find_adapter(d.kind);
    const bool sends = !d.send.url.empty();
    return {{"name", d.name},
            {"kind", d.kind},
            {"name_en", d.name_en},
            {"name_ar", d.name_ar},
            {"icon", a != nullptr ? std::string(a->icon) : std::string("plug")},
            {"own_assistant", true},
            {"replies", std::string(to_string(way_out::send_url))},
            {"active", d.active},
            {"sends", sends}};
}

json full_view(const definition& d, const whatsapp_environment& environment) {
    json out = short_view(d);
    const bool whatsapp = d.kind == "whatsapp";
    out["scenario"] = d.scenario;
    out["path"] = whatsapp ? "/webhook" : "/channels/" + d.name;
    out["secret_header"] = d.secret_header;
    out["has_secret"] = !d.secret.empty();
    out["from_environment"] = whatsapp && (environment.sends() || !environment.webhook_token.empty());
    out["unreadable"] = d.unreadable;
    out["mapping"] = whatsapp ? json(nullptr) : to_json(d.map);
    out["send"] = nullptr;
    if (!d.send.url.empty())
        out["send"] = {{"host", d.send_host},
                       {"header_names", d.send_header_names},
                       {"body", d.send.body.empty() ? std::string(default_template) : d.send.body},
                       {"format", d.send.form ? "form" : "json"}};
    out["secret"] = nullptr;
    out["created_at"] = to_rfc3339(d.created_at);
    out["updated_at"] = to_rfc3339(d.updated_at);
    return out;
}

definition known_channel(const context& c, const std::string& name) {
    auto d = c.known.find(name);
    if (!d) throw error::not_found("There is no such channel that can be set up.");
    return std::move(*d);
}

std::int64_t lock_named(db::tx& t, const std::string& name) {
    const auto row = t.maybe(sql::lock_channel, name);
    if (!row) throw error::not_found("There is no such channel that can be set up.");
    return row->get<std::int64_t>(0);
}

json message_view(const heard& s, const std::string& default_country) {
    const auto stored = to_incoming(s, "preview", "", default_country);
    return {{"user_id", s.user_id},
            {"text", s.text},
            {"message_id", s.id},
            {"name", s.name},
            {"phone", stored.front().user_phone},
            {"email", s.email},
            {"session", s.session},
            {"at", s.at ? json(to_rfc3339(*s.at)) : json(nullptr)}};
}

boost::asio::awaitable<json> try_address(http::outbound_rules rules, definition d, reply_facts f,
                                         std::string key) {
    try {
        const auto got = post_reply(rules, d.send, f, key);
        const bool arrived = got.status >= 200 && got.status < 300;
        co_return json{{"delivered", arrived},
                       {"status", got.status},
                       {"error", arrived ? "" : "answered " + std::to_string(got.status)},
                       {"external_id", got.external_id}};
    } catch (const http::no_answer& e) {
        co_return json{{"delivered", false}, {"status", 0}, {"error", e.what()}, {"external_id", ""}};
    }
}

} // namespace

channel_routes::answer channel_routes::list(http::request) {
    json items = json::array();
    for (const auto& a : adapters()) {
        if (c_.known.find(a.name)) continue; // below, as it is set up
        items.push_back({{"name", std::string(a.name)},
                         {"kind", "built_in"},
                         {"name_en", std::string(a.name_en)},
                         {"name_ar", std::string(a.name_ar)},
                         {"icon", std::string(a.icon)},
                         {"own_assistant", a.own_assistant},
                         {"replies", std::string(to_string(a.replies))},
                         {"active", true},
                         {"sends", false}});
    }
    const auto known = c_.known.all();
    for (const auto& d : *known) items.push_back(short_view(d));
    co_return http::response::of({{"items", std::move(items)}, {"next_cursor", nullptr}});
}

channel_routes::answer channel_routes::create(http::request r) {
    const auto body = read_fields<new_channel_body>(r.json_body());
    check_name(body.name.value);
    check_secret_header(body.secret_header);
    const auto map = parse_mapping(body.mapping);
    std::optional<sealed_address> send;
    if (body.send) send = sealed_send(c_, *body.send, {}, "send.");
    if (c_.known.all()->size() >= most_channels) throw error::conflict("There are 100 channels already.");
    const std::string secret = random_token(24);
    auto work = [r, body, map, send, sealed = c_.known.box().seal(secret, channel_purpose),
                 now = c_.chats.clock.now()](db::tx& t) {
        const auto& name = body.name.value;
        const std::string header = body.secret_header ? body.secret_header->value : "X-Channel-Secret";
        const auto row = t.maybe(sql::add_channel, name, body.name_en.value, body.name_ar.value,
                                 body.active.value_or(true), or_empty(body.scenario), sealed, header,
                                 dump(to_json(map)), now);
        if (!row) throw error::conflict("There is a channel of this name.");
        if (send) keep_send(t, row->get<std::int64_t>(0), *send, now);
        audit::record(t, audit::by(r, "channel.create", name, {{"send_host", send ? send->host : ""}}));
        announce_change(t, now);
    };
    co_await c_.chats.pool.run(std::move(work));
    co_await read_anew(c_);
    json made = full_view(known_channel(c_, body.name.value), c_.known.environment());
    made["secret"] = secret;
    co_return http::response::of(made, 201);
}

channel_routes::answer channel_routes::preview(http::request r) {
    const json given = r.json_body();
    const json* sample = given.is_object() && given.contains("sample") ? &given["sample"] : nullptr;
    if (sample == nullptr) throw error::unprocessable("sample", "is required: what the system posts");
    if (!given.contains("mapping")) throw error::unprocessable("mapping", "is required");
    const auto found = read_mapped(parse_mapping(given["mapping"]), *sample);
    json messages = json::array();
    for (const auto& s : found.messages) messages.push_back(message_view(s, c_.default_country));
    json missing = json::array();
    for (const auto& m : found.missing) missing.push_back({{"field", m.field}, {"message", m.message}});
    co_return http::response::of(
        {{"messages", std::move(messages)}, {"missing", std::move(missing)}, {"ignored", found.ignored}});
}

channel_routes::answer channel_routes::show(http::request r) {
    co_return http::response::of(full_view(known_channel(c_, r.path_values.at(0)), c_.known.environment()));
}

channel_routes::answer channel_routes::change(http::request r) {
    const std::string name = r.path_values.at(0);
    const auto body = read_fields<channel_change_body>(r.json_body());
    const auto before = known_channel(c_, name);
    check_secret_header(body.secret_header);
    std::optional<std::string> map;
    if (body.mapping) {
        if (before.kind != "json") throw error::unprocessable("mapping", "is not for this channel");
        map = dump(to_json(parse_mapping(*body.mapping)));
    }
    const bool stops = body.stop_sending.value_or(false);
    std::optional<sealed_address> send;
    if (body.send && !stops) send = sealed_send(c_, *body.send, before.send, "send.");
    if ((send || stops) && before.kind == "whatsapp" && c_.known.environment().sends())
        throw error::conflict("WHATSAPP_SEND_URL in the server's environment decides this; change it there.");
    auto work = [r, name, body, map, send, stops, now = c_.chats.clock.now()](db::tx& t) {
        const auto id = lock_named(t, name);
        const auto plain = [](const auto& v) { return v ? std::optional(v->value) : std::nullopt; };
        t.exec(sql::change_channel, id, plain(body.name_en), plain(body.name_ar), body.active,
               plain(body.scenario), plain(body.secret_header), map, now);
        if (send) keep_send(t, id, *send, now);
        if (stops) stop_send(t, id, now);
        json detail = {{"mapping", map.has_value()}};
        if (body.active) detail["active"] = *body.active;
        if (send) detail["send_host"] = send->host;
        if (stops) detail["send_host"] = "";
        audit::record(t, audit::by(r, "channel.change", name, std::move(detail)));
        announce_change(t, now);
    };
    co_await c_.chats.pool.run(std::move(work));
    co_await read_anew(c_);
    co_return http::response::of(full_view(known_channel(c_, name), c_.known.environment()));
}

channel_routes::answer channel_routes::remove(http::request r) {
    const std::string name = r.path_values.at(0);
    if (known_channel(c_, name).kind != "json")
        throw error::conflict("This channel is part of the server; it can be switched off.");
    auto work = [r, name, now = c_.chats.clock.now()](db::tx& t) {
        if (t.exec(sql::remove_channel, name) == 0) throw error::not_found("There is no such channel.");
        audit::record(t, audit::by(r, "channel.remove", name));
        announce_change(t, now);
    };
    co_await c_.chats.pool.run(std::move(work));
    co_await read_anew(c_);
    co_return http::response::no_content();
}

channel_routes::answer channel_routes::renew_secret(http::request r) {
    const std::string name = r.path_values.at(0);
    const auto body = r.body.empty() ? channel_secret_body{} : read_fields<channel_secret_body>(r.json_body());
    const auto before = known_channel(c_, name);
    if (before.kind == "whatsapp" && !c_.known.environment().webhook_token.empty())
        throw error::conflict(
            "WHATSAPP_WEBHOOK_TOKEN in the server's environment decides this; change it there.");
    const std::string secret = body.secret ? body.secret->value : random_token(24);
    auto work = [r, name, sealed = c_.known.box().seal(secret, channel_purpose),
                 now = c_.chats.clock.now()](db::tx& t) {
        t.exec(sql::set_channel_secret, lock_named(t, name), sealed, now);
        audit::record(t, audit::by(r, "channel.renew_secret", name));
        announce_change(t, now);
    };
    co_await c_.chats.pool.run(std::move(work));
    co_await read_anew(c_);
    json changed = full_view(known_channel(c_, name), c_.known.environment());
    changed["secret"] = secret;
    co_return http::response::of(changed);
}

channel_routes::answer channel_routes::test(http::request r) {
    const auto d = known_channel(c_, r.path_values.at(0));
    const auto body = read_fields<channel_test_body>(r.json_body());
    if (d.send.url.empty()) throw error::conflict("The channel has no send address.");
    reply_facts f;
    f.text = body.text ? body.text->value : "It works. / إنه يعمل.";
    f.user_id = body.to.value;
    f.sender = r.who.name;
    f.role = "system";
    f.message_id = "TEST-" + random_id(16);
    auto record = [r, name = d.name](db::tx& t) { audit::record(t, audit::by(r, "channel.test", name)); };
    co_await c_.chats.pool.run(std::move(record));
    auto attempt = try_address(c_.rules, d, f, f.message_id);
    const json result = co_await boost::asio::co_spawn(hands_->get_executor(), std::move(attempt),
                                                       boost::asio::use_awaitable);
    co_return http::response::of(result);
}

} // namespace chat_centre::channel
