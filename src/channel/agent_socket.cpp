#include "channel/agent_socket.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <vector>

namespace chat_centre::channel {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr std::size_t fetching_threads = 2;
constexpr int most_fetching = 64;
constexpr auto fetch_limit = 10s;
constexpr auto open_limit = 10s;
constexpr std::uint16_t normal_close = 1000;
constexpr std::size_t most_held = 64; // messages of a customer who does not wait for the agent
constexpr std::size_t longest_held = 64 * 1024;

bool plain_header(const std::string& value) {
    return std::all_of(value.begin(), value.end(), [](unsigned char c) { return c > 0x20 && c < 0x7f; });
}

struct signed_url {
    std::string url;   // "": none
    std::string fault; // then this says why
};

// Blocks. The answer's text is not shown: it may hold the address.
signed_url fetch_signed_url(agent_access access, const std::string& agent) {
    access.rules.limit = fetch_limit;
    try {
        const auto answer = http::get(
            access.rules,
            access.api_url + "/v1/convai/conversation/get-signed-url?agent_id=" + http::url_encoded(agent),
            {{"xi-api-key", access.api_key}, {"Accept", "application/json"}});
        if (answer.status != 200)
            return {"", "ElevenLabs gave no signed URL: answered " + std::to_string(answer.status)};
        const json body = parse_json(answer.body);
        const auto it = body.is_object() ? body.find("signed_url") : body.end();
        if (!body.is_object() || it == body.end() || !it->is_string())
            return {"", "ElevenLabs gave no signed URL: there is none in the answer"};
        return {it->get<std::string>(), ""};
    } catch (const http::no_answer& e) {
        return {"", std::string("ElevenLabs gave no signed URL: ") + e.what()};
    } catch (const error&) {
        return {"", "ElevenLabs gave no signed URL: the answer is not JSON"};
    }
}

class agent_call final : public agent_socket, public std::enable_shared_from_this<agent_call> {
public:
    agent_call(asio::any_io_executor executor, agent_handlers handlers)
        : executor_(std::move(executor)), handlers_(std::move(handlers)) {}

    bool send(std::string frame) override {
        if (ended_ || closing_) return false;
        if (opened_) return socket_->send(std::move(frame));
        held_bytes_ += frame.size();
        held_.push_back(std::move(frame));
        if (held_.size() <= most_held && held_bytes_ <= longest_held) return true;
        finish({1013, false, false, "too much was sent before it was open"});
        return false;
    }

    void close(std::string reason) override {
        if (ended_ || closing_) return;
        closing_ = true;
        if (opened_) return socket_->close(normal_close, reason);
        if (const auto socket = std::exchange(socket_, nullptr)) socket->forget();
        finish({0, false, true, "closed before it was open"});
    }

    void forget() override {
        forgotten_ = true;
        close("");
    }

    // refused: called instead of ending it when the other side answers, and says no.
    void connect(const http::outbound_rules& rules, http::socket_target target,
                 std::function<void()> refused = {}) {
        if (ended_) return;
        http::socket_handlers h;
        h.opened = [self = shared_from_this()] { self->begin(); };
        h.text = [self = shared_from_this()](std::string_view text) { self->take(text); };
        h.closed = [self = shared_from_this(), refused = std::move(refused)](const http::socket_end& e) {
            if (refused && !self->ended_ && !e.opened && e.reason.starts_with("answered 4")) return refused();
            self->finish({e.code, e.opened, e.ours, e.reason});
        };
        http::socket_limits limits;
        limits.open = open_limit;
        socket_ = http::open_socket(executor_, rules, std::move(target), std::move(h), limits);
    }

    // The last handler is called later, so that none is called from inside a call.
    void finish(agent_end end) {
        if (ended_) return;
        ended_ = true;
        held_.clear();
        asio::post(executor_, [self = shared_from_this(), e = std::move(end)] {
            const agent_handlers last = std::move(self->handlers_); // they may hold this object
            self->handlers_ = {};
            self->socket_.reset();
            if (!self->forgotten_ && last.closed) last.closed(e);
        });
    }

    bool ended() const { return ended_; }

private:
    void begin() {
        if (ended_) return;
        opened_ = true;
        for (auto& frame : std::exchange(held_, {})) socket_->send(std::move(frame));
        if (!forgotten_ && handlers_.opened) handlers_.opened();
    }

    void take(std::string_view text) {
        if (ended_ || closing_ || forgotten_) return;
        json frame;
        try {
            frame = parse_json(text);
        } catch (const error&) {
            spdlog::debug("a frame of ElevenLabs that is not JSON was passed over");
            return;
        }
        const auto type = frame.is_object() ? frame.find("type") : frame.end();
        if (!frame.is_object() || type == frame.end() || !type->is_string()) return;
        if (*type == "ping") {
            answer_ping(frame);
            return;
        }
        if (handlers_.frame) handlers_.frame(frame);
    }

