#include <chat_centre/search/export_routes.hpp>

#include "search/parameters.hpp"
#include "search/queries.hpp"
#include "search/render.hpp"

#include <chat_centre/audit/audit.hpp>
#include <chat_centre/base/error.hpp>
#include <chat_centre/base/ids.hpp>

#include <array>
#include <memory>

namespace chat_centre::search {
namespace {

namespace asio = boost::asio;

constexpr std::int64_t rows_a_piece = 500;

struct source {
    std::string_view name;
    const db::query* page;
    const db::query* count;
};
const std::array<source, 4> sources{{{"conversations", &sql::export_conversations, &sql::count_conversations},
                                     {"messages", &sql::export_messages, &sql::count_messages},
                                     {"tickets", &sql::export_tickets, &sql::count_tickets},
                                     {"contacts", &sql::export_contacts, &sql::count_contacts}}};

const source& find_source(std::string_view name) {
    for (const auto& s : sources)
        if (s.name == name) return s;
    throw error::not_found("There are exports of conversations, messages, tickets and contacts.");
}

struct export_job {
    db::pool& pool;
    const source& what;
    filter filters;
    http::request asked; // for the audit row of the end
    bool csv = true;
    bool bom = false;
    std::int64_t last = 0, last_seq = 0, rows = 0;
    bool begun = false, done = false;
};

db::rows read_page(db::tx& t, const db::query& q, const filter& f, std::int64_t last, std::int64_t seq,
                   std::int64_t most) {
    const auto statuses = f.statuses ? std::optional(db::array_of(*f.statuses).text()) : std::nullopt;
    return t.many(q, last, seq, most, f.from, f.to, statuses, f.department, f.assigned, f.unassigned,
                  f.category, f.tag, f.channel, f.rating);
}

// One page in one transaction. Runs again when the database asks for it, so the job is changed by what comes back only.
struct piece {
    std::string text;
    std::int64_t last = 0, last_seq = 0, rows = 0;
};

piece make_piece(db::tx& t, const export_job& job) {
    piece p{{}, job.last, job.last_seq, 0};
    if (!job.begun && job.bom) p.text = "\xEF\xBB\xBF";
    for (const auto r : read_page(t, *job.what.page, job.filters, job.last, job.last_seq, rows_a_piece)) {
        p.last = r.get<std::int64_t>(0);
        p.last_seq = r.get<std::int64_t>(1);
        ++p.rows;
        if (!job.csv) {
            p.text.append(r.text(2)).push_back('\n');
            continue;
        }
        const auto object = nlohmann::ordered_json::parse(r.text(2));
        if (!job.begun && p.rows == 1) p.text += csv_header(object);
        p.text += csv_line(object);
    }
    if (p.rows < rows_a_piece)
        audit::record(t, audit::by(job.asked, "export.finish", std::string(job.what.name),
                                   {{"rows", job.rows + p.rows}}));
    return p;
}

asio::awaitable<std::optional<std::string>> next_piece(std::shared_ptr<export_job> job) {
    if (job->done) co_return std::nullopt;
    auto work = [job](db::tx& t) { return make_piece(t, *job); };
    auto p = co_await job->pool.run(std::move(work));
    job->begun = true;
    job->last = p.last;
    job->last_seq = p.last_seq;
    job->rows += p.rows;
    job->done = p.rows < rows_a_piece;
    co_return std::move(p.text);
}

json filters_of(const http::request& r) {
    json out = json::object();
    for (const char* name :
         {"status", "department", "assigned", "channel", "category", "tag", "rating", "from", "to"})
        if (const auto v = given(r, name)) out[name] = *v;
    return out;
}

struct transcript_job {
    db::pool& pool;
    std::int64_t conversation = 0;
    transcript_head head;
    bool html = true;
    int after = 0;
    bool begun = false, done = false;
};

std::vector<transcript_line> read_lines(db::tx& t, std::int64_t conversation, int after) {
    std::vector<transcript_line> out;
    for (const auto r : t.many(sql::transcript_page, conversation, after, rows_a_piece))
        out.push_back({r.get<int>(0), r.get<time_point>(1), r.get<std::string>(2), r.get<std::string>(3),
                       r.get<std::string>(4)});
    return out;
}

asio::awaitable<std::optional<std::string>> next_lines(std::shared_ptr<transcript_job> job) {
    if (job->done) co_return std::nullopt;
    auto work = [id = job->conversation, after = job->after](db::tx& t) { return read_lines(t, id, after); };
    const auto lines = co_await job->pool.run(std::move(work));
    std::string out;
    if (!job->begun) out = job->html ? html_begin(job->head) : text_begin(job->head);
    job->begun = true;
    const bool arabic = job->head.arabic;
    for (const auto& m : lines) out += job->html ? html_message(m, arabic) : text_message(m, arabic);
    if (!lines.empty()) job->after = lines.back().seq;
    job->done = static_cast<std::int64_t>(lines.size()) < rows_a_piece;
    if (job->done && job->html) out += html_end();
    co_return out;
}

} // namespace

export_routes::answer export_routes::all(http::request r) {
    const auto& what = find_source(r.path_values.at(0));
    const std::string format = one_of(r, "format", {"csv", "jsonl"}, "csv");
    const bool bom = one_of(r, "bom", {"true", "false"}, "false") == "true";
    auto work = [r, &what, format, f = read_filter(r, s_.time_zone),
                 department = given(r, "department")](db::tx& t) {
        filter judged = f;
        read_department(t, department, judged);
        const auto rows = read_page(t, *what.count, judged, 0, 0, 1)[0].get<std::int64_t>(0);
        audit::record(t, audit::by(r, "export.start", std::string(what.name),
                                   {{"format", format}, {"filters", filters_of(r)}, {"rows", rows}}));
        return std::pair{judged, rows};
    };
    auto ready = co_await s_.pool.run(std::move(work));
    const bool csv = format == "csv";
    auto job = std::make_shared<export_job>(export_job{s_.pool, what, std::move(ready.first), std::move(r),
                                                       csv, csv && bom, 0, 0, 0, false, false});
    http::response out;
    out.content_type = csv ? "text/csv; charset=utf-8; header=present" : "application/jsonl; charset=utf-8";
    out.with("Content-Disposition", "attachment; filename=\"" + std::string(what.name) + "." + format + "\"");
    out.with("X-Total-Count", std::to_string(ready.second));
    if (job->asked.method != http::verb::head) out.stream = [job] { return next_piece(job); };
    co_return out;
}

export_routes::answer export_routes::transcript(http::request r) {
    const auto id = r.path_id(0, "CONV");
    const bool html = one_of(r, "format", {"html", "txt"}, "html") == "html";
    const auto language = one_of(r, "language", {"en", "ar"}, "");
    auto work = [r, id, html](db::tx& t) {
        auto c = conversation::find_visible(t, r.who, id);
        if (r.who.kind == caller::staff)
            audit::record(t, audit::by(r, "transcript.read", format_id("CONV", id),
                                       {{"format", html ? "html" : "txt"}}));
        return c;
    };
    const auto c = co_await s_.pool.run(std::move(work));
    transcript_head head;
    head.id = format_id("CONV", id);
    head.arabic = language.empty() ? c.language.starts_with("ar") : language == "ar";
    head.customer = c.user_name.empty() ? c.user_id : c.user_name;
    head.channel = c.channel;
    head.status = c.status;
    head.staff = c.assigned_name;
    head.department = head.arabic ? c.department_ar : c.department_en;
    head.started = c.created_at;
    auto job =
        std::make_shared<transcript_job>(transcript_job{s_.pool, id, std::move(head), html, 0, false, false});
    http::response out;
    out.content_type = html ? "text/html; charset=utf-8" : "text/plain; charset=utf-8";
    if (html)
        out.with("Content-Security-Policy",
                 "default-src 'none'; style-src " + print_style().style_source +
                     "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    out.with("Content-Disposition",
             "inline; filename=\"" + format_id("CONV", id) + (html ? ".html\"" : ".txt\""));
    if (r.method != http::verb::head) out.stream = [job] { return next_lines(job); };
    co_return out;
}

} // namespace chat_centre::search
