#include <chat_centre/channel/deliveries.hpp>

#include "channel/delivery_notice.hpp"
#include "channel/queries.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/channel/adapter.hpp>
#include <chat_centre/channel/heard.hpp>
#include <chat_centre/channel/reply_template.hpp>

#include <spdlog/spdlog.h>

#include <algorithm>
#include <map>
#include <random>
#include <stdexcept>

namespace chat_centre::channel {
namespace {

using namespace std::chrono_literals;

constexpr const char* send_job = "channel.send"; // keyed by conversation
constexpr const char* sweep_job = "channel.sweep";
constexpr auto sweep_every = 24h;
constexpr auto keep_sent = std::chrono::days(30);
// Longer than any attempt may take: what was begun before a crash is begun again after it.
constexpr std::chrono::seconds claim{40};
constexpr std::size_t sender_threads = 8;
constexpr int threads_per_channel = 4; // one that hangs leaves hands for the others
constexpr std::size_t longest_error_text = 300;

struct claimed_reply {
    std::int64_t id = 0, channel = 0;
    int seq = 0;
    time_point since{};
    reply_facts facts;
};

constexpr const char* no_gateway = "the channel has no gateway to send by";

class not_sent : public std::runtime_error {
public:
    not_sent(int s, const std::string& why, bool final_answer)
        : std::runtime_error(why), status(s), for_good(final_answer) {}
    int status;
    bool for_good;
};

std::string send_lane(std::int64_t channel) { return "channel-" + std::to_string(channel); }

void schedule_send(db::tx& t, std::int64_t conversation, std::int64_t channel, time_point due, time_point now) {
    jobs::schedule(t, send_job, {{std::to_string(conversation), due, json::object(), send_lane(channel)}},
                   now);
}

void tell(db::tx& t, std::int64_t conversation, int seq, const std::string& message_id, const char* state,
          const std::string& why, time_point now) {
    auto e = delivery_notice(t, conversation, seq, message_id, state, why, now);
    if (!e) return;
    std::vector<event::entry> events{std::move(*e)};
    event::append(t, events);
}

} // namespace

struct deliveries::impl {
    impl(const db::settings& database, db::pool& p, const clock_source& c, context& x)
        : pool(p), clock(c), shared(x),
          follower(
              database, "channels",
              [](db::tx& t) {
                  return t.maybe(sql::channels_that_send) ? std::vector<std::string>{"message.new"}
                                                          : std::vector<std::string>{};
              },
              [this](db::tx& t, const std::vector<event::entry>& events) { enqueue(t, events); }),
          runner(database, c, sender_threads, threads_per_channel) {
        runner.perform(send_job, [this](const jobs::job& j) { perform(j); }, send_pause, 2 * claim);
        runner.handle(sweep_job, [this](db::tx& t, const jobs::job&) {
            const auto now = clock.now();
            t.exec(sql::sweep_deliveries, now - keep_sent);
            jobs::schedule(t, sweep_job, "", now + sweep_every, json::object(), now);
        });
    }

    void enqueue(db::tx& t, const std::vector<event::entry>& events) {
        db::array id, conversation, seq;
        for (const auto& e : events) {
            if (e.message_seq == 0 && e.data.empty()) continue;
            const json data = json::parse(e.data, nullptr, false);
            if (!data.is_object() || data.value("role", "user") == "user") continue;
            id.add(e.id);
            conversation.add(e.conversation);
            seq.add(data.value("seq", std::int64_t{0}));
        }
        if (id.empty()) return;
        const auto now = clock.now();
        std::map<std::int64_t, std::int64_t> waiting;
        for (const auto r : t.many(sql::add_deliveries, id, conversation, seq, now))
            waiting[r.get<std::int64_t>(0)] = r.get<std::int64_t>(1);
        for (const auto& [talk, channel] : waiting) schedule_send(t, talk, channel, now, now);
    }

