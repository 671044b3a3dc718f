#include "knowledge/ranking.hpp"

#include "knowledge/meaning.hpp"
#include "knowledge/plain.hpp"
#include "knowledge/spelling.hpp"

#include <chat_centre/knowledge/weights.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace chat_centre::knowledge {
namespace {

constexpr double title_weight = 3;
constexpr double question_weight = 2.5;
constexpr double heading_weight = 1.5;
constexpr double saturation = 1.2;     // BM25's k1
constexpr double by_length = 0.6;      // BM25's b
constexpr double unknown_weight = 0.6; // of the rarest word: people also tell what no article speaks of

constexpr std::size_t most_typed = 2000; // bytes looked at
constexpr std::size_t most_words = 60;   // of a question
constexpr std::size_t most_sentences = 6;
constexpr std::size_t most_ways = 4;
constexpr std::size_t most_compared = 24;

std::string_view prefix_of(std::string_view text, std::size_t most) {
    if (text.size() <= most) return text;
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U) --most;
    return text.substr(0, most);
}

// The sentences of a text of several: "Hi. I applied last month. Which papers do I send?"
std::vector<std::string_view> sentences_of(std::string_view text) {
    std::vector<std::string_view> out;
    std::size_t from = 0;
    const auto take = [&](std::size_t end) {
        if (end > from + 8) out.push_back(text.substr(from, end - from));
        from = end;
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool arabic_mark = text.substr(i).starts_with("؟") || text.substr(i).starts_with("،");
        if (c == '?' || c == '!' || c == '\n' || c == ';' || arabic_mark ||
            ((c == '.' || c == ',') && i + 1 < text.size() && text[i + 1] == ' '))
            take(i + (arabic_mark ? 2 : 1));
    }
    take(text.size());
    if (out.size() > most_sentences) out.erase(out.begin(), out.end() - most_sentences);
    return out;
}

bool holds(const std::vector<std::uint32_t>& sorted, std::uint32_t word) {
    return std::binary_search(sorted.begin(), sorted.end(), word);
}

} // namespace

// A logistic regression over tests/knowledge/questions.tsv, moved so that at 0.6 about nine of ten answers are right.
double score_of(const evidence& e) {
    const double x = -4.4 + 2.96 * e.coverage + 0.76 * e.likeness + 0.81 * e.strong + 0.27 * e.known +
                     0.8 * e.coverage * e.likeness + 0.47 * std::min(e.words, 5) - (e.words == 1 ? 0.72 : 0) +
                     1.18 * e.margin + 1.66 * e.margin * e.likeness;
    return 1 / (1 + std::exp(-x));
}

article_index::article_index(std::vector<document> documents) {
    documents_.reserve(documents.size());
    for (auto& d : documents) add(std::move(d));
    weigh();
    learn_spelling();
    learn_words();
}

std::uint32_t article_index::word_number(const std::string& text) {
    const auto [at, fresh] = numbers_.try_emplace(text, static_cast<std::uint32_t>(lists_.size()));
    if (fresh) lists_.emplace_back();
    return at->second;
}

void article_index::add(document d) {
    const auto number = static_cast<std::uint32_t>(documents_.size());
    kept k;
    std::map<std::uint32_t, double> counts;
    const auto count = [&](std::string_view text, double weight) {
        std::vector<std::uint32_t> words;
        for (const auto& t : read_terms(text)) {
            if (t.filler) continue;
            const auto w = word_number(t.text);
            counts[w] += weight;
            words.push_back(w);
        }
        std::sort(words.begin(), words.end());
        words.erase(std::unique(words.begin(), words.end()), words.end());
        return words;
    };
    k.phrasings.push_back({count(d.title, title_weight), 0});
    for (const auto& q : d.questions) k.phrasings.push_back({count(q, question_weight / 2), 0});
    for (const auto& s : plain_sections(d.body, most_passage)) {
        auto words = count(s.text, 1);
        const auto heading = count(s.heading, heading_weight);
        words.insert(words.end(), heading.begin(), heading.end());
        std::sort(words.begin(), words.end());
        k.sections.push_back({s.text, std::move(words)});
    }
    // The length is turned into strengths once all are known.
    for (const auto& [word, weight] : counts) lists_[word].push_back({number, static_cast<float>(weight)});
    d.body.clear();
    for (const auto& m : d.meanings)
        if (m) dimension_ = m->size();
    k.meanings = std::move(d.meanings);
    d.meanings.clear();
    k.about = std::move(d);
    documents_.push_back(std::move(k));
}

