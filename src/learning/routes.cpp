#include <chat_centre/learning/routes.hpp>

#include "learning/queries.hpp"

#include <chat_centre/analysis/models.hpp>
#include <chat_centre/audit/audit.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/http/page.hpp>

#include <algorithm>

namespace chat_centre::learning {
namespace {

json id_or_null(const db::row& r, int column, const char* prefix) {
    return r.is_null(column) ? json(nullptr) : json(format_id(prefix, r.get<std::int64_t>(column)));
}

json candidate_from(const db::row& r) {
    return {{"candidate_id", format_id("FAQ", r.get<std::int64_t>(0))},
            {"question", r.get<std::string>(1)},
            {"answer", r.get<std::string>(2)},
            {"language", r.get<std::string>(3)},
            {"category", r.get<std::string>(4)},
            {"asked", r.get<std::int64_t>(5)},
            {"rating", r.is_null(6) ? json(nullptr) : json(r.get<double>(6))},
            {"status", r.get<std::string>(7)},
            {"conversation_id", format_id("CONV", r.get<std::int64_t>(8))},
            {"article_id", id_or_null(r, 9, "ART")},
            {"created_at", to_rfc3339(r.get<time_point>(10))},
            {"updated_at", to_rfc3339(r.get<time_point>(11))}};
}

json example_from(const db::row& r) {
    return {{"example_id", format_id("TEX", r.get<std::int64_t>(0))},
            {"task", r.get<std::string>(1)},
            {"label", r.get<std::string>(2)},
            {"good", r.get<bool>(3)},
            {"text", r.get<std::string>(4)},
            {"source", r.get<std::string>(5)},
            {"at", to_rfc3339(r.get<time_point>(6))}};
}

// The row, locked, as long as nobody has decided.
db::row open_candidate(db::tx& t, std::int64_t id) {
    auto found = t.maybe(sql::lock_candidate, id);
    if (!found) throw error::not_found("There is no such candidate.");
    if (found->text(7) != "open") throw error::conflict("Somebody has decided on this candidate already.");
    return std::move(*found);
}

} // namespace

routes::answer routes::candidates(http::request r) {
    const auto page = http::read_page(r, 50, 100);
    const auto status = r.query("status").value_or("open");
    if (status != "open" && status != "approved" && status != "rejected")
        throw error::unprocessable("status", "must be open, approved or rejected");
    auto work = [page, status](db::tx& t) {
        json items = json::array();
        for (const auto row : t.many(sql::list_candidates, status, page.number("id", 0),
                                     page.number("asked", 0), page.fetch()))
            items.push_back(candidate_from(row));
        return items;
    };
    auto items = co_await s_.pool.run(std::move(work));
    co_return http::response::of(http::page_answer(std::move(items), page, [](const json& last) {
        return json{{"id", parse_id("FAQ", last["candidate_id"].get<std::string>()).value()},
                    {"asked", last["asked"]}};
    }));
}

routes::answer routes::approve(http::request r) {
    const auto body = r.body.empty() ? approval_body{} : read_fields<approval_body>(r.json_body());
    auto work = [this, r, body, id = r.path_id(0, "FAQ"), now = s_.clock.now()](db::tx& t) {
        const auto found = open_candidate(t, id);
        draft d;
        d.question = body.question ? body.question->value : found.get<std::string>(1);
        d.answer = body.answer ? body.answer->value : found.get<std::string>(2);
        d.language = found.get<std::string>(3);
        d.category = found.get<std::string>(4);
        d.slug = "faq-" + std::to_string(id);
        d.staff = r.who.staff;
        std::vector<event::entry> events;
        const auto article = make_draft_(t, d, now, events);
        t.exec(sql::decide_candidate, id, "approved", article, r.who.staff, now, d.question, d.answer);
        audit::record(t, audit::by(r, "faq_candidate.approve", format_id("FAQ", id),
                                   {{"article", format_id("ART", article)}}));
        json out = candidate_from(t.one(sql::lock_candidate, id));
        event::append(t, events);
        return out;
    };
    co_return http::response::of(co_await s_.pool.run(std::move(work)));
}

routes::answer routes::reject(http::request r) {
    auto work = [r, id = r.path_id(0, "FAQ"), now = s_.clock.now()](db::tx& t) {
        const auto found = open_candidate(t, id);
        t.exec(sql::decide_candidate, id, "rejected", std::nullopt, r.who.staff, now,
               found.get<std::string>(1), found.get<std::string>(2));
        audit::record(t, audit::by(r, "faq_candidate.reject", format_id("FAQ", id)));
        return candidate_from(t.one(sql::lock_candidate, id));
    };
    co_return http::response::of(co_await s_.pool.run(std::move(work)));
}

routes::answer routes::examples(http::request r) {
    const auto page = http::read_page(r, 50, 200);
    auto task = r.query("task");
    if (task && task->empty()) task.reset();
    json counts = json::object();
    auto work = [page, task, &counts](db::tx& t) {
        json items = json::array();
        for (const auto row : t.many(sql::list_examples, page.number("id", 0), task, page.fetch()))
            items.push_back(example_from(row));
        for (const auto row : t.many(sql::count_examples))
            counts[row.get<std::string>(0)] = row.get<std::int64_t>(1);
        return items;
    };
    auto items = co_await s_.pool.run(std::move(work));
    json out = http::page_answer(std::move(items), page, [](const json& last) {
        return json{{"id", parse_id("TEX", last["example_id"].get<std::string>()).value()}};
    });
    out["counts"] = std::move(counts);
    co_return http::response::of(out);
}

routes::answer routes::add_example(http::request r) {
    const auto body = read_fields<training_body>(r.json_body());
    const auto task = analysis::task_named(body.task.value);
    const auto& labels = analysis::labels_of(*task);
    if (std::find(labels.begin(), labels.end(), body.label.value) == labels.end())
        throw error::unprocessable("label", "is no label of this task");
    auto work = [this, r, body, now = s_.clock.now()](db::tx& t) {
        const auto text = anonymise_(body.text.value, {}, {});
        // The same text said to be something else replaces what was said before.
        const auto key = "staff/" + body.task.value + "/" + std::to_string(hash64(text));
        const auto id = t.scalar<std::int64_t>(sql::put_example, body.task.value, body.label.value, true,
                                               text, "staff", key, r.who.staff, now);
        audit::record(t, audit::by(r, "training_example.add", format_id("TEX", id)));
        return example_from(t.one(sql::list_examples, id + 1, std::nullopt, 1));
    };
    co_return http::response::of(co_await s_.pool.run(std::move(work)), 201);
}

routes::answer routes::remove_example(http::request r) {
    auto work = [r, id = r.path_id(0, "TEX")](db::tx& t) {
        if (t.exec(sql::delete_example, id) == 0) throw error::not_found("There is no such example.");
        audit::record(t, audit::by(r, "training_example.delete", format_id("TEX", id)));
    };
    co_await s_.pool.run(std::move(work));
    co_return http::response::no_content();
}

routes::answer routes::suggestion_outcome(http::request r) {
    const auto body = read_fields<suggestion_outcome_body>(r.json_body());
    const auto article = parse_id("ART", body.article_id.value);
    if (!article) throw error::unprocessable("article_id", "must be an article id such as ART-3");
    auto work = [this, r, body, article = *article, id = r.path_id(0, "CONV"),
                 now = s_.clock.now()](db::tx& t) {
        const auto c = conversation::find_visible(t, r.who, id);
        const auto asked = t.maybe(sql::question_before, id);
        if (!asked)
            throw error::conflict("The customer has not said anything that could have been answered.");
        // Changed is still the right article: the words were not.
        const bool good = body.outcome.value != "rejected";
        const auto label = format_id("ART", article);
        const auto key = format_id("CONV", id) + "/" + std::string(asked->text(0)) + "/" + label + "/" +
                         format_id("STF", r.who.staff);
        t.one(sql::put_example, "answer", label, good,
              anonymise_(asked->text(1), {c.user_name, c.user_id, c.user_email, c.user_phone}, {}),
              "suggestion", key, r.who.staff, now);
    };
    co_await s_.pool.run(std::move(work));
    co_return http::response::no_content();
}

routes::answer routes::runs(http::request) {
    auto work = [](db::tx& t) {
        json items = json::array();
        constexpr int most = 50;
        for (const auto row : t.many(sql::list_runs, most))
            items.push_back({{"run_id", format_id("RUN", row.get<std::int64_t>(0))},
                             {"at", to_rfc3339(row.get<time_point>(1))},
                             {"source", row.get<std::string>(2)},
                             {"threshold", row.get<double>(3)},
                             {"questions", row.get<std::int64_t>(4)},
                             {"answered", row.get<std::int64_t>(5)},
                             {"judged", row.get<std::int64_t>(6)},
                             {"correct", row.get<std::int64_t>(7)}});
        return items;
    };
    co_return http::response::of({{"items", co_await s_.pool.run(std::move(work))}});
}

} // namespace chat_centre::learning
