#include <chat_centre/auth/sign_in.hpp>

#include <chat_centre/audit/audit.hpp>
#include <chat_centre/auth/sessions.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/event/event.hpp>

#include "auth/access_token.hpp"
#include "auth/login_subject.hpp"
#include "auth/queries.hpp"
#include "auth/secrets.hpp"
#include "auth/store.hpp"
#include "auth/turnstile.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cmath>

namespace chat_centre::auth {
namespace {

constexpr std::int64_t noted_failures = 10; // that many in a row is worth a line in the log

audit::row note(const http::request& r, const account& a, std::string action) {
    auto row = audit::by(r, std::move(action), format_id("STF", a.id));
    row.actor_kind = caller::staff;
    row.actor_id = a.id;
    row.actor_name = a.name;
    return row;
}

void refuse_when_blocked(const throttle_state& s, time_point now) {
    if (const auto wait = remaining(s, now); wait.count() > 0)
        throw error::too_many("Too many failed sign-ins. Wait " + std::to_string(wait.count()) +
                                  (wait.count() == 1 ? " second" : " seconds") + " and try again.",
                              wait);
}

} // namespace

struct sign_in::impl {
    db::pool& pool;
    password_pool& passwords;
    live_directory& directory;
    const clock_source& clock;
    sign_in_options options;
    turnstile one_per_account{};

    std::int64_t failures_per_minute() const {
        return std::max<std::int64_t>(1, std::llround(address_failures_per_minute * options.rate_limit_scale));
    }

    // What is looked up before a password is compared. Throws 429 when the account or address is blocked.
    struct attempt {
        std::optional<account> who;
        std::string account_subject;
        std::string address_subject; // "" when addresses are not limited
    };

    attempt begin(db::tx& t, std::optional<account> who, const std::string& email,
                  const std::string& address) const {
        attempt a;
        a.account_subject = who ? account_subject(who->id) : unknown_subject(email);
        if (options.rate_limits) a.address_subject = address_subject(address);
        a.who = std::move(who);
        const auto now = clock.now();
        refuse_when_blocked(failures_of(t, a.account_subject), now);
        if (!a.address_subject.empty()) refuse_when_blocked(failures_of(t, a.address_subject), now);
        return a;
    }

    // The same statements for a known and an unknown account, so that time tells nothing.
    void record_failure(db::tx& t, const attempt& a, const http::request& r) const {
        const auto now = clock.now();
        const auto failed = after_account_failure(lock_failures_of(t, a.account_subject, now), now);
        save_failures_of(t, a.account_subject, failed);
        if (!a.address_subject.empty()) { // always after the account: a fixed order of locks
            const auto state = lock_failures_of(t, a.address_subject, now);
            save_failures_of(t, a.address_subject, after_address_failure(state, now, failures_per_minute()));
        }
        auto row = audit::by(r, "auth.login_failed", a.who ? format_id("STF", a.who->id) : std::string{},
                             {{"failures", failed.failures}});
        audit::record(t, row);
        if (failed.failures == noted_failures)
            spdlog::warn("{} failed sign-ins in a row for {} (last from {})", failed.failures,
                         a.who ? format_id("STF", a.who->id) : "an unknown account", r.remote_address);
    }

    // True when the password is right and the account in use; a failure is on record when it is not.
    boost::asio::awaitable<password_verdict> compare(attempt a, http::request r, std::string password) {
        const bool usable = a.who && a.who->active;
        auto verdict =
            co_await passwords.verify(usable ? a.who->password_hash : std::string{}, std::move(password));
        if (!verdict.matches) {
            auto work = [this, a = std::move(a), r = std::move(r)](db::tx& t) { record_failure(t, a, r); };
            co_await pool.run(std::move(work));
        }
        co_return verdict;
    }