void article_index::weigh() {
    std::vector<double> lengths(documents_.size());
    for (const auto& list : lists_)
        for (const auto& e : list) lengths[e.document] += e.strength;
    const double mean = documents_.empty() ? 1
                                           : std::accumulate(lengths.begin(), lengths.end(), 0.0) /
                                                 static_cast<double>(documents_.size());
    // Half of them are of the other language.
    const double all = std::max(1.0, static_cast<double>(documents_.size()) / 2);
    rarest_ = std::log(1 + (all + 0.5) / 0.5);
    for (auto& list : lists_) {
        const auto with = std::min(static_cast<double>(list.size()), all);
        weights_.push_back(std::log(1 + (all - with + 0.5) / (with + 0.5)));
        for (auto& e : list) {
            const double relative = 1 - by_length + by_length * lengths[e.document] / mean;
            e.strength = static_cast<float>(e.strength / (e.strength + saturation * relative));
        }
    }
    for (auto& k : documents_)
        for (auto& p : k.phrasings)
            for (const auto w : p.words) p.weight += weights_[w];
}

void article_index::learn_spelling() {
    for (const auto& [text, word] : numbers_)
        if (!text.starts_with('#')) lexemes_.push_back({text, word});
    for (const auto& [text, group] : grouped_words()) {
        const auto found = numbers_.find(group);
        if (found != numbers_.end()) lexemes_.push_back({text, found->second});
    }
    for (std::uint32_t i = 0; i < lexemes_.size(); ++i)
        for (const auto three : trigrams_of(letters_of_word(lexemes_[i].text))) trigrams_[three].push_back(i);
}

// A word that no article has any more is never asked for: it goes.
void article_index::learn_words() {
    for (auto& k : documents_) {
        for (const auto& [text, weight] : k.about.word_weights)
            if (const auto known = numbers_.find(text); known != numbers_.end())
                k.learned.emplace_back(known->second, static_cast<float>(weight));
        std::sort(k.learned.begin(), k.learned.end());
        k.about.word_weights.clear();
    }
}

double article_index::learned(const kept& k, const std::vector<asked>& words) const {
    double sum = 0;
    int known = 0;
    for (const auto& a : words) {
        if (k.learned.empty() || a.ways.empty()) continue;
        const auto word = a.ways.front().first;
        const auto at = std::lower_bound(k.learned.begin(), k.learned.end(), word,
                                         [](const auto& l, std::uint32_t w) { return l.first < w; });
        if (at == k.learned.end() || at->first != word) continue;
        sum += static_cast<double>(at->second);
        ++known;
    }
    return k.about.weight + (known == 0 ? 0 : sum / known);
}

// A word that no article has: with particles before it, or mistyped.
void article_index::spell(const term& t, asked& out) const {
    const auto put = [&out](std::uint32_t word, double sure) {
        for (auto& [known, how] : out.ways)
            if (known == word) {
                how = std::max(how, static_cast<float>(sure));
                return;
            }
        if (out.ways.size() < most_ways) out.ways.emplace_back(word, static_cast<float>(sure));
    };
    for (const auto& bare : without_particles(t.form)) {
        const auto found = numbers_.find(bare);
        if (found != numbers_.end()) put(found->second, 0.9);
    }
    if (!out.ways.empty()) return;
    const auto typed = letters_of_word(t.text);
    if (typed.size() < 4) return;
    std::unordered_map<std::uint32_t, int> shared;
    for (const auto three : trigrams_of(typed)) {
        const auto list = trigrams_.find(three);
        if (list == trigrams_.end()) continue;
        for (const auto i : list->second) ++shared[i];
    }
    std::vector<std::pair<double, std::uint32_t>> found;
    const int enough = typed.size() >= 6 ? 2 : 1;
    for (const auto& [i, count] : shared) {
        if (count < enough) continue;
        const double sure = likelihood(typed, letters_of_word(lexemes_[i].text));
        if (sure > 0) found.emplace_back(sure, lexemes_[i].word);
    }
    std::sort(found.rbegin(), found.rend());
    for (const auto& [sure, word] : found) put(word, sure);
}

