#include <chat_centre/config/config.hpp>

#include "config/reader.hpp"

#include <chat_centre/base/error.hpp>
#include <chat_centre/base/phone.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <string_view>

namespace chat_centre::config {
namespace {

// Documented variables whose feature is another system there, or comes later here: accepted, so that a documented
// .env file starts the server, and named at start so that nobody believes they work.
constexpr std::array<std::string_view, 6> accepted_without_effect{
    "SUPABASE_URL",         "SUPABASE_KEY", "SUPABASE_SERVICE_ROLE_KEY",
    "CALL_CENTER_LOG_FILE", "REDIS_URL",    "MONGODB_URI"};

std::map<std::string, std::string> read_env_file(const char* path) {
    std::map<std::string, std::string> out;
    std::ifstream in(path);
    std::string line;
    while (std::getline(in, line)) {
        std::string s = trim(line);
        if (s.empty() || s.front() == '#') continue;
        if (s.rfind("export ", 0) == 0) s = trim(s.substr(7));
        const auto eq = s.find('=');
        if (eq == std::string::npos) continue;
        std::string value = trim(s.substr(eq + 1));
        if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') &&
            value.back() == value.front())
            value = value.substr(1, value.size() - 2);
        out[trim(s.substr(0, eq))] = value;
    }
    return out;
}

// An address as in mail headers: a@b, or Name <a@b>. What a mail server thinks of it shows in the first mail.
bool is_mailbox(std::string_view text) {
    const auto open = text.rfind('<');
    if (open != std::string_view::npos) {
        if (text.back() != '>') return false;
        text = text.substr(open + 1, text.size() - open - 2);
    }
    const auto at = text.find('@');
    return at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
           text.find_first_of(" \t\r\n<>\"(),:;") == std::string_view::npos &&
           text.find('@', at + 1) == std::string_view::npos;
}

// "disable_avatar_display, disable_face_recognition=false"; separated by commas.
void read_overrides(reader& r, settings& s) {
    std::vector<std::string> given;
    r.list("AVATARY_OVERRIDES", given);
    for (const auto& entry : given) {
        const auto equals = entry.find('=');
        const std::string name = trim(entry.substr(0, equals));
        const std::string value = equals == std::string::npos ? "true" : lower(trim(entry.substr(equals + 1)));
        bool* flag = name == "disable_avatar_display"     ? &s.overrides.avatar_display
                     : name == "disable_face_recognition" ? &s.overrides.face_recognition
                     : name == "disable_visual_context"   ? &s.overrides.visual_context
                     : name == "disable_tavus_avatar"     ? &s.overrides.tavus_avatar
                                                          : nullptr;
        if (flag == nullptr || (value != "true" && value != "false"))
            r.bad("AVATARY_OVERRIDES", entry,
                  "disable_avatar_display, disable_face_recognition, disable_visual_context or "
                  "disable_tavus_avatar, each alone or with =true or =false");
        else
            *flag = value == "true";
    }
}

// What leaves the server by itself: mail, chat webhooks, webhooks.
void read_outgoing(reader& r, settings& s) {
    r.text("SMTP_URL", s.smtp_url);
    r.text("SMTP_USER", s.smtp_user);
    r.text("SMTP_PASSWORD", s.smtp_password);
    r.text("MAIL_FROM", s.mail_from);
    r.text("MAIL_REPLY_TO", s.mail_reply_to);
    r.text("SECRET_KEY", s.secret_key);
    r.number<int>("ESCALATION_MINUTES", s.escalation_minutes, 1, 24 * 60);
    std::vector<std::string> allowed;
    r.list("OUTBOUND_ALLOW", allowed);
    for (const auto& text : allowed) {
        if (const auto n = parse_network(text))
            s.outbound_allow.push_back(*n);
        else
            r.bad("OUTBOUND_ALLOW", text, "an address or a network such as 10.0.0.0/8");
    }
    const auto scheme_end = s.smtp_url.find("://");
    const auto scheme = s.smtp_url.substr(0, scheme_end);
    if (!s.smtp_url.empty() && ((scheme != "smtp" && scheme != "smtps") || scheme_end + 3 >= s.smtp_url.size() ||
                                s.smtp_url.find_first_of("@ \t", scheme_end + 3) != std::string::npos))
        r.bad("SMTP_URL", s.smtp_url.find('@') == std::string::npos ? s.smtp_url : "(hidden)",
              "smtp://host:587 or smtps://host (user and password have settings of their own)");
    if (!s.mail_from.empty() && !is_mailbox(s.mail_from))
        r.bad("MAIL_FROM", s.mail_from, "an address such as desk@example.org or Name <desk@example.org>");
    if (!s.mail_reply_to.empty() && !is_mailbox(s.mail_reply_to))
        r.bad("MAIL_REPLY_TO", s.mail_reply_to, "an address such as desk@example.org");
    if (!s.smtp_url.empty() && s.mail_from.empty())
        r.bad("MAIL_FROM", "", "the sender's address, which SMTP_URL needs");
    if (!s.secret_key.empty() && s.secret_key.size() < 16)
        r.bad("SECRET_KEY", "(hidden)", "at least 16 characters");
}

bool is_model_address(const std::string& url) {
    return (url.starts_with("http://") || url.starts_with("https://")) && url.size() > url.find("://") + 3 &&
           url.find_first_of(" \t@?#") == std::string::npos;
}

// Without an address of its own the model's is asked, with its key. The key is never sent to another address.
void read_embedding(reader& r, model_settings& m) {
    r.text("EMBEDDING_MODEL", m.embedding_model);
    r.text("EMBEDDING_BASE_URL", m.embedding_base_url);
    r.text("EMBEDDING_API_KEY", m.embedding_api_key);
    const bool own = !m.embedding_base_url.empty();
    m.embedding_base_url_given = own || m.base_url_given;
    if (own && !is_model_address(m.embedding_base_url))
        r.bad("EMBEDDING_BASE_URL",
              m.embedding_base_url.find('@') == std::string::npos ? m.embedding_base_url : "(hidden)",
              "an address such as http://127.0.0.1:11434/v1 (the key is EMBEDDING_API_KEY)");
    if (!own) {
        m.embedding_base_url = m.base_url;
        if (m.embedding_api_key.empty()) m.embedding_api_key = m.api_key;
    }
    if (!m.embedding_model.empty() && m.embedding_base_url.empty())
        r.bad("EMBEDDING_MODEL", m.embedding_model,
              "with EMBEDDING_BASE_URL, or a language model's address or key");
    if (m.embedding_api_key.find_first_of("\r\n") != std::string::npos)
        r.bad("EMBEDDING_API_KEY", "(hidden)", "one line");
}

void read_model(reader& r, model_settings& m) {
    r.text("OPENAI_BASE_URL", m.base_url);
    r.text("OPENAI_API_KEY", m.api_key);
    r.text("OPENAI_MODEL", m.answer_model);
    r.text("AI_MODEL", m.answer_model);
    r.text("AI_INTENT_MODEL", m.intent_model);
    m.base_url_given = !m.base_url.empty();
    if (m.base_url_given && !is_model_address(m.base_url))
        r.bad("OPENAI_BASE_URL", m.base_url.find('@') == std::string::npos ? m.base_url : "(hidden)",
              "an address such as http://127.0.0.1:11434/v1 (the key is OPENAI_API_KEY)");
    std::string google;
    r.text("GOOGLE_AI_API_KEY", google);
    if (!m.base_url_given && !m.api_key.empty()) {
        m.base_url = "https://api.openai.com/v1";
    } else if (!m.base_url_given && !google.empty()) {
        m.base_url = "https://generativelanguage.googleapis.com/v1beta/openai";
        m.api_key = google;
        if (m.answer_model.empty()) m.answer_model = "gemini-flash-latest";
    }
    if (m.answer_model.empty()) m.answer_model = "gpt-4o-mini";
    if (m.api_key.find_first_of("\r\n") != std::string::npos) r.bad("OPENAI_API_KEY", "(hidden)", "one line");
    r.number<int>("MODEL_FIRST_TOKEN_SECONDS", m.first_token_seconds, 1, 120);
    r.number<int>("MODEL_BREAKER_FAILURES", m.breaker_failures, 1, 100);
    r.number<int>("MODEL_BREAKER_SECONDS", m.breaker_seconds, 1, 3600);
    r.number<double>("MODEL_INPUT_PRICE", m.input_price, 0.0, 1e6);
    r.number<double>("MODEL_OUTPUT_PRICE", m.output_price, 0.0, 1e6);
    read_embedding(r, m);
}

// The socket of ElevenLabs' widget.
void read_convai(reader& r, settings& s) {
    r.list("WIDGET_ORIGINS", s.widget_origins);
    for (const auto& origin : s.widget_origins) {
        const auto scheme_end = origin.find("://");
        const bool web = origin.starts_with("https://") || origin.starts_with("http://");
        if (!web || origin.find('/', scheme_end + 3) < origin.size() - 1)
            r.bad("WIDGET_ORIGINS", origin, "a site such as https://example.org");
    }
    r.flag("CONVAI_TOKEN_REQUIRED", s.convai_token_required);
    r.flag("CONVAI_STAFF_NAMES", s.convai_staff_names);
    // The widget gives up after 600 seconds.
    r.number<int>("CONVAI_WAITING_NOTICE_SECONDS", s.convai_waiting_notice, 1, 590);
}

void read_whatsapp(reader& r, settings& s) {
    r.text("WHATSAPP_WEBHOOK_TOKEN", s.whatsapp_webhook_token);
    r.text("WHATSAPP_SEND_URL", s.whatsapp_send_url);
    r.text("WHATSAPP_SEND_TOKEN", s.whatsapp_send_token);
    r.text("WHATSAPP_SEND_BODY", s.whatsapp_send_body);
    if (!s.whatsapp_webhook_token.empty() && s.whatsapp_webhook_token.size() < 8)
        r.bad("WHATSAPP_WEBHOOK_TOKEN", "(hidden)", "at least 8 characters");
    if (!s.whatsapp_send_url.empty() && s.whatsapp_send_url.rfind("https://", 0) != 0 &&
        s.whatsapp_send_url.rfind("http://", 0) != 0)
        r.bad("WHATSAPP_SEND_URL", "(hidden)",
              "an address such as https://gateway.example.org/message/sendText/main");
    if (s.whatsapp_send_token.find_first_of("\r\n") != std::string::npos)
        r.bad("WHATSAPP_SEND_TOKEN", "(hidden)", "one line");
}

void read_elevenlabs(reader& r, elevenlabs_settings& e) {
    r.list("ELEVENLABS_WEBHOOK_SECRET", e.webhook_secrets);
    r.number<int>("ELEVENLABS_WEBHOOK_TOLERANCE", e.webhook_tolerance, 60, 3600);
    r.flag("ELEVENLABS_WEBHOOK_AUDIO", e.webhook_audio);
    r.text("ELEVENLABS_API_KEY", e.api_key);
    r.text("ELEVENLABS_AGENT_ID", e.agent_id);
    r.one_of("ELEVENLABS_MODE", e.mode, {"own", "relay"});
    r.one_of("ELEVENLABS_MONITOR", e.monitor, {"on", "off"});
    r.text("ELEVENLABS_API_URL", e.api_url);
    if (!e.api_url.empty() && e.api_url.rfind("https://", 0) != 0 && e.api_url.rfind("http://", 0) != 0)
        r.bad("ELEVENLABS_API_URL", e.api_url, "an address such as https://api.eu.residency.elevenlabs.io");
}

} // namespace

