#include <chat_centre/analysis/routes.hpp>
#include <chat_centre/base/staff_text.hpp>

namespace chat_centre::analysis {

boost::asio::awaitable<http::response> routes::analyse_text(http::request r) {
    const auto body = read_fields<analysis_body>(r.json_body());
    const std::string country = body.default_country ? body.default_country->value : std::string{};
    if (!country.empty() && !is_known_country(country))
        throw error::unprocessable("default_country", "must be a country code such as ZW or SA");
    auto read = [this](db::tx& t) { return read_subjects_(t); };
    const subject_finder subjects = co_await pool_.run(std::move(read));
    const result found = analyse(body.text.value, country, judge_, subjects);

    json reasons = json::array();
    for (const auto& why : found.reasons)
        reasons.push_back(
            {{"what", why.what}, {"because", why.because}, {"because_ar", in_arabic(why.because)}});
    json phone = nullptr;
    if (found.phone)
        phone = {{"e164", found.phone->e164}, {"country", found.phone->country}, {"valid", found.phone->valid}};
    co_return http::response::of({{"language", found.language},
                                  {"intent", found.wanted.label},
                                  {"intent_confidence", found.wanted.confidence},
                                  {"sentiment", found.sentiment.label},
                                  {"sentiment_score", found.sentiment.score},
                                  {"department", found.about.department},
                                  {"category", found.about.category},
                                  {"department_confidence", found.about.confidence},
                                  {"severity", to_string(found.how_bad.level)},
                                  {"priority", found.priority},
                                  {"handover",
                                   {{"needed", found.person.needed},
                                    {"confidence", found.person.confidence},
                                    {"reason", found.person.reason},
                                    {"reason_ar", in_arabic(found.person.reason)}}},
                                  {"phone", std::move(phone)},
                                  {"emails", found.emails},
                                  {"reasons", std::move(reasons)}});
}

} // namespace chat_centre::analysis
