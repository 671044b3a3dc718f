#pragma once
// POST /api/v1/analysis: what the system makes of a text, without storing it.

#include <chat_centre/analysis/analysis.hpp>
#include <chat_centre/base/fields.hpp>
#include <chat_centre/db/pool.hpp>
#include <chat_centre/http/router.hpp>

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace chat_centre::analysis {

struct analysis_body {
    chat_centre::text<1, 16000> text;
    std::optional<chat_centre::text<0, 2>> default_country; // ISO 3166: how numbers without a country code are read
};
BOOST_DESCRIBE_STRUCT(analysis_body, (), (text, default_country))

struct mood_set {
    static constexpr std::array<std::string_view, 3> names{"negative", "neutral", "positive"};
};
struct intent_set {
    static constexpr std::array<std::string_view, 9> names{"greeting", "thanks",    "goodbye",
                                                           "question", "complaint", "status_check",
                                                           "order",    "booking",   "other"};
};
struct severity_set {
    static constexpr std::array<std::string_view, 4> names{"low", "medium", "high", "critical"};
};
struct priority_set {
    static constexpr std::array<std::string_view, 4> names{"emergency", "high", "normal", "low"};
};
struct handover_answer {
    bool needed = false;
    double confidence = 0;
    std::string reason, reason_ar;
};
BOOST_DESCRIBE_STRUCT(handover_answer, (), (needed, confidence, reason, reason_ar))
struct phone_answer {
    std::string e164, country;
    bool valid = false;
};
BOOST_DESCRIBE_STRUCT(phone_answer, (), (e164, country, valid))
struct reason_answer {
    std::string what, because, because_ar;
};
BOOST_DESCRIBE_STRUCT(reason_answer, (), (what, because, because_ar))
struct analysis_answer {
    std::string language;
    choice<intent_set> intent;
    double intent_confidence = 0; // 0 to 1
    choice<mood_set> sentiment;
    double sentiment_score = 0; // -1 to 1
    std::string department, category;
    double department_confidence = 0; // 0 to 1
    choice<severity_set> severity;
    choice<priority_set> priority;
    handover_answer handover;
    std::optional<phone_answer> phone;
    std::vector<std::string> emails;
    std::vector<reason_answer> reasons;
};
BOOST_DESCRIBE_STRUCT(analysis_answer, (),
                      (language, intent, intent_confidence, sentiment, sentiment_score, department, category,
                       department_confidence, severity, priority, handover, phone, emails, reasons))

class routes {
public:
    // The categories as they are now, read for each text: a change of theirs shows at once.
    using subjects = std::function<subject_finder(db::tx&)>;
    routes(db::pool& pool, handover_judge judge, subjects read)
        : pool_(pool), judge_(std::move(judge)), read_subjects_(std::move(read)) {}

    boost::asio::awaitable<http::response> analyse_text(http::request r);

    static constexpr auto table() {
        using http::verb;
        return std::to_array<http::row<routes>>({
            {verb::post, "/api/v1/analysis", permission::analysis_read, &routes::analyse_text, "analyseText",
             "What the system makes of a text: language, intent, mood, department, urgency, numbers in it",
             http::takes<analysis_body, analysis_answer>()},
        });
    }

private:
    db::pool& pool_;
    handover_judge judge_;
    subjects read_subjects_;
};

} // namespace chat_centre::analysis
