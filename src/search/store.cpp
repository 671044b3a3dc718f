#include "search/store.hpp"

#include "search/queries.hpp"
#include "search/snippet.hpp"

#include <chat_centre/base/fields.hpp>
#include <chat_centre/base/ids.hpp>

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
    for (const auto& w : terms)
        if (!holds_digit(w.word)) words.add(w.word);
    if (words.empty()) return;
    for (const auto r : t.many(sql::word_forms, words))
        if (auto* found = term_of(terms, r.text(0))) found->forms.emplace_back(r.text(1));
}

bool add_typos(db::tx& t, std::vector<term>& terms) {
    db::array words;
    for (const auto& w : terms)
        if (!holds_digit(w.word) && forgiven(count_characters(w.word)) > 0) words.add(w.word);
    if (words.empty()) return false;
    bool any = false;
    constexpr std::size_t most = 12;
    for (const auto r : t.many(sql::similar_words, words)) {
        auto* found = term_of(terms, r.text(0));
        if (found == nullptr || found->typos.size() >= most || r.text(1) == found->word) continue;
        if (!is_typo_of(found->word, r.text(1))) continue;
        found->typos.emplace_back(r.text(1));
        any = true;
    }
    return any;
}

std::vector<hit> find(db::tx& t, const principal& who, const std::vector<term>& terms, const filter& f,
                      std::int64_t before, std::int64_t limit) {
    t.many(sql::custom_plans);
    if (before <= 0) before = t.scalar<std::int64_t>(sql::newest_document) + 1;
    const conversation::sight s = conversation::sight_of(who);
    std::vector<hit> out;
    std::vector<int> kinds = f.kinds; // without those that no filter leaves anything of
    std::erase_if(kinds, [&f](int k) {
        return (k == contacts && f.any()) || (k == tickets && f.conversations_only());
    });
    const auto within = only(kinds, true).empty() ? std::nullopt : few_conversations(t, s, f);
    if (within) {
        const auto query = to_tsquery(terms, only(kinds, true), nullptr);
        if (!within->empty())
            for (const auto r :
                 t.many(sql::find_within, db::array_of(*within), query, before, f.from, f.to, limit))
                out.push_back(hit_from(r));
        kinds = only(kinds, false);
    }
    const bool engineer = who.role == role::engineer;
    std::int64_t found = 0;
    for (int step = 0; before > 1 && found < limit && !kinds.empty(); ++step) {
        const span part = next_span(before, step);
        const auto query = to_tsquery(terms, kinds, &part);
        for (const auto r : t.many(sql::find, s.everything, s.staff, s.departments, list_text(f.statuses),
                                   f.department, f.assigned, f.unassigned, f.channel, f.category, f.tag,
                                   f.rating, query, part.from, part.before, f.from, f.to, limit - found,
                                   f.conversations_only(), f.any(), engineer, who.staff)) {
            out.push_back(hit_from(r));
            ++found;
        }
        before = part.from;
    }
    std::sort(out.begin(), out.end(), [](const hit& a, const hit& b) { return a.document > b.document; });
    if (static_cast<std::int64_t>(out.size()) > limit) out.resize(static_cast<std::size_t>(limit));
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
    std::erase_if(hits, [](const hit& h) { return h.id.empty(); });
}

std::optional<std::int64_t> department_id(db::tx& t, const std::string& slug) {
    const auto r = t.maybe(sql::department_id, slug);
    return r ? std::optional(r->get<std::int64_t>(0)) : std::nullopt;
}

std::int64_t events_behind(db::tx& t) { return t.scalar<std::int64_t>(sql::progress); }

} // namespace chat_centre::search
