// From a request to its answer without a socket: static files, verbs, permissions, limits, and what an exception
// becomes.

#include "http/dispatch.hpp"
#include "support/database.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>

using namespace chat_centre;
using namespace chat_centre::http;

namespace {

class still_clock final : public clock_source {
public:
    time_point now() const override { return *parse_time("2026-11-20T10:00:00Z", "UTC"); }
    std::chrono::steady_clock::time_point steady() const override { return at; }
    std::chrono::steady_clock::time_point at{std::chrono::hours(1)};
};

boost::asio::awaitable<response> say(request r) {
    json j = {{"path", r.path}, {"values", r.path_values.size()}};
    if (!r.path_values.empty()) j["first"] = std::string(r.path_values[0]);
    co_return response::of(j);
}
boost::asio::awaitable<response> refuse(request) {
    throw error{409, "A colleague has it", "Sarah Johnson has it."};
    co_return response{};
}
boost::asio::awaitable<response> break_down(request) {
    throw std::runtime_error("password=hunter2 in some library's text");
    co_return response{};
}

void write(const std::filesystem::path& file, const std::string& text) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
}

// A dispatcher over a small site and a few routes.
struct site {
    site() {
        write(folder.path() / "admin/index.html", "<!doctype html><title>Dashboard</title>");
        write(folder.path() / "admin/assets/app-abc123.js", "// " + std::string(4000, 'x'));
        write(folder.path() / "widget/chat-centre.js", "widget();");
        write(folder.path() / "widget/demo/index.html", "<!doctype html>demo");
        write(folder.path() / "docs/index.html", "<!doctype html>docs");
        write(folder.path() / "logo.png", std::string(2000, '\x01'));
        write(folder.path().parent_path() / (folder.path().filename().string() + "-secret.txt"), "secret");
        files = static_files::load(folder.path());
        add(verb::get, "/api/v1/things/{id}", permission::open, say);
        add(verb::patch, "/api/v1/things/{id}", permission::open, say);
        add(verb::get, "/api/v1/taken", permission::open, refuse);
        add(verb::get, "/api/v1/broken", permission::open, break_down);
        add(verb::get, "/api/v1/staff", permission::staff_read, say);
        add(verb::post, "/api/v1/login", permission::open, say, rate::login);
        add(verb::post, "/api/v1/words", permission::open, say, rate::api);
    }
    ~site() {
        std::error_code none;
        std::filesystem::remove(folder.path().string() + "-secret.txt", none);
    }

    void add(verb v, const char* path, permission access, boost::asio::awaitable<response> (*call)(request),
             rate limit = rate::none) {
        route r;
        r.method = v;
        r.path = path;
        r.access = access;
        r.summary = "Do it";
        r.operation_id = std::string(to_string(v)) + path;
        r.io.limit = limit;
        r.call = call;
        routes.add(std::move(r));
    }

    response ask(verb v, std::string path, std::vector<std::pair<std::string, std::string>> headers = {}) {
        request q;
        q.method = v;
        q.path = std::move(path);
        q.headers = std::move(headers);
        q.remote_address = "192.0.2.7";
        q.request_id = "request-1";
        boost::asio::io_context io;
        auto result = boost::asio::co_spawn(io, dispatch.answer(std::move(q)), boost::asio::use_future);
        io.run();
        return result.get();
    }

    tests::temporary_folder folder;
    static_files files;
    router routes;
    still_clock clock;
    server_options options;
    server::authenticator authenticate = [](request& r) {
        const auto given = r.header("authorization");
        if (given.empty()) return;
        if (given == "stale") throw error::unauthorized("This token has expired.");
        if (given.starts_with("customer")) {
            r.who.kind = caller::customer;
            r.who.conversation = given == "customer" ? 1 : 2;
            return;
        }
        r.who.kind = caller::staff;
        r.who.staff = 1;
        if (given == "manager") r.who.permissions = bit(permission::staff_read);
    };
    dispatcher dispatch{options, routes, files, clock, [this](request& r) { authenticate(r); }};
};

std::string header(const response& r, const std::string& name) {
    for (const auto& [n, v] : r.headers)
        if (n == name) return v;
    return "";
}

std::string body(const response& r) { return r.shared_body != nullptr ? *r.shared_body : r.body; }

} // namespace

