#include "search/parameters.hpp"

#include <chat_centre/base/error.hpp>
#include <chat_centre/base/ids.hpp>

#include <algorithm>
#include <array>

namespace chat_centre::search {
namespace {

constexpr std::array<std::string_view, 5> type_names{"conversations", "messages", "tickets", "contacts",
                                                     "articles"};
constexpr std::array<std::string_view, 9> statuses{
    "bot", "pending", "active", "resolved", "closed", "open", "in_progress", "waiting_customer", "on_hold"};

std::string names_of(const auto& list) {
    std::string out;
    for (const auto& n : list) out += (out.empty() ? "" : ", ") + std::string(n);
    return out;
}

std::optional<time_point> moment_of(const http::request& r, const char* name, const std::string& zone) {
    const auto text = given(r, name);
    if (!text) return std::nullopt;
    constexpr std::size_t day = 10;
    const auto at = parse_time(text->size() == day ? *text + "T00:00:00" : *text, zone);
    if (!at) throw error::unprocessable(name, "must be a day (2026-11-20) or a time (2026-11-20T10:00:00Z)");
    return at;
}

} // namespace

std::optional<std::string> given(const http::request& r, const char* name) {
    auto v = r.query(name);
    if (v && v->empty()) v.reset();
    return v;
}

std::vector<std::string> split_list(const std::string& text) {
    std::vector<std::string> out;
    std::string_view rest = text;
    while (!rest.empty()) {
        const auto comma = rest.find(',');
        if (comma != 0) out.emplace_back(rest.substr(0, comma));
        if (comma == std::string_view::npos) break;
        rest.remove_prefix(comma + 1);
    }
    return out;
}

std::string one_of(const http::request& r, const char* name, std::initializer_list<std::string_view> allowed,
                   std::string_view fallback) {
    const auto v = given(r, name);
    if (!v) return std::string(fallback);
    if (std::find(allowed.begin(), allowed.end(), *v) == allowed.end())
        throw error::unprocessable(name, "must be one of " + names_of(allowed));
    return *v;
}

filter read_filter(const http::request& r, const std::string& zone) {
    filter f;
    if (const auto v = given(r, "types")) {
        f.kinds.clear();
        for (const auto& name : split_list(*v)) {
            const auto at = std::find(type_names.begin(), type_names.end(), name);
            if (at == type_names.end())
                throw error::unprocessable("types", "must be of " + names_of(type_names));
            f.kinds.push_back(static_cast<int>(at - type_names.begin()) + 1);
        }
        if (f.kinds.empty()) throw error::unprocessable("types", "must be of " + names_of(type_names));
    }
    if (const auto v = given(r, "status")) {
        f.statuses = split_list(*v);
        for (const auto& s : *f.statuses)
            if (std::find(statuses.begin(), statuses.end(), s) == statuses.end())
                throw error::unprocessable("status", "must be of " + names_of(statuses));
    }
    if (const auto v = given(r, "assigned")) {
        if (*v == "me")
            f.assigned = r.who.staff;
        else if (*v == "none")
            f.unassigned = true;
        else if (const auto id = parse_id("STF", *v))
            f.assigned = id;
        else
            throw error::unprocessable("assigned", "must be me, none or a staff id such as STF-1");
    }
    f.channel = given(r, "channel");
    f.category = given(r, "category");
    f.tag = given(r, "tag");
    if (given(r, "rating")) f.rating = r.query_number("rating", 1, 1, 5);
    f.from = moment_of(r, "from", zone);
    f.to = moment_of(r, "to", zone);
    return f;
}

void read_department(db::tx& t, const std::optional<std::string>& slug, filter& f) {
    if (slug) f.department = department_id(t, *slug).value_or(-1);
}

} // namespace chat_centre::search
