// The client of ElevenLabs' sockets, against a server of a test's own.

#include "channel/agent_socket.hpp"
#include "support/database.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <catch2/catch_test_macros.hpp>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

using namespace chat_centre;
using namespace std::chrono_literals;
using channel::agent_end;

namespace {

namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;
using tcp = asio::ip::tcp;
using error_code = boost::system::error_code;
using upgrade_request = boost::beast::http::request<boost::beast::http::string_body>;

using talk = websocket::stream<tcp::socket>;
using talk_script = std::function<void(talk&, const upgrade_request&)>;

std::string frame_heard(talk& ws) {
    boost::beast::flat_buffer buffer;
    error_code ec;
    ws.read(buffer, ec);
    if (ec) return "";
    return {static_cast<const char*>(buffer.data().data()), buffer.size()};
}
void say(talk& ws, const std::string& text) {
    error_code ec;
    ws.text(true);
    ws.write(asio::buffer(text), ec);
}

// Hands out a signed URL, and then talks as the script says.
class agent_server {
public:
    explicit agent_server(talk_script s)
        : script_(std::move(s)), acceptor_(io_, {asio::ip::address_v4::loopback(), 0}) {
        thread_ = std::thread([this] { serve(); });
    }
    ~agent_server() {
        stopping_ = true;
        error_code ignored;
        tcp::socket knock(io_);
        knock.connect(acceptor_.local_endpoint(), ignored);
        thread_.join();
        {
            const std::lock_guard lock(guard_);
            for (const int fd : open_) ::shutdown(fd, SHUT_RDWR);
        }
        for (auto& t : talks_) t.join();
    }
    agent_server(const agent_server&) = delete;
    agent_server& operator=(const agent_server&) = delete;

    std::string host() const { return "127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()); }
    std::string signed_answer; // instead of the usual one
    unsigned signed_status = 200;
    bool convai = true; // confirms the subprotocol
    bool refuse = false;
    std::string asked, key; // of the last request for a signed URL

private:
    void serve() {
        for (;;) {
            tcp::socket socket(io_);
            error_code ec;
            acceptor_.accept(socket, ec);
            if (ec || stopping_) return;
            talks_.emplace_back([this, s = std::move(socket)]() mutable { answer(std::move(s)); });
        }
    }
    void answer(tcp::socket socket) {
        const int fd = socket.native_handle();
        {
            const std::lock_guard lock(guard_);
            open_.push_back(fd);
        }
        error_code ec;
        boost::beast::flat_buffer buffer;
        upgrade_request request;
        boost::beast::http::read(socket, buffer, request, ec);
        if (!ec && websocket::is_upgrade(request) && !refuse) {
            talk ws(std::move(socket));
            ws.set_option(websocket::stream_base::decorator([this](websocket::response_type& r) {
                if (convai) r.set(boost::beast::http::field::sec_websocket_protocol, "convai");
            }));
            ws.accept(request, ec);
            if (!ec) script_(ws, request);
            forget(fd);
            return;
        }
        if (!ec) {
            asked = std::string(request.target());
            key = std::string(request["xi-api-key"]);
            boost::beast::http::response<boost::beast::http::string_body> r(
                refuse && websocket::is_upgrade(request) ? boost::beast::http::status::forbidden
                                                         : boost::beast::http::status(signed_status),
                11);
            r.body() = signed_answer.empty() ? R"({"signed_url":"ws://)" + host() +
                                                   R"(/v1/convai/conversation?agent_id=a&token=t0p"})"
                                             : signed_answer;
            r.prepare_payload();
            boost::beast::http::write(socket, r, ec);
        }
        forget(fd);
    }
    void forget(int fd) {
        const std::lock_guard lock(guard_);
        std::erase(open_, fd);
    }

    talk_script script_;
    asio::io_context io_;
    tcp::acceptor acceptor_;
    std::atomic<bool> stopping_{false};
    std::mutex guard_;
    std::vector<int> open_;
    std::vector<std::thread> talks_;
    std::thread thread_;
};

