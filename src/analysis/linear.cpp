#include <chat_centre/analysis/linear.hpp>

#include "analysis/features.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <stdexcept>

namespace chat_centre::analysis {
namespace {

constexpr std::string_view first_line = "chat-centre linear model 1";
constexpr unsigned most_bits = 18;
constexpr std::size_t line_width = 120;

std::string_view next_line(std::string_view& rest) {
    const auto end = std::min(rest.find('\n'), rest.size());
    auto line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

// "name value": the value, or nullopt when the line has another name.
std::optional<std::string_view> value_of(std::string_view& rest, std::string_view name) {
    const auto line = next_line(rest);
    if (!line.starts_with(name) || line.size() <= name.size() || line[name.size()] != ' ')
        return std::nullopt;
    return line.substr(name.size() + 1);
}

template <class Number>
std::optional<Number> number_in(std::string_view text, int base = 10) {
    Number n{};
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), n, base);
    if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return n;
}

// strtod, because clang 16 beside libstdc++ 12 reads doubles with from_chars only from GCC 11's on; both are exact.
std::optional<double> real_in(std::string_view text) {
    const std::string copy(text);
    char* end = nullptr;
    const double d = std::strtod(copy.c_str(), &end);
    if (copy.empty() || end != copy.c_str() + copy.size() || !std::isfinite(d)) return std::nullopt;
    return d;
}

std::vector<std::string_view> words_in(std::string_view text) {
    std::vector<std::string_view> out;
    while (!text.empty()) {
        const auto end = std::min(text.find(' '), text.size());
        if (end > 0) out.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

std::string base64(std::span<const std::int8_t> bytes) {
    std::string out(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                      bytes.size(), sodium_base64_VARIANT_ORIGINAL);
    out.pop_back(); // the zero
    return out;
}

} // namespace

std::vector<example> read_examples(std::string_view tsv) {
    std::vector<example> out;
    for (int number = 1; !tsv.empty(); ++number) {
        const auto line = next_line(tsv);
        if (line.empty() || line.front() == '#') continue;
        const auto tab = line.find('\t');
        if (tab == std::string_view::npos || tab == 0 || tab + 1 == line.size())
            throw std::runtime_error(fmt::format("line {}: a label, a tab and a text are wanted", number));
        out.push_back({std::string(line.substr(0, tab)), std::string(line.substr(tab + 1))});
    }
    return out;
}

std::string linear_model::text() const {
    std::string out =
        fmt::format("{}\nfeatures {}\ntask {}\nlabels {}\nexamples {} {:016x}\nbuckets {}\n", first_line,
                    feature_version, task_, fmt::join(labels_, " "), examples_, fingerprint_, bits_);
    // Nine digits are far finer than a step, and read back to what they were written from.
    out += fmt::format("step {:.9e}\nbias", step_);
    for (const double b : bias_) out += fmt::format(" {:.9e}", b);
    out += "\nweights\n";
    const std::string all = base64(weights_);
    for (std::size_t at = 0; at < all.size(); at += line_width) out += all.substr(at, line_width) + "\n";
    return out;
}

std::optional<linear_model> linear_model::parse(std::string_view text) {
    linear_model m;
    if (next_line(text) != first_line) return std::nullopt;
    if (value_of(text, "features") != std::to_string(feature_version)) return std::nullopt;
    const auto task = value_of(text, "task");
    const auto labels = value_of(text, "labels");
    const auto made_of = value_of(text, "examples");
    const auto bits = number_in<unsigned>(value_of(text, "buckets").value_or(""));
    const auto step = real_in(value_of(text, "step").value_or(""));
    const auto bias = value_of(text, "bias");
    if (!task || !labels || !made_of || !bits || !step || !bias || next_line(text) != "weights")
        return std::nullopt;
    m.task_ = *task;
    for (const auto label : words_in(*labels)) m.labels_.emplace_back(label);
    if (m.labels_.size() < 2 || m.labels_.size() > most_labels || *bits < 4 || *bits > most_bits)
        return std::nullopt;
    const auto counted = words_in(*made_of);
    if (counted.size() != 2) return std::nullopt;
    const auto examples = number_in<std::size_t>(counted[0]);
    const auto fingerprint = number_in<std::uint64_t>(counted[1], 16);
    if (!examples || !fingerprint) return std::nullopt;
    m.examples_ = *examples;
    m.fingerprint_ = *fingerprint;
    m.bits_ = *bits;
    m.step_ = *step;
    for (const auto word : words_in(*bias)) {
        const auto b = real_in(word);
        if (!b) return std::nullopt;
        m.bias_.push_back(*b);
    }
    if (m.bias_.size() != m.outputs()) return std::nullopt;
    m.weights_.resize((std::size_t{1} << m.bits_) * m.outputs());
    std::size_t length = 0;
    const char* end = nullptr;
    const int failed =
        sodium_base642bin(reinterpret_cast<unsigned char*>(m.weights_.data()), m.weights_.size(), text.data(),
                          text.size(), "\r\n", &length, &end, sodium_base64_VARIANT_ORIGINAL);
    if (failed != 0 || length != m.weights_.size() || end != text.data() + text.size()) return std::nullopt;
    return m;
}

linear_model::probabilities linear_model::judge_folded(std::string_view folded) const {
    std::array<std::int32_t, most_labels> sum{};
    std::int32_t squares = 0;
    const std::size_t n = outputs();
    const plain_words words(folded);
    const auto* const weights = weights_.data();
    const unsigned shift = 64 - bits_;
    if (n == 1)
        words.each([&](std::uint64_t hash, int weight) {
            squares += weight * weight;
            sum[0] += weight * weights[hash >> shift];
        });
    else
        words.each([&](std::uint64_t hash, int weight) {
            squares += weight * weight;
            const auto* const of_bucket = weights + (hash >> shift) * n;
            for (std::size_t i = 0; i < n; ++i) sum[i] += weight * of_bucket[i];
        });
    const double worth = squares == 0 ? 0 : step_ / std::sqrt(static_cast<double>(squares));
    probabilities p{};
    if (n == 1) {
        p[1] = 1 / (1 + std::exp(-(bias_[0] + worth * sum[0])));
        p[0] = 1 - p[1];
        return p;
    }
    double most = -1e300;
    for (std::size_t i = 0; i < n; ++i) most = std::max(most, p[i] = bias_[i] + worth * sum[i]);
    double all = 0;
    for (std::size_t i = 0; i < n; ++i) all += p[i] = std::exp(p[i] - most);
    for (std::size_t i = 0; i < n; ++i) p[i] /= all;
    return p;
}

linear_model::guess linear_model::best(std::string_view text) const {
    if (empty()) return {};
    const auto p = judge_folded(fold_text(text));
    const auto which = static_cast<std::size_t>(
        std::max_element(p.begin(), p.begin() + static_cast<std::ptrdiff_t>(labels_.size())) - p.begin());
    return {labels_[which], p[which]};
}

int linear_model::difference(const linear_model& other) const {
    constexpr int not_alike = 255;
    if (task_ != other.task_ || labels_ != other.labels_ || bits_ != other.bits_) return not_alike;
    if (std::abs(step_ - other.step_) > step_ * 1e-3) return not_alike;
    int most = 0;
    for (std::size_t i = 0; i < weights_.size(); ++i)
        most = std::max(most, std::abs(weights_[i] - other.weights_[i]));
    return most;
}

} // namespace chat_centre::analysis
