#include "notify/webhooks.hpp"

#include "notify/outbox.hpp"
#include "notify/queries.hpp"
#include "notify/retry.hpp"
#include "notify/wording.hpp"

#include <algorithm>

namespace chat_centre::notify {

std::optional<target> webhook_target(db::tx& t, const context& c, std::int64_t webhook, time_point now) {
    const auto row = t.maybe(sql::find_webhook, webhook);
    if (!row) return std::nullopt;
    target out{row->get<std::string>(1), row->get<bool>(3), {}};
    const auto sealed = t.one(sql::webhook_secrets, webhook, now);
    for (const int column : {0, 1}) {
        if (sealed.is_null(column)) continue;
        auto secret = c.box.open(sealed.text(column), webhook_purpose);
        if (secret) out.secrets.push_back(std::move(*secret));
    }
    if (out.secrets.empty())
        throw not_delivered(0,
                            "the stored secret cannot be opened: SECRET_KEY has changed; make a new secret");
    return out;
}

std::string webhook_body(const event::entry& e) {
    std::string out = R"({"type":)";
    append_json_string(out, e.type);
    out += R"(,"timestamp":")" + to_rfc3339(e.at) + R"(","event_id":)" + std::to_string(e.id) + R"(,"data":)";
    out += e.data.empty() ? "{}" : e.data;
    return out + "}";
}

std::string test_body(time_point now) {
    return R"({"type":"test","timestamp":")" + to_rfc3339(now) + R"(","data":{"text":"It works."}})";
}

std::vector<std::string> wanted_types(db::tx& t) {
    std::vector<std::string> out;
    for (const auto r : t.many(sql::wanted_types)) out.push_back(r.get<std::string>(0));
    return out;
}

void enqueue(db::tx& t, const context& c, const std::vector<event::entry>& events) {
    struct endpoint {
        std::int64_t id;
        std::string host;
        std::vector<std::string> types;
        std::int64_t from;
    };
    std::vector<endpoint> endpoints;
    for (const auto r : t.many(sql::active_webhooks))
        endpoints.push_back({r.get<std::int64_t>(0), http::host_of(r.get<std::string>(1)),
                             json::parse(r.text(2)).get<std::vector<std::string>>(), r.get<std::int64_t>(3)});
    const auto now = c.clock.now();
    for (const auto& e : events) {
        for (const auto& to : endpoints) {
            if (e.id <= to.from || std::find(to.types.begin(), to.types.end(), e.type) == to.types.end())
                continue;
            outgoing o;
            o.kind = "webhook";
            o.cause = "webhook-" + std::to_string(to.id) + ":event-" + std::to_string(e.id);
            o.webhook = to.id;
            o.recipient = to.host;
            o.subject = e.type;
            o.payload = webhook_body(e);
            put(t, c, o, now);
        }
    }
}

bool must_disable(int status, time_point failing_since, time_point now) {
    return status == gone || now - failing_since >= disable_after;
}

void note_failure(db::tx& t, std::int64_t webhook, int status, const std::string& why, time_point now) {
    const auto row = t.maybe(sql::webhook_failed, webhook, now);
    if (!row || !must_disable(status, row->get<time_point>(0), now)) return;
    const auto off = t.maybe(sql::disable_webhook, webhook, why, now);
    if (!off) return; // it was off already
    auto n = webhook_disabled_notice(http::host_of(off->get<std::string>(0)), why);
    n.key = "webhook.disabled:" + std::to_string(webhook) + ":" + to_rfc3339(now);
    for (const auto r : t.many(sql::staff_of_role, "admin")) n.to_staff.push_back(r.get<std::int64_t>(0));
    std::vector<event::entry> events{event::notice_entry(n, now)};
    event::append(t, events);
}

} // namespace chat_centre::notify
