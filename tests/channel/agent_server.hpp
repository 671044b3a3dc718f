#pragma once
// A stand-in for ElevenLabs' sockets on loopback, and the caller's side of a test.

#include "channel/agent_socket.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace chat_centre::tests {

namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;
using tcp = asio::ip::tcp;
using error_code = boost::system::error_code;
using upgrade_request = boost::beast::http::request<boost::beast::http::string_body>;

using talk = websocket::stream<tcp::socket>;
using talk_script = std::function<void(talk&, const upgrade_request&)>;

inline std::string frame_heard(talk& ws) {
    boost::beast::flat_buffer buffer;
    error_code ec;
    ws.read(buffer, ec);
    if (ec) return "";
    return {static_cast<const char*>(buffer.data().data()), buffer.size()};
}
inline void say_frame(talk& ws, const std::string& text) {
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
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        io.stop();
        thread.join();
    }
    channel::agent_handlers handlers() {
        return {[this] { add("opened"); }, [this](const json& f) { add(f.dump()); },
                [this](const channel::agent_end& e) {
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
        return changed.wait_for(lock, std::chrono::seconds(5), done);
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
        while (!done) std::this_thread::sleep_for(std::chrono::milliseconds(1));
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
    std::optional<channel::agent_end> end;
    channel::agent_dialer dialer{io.get_executor()};
    std::shared_ptr<channel::agent_socket> call;
};

} // namespace chat_centre::tests
