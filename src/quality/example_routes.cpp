#include "quality/queries.hpp"
#include "quality/store.hpp"

#include <chat_centre/analysis/analysis.hpp>
#include <chat_centre/audit/audit.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/http/page.hpp>
#include <chat_centre/quality/anonymise.hpp>

#include <limits>

namespace chat_centre::quality {
namespace {

json example_from(const db::row& r) {
    return {{"example_id", format_id("EXA", r.get<std::int64_t>(0))},
            {"note", r.get<std::string>(1)},
            {"category", r.get<std::string>(2)},
            {"department", r.get<std::string>(3)},
            {"language", r.get<std::string>(4)},
            {"messages", parse_json(r.text(5), {32, std::numeric_limits<int>::max()})},
            {"made_by", person(r.get<std::int64_t>(6), r.get<std::string>(7))},
            {"at", to_rfc3339(r.get<time_point>(8))}};
}

known_names names_in(db::tx& t, const conversation::row& c) {
    known_names n;
    n.customer = {c.user_name, c.user_id, c.user_email, c.user_phone};
    for (const auto r : t.many(sql::staff_names, c.id)) n.staff.push_back(r.get<std::string>(0));
    return n;
}

std::string like_pattern(const std::string& text) {
    std::string out = "%";
    for (const char c : text) {
        if (c == '%' || c == '_' || c == '\\') out.push_back('\\');
        out.push_back(c);
    }
    return out + "%";
}

} // namespace

review_routes::answer review_routes::make_example(http::request r) {
    const auto body = r.body.empty() ? example_body{} : read_fields<example_body>(r.json_body());
    auto work = [r, id = r.path_id(0, "CONV"), note = body.note ? body.note->value : std::string{},
                 now = s_.clock.now()](db::tx& t) {
        const auto c = conversation::find_visible(t, r.who, id);
        const auto names = names_in(t, c);
        json messages = json::array();
        std::string words;
        for (const auto line : t.many(sql::conversation_lines, id)) {
            messages.push_back(
                {{"role", line.get<std::string>(0)}, {"message", anonymise(line.text(2), names)}});
            if (line.text(0) == "user") words += line.get<std::string>(2) + "\n";
        }
        if (messages.empty()) throw error::conflict("There is nothing in this conversation to learn from.");
        const auto language = c.language.empty() ? analysis::language_of(words) : c.language;
        const auto example =
            t.scalar<std::int64_t>(sql::put_example, id, anonymise(note, names), c.category.value_or(""),
                                   c.department_slug, language, dump(messages), r.who.staff, now);
        audit::record(
            t, audit::by(r, "example.make", format_id("CONV", id), {{"example", format_id("EXA", example)}}));
        return example_from(t.one(sql::list_examples, std::int64_t{0}, std::nullopt, std::nullopt, example, 1));
    };
    co_return http::response::of(co_await s_.pool.run(std::move(work)), 201);
}

review_routes::answer review_routes::list_examples(http::request r) {
    const auto page = http::read_page(r, 20, 100);
    const auto given = [&r](const char* name) {
        auto v = r.query(name);
        return v && !v->empty() ? v : std::nullopt;
    };
    std::optional<std::string> pattern;
    if (const auto q = given("q")) pattern = like_pattern(*q);
    auto work = [page, pattern, category = given("category")](db::tx& t) {
        json items = json::array();
        for (const auto row : t.many(sql::list_examples, page.number("id", 0), pattern, category,
                                     std::int64_t{0}, page.fetch()))
            items.push_back(example_from(row));
        return items;
    };
    auto items = co_await s_.pool.run(std::move(work));
    co_return http::response::of(http::page_answer(std::move(items), page, [](const json& last) {
        return json{{"id", parse_id("EXA", last["example_id"].get<std::string>()).value()}};
    }));
}

review_routes::answer review_routes::remove_example(http::request r) {
    auto work = [r, id = r.path_id(0, "EXA")](db::tx& t) {
        if (t.exec(sql::delete_example, id) == 0) throw error::not_found("There is no such example.");
        audit::record(t, audit::by(r, "example.delete", format_id("EXA", id)));
    };
    co_await s_.pool.run(std::move(work));
    co_return http::response::no_content();
}

} // namespace chat_centre::quality
