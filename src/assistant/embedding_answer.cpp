#include "assistant/embedding_answer.hpp"

#include <chat_centre/base/json.hpp>

#include <cmath>
#include <limits>

namespace chat_centre::assistant {
namespace {

// {} when it is none, or points nowhere.
std::vector<float> unit_vector(const json& numbers) {
    if (!numbers.is_array() || numbers.empty() || numbers.size() > most_dimensions) return {};
    std::vector<float> out;
    out.reserve(numbers.size());
    double square = 0;
    for (const auto& n : numbers) {
        if (!n.is_number()) return {};
        const auto v = n.get<double>();
        square += v * v;
        out.push_back(static_cast<float>(v));
    }
    const double length = std::sqrt(square);
    if (!(length > 1e-6) || !(length < 1e6)) return {}; // nor is what is not a number
    for (auto& v : out) v = static_cast<float>(static_cast<double>(v) / length);
    return out;
}

} // namespace

std::optional<std::vector<std::vector<float>>> read_embeddings(std::string_view body, std::size_t texts) {
    json answer;
    try {
        answer = parse_json(body, {8, std::numeric_limits<int>::max()});
    } catch (const error&) {
        return std::nullopt;
    }
    const auto data = answer.is_object() ? answer.find("data") : answer.end();
    if (!answer.is_object() || data == answer.end() || !data->is_array() || data->size() != texts)
        return std::nullopt;
    std::vector<std::vector<float>> out(texts);
    std::size_t place = 0;
    for (const auto& one : *data) {
        if (!one.is_object() || !one.contains("embedding")) return std::nullopt;
        std::size_t index = place++; // some servers do not say it
        if (const auto said = one.find("index"); said != one.end()) {
            if (!said->is_number_unsigned()) return std::nullopt;
            index = said->get<std::size_t>();
        }
        if (index >= texts || !out[index].empty()) return std::nullopt;
        out[index] = unit_vector(one["embedding"]);
        if (out[index].empty()) return std::nullopt;
    }
    for (const auto& v : out)
        if (v.size() != out.front().size()) return std::nullopt;
    return out;
}

} // namespace chat_centre::assistant
