#include <chat_centre/auth/live_directory.hpp>

#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/json.hpp>

#include "auth/access_token.hpp"
#include "auth/encoding.hpp"
#include "auth/known_access.hpp"
#include "auth/queries.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

#include <atomic>
#include <set>

namespace chat_centre::auth {
namespace {

constexpr std::chrono::seconds reload_pause{1};
// A sign-in that ended is remembered until its last access token has run out.
constexpr std::chrono::seconds remember_ended = access_token_life + 2 * clock_skew;

std::vector<person> read_people(db::tx& t, std::int64_t id) {
    std::vector<person> people;
    for (const auto row : t.many(sql::list_access, id)) {
        person p;
        p.id = row.get<std::int64_t>(0);
        p.name = row.get<std::string>(1);
        if (!parse_role(row.text(2), p.role)) continue; // a role of a newer version: no access here
        p.role_version = row.get<std::int64_t>(3);
        p.active = row.get<bool>(4);
        for (const auto& d : parse_json(row.text(5))) p.departments.push_back(d.get<std::int64_t>());
        people.push_back(std::move(p));
    }
    return people;
}

std::vector<api_key> read_api_keys(db::tx& t) {
    std::vector<api_key> keys;
    for (const auto row : t.many(sql::list_live_api_keys)) {
        api_key k{row.get<std::int64_t>(0), row.get<std::string>(1), row.get<std::string>(2), 0,
                  row.get<int>(4)};
        for (const auto& scope : parse_json(row.text(3)))
            k.permissions |= permissions_of_api_key(scope.get<std::string>());
        keys.push_back(std::move(k));
    }
    return keys;
}

struct changes {
    std::set<std::int64_t> staff;
    bool api_keys = false;
    bool signing_keys = false;

    bool any() const { return !staff.empty() || api_keys || signing_keys; }
    void add(const changes& more) {
        staff.insert(more.staff.begin(), more.staff.end());
        api_keys = api_keys || more.api_keys;
        signing_keys = signing_keys || more.signing_keys;
    }
};

} // namespace

struct live_directory::impl : std::enable_shared_from_this<impl> {
    impl(boost::asio::any_io_executor e, db::pool& p, const clock_source& c)
        : io(std::move(e)), pool(p), clock(c) {}

    const boost::asio::any_io_executor io;
    db::pool& pool;
    const clock_source& clock;
    known_access known;
    // Orders concurrent reads: a read that started later has seen every change that an earlier one was for.
    std::atomic<std::uint64_t> reads{0};
    std::function<void(std::int64_t, std::string)> listener;

    changes waiting; // I/O thread only, like `draining`
    bool draining = false;

    void note(const changes& more) {
        waiting.add(more);
        if (!waiting.any() || std::exchange(draining, true)) return;
        boost::asio::co_spawn(io, drain(shared_from_this()), boost::asio::detached);
    }

    boost::asio::awaitable<void> reload_staff(std::int64_t id) {
        const auto number = ++reads;
        auto work = [id](db::tx& t) { return read_people(t, id); };
        const auto people = co_await pool.run(std::move(work));
        known.put_person(id, people.empty() ? std::nullopt : std::optional(people.front()), number);
    }

    boost::asio::awaitable<void> reload_api_keys() {
        const auto number = ++reads;
        auto work = [](db::tx& t) { return read_api_keys(t); };
        auto keys = co_await pool.run(std::move(work));
        known.put_api_keys(std::move(keys), number);
    }

    boost::asio::awaitable<void> reload_secrets() {
        const auto number = ++reads;
        auto work = [now = clock.now()](db::tx& t) { return load_secrets(t, now); };
        auto loaded = co_await pool.run(std::move(work));
        known.put_secrets(std::move(loaded), number);
    }

    boost::asio::awaitable<void> reload(changes what) {
        if (what.signing_keys) co_await reload_secrets();
        if (what.api_keys) co_await reload_api_keys();
        for (const auto id : what.staff) {
            co_await reload_staff(id);
            if (listener) listener(id, {});
        }
    }

    // One at a time. A failure (the database is away) keeps the changes and tries again.
    static boost::asio::awaitable<void> drain(std::shared_ptr<impl> self) {
        while (self->waiting.any()) {
            const changes now = std::exchange(self->waiting, {});
            bool failed = false;
            try {
                co_await self->reload(now);
            } catch (const std::exception& e) {
                failed = true;
                spdlog::warn("The directory of staff could not be reloaded and will be tried again: {}",
                             e.what());
            }
            if (!failed) continue;
            self->waiting.add(now);
            boost::asio::steady_timer pause(self->io, reload_pause);
            co_await pause.async_wait(boost::asio::use_awaitable);
        }
        self->draining = false;
    }

