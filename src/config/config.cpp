#include <chat_centre/config/config.hpp>

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
constexpr std::array<std::string_view, 12> accepted_without_effect{
    "SUPABASE_URL",         "SUPABASE_KEY",    "SUPABASE_SERVICE_ROLE_KEY",
    "CALL_CENTER_LOG_FILE", "IVR_MAX_RETRIES", "IVR_TIMEOUT_SECONDS",
    "AI_INTENT_MODEL",      "OPENAI_API_KEY",  "GOOGLE_AI_API_KEY",
    "AVATARY_OVERRIDES",    "REDIS_URL",       "MONGODB_URI"};

std::string trim(std::string_view s) {
    while (!s.empty() && (s.front() == ' ' || s.front() == '\t' || s.front() == '\r')) s.remove_prefix(1);
    while (!s.empty() && (s.back() == ' ' || s.back() == '\t' || s.back() == '\r')) s.remove_suffix(1);
    return std::string(s);
}

std::string lower(std::string s) {
    std::transform(s.begin(), s.end(), s.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return s;
}

class reader {
public:
    explicit reader(const std::function<std::optional<std::string>(const std::string&)>& get) : get_(get) {}

    void text(const char* name, std::string& out) {
        if (auto v = get_(name)) out = *v;
    }
    template <class T>
    void number(const char* name, T& out, T lo, T hi) {
        const auto v = get_(name);
        if (!v || v->empty()) return;
        T parsed{};
        const auto [end, failed] = std::from_chars(v->data(), v->data() + v->size(), parsed);
        if (failed != std::errc{} || end != v->data() + v->size() ||
            !(parsed >= lo && parsed <= hi)) // so that "nan" is refused
            bad(name, *v, "a number from " + plain(lo) + " to " + plain(hi));
        else
            out = parsed;
    }
    void flag(const char* name, bool& out) {
        const auto v = get_(name);
        if (!v || v->empty()) return;
        const std::string s = lower(*v);
        if (s == "true" || s == "1" || s == "on" || s == "yes" || s == "enabled")
            out = true;
        else if (s == "false" || s == "0" || s == "off" || s == "no" || s == "disabled")
            out = false;
        else
            bad(name, *v, "true or false");
    }
    void one_of(const char* name, std::string& out, std::initializer_list<std::string_view> allowed) {
        const auto v = get_(name);
        if (!v || v->empty()) return;
        const std::string s = lower(*v);
        if (std::find(allowed.begin(), allowed.end(), s) != allowed.end()) {
            out = s;
            return;
        }
        std::string names;
        for (auto a : allowed) names += (names.empty() ? "" : ", ") + std::string(a);
        bad(name, *v, "one of " + names);
    }
    void time_of_day(const char* name, std::string& out) {
        const auto v = get_(name);
        if (!v || v->empty()) return;
        const bool shaped = v->size() == 5 && (*v)[2] == ':' && std::isdigit((*v)[0]) != 0 &&
                            std::isdigit((*v)[1]) != 0 && std::isdigit((*v)[3]) != 0 &&
                            std::isdigit((*v)[4]) != 0;
        if (!shaped || *v > "24:00" || v->substr(3) > "59")
            bad(name, *v, "a time of day such as 09:00");
        else
            out = *v;
    }
    void list(const char* name, std::vector<std::string>& out) {
        const auto v = get_(name);
        if (!v) return;
        std::string_view rest = *v;
        while (!rest.empty()) {
            const auto comma = rest.find(',');
            if (auto item = trim(rest.substr(0, comma)); !item.empty()) out.push_back(item);
            if (comma == std::string_view::npos) break;
            rest.remove_prefix(comma + 1);
        }
    }
    void bad(const char* name, const std::string& value, const std::string& allowed) {
        problems_ += "\n  " + std::string(name) + "=\"" + value + "\" is not " + allowed + ".";
    }
    void finish() const {
        if (!problems_.empty()) throw startup_error("Some settings need correcting:" + problems_);
    }

private:
    static std::string plain(double v) {
        std::string s = std::to_string(v);
        s.erase(s.find_last_not_of('0') + 1);
        if (s.back() == '.') s.pop_back();
        return s;
    }
    template <class T>
        requires std::is_integral_v<T>
    static std::string plain(T v) {
        return std::to_string(v);
    }

    const std::function<std::optional<std::string>(const std::string&)>& get_;
    std::string problems_;
};

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
    r.time_of_day("BUSINESS_HOURS_START", s.business_hours_start);
    r.time_of_day("BUSINESS_HOURS_END", s.business_hours_end);
    r.number<double>("AI_INTENT_CONFIDENCE_THRESHOLD", s.intent_threshold, 0.0, 1.0);
    r.flag("AI_INTENT_DETECTION_ENABLED", s.intent_detection);
    r.flag("AI_INTENT_LOGGING_ENABLED", s.intent_logging);
    r.flag("CALL_CENTER_MODE", s.call_center_mode);
    r.flag("CALL_CENTER_ENABLED", s.call_center_mode);
    r.number<double>("RATE_LIMIT_SCALE", s.rate_limit_scale, 0.01, 1e6);
    r.flag("RATE_LIMITS", s.rate_limits);
    r.list("TRUSTED_PROXIES", s.trusted_proxies);
    r.text("PUBLIC_URL", s.public_url);
    r.flag("COOKIE_SECURE", s.cookie_secure);
    r.number<int>("DATABASE_THREADS", s.database_threads, 1, 64);
    r.number<int>("SYNC_RATE_LIMIT", s.sync_rate_limit, 0, 1'000'000);
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
    line("BUSINESS_HOURS", s.business_hours_start + "-" + s.business_hours_end);
    line("AI_INTENT_DETECTION_ENABLED", on(s.intent_detection));
    line("AI_INTENT_CONFIDENCE_THRESHOLD", std::to_string(s.intent_threshold));
    line("RATE_LIMITS", s.rate_limits ? "on, scale " + std::to_string(s.rate_limit_scale) : "off");
    line("COOKIE_SECURE", on(s.cookie_secure));
    for (const auto& name : s.unknown) line(name, "(accepted, has no effect in this version)");
    return out;
}

} // namespace chat_centre::config