// The caller's side: one thread, what it was told, and waiting for it.
struct caller_side {
    ~caller_side() {
        asio::post(io, [this] { dialer.stop(); });
        std::this_thread::sleep_for(20ms);
        io.stop();
        thread.join();
    }
    channel::agent_handlers handlers() {
        return {[this] { add("opened"); }, [this](const json& f) { add(f.dump()); },
                [this](const agent_end& e) {
                    const std::lock_guard lock(guard);
                    end = e;
                    changed.notify_all();
                }};
    }
    void add(std::string what) {
        const std::lock_guard lock(guard);
        told.push_back(std::move(what));
        changed.notify_all();
    }
    template <class F>
    bool until(F done) {
        std::unique_lock lock(guard);
        return changed.wait_for(lock, 5s, done);
    }
    bool ended() {
        return until([this] { return end.has_value(); });
    }
    template <class F>
    void on_thread(F f) {
        std::atomic<bool> done{false};
        asio::post(io, [&] {
            f();
            done = true;
        });
        while (!done) std::this_thread::sleep_for(1ms);
    }
    void open(const agent_server& s) {
        on_thread([&] {
            call = dialer.open_agent(access_to(s), "agent 1",
                                     R"({"type":"conversation_initiation_client_data"})", handlers());
        });
    }
    static channel::agent_access access_to(const agent_server& s) {
        channel::agent_access a{"http://" + s.host(), "xi-secret", {}};
        a.rules.allow.push_back(*parse_network("127.0.0.0/8"));
        return a;
    }

    asio::io_context io{1};
    asio::executor_work_guard<asio::io_context::executor_type> busy = asio::make_work_guard(io);
    std::thread thread{[this] { io.run(); }};
    std::mutex guard;
    std::condition_variable changed;
    std::vector<std::string> told;
    std::optional<agent_end> end;
    channel::agent_dialer dialer{io.get_executor()};
    std::shared_ptr<channel::agent_socket> call;
};

} // namespace

TEST_CASE("a session with an agent", "[agent]") {
    std::vector<std::string> got;
    std::string target;
    agent_server server([&](talk& ws, const upgrade_request& r) {
        target =
            std::string(r.target()) + " " + std::string(r[boost::beast::http::field::sec_websocket_protocol]);
        got.push_back(frame_heard(ws));
        say(ws,
            R"({"type":"conversation_initiation_metadata","conversation_initiation_metadata_event":{"conversation_id":"conv_1"}})");
        say(ws, R"({"type":"ping","ping_event":{"event_id":7,"ping_ms":50}})");
        got.push_back(frame_heard(ws));
        for (const char* odd : {"hello", "[1]", "{}", R"({"type":5})", R"({"type":"new_kind","x":1})"})
            say(ws, odd);
        got.push_back(frame_heard(ws));
        error_code ec;
        ws.close({websocket::close_code::normal, "agent ended"}, ec);
    });
    caller_side c;
    c.open(server);
    CHECK(c.until([&] { return c.told.size() == 3; }));
    c.on_thread([&] { CHECK(c.call->send(R"({"type":"user_message","text":"Hi"})")); });
    REQUIRE(c.ended());
    CHECK(server.asked == "/v1/convai/conversation/get-signed-url?agent_id=agent%201");
    CHECK(server.key == "xi-secret");
    CHECK(target == "/v1/convai/conversation?agent_id=a&token=t0p convai");
    CHECK(got == std::vector<std::string>{R"({"type":"conversation_initiation_client_data"})",
                                          R"({"event_id":7,"type":"pong"})",
                                          R"({"type":"user_message","text":"Hi"})"});
    CHECK(c.told[0] == "opened");
    CHECK(c.told[1].find("conv_1") != std::string::npos);
    CHECK(c.told[2] == R"({"type":"new_kind","x":1})");
    CHECK(c.end->code == 1000);
    CHECK(c.end->opened);
    CHECK_FALSE(c.end->ours);
    CHECK(c.end->reason == "agent ended");
    c.on_thread([&] { CHECK_FALSE(c.call->send("{}")); });
}

TEST_CASE("closing from this side sends what waits, then says goodbye", "[agent]") {
    std::vector<std::string> got;
    std::atomic<int> code{0};
    agent_server server([&](talk& ws, const upgrade_request&) {
        for (;;) {
            auto text = frame_heard(ws);
            if (text.empty()) break;
            got.push_back(std::move(text));
        }
        code = ws.reason().code;
    });
    caller_side c;
    c.open(server);
    CHECK(c.until([&] { return c.told.size() == 1; }));
    c.on_thread([&] {
        c.call->send("1");
        c.call->send("2");
        c.call->close("the customer left");
        CHECK_FALSE(c.call->send("3"));
    });
    REQUIRE(c.ended());
    CHECK(c.end->ours);
    CHECK(c.end->code == 1000);
    for (int i = 0; i < 100 && code == 0; ++i) std::this_thread::sleep_for(10ms);
    CHECK(code == 1000);
    CHECK(got.size() == 3);
}

TEST_CASE("whom nobody waits for is told nothing", "[agent]") {
    agent_server server([&](talk& ws, const upgrade_request&) {
        while (!frame_heard(ws).empty()) say(ws, R"({"type":"x"})");
    });
    caller_side c;
    c.open(server);
    c.on_thread([&] { c.call->forget(); }); // before the signed URL is here
    c.on_thread([&] { c.call.reset(); });
    std::this_thread::sleep_for(200ms);
    CHECK(c.told.empty());
    CHECK_FALSE(c.end);
}

