#pragma once
// A request and its answer as plain values; Beast stays inside http/.

#include <chat_centre/base/json.hpp>
#include <chat_centre/base/principal.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chat_centre::http {

enum class verb : std::uint8_t { get, head, post, put, patch, del, options };
std::string_view to_string(verb v);

struct request {
    verb method = verb::get;
    std::string path;                                         // percent-decoded, no query
    std::string query_string;                                 // raw
    std::vector<std::pair<std::string, std::string>> headers; // names in lower case
    std::string body;
    std::string remote_address; // the peer, or the rightmost untrusted hop behind a trusted proxy
    std::string request_id;
    principal who;                        // filled by the authentication middleware
    std::vector<std::string> path_values; // for {name} segments in order

    std::string_view header(std::string_view lower_case_name) const; // "" when absent; the first when repeated
    // Decoded query parameter; nullopt when absent. Throws 400 for a parameter given twice.
    std::optional<std::string> query(std::string_view name) const;
    // Integer query parameter within [lo, hi]; throws 422 naming it otherwise.
    std::int64_t query_number(std::string_view name, std::int64_t fallback, std::int64_t lo,
                              std::int64_t hi) const;
    // The body as JSON; throws 415 unless Content-Type is application/json (or +json), 400 when it is not JSON.
    json json_body() const;
    // The n-th {name} segment as an id "PREFIX-12"; throws 404 when it is not one.
    std::int64_t path_id(std::size_t n, std::string_view prefix) const;
    std::string cookie(std::string_view name) const;
};

// A body that is made while it is sent: called on the I/O thread for the next piece once the one before has been written
// to the socket, so a slow client slows the maker down; nullopt is the end. A piece may be empty. When it throws, the
// connection is cut without the end of the body, so that the client knows it has not got everything. Destroyed when the
// client goes. Until then its captures live; what it refers to outlives the server.
using body_stream = std::function<boost::asio::awaitable<std::optional<std::string>>()>;

struct response {
    int status = 200;
    std::string content_type = "application/json";
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers; // besides the ones the server always sets
    bool close = false;                                       // close the connection after it
    const std::string* shared_body = nullptr; // immutable bytes that outlive the server, instead of body
    body_stream stream;                       // instead of body: sent in chunks as they come

    static response json_text(std::string text, int status = 200) {
        response r;
        r.status = status;
        r.body = std::move(text);
        return r;
    }
    static response of(const json& j, int status = 200) { return json_text(dump(j), status); }
    static response no_content() {
        response r;
        r.status = 204;
        r.content_type.clear();
        return r;
    }
    response& with(std::string name, std::string value) {
        headers.emplace_back(std::move(name), std::move(value));
        return *this;
    }
};

// {"type":"about:blank","title":...,"status":...,"detail":...,"request_id":...,"errors":[...]} (RFC 9457).
response problem(const error& e, std::string_view request_id);

} // namespace chat_centre::http
