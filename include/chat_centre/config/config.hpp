#pragma once
// Every setting from the environment and an optional .env file, checked once at start.

#include <chat_centre/base/clock.hpp>
#include <chat_centre/base/network.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace chat_centre::config {

// A language model behind the OpenAI-compatible interface. Without a key and an address there is none.
struct model_settings {
    std::string base_url;        // OPENAI_BASE_URL; "" with a key: OpenAI's own
    bool base_url_given = false; // by the environment, so that this machine itself may be meant
    std::string api_key;         // OPENAI_API_KEY, else GOOGLE_AI_API_KEY, which means Gemini
    std::string answer_model;    // OPENAI_MODEL
    std::string intent_model;    // AI_INTENT_MODEL; "": the same
    int first_token_seconds = 8; // MODEL_FIRST_TOKEN_SECONDS
    int breaker_failures = 5;    // MODEL_BREAKER_FAILURES, within a minute
    int breaker_seconds = 30;    // MODEL_BREAKER_SECONDS: how long it is not asked then
    double input_price = 0;      // MODEL_INPUT_PRICE, of a million tokens
    double output_price = 0;     // MODEL_OUTPUT_PRICE

    std::string embedding_model;    // EMBEDDING_MODEL; "": words alone find articles
    std::string embedding_base_url; // EMBEDDING_BASE_URL; else base_url
    std::string embedding_api_key;  // EMBEDDING_API_KEY; else api_key, when the address is the model's too
    bool embedding_base_url_given = false; // by the environment, by either name

    bool configured() const { return !base_url.empty(); }
};

// ELEVENLABS_...: what is given here wins over what admins enter on the set-up page.
struct elevenlabs_settings {
    std::vector<std::string> webhook_secrets; // WEBHOOK_SECRET: several while it changes
    int webhook_tolerance = 1800;             // WEBHOOK_TOLERANCE: seconds that a signature may be old
    bool webhook_audio = false; // WEBHOOK_AUDIO: recordings are taken and kept, up to 64 MB each
    std::string api_key;        // API_KEY
    std::string agent_id;       // AGENT_ID
    std::string mode;           // MODE: own or relay
    std::string api_url;        // API_URL: other than https://api.elevenlabs.io (residency)
    std::string monitor;        // MONITOR: on or off
    std::vector<std::string> allowed_origins; // WIDGET_ORIGINS
};

struct settings {
    std::string host = "127.0.0.1";
    std::uint16_t port = 8080;
    std::string database_url; // "": a private cluster below data_dir
    std::string data_dir = "./var";
    std::string admin_email;
    std::string admin_password;
    std::string sync_api_key;
    std::string log_level = "info";
    std::string log_format = "text"; // or json
    std::string web_root;            // built front-end files; "": beside the binary, then ./web/dist

    std::string company_name = "Chat Centre";
    std::string company_name_en = "Chat Centre";
    std::string time_zone = "UTC";
    std::string default_country; // ISO letters; of telephone numbers written without "+"
    std::string assistant_name = "bibiana";
    // Of departments without hours of their own, every day, in time_zone. Used when either is given; the other one is
    // then as here.
    std::string business_hours_start = "09:00";
    std::string business_hours_end = "18:00";
    bool business_hours_given = false;
    double intent_threshold = 0.7;
    bool intent_detection = true;
    bool intent_logging = true;
    std::string default_scenario = "charity"; // DEFAULT_SCENARIO: slug, for conversations that name none
    bool call_center_mode = true;
    int ivr_max_retries = 3; // IVR_MAX_RETRIES: answers that do not fit a question, before a person takes over
    int ivr_timeout_seconds = 30; // IVR_TIMEOUT_SECONDS: of silence in a guided call, until it is asked again
    bool ivr_email_required = false;
    struct { // AVATARY_OVERRIDES: switched off in call-centre mode
        bool avatar_display = true, face_recognition = true, visual_context = true, tavus_avatar = true;
    } overrides;

    double rate_limit_scale = 1.0; // RATE_LIMIT_SCALE, multiplies every built-in limit
    bool rate_limits = true;       // RATE_LIMITS=off for a closed test network
    std::vector<std::string> trusted_proxies;
    std::string public_url;     // as customers reach us; "": derived from the request
    bool cookie_secure = false; // COOKIE_SECURE=true behind TLS
    int database_threads = 4;
    int sync_rate_limit = 0; // per second for the environment's sync key; 0: none

    std::string smtp_url; // SMTP_URL=smtp://host:587 or smtps://host; "": no mail is sent
    std::string smtp_user;
    std::string smtp_password;
    std::string mail_from;               // an address, or Name <address>
    std::string mail_reply_to;           // likewise; "": none
    std::vector<network> outbound_allow; // OUTBOUND_ALLOW: addresses that webhooks may reach though not public
    int escalation_minutes = 10;         // ESCALATION_MINUTES: until an unacknowledged urgent notice goes up
    std::string secret_key; // SECRET_KEY: seals stored secrets; "": made once, kept in data_dir (or the database_url)

    model_settings model;
    std::vector<std::string> widget_origins; // WIDGET_ORIGINS: sites whose pages may open /convai/ws; none: all
    bool convai_token_required = false;      // CONVAI_TOKEN_REQUIRED: only visitors whom a site vouches for
    bool convai_staff_names = true; // CONVAI_STAFF_NAMES: the first message of each member of staff names them
    int convai_waiting_notice =
        510; // CONVAI_WAITING_NOTICE_SECONDS: silence after which who waits is told that they do
    std::string whatsapp_webhook_token; // WHATSAPP_WEBHOOK_TOKEN: what the gateway proves itself with
    std::string whatsapp_send_url;      // WHATSAPP_SEND_URL: where replies are posted to; "": as stored
    std::string whatsapp_send_token;    // WHATSAPP_SEND_TOKEN
    std::string whatsapp_send_body;     // WHATSAPP_SEND_BODY: template; "": {"number":...,"text":...}
    elevenlabs_settings elevenlabs;

    std::vector<std::string> unknown; // documented variables that are accepted but have no effect yet
};

// Reads names from `get` (the environment over .env). Throws startup_error that names every bad variable, what
// it holds and what is allowed.
settings read(const std::function<std::optional<std::string>(const std::string&)>& get);
// The process environment over the .env file in the working directory.
settings read_environment();
// One line per setting with secrets hidden.
std::string describe(const settings& s);

} // namespace chat_centre::config