    void answer_ping(const json& frame) {
        json pong{{"type", "pong"}};
        if (const auto event = frame.find("ping_event"); event != frame.end() && event->is_object())
            if (const auto id = event->find("event_id"); id != event->end()) pong["event_id"] = *id;
        socket_->send(dump(pong));
    }

    asio::any_io_executor executor_;
    agent_handlers handlers_;
    std::shared_ptr<http::outbound_socket> socket_; // null: the signed URL is not here yet
    std::vector<std::string> held_;                 // until it is open
    std::size_t held_bytes_ = 0;
    bool opened_ = false;
    bool closing_ = false;
    bool forgotten_ = false;
    bool ended_ = false;
};

} // namespace

struct agent_dialer::impl : std::enable_shared_from_this<agent_dialer::impl> {
    explicit impl(asio::any_io_executor e) : executor(std::move(e)), fetchers(fetching_threads) {}

    std::shared_ptr<agent_call> new_call(agent_handlers handlers) {
        auto call = std::make_shared<agent_call>(executor, std::move(handlers));
        std::erase_if(calls, [](const std::weak_ptr<agent_call>& c) {
            const auto alive = c.lock();
            return !alive || alive->ended();
        });
        calls.push_back(call);
        return call;
    }

    // A signed URL is good for a few minutes. One that is refused gets a second, fresh one.
    void fetch_and_connect(const std::shared_ptr<agent_call>& call, agent_access access, std::string agent,
                           bool again) {
        ++fetching;
        auto fetch = [call, access = std::move(access), agent = std::move(agent), again,
                      self = weak_from_this(), executor = executor, &fetching = fetching] {
            auto found = fetch_signed_url(access, agent);
            --fetching;
            asio::post(executor, [call, access, agent, again, self, found = std::move(found)]() mutable {
                if (found.url.empty()) return call->finish({0, false, false, std::move(found.fault)});
                std::function<void()> refused;
                if (again)
                    refused = [call = std::weak_ptr(call), access, agent, self] {
                        const auto still = call.lock();
                        const auto dialer = self.lock();
                        if (still && dialer && !dialer->stopped)
                            dialer->fetch_and_connect(still, access, agent, false);
                    };
                call->connect(access.rules, {std::move(found.url), "convai", {}}, std::move(refused));
            });
        };
        asio::post(fetchers, std::move(fetch));
    }

    asio::any_io_executor executor;
    asio::thread_pool fetchers;
    std::atomic<int> fetching{0};
    std::vector<std::weak_ptr<agent_call>> calls;
    bool stopped = false;
};

agent_dialer::agent_dialer(asio::any_io_executor executor)
    : impl_(std::make_shared<impl>(std::move(executor))) {}

agent_dialer::~agent_dialer() {
    impl_->fetchers.stop(); // what has not begun is dropped
    impl_->fetchers.join();
}

std::shared_ptr<agent_socket> agent_dialer::open_agent(agent_access access, std::string agent_id,
                                                       std::string first_frame, agent_handlers handlers) {
    auto call = impl_->new_call(std::move(handlers));
    if (impl_->stopped || access.api_key.empty() || !plain_header(access.api_key)) {
        call->finish({0, false, false, impl_->stopped ? "the server is stopping" : "no usable API key is set"});
        return call;
    }
    if (impl_->fetching >= most_fetching) {
        call->finish({0, false, false, "too many are being opened"});
        return call;
    }
    call->send(std::move(first_frame));
    impl_->fetch_and_connect(call, std::move(access), std::move(agent_id), true);
    return call;
}

std::shared_ptr<agent_socket> agent_dialer::open_monitor(agent_access access, std::string session_id,
                                                         agent_handlers handlers) {
    auto call = impl_->new_call(std::move(handlers));
    const bool tls = access.api_url.starts_with("https://");
    const bool known = tls || access.api_url.starts_with("http://");
    if (impl_->stopped || access.api_key.empty() || !plain_header(access.api_key) || !known) {
        call->finish({0, false, false, impl_->stopped ? "the server is stopping" : "no usable API key is set"});
        return call;
    }
    http::socket_target target;
    target.url = (tls ? "wss" : "ws") + access.api_url.substr(access.api_url.find("://")) +
                 "/v1/convai/conversations/" + http::url_encoded(session_id) + "/monitor";
    target.headers.emplace_back("xi-api-key", access.api_key);
    call->connect(access.rules, std::move(target));
    return call;
}

void agent_dialer::stop() {
    impl_->stopped = true;
    for (const auto& weak : std::exchange(impl_->calls, {}))
        if (const auto call = weak.lock()) call->forget();
}

} // namespace chat_centre::channel
