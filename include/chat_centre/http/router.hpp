#pragma once
// Route tables. A feature declares one constexpr table of rows; the permission, the operation id and the summary
// are part of the row, and a row without them does not compile.
//
//   struct routes {
//       boost::asio::awaitable<http::response> list(http::request r);
//       static constexpr auto table() {
//           return std::to_array<http::row<routes>>({
//               {http::verb::get, "/api/v1/notes", permission::conversation_read, &routes::list,
//                "listNotes", "Notes of a conversation", http::answers<note_list>()},
//           });
//       }
//   };
//   router.add(&feature_routes, "notes");

#include <chat_centre/base/fields.hpp>
#include <chat_centre/http/message.hpp>

#include <boost/asio/awaitable.hpp>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::http {

// Which token bucket a route draws from, per address (and per key or conversation where one is known).
enum class rate : std::uint8_t { none, api, open, login };

struct shape {
    json (*body)() = nullptr;  // schema of the request body
    json (*reply)() = nullptr; // schema of the 2xx answer
    int success = 200;
    rate limit = rate::api;
    std::size_t body_limit = 0; // bytes; 0 means the server's default (256 KB)
    bool cross_origin = false;  // pages of other origins may call it (public widget paths)
    bool secret_path = false;   // the path holds a secret: the log shows the row's path instead
    const char* details = "";   // what a caller must know beyond the summary, for the OpenAPI document
};

template <class Body, class Reply>
constexpr shape takes(int success = 200) {
    return {&schema_of<Body>, &schema_of<Reply>, success, rate::api, 0, false, false, ""};
}
template <class Reply>
constexpr shape answers(int success = 200) {
    return {nullptr, &schema_of<Reply>, success, rate::api, 0, false, false, ""};
}
constexpr shape limited(shape s, rate limit) {
    s.limit = limit;
    return s;
}
constexpr shape cross_origin(shape s) {
    s.cross_origin = true;
    return s;
}

constexpr shape secret_path(shape s) {
    s.secret_path = true;
    return s;
}

constexpr shape described(shape s, const char* details) {
    s.details = details;
    return s;
}

template <class Feature>
struct row {
    using handler = boost::asio::awaitable<response> (Feature::*)(request);

    consteval row(verb v, const char* p, permission a, handler h, const char* id, const char* s, shape sh = {})
        : method(v), path(p), access(a), call(h), operation_id(id), summary(s), io(sh) {
        if (std::string_view(s).empty() || std::string_view(id).empty())
            throw "a route needs an operation id and a summary";
        if (std::string_view(p).substr(0, 1) != "/") throw "a route path starts with /";
    }

    verb method;
    const char* path;
    permission access;
    handler call;
    const char* operation_id;
    const char* summary;
    shape io;
};

struct route {
    verb method;
    std::string path; // "/api/v1/conversations/{id}"
    permission access;
    std::string operation_id;
    std::string summary;
    std::string tag;
    shape io;
    std::function<boost::asio::awaitable<response>(request)> call;
    std::vector<std::string> segments;
};

class router {
public:
    // `feature` must outlive the router. nullptr only describes the rows (for the OpenAPI document): calling one of
    // them is an error.
    template <class Feature>
    void add(Feature* feature, const std::string& tag) {
        for (const auto& r : Feature::table()) {
            auto handler = r.call;
            add(route{r.method,
                      r.path,
                      r.access,
                      r.operation_id,
                      r.summary,
                      tag,
                      r.io,
                      [feature, handler](request q) { return (feature->*handler)(std::move(q)); },
                      {}});
        }
    }
    void add(route r); // throws std::logic_error for a second row with the same verb and path

    // Another limit for the body of a row than its own. Throws std::logic_error when there is no such row.
    void allow_body(verb v, std::string_view path, std::size_t bytes);

    struct match {
        const route* found = nullptr;
        std::vector<std::string_view> path_values; // views into the path given
        std::string allow;                         // when the path exists under other verbs: "GET, POST"
    };
    match find(verb v, std::string_view path) const; // HEAD finds GET

    const std::vector<route>& routes() const { return routes_; }

private:
    std::vector<route> routes_;
    std::vector<std::vector<std::size_t>> by_segment_count_;
};

// The OpenAPI 3.1 document of a route table; `permission_name` gives each row's x-permission.
json openapi_document(const router& r, std::string_view version,
                      const std::function<std::string(permission)>& permission_name);

} // namespace chat_centre::http
