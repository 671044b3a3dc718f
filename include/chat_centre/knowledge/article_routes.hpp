#pragma once
// Articles as staff work with them: lists, edits with versions, suggestions while writing, flags, import.

#include <chat_centre/base/fields.hpp>
#include <chat_centre/conversation/service.hpp>
#include <chat_centre/http/router.hpp>
#include <chat_centre/knowledge/library.hpp>

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace chat_centre::knowledge {

struct language_set {
    static constexpr std::array<std::string_view, 2> names{"en", "ar"};
};
struct status_set {
    static constexpr std::array<std::string_view, 3> names{"draft", "published", "archived"};
};
struct flag_set {
    static constexpr std::array<std::string_view, 3> names{"outdated", "missing", "wrong"};
};

struct article_body {
    choice<language_set> language;
    text<1, 200> title;
    text<1, 60000> body;             // Markdown
    std::optional<text<0, 80>> slug; // shared by the translations of one article; none: from the title
    std::optional<text<0, 60>> category;
    std::optional<text<0, 80>> scenario; // slug; "" or none: all
    std::optional<std::vector<text<1, 300>>> questions;
    std::optional<choice<status_set>> status; // none: draft
};
BOOST_DESCRIBE_STRUCT(article_body, (), (language, title, body, slug, category, scenario, questions, status))

struct article_change_body { // what is given is changed
    std::optional<text<1, 200>> title;
    std::optional<text<1, 60000>> body;
    std::optional<text<0, 60>> category;
    std::optional<text<0, 80>> scenario;
    std::optional<std::vector<text<1, 300>>> questions;
    std::optional<choice<status_set>> status;
    std::optional<number<1, 1000000>> version; // what the change was made from: 409 when there is a newer one
};
BOOST_DESCRIBE_STRUCT(article_change_body, (), (title, body, category, scenario, questions, status, version))

struct preview_body {
    text<0, 60000> body;
};
BOOST_DESCRIBE_STRUCT(preview_body, (), (body))
struct preview_view {
    std::string html; // safe to show: made of a fixed set of elements, everything else as text
};
BOOST_DESCRIBE_STRUCT(preview_view, (), (html))

struct numbers_view { // of the last 30 days
    std::int64_t shown = 0, answered = 0, inserted = 0, helpful = 0, unhelpful = 0, handovers = 0;
};
BOOST_DESCRIBE_STRUCT(numbers_view, (), (shown, answered, inserted, helpful, unhelpful, handovers))

struct article_summary {
    std::string article_id, slug, language, title, category;
    std::optional<std::string> scenario;
    std::string status;
    std::int64_t version = 1;
    time_point updated_at{};
    std::string updated_by; // "": shipped or imported by command
    std::int64_t open_flags = 0;
    numbers_view numbers;
};
BOOST_DESCRIBE_STRUCT(article_summary, (),
                      (article_id, slug, language, title, category, scenario, status, version, updated_at,
                       updated_by, open_flags, numbers))
struct article_page {
    std::vector<article_summary> items;
    std::optional<std::string> next_cursor;
    std::vector<std::string> categories, scenarios; // what there is to choose from
};
BOOST_DESCRIBE_STRUCT(article_page, (), (items, next_cursor, categories, scenarios))

struct translation_view {
    std::string article_id, language, title, status;
};
BOOST_DESCRIBE_STRUCT(translation_view, (), (article_id, language, title, status))

struct learned_word {
    std::string word; // as it is compared: without endings, or one for all that mean the same
    double weight = 0;
    std::int64_t helpful = 0, unhelpful = 0;
};
BOOST_DESCRIBE_STRUCT(learned_word, (), (word, weight, helpful, unhelpful))
struct learned_view {  // what feedback does to the article's place, see knowledge/weights.hpp
    double weight = 0; // -0.6..0.6, added to the log-odds that it answers; 0: nothing
    std::int64_t helpful = 0, unhelpful = 0; // votes that counted
    std::int64_t of_staff = 0;               // of both
    std::string because, because_ar;         // "12 found it helpful, 3 did not."
    std::optional<std::string> at;           // when it was worked out; null: nobody has said anything
    std::vector<learned_word> words;         // questions with these go otherwise; at most 10
};
BOOST_DESCRIBE_STRUCT(learned_view, (), (weight, helpful, unhelpful, of_staff, because, because_ar, at, words))

struct article_view {
    std::string article_id, slug, language, title, body, html, category;
    std::optional<std::string> scenario;
    std::vector<std::string> questions;
    std::string status;
    std::int64_t version = 1;
    time_point created_at{}, updated_at{};
    std::string updated_by;
    std::optional<std::string> published_at;
    std::vector<translation_view> translations; // this one included
    learned_view learned;
};
BOOST_DESCRIBE_STRUCT(article_view, (),
                      (article_id, slug, language, title, body, html, category, scenario, questions, status,
                       version, created_at, updated_at, updated_by, published_at, translations, learned))

struct version_view {
    std::int64_t version = 1;
    std::string title, body, category;
    std::optional<std::string> scenario;
    std::vector<std::string> questions;
    std::string status;
    time_point at{};
    std::string by;
};
BOOST_DESCRIBE_STRUCT(version_view, (), (version, title, body, category, scenario, questions, status, at, by))
struct version_page {
    std::vector<version_view> items; // the newest first
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(version_page, (), (items, next_cursor))

struct day_view {
    std::string day; // 2026-11-20
    std::int64_t shown = 0, answered = 0, inserted = 0, helpful = 0, unhelpful = 0, handovers = 0;
};
BOOST_DESCRIBE_STRUCT(day_view, (), (day, shown, answered, inserted, helpful, unhelpful, handovers))
struct days_view {
    std::vector<day_view> items; // days on which nothing happened are left out
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(days_view, (), (items, next_cursor))

struct suggestion_view {
    std::string article_id, slug, title, language, category, passage;
    double score = 0; // 0..1; from 0.6 on the assistant says it
    std::string url;  // in the help centre
};
BOOST_DESCRIBE_STRUCT(suggestion_view, (), (article_id, slug, title, language, category, passage, score, url))
struct suggestion_page {
    std::vector<suggestion_view> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(suggestion_page, (), (items, next_cursor))

class article_routes {
public:
    // Both outlive it.
    article_routes(conversation::surroundings& s, library& l) : s_(s), library_(l) {}

    using answer = boost::asio::awaitable<http::response>;
    answer list(http::request r); // ?q= ?language= ?scenario= ?category= ?status= ?flagged=
    answer create(http::request r);
    answer get(http::request r);
    answer change(http::request r);
    answer archive(http::request r);
    answer versions(http::request r);
    answer restore(http::request r);
    answer days(http::request r);
    answer used(http::request r);
    answer suggestions(http::request r); // ?q= ?language= ?scenario= ?conversation_id= ?limit=
    answer preview(http::request r);

    static constexpr auto table() {
        using http::verb;
        using p = permission;
        using a = article_routes;
        return std::to_array<http::row<article_routes>>({
            {verb::get, "/api/v1/articles", p::template_read, &a::list, "listArticles",
             "Articles of the knowledge base, with their numbers of 30 days", http::answers<article_page>()},
            {verb::post, "/api/v1/articles", p::template_write, &a::create, "createArticle",
             "Write an article", http::takes<article_body, article_view>(201)},
            {verb::get, "/api/v1/articles/suggestions", p::template_read, &a::suggestions, "suggestArticles",
             "Articles that answer a text", http::answers<suggestion_page>()},
            {verb::post, "/api/v1/articles/preview", p::template_read, &a::preview, "previewArticle",
             "Markdown as readers will see it", http::takes<preview_body, preview_view>()},
            {verb::get, "/api/v1/articles/{id}", p::template_read, &a::get, "getArticle", "One article",
             http::answers<article_view>()},
            {verb::patch, "/api/v1/articles/{id}", p::template_write, &a::change, "changeArticle",
             "Change, publish or archive an article: a new version",
             http::takes<article_change_body, article_view>()},
            {verb::del, "/api/v1/articles/{id}", p::template_write, &a::archive, "archiveArticle",
             "Archive an article; its versions stay", http::answers<no_body>(204)},
            {verb::get, "/api/v1/articles/{id}/versions", p::template_read, &a::versions, "listArticleVersions",
             "All versions of an article, the newest first", http::answers<version_page>()},
            {verb::post, "/api/v1/articles/{id}/versions/{version}/restoration", p::template_write, &a::restore,
             "restoreArticleVersion", "Make an old version the newest", http::answers<article_view>()},
            {verb::get, "/api/v1/articles/{id}/days", p::template_read, &a::days, "listArticleDays",
             "What became of an article, day by day", http::answers<days_view>()},
            {verb::post, "/api/v1/articles/{id}/uses", p::template_read, &a::used, "countArticleUse",
             "It was put into a reply", http::answers<no_body>(204)},
        });
    }

private:
    conversation::surroundings& s_;
    library& library_;
};

struct flag_body {
    choice<flag_set> kind;
    std::optional<text<0, 1000>> comment;
    std::optional<text<0, 60>> conversation_id; // where it came up
};
BOOST_DESCRIBE_STRUCT(flag_body, (), (kind, comment, conversation_id))

struct flag_view {
    std::string flag_id;
    std::optional<std::string> article_id, title, language;
    std::string kind, comment;
    std::optional<std::string> conversation_id;
    std::string by;
    time_point at{};
    std::optional<std::string> resolved_by, resolved_at;
    std::string resolution;
};
BOOST_DESCRIBE_STRUCT(flag_view, (),
                      (flag_id, article_id, title, language, kind, comment, conversation_id, by, at,
                       resolved_by, resolved_at, resolution))
struct flag_page {
    std::vector<flag_view> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(flag_page, (), (items, next_cursor))

struct flag_resolution_body {
    std::optional<text<0, 1000>> comment;
};
BOOST_DESCRIBE_STRUCT(flag_resolution_body, (), (comment))

struct import_file {
    text<1, 300> name; // charity/which-documents.en.md; a folder stands for the scenario
    text<0, 200000> content;
};
BOOST_DESCRIBE_STRUCT(import_file, (), (name, content))

struct import_body { // one piece of an import: Markdown files, or lines of a CSV file with its heading line
    std::optional<std::vector<import_file>> files;
    std::optional<text<0, 2000000>> csv;
    std::optional<number<1, 10000000>> first_line; // of the piece's second line in the whole file; none: 2
    std::optional<bool> overwrite;                 // what exists already gets a new version; none: it is left
};
BOOST_DESCRIBE_STRUCT(import_body, (), (files, csv, first_line, overwrite))

struct import_fault {
    std::string name; // the file, or "csv"
    std::int64_t line = 0;
    std::string reason;
};
BOOST_DESCRIBE_STRUCT(import_fault, (), (name, line, reason))

struct import_view {
    std::int64_t added = 0, changed = 0, unchanged = 0;
    std::vector<import_fault> failed; // each by itself: everything else is stored
};
BOOST_DESCRIBE_STRUCT(import_view, (), (added, changed, unchanged, failed))

class upkeep_routes {
public:
    explicit upkeep_routes(conversation::surroundings& s) : s_(s) {} // outlives it

    using answer = boost::asio::awaitable<http::response>;
    answer flag(http::request r);
    answer flag_missing(http::request r);
    answer list_flags(http::request r); // ?state=open|resolved ?article_id=
    answer resolve(http::request r);
    answer import(http::request r);

    static constexpr std::size_t most_imported = 4 * 1024 * 1024; // bytes of one request

    static constexpr auto table() {
        using http::verb;
        using p = permission;
        using u = upkeep_routes;
        constexpr auto large = [](http::shape s) {
            s.body_limit = most_imported;
            return s;
        };
        return std::to_array<http::row<upkeep_routes>>({
            {verb::post, "/api/v1/articles/{id}/flags", p::template_read, &u::flag, "flagArticle",
             "Tell the editors that an article is outdated or wrong, or that something is missing",
             http::takes<flag_body, flag_view>(201)},
            {verb::get, "/api/v1/article-flags", p::template_read, &u::list_flags, "listArticleFlags",
             "What staff flagged", http::answers<flag_page>()},
            {verb::post, "/api/v1/article-flags", p::template_read, &u::flag_missing, "flagMissingArticle",
             "Tell the editors which article is missing", http::takes<flag_body, flag_view>(201)},
            {verb::post, "/api/v1/article-flags/{id}/resolution", p::template_write, &u::resolve,
             "resolveArticleFlag", "Close a flag", http::takes<flag_resolution_body, flag_view>()},
            {verb::post, "/api/v1/articles/import", p::template_write, &u::import, "importArticles",
             "Import Markdown files or CSV lines",
             large(http::described(http::takes<import_body, import_view>(),
                                   "Send a large import in several requests: each answers what became of its own "
                                   "part. What is wrong is named with its line, and the rest is stored."))},
        });
    }

private:
    conversation::surroundings& s_;
};

} // namespace chat_centre::knowledge