settings read(const std::function<std::optional<std::string>(const std::string&)>& get) {
    settings s;
    reader r(get);
    r.text("CALL_CENTER_API_HOST", s.host);
    r.text("HOST", s.host);
    r.number<std::uint16_t>("CALL_CENTER_API_PORT", s.port, 0, 65535);
    r.number<std::uint16_t>("PORT", s.port, 0, 65535);
    r.text("DATABASE_URL", s.database_url);
    r.text("DATA_DIR", s.data_dir);
    r.text("ADMIN_EMAIL", s.admin_email);
    r.text("ADMIN_PASSWORD", s.admin_password);
    r.text("SYNC_API_KEY", s.sync_api_key);
    r.one_of("LOG_LEVEL", s.log_level,
             {"trace", "debug", "info", "warning", "warn", "error", "critical", "off"});
    r.one_of("LOG_FORMAT", s.log_format, {"text", "json"});
    r.text("WEB_ROOT", s.web_root);
    r.text("COMPANY_NAME", s.company_name);
    s.company_name_en = s.company_name;
    r.text("COMPANY_NAME_EN", s.company_name_en);
    r.text("TIME_ZONE", s.time_zone);
    r.text("DEFAULT_COUNTRY", s.default_country);
    r.text("ASSISTANT_NAME", s.assistant_name);
    const bool opens = r.time_of_day("BUSINESS_HOURS_START", s.business_hours_start);
    const bool closes = r.time_of_day("BUSINESS_HOURS_END", s.business_hours_end);
    s.business_hours_given = opens || closes;
    if (s.business_hours_given && s.business_hours_start >= s.business_hours_end)
        r.bad("BUSINESS_HOURS_END", s.business_hours_end, "a time after BUSINESS_HOURS_START");
    r.number<double>("AI_INTENT_CONFIDENCE_THRESHOLD", s.intent_threshold, 0.0, 1.0);
    r.flag("AI_INTENT_DETECTION_ENABLED", s.intent_detection);
    r.flag("AI_INTENT_LOGGING_ENABLED", s.intent_logging);
    r.text("DEFAULT_SCENARIO", s.default_scenario);
    r.flag("CALL_CENTER_MODE", s.call_center_mode);
    r.flag("CALL_CENTER_ENABLED", s.call_center_mode);
    r.number<int>("IVR_MAX_RETRIES", s.ivr_max_retries, 1, 20);
    r.number<int>("IVR_TIMEOUT_SECONDS", s.ivr_timeout_seconds, 1, 24 * 3600);
    r.flag("IVR_EMAIL_REQUIRED", s.ivr_email_required);
    read_overrides(r, s);
    r.number<double>("RATE_LIMIT_SCALE", s.rate_limit_scale, 0.01, 1e6);
    r.flag("RATE_LIMITS", s.rate_limits);
    r.list("TRUSTED_PROXIES", s.trusted_proxies);
    r.text("PUBLIC_URL", s.public_url);
    r.flag("COOKIE_SECURE", s.cookie_secure);
    r.number<int>("DATABASE_THREADS", s.database_threads, 1, 64);
    r.number<int>("SYNC_RATE_LIMIT", s.sync_rate_limit, 0, 1'000'000);
    read_outgoing(r, s);
    read_model(r, s.model);
    read_convai(r, s);
    read_whatsapp(r, s);
    read_elevenlabs(r, s.elevenlabs);
    s.elevenlabs.allowed_origins = s.widget_origins;
    if (!is_known_zone(s.time_zone))
        r.bad("TIME_ZONE", s.time_zone, "an IANA time zone such as Africa/Harare");
    if (!s.default_country.empty() && !is_known_country(s.default_country))
        r.bad("DEFAULT_COUNTRY", s.default_country, "a country's two letters, such as ZW");
    if (s.data_dir.empty()) r.bad("DATA_DIR", s.data_dir, "a folder");
    if (s.host.empty()) r.bad("HOST", s.host, "an address such as 127.0.0.1");
    r.finish();
    for (auto name : accepted_without_effect)
        if (auto v = get(std::string(name)); v && !v->empty()) s.unknown.emplace_back(name);
    return s;
}

