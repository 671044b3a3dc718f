#include <chat_centre/config/config.hpp>

#include <chat_centre/base/error.hpp>

#include <catch2/catch_test_macros.hpp>

#include <map>
#include <optional>
#include <string>

using namespace chat_centre;
using config::settings;

namespace {

using environment = std::map<std::string, std::string>;

settings read(const environment& e) {
    return config::read([&e](const std::string& name) -> std::optional<std::string> {
        const auto it = e.find(name);
        return it == e.end() ? std::nullopt : std::optional{it->second};
    });
}

// What the operator is told; "" when it is accepted.
std::string refused(const environment& e) {
    try {
        (void)read(e);
        return "";
    } catch (const startup_error& problem) {
        return problem.what();
    }
}

} // namespace

TEST_CASE("without any setting it runs", "[config]") {
    const auto s = read({});
    CHECK(s.host == "127.0.0.1");
    CHECK(s.port == 8080);
    CHECK(s.database_url.empty());
    CHECK(s.data_dir == "./var");
    CHECK(s.assistant_name == "bibiana");
    CHECK(s.intent_threshold == 0.7);
    CHECK(s.rate_limits);
    CHECK_FALSE(s.cookie_secure);
    CHECK(s.unknown.empty());
    // An empty value is no value, as in `PORT= chat-centre serve`.
    const auto empty = read({{"PORT", ""},
                             {"LOG_LEVEL", ""},
                             {"RATE_LIMITS", ""},
                             {"BUSINESS_HOURS_START", ""},
                             {"AI_INTENT_CONFIDENCE_THRESHOLD", ""}});
    CHECK(empty.port == 8080);
    CHECK(empty.rate_limits);
}

TEST_CASE("values that are accepted", "[config]") {
    CHECK(read({{"PORT", "0"}}).port == 0);
    CHECK(read({{"PORT", "65535"}}).port == 65535);
    CHECK(read({{"CALL_CENTER_API_PORT", "9000"}}).port == 9000);
    CHECK(read({{"CALL_CENTER_API_PORT", "9000"}, {"PORT", "9001"}}).port == 9001); // the shorter name wins
    CHECK(read({{"LOG_LEVEL", "DEBUG"}}).log_level == "debug");
    CHECK(read({{"LOG_FORMAT", "json"}}).log_format == "json");
    CHECK(read({{"AI_INTENT_CONFIDENCE_THRESHOLD", "0"}}).intent_threshold == 0);
    CHECK(read({{"AI_INTENT_CONFIDENCE_THRESHOLD", "1"}}).intent_threshold == 1);
    CHECK(read({{"TIME_ZONE", "Africa/Harare"}}).time_zone == "Africa/Harare");
    CHECK(read({{"DEFAULT_COUNTRY", "ZW"}}).default_country == "ZW");
    CHECK(read({{"DEFAULT_COUNTRY", ""}}).default_country.empty());
    CHECK(read({{"BUSINESS_HOURS_END", "24:00"}}).business_hours_end == "24:00");
    CHECK_FALSE(read({}).business_hours_given);
    CHECK_FALSE(read({{"BUSINESS_HOURS_START", ""}}).business_hours_given);
    CHECK(read({{"BUSINESS_HOURS_END", "17:00"}}).business_hours_given);
    CHECK(read({{"BUSINESS_HOURS_END", "17:00"}}).business_hours_start == "09:00");
    CHECK(refused({{"BUSINESS_HOURS_START", "18:00"}}).find("BUSINESS_HOURS_END") != std::string::npos);
    CHECK(read({{"COMPANY_NAME", "GoodSam"}}).company_name_en == "GoodSam");
    CHECK(read({{"COMPANY_NAME", "جودسام"}, {"COMPANY_NAME_EN", "GoodSam"}}).company_name_en == "GoodSam");
    CHECK(read({{"TRUSTED_PROXIES", " 10.0.0.1 ,, ::1,"}}).trusted_proxies ==
          std::vector<std::string>{"10.0.0.1", "::1"});
    const auto mail =
        read({{"SMTP_URL", "smtps://mail.example.org"}, {"MAIL_FROM", "Desk <desk@example.org>"}});
    CHECK(mail.smtp_url == "smtps://mail.example.org");
    CHECK(refused({{"SMTP_URL", "smtp://mail.example.org:587"}}).find("MAIL_FROM") != std::string::npos);
    // A password in the address is not repeated on the screen.
    const auto told =
        refused({{"SMTP_URL", "smtp://user:s3cr3t@mail.example.org"}, {"MAIL_FROM", "a@example.org"}});
    CHECK(told.find("SMTP_URL") != std::string::npos);
    CHECK(told.find("s3cr3t") == std::string::npos);
    CHECK(refused({{"SECRET_KEY", "too short"}}).find("too short") == std::string::npos);
    CHECK(read({{"OUTBOUND_ALLOW", "127.0.0.0/8, ::1"}}).outbound_allow.size() == 2);
    CHECK(read({{"WIDGET_ORIGINS", "https://example.org/, http://localhost:3000"}}).widget_origins.size() == 2);
    for (const char* yes : {"true", "1", "on", "yes", "TRUE", "Enabled"})
        CHECK(read({{"COOKIE_SECURE", yes}}).cookie_secure);
    for (const char* no : {"false", "0", "off", "no", "OFF", "disabled"})
        CHECK_FALSE(read({{"RATE_LIMITS", no}}).rate_limits);
}

