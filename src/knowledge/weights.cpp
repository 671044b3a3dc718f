#include <chat_centre/knowledge/weights.hpp>

#include "knowledge/terms.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace chat_centre::knowledge {
namespace {

constexpr double prior = 20;      // votes of each kind that an article is given to begin with
constexpr double word_prior = 20; // votes like the article's others that a word is given
constexpr int staff_counts = 3;
constexpr int most_of_one_colleague = 5;
constexpr int enough_voters = 5;             // for a word
constexpr std::size_t most_words_asked = 20; // of a question
constexpr std::size_t most_words_kept = 30;  // of an article, those of most voters
constexpr double worth_keeping = 0.03;       // of a word

struct tally {
    double yes = 0, no = 0;
    int helpful = 0, unhelpful = 0, of_staff = 0;

    void add(const vote& v) {
        const int counts = v.staff != 0 ? staff_counts : 1;
        (v.helpful ? yes : no) += counts;
        ++(v.helpful ? helpful : unhelpful);
        if (v.staff != 0) ++of_staff;
    }
    int voters() const { return helpful + unhelpful; }
};

double within(double weight) { return std::clamp(weight, -most_weight, most_weight); }

std::set<std::string> words_asked(const std::string& question) {
    std::set<std::string> out;
    for (auto& t : read_terms(question, 4 * most_words_asked))
        if (!t.filler && out.size() < most_words_asked) out.insert(std::move(t.text));
    return out;
}

// Those that count, see the header.
std::vector<const vote*> counted(const std::vector<vote>& votes) {
    std::set<std::tuple<std::int64_t, std::int64_t, std::string>> heard; // article, staff, customer or conversation
    std::map<std::pair<std::int64_t, std::int64_t>, int> of_colleague; // article, staff
    std::vector<const vote*> out;
    for (const auto& v : votes) {
        const bool colleague = v.staff != 0;
        if (!heard.emplace(v.article, v.staff, colleague ? std::to_string(v.conversation) : v.customer).second)
            continue;
        if (colleague && of_colleague[{v.article, v.staff}]++ >= most_of_one_colleague) continue;
        out.push_back(&v);
    }
    return out;
}

} // namespace

std::vector<learned_weight> weights_of(const std::vector<vote>& votes) {
    std::map<std::int64_t, tally> articles;
    std::map<std::int64_t, std::map<std::string, tally>> words;
    for (const auto* v : counted(votes)) {
        articles[v->article].add(*v);
        for (const auto& w : words_asked(v->question)) words[v->article][w].add(*v);
    }
    std::vector<learned_weight> out;
    for (const auto& [article, all] : articles) {
        const double odds = (all.yes + prior) / (all.no + prior);
        out.push_back({article, "", within(std::log(odds)), all.helpful, all.unhelpful, all.of_staff});
        const double share = odds / (1 + odds);
        std::vector<learned_weight> of_words;
        for (const auto& [word, some] : words[article]) {
            if (some.voters() < enough_voters) continue;
            const double differs =
                std::log((some.yes + word_prior * share) / (some.no + word_prior * (1 - share)) / odds);
            if (std::abs(differs) < worth_keeping) continue;
            of_words.push_back({article, word, within(differs), some.helpful, some.unhelpful, some.of_staff});
        }
        if (of_words.size() > most_words_kept) {
            std::stable_sort(of_words.begin(), of_words.end(), [](const auto& a, const auto& b) {
                return a.helpful + a.unhelpful > b.helpful + b.unhelpful;
            });
            of_words.resize(most_words_kept);
            std::sort(of_words.begin(), of_words.end(),
                      [](const auto& a, const auto& b) { return a.term < b.term; });
        }
        std::move(of_words.begin(), of_words.end(), std::back_inserter(out));
    }
    return out;
}

double with_weight(double score, double by) {
    if (score <= 0 || score >= 1) return score;
    const double odds = score / (1 - score) * std::exp(within(by));
    return odds / (1 + odds);
}

} // namespace chat_centre::knowledge