    // One reply of the conversation; the next one has the job anew.
    void perform(const jobs::job& j) {
        const auto conversation = std::stoll(j.key);
        const auto reply = pool.run_blocking([&](db::tx& t) { return take(t, conversation); });
        if (!reply) return;
        try {
            const auto d = channel_of(*reply);
            if (!d) return end(*reply, "dropped", 0, "the channel is switched off, or has no address");
            const auto got = send(*d, *reply);
            end(*reply, "sent", got.status, "", got.external_id);
        } catch (const not_sent& f) {
            const std::string why = std::string(f.what()).substr(0, longest_error_text);
            const bool last = f.for_good || clock.now() - reply->since >= give_up_after;
            if (last) return end(*reply, "dead", f.status, why);
            pool.run_blocking([&](db::tx& t) {
                t.exec(sql::end_attempt, reply->id, "waiting", f.status, why, "", clock.now());
            });
            throw;
        }
    }

    std::optional<claimed_reply> take(db::tx& t, std::int64_t conversation) {
        const auto now = clock.now();
        const auto r = t.maybe(sql::next_delivery, conversation);
        if (!r) return std::nullopt;
        claimed_reply out;
        out.id = r->get<std::int64_t>(0);
        out.channel = r->get<std::int64_t>(1);
        if (const auto until = r->get<std::optional<time_point>>(4); until && *until > now) {
            // Another process is at it, or was when it ended: look again when its time is over.
            schedule_send(t, conversation, out.channel, *until + 1s, now);
            return std::nullopt;
        }
        out.seq = r->get<int>(2);
        out.since = r->get<time_point>(3);
        out.facts.conversation = conversation;
        out.facts.message_id = r->get<std::string>(5);
        out.facts.role = r->get<std::string>(6);
        out.facts.sender = r->get<std::string>(7);
        out.facts.text = r->get<std::string>(8);
        out.facts.user_id = r->get<std::string>(9);
        out.facts.user_phone = r->get<std::string>(10);
        out.facts.name = r->get<std::string>(11);
        out.facts.session = r->get<std::string>(12);
        t.exec(sql::claim_delivery, out.id, now + claim);
        return out;
    }

    std::optional<definition> channel_of(const claimed_reply& reply) const {
        const auto known = shared.known.all();
        const auto it = std::find_if(known->begin(), known->end(),
                                     [&](const definition& d) { return d.id == reply.channel; });
        if (it == known->end() || !it->active) return std::nullopt;
        if (it->unreadable)
            throw not_sent(0, "the stored address cannot be opened: SECRET_KEY has changed; enter it anew",
                           false);
        return it->send.url.empty() ? std::nullopt : std::optional(*it);
    }

    posted send(const definition& d, const claimed_reply& reply) const {
        const auto* built_in = find_adapter(d.kind);
        const auto most = built_in != nullptr ? built_in->most_characters : most_characters_stored;
        posted last;
        int number = 0;
        for (auto& part : in_parts(reply.facts.text, most)) {
            reply_facts f = reply.facts;
            f.text = std::move(part);
            auto key = f.message_id + (++number > 1 ? "-" + std::to_string(number) : "");
            try {
                last = post_reply(shared.rules, d.send, f, key);
            } catch (const http::no_answer& e) {
                throw not_sent(0, e.what(), false);
            }
            if (last.status < 200 || last.status > 299)
                throw not_sent(last.status, "answered " + std::to_string(last.status),
                               refused_for_good(last.status));
        }
        return last;
    }

    void end(const claimed_reply& reply, const char* state, int status, const std::string& why,
             const std::string& external_id = "") {
        pool.run_blocking([&](db::tx& t) {
            const auto now = clock.now();
            const auto conversation = reply.facts.conversation;
            if (t.exec(sql::end_attempt, reply.id, state, status, why, external_id, now) == 0) return;
            if (t.scalar<bool>(sql::more_deliveries, conversation))
                schedule_send(t, conversation, reply.channel, now, now);
            tell(t, conversation, reply.seq, reply.facts.message_id, state, why, now); // appends events: last
        });
        if (std::string_view(state) == "dead")
            spdlog::warn("channel: message {} of {} was given up: {}", reply.facts.message_id,
                         format_id("CONV", reply.facts.conversation), why);
    }

