#include "knowledge/article_json.hpp"

#include <chat_centre/base/ids.hpp>

#include <fmt/format.h>

#include <cmath>

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

json learned_json(const db::rows& weights) {
    json out{{"weight", 0},   {"helpful", 0},  {"unhelpful", 0},
             {"of_staff", 0}, {"at", nullptr}, {"words", json::array()}};
    for (const auto r : weights) {
        const json numbers{{"weight", std::round(r.get<double>(1) * 1000) / 1000},
                           {"helpful", r.get<std::int64_t>(2)},
                           {"unhelpful", r.get<std::int64_t>(3)}};
        auto word = r.get<std::string>(0);
        if (word.empty()) {
            out.update(numbers);
            out["of_staff"] = r.get<std::int64_t>(4);
            out["at"] = to_rfc3339(r.get<time_point>(5));
            continue;
        }
        if (word.starts_with('#')) word.erase(0, 1); // a group of words that mean the same
        json one = numbers;
        one["word"] = std::move(word);
        out["words"].push_back(std::move(one));
    }
    const auto yes = out["helpful"].get<std::int64_t>();
    const auto no = out["unhelpful"].get<std::int64_t>();
    const bool none = yes + no == 0;
    out["because"] = none ? "Nobody has said yet whether it helps."
                          : fmt::format("{} found it helpful, {} did not.", yes, no);
    out["because_ar"] = none ? "لم يقل أحد بعد إن كانت تفيد."
                             : fmt::format("عدد من وجدها مفيدة: {}، وعدد من لم يجدها كذلك: {}.", yes, no);
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
