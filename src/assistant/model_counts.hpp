#pragma once
// What /metrics says of a model: requests by outcome, times, tokens and what they cost.

#include <chat_centre/assistant/breaker.hpp>
#include <chat_centre/assistant/model.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace chat_centre::assistant {

class histogram {
public:
    explicit histogram(std::vector<double> bounds)
        : bounds_(std::move(bounds)), counts_(bounds_.size() + 1) {}
    void add(double v);
    void write(std::string& out, std::string_view name, std::string_view help) const;

private:
    std::vector<double> bounds_; // upper ones, increasing
    std::vector<std::uint64_t> counts_;
    double sum_ = 0;
};

class model_counts {
public:
    model_counts(double input_price, double output_price);

    void answered(purpose p, const model_answer& a, std::chrono::milliseconds took);
    void failed(purpose p, std::string_view outcome, std::chrono::milliseconds took);
    void retried();
    std::string text(breaker::state state) const;

private:
    mutable std::mutex mutex_;
    std::map<std::pair<std::string, std::string>, std::uint64_t> requests_; // purpose, outcome
    std::uint64_t retries_ = 0;
    std::uint64_t input_tokens_ = 0, output_tokens_ = 0;
    double input_price_, output_price_;
    histogram seconds_, first_token_;
};

} // namespace chat_centre::assistant
