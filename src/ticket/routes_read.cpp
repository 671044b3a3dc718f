#include <chat_centre/ticket/routes.hpp>

#include "ticket/create.hpp"
#include "ticket/service.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/http/page.hpp>

#include <algorithm>

namespace chat_centre::ticket {
namespace {

std::optional<std::string> given(const http::request& r, const char* name) {
    auto v = r.query(name);
    return v && !v->empty() ? v : std::nullopt;
}

void one_of(const std::optional<std::string>& value, const char* field,
            std::initializer_list<std::string_view> allowed) {
    if (!value || std::find(allowed.begin(), allowed.end(), *value) != allowed.end()) return;
    std::string names;
    for (auto a : allowed) names += (names.empty() ? "" : ", ") + std::string(a);
    throw error::unprocessable(field, "must be one of " + names);
}

std::vector<std::string> read_statuses(std::string_view text) {
    std::vector<std::string> out;
    while (!text.empty()) {
        const auto comma = text.find(',');
        const auto status = read_status(text.substr(0, comma));
        if (!status)
            throw error::unprocessable(
                "status", "must be of open, in_progress, waiting_customer, on_hold, resolved, closed");
        out.push_back(*status);
        if (comma == std::string_view::npos) break;
        text.remove_prefix(comma + 1);
    }
    return out;
}

std::optional<std::int64_t> id_parameter(const http::request& r, const char* name, const char* prefix) {
    const auto text = given(r, name);
    if (!text) return std::nullopt;
    const auto id = parse_id(prefix, *text);
    if (!id) throw error::unprocessable(name, "must be an id such as " + std::string(prefix) + "-1");
    return id;
}

list_filter filter_of(const http::request& r) {
    list_filter f;
    if (const auto s = given(r, "status")) f.statuses = read_statuses(*s);
    if (const auto p = given(r, "priority")) {
        f.priority = read_priority(*p);
        if (!f.priority)
            throw error::unprocessable("priority", "must be one of emergency, high, normal, low");
    }
    f.level = given(r, "level");
    one_of(f.level, "level", {"L1", "L2", "manager"});
    f.source = given(r, "source");
    one_of(f.source, "source", {"handover", "complaint", "low_confidence", "portal", "staff", "api"});
    f.department = given(r, "department");
    f.category = given(r, "category");
    f.tag = given(r, "tag");
    f.text = given(r, "q");
    if (f.text && f.text->size() > 200) throw error::unprocessable("q", "must have at most 200 characters");
    f.contact = id_parameter(r, "contact", "CUST");
    f.conversation = id_parameter(r, "conversation", "CONV");
    const auto assigned = given(r, "assigned");
    if (assigned == "me")
        f.assigned = r.who.staff;
    else if (assigned == "none")
        f.unassigned = true;
    else
        f.assigned = id_parameter(r, "assigned", "STF");
    if (given(r, "following") == "true") f.follower = r.who.staff;
    return f;
}

void read_position(const http::page_request& page, list_filter& f) {
    const auto text = page.text("updated");
    f.before_number = page.number("number", 0);
    f.before_updated = text ? parse_time(*text, "UTC") : std::nullopt;
    if (!f.before_updated) throw error::unprocessable("cursor", "is not one of this list");
}

} // namespace

routes::answer routes::list(http::request r) {
    const auto page = http::read_page(r);
    list_filter f = filter_of(r);
    f.limit = page.fetch();
    if (page.after) read_position(page, f);
    auto work = [who = r.who, f](db::tx& t) { return ticket::list(t, who, f); };
    auto rows = co_await s_.pool.run(std::move(work));
    json next = nullptr;
    if (static_cast<std::int64_t>(rows.size()) > page.limit) {
        rows.pop_back();
        next = http::encode_cursor(
            {{"updated", to_postgres(rows.back().updated_at)}, {"number", rows.back().number}});
    }
    json items = json::array();
    for (const auto& t : rows) items.push_back(to_json(t));
    co_return http::response::of({{"items", std::move(items)}, {"next_cursor", std::move(next)}});
}

routes::answer routes::show(http::request r) {
    auto work = [who = r.who, id = r.path_values.at(0)](db::tx& t) {
        return detail_json(t, find_visible(t, who, id));
    };
    co_return http::response::of(co_await s_.pool.run(std::move(work)));
}

routes::answer routes::history(http::request r) {
    auto work = [who = r.who, id = r.path_values.at(0)](db::tx& t) {
        return history_json(t, find_visible(t, who, id).number);
    };
    json items = co_await s_.pool.run(std::move(work));
    co_return http::response::of({{"items", std::move(items)}, {"next_cursor", nullptr}});
}

} // namespace chat_centre::ticket
