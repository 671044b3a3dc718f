#include <chat_centre/learning/learning.hpp>

#include "learning/queries.hpp"

#include <chat_centre/analysis/analysis.hpp>
#include <chat_centre/analysis/models.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/json.hpp>
#include <chat_centre/learning/mining.hpp>

#include <algorithm>
#include <chrono>
#include <limits>

namespace chat_centre::learning {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t piece = 200; // rows of each kind in one transaction

struct position {
    time_point at{};
    std::int64_t id = 0;
};

position stopped_at(db::tx& t, const char* name) {
    const auto found = t.maybe(sql::cursor, name);
    return found ? position{found->get<time_point>(0), found->get<std::int64_t>(1)} : position{};
}

void go_on_from(db::tx& t, const char* name, const position& p) {
    t.exec(sql::move_cursor, name, p.at, p.id);
}

std::vector<std::string> names_from(const db::row& r, int first) {
    std::vector<std::string> out;
    for (int i = first; i < first + 4; ++i)
        if (!r.text(i).empty()) out.emplace_back(r.text(i));
    return out;
}

std::vector<std::string> staff_of(db::tx& t, std::int64_t conversation) {
    std::vector<std::string> out;
    for (const auto r : t.many(sql::staff_names, conversation)) out.push_back(r.get<std::string>(0));
    return out;
}

void put(db::tx& t, const std::string& task, const std::string& label, bool good, const std::string& text,
         const char* source, const std::string& key, std::optional<std::int64_t> staff, time_point at) {
    t.one(sql::put_example, task, label, good, text, source, key, staff, at);
}

// "Thumbs up" says that the articles answered the question, and that it was read rightly.
bool take_feedback(db::tx& t, const anonymiser& anonymise, time_point now) {
    auto p = stopped_at(t, "feedback");
    std::int64_t rows = 0;
    for (const auto r : t.many(sql::feedback_after, p.at, p.id, now, piece)) {
        ++rows;
        p = {r.get<time_point>(0), r.get<std::int64_t>(1)};
        const bool good = r.text(4) == "up";
        const json meta = json::parse(r.text(5).empty() ? "{}" : r.text(5), nullptr, false);
        if (!meta.is_object()) continue;
        const std::string text = anonymise(r.text(6), names_from(r, 7), staff_of(t, p.id));
        const std::string from = format_id("CONV", p.id) + "/" + std::string(r.text(2)) + "/";
        const std::string by = "/" + r.get<std::string>(3);
        if (const auto articles = meta.find("articles"); articles != meta.end() && articles->is_array())
            for (const auto& a : *articles)
                if (a.is_string() && parse_id("ART", a.get<std::string>()))
                    put(t, "answer", a.get<std::string>(), good, text, "feedback",
                        from + a.get<std::string>() + by, std::nullopt, p.at);
        const auto& intents = analysis::labels_of(analysis::task::intent);
        const std::string intent = meta.value("intent", json("")).is_string() ? meta.value("intent", "") : "";
        if (good && std::find(intents.begin(), intents.end(), intent) != intents.end())
            put(t, "intent", intent, true, text, "feedback", from + "intent" + by, std::nullopt, p.at);
    }
    if (rows > 0) go_on_from(t, "feedback", p);
    return rows == piece;
}

// What reviewers put into the library of examples has a category that people agreed to.
bool take_quality(db::tx& t, time_point now) {
    auto p = stopped_at(t, "quality");
    std::int64_t rows = 0;
    const auto& known = analysis::labels_of(analysis::task::category);
    for (const auto r : t.many(sql::quality_after, p.at, p.id, now, piece)) {
        ++rows;
        p = {r.get<time_point>(0), r.get<std::int64_t>(1)};
        const auto category = r.get<std::string>(2);
        if (r.is_null(4) || std::find(known.begin(), known.end(), category) == known.end()) continue;
        put(t, "category", category, true, r.get<std::string>(4), "quality", format_id("EXA", p.id),
            r.get<std::int64_t>(3), p.at);
    }
    if (rows > 0) go_on_from(t, "quality", p);
    return rows == piece;
}

struct resolved {
    std::int64_t id = 0;
    std::optional<int> rating;
    std::string language, category;
    std::vector<std::string> customer;
};

void mine(db::tx& t, const resolved& c, const anonymiser& anonymise, time_point now) {
    const auto staff = staff_of(t, c.id);
    if (staff.empty()) return; // no colleague wrote in it
    std::vector<line> lines;
    for (const auto r : t.many(sql::lines, c.id))
        lines.push_back({r.get<std::string>(0), anonymise(r.text(1), c.customer, staff)});
    const auto found = find_question(lines, c.rating);
    if (!found) return;
    const std::string language = analysis::language_of(found->question) == "ar" ? "ar" : "en";
    std::vector<std::int64_t> ids;
    std::vector<std::string> questions;
    for (const auto r : t.many(sql::open_candidates, language)) {
        ids.push_back(r.get<std::int64_t>(0));
        questions.push_back(r.get<std::string>(1));
    }
    const auto rating = c.rating ? std::optional<double>(*c.rating) : std::nullopt;
    if (const auto same = same_question(found->question, questions))
        t.exec(sql::ask_again, ids[*same], now, rating, found->answer, c.id);
    else
        t.exec(sql::add_candidate, found->question, found->answer, language, c.category, rating, c.id, now);
}

bool take_resolved(db::tx& t, const anonymiser& anonymise, time_point now) {
    auto p = stopped_at(t, "resolved");
    std::int64_t rows = 0;
    for (const auto r : t.many(sql::resolved_after, p.at, p.id, now, piece)) {
        ++rows;
        p = {r.get<time_point>(1), r.get<std::int64_t>(0)};
        resolved c;
        c.id = p.id;
        c.rating = r.get<std::optional<int>>(2);
        c.language = r.get<std::string>(3);
        c.category = r.get<std::string>(4);
        c.customer = names_from(r, 5);
        mine(t, c, anonymise, now);
    }
    if (rows > 0) go_on_from(t, "resolved", p);
    return rows == piece;
}

} // namespace

