#include <chat_centre/assistant/embeddings.hpp>

#include "assistant/chat_completion.hpp"
#include "assistant/embedding_answer.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <mutex>

namespace chat_centre::assistant {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t largest_reply = 16 * 1024 * 1024;
constexpr std::size_t longest_error = 8 * 1024;

} // namespace

struct embedder::impl {
    impl(embedder_settings s, const clock_source& c)
        : settings(std::move(s)), clock(c), circuit(settings.breaker) {
        while (settings.base_url.ends_with('/')) settings.base_url.pop_back();
        url = settings.base_url + "/embeddings";
        host = http::host_of(url);
    }

    std::optional<breaker::pass> enter() {
        const std::lock_guard lock(mutex);
        return circuit.enter(clock.steady());
    }
    void leave(breaker::pass p, breaker::outcome o) {
        breaker::state before{};
        breaker::state after{};
        {
            const std::lock_guard lock(mutex);
            const auto now = clock.steady();
            before = circuit.now(now);
            circuit.leave(p, o, now);
            after = circuit.now(now);
        }
        if (before != after && after == breaker::state::open)
            spdlog::warn("the embeddings at {} fail again and again: not asked for a while", host);
    }

    // The body of a 200. Throws model_unavailable; `ours` when the request itself is at fault.
    std::string ask(const std::vector<std::string>& texts, std::chrono::milliseconds limit, bool& ours) {
        http::outbound_headers headers{{"Content-Type", "application/json"},
                                       {"Accept", "application/json"},
                                       {"User-Agent", "chat-centre/" CHAT_CENTRE_VERSION}};
        if (!settings.api_key.empty()) headers.emplace_back("Authorization", "Bearer " + settings.api_key);
        http::outbound_rules rules = settings.rules;
        rules.limit = limit + 1s; // the limit itself is kept below
        rules.connect_limit = std::min(rules.connect_limit, limit);
        const auto until = clock.steady() + limit;
        std::string body;
        http::stream_handlers h;
        h.piece = [&body](const http::stream_head& head, std::string_view piece) {
            const auto most = head.status == 200 ? largest_reply : longest_error;
            body.append(piece.substr(0, most + 1 - std::min(body.size(), most + 1)));
            return body.size() <= most;
        };
        h.wanted = [this, until] { return !stopping && clock.steady() < until; };
        http::stream_head head;
        try {
            head = client.post(rules, url, dump({{"model", settings.model}, {"input", texts}}), headers, h);
        } catch (const http::no_answer& e) {
            throw model_unavailable(fmt::format("the embeddings at {}: {}", host, e.what()));
        }
        if (head.status != 200) {
            ours = head.status == 400 || head.status == 413 || head.status == 422;
            throw model_unavailable(
                fmt::format("the embeddings at {}: answered {} {}", host, head.status, refusal_code(body)));
        }
        return body;
    }

    embedder_settings settings;
    const clock_source& clock;
    std::string url, host;
    http::stream_client client;
    std::mutex mutex; // of the circuit
    breaker circuit;
    std::atomic<bool> stopping{false};
    std::atomic<std::uint64_t> answered{0}, failed{0}, left_alone{0};
};

embedder::embedder(embedder_settings s, const clock_source& clock)
    : impl_(std::make_unique<impl>(std::move(s), clock)) {}
embedder::~embedder() = default;

void embedder::stop() { impl_->stopping = true; }

const std::string& embedder::model() const { return impl_->settings.model; }

std::vector<std::vector<float>> embedder::embed(const std::vector<std::string>& texts,
                                                std::chrono::milliseconds limit) {
    auto& i = *impl_;
    const auto pass = i.enter();
    if (!pass) {
        ++i.left_alone;
        throw model_unavailable(fmt::format("the embeddings at {} failed too often of late", i.host));
    }
    bool ours = false;
    try {
        auto out = read_embeddings(i.ask(texts, limit, ours), texts.size());
        if (!out)
            throw model_unavailable(fmt::format("the embeddings at {}: the answer is malformed", i.host));
        i.leave(*pass, breaker::outcome::success);
        ++i.answered;
        return std::move(*out);
    } catch (const model_unavailable&) {
        i.leave(*pass, ours || i.stopping ? breaker::outcome::neither : breaker::outcome::failure);
        ++i.failed;
        throw;
    } catch (const std::exception& e) {
        i.leave(*pass, breaker::outcome::failure);
        ++i.failed;
        throw model_unavailable(fmt::format("the embeddings at {}: {}", i.host, e.what()));
    }
}

std::string embedder::metrics() const {
    const auto line = [](const char* outcome, std::uint64_t n) {
        return fmt::format("chat_centre_embedding_requests_total{{outcome=\"{}\"}} {}\n", outcome, n);
    };
    return "# HELP chat_centre_embedding_requests_total Requests for vectors of texts.\n"
           "# TYPE chat_centre_embedding_requests_total counter\n" +
           line("answered", impl_->answered) + line("failed", impl_->failed) +
           line("circuit_open", impl_->left_alone);
}

} // namespace chat_centre::assistant
