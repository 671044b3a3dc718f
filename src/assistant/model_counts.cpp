#include "assistant/model_counts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace chat_centre::assistant {
namespace {

constexpr double million = 1e6;

double in_seconds(std::chrono::milliseconds ms) { return std::chrono::duration<double>(ms).count(); }

std::string_view name_of_purpose(purpose p) { return p == purpose::answer ? "answer" : "intent"; }

template <class... Args>
void put_line(std::string& out, fmt::format_string<Args...> f, Args&&... args) {
    fmt::format_to(std::back_inserter(out), f, std::forward<Args>(args)...);
    out += '\n';
}

void put_head(std::string& out, std::string_view name, std::string_view type, std::string_view help) {
    put_line(out, "# HELP {} {}\n# TYPE {} {}", name, help, name, type);
}

} // namespace

void histogram::add(double v) {
    const auto at = std::lower_bound(bounds_.begin(), bounds_.end(), v);
    ++counts_[static_cast<std::size_t>(at - bounds_.begin())];
    sum_ += v;
}

void histogram::write(std::string& out, std::string_view name, std::string_view help) const {
    put_head(out, name, "histogram", help);
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < bounds_.size(); ++i) {
        total += counts_[i];
        put_line(out, "{}_bucket{{le=\"{}\"}} {}", name, bounds_[i], total);
    }
    total += counts_.back();
    put_line(out, "{}_bucket{{le=\"+Inf\"}} {}\n{}_sum {}\n{}_count {}", name, total, name, sum_, name, total);
}

model_counts::model_counts(double input_price, double output_price)
    : input_price_(input_price), output_price_(output_price), seconds_({0.25, 0.5, 1, 2, 4, 8, 16, 32}),
      first_token_({0.1, 0.25, 0.5, 1, 2, 4, 8}) {}

void model_counts::answered(purpose p, const model_answer& a, std::chrono::milliseconds took) {
    const std::lock_guard lock(mutex_);
    ++requests_[{std::string(name_of_purpose(p)), "answered"}];
    seconds_.add(in_seconds(took));
    first_token_.add(in_seconds(a.to_first_token));
    input_tokens_ += static_cast<std::uint64_t>(a.input_tokens);
    output_tokens_ += static_cast<std::uint64_t>(a.output_tokens);
}

void model_counts::failed(purpose p, std::string_view outcome, std::chrono::milliseconds took) {
    const std::lock_guard lock(mutex_);
    ++requests_[{std::string(name_of_purpose(p)), std::string(outcome)}];
    seconds_.add(in_seconds(took));
}

void model_counts::retried() {
    const std::lock_guard lock(mutex_);
    ++retries_;
}

std::string model_counts::text(breaker::state state) const {
    const std::lock_guard lock(mutex_);
    std::string out;
    put_head(out, "chat_centre_model_requests_total", "counter",
             "What was asked of the language model, by outcome");
    for (const auto& [labels, n] : requests_)
        put_line(out, "chat_centre_model_requests_total{{purpose=\"{}\",outcome=\"{}\"}} {}", labels.first,
                 labels.second, n);
    put_head(out, "chat_centre_model_retries_total", "counter", "Attempts after the first one");
    put_line(out, "chat_centre_model_retries_total {}", retries_);
    put_head(out, "chat_centre_model_breaker", "gauge", "1 for the state that the circuit breaker is in");
    for (const auto s : {breaker::state::closed, breaker::state::half_open, breaker::state::open})
        put_line(out, "chat_centre_model_breaker{{state=\"{}\"}} {}", to_string(s), s == state ? 1 : 0);
    seconds_.write(out, "chat_centre_model_seconds", "Time until an answer was complete, or given up");
    first_token_.write(out, "chat_centre_model_first_token_seconds", "Time until an answer began");
    put_head(out, "chat_centre_model_tokens_total", "counter", "Tokens as the provider counts them");
    put_line(out, "chat_centre_model_tokens_total{{direction=\"input\"}} {}", input_tokens_);
    put_line(out, "chat_centre_model_tokens_total{{direction=\"output\"}} {}", output_tokens_);
    put_head(out, "chat_centre_model_cost_total", "counter",
             "Tokens times MODEL_INPUT_PRICE and MODEL_OUTPUT_PRICE");
    put_line(out, "chat_centre_model_cost_total {}",
             (static_cast<double>(input_tokens_) * input_price_ +
              static_cast<double>(output_tokens_) * output_price_) /
                 million);
    return out;
}

} // namespace chat_centre::assistant