std::vector<article_index::asked> article_index::understand(std::string_view text) const {
    std::vector<asked> out;
    std::vector<std::string> seen;
    for (const auto& t : read_terms(text, 4 * most_words)) {
        if (t.filler || out.size() >= most_words || std::find(seen.begin(), seen.end(), t.text) != seen.end())
            continue;
        seen.push_back(t.text);
        asked a;
        const auto known = numbers_.find(t.text);
        if (known != numbers_.end())
            a.ways.emplace_back(known->second, 1.0F);
        else
            spell(t, a);
        a.weight = unknown_weight * rarest_;
        if (!a.ways.empty()) a.weight = weights_[a.ways.front().first];
        out.push_back(std::move(a));
    }
    return out;
}

std::vector<article_index::candidate> article_index::rank(const std::vector<asked>& words,
                                                          const question& q) const {
    std::vector<float> total(documents_.size());
    std::vector<std::pair<std::uint32_t, float>> best(documents_.size()); // for which word, and what it gave
    std::vector<std::uint32_t> touched;
    double all = 0;
    double known = 0;
    for (std::uint32_t i = 0; i < words.size(); ++i) {
        const auto& a = words[i];
        all += a.weight;
        if (!a.ways.empty()) known += a.weight * static_cast<double>(a.ways.front().second);
        for (const auto& [word, sure] : a.ways) {
            for (const auto& e : lists_[word]) {
                const float gives = static_cast<float>(a.weight) * sure * e.strength;
                auto& before = best[e.document];
                if (before.first != i + 1) before = {i + 1, 0.0F};
                if (gives <= before.second) continue;
                if (total[e.document] == 0) touched.push_back(e.document);
                total[e.document] += gives - before.second;
                before.second = gives;
            }
        }
    }
    std::vector<candidate> out;
    if (all <= 0) return out;
    std::erase_if(touched, [&](std::uint32_t d) { return !serves(documents_[d], q); });
    const auto kept_count =
        std::min(touched.size(), std::max(most_compared, static_cast<std::size_t>(q.limit)));
    const auto better = [&](std::uint32_t a, std::uint32_t b) {
        return total[a] != total[b] ? total[a] > total[b] : a < b;
    };
    std::partial_sort(touched.begin(), touched.begin() + static_cast<std::ptrdiff_t>(kept_count),
                      touched.end(), better);
    for (std::size_t i = 0; i < kept_count; ++i) {
        candidate c;
        c.document = touched[i];
        c.why.coverage = static_cast<double>(total[touched[i]]) / all;
        c.why.known = known / all;
        c.why.words = static_cast<int>(words.size());
        compare(words, c);
        c.score = score_of(c.why);
        out.push_back(c);
    }
    return out;
}

void article_index::compare(const std::vector<asked>& words, candidate& c) const {
    const auto& k = documents_[c.document];
    double all = 0;
    for (const auto& a : words) all += a.weight;
    double strong = 0;
    std::vector<double> common(k.phrasings.size());
    for (const auto& a : words) {
        double most_sure = 0;
        for (std::size_t p = 0; p < k.phrasings.size(); ++p) {
            double here = 0;
            for (const auto& [word, sure] : a.ways)
                if (holds(k.phrasings[p].words, word)) here = std::max(here, static_cast<double>(sure));
            common[p] += a.weight * here;
            most_sure = std::max(most_sure, here);
        }
        strong += a.weight * most_sure;
    }
    if (all <= 0) return;
    c.why.strong = strong / all;
    for (std::size_t p = 0; p < common.size(); ++p)
        c.why.likeness =
            std::max(c.why.likeness, std::min(1.0, 2 * common[p] / (all + k.phrasings[p].weight)));
}