    db::pool& pool;
    const clock_source& clock;
    context& shared;
    event::follower follower;
    jobs::runner runner;
};

deliveries::deliveries(const db::settings& database, db::pool& pool, const clock_source& clock, context& c)
    : impl_(std::make_unique<impl>(database, pool, clock, c)) {}
deliveries::~deliveries() = default;

void deliveries::start() {
    impl_->pool.run_blocking([this](db::tx& t) {
        const auto now = impl_->clock.now();
        jobs::schedule(t, sweep_job, "", now + 1h, json::object(), now);
    });
    impl_->follower.start();
    impl_->runner.start();
}

void deliveries::notice(const event::entries& batch) { impl_->follower.notice(batch); }

void deliveries::stop() {
    impl_->follower.stop();
    impl_->runner.stop();
}

std::optional<std::chrono::milliseconds> send_pause(int attempts) {
    constexpr std::int64_t most = 600'000;
    const std::int64_t pause = std::min<std::int64_t>(most, 1000LL << std::clamp(attempts - 1, 0, 20));
    thread_local std::minstd_rand random{std::random_device{}()};
    const auto fifth = pause / 5;
    return std::chrono::milliseconds(pause - fifth +
                                     std::uniform_int_distribution<std::int64_t>(0, 2 * fifth)(random));
}

bool refused_for_good(int status) { return status == 400 || status == 413 || status == 415 || status == 422; }

std::map<std::string, std::string, std::less<>> values_of(const reply_facts& f) {
    const auto& from = f.user_phone.empty() ? f.user_id : f.user_phone;
    std::string digits;
    for (const char ch : from)
        if (ch >= '0' && ch <= '9') digits.push_back(ch);
    const bool number = !digits.empty() && from.find_first_not_of("+0123456789 -().") == std::string::npos;
    return {{"text", f.text},
            {"to", f.user_id},
            {"number", number ? digits : f.user_id},
            {"name", f.name},
            {"sender", f.sender},
            {"role", f.role},
            {"message_id", f.message_id},
            {"conversation_id", format_id("CONV", f.conversation)},
            {"session", f.session}};
}

posted post_reply(const http::outbound_rules& rules, const send_address& to, const reply_facts& f,
                  const std::string& idempotency_key) {
    const std::string_view pattern = to.body.empty() ? default_template : std::string_view(to.body);
    const auto body = fill_template(pattern, to.form, values_of(f));
    auto headers = to.headers;
    headers.emplace_back("Content-Type", to.form ? "application/x-www-form-urlencoded" : "application/json");
    headers.emplace_back("User-Agent", "chat-centre/" CHAT_CENTRE_VERSION);
    headers.emplace_back("Idempotency-Key", idempotency_key);
    const auto answer = http::post(rules, to.url, body, headers);
    return {answer.status, external_id_in(answer.body)};
}

std::string_view delivery_on(const directory& known, const conversation::row& c) {
    if (!c.own_assistant) return {};
    const auto d = known.find(c.channel);
    if (!d) return {};
    return d->active && !d->send.url.empty() ? "queued" : conversation::not_configured;
}

void keep_unsent(db::tx& t, const directory& known, const conversation::row& c,
                 const conversation::stored_message& m, time_point now) {
    const auto d = known.find(c.channel);
    if (!d || t.exec(sql::add_unsent, d->id, c.id, m.seq, no_gateway, now) == 0) return;
    tell(t, c.id, m.seq, m.message_id, "dead", no_gateway, now);
}

bool deliver_again(db::tx& t, std::int64_t delivery, time_point now) {
    const auto r = t.maybe(sql::send_again, delivery, now);
    if (!r) return false;
    schedule_send(t, r->get<std::int64_t>(0), r->get<std::int64_t>(1), now, now);
    return true;
}

} // namespace chat_centre::channel