TEST_CASE("values that are not", "[config]") {
    struct {
        const char* name;
        const char* value;
    } const table[] = {
        {"PORT", "65536"},
        {"PORT", "-1"},
        {"PORT", "80x"},
        {"PORT", " 80"},
        {"PORT", "99999999999999999999"},
        {"CALL_CENTER_API_PORT", "http"},
        {"LOG_LEVEL", "loud"},
        {"LOG_FORMAT", "xml"},
        {"TIME_ZONE", "Mars/Olympus"},
        {"DEFAULT_COUNTRY", "Zimbabwe"},
        {"TIME_ZONE", ""},
        {"BUSINESS_HOURS_START", "9:00"},
        {"BUSINESS_HOURS_START", "25:00"},
        {"BUSINESS_HOURS_END", "24:01"},
        {"BUSINESS_HOURS_END", "12:60"},
        {"BUSINESS_HOURS_END", "12-00"},
        {"BUSINESS_HOURS_END", "ab:cd"},
        {"AI_INTENT_CONFIDENCE_THRESHOLD", "1.1"},
        {"AI_INTENT_CONFIDENCE_THRESHOLD", "-0.1"},
        {"AI_INTENT_CONFIDENCE_THRESHOLD", "nan"},
        {"AI_INTENT_CONFIDENCE_THRESHOLD", "70%"},
        {"AI_INTENT_DETECTION_ENABLED", "maybe"},
        {"AI_INTENT_LOGGING_ENABLED", "2"},
        {"CALL_CENTER_MODE", "x"},
        {"CALL_CENTER_ENABLED", "x"},
        {"RATE_LIMIT_SCALE", "0"},
        {"RATE_LIMIT_SCALE", "inf"},
        {"RATE_LIMIT_SCALE", "nan"},
        {"RATE_LIMITS", "sometimes"},
        {"COOKIE_SECURE", "y"},
        {"DATABASE_THREADS", "0"},
        {"DATABASE_THREADS", "65"},
        {"SYNC_RATE_LIMIT", "-1"},
        {"DATA_DIR", ""},
        {"SMTP_URL", "mail.example.org"},
        {"SMTP_URL", "http://mail.example.org"},
        {"SMTP_URL", "smtp://"},
        {"SMTP_URL", "smtp://a b"},
        {"MAIL_FROM", "desk"},
        {"MAIL_FROM", "Desk <desk@example.org"},
        {"MAIL_REPLY_TO", "desk@"},
        {"OUTBOUND_ALLOW", "10.0.0.0/33"},
        {"OUTBOUND_ALLOW", "localhost"},
        {"ESCALATION_MINUTES", "0"},
        {"WIDGET_ORIGINS", "example.org"},
        {"WIDGET_ORIGINS", "https://example.org/shop"},
        {"WIDGET_ORIGINS", "ws://example.org"},
        {"CONVAI_WAITING_NOTICE_SECONDS", "600"},
        {"CONVAI_TOKEN_REQUIRED", "perhaps"},
        {"HOST", ""},
    };
    environment all;
    for (const auto& t : table) {
        const auto told = refused({{t.name, t.value}});
        INFO(t.name << "=" << t.value << ": " << told);
        CHECK(told.find(std::string(t.name) + "=\"" + t.value + "\"") != std::string::npos);
        all[t.name] = t.value;
    }
    // All at once, each by its name: nobody mends them one start at a time.
    const auto told = refused(all);
    for (const auto& [name, value] : all) {
        INFO(name);
        CHECK(told.find("\n  " + name + "=\"" + value + "\" is not ") != std::string::npos);
    }
}

