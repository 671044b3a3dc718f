#include "knowledge/meaning.hpp"

#include "knowledge/plain.hpp"

#include <chat_centre/base/ids.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

namespace chat_centre::knowledge {
namespace {

constexpr double not_yet_near = 0.2; // of the way from what is ordinary to the same
constexpr double meaning_alone = 0.8;
constexpr std::size_t enough_to_compare = 8; // vectors; among fewer nobody knows what is ordinary
constexpr std::size_t most_by_meaning = 24;

double cosine_of(const std::vector<float>& a, const std::vector<float>& b) {
    float sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return static_cast<double>(sum);
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

} // namespace

std::vector<meant_text> meant_texts(const document& d) {
    std::vector<meant_text> out;
    const auto put = [&out](std::string text) {
        const auto hash = static_cast<std::int64_t>(hash64(text));
        out.push_back({hash, std::move(text)});
    };
    std::string asked = d.title;
    for (const auto& q : d.questions) asked += "\n" + q;
    put(std::move(asked));
    for (const auto& s : plain_sections(d.body, most_passage))
        put(d.title + "\n" + (s.heading.empty() ? "" : s.heading + "\n") + s.text);
    return out;
}

double nearness(double cosine, double ordinary) {
    if (ordinary >= 1) return 0;
    const double share = (cosine - ordinary) / (1 - ordinary);
    return std::clamp((share - not_yet_near) / (1 - not_yet_near), 0.0, 1.0);
}

double fused(double by_words, double near) { return 1 - (1 - by_words) * (1 - meaning_alone * near); }

std::string to_bytes(const std::vector<float>& v) {
    std::string out;
    out.reserve(v.size() * 4);
    for (const float f : v) {
        const auto bits = std::bit_cast<std::uint32_t>(f);
        for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>(bits >> shift & 0xFFU));
    }
    return out;
}

std::vector<float> from_hex(std::string_view hex) {
    if (hex.size() % 8 != 0) return {};
    std::vector<float> out;
    out.reserve(hex.size() / 8);
    for (std::size_t at = 0; at < hex.size(); at += 8) {
        std::uint32_t bits = 0;
        for (std::size_t byte = 0; byte < 4; ++byte) {
            const int high = hex_digit(hex[at + 2 * byte]);
            const int low = hex_digit(hex[at + 2 * byte + 1]);
            if (high < 0 || low < 0) return {};
            bits |= static_cast<std::uint32_t>(high * 16 + low) << (8 * byte);
        }
        out.push_back(std::bit_cast<float>(bits));
    }
    return out;
}

bool article_index::serves(const kept& k, const question& q) {
    const auto& about = k.about;
    return (!about.draft || q.drafts) && (q.language.empty() || about.language == q.language) &&
           (q.scenario.empty() || about.scenario.empty() || about.scenario == q.scenario);
}

// What is near in meaning is added to what was found by words.
void article_index::compare_meaning(const question& q, std::size_t words, std::vector<candidate>& found) const {
    if (q.meaning.empty() || q.meaning.size() != dimension_) return;
    struct nearest {
        std::uint32_t document = 0, text = 0;
        double cosine = -1;
    };
    std::vector<nearest> all;
    double sum = 0;
    std::size_t vectors = 0;
    for (std::uint32_t d = 0; d < documents_.size(); ++d) {
        const auto& k = documents_[d];
        if (k.meanings.empty() || !serves(k, q)) continue;
        nearest n{d, 0, -1};
        for (std::uint32_t i = 0; i < k.meanings.size(); ++i) {
            if (!k.meanings[i]) continue;
            const double c = cosine_of(q.meaning, *k.meanings[i]);
            sum += c;
            ++vectors;
            if (c > n.cosine) {
                n.cosine = c;
                n.text = i;
            }
        }
        all.push_back(n);
    }
    if (vectors < enough_to_compare) return;
    const double ordinary = sum / static_cast<double>(vectors);
    const auto some = std::min(all.size(), most_by_meaning);
    std::partial_sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(some), all.end(),
                      [](const nearest& a, const nearest& b) { return a.cosine > b.cosine; });
    for (std::size_t i = 0; i < some; ++i) {
        const double near = nearness(all[i].cosine, ordinary);
        if (near <= 0) break;
        auto at = std::find_if(found.begin(), found.end(),
                               [&](const candidate& c) { return c.document == all[i].document; });
        if (at == found.end()) {
            candidate c;
            c.document = all[i].document;
            c.why.words = static_cast<int>(words);
            at = found.insert(found.end(), c);
        }
        at->near = near;
        at->section = all[i].text; // 0: the title
    }
}

} // namespace chat_centre::knowledge
