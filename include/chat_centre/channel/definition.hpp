#pragma once
// A channel that is set up rather than built, and all of them in memory: what a post to one is judged by is looked up on
// the I/O thread.

#include <chat_centre/base/clock.hpp>
#include <chat_centre/channel/mapping.hpp>
#include <chat_centre/db/tx.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chat_centre::channel {

// Where replies are posted to.
struct send_address {
    std::string url; // "": replies stay here
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;  // template; "": default_template
    bool form = false; // application/x-www-form-urlencoded instead of JSON
};

struct definition {
    std::int64_t id = 0;
    std::string name, kind; // whatsapp, json
    std::string name_en, name_ar;
    bool active = true;
    std::string scenario;
    std::string secret; // opened; "": none
    std::string secret_header;
    mapping map;
    send_address send;
    std::string send_host;
    std::vector<std::string> send_header_names;
    bool unreadable = false; // something sealed could not be opened: SECRET_KEY has changed
    time_point created_at{}, updated_at{};
};

// Secrets as they are stored. What is sealed for one purpose opens for no other.
struct sealing {
    std::function<std::string(std::string_view text, std::string_view purpose)> seal;
    std::function<std::optional<std::string>(std::string_view sealed, std::string_view purpose)> open;
};
inline constexpr const char* channel_purpose = "channel";

// What the environment says of WhatsApp; it wins over what is stored.
struct whatsapp_environment {
    std::string webhook_token; // WHATSAPP_WEBHOOK_TOKEN
    std::string send_url, send_token, send_body;
    bool sends() const { return !send_url.empty(); }
};

class directory {
public:
    directory(sealing box, whatsapp_environment whatsapp);

    // Reads the table, anew at each call. Also decides from which event on replies are sent, for channels that have just
    // begun or ceased to. Database threads; not in the transaction that changes the table, which others do not see yet.
    void load(db::tx& t);

    using list = std::vector<definition>;
    std::shared_ptr<const list> all() const;                     // any thread; in order of id
    std::optional<definition> find(std::string_view name) const; // switched off, too

    const sealing& box() const { return box_; }
    const whatsapp_environment& environment() const { return whatsapp_; }

private:
    definition read(const db::row& r) const;

    sealing box_;
    whatsapp_environment whatsapp_;
    std::mutex loading_;
    mutable std::mutex mutex_;         // guards what follows
    std::shared_ptr<const list> list_; // replaced as a whole
};

} // namespace chat_centre::channel