TEST_CASE("static files and what stands for them", "[http][static]") {
    site s;
    struct {
        const char* path;
        int status;
        const char* starts;
    } const table[] = {
        {"/admin/", 200, "<!doctype html><title>Dashboard"},
        {"/admin", 200, "<!doctype html><title>Dashboard"},
        {"/admin/index.html", 200, "<!doctype html><title>Dashboard"},
        {"/admin/conversations/CONV-1", 200, "<!doctype html><title>Dashboard"}, // routed in the browser
        {"/admin/assets/gone-1.js", 404, ""}, // an old bundle is not a page
        {"/widget/chat-centre.js", 200, "widget();"},
        {"/widget/demo", 200, "<!doctype html>demo"},
        {"/widget/other", 404, ""},
        {"/docs/", 200, "<!doctype html>docs"},
        {"/nothing", 404, ""},
        {"/administrator", 404, ""},
        {"//admin/", 404, ""},
        {"/admin/../logo.png", 200, "<!doctype html><title>Dashboard"}, // a key, never a path on the disk
        {"/../secret.txt", 404, ""},
    };
    for (const auto& t : table) {
        const auto r = s.ask(verb::get, t.path);
        INFO(t.path);
        CHECK(r.status == t.status);
        if (t.status == 200) CHECK(body(r).starts_with(t.starts));
    }
    const auto secret = s.folder.path().filename().string() + "-secret.txt";
    for (const auto& path : {"/../" + secret, "/" + secret, s.folder.path().string() + "-secret.txt"}) {
        INFO(path);
        CHECK(s.ask(verb::get, path).status == 404);
    }
    CHECK(s.ask(verb::head, "/admin/").status == 200);
    CHECK(s.ask(verb::post, "/admin/").status == 404);
    CHECK(static_files::load(s.folder.path() / "missing").empty());
}

TEST_CASE("headers of static files", "[http][static]") {
    site s;
    const auto page = s.ask(verb::get, "/admin/");
    const auto script = s.ask(verb::get, "/admin/assets/app-abc123.js");
    const auto widget = s.ask(verb::get, "/widget/chat-centre.js");
    CHECK(page.content_type == "text/html; charset=utf-8");
    CHECK(script.content_type == "text/javascript; charset=utf-8");
    CHECK(s.ask(verb::get, "/logo.png").content_type == "image/png");
    CHECK(header(page, "Cache-Control") == "no-cache");
    CHECK(header(script, "Cache-Control") == "public, max-age=31536000, immutable");
    CHECK(header(page, "Content-Security-Policy").find("frame-ancestors 'none'") != std::string::npos);
    CHECK(header(page, "Content-Security-Policy").find("unsafe-inline") == std::string::npos);
    CHECK(header(page, "Cross-Origin-Resource-Policy") == "same-origin");
    CHECK(header(widget, "Cross-Origin-Resource-Policy") == "cross-origin");
    CHECK(header(widget, "Access-Control-Allow-Origin") == "*");
    CHECK(header(page, "Access-Control-Allow-Origin").empty());
}

TEST_CASE("a file that the browser has is not sent again", "[http][static]") {
    site s;
    const auto tag = header(s.ask(verb::get, "/admin/"), "ETag");
    REQUIRE(tag.size() > 10);
    CHECK(tag.front() == '"');
    CHECK(header(s.ask(verb::get, "/docs/"), "ETag") != tag);
    for (const auto& known : {tag, "W/" + tag, "\"other\", " + tag, std::string("*")}) {
        const auto r = s.ask(verb::get, "/admin/", {{"if-none-match", known}});
        INFO(known);
        CHECK(r.status == 304);
        CHECK(body(r).empty());
        CHECK(header(r, "ETag") == tag);
    }
    for (const auto& other : {std::string("\"other\""), tag.substr(1, tag.size() - 2), std::string()}) {
        INFO(other);
        CHECK(s.ask(verb::get, "/admin/", {{"if-none-match", other}}).status == 200);
    }
}