bool collect(db::tx& t, const anonymiser& anonymise, time_point now) {
    // What ended in the last minutes may still be rated: it is taken a little later.
    constexpr auto settled = 10min;
    bool more = take_feedback(t, anonymise, now);
    more = take_quality(t, now) || more;
    return take_resolved(t, anonymise, now - settled) || more;
}

void schedule_first(db::tx& t, time_point now) {
    jobs::schedule(t, collect_job, "all", now + 1min, json::object(), now);
}

void attach(jobs::runner& runner, const clock_source& clock, anonymiser anonymise, when_collected then) {
    runner.handle(collect_job, [&clock, anonymise = std::move(anonymise),
                                then = std::move(then)](db::tx& t, const jobs::job&) {
        const auto now = clock.now();
        const bool more = collect(t, anonymise, now);
        jobs::schedule(t, collect_job, "all", now + (more ? 1s : std::chrono::seconds(10min)), json::object(),
                       now);
        if (!more && then) then(t, now);
    });
}

std::vector<analysis::example> feedback_examples(db::tx& t, const std::string& task) {
    std::vector<analysis::example> out;
    for (const auto r : t.many(sql::examples_of, task)) {
        auto text = r.get<std::string>(1);
        std::replace_if(
            text.begin(), text.end(), [](char c) { return c == '\n' || c == '\t' || c == '\r'; }, ' ');
        out.push_back({r.get<std::string>(0), std::move(text)});
    }
    return out;
}

std::vector<asked_question> past_questions(db::tx& t, std::int64_t most) {
    const auto slugs = [](std::string_view text) {
        std::vector<std::string> out;
        while (!text.empty()) {
            const auto end = std::min(text.find(' '), text.size());
            if (end > 0) out.emplace_back(text.substr(0, end));
            text.remove_prefix(std::min(end + 1, text.size()));
        }
        return out;
    };
    std::vector<asked_question> out;
    for (const auto r : t.many(sql::past_questions, most)) {
        asked_question q;
        q.text = r.get<std::string>(0);
        const auto wanted = analysis::intent_of(q.text).label;
        if (wanted != "question" && wanted != "status_check" && wanted != "order" && wanted != "booking")
            continue;
        q.language = r.get<std::string>(1).substr(0, 2);
        q.right = slugs(r.text(2));
        q.wrong = slugs(r.text(3));
        q.judged = !q.right.empty();
        out.push_back(std::move(q));
    }
    return out;
}

std::vector<answer_vote> answer_votes(db::tx& t, std::size_t most) {
    std::vector<answer_vote> out;
    for (const auto r : t.many(sql::answer_votes, most)) {
        const auto article = parse_id("ART", r.text(0));
        if (!article) continue;
        const auto staff = parse_id("STF", r.text(3)); // else "customer"
        out.push_back({*article, r.get<std::int64_t>(1), r.get<std::string>(2), staff.value_or(0),
                       r.get<bool>(4), r.get<std::string>(5)});
    }
    return out;
}

std::optional<evaluation> last_run(db::tx& t, const std::string& source) {
    const auto found = t.maybe(sql::last_run, source);
    if (!found) return std::nullopt;
    evaluation e;
    e.threshold = found->get<double>(0);
    e.questions = found->get<std::size_t>(1);
    e.answered = found->get<std::size_t>(2);
    e.judged = found->get<std::size_t>(3);
    e.correct = found->get<std::size_t>(4);
    const json outcomes = parse_json(found->text(5), {8, std::numeric_limits<int>::max()});
    for (const auto& [question, slug] : outcomes.items()) e.outcomes[question] = slug.get<std::string>();
    return e;
}

void store_run(db::tx& t, const std::string& source, const evaluation& e, time_point now) {
    json outcomes = json::object();
    for (const auto& [question, slug] : e.outcomes) outcomes[question] = slug;
    t.exec(sql::put_run, now, source, e.threshold, e.questions, e.answered, e.judged, e.correct,
           dump(outcomes));
}

} // namespace chat_centre::learning