TEST_CASE("what is printed hides what is secret", "[config]") {
    const std::string secret = "s3cr3t";
    struct {
        const char* name;
        std::string value;
    } const table[] = {
        {"ADMIN_PASSWORD", secret},
        {"SYNC_API_KEY", secret},
        {"OPENAI_API_KEY", secret},
        {"SMTP_PASSWORD", secret},
        {"SECRET_KEY", secret + "0123456789"},
        {"SUPABASE_SERVICE_ROLE_KEY", secret},
        {"DATABASE_URL", "postgresql://user:" + secret + "@db.example/chat"},
        {"DATABASE_URL", "postgresql://user:a@" + secret + "@db.example/chat"},
        {"DATABASE_URL", "postgresql://user@db.example/chat?password=" + secret},
        {"DATABASE_URL", "postgresql://db.example/chat?sslpassword=" + secret},
        {"DATABASE_URL", "host=db user=chat password=" + secret},
        {"DATABASE_URL", "host=db password='a://" + secret + "@b'"},
    };
    for (const auto& t : table) {
        const auto text = config::describe(read({{t.name, t.value}}));
        INFO(t.name << "=" << t.value << "\n" << text);
        CHECK(text.find(secret) == std::string::npos);
        CHECK(text.find(t.name) != std::string::npos);
    }
    const auto text = config::describe(read({{"DATABASE_URL", "postgresql://user:x@db.example/chat"}}));
    CHECK(text.find("db.example/chat") != std::string::npos); // where it is, is worth knowing
    CHECK(config::describe(read({})).find("ADMIN_PASSWORD=(not set)") != std::string::npos);
}

TEST_CASE("a language model, when a key or an address is given", "[config]") {
    CHECK_FALSE(read({}).model.configured());
    CHECK_FALSE(read({{"OPENAI_MODEL", "gpt-4o"}, {"OPENAI_API_KEY", ""}}).model.configured());

    const auto openai = read({{"OPENAI_API_KEY", "k"}, {"OPENAI_MODEL", ""}}).model;
    CHECK(openai.base_url == "https://api.openai.com/v1");
    CHECK(openai.answer_model == "gpt-4o-mini");
    CHECK_FALSE(openai.base_url_given);

    const auto gemini = read({{"GOOGLE_AI_API_KEY", "g"}}).model;
    CHECK(gemini.base_url == "https://generativelanguage.googleapis.com/v1beta/openai");
    CHECK(gemini.api_key == "g");
    CHECK(gemini.answer_model == "gemini-flash-latest");
    CHECK(read({{"GOOGLE_AI_API_KEY", "g"}, {"OPENAI_API_KEY", "k"}}).model.api_key == "k");

    CHECK(read({{"OPENAI_API_KEY", "k"}, {"AI_MODEL", "mine"}}).model.answer_model == "mine");
    CHECK(read({}).default_scenario == "charity");
    CHECK(read({{"DEFAULT_SCENARIO", "saas"}}).default_scenario == "saas");

    const auto own = read({{"OPENAI_BASE_URL", "http://127.0.0.1:11434/v1"},
                           {"OPENAI_MODEL", "qwen3"},
                           {"AI_INTENT_MODEL", "small"},
                           {"GOOGLE_AI_API_KEY", "g"}})
                         .model;
    CHECK(own.base_url_given);
    CHECK(own.api_key.empty());
    CHECK(own.answer_model == "qwen3");
    CHECK(own.intent_model == "small");

    for (const char* url : {"localhost:11434", "ftp://x/v1", "http://", "http://a b/",
                            "https://me:s3cr3t@x/v1", "https://x/v1?key=1"})
        CHECK(refused({{"OPENAI_BASE_URL", url}}).find("OPENAI_BASE_URL") != std::string::npos);
    CHECK(refused({{"OPENAI_BASE_URL", "https://me:s3cr3t@x/v1"}}).find("s3cr3t") == std::string::npos);
    CHECK(refused({{"MODEL_BREAKER_SECONDS", "0"}}).find("MODEL_BREAKER_SECONDS") != std::string::npos);
}

