// Who hears of what, and how: the decisions as tables.

#include "notify/centre.hpp"
#include "notify/preferences.hpp"
#include "notify/webhooks.hpp"
#include "notify/wording.hpp"

#include <chat_centre/base/json.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace chat_centre;
using namespace chat_centre::notify;
using namespace std::chrono_literals;

TEST_CASE("quiet hours", "[notify][preferences]") {
    struct row {
        const char *from, *to;
        int minute;
        std::optional<int> left;
    };
    for (const auto& r : std::vector<row>{{"", "", 60, {}},
                                          {"22:00", "", 1380, {}},
                                          {"22:00", "07:00", 22 * 60, 540},
                                          {"22:00", "07:00", 22 * 60 - 1, {}},
                                          {"22:00", "07:00", 0, 420},
                                          {"22:00", "07:00", 7 * 60 - 1, 1},
                                          {"22:00", "07:00", 7 * 60, {}},
                                          {"13:00", "14:30", 13 * 60 + 30, 60},
                                          {"13:00", "14:30", 14 * 60 + 30, {}},
                                          {"00:00", "00:00", 0, {}},
                                          {"00:00", "23:59", 0, 1439},
                                          {"nonsense", "07:00", 0, {}}}) {
        INFO(r.from << "-" << r.to << " at " << r.minute);
        CHECK(quiet_minutes(r.from, r.to, r.minute) == r.left);
    }
    CHECK(clock_minutes("23:59") == 1439);
    for (const char* bad : {"", "24:00", "12:60", "9:00", "12-00", "ab:cd", "12:000"})
        CHECK_FALSE(clock_minutes(bad));
    CHECK(minute_of_day(*parse_time("2026-11-20T21:30:00Z", "UTC"), "Africa/Harare") == 23 * 60 + 30);
}

TEST_CASE("how a person hears of something", "[notify][preferences]") {
    preferences p;
    constexpr int noon = 12 * 60;
    constexpr int night = 23 * 60;
    CHECK(decide(p, "handover", "info", noon) == decision{true, true, false, 0});
    CHECK(decide(p, "sla.breach", "warning", noon) == decision{true, true, true, 0}); // by its first word
    CHECK(decide(p, "new.kind", "info", noon) == decision{true, false, false, 0});
    CHECK(decide(p, "new.kind", "warning", noon) == decision{true, true, false, 0});
    CHECK(decide(p, "new.kind", "urgent", noon) == decision{true, true, true, 0});

    p = read_preferences(R"({"sla":{"in_app":true,"browser":false,"mail":false},
                             "sla.breach":{"in_app":false,"browser":false,"mail":true},
                             "handover":{"in_app":false,"browser":false,"mail":false}})",
                         "22:00", "07:00");
    CHECK(decide(p, "sla.reminder", "warning", noon) == decision{true, false, false, 0});
    CHECK(decide(p, "sla.breach", "warning", noon) == decision{false, false, true, 0});
    CHECK(decide(p, "sla.breach", "warning", night) == decision{false, false, true, 480});
    CHECK(decide(p, "ticket", "info", night) == decision{true, false, false, 0});
    CHECK(decide(p, "handover", "info", noon) == decision{false, false, false, 0});
    CHECK(decide(p, "handover", "urgent", noon).in_app); // nobody can miss what is urgent
    CHECK(decide(p, "ticket", "urgent", night) == decision{true, true, false, 0});
    CHECK(read_preferences("not json", "", "").kinds.empty());
}

TEST_CASE("whom a conversation's move concerns", "[notify][centre]") {
    const auto of = [](const char* status, const char* was, std::int64_t assigned = 0,
                       std::int64_t was_assigned = 0, std::int64_t department = 1,
                       std::int64_t was_department = 1, std::int64_t by = 0) {
        return concern_of({7, status, was, assigned, was_assigned, department, was_department, by, "normal"});
    };
    CHECK(of("pending", "bot") == concern{true, false, false});
    CHECK(of("pending", "pending") == concern{});                                 // an edit
    CHECK(of("pending", "pending", 0, 0, 2, 1) == concern{true, false, true});    // another department's now
    CHECK(of("active", "pending", 3, 0, 1, 1, 3) == concern{false, false, true}); // taken
    CHECK(of("active", "pending", 3) == concern{false, true, true});              // assigned by the server
    CHECK(of("active", "active", 4, 3, 1, 1, 3) == concern{false, true, false});  // passed on
    CHECK(of("active", "active", 4, 3, 1, 1, 4) == concern{});                    // taken over
    CHECK(of("bot", "active", 0, 3, 1, 1, 3) == concern{});
    CHECK(of("closed", "pending") == concern{false, false, true});
    CHECK(of("pending", "active", 0, 3, 1, 1, 3) == concern{true, false, false});
}

TEST_CASE("an endpoint is switched off when it is gone or has failed for days", "[notify][webhooks]") {
    const auto now = *parse_time("2026-11-20T10:00:00Z", "UTC");
    CHECK(must_disable(410, now, now));
    CHECK_FALSE(must_disable(500, now, now));
    CHECK_FALSE(must_disable(0, now - 119h, now));
    CHECK(must_disable(0, now - 120h, now));
    CHECK(must_disable(404, now - 500h, now));
}

TEST_CASE("bodies and messages", "[notify][wording]") {
    event::entry e;
    e.id = 12;
    e.type = "message.new";
    e.at = *parse_time("2026-11-20T10:00:00Z", "UTC");
    e.data = R"({"message":"\"quoted\""})";
    const json body = json::parse(webhook_body(e));
    CHECK(body == json{{"type", "message.new"},
                       {"timestamp", "2026-11-20T10:00:00.000Z"},
                       {"event_id", 12},
                       {"data", {{"message", "\"quoted\""}}}});

    event::notice n = waiting_notice(5, "<John> & *co*", "high");
    CHECK(n.level == "urgent");
    CHECK(waiting_notice(5, "John", "normal").level == "info");
    const house h{"Chat Centre", "مركز المحادثة", "https://chat.example.org/"};
    const json slack = json::parse(slack_json(n, h));
    const auto text = slack["blocks"][0]["text"]["text"].get<std::string>();
    CHECK(text.find("&lt;John&gt; &amp;") != std::string::npos);
    CHECK(text.find("<https://chat.example.org/admin/c/CONV-5|Open>") != std::string::npos);
    const json teams = json::parse(teams_json(n, h));
    CHECK(teams["type"] == "message");
    CHECK(teams["attachments"][0]["contentType"] == "application/vnd.microsoft.card.adaptive");
    CHECK(teams["attachments"][0]["content"]["body"][0]["color"] == "Attention");
    CHECK(teams["attachments"][0]["content"]["actions"][0]["url"] == "https://chat.example.org/admin/c/CONV-5");
    CHECK_FALSE(json::parse(teams_json(n, {}))["attachments"][0]["content"].contains("actions"));

    const auto english = mail_of(n, h, "en", "Sarah Johnson");
    CHECK(english.subject == "[Chat Centre] <John> & *co* is waiting for a person");
    CHECK(english.text.find("Hello Sarah Johnson,") == 0);
    CHECK(english.text.find("/admin/c/CONV-5") != std::string::npos);
    const auto arabic = mail_of(n, h, "ar", "سارة");
    CHECK(arabic.subject.starts_with("[مركز المحادثة]"));
    CHECK(arabic.text.find("سارة") != std::string::npos);
    CHECK(link_to(h, 0, "TKT_20261120_AB12") == "https://chat.example.org/admin/tickets/TKT_20261120_AB12");
}
