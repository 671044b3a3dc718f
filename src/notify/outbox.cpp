#include "notify/outbox.hpp"

#include "notify/queries.hpp"
#include "notify/retry.hpp"
#include "notify/signature.hpp"
#include "notify/webhooks.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/json.hpp>
#include <chat_centre/event/event.hpp>

namespace chat_centre::notify {
namespace {

constexpr std::size_t longest_error = 300;
// Longer than any attempt may take: what was begun before a crash is begun again after it.
constexpr std::chrono::seconds lease{40};

std::string job_kind(std::string_view kind) { return "outbox." + std::string(kind); }

// What goes to the same endpoint or channel shares its hands, so that one which hangs does not hold up the others.
std::string lane_of(std::int64_t webhook, std::int64_t integration) {
    if (webhook != 0) return "webhook-" + std::to_string(webhook);
    return integration != 0 ? "integration-" + std::to_string(integration) : std::string{};
}

// Dot-atoms, so they are good for a Message-ID; without a '.', which the signature of a webhook uses.
std::string new_message_id(const context& c, std::string_view kind) {
    if (kind != "mail") return "msg_" + random_token(21);
    return "cc-" + random_token(21) + "@" + c.from.address.substr(c.from.address.find('@') + 1);
}

bool arrived(int status) { return status >= 200 && status < 300; }

} // namespace

std::int64_t put(db::tx& t, const context& c, const outgoing& o, time_point due) {
    const auto now = c.clock.now();
    const auto row = t.maybe(sql::add_outbox, o.kind, new_message_id(c, o.kind), o.cause, o.webhook,
                             o.integration, o.recipient, o.subject, o.payload, now);
    if (!row) return 0;
    const auto id = row->get<std::int64_t>(0);
    jobs::schedule(t, job_kind(o.kind),
                   {{std::to_string(id), due, json::object(), lane_of(o.webhook, o.integration)}}, now);
    return id;
}

bool send_again(db::tx& t, std::int64_t id, bool any_state, time_point now) {
    const auto row = t.maybe(sql::wait_again, id, any_state);
    if (!row) return false;
    const auto lane = lane_of(row->get<std::int64_t>(1), row->get<std::int64_t>(2));
    jobs::schedule(t, job_kind(row->get<std::string>(0)), {{std::to_string(id), now, json::object(), lane}},
                   now);
    return true;
}

std::optional<stored_outgoing> find_outgoing(db::tx& t, std::int64_t id) {
    const auto r = t.maybe(sql::find_outbox, id);
    if (!r) return std::nullopt;
    return stored_outgoing{r->get<std::int64_t>(0), r->get<std::string>(1),  r->get<std::string>(2),
                           r->get<std::int64_t>(3), r->get<std::int64_t>(4), r->get<std::string>(5),
                           r->get<std::string>(6),  r->get<std::string>(7),  r->get<std::string>(8),
                           r->get<int>(9),          r->get<time_point>(10)};
}

void sender::attach(jobs::runner& mail, jobs::runner& endpoints) {
    const auto add = [this](jobs::runner& r, const char* kind, const jobs::retry_rule& rule) {
        r.perform(
            job_kind(kind), [this, rule](const jobs::job& j) { perform(j, rule); }, never_give_up(rule),
            lease);
    };
    add(mail, "mail", jobs::patient());
    add(endpoints, "slack", jobs::patient());
    add(endpoints, "teams", jobs::patient());
    add(endpoints, "webhook", &webhook_retry);
}

void sender::perform(const jobs::job& j, const jobs::retry_rule& rule) {
    const auto id = std::stoll(j.key);
    const auto o = c_.pool.run_blocking([id](db::tx& t) { return find_outgoing(t, id); });
    if (!o || o->state != "waiting")
        return; // removed with its endpoint, or sent by an attempt that died afterwards
    const auto began = c_.clock.steady();
    const auto took = [&] {
        return std::chrono::duration_cast<std::chrono::milliseconds>(c_.clock.steady() - began).count();
    };
    try {
        const int status = deliver(*o);
        c_.pool.run_blocking([&, ms = took()](db::tx& t) {
            t.exec(sql::add_attempt, id, c_.clock.now(), status, "", "sent", ms);
            if (o->webhook != 0) t.exec(sql::webhook_arrived, o->webhook);
        });
    } catch (const dropped& d) {
        c_.pool.run_blocking([&](db::tx& t) { t.exec(sql::drop_outbox, id, c_.clock.now(), d.what()); });
    } catch (const not_delivered& f) {
        const std::string why = std::string(f.what()).substr(0, longest_error);
        const bool last = f.for_good || !rule(j.attempts);
        c_.pool.run_blocking([&, ms = took()](db::tx& t) {
            t.exec(sql::add_attempt, id, c_.clock.now(), f.status, why, last ? "dead" : "waiting", ms);
            if (o->webhook != 0) note_failure(t, o->webhook, f.status, why, c_.clock.now());
        });
        if (!last) throw;
    }
}

int sender::deliver(const stored_outgoing& o) const {
    try {
        if (o.kind == "mail") return deliver_mail(o);
        return o.kind == "webhook" ? deliver_webhook(o) : deliver_chat(o);
    } catch (const http::no_answer& e) {
        throw not_delivered(0, e.what());
    } catch (const mail_refused& e) {
        throw not_delivered(e.status, e.what(), e.for_good());
    }
}

int sender::deliver_mail(const stored_outgoing& o) const {
    if (!c_.smtp.configured()) throw not_delivered(0, "no mail server is configured (SMTP_URL)");
    const json p = json::parse(o.payload);
    mail m;
    m.from = c_.from;
    m.to = {p.value("name", ""), o.recipient};
    m.reply_to = c_.reply_to;
    m.message_id = o.message_id;
    m.subject = o.subject;
    m.text = p.value("text", "");
    if (const auto sealed = p.find("sealed"); sealed != p.end()) {
        const auto text = c_.box.open(sealed->get<std::string>(), mail_purpose);
        if (!text) throw not_delivered(0, "the stored mail cannot be opened: SECRET_KEY has changed", true);
        m.text = *text;
    }
    m.language = p.value("language", "en");
    m.date = o.created_at;
    send_mail(c_.smtp, c_.from.address, o.recipient, to_mime(m));
    return 250;
}

int sender::deliver_chat(const stored_outgoing& o) const {
    const auto sealed = c_.pool.run_blocking([&](db::tx& t) -> std::optional<std::string> {
        const auto row = t.maybe(sql::integration_url, o.integration);
        return row ? std::optional(row->get<std::string>(0)) : std::nullopt;
    });
    if (!sealed) throw dropped("the integration was removed");
    const auto url = c_.box.open(*sealed, integration_purpose);
    if (!url)
        throw not_delivered(0, "the stored address cannot be opened: SECRET_KEY has changed; enter it anew");
    const auto answer = http::post(c_.rules, *url, o.payload, {{"Content-Type", "application/json"}});
    // The answer's text is not shown to people: the address may be somebody else's.
    if (!arrived(answer.status))
        throw not_delivered(answer.status, "answered " + std::to_string(answer.status));
    return answer.status;
}

int sender::deliver_webhook(const stored_outgoing& o) const {
    const auto now = c_.clock.now();
    const auto w = c_.pool.run_blocking([&](db::tx& t) { return webhook_target(t, c_, o.webhook, now); });
    if (!w || !w->active) throw dropped("the webhook is switched off");
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    const std::string timestamp = std::to_string(seconds);
    const auto answer =
        http::post(c_.rules, w->url, o.payload,
                   {{"Content-Type", "application/json"},
                    {"User-Agent", "chat-centre/" CHAT_CENTRE_VERSION},
                    {"webhook-id", o.message_id},
                    {"webhook-timestamp", timestamp},
                    {"webhook-signature", sign_all(w->secrets, o.message_id, timestamp, o.payload)}});
    if (!arrived(answer.status))
        throw not_delivered(answer.status, "answered " + std::to_string(answer.status), answer.status == gone);
    return answer.status;
}

} // namespace chat_centre::notify
