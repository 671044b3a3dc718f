#include "routing/rules.hpp"

#include "routing/conditions.hpp"

#include <chat_centre/base/text.hpp>

#include <algorithm>

namespace chat_centre::routing {
namespace {

template <class List, class T>
bool has(const List& list, const T& x) {
    return std::find(list.begin(), list.end(), x) != list.end();
}

void add_once(std::vector<std::string>& list, const std::string& x) {
    if (!has(list, x)) list.push_back(x);
}

// What the matching conditions say of how sure it is: one word could be chance, three hardly.
double confidence_of(const rule_trace& t, const prepared& p) {
    double best = 0.6;
    for (const auto& c : t.conditions) {
        if (!c.result || c.what.field != "text") continue;
        std::vector<std::string> words;
        for (const auto& w : c.what.value) words.push_back(w.get<std::string>());
        best = std::max(best, std::min(0.95, 0.6 + 0.15 * count_words(p.folded, words)));
    }
    return best;
}

// False: it has nothing left to do (a field to require that is there already).
bool take(const action& a, prepared& p, outcome& out, double confidence) {
    auto& f = p.f;
    if (a.verb == "department") {
        const auto& slug = a.value == "@category" ? f.category_department : a.value;
        if (slug.empty()) return false;
        out.department = f.department = slug;
        out.confidence = confidence;
    } else if (a.verb == "priority") {
        out.priority = f.priority = a.value;
    } else if (a.verb == "category") {
        out.category = f.category = a.value;
    } else if (a.verb == "tag") {
        add_once(f.tags, a.value);
        add_once(out.tags, a.value);
    } else if (a.verb == "require") {
        const auto& present = a.value == "email" ? f.email : a.value == "phone" ? f.phone : f.name;
        if (!present.empty()) return false;
        add_once(out.required, a.value);
    } else if (a.verb == "create_ticket") {
        if (!out.ticket) out.ticket = a.value;
    } else if (a.verb == "hand_over") {
        if (!out.hand_over) out.hand_over = a.value;
    } else if (a.verb == "notify") {
        add_once(out.notices, a.value);
    }
    return true;
}

rule_trace test_rule(const rule& r, const prepared& p) {
    rule_trace t;
    t.id = r.id;
    t.name = r.name;
    for (const auto& c : r.conditions) t.conditions.push_back(test(c, p));
    const auto holds = [](const tested& x) { return x.result; };
    t.matched = r.match_all ? std::all_of(t.conditions.begin(), t.conditions.end(), holds)
                            : std::any_of(t.conditions.begin(), t.conditions.end(), holds);
    return t;
}

} // namespace

evaluation evaluate(const std::vector<rule>& rules, facts f, const std::set<std::int64_t>& before) {
    prepared p{std::move(f), {}};
    p.folded = fold_text(p.f.text);
    evaluation out;
    std::vector<const rule*> open;
    for (const auto& r : rules) {
        if (!r.active || !has(r.events, p.f.event)) continue;
        if (before.contains(r.id)) {
            rule_trace t;
            t.id = r.id;
            t.name = r.name;
            t.note = {"fired for this event before", "نُفذت لهذا الحدث من قبل"};
            out.trace.push_back(std::move(t));
            continue;
        }
        open.push_back(&r);
    }
    bool stopped = false;
    for (int depth = 0; depth < deepest && !stopped; ++depth) {
        bool fired = false;
        for (auto it = open.begin(); it != open.end() && !stopped;) {
            const rule& r = **it;
            auto t = test_rule(r, p);
            const bool matched = t.matched;
            if (matched) {
                const double confidence = confidence_of(t, p);
                for (const auto& a : r.actions)
                    if (take(a, p, out.result, confidence)) t.actions.push_back(a);
                out.fired.push_back(r.id);
                fired = true;
                stopped = r.stop;
            }
            // The first pass tells of every rule; later ones only of what matches now.
            const auto told = std::find_if(out.trace.begin(), out.trace.end(),
                                           [&r](const rule_trace& x) { return x.id == r.id; });
            if (told == out.trace.end())
                out.trace.push_back(std::move(t));
            else if (matched)
                *told = std::move(t);
            it = matched ? open.erase(it) : it + 1;
        }
        if (!fired) break;
    }
    for (const rule* r : open) {
        const auto told = std::find_if(out.trace.begin(), out.trace.end(),
                                       [r](const rule_trace& x) { return x.id == r->id; });
        if (!stopped || told != out.trace.end()) continue;
        rule_trace t;
        t.id = r->id;
        t.name = r->name;
        t.note = {"an earlier rule ended the list", "أنهت قاعدة سابقة القائمة"};
        out.trace.push_back(std::move(t));
    }
    return out;
}

bool may_match(const rule& r, const facts& f) {
    if (!r.active || !has(r.events, f.event)) return false;
    const prepared p{f, fold_text(f.text)};
    const auto could = [&p](const condition& c) { return !cheap_field(c.field) || test(c, p).result; };
    return r.match_all ? std::all_of(r.conditions.begin(), r.conditions.end(), could)
                       : std::any_of(r.conditions.begin(), r.conditions.end(), could);
}

} // namespace chat_centre::routing
