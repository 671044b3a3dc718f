#pragma once
// The arithmetic of reviews. Pure functions.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace chat_centre::quality {

struct criterion {
    std::string id, label_en, label_ar;
    double weight = 1;
    int scale = 5; // points from 0 to this
};
using scores = std::map<std::string, double>;

// 0 to 100: each criterion's share of its scale, by weight. Criteria without a score do not count; 0 without any.
double total_of(const std::vector<criterion>& criteria, const scores& given);

// One judgement of one piece of work.
struct judgement {
    std::int64_t reviewer = 0;
    double total = 0;
    scores given;
};
// How far reviewers of the same work are apart.
struct agreement {
    double mean = 0;
    double spread = 0;                              // highest total less lowest, in points of 100
    std::map<std::string, double> criterion_spread; // in points of the criterion's scale
    std::map<std::int64_t, double> leaning; // reviewer -> their total less the mean: above 0 is milder
};
agreement agreement_of(const std::vector<judgement>& judgements);

struct month_average {
    std::string month; // "2026-11"
    double average = 0;
    std::int64_t reviews = 0;
};
// Points of 100 per month, by least squares over the months given (in order, weighted by reviews): above 0 is better.
double trend_of(const std::vector<month_average>& months);

} // namespace chat_centre::quality