    boost::asio::awaitable<new_session> finish(std::int64_t staff, std::string session,
                                               std::string refresh_token, time_point expires, json view) {
        co_await directory.reload_staff(staff);
        new_session out;
        out.access_token = directory.access_token(staff, session);
        out.refresh_token = std::move(refresh_token);
        const auto left = std::chrono::duration_cast<std::chrono::seconds>(expires - clock.now());
        out.refresh_life = std::min<std::chrono::seconds>(refresh_idle, left);
        out.staff = std::move(view);
        co_return out;
    }
};

sign_in::sign_in(db::pool& pool, password_pool& passwords, live_directory& directory,
                 const clock_source& clock, sign_in_options options)
    : impl_(new impl{pool, passwords, directory, clock, std::move(options)}) {}
sign_in::~sign_in() = default;

boost::asio::awaitable<new_session> sign_in::login(http::request r, std::string email, std::string password) {
    auto& self = *impl_;
    const auto place = co_await self.one_per_account.enter(unknown_subject(email));
    auto look_up = [&self, email, address = r.remote_address](db::tx& t) {
        return self.begin(t, find_account_by_email(t, email), email, address);
    };
    const auto found = co_await self.pool.run(std::move(look_up));
    const auto verdict = co_await self.compare(found, r, password);
    if (!verdict.matches)
        throw error(401, "Sign-in failed", "The e-mail address or the password is not right.");

    const account who = *found.who;
    std::string fresh_hash;
    if (verdict.needs_rehash) fresh_hash = co_await self.passwords.hash(password);
    const auto session = new_session_id();
    const auto token = make_refresh_token(self.directory.keys()->refresh, session);
    const auto now = self.clock.now();
    auto store = [&self, who, r, found, fresh_hash, session, token, now](db::tx& t) {
        // Disabled, or given another password, while the old one was being compared.
        const auto present = find_account(t, who.id);
        if (!present || !present->active || present->password_hash != who.password_hash)
            throw error(401, "Sign-in failed", "The account has just been changed. Sign in again.");
        if (!fresh_hash.empty())
            t.exec(sql::change_password_hash, who.id, who.password_hash, fresh_hash, now);
        forget_failures_of(t, found.account_subject, now);
        delete_dead_sessions(t, who.id, now);
        add_session(t, session, who.id, token, now);
        audit::record(t, note(r, who, "auth.login"));
        return self.options.staff_view(t, who.id);
    };
    auto view = co_await self.pool.run(std::move(store));
    co_return co_await self.finish(who.id, session, token, now + refresh_life, std::move(view));
}

boost::asio::awaitable<std::optional<new_session>> sign_in::refresh(http::request r, std::string token) {
    auto& self = *impl_;
    const auto key = self.directory.keys()->refresh;
    struct outcome {
        refresh_step step = refresh_step::refuse;
        session held;
        std::string fresh;
        json view;
    };
    const auto now = self.clock.now();
    auto work = [&self, r, token, key, now](db::tx& t) {
        outcome out;
        const auto found = lock_session(t, token, session_of_refresh_token(key, token));
        if (!found) return out;
        out.held = *found;
        const auto who = find_account(t, found->staff);
        out.held.facts.staff_active = who && who->active;
        out.step = judge_refresh(out.held.facts, now);
        if (out.step == refresh_step::refuse) return out;
        if (out.step == refresh_step::revoke) {
            end_session(t, found->id, "a used refresh token came again", now);
            audit::record(t, audit::by(r, "auth.refresh_reused", format_id("STF", found->staff)));
            std::vector<event::entry> events{session_revoked(found->staff, found->id, now)};
            event::append(t, events);
            return out;
        }
        if (out.step == refresh_step::rotate) {
            out.fresh = make_refresh_token(key, found->id);
            rotate_session(t, found->id, out.fresh, now);
        }
        out.view = self.options.staff_view(t, found->staff);
        return out;
    };
    auto out = co_await self.pool.run(std::move(work));
    if (out.step == refresh_step::revoke) {
        spdlog::warn("A used refresh token of {} came again from {}: that sign-in was ended",
                     format_id("STF", out.held.staff), r.remote_address);
        self.directory.end_session(out.held.staff, out.held.id);
    }
    if (out.step != refresh_step::rotate && out.step != refresh_step::access_only) co_return std::nullopt;
    co_return co_await self.finish(out.held.staff, out.held.id, std::move(out.fresh),
                                   out.held.facts.expires_at, std::move(out.view));
}

boost::asio::awaitable<void> sign_in::logout(http::request r, std::string token) {
    auto& self = *impl_;
    const auto key = self.directory.keys()->refresh;
    using ended = std::vector<std::pair<std::int64_t, std::string>>;
    auto work = [r, token, key, now = self.clock.now()](db::tx& t) {
        std::vector<std::string> sessions;
        if (r.who.kind == caller::staff) sessions.push_back(r.who.session);
        if (!token.empty())
            if (const auto found = lock_session(t, token, session_of_refresh_token(key, token)))
                sessions.push_back(found->id);
        ended out;
        std::vector<event::entry> events;
        for (const auto& id : sessions) {
            const auto staff = end_session(t, id, "signed out", now);
            if (!staff) continue;
            if (const auto who = find_account(t, *staff)) audit::record(t, note(r, *who, "auth.logout"));
            events.push_back(session_revoked(*staff, id, now));
            out.emplace_back(*staff, id);
        }
        if (!events.empty()) event::append(t, events);
        return out;
    };
    const auto out = co_await self.pool.run(std::move(work));
    for (const auto& [staff, session] : out) self.directory.end_session(staff, session);
}

boost::asio::awaitable<void> sign_in::confirm_password(http::request r, std::string password) {
    auto& self = *impl_;
    auto find = [id = r.who.staff](db::tx& t) { return find_account(t, id); };
    const auto who = co_await self.pool.run(std::move(find));
    if (!who) throw error::unauthorized("This account is not in use.");
    const auto place = co_await self.one_per_account.enter(unknown_subject(who->email));
    auto look_up = [&self, who, address = r.remote_address](db::tx& t) {
        return self.begin(t, who, who->email, address);
    };
    const auto found = co_await self.pool.run(std::move(look_up));
    const auto verdict = co_await self.compare(found, r, std::move(password));
    if (!verdict.matches) throw error::unprocessable("current_password", "is not your present password");
    auto forget = [found, now = self.clock.now()](db::tx& t) {
        forget_failures_of(t, found.account_subject, now);
    };
    co_await self.pool.run(std::move(forget));
}

} // namespace chat_centre::auth
