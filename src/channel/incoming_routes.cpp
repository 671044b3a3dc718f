#include <chat_centre/channel/incoming_routes.hpp>

#include <chat_centre/base/text.hpp>
#include <chat_centre/channel/whatsapp_message.hpp>

#include <spdlog/spdlog.h>

#include <algorithm>

namespace chat_centre::channel {
namespace {

// Gateways send thumbnails as lists of numbers.
constexpr json_limits generous{32, 200'000};
constexpr std::size_t most_fields = 200;

std::string media_type(const http::request& r) {
    auto type = trimmed(r.header("content-type").substr(0, r.header("content-type").find(';')));
    std::string lower(type);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char ch) { return static_cast<char>(std::tolower(ch)); });
    return lower;
}

json whole_body(const http::request& r) {
    const auto type = media_type(r);
    if (type == "application/x-www-form-urlencoded") return form_to_json(r.body);
    if (type == "application/json" || (type.starts_with("application/") && type.ends_with("+json")))
        return parse_json(r.body, generous);
    throw error{415, "Unsupported media type", "Send JSON (Content-Type: application/json) or a form."};
}

int hex_digit(char ch) {
    if (ch >= '0' && ch <= '9') return ch - '0';
    if (ch >= 'a' && ch <= 'f') return ch - 'a' + 10;
    return ch >= 'A' && ch <= 'F' ? ch - 'A' + 10 : -1;
}

std::string form_part(std::string_view s) {
    std::string out;
    for (std::size_t i = 0; i < s.size(); ++i) {
        if (s[i] == '%' && i + 2 < s.size() && hex_digit(s[i + 1]) >= 0 && hex_digit(s[i + 2]) >= 0) {
            out.push_back(static_cast<char>(hex_digit(s[i + 1]) * 16 + hex_digit(s[i + 2])));
            i += 2;
        } else {
            out.push_back(s[i] == '+' ? ' ' : s[i]);
        }
    }
    return out;
}

http::response response_of(const taken& t, std::size_t received, int ignored) {
    return http::response::of({{"success", true},
                               {"received", received},
                               {"stored", t.stored},
                               {"duplicates", t.duplicates},
                               {"ignored", t.ignored + ignored},
                               {"refused", t.refused},
                               {"messages", t.messages}});
}

error unproved() {
    return error::unauthorized(
        "Send the channel's secret: in its header, as Authorization: Bearer, or as ?token=.");
}

} // namespace

json form_to_json(std::string_view body) {
    json out = json::object();
    while (!body.empty()) {
        const auto pair = body.substr(0, body.find('&'));
        body.remove_prefix(std::min(pair.size() + 1, body.size()));
        if (pair.empty()) continue;
        if (out.size() >= most_fields) throw error::bad_request("The form has too many fields.");
        const auto equals = pair.find('=');
        out[form_part(pair.substr(0, equals))] =
            equals == std::string_view::npos ? std::string{} : form_part(pair.substr(equals + 1));
    }
    // The same rules as for JSON: valid UTF-8, no NUL.
    return parse_json(out.dump(-1, ' ', false, json::error_handler_t::replace));
}

boost::asio::awaitable<http::response> incoming_routes::whatsapp(http::request r) {
    auto d = c_.known.find("whatsapp");
    const bool proved = r.who.may(permission::sync_write) || (d && proves(r, *d)) ||
                        (d && d->secret.empty() && from_this_machine(r, c_.private_server));
    if (!proved) throw unproved();
    if (!d || !d->active) throw error::not_found("The WhatsApp channel is switched off.");
    const json body = whole_body(r);
    auto batch = read_whatsapp(body);
    if (batch.messages.empty() && !batch.unread.empty()) throw error::unprocessable(std::move(batch.unread));
    for (const auto& u : batch.unread) spdlog::warn("channel whatsapp: {} {}", u.field, u.message);
    const std::size_t received =
        batch.messages.size() + batch.unread.size() + static_cast<std::size_t>(batch.ignored);
    auto done = co_await take_in(c_, *d, std::move(batch.messages));
    done.refused += static_cast<int>(batch.unread.size());
    co_return response_of(done, received, batch.ignored);
}

boost::asio::awaitable<http::response> incoming_routes::receive(http::request r) {
    auto d = c_.known.find(r.path_values.at(0));
    if (d && d->kind != "json") d.reset();
    // One answer for a name that is not there and a secret that is wrong: names of channels are not for strangers.
    if (!d || !proves(r, *d)) throw unproved();
    if (!d->active) throw error::not_found("This channel is switched off.");
    const json body = whole_body(r);
    auto found = read_mapped(d->map, body);
    if (found.messages.empty() && !found.missing.empty())
        throw error::unprocessable(std::move(found.missing));
    const std::size_t received =
        found.messages.size() + found.missing.size() + static_cast<std::size_t>(found.ignored);
    const auto refused = static_cast<int>(found.missing.size());
    auto done = co_await take_in(c_, *d, std::move(found.messages));
    done.refused += refused;
    co_return response_of(done, received, found.ignored);
}

} // namespace chat_centre::channel
