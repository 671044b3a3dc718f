#include "knowledge/article_json.hpp"

#include <chat_centre/base/ids.hpp>

namespace chat_centre::knowledge {
namespace {

json text_or_null(const std::optional<std::string>& v) { return v ? json(*v) : json(nullptr); }

} // namespace

json to_json(const article& a) {
    return {{"article_id", format_id("ART", a.id)},
            {"slug", a.slug},
            {"language", a.language},
            {"title", a.text.title},
            {"body", a.text.body},
            {"category", a.text.category},
            {"scenario", text_or_null(a.text.scenario)},
            {"questions", a.text.questions},
            {"status", a.status},
            {"version", a.version},
            {"created_at", to_rfc3339(a.created_at)},
            {"updated_at", to_rfc3339(a.updated_at)},
            {"updated_by", a.updated_by_name},
            {"published_at", a.published_at ? json(to_rfc3339(*a.published_at)) : json(nullptr)}};
}

json to_json(const hit& h) {
    return {{"article_id", format_id("ART", h.article)},
            {"slug", h.slug},
            {"title", h.title},
            {"language", h.language},
            {"category", h.category},
            {"passage", h.passage},
            {"score", h.score},
            {"url", "/help/" + h.language + "/" + h.slug}};
}

json numbers_json(const db::row& r, int from) {
    json out;
    int column = from;
    for (const char* name : {"shown", "answered", "inserted", "helpful", "unhelpful", "handovers"})
        out[name] = r.get<std::int64_t>(column++);
    return out;
}

json summary_json(const db::row& r) {
    return {{"article_id", format_id("ART", r.get<std::int64_t>(0))},
            {"slug", r.get<std::string>(1)},
            {"language", r.get<std::string>(2)},
            {"title", r.get<std::string>(3)},
            {"category", r.get<std::string>(4)},
            {"scenario", text_or_null(r.get<std::optional<std::string>>(5))},
            {"status", r.get<std::string>(6)},
            {"version", r.get<std::int64_t>(7)},
            {"updated_at", to_rfc3339(r.get<time_point>(8))},
            {"updated_by", r.get<std::string>(9)},
            {"open_flags", r.get<std::int64_t>(10)},
            {"numbers", numbers_json(r, 11)}};
}

json version_json(const db::row& r) {
    return {
        {"version", r.get<std::int64_t>(0)}, {"title", r.get<std::string>(1)},
        {"body", r.get<std::string>(2)},     {"questions", parse_json(r.text(3))},
        {"category", r.get<std::string>(4)}, {"scenario", text_or_null(r.get<std::optional<std::string>>(5))},
        {"status", r.get<std::string>(6)},   {"at", to_rfc3339(r.get<time_point>(7))},
        {"by", r.get<std::string>(8)}};
}

} // namespace chat_centre::knowledge
