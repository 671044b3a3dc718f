#include <chat_centre/assistant/provider.hpp>

#include "assistant/chat_completion.hpp"
#include "assistant/model_counts.hpp"

#include <chat_centre/base/ids.hpp>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <mutex>
#include <random>
#include <thread>

namespace chat_centre::assistant {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using moment = std::chrono::steady_clock::time_point;

constexpr milliseconds first_pause = 250ms;
constexpr milliseconds look_every = 25ms;
constexpr milliseconds least_left = 200ms;      // an attempt with less time than this is not begun
constexpr milliseconds fair_time = 1s;          // who was given less has not failed
constexpr milliseconds after_last_word = 500ms; // for the numbers that may follow an answer
constexpr std::size_t longest_refusal = 8 * 1024;
constexpr int most_lessons = 4;

// How one attempt ended. `outcome` is its label in /metrics.
struct attempt_end {
    std::string outcome;
    std::string detail; // for the log
    bool again = false; // another attempt may help
    bool ours =
        false; // says nothing about the provider: cancelled, no time was left, or the request is at fault
    bool learnt = false; // the same with another dialect
    milliseconds wait{0};
};

class attempt_failed : public std::exception {
public:
    explicit attempt_failed(attempt_end e) : end(std::move(e)) {}
    attempt_end end;
};

milliseconds since(moment then, moment now) { return std::chrono::duration_cast<milliseconds>(now - then); }

milliseconds jittered(milliseconds pause) {
    thread_local std::minstd_rand generator{std::random_device{}()};
    std::uniform_int_distribution<milliseconds::rep> part(pause.count() / 2, pause.count());
    return milliseconds(part(generator));
}

attempt_end refusal(int status, std::chrono::seconds retry_after, std::string_view body) {
    attempt_end e;
    e.wait = retry_after;
    e.again = status == 429 || status >= 500;
    e.outcome = status == 429 ? "rate_limited" : status >= 500 ? "failing" : "refused";
    const auto code = refusal_code(body);
    e.ours = status == 400 || status == 413 || status == 422; // another request may well be taken
    e.detail = fmt::format("answered {}{}{}", status, code.empty() ? "" : " ", code);
    return e;
}

} // namespace

struct provider::impl {
    impl(provider_settings s, const clock_source& c)
        : settings(std::move(s)), clock(c), circuit(settings.breaker),
          counts(settings.input_price, settings.output_price) {
        while (settings.base_url.ends_with('/')) settings.base_url.pop_back();
        url = settings.base_url + "/chat/completions";
        host = http::host_of(url);
        if (settings.intent_model.empty()) settings.intent_model = settings.answer_model;
    }

    const std::string& model_for(purpose p) const {
        return p == purpose::intent ? settings.intent_model : settings.answer_model;
    }

    dialect spoken() {
        const std::lock_guard lock(mutex);
        return language;
    }
    bool learn(int status, std::string_view body, const dialect& used) {
        dialect better = used;
        if (!learn_from_refusal(better, status, body)) return false;
        const std::lock_guard lock(mutex);
        language = better;
        return true;
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
        if (before == after) return;
        if (after == breaker::state::open)
            spdlog::warn("the model at {} fails again and again: not asked for a while", host);
        else if (after == breaker::state::closed)
            spdlog::info("the model at {} answers again", host);
    }

    model_answer try_once(const model_request& r, moment deadline);
    // Sleeps before another attempt. False: cancelled.
    bool pause(const model_request& r, milliseconds how_long);

    provider_settings settings;
    const clock_source& clock;
    std::string url, host;
    http::stream_client client;
    std::mutex mutex; // of language and circuit
    dialect language;
    breaker circuit;
    model_counts counts;
};

