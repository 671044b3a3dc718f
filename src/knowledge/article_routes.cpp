#include <chat_centre/knowledge/article_routes.hpp>

#include "knowledge/article_json.hpp"
#include "knowledge/markdown.hpp"
#include "knowledge/queries.hpp"
#include "knowledge/store.hpp"

#include <chat_centre/audit/audit.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/http/page.hpp>
#include <chat_centre/knowledge/numbers.hpp>

#include <charconv>

namespace chat_centre::knowledge {
namespace {

constexpr auto window = std::chrono::days(30);

error no_article() { return error::not_found("There is no such article."); }

article need_article(db::tx& t, std::int64_t id) {
    auto found = find_article(t, id);
    if (!found) throw no_article();
    return std::move(*found);
}

std::optional<std::string> given(const http::request& r, const char* name) {
    auto v = r.query(name);
    if (v && v->empty()) v.reset();
    return v;
}

std::string like_pattern(const std::string& text) {
    std::string out = "%";
    for (const char c : text.substr(0, 200)) {
        if (c == '%' || c == '_' || c == '\\') out.push_back('\\');
        out.push_back(c);
    }
    return out + "%";
}

// "2026-11-20"
std::string day_of(time_point at) { return to_rfc3339(at).substr(0, 10); }

std::vector<std::string> texts_of(const std::vector<text<1, 300>>& list) {
    std::vector<std::string> out;
    out.reserve(list.size());
    for (const auto& one : list) out.push_back(one.value);
    return out;
}

std::optional<std::string> scenario_of(const std::string& slug) {
    if (slug.empty()) return std::nullopt;
    if (!is_slug(slug)) throw error::unprocessable("scenario", "must be a slug such as charity");
    return slug;
}

json shown_article(db::tx& t, std::int64_t id) {
    const auto a = need_article(t, id);
    json out = to_json(a);
    out["html"] = to_html(a.text.body);
    json translations = json::array();
    for (const auto r : t.many(sql::translations, a.slug))
        translations.push_back({{"article_id", format_id("ART", r.get<std::int64_t>(0))},
                                {"language", r.get<std::string>(1)},
                                {"title", r.get<std::string>(2)},
                                {"status", r.get<std::string>(3)}});
    out["translations"] = std::move(translations);
    out["learned"] = learned_json(t.many(sql::weights_of_article, id));
    return out;
}

std::string free_slug(db::tx& t, const article_body& body) {
    if (body.slug && !body.slug->value.empty()) {
        if (!is_slug(body.slug->value))
            throw error::unprocessable("slug", "must be lower-case letters, digits and dashes");
        return body.slug->value;
    }
    const std::string base = slug_or_number(body.title.value);
    std::string slug = base;
    for (int i = 2; find_article(t, slug, body.language.value); ++i)
        slug = base.substr(0, 60) + "-" + (i < 20 ? std::to_string(i) : slug_of(random_id(8)));
    return slug;
}

std::vector<std::string> column(const db::rows& rows) {
    std::vector<std::string> out;
    for (const auto r : rows) out.push_back(r.get<std::string>(0));
    return out;
}

} // namespace

void announce_change(db::tx& t, std::int64_t article, time_point now) {
    event::entry e;
    e.type = article_changed;
    e.at = now;
    e.data = article == 0 ? "{}" : dump({{"article_id", format_id("ART", article)}});
    std::vector<event::entry> batch{std::move(e)};
    event::append(t, batch);
}

article_routes::answer article_routes::list(http::request r) {
    const auto page = http::read_page(r, 50);
    const auto q = given(r, "q");
    auto scenario = given(r, "scenario");
    if (scenario == "none") scenario = "";
    const bool flagged = given(r, "flagged") == "true";
    auto work = [page, q, scenario, flagged, language = given(r, "language"), category = given(r, "category"),
                 status = given(r, "status"), since = day_of(s_.clock.now() - window)](db::tx& t) {
        json items = json::array();
        for (const auto row :
             t.many(sql::list_articles, page.text("slug").value_or(""), page.text("language").value_or(""),
                    q ? std::optional(like_pattern(*q)) : std::nullopt, language, scenario, category, status,
                    flagged, since, page.fetch()))
            items.push_back(summary_json(row));
        return std::tuple{std::move(items), column(t.many(sql::categories)), column(t.many(sql::scenarios))};
    };
    auto [items, categories, scenarios] = co_await s_.pool.run(std::move(work));
    json out = http::page_answer(std::move(items), page, [](const json& last) {
        return json{{"slug", last["slug"]}, {"language", last["language"]}};
    });
    out["categories"] = categories;
    out["scenarios"] = scenarios;
    co_return http::response::of(out);
}

article_routes::answer article_routes::create(http::request r) {
    const auto body = read_fields<article_body>(r.json_body());
    auto work = [r, body, now = s_.clock.now()](db::tx& t) {
        article a;
        a.slug = free_slug(t, body);
        a.language = body.language.value;
        a.text = {body.title.value, body.body.value,
                  body.questions ? texts_of(*body.questions) : std::vector<std::string>{},
                  or_empty(body.category), scenario_of(or_empty(body.scenario))};
        if (body.status) a.status = body.status->value;
        if (a.text.questions.size() > most_questions) throw error::unprocessable("questions", "at most 50");
        const auto id = add_article(t, a, r.who.staff, now);
        if (!id) throw error::conflict("There is already an article " + a.slug + " in this language.");
        audit::record(t, audit::by(r, "article.create", format_id("ART", *id), {{"title", a.text.title}}));
        json out = shown_article(t, *id);
        announce_change(t, *id, now);
        return out;
    };
    co_return http::response::of(co_await s_.pool.run(std::move(work)), 201);
}

article_routes::answer article_routes::get(http::request r) {
    auto work = [id = r.path_id(0, "ART")](db::tx& t) { return shown_article(t, id); };
    co_return http::response::of(co_await s_.pool.run(std::move(work)));
}

article_routes::answer article_routes::change(http::request r) {
    const auto body = read_fields<article_change_body>(r.json_body());
    auto work = [r, id = r.path_id(0, "ART"), body, now = s_.clock.now()](db::tx& t) {
        auto a = lock_article(t, id);
        if (!a) throw no_article();
        if (body.version && body.version->value != a->version)
            throw error::conflict("Somebody has changed this article since. Read it again, then change it.");
        const auto before = *a;
        if (body.title) a->text.title = body.title->value;
        if (body.body) a->text.body = body.body->value;
        if (body.category) a->text.category = body.category->value;
        if (body.scenario) a->text.scenario = scenario_of(body.scenario->value);
        if (body.questions) a->text.questions = texts_of(*body.questions);
        if (a->text.questions.size() > most_questions) throw error::unprocessable("questions", "at most 50");
        if (body.status) a->status = body.status->value;
        if (a->text == before.text && a->status == before.status) return shown_article(t, id);
        store_version(t, *a, r.who.staff, now);
        audit::record(
            t, audit::by(r, "article.change", format_id("ART", id),
                         {{"title", a->text.title}, {"version", a->version + 1}, {"status", a->status}}));
        json out = shown_article(t, id);
        announce_change(t, id, now);
        return out;
    };
    co_return http::response::of(co_await s_.pool.run(std::move(work)));
}

article_routes::answer article_routes::archive(http::request r) {
    auto work = [r, id = r.path_id(0, "ART"), now = s_.clock.now()](db::tx& t) {
        auto a = lock_article(t, id);
        if (!a) throw no_article();
        if (a->status == "archived") return;
        a->status = "archived";
        store_version(t, *a, r.who.staff, now);
        audit::record(t, audit::by(r, "article.archive", format_id("ART", id), {{"title", a->text.title}}));
        announce_change(t, id, now);
    };
    co_await s_.pool.run(std::move(work));
    co_return http::response::no_content();
}

article_routes::answer article_routes::versions(http::request r) {
    const auto page = http::read_page(r, 20, 100);
    auto work = [id = r.path_id(0, "ART"), page](db::tx& t) {
        need_article(t, id);
        json items = json::array();
        for (const auto row :
             t.many(sql::list_versions, id, page.number("version", 1'000'000'000), page.fetch()))
            items.push_back(version_json(row));
        return items;
    };
    auto items = co_await s_.pool.run(std::move(work));
    co_return http::response::of(http::page_answer(
        std::move(items), page, [](const json& last) { return json{{"version", last["version"]}}; }));
}

article_routes::answer article_routes::restore(http::request r) {
    std::int64_t version = 0;
    const auto& digits = r.path_values.at(1);
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), version);
    if (read.ec != std::errc{} || read.ptr != digits.data() + digits.size()) throw no_article();
    auto work = [r, version, id = r.path_id(0, "ART"), now = s_.clock.now()](db::tx& t) {
        auto a = lock_article(t, id);
        const auto old = t.maybe(sql::find_version, id, version);
        if (!a || !old) throw error::not_found("There is no such version.");
        a->text = {old->get<std::string>(0), old->get<std::string>(1),
                   parse_json(old->text(2)).get<std::vector<std::string>>(), old->get<std::string>(3),
                   old->get<std::optional<std::string>>(4)};
        store_version(t, *a, r.who.staff, now);
        audit::record(t, audit::by(r, "article.restore", format_id("ART", id), {{"version", version}}));
        json out = shown_article(t, id);
        announce_change(t, id, now);
        return out;
    };
    co_return http::response::of(co_await s_.pool.run(std::move(work)));
}

article_routes::answer article_routes::days(http::request r) {
    const auto back = r.query_number("days", 30, 1, 366);
    auto work = [id = r.path_id(0, "ART"),
                 since = day_of(s_.clock.now() - std::chrono::days(back))](db::tx& t) {
        need_article(t, id);
        json items = json::array();
        for (const auto row : t.many(sql::article_days, id, since)) {
            json day = numbers_json(row, 1);
            day["day"] = row.get<std::string>(0);
            items.push_back(std::move(day));
        }
        return json{{"items", std::move(items)}, {"next_cursor", nullptr}};
    };
    co_return http::response::of(co_await s_.pool.run(std::move(work)));
}

article_routes::answer article_routes::used(http::request r) {
    auto work = [id = r.path_id(0, "ART"), zone = s_.time_zone, now = s_.clock.now()](db::tx& t) {
        need_article(t, id);
        count(t, outcome::inserted, {id}, now, zone);
    };
    co_await s_.pool.run(std::move(work));
    co_return http::response::no_content();
}

article_routes::answer article_routes::suggestions(http::request r) {
    question q;
    q.text = r.query("q").value_or("").substr(0, 2000);
    q.language = given(r, "language").value_or("");
    q.scenario = given(r, "scenario").value_or("");
    q.limit = static_cast<int>(r.query_number("limit", 3, 1, 10));
    if (const auto named = given(r, "conversation_id")) {
        const auto id = parse_id("CONV", *named);
        if (!id) throw error::unprocessable("conversation_id", "must be a conversation id such as CONV-12");
        auto look = [who = r.who, id = *id](db::tx& t) {
            return conversation::find_visible(t, who, id).scenario;
        };
        const auto scenario = co_await s_.pool.run(std::move(look));
        if (q.scenario.empty()) q.scenario = scenario;
    }
    json items = json::array();
    for (const auto& h : library_.articles().find(q))
        if (h.score >= worth_a_look) items.push_back(to_json(h));
    co_return http::response::of({{"items", std::move(items)}, {"next_cursor", nullptr}});
}

article_routes::answer article_routes::preview(http::request r) {
    const auto body = read_fields<preview_body>(r.json_body());
    co_return http::response::of({{"html", to_html(body.body.value)}});
}

} // namespace chat_centre::knowledge
