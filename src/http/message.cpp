#include <chat_centre/http/message.hpp>

#include <chat_centre/base/ids.hpp>

#include <array>
#include <charconv>

namespace chat_centre::http {
namespace {

constexpr std::array<std::pair<verb, std::string_view>, 7> verb_names{{
    {verb::get, "GET"},
    {verb::head, "HEAD"},
    {verb::post, "POST"},
    {verb::put, "PUT"},
    {verb::patch, "PATCH"},
    {verb::del, "DELETE"},
    {verb::options, "OPTIONS"},
}};

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::string decode_query_part(std::string_view s) {
    std::string out;
    for (std::size_t i = 0; i < s.size(); ++i) {
        if (s[i] == '+') {
            out.push_back(' ');
        } else if (s[i] == '%' && i + 2 < s.size() && hex_value(s[i + 1]) >= 0 && hex_value(s[i + 2]) >= 0) {
            out.push_back(static_cast<char>(hex_value(s[i + 1]) * 16 + hex_value(s[i + 2])));
            i += 2;
        } else {
            out.push_back(s[i]);
        }
    }
    if (out.find('\0') != std::string::npos)
        throw error::bad_request("A query parameter holds a NUL character.");
    return out;
}

} // namespace

std::string_view to_string(verb v) {
    for (const auto& [value, name] : verb_names)
        if (value == v) return name;
    return "GET";
}

std::string_view request::header(std::string_view lower_case_name) const {
    for (const auto& [name, value] : headers)
        if (name == lower_case_name) return value;
    return {};
}

std::optional<std::string> request::query(std::string_view name) const {
    std::optional<std::string> found;
    std::string_view rest = query_string;
    while (!rest.empty()) {
        const auto amp = rest.find('&');
        const auto pair = rest.substr(0, amp);
        const auto eq = pair.find('=');
        if (decode_query_part(pair.substr(0, eq)) == name) {
            if (found)
                throw error::bad_request("The query parameter " + std::string(name) + " is given twice.");
            found = eq == std::string_view::npos ? std::string{} : decode_query_part(pair.substr(eq + 1));
        }
        if (amp == std::string_view::npos) break;
        rest.remove_prefix(amp + 1);
    }
    return found;
}

std::int64_t request::query_number(std::string_view name, std::int64_t fallback, std::int64_t lo,
                                   std::int64_t hi) const {
    const auto text = query(name);
    if (!text || text->empty()) return fallback;
    std::int64_t value = 0;
    const auto [end, failed] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (failed != std::errc{} || end != text->data() + text->size() || value < lo || value > hi)
        throw error::unprocessable(std::string(name), "must be a whole number from " + std::to_string(lo) +
                                                          " to " + std::to_string(hi));
    return value;
}

json request::json_body() const {
    auto type = header("content-type");
    type = type.substr(0, type.find(';'));
    while (!type.empty() && type.back() == ' ') type.remove_suffix(1);
    std::string lower(type);
    for (auto& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    const bool is_json = lower == "application/json" ||
                         (lower.rfind("application/", 0) == 0 && lower.size() > 5 && lower.ends_with("+json"));
    if (!is_json)
        throw error{415, "Unsupported media type",
                    "Send the body as JSON with Content-Type: application/json."};
    return parse_json(body);
}

std::int64_t request::path_id(std::size_t n, std::string_view prefix) const {
    const auto id = n < path_values.size() ? parse_id(prefix, path_values[n]) : std::nullopt;
    if (!id) throw error::not_found("There is nothing under this address.");
    return *id;
}

std::string request::cookie(std::string_view name) const {
    std::string_view rest = header("cookie");
    while (!rest.empty()) {
        const auto semicolon = rest.find(';');
        auto pair = rest.substr(0, semicolon);
        while (!pair.empty() && pair.front() == ' ') pair.remove_prefix(1);
        if (const auto eq = pair.find('='); eq != std::string_view::npos && pair.substr(0, eq) == name)
            return std::string(pair.substr(eq + 1));
        if (semicolon == std::string_view::npos) break;
        rest.remove_prefix(semicolon + 1);
    }
    return {};
}

response problem(const error& e, std::string_view request_id) {
    json j = {{"type", "about:blank"},
              {"title", e.title()},
              {"status", e.status()},
              {"detail", e.detail()},
              {"request_id", std::string(request_id)}};
    if (!e.fields().empty()) {
        json list = json::array();
        for (const auto& f : e.fields()) list.push_back({{"field", f.field}, {"message", f.message}});
        j["errors"] = std::move(list);
    }
    for (const auto& [name, text] : e.extra()) j[name] = json::parse(text, nullptr, false);
    response r;
    r.status = e.status();
    r.content_type = "application/problem+json";
    r.body = dump(j);
    if (const auto wait = e.retry_after()) r.with("Retry-After", std::to_string(wait->count()));
    if (e.status() == 401) r.with("WWW-Authenticate", "Bearer realm=\"chat-centre\"");
    return r;
}

} // namespace chat_centre::http