model_answer provider::impl::try_once(const model_request& r, moment deadline) {
    const dialect used = spoken();
    const std::string body = completion_body(r, model_for(r.what), used);
    http::outbound_headers headers{{"Content-Type", "application/json"},
                                   {"Accept", "text/event-stream, application/json"},
                                   {"User-Agent", "chat-centre/" CHAT_CENTRE_VERSION}};
    if (!settings.api_key.empty()) headers.emplace_back("Authorization", "Bearer " + settings.api_key);

    const auto began = clock.steady();
    const auto first_by = std::min(deadline, began + settings.first_token);
    http::outbound_rules rules = settings.rules;
    rules.limit = std::max(since(began, deadline), 1ms) + 1s; // the deadline itself is kept below

    std::optional<completion_reader> reader;
    std::string refused;
    moment first{};
    moment last_word{};
    moment asked{};
    bool cancelled = false;
    bool late = false;
    http::stream_handlers h;
    h.piece = [&](const http::stream_head& head, std::string_view piece) {
        if (head.status != 200) {
            refused.append(piece.substr(0, longest_refusal - refused.size()));
            return refused.size() < longest_refusal;
        }
        if (!reader) reader.emplace(head.content_type);
        const bool go_on = reader->feed(piece);
        if (first == moment{} && reader->started()) first = clock.steady();
        if (last_word == moment{} && reader->said_all()) last_word = clock.steady();
        return go_on;
    };
    h.wanted = [&] {
        const auto now = clock.steady();
        if (last_word != moment{} && now - last_word > after_last_word) return false;
        if (r.cancelled && now - asked >= look_every) {
            asked = now;
            cancelled = r.cancelled();
        }
        late = now >= (first == moment{} ? first_by : deadline);
        return !cancelled && !late;
    };

    http::stream_head head;
    std::string lost;
    try {
        head = client.post(rules, url, body, headers, h);
    } catch (const http::no_answer& e) {
        lost = e.what();
    }
    if (cancelled) throw attempt_failed({"cancelled", "no longer wanted", false, true});
    if (reader && (lost.empty() || reader->said_all())) reader->finish();
    if (reader && reader->complete()) {
        if (first == moment{}) first = clock.steady();
        return {reader->text, reader->model.empty() ? model_for(r.what) : reader->model, reader->input_tokens,
                reader->output_tokens, since(began, first)};
    }
    const bool begun = reader && reader->started();
    if (reader && reader->wrong() != completion_reader::fault::none) {
        const auto fault = reader->wrong();
        attempt_end e{std::string(to_string(fault)), "the answer is " + std::string(to_string(fault))};
        e.again = !begun && fault == completion_reader::fault::failing;
        throw attempt_failed(std::move(e));
    }
    if (late) {
        const bool no_time = since(began, deadline) < fair_time;
        throw attempt_failed(
            {"timeout", begun ? "stopped in the middle" : "no answer in time", false, no_time});
    }
    if (!lost.empty()) throw attempt_failed({begun ? "truncated" : "unreachable", lost, !begun});
    if (head.status != 200) {
        attempt_end e = refusal(head.status, head.retry_after, refused);
        e.learnt = learn(head.status, refused, used);
        throw attempt_failed(std::move(e));
    }
    throw attempt_failed({"malformed", "an empty answer", true}); // or one that was cut in its head
}

bool provider::impl::pause(const model_request& r, milliseconds how_long) {
    for (milliseconds slept{0}; slept < how_long; slept += look_every) {
        if (r.cancelled && r.cancelled()) return false;
        std::this_thread::sleep_for(look_every);
    }
    return true;
}

provider::provider(provider_settings s, const clock_source& clock)
    : impl_(std::make_unique<impl>(std::move(s), clock)) {}
provider::~provider() = default;

model_answer provider::complete(const model_request& request) {
    auto& i = *impl_;
    const auto began = i.clock.steady();
    const auto deadline = std::min(request.deadline, began + i.settings.limit);
    attempt_end end{"timeout", "no time is left", false, true};
    int lessons = 0;
    for (int attempt = 1; attempt <= std::max(i.settings.attempts, 1);) {
        if (since(i.clock.steady(), deadline) < least_left) break;
        const auto pass = i.enter();
        if (!pass) {
            if (attempt == 1) end = {"circuit_open", "it failed too often of late"};
            break;
        }
        auto outcome = breaker::outcome::neither;
        try {
            model_answer a = i.try_once(request, deadline);
            i.leave(*pass, breaker::outcome::success);
            i.counts.answered(request.what, a, since(began, i.clock.steady()));
            return a;
        } catch (attempt_failed& f) {
            end = std::move(f.end);
            if (!end.ours && !end.learnt) outcome = breaker::outcome::failure;
        } catch (const std::exception& e) {
            end = {"failing", e.what()};
            outcome = breaker::outcome::failure;
        }
        i.leave(*pass, outcome);
        if (end.learnt && lessons++ < most_lessons) continue;
        if (!end.again || attempt == i.settings.attempts) break;
        const auto wait = std::max(jittered(first_pause * (1 << (attempt - 1))), end.wait);
        if (i.clock.steady() + wait + least_left >= deadline) break;
        ++attempt;
        i.counts.retried();
        if (i.pause(request, wait)) continue;
        end = {"cancelled", "no longer wanted", false, true};
        break;
    }
    i.counts.failed(request.what, end.outcome, since(began, i.clock.steady()));
    throw model_unavailable(fmt::format("the model at {}: {} ({})", i.host, end.detail, end.outcome));
}

std::string provider::metrics() const {
    breaker::state state{};
    {
        const std::lock_guard lock(impl_->mutex);
        state = impl_->circuit.now(impl_->clock.steady());
    }
    return impl_->counts.text(state);
}

} // namespace chat_centre::assistant