TEST_CASE("the encoding that the browser takes", "[http][static]") {
    site s;
    struct {
        const char* accept;
        const char* sent;
    } const table[] = {
        {"", ""},
        {"gzip", "gzip"},
        {"br", "br"},
        {"gzip, deflate, br", "br"},
        {"gzip, deflate, br, zstd", "br"},
        {"br;q=0", ""},
        {"br; q=0", ""},
        {"br;q=0.000, gzip", "gzip"},
        {"br;q=0.5", "br"},
        {"gzip;q=1.0", "gzip"},
        {"gzip;q=0.1, br;q=0", "gzip"},
        {"identity", ""},
        {"vibrate", ""},
        {"x-gzip", ""},
        {"deflate", ""},
    };
    for (const auto& t : table) {
        const auto r = s.ask(verb::get, "/admin/assets/app-abc123.js", {{"accept-encoding", t.accept}});
        INFO(t.accept);
        CHECK(header(r, "Content-Encoding") == t.sent);
        CHECK(header(r, "Vary") == "Accept-Encoding");
        CHECK((body(r).size() < 1000) == (*t.sent != '\0'));
    }
    // What does not shrink is sent as it is: small text and pictures.
    CHECK(header(s.ask(verb::get, "/admin/", {{"accept-encoding", "br"}}), "Content-Encoding").empty());
    CHECK(header(s.ask(verb::get, "/logo.png", {{"accept-encoding", "br"}}), "Content-Encoding").empty());
}

TEST_CASE("routes through the dispatcher", "[http][dispatch]") {
    site s;
    auto r = s.ask(verb::get, "/api/v1/things/THING-1");
    CHECK(r.status == 200);
    CHECK(json::parse(r.body)["first"] == "THING-1");
    CHECK(s.ask(verb::head, "/api/v1/things/1").status == 200);
    r = s.ask(verb::del, "/api/v1/things/1");
    CHECK(r.status == 405);
    CHECK(header(r, "Allow") == "GET, PATCH");
    CHECK(json::parse(r.body)["request_id"] == "request-1");
    r = s.ask(verb::options, "/api/v1/things/1");
    CHECK(r.status == 204);
    CHECK(header(r, "Allow") == "GET, PATCH");
    CHECK(s.ask(verb::options, "/api/v1/nothing").status == 404);
    r = s.ask(verb::get, "/api/v1/nothing");
    CHECK(r.status == 404);
    CHECK(r.content_type == "application/problem+json");
}

TEST_CASE("every exception becomes a problem, and none tells secrets", "[http][dispatch]") {
    site s;
    auto r = s.ask(verb::get, "/api/v1/taken");
    CHECK(r.status == 409);
    CHECK(json::parse(r.body)["title"] == "A colleague has it");
    r = s.ask(verb::get, "/api/v1/broken");
    CHECK(r.status == 500);
    CHECK(r.body.find("hunter2") == std::string::npos);
    CHECK(json::parse(r.body)["request_id"] == "request-1");
}

TEST_CASE("who may", "[http][dispatch]") {
    site s;
    CHECK(s.ask(verb::get, "/api/v1/staff").status == 401);
    CHECK(s.ask(verb::get, "/api/v1/staff", {{"authorization", "stale"}}).status == 401);
    CHECK(s.ask(verb::get, "/api/v1/staff", {{"authorization", "agent"}}).status == 403);
    CHECK(s.ask(verb::get, "/api/v1/staff", {{"authorization", "manager"}}).status == 200);
    // An open route does not care about a stale token beside it.
    CHECK(s.ask(verb::get, "/api/v1/things/1", {{"authorization", "stale"}}).status == 200);
}

TEST_CASE("a customer's limit is for one person, a colleague's for a desk full of windows",
          "[http][dispatch]") {
    site s;
    const auto granted = [&](const char* who) {
        int n = 0;
        while (n < 1000 && s.ask(verb::post, "/api/v1/words", {{"authorization", who}}).status == 200) ++n;
        return n;
    };
    CHECK(granted("customer") == 100);
    CHECK(granted("agent") == 400);
    CHECK(granted("customer of another conversation") == 100);
}

TEST_CASE("a limited route says how much is left and when to come again", "[http][dispatch]") {
    site s;
    const auto first = s.ask(verb::post, "/api/v1/login");
    CHECK(first.status == 200);
    const int limit = std::stoi(header(first, "RateLimit-Limit"));
    CHECK(std::stoi(header(first, "RateLimit-Remaining")) == limit - 1);
    for (int i = 1; i < limit; ++i) CHECK(s.ask(verb::post, "/api/v1/login").status == 200);
    const auto refused = s.ask(verb::post, "/api/v1/login");
    CHECK(refused.status == 429);
    const auto wait = std::stoi(header(refused, "Retry-After"));
    CHECK(wait >= 1);
    s.clock.at += std::chrono::seconds(wait);
    CHECK(s.ask(verb::post, "/api/v1/login").status == 200);
    s.options.rate_limits = false; // a closed test network
    for (int i = 0; i < 2 * limit; ++i) CHECK(s.ask(verb::post, "/api/v1/login").status == 200);
}
