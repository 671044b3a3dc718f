#pragma once
// One's own notifications and preferences; webhooks, chat integrations, the outbox and mail for admins.

#include <chat_centre/base/fields.hpp>
#include <chat_centre/http/router.hpp>
#include <chat_centre/notify/notify.hpp>

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace chat_centre::notify {

struct level_set {
    static constexpr std::array<std::string_view, 3> names{"info", "warning", "urgent"};
};

struct notification_view {
    std::string notification_id;
    std::string kind;
    choice<level_set> level;
    std::string title; // title and body in the reader's language
    std::string body;
    time_point at;
    std::optional<time_point> read_at;
    std::optional<time_point> acknowledged_at;
    std::optional<std::string> conversation_id;
    std::optional<std::string> ticket_id;
    bool escalated = false; // it came here because nobody else acknowledged it
    bool settled = false;   // what it asked for has been done
};
BOOST_DESCRIBE_STRUCT(notification_view, (),
                      (notification_id, kind, level, title, body, at, read_at, acknowledged_at,
                       conversation_id, ticket_id, escalated, settled))

struct notification_page {
    std::vector<notification_view> items;
    std::optional<std::string> next_cursor;
    std::int64_t unread = 0;
};
BOOST_DESCRIBE_STRUCT(notification_page, (), (items, next_cursor, unread))

struct read_body { // neither: everything
    std::optional<std::vector<text<1, 30>>> ids;
    std::optional<text<1, 30>> up_to; // this one and all older ones
};
BOOST_DESCRIBE_STRUCT(read_body, (), (ids, up_to))

struct unread_view {
    std::int64_t unread = 0;
};
BOOST_DESCRIBE_STRUCT(unread_view, (), (unread))

struct preferences_body {
    std::optional<json> kinds; // {"handover":{"in_app":true,"browser":true,"mail":false}}; those not named stay
    std::optional<text<0, 5>> quiet_from; // "22:00" in the company's time zone; "": no quiet hours
    std::optional<text<0, 5>> quiet_to;
};
BOOST_DESCRIBE_STRUCT(preferences_body, (), (kinds, quiet_from, quiet_to))

struct preferences_view {
    json kinds;
    std::optional<std::string> quiet_from;
    std::optional<std::string> quiet_to;
    bool chosen = false; // false: nothing was ever changed, so these are the defaults
    std::string time_zone;
    bool mail_available = false;
};
BOOST_DESCRIBE_STRUCT(preferences_view, (), (kinds, quiet_from, quiet_to, chosen, time_zone, mail_available))

class own_routes {
public:
    explicit own_routes(service& s) : c_(s.parts()) {}

    boost::asio::awaitable<http::response> list(http::request r); // ?unread=true
    boost::asio::awaitable<http::response> read(http::request r);
    boost::asio::awaitable<http::response> acknowledge(http::request r);
    boost::asio::awaitable<http::response> preferences(http::request r);
    boost::asio::awaitable<http::response> change_preferences(http::request r);

    static constexpr auto table() {
        using http::verb;
        return std::to_array<http::row<own_routes>>({
            {verb::get, "/api/v1/notifications", permission::notification_own, &own_routes::list,
             "listNotifications", "One's own notifications, newest first, and how many are unread",
             http::answers<notification_page>()},
            {verb::put, "/api/v1/notifications/read", permission::notification_own, &own_routes::read,
             "readNotifications", "Mark notifications as read: some, all up to one, or all",
             http::takes<read_body, unread_view>()},
            {verb::post, "/api/v1/notifications/{id}/acknowledgement", permission::notification_own,
             &own_routes::acknowledge, "acknowledgeNotification",
             "Say that one takes care of it: it goes no further up", http::answers<unread_view>()},
            {verb::get, "/api/v1/me/notification-preferences", permission::notification_own,
             &own_routes::preferences, "getNotificationPreferences", "How one wants to hear of what",
             http::answers<preferences_view>()},
            {verb::put, "/api/v1/me/notification-preferences", permission::notification_own,
             &own_routes::change_preferences, "changeNotificationPreferences",
             "Choose how to hear of what, and when not to", http::takes<preferences_body, preferences_view>()},
        });
    }

private:
    const context& c_;
};

struct webhook_event_set {
    static constexpr std::array<std::string_view, 6> names{"conversation.new", "conversation.update",
                                                           "message.new",      "ticket.new",
                                                           "ticket.update",    "handover.requested"};
};
struct delivery_state_set {
    static constexpr std::array<std::string_view, 4> names{"waiting", "sent", "dead", "dropped"};
};

struct webhook_view {
    std::string webhook_id;
    std::string url;
    std::vector<choice<webhook_event_set>> events;
    bool active = true;
    std::optional<time_point> failing_since; // nothing has arrived since
    std::string disabled_reason;
    std::optional<time_point> former_secret_until; // two secrets sign until then
    time_point created_at;
    time_point updated_at;
    std::optional<std::string> secret; // only in the answer that made it
};
BOOST_DESCRIBE_STRUCT(webhook_view, (),
                      (webhook_id, url, events, active, failing_since, disabled_reason, former_secret_until,
                       created_at, updated_at, secret))

struct webhook_page {
    std::vector<webhook_view> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(webhook_page, (), (items, next_cursor))

struct new_webhook_body {
    text<1, 2000> url;
    std::vector<choice<webhook_event_set>> events;
    std::optional<bool> active;
};
BOOST_DESCRIBE_STRUCT(new_webhook_body, (), (url, events, active))

struct webhook_change_body {
    std::optional<text<1, 2000>> url;
    std::optional<std::vector<choice<webhook_event_set>>> events;
    std::optional<bool> active;
};
BOOST_DESCRIBE_STRUCT(webhook_change_body, (), (url, events, active))

struct attempt_view {
    time_point at;
    std::int64_t status = 0; // of the answer; 0: there was none
    std::string error;       // "": it arrived
    std::int64_t took_ms = 0;
};
BOOST_DESCRIBE_STRUCT(attempt_view, (), (at, status, error, took_ms))

struct delivery_view {
    std::string delivery_id;
    std::string message_id; // webhook-id: the same at every attempt
    std::string type;
    choice<delivery_state_set> state;
    time_point created_at;
    std::optional<time_point> done_at;
    std::optional<time_point> next_attempt_at;
    std::vector<attempt_view> attempts;
    json payload;
};
BOOST_DESCRIBE_STRUCT(delivery_view, (),
                      (delivery_id, message_id, type, state, created_at, done_at, next_attempt_at, attempts,
                       payload))

struct delivery_page {
    std::vector<delivery_view> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(delivery_page, (), (items, next_cursor))

struct queued_view {
    std::string outbox_id; // GET /api/v1/outbox/{id} tells what became of it
};
BOOST_DESCRIBE_STRUCT(queued_view, (), (outbox_id))

class webhook_routes {
public:
    explicit webhook_routes(service& s) : c_(s.parts()) {}

    boost::asio::awaitable<http::response> list(http::request r);
    boost::asio::awaitable<http::response> create(http::request r);
    boost::asio::awaitable<http::response> get(http::request r);
    boost::asio::awaitable<http::response> change(http::request r);
    boost::asio::awaitable<http::response> remove(http::request r);
    boost::asio::awaitable<http::response> rotate(http::request r);
    boost::asio::awaitable<http::response> test(http::request r);
    boost::asio::awaitable<http::response> deliveries(http::request r); // ?state=
    boost::asio::awaitable<http::response> replay(http::request r);

    static constexpr auto table() {
        using http::verb;
        constexpr auto who = permission::webhook_write;
        return std::to_array<http::row<webhook_routes>>({
            {verb::get, "/api/v1/webhooks", who, &webhook_routes::list, "listWebhooks", "Outgoing webhooks",
             http::answers<webhook_page>()},
            {verb::post, "/api/v1/webhooks", who, &webhook_routes::create, "createWebhook",
             "Send events to an address, signed by the Standard Webhooks specification; shows the secret once",
             http::takes<new_webhook_body, webhook_view>(201)},
            {verb::get, "/api/v1/webhooks/{id}", who, &webhook_routes::get, "getWebhook", "One webhook",
             http::answers<webhook_view>()},
            {verb::patch, "/api/v1/webhooks/{id}", who, &webhook_routes::change, "changeWebhook",
             "Change a webhook, or switch it on or off", http::takes<webhook_change_body, webhook_view>()},
            {verb::del, "/api/v1/webhooks/{id}", who, &webhook_routes::remove, "removeWebhook",
             "Remove a webhook with its deliveries", http::answers<no_body>(204)},
            {verb::post, "/api/v1/webhooks/{id}/secret", who, &webhook_routes::rotate, "rotateWebhookSecret",
             "Make a new secret; the former one signs beside it for 24 hours", http::answers<webhook_view>()},
            {verb::post, "/api/v1/webhooks/{id}/test", who, &webhook_routes::test, "testWebhook",
             "Send an event of type test", http::answers<queued_view>(202)},
            {verb::get, "/api/v1/webhooks/{id}/deliveries", who, &webhook_routes::deliveries, "listDeliveries",
             "What was sent, newest first, with every attempt", http::answers<delivery_page>()},
            {verb::post, "/api/v1/webhook-deliveries/{id}/replay", who, &webhook_routes::replay,
             "replayDelivery", "Send it again under the same id", http::answers<queued_view>(202)},
        });
    }

private:
    const context& c_;
};

struct integration_kind_set {
    static constexpr std::array<std::string_view, 2> names{"slack", "teams"};
};

struct integration_view {
    std::string integration_id;
    choice<integration_kind_set> kind;
    std::string name;
    std::string url_host; // the address itself is a secret, and not shown again
    std::vector<std::string> events;
    bool active = true;
    time_point created_at;
    time_point updated_at;
};
BOOST_DESCRIBE_STRUCT(integration_view, (),
                      (integration_id, kind, name, url_host, events, active, created_at, updated_at))

struct integration_page {
    std::vector<integration_view> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(integration_page, (), (items, next_cursor))

// events: kinds of notices ("handover", "sla.breach"), families ("sla"), levels ("urgent") or "*".
struct new_integration_body {
    choice<integration_kind_set> kind;
    text<1, 100> name;
    text<1, 2000> url;
    std::vector<text<1, 50>> events;
    std::optional<bool> active;
};
BOOST_DESCRIBE_STRUCT(new_integration_body, (), (kind, name, url, events, active))

struct integration_change_body {
    std::optional<text<1, 100>> name;
    std::optional<text<1, 2000>> url;
    std::optional<std::vector<text<1, 50>>> events;
    std::optional<bool> active;
};
BOOST_DESCRIBE_STRUCT(integration_change_body, (), (name, url, events, active))

struct outbox_kind_set {
    static constexpr std::array<std::string_view, 4> names{"mail", "slack", "teams", "webhook"};
};

struct outbox_view {
    std::string outbox_id;
    choice<outbox_kind_set> kind;
    std::string message_id;
    std::string recipient;
    std::string subject;
    choice<delivery_state_set> state;
    std::int64_t attempts = 0;
    std::int64_t last_status = 0;
    std::string last_error;
    time_point created_at;
    std::optional<time_point> done_at;
    std::optional<time_point> next_attempt_at;
};
BOOST_DESCRIBE_STRUCT(outbox_view, (),
                      (outbox_id, kind, message_id, recipient, subject, state, attempts, last_status,
                       last_error, created_at, done_at, next_attempt_at))

struct outbox_page {
    std::vector<outbox_view> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(outbox_page, (), (items, next_cursor))

struct mail_status_view {
    bool configured = false;
    std::string server;
    bool tls = false; // required
    std::string from;
    std::int64_t waiting = 0;
    std::int64_t dead = 0;
    std::optional<time_point> last_sent_at;
    std::optional<time_point> last_failure_at;
    std::string last_error;
};
BOOST_DESCRIBE_STRUCT(mail_status_view, (),
                      (configured, server, tls, from, waiting, dead, last_sent_at, last_failure_at, last_error))

struct mail_test_body {
    text<3, 254> to;
};
BOOST_DESCRIBE_STRUCT(mail_test_body, (), (to))

class outgoing_routes {
public:
    explicit outgoing_routes(service& s) : c_(s.parts()) {}

    boost::asio::awaitable<http::response> list(http::request r);
    boost::asio::awaitable<http::response> create(http::request r);
    boost::asio::awaitable<http::response> change(http::request r);
    boost::asio::awaitable<http::response> remove(http::request r);
    boost::asio::awaitable<http::response> test(http::request r);
    boost::asio::awaitable<http::response> outbox(http::request r); // ?state= ?kind=
    boost::asio::awaitable<http::response> outbox_item(http::request r);
    boost::asio::awaitable<http::response> retry(http::request r);
    boost::asio::awaitable<http::response> mail_status(http::request r);
    boost::asio::awaitable<http::response> mail_test(http::request r);

    static constexpr auto table() {
        using http::verb;
        constexpr auto who = permission::desk_write;
        return std::to_array<http::row<outgoing_routes>>({
            {verb::get, "/api/v1/integrations", who, &outgoing_routes::list, "listIntegrations",
             "Slack and Teams channels that notices go to", http::answers<integration_page>()},
            {verb::post, "/api/v1/integrations", who, &outgoing_routes::create, "createIntegration",
             "Connect a Slack or Teams channel by its incoming webhook",
             http::takes<new_integration_body, integration_view>(201)},
            {verb::patch, "/api/v1/integrations/{id}", who, &outgoing_routes::change, "changeIntegration",
             "Change a connection, or switch it on or off",
             http::takes<integration_change_body, integration_view>()},
            {verb::del, "/api/v1/integrations/{id}", who, &outgoing_routes::remove, "removeIntegration",
             "Remove a connection", http::answers<no_body>(204)},
            {verb::post, "/api/v1/integrations/{id}/test", who, &outgoing_routes::test, "testIntegration",
             "Post a test message", http::answers<queued_view>(202)},
            {verb::get, "/api/v1/outbox", who, &outgoing_routes::outbox, "listOutbox",
             "What leaves the server, newest first; state=dead: what was given up",
             http::answers<outbox_page>()},
            {verb::get, "/api/v1/outbox/{id}", who, &outgoing_routes::outbox_item, "getOutboxItem",
             "What became of one", http::answers<outbox_view>()},
            {verb::post, "/api/v1/outbox/{id}/retry", who, &outgoing_routes::retry, "retryOutboxItem",
             "Try one that was given up again, under the same id", http::answers<outbox_view>(202)},
            {verb::get, "/api/v1/mail/status", who, &outgoing_routes::mail_status, "getMailStatus",
             "Whether mail is set up, and how it goes", http::answers<mail_status_view>()},
            {verb::post, "/api/v1/mail/test", who, &outgoing_routes::mail_test, "testMail",
             "Send a test mail", http::takes<mail_test_body, queued_view>(202)},
        });
    }

private:
    const context& c_;
};

} // namespace chat_centre::notify