    void note_event(const event::entry& e, changes& found) {
        if (e.type == "staff.changed") {
            found.staff.insert(parse_json(e.data).at("staff_id").get<std::int64_t>());
        } else if (e.type == "session.revoked") {
            const auto data = parse_json(e.data);
            end_session(data.at("staff_id").get<std::int64_t>(), data.at("session_id").get<std::string>());
        } else if (e.type == "api_key.changed") {
            found.api_keys = true;
        } else if (e.type == "signing_keys.changed") {
            found.signing_keys = true;
        }
    }

    void end_session(std::int64_t staff, const std::string& session) {
        const auto now = clock.now();
        known.end_session(session, now + remember_ended, now);
        boost::asio::post(io, [self = shared_from_this(), staff, session] {
            if (self->listener) self->listener(staff, session);
        });
    }
};

live_directory::live_directory(boost::asio::any_io_executor io, db::pool& pool, const clock_source& clock)
    : impl_(std::make_shared<impl>(std::move(io), pool, clock)) {}
live_directory::~live_directory() = default;

void live_directory::load() {
    struct all {
        secrets keys;
        std::vector<person> people;
        std::vector<api_key> api_keys;
        std::vector<std::pair<std::string, time_point>> ended;
    };
    const auto number = ++impl_->reads;
    const auto now = impl_->clock.now();
    auto found = impl_->pool.run_blocking([now](db::tx& t) {
        all a{load_secrets(t, now), read_people(t, 0), read_api_keys(t), {}};
        for (const auto row : t.many(sql::list_revoked_sessions, now - remember_ended))
            a.ended.emplace_back(row.get<std::string>(0), row.get<time_point>(1));
        return a;
    });
    impl_->known.put_secrets(std::move(found.keys), number);
    impl_->known.put_api_keys(std::move(found.api_keys), number);
    for (auto& p : found.people) impl_->known.put_person(p.id, p, number);
    for (const auto& [session, at] : found.ended) impl_->known.end_session(session, at + remember_ended, now);
}

void live_directory::receive(const event::entries& events) {
    changes found;
    for (const auto& e : *events) {
        if (e.who != event::audience::internal) continue;
        try {
            impl_->note_event(e, found);
        } catch (const std::exception& failed) { // an event of a version that writes it differently
            spdlog::error("The event {} of type {} was not understood: {}", e.id, e.type, failed.what());
        }
    }
    if (!found.any()) return;
    boost::asio::post(impl_->io, [self = impl_, found] { self->note(found); });
}

principal live_directory::authenticate(const http::request& r) const {
    if (const auto value = r.header("authorization"); !value.empty()) {
        const auto token = bearer_token(value);
        if (token.empty()) throw error::unauthorized("The Authorization header must be: Bearer <token>.");
        return authenticate_token(token);
    }
    if (const auto key = r.header("x-api-key"); !key.empty()) {
        if (auto who = impl_->known.by_api_key(key)) return *who;
        throw error::unauthorized("The API key is not valid.");
    }
    if (const auto token = subprotocol_token(r.header("sec-websocket-protocol")); !token.empty())
        return authenticate_token(token);
    return {};
}

principal live_directory::authenticate_token(std::string_view token) const {
    return impl_->known.by_token(token, impl_->clock.now());
}

std::optional<principal> live_directory::staff(std::int64_t id) const { return impl_->known.by_staff(id); }

bool live_directory::session_valid(std::int64_t staff, std::string_view session) const {
    return impl_->known.by_staff(staff).has_value() && !impl_->known.has_ended(session);
}

std::string live_directory::conversation_token(std::int64_t conversation) const {
    return make_conversation_token(keys()->conversation, conversation, random_token(12));
}

std::string live_directory::sign_text(std::string_view prefix, std::string_view text) const {
    return make_signed_text(keys()->conversation, prefix, text);
}

std::optional<std::string> live_directory::signed_text(std::string_view prefix, std::string_view token) const {
    return read_signed_text(keys()->conversation, prefix, token);
}

std::string live_directory::key_for(std::string_view purpose) const {
    return hmac_sha256(keys()->conversation, std::string("purpose\x1f").append(purpose));
}

void live_directory::on_change(std::function<void(std::int64_t, std::string)> listener) {
    impl_->listener = std::move(listener);
}

boost::asio::awaitable<void> live_directory::reload_staff(std::int64_t id) { return impl_->reload_staff(id); }
boost::asio::awaitable<void> live_directory::reload_api_keys() { return impl_->reload_api_keys(); }
void live_directory::end_session(std::int64_t staff, const std::string& session) {
    impl_->end_session(staff, session);
}

std::string live_directory::access_token(std::int64_t staff, const std::string& session) const {
    const auto p = impl_->known.find_person(staff);
    if (!p || !p->active) throw error::unauthorized("This account is not in use.");
    const auto k = keys();
    return sign_access_token(k->access.front(),
                             {staff, session, p->role, p->role_version, impl_->clock.now()});
}

std::shared_ptr<const secrets> live_directory::keys() const { return impl_->known.keys(); }

} // namespace chat_centre::auth
