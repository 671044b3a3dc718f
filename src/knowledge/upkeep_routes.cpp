// Flags and imports.

#include "knowledge/article_json.hpp"
#include "knowledge/import.hpp"
#include "knowledge/queries.hpp"
#include "knowledge/store.hpp"

#include <chat_centre/audit/audit.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/http/page.hpp>
#include <chat_centre/knowledge/article_routes.hpp>

namespace chat_centre::knowledge {
namespace {

json id_or_null(std::string_view prefix, const std::optional<std::int64_t>& id) {
    return id ? json(format_id(prefix, *id)) : json(nullptr);
}

json flag_json(const db::row& r) {
    const auto text = [&r](int column) {
        return r.is_null(column) ? json(nullptr) : json(r.get<std::string>(column));
    };
    const bool resolved = !r.is_null(10);
    return {{"flag_id", format_id("FLAG", r.get<std::int64_t>(0))},
            {"article_id", id_or_null("ART", r.get<std::optional<std::int64_t>>(1))},
            {"title", text(2)},
            {"language", text(3)},
            {"kind", r.get<std::string>(4)},
            {"comment", r.get<std::string>(5)},
            {"conversation_id", id_or_null("CONV", r.get<std::optional<std::int64_t>>(6))},
            {"by", r.get<std::string>(7)},
            {"at", to_rfc3339(r.get<time_point>(8))},
            {"resolved_by", resolved ? text(9) : json(nullptr)},
            {"resolved_at", resolved ? json(to_rfc3339(r.get<time_point>(10))) : json(nullptr)},
            {"resolution", r.get<std::string>(11)}};
}

json find_flag(db::tx& t, std::int64_t id) {
    const auto r = t.maybe(sql::list_flags, std::int64_t{0}, std::nullopt, std::nullopt, id, 1);
    if (!r) throw error::not_found("There is no such flag.");
    return flag_json(*r);
}

json put_flag(db::tx& t, const http::request& r, std::optional<std::int64_t> article, const flag_body& body,
              time_point now) {
    std::optional<std::int64_t> conversation;
    if (body.conversation_id && !body.conversation_id->value.empty()) {
        conversation = parse_id("CONV", body.conversation_id->value);
        if (!conversation)
            throw error::unprocessable("conversation_id", "must be a conversation id such as CONV-12");
        conversation::find_visible(t, r.who, *conversation);
    }
    const auto id = t.scalar<std::int64_t>(sql::add_flag, article, body.kind.value, or_empty(body.comment),
                                           conversation, r.who.staff, now);
    audit::record(t, audit::by(r, "article.flag", article ? format_id("ART", *article) : "",
                               {{"flag", format_id("FLAG", id)}, {"kind", body.kind.value}}));
    return find_flag(t, id);
}

} // namespace

upkeep_routes::answer upkeep_routes::flag(http::request r) {
    const auto body = read_fields<flag_body>(r.json_body());
    auto work = [r, body, id = r.path_id(0, "ART"), now = s_.clock.now()](db::tx& t) {
        if (!find_article(t, id)) throw error::not_found("There is no such article.");
        return put_flag(t, r, id, body, now);
    };
    co_return http::response::of(co_await s_.pool.run(std::move(work)), 201);
}

upkeep_routes::answer upkeep_routes::flag_missing(http::request r) {
    const auto body = read_fields<flag_body>(r.json_body());
    if (body.kind.value != "missing")
        throw error::unprocessable("kind", "must be missing, or flag the article itself");
    if (!body.comment || is_blank(body.comment->value))
        throw error::unprocessable("comment", "say what the article should answer");
    auto work = [r, body, now = s_.clock.now()](db::tx& t) { return put_flag(t, r, std::nullopt, body, now); };
    co_return http::response::of(co_await s_.pool.run(std::move(work)), 201);
}

upkeep_routes::answer upkeep_routes::list_flags(http::request r) {
    const auto page = http::read_page(r, 50);
    std::optional<bool> resolved;
    if (const auto state = r.query("state"); state && !state->empty()) {
        if (*state != "open" && *state != "resolved")
            throw error::unprocessable("state", "must be open or resolved");
        resolved = *state == "resolved";
    }
    std::optional<std::int64_t> article;
    if (const auto id = r.query("article_id"); id && !id->empty()) {
        article = parse_id("ART", *id);
        if (!article) throw error::unprocessable("article_id", "must be an article id such as ART-12");
    }
    auto work = [page, resolved, article](db::tx& t) {
        json items = json::array();
        for (const auto row :
             t.many(sql::list_flags, page.number("id", 0), resolved, article, std::nullopt, page.fetch()))
            items.push_back(flag_json(row));
        return items;
    };
    auto items = co_await s_.pool.run(std::move(work));
    co_return http::response::of(http::page_answer(std::move(items), page, [](const json& last) {
        return json{{"id", parse_id("FLAG", last["flag_id"].get<std::string>()).value()}};
    }));
}

upkeep_routes::answer upkeep_routes::resolve(http::request r) {
    const auto body =
        r.body.empty() ? flag_resolution_body{} : read_fields<flag_resolution_body>(r.json_body());
    auto work = [r, body, id = r.path_id(0, "FLAG"), now = s_.clock.now()](db::tx& t) {
        find_flag(t, id);
        if (t.exec(sql::resolve_flag, id, r.who.staff, now, or_empty(body.comment)) == 0)
            throw error::conflict("This flag has been closed already.");
        audit::record(t, audit::by(r, "article.flag_resolve", format_id("FLAG", id)));
        return find_flag(t, id);
    };
    co_return http::response::of(co_await s_.pool.run(std::move(work)));
}

upkeep_routes::answer upkeep_routes::import(http::request r) {
    const auto body = read_fields<import_body>(r.json_body());
    if (body.files.has_value() == body.csv.has_value())
        throw error::unprocessable("files", "give files or csv");
    auto work = [r, body, now = s_.clock.now()](db::tx& t) {
        std::vector<wanted_article> all;
        if (body.files)
            for (const auto& f : *body.files)
                all.push_back({f.name.value, 1, read_markdown(f.name.value, f.content.value)});
        if (body.csv) all = read_table(body.csv->value, body.first_line ? body.first_line->value : 2);
        const auto done = store_articles(t, all, body.overwrite.value_or(false), r.who.staff, now);
        json failed = json::array();
        for (const auto& w : done.failed)
            for (const auto& reason : w.read.wrong)
                failed.push_back({{"name", w.name}, {"line", w.line}, {"reason", reason}});
        audit::record(
            t, audit::by(r, "article.import", "",
                         {{"added", done.added}, {"changed", done.changed}, {"failed", done.failed.size()}}));
        if (done.added + done.changed > 0) announce_change(t, 0, now);
        return json{{"added", done.added},
                    {"changed", done.changed},
                    {"unchanged", done.unchanged},
                    {"failed", std::move(failed)}};
    };
    co_return http::response::of(co_await s_.pool.run(std::move(work)));
}

} // namespace chat_centre::knowledge
