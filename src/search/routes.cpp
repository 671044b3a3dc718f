#include <chat_centre/search/routes.hpp>

#include "search/parameters.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/http/page.hpp>

#include <algorithm>

namespace chat_centre::search {
namespace {

constexpr std::size_t little = 5; // hits: fewer than this make us think of typing mistakes

json to_json(const hit& h) {
    json j = {{"type", type_set::names[static_cast<std::size_t>(h.kind) - 1]},
              {"id", h.id},
              {"title", h.title},
              {"snippet", h.snippet},
              {"at", to_rfc3339(h.at)},
              {"score", h.score},
              {"conversation_id", nullptr},
              {"seq", nullptr}};
    if (h.kind <= messages) j["conversation_id"] = format_id("CONV", h.ref);
    if (h.kind == messages) j["seq"] = h.seq;
    return j;
}

// How words are taken. First those that the vocabulary has; when they find little, whatever begins with the last one
// (codes are in no vocabulary), and what the words may have been meant to be.
enum class mode : std::uint8_t { known, open, tolerant };

struct position {
    std::int64_t before = 0; // documents before this one; 0: the first page
    mode taken = mode::known;
};

struct answered {
    found page;
    mode taken = mode::known;
    std::int64_t behind = 0;
};

mode widen(db::tx& t, std::vector<term>& terms) {
    bool open = false;
    for (auto& w : terms) {
        open = open || !w.longer.empty();
        w.longer.clear();
    }
    if (add_typos(t, terms)) return mode::tolerant;
    return open ? mode::open : mode::known;
}

answered read(db::tx& t, const principal& who, std::vector<term> terms, const filter& f, position at,
              std::int64_t limit) {
    answered out;
    out.taken = at.taken;
    out.behind = events_behind(t);
    const reach within = reach_of(t, who, f);
    if (within.nothing()) return out;
    add_forms(t, terms);
    if (at.taken == mode::known) add_longer(t, terms);
    if (at.taken == mode::tolerant) add_typos(t, terms);
    out.page = find(t, who, within, terms, f, at.before, limit);
    const bool few = out.page.next == 0 && out.page.hits.size() < little;
    if (at.before == 0 && few) {
        out.taken = widen(t, terms);
        if (out.taken != mode::known) out.page = find(t, who, within, terms, f, 0, limit);
    }
    describe(t, out.page.hits, terms);
    return out;
}

json next_cursor(const answered& a) {
    if (a.page.next == 0) return nullptr;
    return http::encode_cursor({{"document", a.page.next}, {"taken", static_cast<int>(a.taken)}});
}

} // namespace

routes::answer routes::search(http::request r) {
    const auto started = s_.clock.steady();
    const auto page = http::read_page(r, 20, 100);
    const auto q = given(r, "q").value_or("");
    if (q.size() > 400) throw error::unprocessable("q", "must have at most 400 characters");
    auto terms = parse(q);
    if (terms.empty()) throw error::unprocessable("q", "must have at least one word");
    const auto taken = std::clamp<std::int64_t>(page.number("taken", 0), 0, 2);
    const position at{page.number("document", 0), static_cast<mode>(taken)};
    auto work = [who = r.who, terms = std::move(terms), f = read_filter(r, s_.time_zone),
                 department = given(r, "department"), at, limit = page.limit](db::tx& t) {
        filter judged = f;
        read_department(t, department, judged);
        return read(t, who, terms, judged, at, limit);
    };
    const auto answer = co_await s_.pool.run(std::move(work));
    json items = json::array();
    for (const auto& h : answer.page.hits) items.push_back(to_json(h));
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(s_.clock.steady() - started);
    co_return http::response::of({{"items", std::move(items)},
                                  {"next_cursor", next_cursor(answer)},
                                  {"took_ms", took.count()},
                                  {"behind", answer.behind},
                                  {"tolerant", answer.taken == mode::tolerant}});
}

} // namespace chat_centre::search