TEST_CASE("sessions that do not begin", "[agent]") {
    agent_server server([](talk& ws, const upgrade_request&) { frame_heard(ws); });
    caller_side c;
    SECTION("the key is refused") {
        server.signed_status = 401;
        c.open(server);
        REQUIRE(c.ended());
        CHECK(c.end->reason == "the signed URL: answered 401");
    }
    SECTION("an answer without a URL") {
        server.signed_answer = R"({"signed_url":null})";
        c.open(server);
        REQUIRE(c.ended());
        CHECK(c.end->reason == "the signed URL: an answer without one");
    }
    SECTION("an answer that is not JSON") {
        server.signed_answer = "<html>";
        c.open(server);
        REQUIRE(c.ended());
        CHECK(c.end->reason == "the signed URL: an answer that is not JSON");
    }
    SECTION("a URL of another kind") {
        server.signed_answer = R"({"signed_url":"file:///etc/passwd"})";
        c.open(server);
        REQUIRE(c.ended());
        CHECK(c.end->reason == "its address is none of a WebSocket");
    }
    SECTION("a URL to a private address") {
        server.signed_answer = R"({"signed_url":"ws://10.1.2.3/x"})";
        c.open(server);
        REQUIRE(c.ended());
        CHECK(c.end->reason.find("not on the public internet") != std::string::npos);
    }
    SECTION("the upgrade is refused") {
        server.refuse = true;
        c.open(server);
        REQUIRE(c.ended());
        CHECK(c.end->reason == "answered 403");
    }
    SECTION("another subprotocol") {
        server.convai = false;
        c.open(server);
        REQUIRE(c.ended());
        CHECK(c.end->reason == "it does not speak convai");
    }
    SECTION("a key that is none") {
        auto a = caller_side::access_to(server);
        a.api_key = "x\r\nHost: y";
        c.on_thread([&] { c.call = c.dialer.open_agent(a, "agent", "{}", c.handlers()); });
        REQUIRE(c.ended());
        CHECK(c.end->reason == "no usable API key is set");
    }
    CHECK(c.end->code == 0);
    CHECK_FALSE(c.end->opened);
    CHECK(c.told.empty());
    CHECK(c.end->reason.find("t0p") == std::string::npos);
}

TEST_CASE("ends of the other side's making", "[agent]") {
    SECTION("a close code") {
        agent_server server([](talk& ws, const upgrade_request&) {
            error_code ec;
            ws.close({websocket::close_code::policy_error, "missing_dynamic_variable"}, ec);
        });
        caller_side c;
        c.open(server);
        REQUIRE(c.ended());
        CHECK(c.end->code == 1008);
        CHECK(c.end->reason == "missing_dynamic_variable");
    }
    SECTION("no word") {
        agent_server server([](talk& ws, const upgrade_request&) { ws.next_layer().close(); });
        caller_side c;
        c.open(server);
        REQUIRE(c.ended());
        CHECK(c.end->code == 0);
        CHECK(c.end->opened);
    }
    SECTION("too much") {
        agent_server server([](talk& ws, const upgrade_request&) {
            say(ws, R"({"type":")" + std::string(2 * 1024 * 1024, 'x') + "\"}");
            frame_heard(ws);
        });
        caller_side c;
        c.open(server);
        REQUIRE(c.ended());
        CHECK(c.end->code == 1009);
    }
    SECTION("not listening") {
        std::atomic<bool> done{false};
        agent_server server([&done](talk&, const upgrade_request&) {
            while (!done) std::this_thread::sleep_for(5ms);
        });
        caller_side c;
        c.open(server);
        CHECK(c.until([&] { return c.told.size() == 1; }));
        c.on_thread([&] {
            int sent = 0;
            while (sent < 100'000 && c.call->send(std::string(64 * 1024, 'x'))) ++sent;
            CHECK(sent < 100);
        });
        REQUIRE(c.ended());
        CHECK(c.end->code == 1013);
        done = true;
    }
}

TEST_CASE("the monitor of a session", "[agent]") {
    std::string target, key, got;
    agent_server server([&](talk& ws, const upgrade_request& r) {
        target = std::string(r.target());
        key = std::string(r["xi-api-key"]);
        say(ws,
            R"({"type":"user_transcript","user_transcription_event":{"user_transcript":"Hi","event_id":3}})");
        got = frame_heard(ws);
        error_code ec;
        ws.close(websocket::close_code::normal, ec);
    });
    caller_side c;
    c.on_thread(
        [&] { c.call = c.dialer.open_monitor(caller_side::access_to(server), "conv_1/../x", c.handlers()); });
    CHECK(c.until([&] { return c.told.size() == 2; }));
    c.on_thread([&] { c.call->send(R"({"command_type":"enable_human_takeover"})"); });
    REQUIRE(c.ended());
    CHECK(target == "/v1/convai/conversations/conv_1%2F..%2Fx/monitor");
    CHECK(key == "xi-secret");
    CHECK(got == R"({"command_type":"enable_human_takeover"})");
}

