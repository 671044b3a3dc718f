#include "search/store.hpp"

#include "search/queries.hpp"
#include "search/snippet.hpp"

#include <chat_centre/base/fields.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/text.hpp>

#include <algorithm>
#include <map>

namespace chat_centre::search {
namespace {

constexpr std::int64_t few = 2000; // conversations that are read one by one

hit hit_from(const db::row& r) {
    return {r.get<std::int64_t>(0),
            r.get<int>(1),
            r.get<std::int64_t>(2),
            r.get<int>(3),
            r.get<time_point>(4),
            {},
            {},
            {},
            0.0};
}

bool holds_digit(const std::string& w) {
    return std::any_of(w.begin(), w.end(), [](char c) { return c >= '0' && c <= '9'; });
}

term* term_of(std::vector<term>& terms, std::string_view word) {
    for (auto& t : terms)
        if (t.word == word) return &t;
    return nullptr;
}

std::optional<std::string> list_text(const std::optional<std::vector<std::string>>& list) {
    return list ? std::optional(db::array_of(*list).text()) : std::nullopt;
}

std::vector<int> only(const std::vector<int>& kinds, bool of_conversations) {
    std::vector<int> out;
    for (const int k : kinds)
        if ((k <= messages) == of_conversations) out.push_back(k);
    return out;
}

// Words of the filters that a conversation's or ticket's document has, too: the index then reads its list, not only
// that of what was typed.
std::vector<std::string> filter_words(const filter& f) {
    std::vector<std::string> out;
    for (const auto& given : {f.category, f.tag})
        if (given)
            for (auto& w : fold_words(*given)) out.push_back(std::move(w.folded));
    return out;
}

// The conversations that sight and filters leave, when they are few.
std::optional<std::vector<std::int64_t>> few_conversations(db::tx& t, const conversation::sight& s,
                                                           const filter& f) {
    if (s.everything && !f.any()) return std::nullopt;
    std::vector<std::int64_t> out;
    for (const auto r :
         t.many(sql::few_conversations, s.everything, s.staff, s.departments, list_text(f.statuses),
                f.department, f.assigned, f.unassigned, f.channel, f.category, f.tag, f.rating, few))
        out.push_back(r.get<std::int64_t>(0));
    if (static_cast<std::int64_t>(out.size()) > few) return std::nullopt;
    return out;
}

} // namespace

void add_forms(db::tx& t, std::vector<term>& terms) {
    db::array words;
    for (auto& w : terms) {
        if (holds_digit(w.word)) continue;
        words.add(w.word);
        w.forms = with_and_without_article(w.word);
    }
    if (words.empty()) return;
    for (const auto r : t.many(sql::word_forms, words))
        if (auto* found = term_of(terms, r.text(0))) found->forms.emplace_back(r.text(1));
}

void add_longer(db::tx& t, std::vector<term>& terms) {
    constexpr std::int64_t most = 300, many = 50;
    for (auto& w : terms) {
        if (!w.prefix || holds_digit(w.word)) continue;
        const auto longer = t.many(sql::longer_words, w.word, most + 1);
        w.broad = longer.size() > many;
        if (longer.size() > most) continue;
        for (const auto r : longer) w.longer.emplace_back(r.text(0));
    }
}

bool add_typos(db::tx& t, std::vector<term>& terms) {
    db::array words;
    for (const auto& w : terms)
        if (!holds_digit(w.word) && forgiven(count_characters(w.word)) > 0) words.add(w.word);
    if (words.empty()) return false;
    constexpr std::size_t most = 12;
    std::map<const term*, int> nearest; // how far the words kept are from what was typed: only the nearest are meant
    for (const auto r : t.many(sql::similar_words, words)) {
        auto* found = term_of(terms, r.text(0));
        if (found == nullptr || r.text(1) == found->word || !is_typo_of(found->word, r.text(1))) continue;
        const int away = distance(found->word, r.text(1), forgiven(count_characters(found->word)));
        const auto kept = nearest.try_emplace(found, away).first;
        if (away > kept->second || (away == kept->second && found->typos.size() >= most)) continue;
        if (away < kept->second) found->typos.clear();
        kept->second = away;
        found->typos.emplace_back(r.text(1));
    }
    return !nearest.empty();
}

reach reach_of(db::tx& t, const principal& who, const filter& f) {
    t.many(sql::custom_plans);
    reach out;
    out.documents = {0, t.scalar<std::int64_t>(sql::newest_document) + 1};
    if (f.from || f.to) {
        const auto segments = t.one(sql::segments_between, f.from, f.to);
        if (segments.is_null(0)) return out;
        out.documents.from = segments.get<std::int64_t>(0) << segment_bits;
        out.documents.before =
            std::min(out.documents.before, (segments.get<std::int64_t>(1) + 1) << segment_bits);
    }
    out.kinds = f.kinds;
    std::erase_if(out.kinds, [&f](int k) {
        return ((k == contacts || k == articles) && f.any()) || (k == tickets && f.conversations_only());
    });
    if (only(out.kinds, true).empty()) return out;
    if (auto few_left = few_conversations(t, conversation::sight_of(who), f)) {
        out.conversations = std::move(*few_left);
        out.within = only(out.kinds, true);
        out.kinds = only(out.kinds, false);
    }
    return out;
}

found find(db::tx& t, const principal& who, const reach& within, const std::vector<term>& terms,
           const filter& f, std::int64_t before, std::int64_t limit) {
    const conversation::sight s = conversation::sight_of(who);
    const auto filters = filter_words(f);
    found out;
    before = before > 0 ? std::min(before, within.documents.before) : within.documents.before;
    if (!within.conversations.empty()) {
        auto open = terms; // few documents: a beginning costs less than the list of its words
        for (auto& w : open) w.longer.clear();
        const auto asked = ask(open, within.within, filters);
        for (const auto r : t.many(sql::find_within, db::array_of(within.conversations), asked.messages,
                                   asked.things, before, f.from, f.to, limit + 1))
            out.hits.push_back(hit_from(r));
    }
    const bool by_words = !within.kinds.empty();
    const bool broad = std::any_of(terms.begin(), terms.end(), [](const term& w) { return w.broad; });
    const bool engineer = who.role == role::engineer;
    std::int64_t taken = 0;
    progress p;
    p.left = most_judged;
    while (by_words && before > within.documents.from && taken <= limit && p.left > 0) {
        const auto asked = ask(terms, within.kinds, filters, broad && worth_reading(p));
        span part = next_span(before, p);
        part.from = std::max(part.from, within.documents.from);
        p.segments = segments_in(part);
        p.judged = 0;
        before = part.from;
        for (const auto r :
             t.many(sql::find, s.everything, s.staff, s.departments, list_text(f.statuses), f.department,
                    f.assigned, f.unassigned, f.channel, f.category, f.tag, f.rating, asked.messages,
                    asked.things, asked.also, marks_of(part), part.before, f.from, f.to, p.left,
                    limit + 1 - taken, f.conversations_only(), f.any(), engineer, who.staff, part.from)) {
            if (r.get<bool>(5)) {
                out.hits.push_back(hit_from(r));
                ++taken;
            }
            if (!r.get<bool>(6)) continue;
            p.judged = r.get<std::int64_t>(7);
            if (p.judged == p.left) before = r.get<std::int64_t>(0);
        }
        p.left -= p.judged;
    }
    const bool stopped = by_words && taken <= limit && before > within.documents.from;
    if (stopped) { // what is older waits for the next page, so that each page is older than the one before
        std::erase_if(out.hits, [before](const hit& h) { return h.document < before; });
        out.next = before;
    }
    std::sort(out.hits.begin(), out.hits.end(),
              [](const hit& a, const hit& b) { return a.document > b.document; });
    if (static_cast<std::int64_t>(out.hits.size()) > limit) {
        out.hits.resize(static_cast<std::size_t>(limit));
        out.next = out.hits.back().document;
    }
    return out;
}

void describe(db::tx& t, std::vector<hit>& hits, const std::vector<term>& terms) {
    std::map<int, db::array> refs;
    db::array seqs;
    std::map<std::tuple<int, std::int64_t, int>, hit*> by_ref;
    for (auto& h : hits) {
        refs[h.kind].add(h.ref);
        if (h.kind == messages) seqs.add(static_cast<std::int64_t>(h.seq));
        by_ref[{h.kind, h.ref, h.seq}] = &h;
    }
    const auto fill = [&](int kind, std::int64_t ref, int seq, std::string id, std::string title,
                          std::string_view text) {
        const auto it = by_ref.find({kind, ref, seq});
        if (it == by_ref.end()) return;
        auto made = make_snippet(text, terms);
        it->second->id = std::move(id);
        it->second->title = std::move(title);
        it->second->snippet = std::move(made.text);
        it->second->score = made.score;
    };
    const auto title = [](std::string_view name, std::string fallback) {
        return name.empty() ? std::move(fallback) : std::string(name);
    };
    if (refs.contains(messages))
        for (const auto r : t.many(sql::show_messages, refs[messages], seqs)) {
            const auto conversation = r.get<std::int64_t>(0);
            fill(messages, conversation, r.get<int>(1), std::string(r.text(5)),
                 title(r.text(4), format_id("CONV", conversation)), r.text(2));
        }
    if (refs.contains(conversations))
        for (const auto r : t.many(sql::show_conversations, refs[conversations])) {
            const auto id = format_id("CONV", r.get<std::int64_t>(0));
            fill(conversations, r.get<std::int64_t>(0), 0, id, title(r.text(2), std::string(r.text(3))),
                 r.text(1));
        }
    if (refs.contains(tickets))
        for (const auto r : t.many(sql::show_tickets, refs[tickets]))
            fill(tickets, r.get<std::int64_t>(0), 0, std::string(r.text(1)), std::string(r.text(2)),
                 r.text(3));
    if (refs.contains(contacts))
        for (const auto r : t.many(sql::show_contacts, refs[contacts])) {
            const auto id = format_id("CUST", r.get<std::int64_t>(0));
            fill(contacts, r.get<std::int64_t>(0), 0, id, title(r.text(1), id), r.text(2));
        }
    if (refs.contains(articles))
        for (const auto r : t.many(sql::show_articles, refs[articles]))
            fill(articles, r.get<std::int64_t>(0), 0, format_id("ART", r.get<std::int64_t>(0)),
                 std::string(r.text(1)), r.text(2));
    std::erase_if(hits, [](const hit& h) { return h.id.empty(); });
}

std::optional<std::int64_t> department_id(db::tx& t, const std::string& slug) {
    const auto r = t.maybe(sql::department_id, slug);
    return r ? std::optional(r->get<std::int64_t>(0)) : std::nullopt;
}

std::int64_t events_behind(db::tx& t) { return t.scalar<std::int64_t>(sql::progress); }

} // namespace chat_centre::search
