#include <chat_centre/intake/prompt_routes.hpp>

#include "intake/queries.hpp"
#include "intake/view.hpp"

#include <chat_centre/audit/audit.hpp>
#include <chat_centre/intake/prompts.hpp>

#include <algorithm>

namespace chat_centre::intake {
namespace {

struct named_prompt {
    const prompt* shipped;
    std::string language;
};

// 404 unless the path names a prompt and one of the two languages.
named_prompt prompt_named(const http::request& r) {
    const auto* shipped = find_prompt(r.path_values.at(0), r.path_values.at(1));
    const std::string language(r.path_values.at(2));
    if (shipped == nullptr || (language != "en" && language != "ar"))
        throw error::not_found("There is no such prompt. GET /api/v1/prompts lists them.");
    return {shipped, language};
}

std::string_view shipped_text(const named_prompt& n) {
    return n.language == "ar" ? n.shipped->ar : n.shipped->en;
}

json to_json(const named_prompt& n, const own_prompts& own) {
    const auto it = own.find({std::string(n.shipped->department), std::string(n.shipped->key), n.language});
    const bool changed = it != own.end();
    return {{"department", std::string(n.shipped->department)},
            {"key", std::string(n.shipped->key)},
            {"language", n.language},
            {"body", changed ? it->second.body : std::string(shipped_text(n))},
            {"shipped", std::string(shipped_text(n))},
            {"about", std::string(n.shipped->about)},
            {"changed", changed},
            {"variables", allowed_variables(*n.shipped)},
            {"updated_at", changed ? json(to_rfc3339(it->second.updated_at)) : json(nullptr)}};
}

std::string checked(const named_prompt& n, const std::string& body) {
    const auto allowed = allowed_variables(*n.shipped);
    std::string unknown;
    for (const auto& name : variables_in(body))
        if (std::find(allowed.begin(), allowed.end(), name) == allowed.end())
            unknown += (unknown.empty() ? "{" : ", {") + name + "}";
    if (unknown.empty()) return body;
    std::string names;
    for (const auto& name : allowed) names += (names.empty() ? "{" : ", {") + name + "}";
    throw error::unprocessable("body", "has the unknown variable " + unknown + "; allowed are " + names);
}

std::string path_of(const named_prompt& n) {
    return std::string(n.shipped->department) + "/" + std::string(n.shipped->key) + "/" + n.language;
}

std::map<std::string, std::string> samples(const surroundings& s, const named_prompt& n) {
    const bool arabic = n.language == "ar";
    return {{"name", arabic ? "أحمد محمد" : "John Smith"},
            {"phone", "+966501234567"},
            {"email", "john@example.com"},
            {"service_type", arabic ? "شكوى في الخدمة" : "A question about prices"},
            {"company", arabic ? s.company_ar : s.company_en},
            {"department", arabic ? "الشكاوى" : "Complaints"},
            {"answer", arabic ? "نفتح كل يوم من التاسعة صباحًا." : "We open at nine every day."},
            {"ticket", "TKT_20240101_XYZ9"},
            {"severity", "high"},
            {"priority", "high"},
            {"field", "phone"}};
}

} // namespace

prompt_routes::answer prompt_routes::list(http::request r) {
    const auto department = r.query("department").value_or("");
    const auto language = r.query("language").value_or("");
    auto work = [department, language](db::tx& t) {
        const auto own = read_prompts(t);
        json items = json::array();
        for (const auto& p : all_prompts())
            for (const std::string spoken : {"en", "ar"})
                if ((department.empty() || department == p.department) &&
                    (language.empty() || language == spoken))
                    items.push_back(to_json(named_prompt{&p, spoken}, own));
        return json{{"items", std::move(items)}};
    };
    co_return http::response::of(co_await s_.around().pool.run(std::move(work)));
}

prompt_routes::answer prompt_routes::show(http::request r) {
    auto work = [n = prompt_named(r)](db::tx& t) { return to_json(n, read_prompts(t)); };
    co_return http::response::of(co_await s_.around().pool.run(std::move(work)));
}

prompt_routes::answer prompt_routes::put(http::request r) {
    const auto n = prompt_named(r);
    const auto body = read_fields<prompt_body>(r.json_body());
    auto work = [r, n, text = checked(n, body.body.value), now = s_.around().clock.now()](db::tx& t) {
        t.exec(sql::put_prompt, n.shipped->department, n.shipped->key, n.language, text, r.who.staff, now);
        audit::record(t, audit::by(r, "prompt.change", path_of(n)));
        return to_json(n, read_prompts(t));
    };
    co_return http::response::of(co_await s_.around().pool.run(std::move(work)));
}

prompt_routes::answer prompt_routes::reset(http::request r) {
    const auto n = prompt_named(r);
    auto work = [r, n](db::tx& t) {
        if (t.exec(sql::drop_prompt, n.shipped->department, n.shipped->key, n.language) > 0)
            audit::record(t, audit::by(r, "prompt.reset", path_of(n)));
        return to_json(n, read_prompts(t));
    };
    co_return http::response::of(co_await s_.around().pool.run(std::move(work)));
}

prompt_routes::answer prompt_routes::preview(http::request r) {
    const auto n = prompt_named(r);
    const auto body = read_fields<prompt_body>(r.json_body());
    co_return http::response::of({{"text", render(checked(n, body.body.value), samples(s_.around(), n))}});
}

} // namespace chat_centre::intake