namespace {

// A key and a certificate for "localhost" that signs itself.
struct certificate {
    certificate() {
        key = EVP_EC_gen("P-256");
        x = X509_new();
        X509_set_version(x, 2);
        ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
        X509_gmtime_adj(X509_getm_notBefore(x), -60);
        X509_gmtime_adj(X509_getm_notAfter(x), 3600);
        X509_set_pubkey(x, key);
        auto* name = X509_get_subject_name(x);
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("test"),
                                   -1, -1, 0);
        X509_set_issuer_name(x, name);
        auto* names = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "DNS:localhost");
        X509_add_ext(x, names, -1);
        X509_EXTENSION_free(names);
        X509_sign(x, key, EVP_sha256());
    }
    ~certificate() {
        X509_free(x);
        EVP_PKEY_free(key);
    }
    certificate(const certificate&) = delete;
    certificate& operator=(const certificate&) = delete;

    void write(const std::string& path) const {
        std::FILE* f = std::fopen(path.c_str(), "w");
        PEM_write_X509(f, x);
        std::fclose(f);
    }
    EVP_PKEY* key = nullptr;
    X509* x = nullptr;
};

// Greets over TLS with this certificate, once.
class tls_greeter {
public:
    explicit tls_greeter(const certificate& c) : acceptor_(io_, {asio::ip::address_v4::loopback(), 0}) {
        SSL_CTX_use_certificate(tls_.native_handle(), c.x);
        SSL_CTX_use_PrivateKey(tls_.native_handle(), c.key);
        thread_ = std::thread([this] {
            tcp::socket socket(io_);
            error_code ec;
            acceptor_.accept(socket, ec);
            websocket::stream<asio::ssl::stream<tcp::socket>> ws(std::move(socket), tls_);
            ws.next_layer().handshake(asio::ssl::stream_base::server, ec);
            if (ec) return;
            ws.accept(ec);
            if (ec) return;
            ws.write(asio::buffer(std::string("hello")), ec);
            ws.close(websocket::close_code::normal, ec);
        });
    }
    ~tls_greeter() { thread_.join(); }
    tls_greeter(const tls_greeter&) = delete;
    tls_greeter& operator=(const tls_greeter&) = delete;
    std::string port() const { return std::to_string(acceptor_.local_endpoint().port()); }

private:
    asio::io_context io_;
    asio::ssl::context tls_{asio::ssl::context::tls_server};
    tcp::acceptor acceptor_;
    std::thread thread_;
};

struct tls_result {
    std::string text;
    http::socket_end end;
};
tls_result connect_tls(const std::string& host, const tls_greeter& server) {
    asio::io_context io;
    http::outbound_rules rules;
    rules.allow = {*parse_network("127.0.0.0/8"), *parse_network("::1")};
    tls_result out;
    http::socket_handlers h;
    h.text = [&out](std::string_view text) { out.text = text; };
    h.closed = [&out](const http::socket_end& e) { out.end = e; };
    const auto s =
        http::open_socket(io.get_executor(), rules, {"wss://" + host + ":" + server.port() + "/", "", {}}, h);
    io.run_for(5s);
    return out;
}

} // namespace

TEST_CASE("certificates are verified, for the host that was meant", "[agent]") {
    const tests::temporary_folder folder;
    const certificate trusted;
    const certificate other;
    const auto path = (folder.path() / "ca.pem").string();
    trusted.write(path);
    setenv("SSL_CERT_FILE", path.c_str(),
           1); // NOLINT(concurrency-mt-unsafe): read once, so no test before this one uses TLS
    {
        const tls_greeter server(trusted);
        const auto r = connect_tls("localhost", server);
        INFO(r.end.reason);
        CHECK(r.text == "hello");
        CHECK(r.end.code == 1000);
    }
    {
        const tls_greeter server(trusted);
        const auto r = connect_tls("127.0.0.1", server);
        CHECK(r.end.reason.find("TLS: certificate verify failed") != std::string::npos);
    }
    {
        const tls_greeter server(other);
        const auto r = connect_tls("localhost", server);
        CHECK(r.end.reason.find("TLS: certificate verify failed") != std::string::npos);
    }
    unsetenv("SSL_CERT_FILE"); // NOLINT(concurrency-mt-unsafe)
}
