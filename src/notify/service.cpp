#include <chat_centre/notify/notify.hpp>

#include "notify/centre.hpp"
#include "notify/outbox.hpp"
#include "notify/queries.hpp"
#include "notify/webhooks.hpp"

#include <chat_centre/base/base64.hpp>
#include <chat_centre/base/error.hpp>

#include <spdlog/spdlog.h>

namespace chat_centre::notify {
namespace {

using namespace std::chrono_literals;

constexpr const char* sweep_job = "notify.sweep";
constexpr auto sweep_every = std::chrono::hours(24);
// An endpoint that hangs holds up a thread for 15 s: two of these at first, and one from its first failure on.
constexpr std::size_t endpoint_threads = 8;
constexpr int threads_per_endpoint = 2;
constexpr auto keep_sent = std::chrono::days(30);
constexpr auto keep_notices = std::chrono::days(180);

std::unique_ptr<context> make_context(db::pool& pool, const clock_source& clock, const config::settings& s) {
    auto c = std::make_unique<context>(context{
        pool, clock, secret_box(), {}, {}, {}, {}, {}, s.time_zone, std::chrono::minutes(s.escalation_minutes)});
    c->rules.allow = s.outbound_allow;
    c->smtp.url = s.smtp_url;
    c->smtp.user = s.smtp_user;
    c->smtp.password = s.smtp_password;
    if (const auto from = parse_mailbox(s.mail_from)) c->from = *from;
    if (c->from.name.empty()) c->from.name = s.company_name_en;
    if (!s.mail_reply_to.empty()) c->reply_to = parse_mailbox(s.mail_reply_to);
    c->own = {s.company_name_en, s.company_name, s.public_url};
    return c;
}

// A private cluster and its key share the data folder and its fate. Servers of one database must share the key, so
// without SECRET_KEY it is kept there, where it protects less.
std::string find_key(db::pool& pool, const config::settings& s) {
    if (!s.secret_key.empty()) return key_of_text(s.secret_key);
    if (s.database_url.empty()) return key_of_folder(s.data_dir);
    return pool.run_blocking([fresh = to_base64(new_key())](db::tx& t) {
        if (t.exec(sql::keep_key, fresh) > 0)
            spdlog::warn(
                "SECRET_KEY is not set: the key of stored webhook secrets is kept in the database with them");
        const auto key = from_base64(t.one(sql::kept_key).text(0));
        if (!key) throw startup_error("The setting secret_key in the database is not a key.");
        return *key;
    });
}

void sweep(db::tx& t, const context& c) {
    const auto now = c.clock.now();
    t.exec(sql::sweep_outbox, now - keep_sent);
    t.exec(sql::sweep_notices, now - keep_notices);
    jobs::schedule(t, sweep_job, "", now + sweep_every, json::object(), now);
}

} // namespace

struct service::impl {
    impl(const db::settings& database, const context& c, const config::settings& s)
        : settings(s), out(c),
          centre(database, "notify", {"notice.wanted", "conversation.moved"},
                 [&c](db::tx& t, const std::vector<event::entry>& e) { handle(t, c, e); }),
          webhooks(
              database, "webhooks", [](db::tx& t) { return wanted_types(t); },
              [&c](db::tx& t, const std::vector<event::entry>& e) { enqueue(t, c, e); }),
          deliveries(database, c.clock, endpoint_threads, threads_per_endpoint) {}

    config::settings settings;
    sender out;
    event::follower centre;
    event::follower webhooks;
    jobs::runner deliveries;
};

service::service(const db::settings& database, db::pool& pool, const clock_source& clock,
                 const config::settings& settings)
    : context_(make_context(pool, clock, settings)),
      impl_(std::make_unique<impl>(database, *context_, settings)) {}
service::~service() = default;

void service::attach(jobs::runner& r) {
    impl_->out.attach(r, impl_->deliveries);
    r.handle(escalate_job, [this](db::tx& t, const jobs::job& j) { escalate(t, *context_, j); });
    r.handle(sweep_job, [this](db::tx& t, const jobs::job&) { sweep(t, *context_); });
}

void service::start() {
    context_->box = secret_box(find_key(context_->pool, impl_->settings));
    context_->pool.run_blocking([this](db::tx& t) {
        const auto now = context_->clock.now();
        jobs::schedule(t, sweep_job, "", now + 1h, json::object(), now);
    });
    impl_->centre.start();
    impl_->webhooks.start();
    impl_->deliveries.start();
}

void service::notice(const event::entries& batch) {
    impl_->centre.notice(batch);
    impl_->webhooks.notice(batch);
}

void service::mail_customer(db::tx& t, const customer_mail& m) const {
    if (!context_->smtp.configured()) return;
    outgoing o;
    o.kind = "mail";
    o.cause = m.cause;
    o.recipient = m.to;
    o.subject = m.subject;
    o.payload = dump(
        {{"sealed", context_->box.seal(m.text, mail_purpose)}, {"language", m.language}, {"name", m.name}});
    put(t, *context_, o, context_->clock.now());
}

std::string service::seal(std::string_view text, std::string_view purpose) const {
    return context_->box.seal(text, purpose);
}

std::optional<std::string> service::open(std::string_view sealed, std::string_view purpose) const {
    return context_->box.open(sealed, purpose);
}
const secret_box& service::box() const { return context_->box; }

void service::stop() {
    impl_->centre.stop();
    impl_->webhooks.stop();
    impl_->deliveries.stop();
}

} // namespace chat_centre::notify