settings read_environment() {
    const auto file = read_env_file(".env");
    return read([&file](const std::string& name) -> std::optional<std::string> {
        // At start, before there are threads. NOLINTNEXTLINE(concurrency-mt-unsafe)
        if (const char* v = std::getenv(name.c_str())) return std::string(v);
        if (const auto it = file.find(name); it != file.end()) return it->second;
        return std::nullopt;
    });
}

std::string describe(const settings& s) {
    const auto secret = [](const std::string& v) { return v.empty() ? "(not set)" : "(set)"; };
    const auto on = [](bool v) { return v ? "on" : "off"; };
    std::string url = s.database_url;
    if (url.find("password") != std::string::npos) // also as a parameter of an address that hides its user
        url = "(set)";
    else if (const auto at = url.rfind('@'), scheme = url.find("://");
             at != std::string::npos && scheme != std::string::npos)
        url = url.substr(0, scheme + 3) + "***" + url.substr(at);
    std::string out;
    const auto line = [&out](std::string_view name, const std::string& value) {
        out += std::string(name) + "=" + value + "\n";
    };
    line("HOST", s.host);
    line("PORT", std::to_string(s.port));
    line("DATABASE_URL", url.empty() ? "(private cluster in DATA_DIR)" : url);
    line("DATA_DIR", s.data_dir);
    line("ADMIN_EMAIL", s.admin_email.empty() ? "(not set)" : s.admin_email);
    line("ADMIN_PASSWORD", secret(s.admin_password));
    line("SYNC_API_KEY", secret(s.sync_api_key));
    line("LOG_LEVEL", s.log_level);
    line("LOG_FORMAT", s.log_format);
    line("COMPANY_NAME", s.company_name);
    line("TIME_ZONE", s.time_zone);
    line("DEFAULT_COUNTRY", s.default_country);
    line("ASSISTANT_NAME", s.assistant_name);
    line("BUSINESS_HOURS", s.business_hours_given ? s.business_hours_start + "-" + s.business_hours_end
                                                  : "(not set: around the clock)");
    line("CALL_CENTER_MODE", on(s.call_center_mode));
    line("IVR_MAX_RETRIES", std::to_string(s.ivr_max_retries));
    line("IVR_TIMEOUT_SECONDS", std::to_string(s.ivr_timeout_seconds));
    line("AI_INTENT_DETECTION_ENABLED", on(s.intent_detection));
    line("AI_INTENT_CONFIDENCE_THRESHOLD", std::to_string(s.intent_threshold));
    line("RATE_LIMITS", s.rate_limits ? "on, scale " + std::to_string(s.rate_limit_scale) : "off");
    line("COOKIE_SECURE", on(s.cookie_secure));
    line("SMTP_URL", s.smtp_url.empty() ? "(not set: no mail is sent)" : s.smtp_url);
    line("SMTP_USER", s.smtp_user.empty() ? "(not set)" : s.smtp_user);
    line("SMTP_PASSWORD", secret(s.smtp_password));
    line("MAIL_FROM", s.mail_from.empty() ? "(not set)" : s.mail_from);
    line("MAIL_REPLY_TO", s.mail_reply_to.empty() ? "(not set)" : s.mail_reply_to);
    line("SECRET_KEY", secret(s.secret_key));
    line("ESCALATION_MINUTES", std::to_string(s.escalation_minutes));
    line("OUTBOUND_ALLOW", s.outbound_allow.empty() ? "(public addresses only)"
                                                    : std::to_string(s.outbound_allow.size()) + " networks");
    line("OPENAI_BASE_URL", s.model.configured() ? s.model.base_url : "(not set: no language model is asked)");
    line("OPENAI_API_KEY", secret(s.model.api_key));
    line("OPENAI_MODEL", s.model.answer_model);
    line("AI_INTENT_MODEL", s.model.intent_model.empty() ? "(not set: patterns judge)" : s.model.intent_model);
    line("EMBEDDING_MODEL",
         s.model.embedding_model.empty() ? "(not set: words alone find articles)" : s.model.embedding_model);
    line("EMBEDDING_BASE_URL", s.model.embedding_model.empty() ? "(not used)" : s.model.embedding_base_url);
    line("EMBEDDING_API_KEY", secret(s.model.embedding_api_key));
    line("AI_INTENT_LOGGING_ENABLED", on(s.intent_logging));
    line("DEFAULT_SCENARIO", s.default_scenario);
    line("WIDGET_ORIGINS", s.widget_origins.empty() ? "(pages of all sites)"
                                                    : std::to_string(s.widget_origins.size()) + " sites");
    line("WHATSAPP_WEBHOOK_TOKEN", secret(s.whatsapp_webhook_token));
    line("WHATSAPP_SEND_URL", secret(s.whatsapp_send_url));
    line("WHATSAPP_SEND_TOKEN", secret(s.whatsapp_send_token));
    line("WHATSAPP_SEND_BODY", s.whatsapp_send_body.empty() ? "(not set)" : s.whatsapp_send_body);
    const auto& e = s.elevenlabs;
    line("ELEVENLABS_WEBHOOK_SECRET", e.webhook_secrets.empty() ? "(not set)" : "(set)");
    line("ELEVENLABS_WEBHOOK_TOLERANCE", std::to_string(e.webhook_tolerance));
    line("ELEVENLABS_WEBHOOK_AUDIO", on(e.webhook_audio));
    line("ELEVENLABS_API_KEY", secret(e.api_key));
    line("ELEVENLABS_AGENT_ID", e.agent_id.empty() ? "(not set)" : e.agent_id);
    line("ELEVENLABS_MODE", e.mode.empty() ? "(as set up in the dashboard)" : e.mode);
    line("ELEVENLABS_MONITOR", e.monitor.empty() ? "(as set up in the dashboard)" : e.monitor);
    line("ELEVENLABS_API_URL", e.api_url.empty() ? "(the usual one)" : e.api_url);
    for (const auto& name : s.unknown) line(name, "(accepted, has no effect in this version)");
    return out;
}

} // namespace chat_centre::config
