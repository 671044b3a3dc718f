#include <chat_centre/quality/scoring.hpp>

#include <algorithm>
#include <cmath>

namespace chat_centre::quality {
namespace {

double rounded(double v) { return std::round(v * 100) / 100; }

// Months since year 0, so that a missing month is a gap and not a step.
double ordinal(const std::string& month) {
    return std::stod(month.substr(0, 4)) * 12 + std::stod(month.substr(5, 2));
}

} // namespace

double total_of(const std::vector<criterion>& criteria, const scores& given) {
    double sum = 0;
    double weights = 0;
    for (const auto& c : criteria) {
        const auto score = given.find(c.id);
        if (score == given.end() || c.scale <= 0) continue;
        sum += c.weight * std::clamp(score->second / c.scale, 0.0, 1.0);
        weights += c.weight;
    }
    return weights <= 0 ? 0 : rounded(100 * sum / weights);
}

agreement agreement_of(const std::vector<judgement>& judgements) {
    agreement a;
    if (judgements.empty()) return a;
    double lowest = judgements.front().total;
    double highest = lowest;
    std::map<std::string, std::pair<double, double>> ends;
    for (const auto& j : judgements) {
        a.mean += j.total;
        lowest = std::min(lowest, j.total);
        highest = std::max(highest, j.total);
        for (const auto& [id, score] : j.given) {
            const auto [end, fresh] = ends.try_emplace(id, score, score);
            if (fresh) continue;
            end->second.first = std::min(end->second.first, score);
            end->second.second = std::max(end->second.second, score);
        }
    }
    a.mean /= static_cast<double>(judgements.size());
    for (const auto& j : judgements) a.leaning[j.reviewer] = rounded(j.total - a.mean);
    for (const auto& [id, end] : ends) a.criterion_spread[id] = rounded(end.second - end.first);
    a.mean = rounded(a.mean);
    a.spread = rounded(highest - lowest);
    return a;
}

double trend_of(const std::vector<month_average>& months) {
    double n = 0;
    double x = 0;
    double y = 0;
    for (const auto& m : months) {
        const auto w = static_cast<double>(m.reviews);
        n += w;
        x += w * ordinal(m.month);
        y += w * m.average;
    }
    if (n <= 0) return 0;
    x /= n;
    y /= n;
    double above = 0;
    double below = 0;
    for (const auto& m : months) {
        const auto w = static_cast<double>(m.reviews);
        const double dx = ordinal(m.month) - x;
        above += w * dx * (m.average - y);
        below += w * dx * dx;
    }
    return below <= 0 ? 0 : rounded(above / below);
}

} // namespace chat_centre::quality
