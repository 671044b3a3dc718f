#include <chat_centre/knowledge/help_routes.hpp>

#include "knowledge/article_json.hpp"
#include "knowledge/help_page.hpp"
#include "knowledge/store.hpp"

#include <chat_centre/knowledge/numbers.hpp>

namespace chat_centre::knowledge {
namespace {

constexpr double worth_showing = 0.35; // to customers while they write
constexpr const char* page_policy =
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'";

std::optional<std::string> filled(const http::request& r, const char* name) {
    auto v = r.query(name);
    if (v && v->empty()) v.reset();
    return v;
}

http::response html_answer(std::string text, int status = 200) {
    http::response out;
    out.status = status;
    out.content_type = "text/html; charset=utf-8";
    out.body = std::move(text);
    out.with("Content-Security-Policy", page_policy);
    out.with("Cache-Control", "no-cache");
    return out;
}

http::response lead_to(const std::string& path, int status) {
    http::response out;
    out.status = status;
    out.content_type.clear();
    out.with("Location", path);
    return out;
}

std::string language_in_path(const http::request& r) {
    const auto& language = r.path_values.at(0);
    if (language != "en" && language != "ar") throw error::not_found("The help centre is in en and ar.");
    return language;
}

std::optional<article> published(db::tx& t, const std::string& slug, const std::string& language) {
    if (!is_slug(slug)) return std::nullopt;
    auto a = find_article(t, slug, language);
    if (a && a->status != "published") a.reset();
    return a;
}

} // namespace

help_routes::answer help_routes::suggestions(http::request r) {
    question q;
    q.text = r.query("q").value_or("").substr(0, 500);
    const auto language = filled(r, "language").value_or("");
    if (language.starts_with("ar")) q.language = "ar";
    if (language.starts_with("en")) q.language = "en";
    q.scenario = filled(r, "scenario").value_or("");
    auto hits = library_.articles().find(q);
    std::erase_if(hits, [](const hit& h) { return h.score < worth_showing; });
    library_.shown(hits);
    json items = json::array();
    for (const auto& h : hits) {
        json one = to_json(h);
        one.erase("article_id");
        one.erase("score");
        items.push_back(std::move(one));
    }
    co_return http::response::of({{"items", std::move(items)}, {"next_cursor", nullptr}});
}

help_routes::answer help_routes::feedback(http::request r) {
    const auto body = read_fields<feedback_body>(r.json_body());
    auto work = [slug = r.path_values.at(0), body, zone = s_.time_zone, now = s_.clock.now()](db::tx& t) {
        const auto a = published(t, slug, body.language.value);
        if (!a) throw error::not_found("There is no such article.");
        count(t, body.helpful ? outcome::helpful : outcome::unhelpful, {a->id}, now, zone);
    };
    co_await s_.pool.run(std::move(work));
    co_return http::response::no_content();
}

help_routes::answer help_routes::home(http::request r) {
    const auto accepted = r.header("accept-language");
    const auto arabic = accepted.find("ar");
    const auto english = accepted.find("en");
    const bool in_arabic =
        arabic != std::string_view::npos && (english == std::string_view::npos || arabic < english);
    auto out = lead_to(in_arabic ? "/help/ar" : "/help/en", 302);
    out.with("Vary", "Accept-Language");
    co_return out;
}

help_routes::answer help_routes::style(http::request) {
    http::response out;
    out.content_type = "text/css; charset=utf-8";
    out.body = std::string(help_style());
    out.with("Cache-Control", "public, max-age=3600");
    co_return out;
}

help_routes::answer help_routes::contents(http::request r) {
    help_frame f;
    f.language = language_in_path(r);
    f.company = f.language == "ar" ? names_.arabic : names_.english;
    f.scenario = filled(r, "scenario");
    if (f.scenario && !is_slug(*f.scenario)) f.scenario.reset();
    f.searched = filled(r, "q").value_or("").substr(0, 300);
    f.other_path = std::string("/help/") + (f.language == "ar" ? "en" : "ar") +
                   (f.scenario ? "?scenario=" + *f.scenario : "");
    auto work = [f](db::tx& t) {
        auto all =
            f.searched.empty() ? published_titles(t, f.language, f.scenario) : std::vector<listed_title>{};
        return std::pair{known_scenarios(t), std::move(all)};
    };
    auto [scenarios, all] = co_await s_.pool.run(std::move(work));
    f.scenarios = std::move(scenarios);
    if (f.searched.empty()) co_return html_answer(contents_page(f, all));
    question q{f.searched, f.language, f.scenario.value_or(""), 10, false};
    auto hits = library_.articles().find(q);
    std::erase_if(hits, [](const hit& h) { return h.score < worth_a_look; });
    co_return html_answer(found_page(f, hits));
}

help_routes::answer help_routes::read(http::request r) {
    help_frame f;
    f.language = language_in_path(r);
    f.company = f.language == "ar" ? names_.arabic : names_.english;
    const std::string other = f.language == "ar" ? "en" : "ar";
    const auto slug = r.path_values.at(1);
    auto work = [slug, language = f.language, other](db::tx& t) {
        return std::pair{published(t, slug, language), published(t, slug, other).has_value()};
    };
    const auto [found, translated] = co_await s_.pool.run(std::move(work));
    f.other_path = "/help/" + other + (translated ? "/" + slug : "");
    if (!found) co_return html_answer(missing_page(f), 404);
    f.scenario = found->text.scenario;
    library_.shown(found->id);
    co_return html_answer(article_page_html(f, *found, r.query("thanks").has_value()));
}

help_routes::answer help_routes::form(http::request r) {
    const auto language = language_in_path(r);
    const auto slug = r.path_values.at(1);
    const bool yes = r.body == "helpful=yes";
    if (!yes && r.body != "helpful=no") throw error::unprocessable("helpful", "must be yes or no");
    auto work = [slug, language, yes, zone = s_.time_zone, now = s_.clock.now()](db::tx& t) {
        const auto a = published(t, slug, language);
        if (!a) throw error::not_found("There is no such article.");
        count(t, yes ? outcome::helpful : outcome::unhelpful, {a->id}, now, zone);
    };
    co_await s_.pool.run(std::move(work));
    co_return lead_to("/help/" + language + "/" + slug + "?thanks", 303);
}

} // namespace chat_centre::knowledge