std::string article_index::passage_of(const kept& k, const std::vector<asked>& words, std::uint32_t nearest) {
    std::size_t whole = 0;
    for (const auto& s : k.sections) whole += s.text.size() + 2;
    std::string text;
    if (whole <= most_passage) {
        for (const auto& s : k.sections) text += (text.empty() ? "" : "\n\n") + s.text;
        return text.empty() ? k.about.title : text;
    }
    const section* best = nullptr;
    double most = -1;
    for (const auto& s : k.sections) {
        double here = 0;
        for (const auto& a : words)
            for (const auto& [word, sure] : a.ways)
                if (holds(s.words, word)) {
                    here += a.weight * static_cast<double>(sure);
                    break;
                }
        if (here > most) {
            most = here;
            best = &s;
        }
    }
    if (most <= 0 && nearest > 0 && nearest <= k.sections.size()) best = &k.sections[nearest - 1];
    return shortened(best->text, most_passage);
}

// The second best speaks against the best.
void article_index::let_second_speak(std::vector<candidate>& found) const {
    if (found.empty()) return;
    auto& first = found.front();
    const auto& slug = documents_[first.document].about.slug;
    const auto next = std::find_if(found.begin(), found.end(), [&](const candidate& c) {
        return documents_[c.document].about.slug != slug;
    });
    const auto raw = [](const candidate& c) { return c.why.coverage + c.why.likeness; };
    const double best = raw(first);
    const double second = next == found.end() ? 0 : raw(*next);
    if (best > 0) first.why.margin = std::max(0.0, (best - second) / best);
    first.score = std::max(first.score, with_weight(fused(score_of(first.why), first.near), first.learned));
}

std::vector<hit> article_index::find(const question& q) const {
    std::vector<evidence> why;
    return find(q, why);
}

std::vector<hit> article_index::find(const question& q, std::vector<evidence>& why) const {
    const auto text = prefix_of(q.text, most_typed);
    const auto all = understand(text);
    auto found = rank(all, q);
    // What is asked may be one sentence of several.
    const auto sentences = sentences_of(text);
    if (sentences.size() > 1) {
        for (const auto& s : sentences) {
            const auto words = understand(s);
            if (words.empty() || words.size() == all.size()) continue;
            for (auto& c : rank(words, q)) {
                c.score *= words.size() > 1 ? 0.95 : 0.8; // one word alone says little
                const auto same = std::find_if(found.begin(), found.end(),
                                               [&](const candidate& f) { return f.document == c.document; });
                if (same == found.end())
                    found.push_back(c);
                else if (same->score < c.score)
                    *same = c;
            }
        }
    }
    compare_meaning(q, all.size(), found);
    for (auto& c : found) {
        if (q.learned) c.learned = learned(documents_[c.document], all);
        c.score = with_weight(fused(c.score, c.near), c.learned);
    }
    std::sort(found.begin(), found.end(), [](const candidate& a, const candidate& b) {
        return a.score != b.score ? a.score > b.score : a.document < b.document;
    });
    let_second_speak(found);
    std::vector<hit> out;
    why.clear();
    const auto most = static_cast<std::size_t>(std::clamp(q.limit, 1, 50));
    for (const auto& c : found) {
        if (out.size() >= most) break;
        const auto& k = documents_[c.document];
        const auto same = [&](const hit& h) { return h.slug == k.about.slug; };
        if (std::any_of(out.begin(), out.end(), same)) continue;
        out.push_back({k.about.article, k.about.slug, k.about.title, k.about.language, k.about.category,
                       passage_of(k, all, c.section), c.score});
        why.push_back(c.why);
    }
    return out;
}

} // namespace chat_centre::knowledge
