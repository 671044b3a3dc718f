#include <chat_centre/search/routes.hpp>

#include "search/parameters.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/http/page.hpp>

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

struct found_page {
    std::vector<hit> hits;
    json next = nullptr;
    bool tolerant = false;
    std::int64_t behind = 0;
};

struct position {
    std::int64_t before = 0; // documents before this one; 0: the first page
    bool tolerant = false;
};

found_page read(db::tx& t, const principal& who, std::vector<term> terms, const filter& f, position at,
                std::int64_t limit) {
    found_page out;
    add_forms(t, terms);
    out.tolerant = at.tolerant && add_typos(t, terms);
    out.hits = find(t, who, terms, f, at.before, limit + 1);
    if (at.before == 0 && !out.tolerant && out.hits.size() < little && add_typos(t, terms)) {
        out.tolerant = true;
        out.hits = find(t, who, terms, f, 0, limit + 1);
    }
    if (static_cast<std::int64_t>(out.hits.size()) > limit) {
        out.hits.resize(static_cast<std::size_t>(limit));
        out.next =
            http::encode_cursor({{"document", out.hits.back().document}, {"tolerant", out.tolerant ? 1 : 0}});
    }
    describe(t, out.hits, terms);
    out.behind = events_behind(t);
    return out;
}

} // namespace

routes::answer routes::search(http::request r) {
    const auto started = s_.clock.steady();
    const auto page = http::read_page(r, 20, 100);
    const auto q = given(r, "q").value_or("");
    if (q.size() > 400) throw error::unprocessable("q", "must have at most 400 characters");
    auto terms = parse(q);
    if (terms.empty()) throw error::unprocessable("q", "must have at least one word");
    const position at{page.number("document", 0), page.number("tolerant", 0) != 0};
    auto work = [who = r.who, terms = std::move(terms), f = read_filter(r, s_.time_zone),
                 department = given(r, "department"), at, limit = page.limit](db::tx& t) {
        filter judged = f;
        read_department(t, department, judged);
        return read(t, who, terms, judged, at, limit);
    };
    const auto found = co_await s_.pool.run(std::move(work));
    json items = json::array();
    for (const auto& h : found.hits) items.push_back(to_json(h));
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(s_.clock.steady() - started);
    co_return http::response::of({{"items", std::move(items)},
                                  {"next_cursor", found.next},
                                  {"took_ms", took.count()},
                                  {"behind", found.behind},
                                  {"tolerant", found.tolerant}});
}

} // namespace chat_centre::search