TEST_CASE("embeddings are asked where the model is, or at an address of their own", "[config]") {
    CHECK(read({{"OPENAI_API_KEY", "k"}}).model.embedding_model.empty());
    const auto same = read({{"OPENAI_API_KEY", "k"}, {"EMBEDDING_MODEL", "e"}}).model;
    CHECK(same.embedding_base_url == "https://api.openai.com/v1");
    CHECK(same.embedding_api_key == "k");
    CHECK_FALSE(same.embedding_base_url_given);
    const auto apart = read({{"OPENAI_API_KEY", "k"},
                             {"EMBEDDING_MODEL", "e"},
                             {"EMBEDDING_BASE_URL", "http://127.0.0.1:1/v1"}})
                           .model;
    CHECK(apart.embedding_api_key.empty()); // a key goes nowhere but where it belongs
    CHECK(apart.embedding_base_url_given);
    CHECK(refused({{"EMBEDDING_MODEL", "e"}}).find("EMBEDDING_BASE_URL") != std::string::npos);
    CHECK(refused({{"EMBEDDING_MODEL", "e"}, {"EMBEDDING_BASE_URL", "nowhere"}}).find("EMBEDDING_BASE_URL") !=
          std::string::npos);
    CHECK(refused({{"EMBEDDING_MODEL", "e"}, {"OPENAI_API_KEY", "k"}, {"EMBEDDING_API_KEY", "a\rb"}})
              .find("EMBEDDING_API_KEY") != std::string::npos);
}

TEST_CASE("documented names without effect are named", "[config]") {
    const auto s = read({{"REDIS_URL", "redis://x"}, {"OPENAI_API_KEY", ""}});
    CHECK(s.unknown == std::vector<std::string>{"REDIS_URL"});
    CHECK(config::describe(s).find("REDIS_URL=(accepted, has no effect") != std::string::npos);
}

TEST_CASE("the guided intake's settings", "[config]") {
    const auto usual = read({});
    CHECK(usual.call_center_mode);
    CHECK(usual.ivr_max_retries == 3);
    CHECK(usual.ivr_timeout_seconds == 30);
    CHECK(usual.overrides.tavus_avatar);
    const auto s = read({{"CALL_CENTER_MODE", "disabled"},
                         {"IVR_MAX_RETRIES", "5"},
                         {"IVR_TIMEOUT_SECONDS", "60"},
                         {"AVATARY_OVERRIDES", "disable_avatar_display, disable_tavus_avatar=false"}});
    CHECK_FALSE(s.call_center_mode);
    CHECK(s.ivr_max_retries == 5);
    CHECK(s.ivr_timeout_seconds == 60);
    CHECK(s.overrides.avatar_display);
    CHECK_FALSE(s.overrides.tavus_avatar);
    CHECK(s.unknown.empty());
    for (const char* bad : {"avatar", "disable_avatar_display=perhaps", "{}"})
        CHECK(refused({{"AVATARY_OVERRIDES", bad}}).find("AVATARY_OVERRIDES") != std::string::npos);
    CHECK(refused({{"IVR_MAX_RETRIES", "0"}}).find("IVR_MAX_RETRIES") != std::string::npos);
    CHECK(refused({{"IVR_TIMEOUT_SECONDS", "soon"}}).find("IVR_TIMEOUT_SECONDS") != std::string::npos);
}
