// Training: stochastic gradient descent with a rate for each weight (Adagrad), in an order that a fixed generator gives.

#include "analysis/features.hpp"

#include <chat_centre/analysis/linear.hpp>
#include <chat_centre/base/ids.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

namespace chat_centre::analysis {
namespace {

struct seen_example {
    std::vector<std::pair<std::uint32_t, float>> features; // bucket, value; each bucket once
    std::size_t label = 0;
};

// std::shuffle differs between libraries.
void shuffle(std::vector<std::size_t>& order, std::uint64_t& state) {
    for (std::size_t i = order.size(); i > 1; --i) {
        state += 0x9E3779B97F4A7C15U;
        std::swap(order[i - 1], order[feature::mixed(state) % i]);
    }
}

seen_example look_at(const example& e, std::size_t label, unsigned bits) {
    seen_example s;
    s.label = label;
    double squares = 0;
    plain_words(fold_text(e.text)).each([&](std::uint64_t hash, int weight) {
        s.features.emplace_back(static_cast<std::uint32_t>(hash >> (64 - bits)), static_cast<float>(weight));
        squares += weight * weight;
    });
    std::sort(s.features.begin(), s.features.end());
    std::size_t kept = 0;
    for (std::size_t i = 0; i < s.features.size(); ++i) {
        if (kept > 0 && s.features[kept - 1].first == s.features[i].first)
            s.features[kept - 1].second += s.features[i].second;
        else
            s.features[kept++] = s.features[i];
    }
    s.features.resize(kept);
    const auto length = static_cast<float>(std::sqrt(std::max(squares, 1.0)));
    for (auto& f : s.features) f.second /= length;
    return s;
}

} // namespace

class trainer {
public:
    trainer(std::string task, std::vector<std::string> labels, std::span<const example> examples,
            const training_settings& settings)
        : settings_(settings) {
        if (labels.size() < 2 || labels.size() > linear_model::most_labels)
            throw std::runtime_error("a model needs 2 to 40 labels");
        m_.task_ = std::move(task);
        m_.labels_ = std::move(labels);
        m_.bits_ = settings.bits;
        m_.examples_ = examples.size();
        std::string all;
        for (const auto& e : examples) {
            const auto label = std::find(m_.labels_.begin(), m_.labels_.end(), e.label);
            if (label == m_.labels_.end())
                throw std::runtime_error(m_.task_ + ": there is no label \"" + e.label + "\"");
            seen_.push_back(look_at(e, static_cast<std::size_t>(label - m_.labels_.begin()), settings.bits));
            all += e.label + "\t" + e.text + "\n";
        }
        m_.fingerprint_ = hash64(all);
        const std::size_t buckets = std::size_t{1} << m_.bits_;
        weights_.assign(buckets * m_.outputs(), 0);
        gradients_.assign(weights_.size(), 0);
        sums_.assign(weights_.size(), 0);
        m_.bias_.assign(m_.outputs(), 0);
        bias_gradients_.assign(m_.outputs(), 0);
    }

    linear_model run() {
        forget_what_is_rare();
        std::vector<std::size_t> order(seen_.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::uint64_t state = 20260101; // any number, as long as it stays
        for (int round = 0; round < settings_.rounds; ++round) {
            shuffle(order, state);
            for (const auto i : order) learn(seen_[i]);
            // The mean of the later rounds: less depends on which example came last.
            if (2 * round < settings_.rounds) continue;
            ++summed_;
            for (std::size_t i = 0; i < weights_.size(); ++i) sums_[i] += weights_[i];
        }
        for (std::size_t i = 0; i < weights_.size() && summed_ > 0; ++i) weights_[i] = sums_[i] / summed_;
        quantise();
        return std::move(m_);
    }

private:
    // What only one example has says nothing of the next.
    void forget_what_is_rare() {
        std::vector<int> count(std::size_t{1} << m_.bits_, 0);
        for (const auto& s : seen_)
            for (const auto& f : s.features) ++count[f.first];
        for (auto& s : seen_)
            std::erase_if(s.features, [&count](const auto& f) { return count[f.first] < 2; });
    }

    void learn(const seen_example& s) {
        const std::size_t n = m_.outputs();
        std::array<double, linear_model::most_labels> p{};
        for (std::size_t i = 0; i < n; ++i) p[i] = m_.bias_[i];
        for (const auto& [bucket, value] : s.features)
            for (std::size_t i = 0; i < n; ++i) p[i] += weights_[bucket * n + i] * static_cast<double>(value);
        if (n == 1) {
            p[0] = 1 / (1 + std::exp(-p[0]));
        } else {
            const double most = *std::max_element(p.begin(), p.begin() + static_cast<std::ptrdiff_t>(n));
            double all = 0;
            for (std::size_t i = 0; i < n; ++i) all += p[i] = std::exp(p[i] - most);
            for (std::size_t i = 0; i < n; ++i) p[i] /= all;
        }
        for (std::size_t i = 0; i < n; ++i) {
            const bool right = n == 1 ? s.label == 1 : s.label == i;
            const double wrong = p[i] - (right ? 1 : 0);
            step(m_.bias_[i], bias_gradients_[i], wrong * 0.2);
            for (const auto& [bucket, value] : s.features) {
                const std::size_t at = bucket * n + i;
                step(weights_[at], gradients_[at],
                     wrong * static_cast<double>(value) + settings_.decay * weights_[at]);
            }
        }
    }

    void step(double& weight, double& past, double gradient) const {
        past += gradient * gradient;
        weight -= settings_.rate * gradient / (std::sqrt(past) + 1e-6);
    }

    void quantise() {
        double most = 1e-9;
        for (const double w : weights_) most = std::max(most, std::abs(w));
        m_.step_ = most / 127;
        m_.weights_.resize(weights_.size());
        std::transform(weights_.begin(), weights_.end(), m_.weights_.begin(),
                       [this](double w) { return static_cast<std::int8_t>(std::lround(w / m_.step_)); });
    }

    training_settings settings_;
    linear_model m_;
    std::vector<seen_example> seen_;
    std::vector<double> weights_, gradients_, bias_gradients_, sums_;
    int summed_ = 0;
};

linear_model train(std::string task, std::vector<std::string> labels, std::span<const example> examples,
                   const training_settings& settings) {
    return trainer(std::move(task), std::move(labels), examples, settings).run();
}

} // namespace chat_centre::analysis
