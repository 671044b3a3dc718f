#include "auth/store.hpp"

#include <chat_centre/base/ids.hpp>

#include "auth/queries.hpp"

namespace chat_centre::auth {
namespace {

std::optional<account> to_account(const std::optional<db::row>& row) {
    if (!row) return std::nullopt;
    return account{row->get<std::int64_t>(0), row->get<std::string>(1), row->get<std::string>(2),
                   row->get<std::string>(3), row->get<bool>(6)};
}

throttle_state to_failures(const db::row& row) {
    return {row.get<std::int64_t>(0), row.get<time_point>(1), row.get<time_point>(2)};
}

session to_session(const db::row& row, token_age age) {
    session s;
    s.id = row.get<std::string>(0);
    s.staff = row.get<std::int64_t>(1);
    s.facts.age = age;
    s.facts.used_at = row.get<time_point>(3);
    s.facts.expires_at = row.get<time_point>(4);
    s.facts.rotated_at = row.get<std::optional<time_point>>(5);
    s.facts.revoked = row.get<bool>(6);
    return s;
}

} // namespace

std::optional<account> find_account_by_email(db::tx& t, std::string_view email) {
    return to_account(t.maybe(sql::find_account_by_email, email));
}

std::optional<account> find_account(db::tx& t, std::int64_t id) {
    return to_account(t.maybe(sql::find_account, id));
}

throttle_state failures_of(db::tx& t, std::string_view subject) {
    const auto row = t.maybe(sql::find_login_failures, subject);
    return row ? to_failures(*row) : throttle_state{};
}

throttle_state lock_failures_of(db::tx& t, std::string_view subject, time_point now) {
    t.exec(sql::begin_login_failures, subject, now);
    return to_failures(t.one(sql::lock_login_failures, subject));
}

void save_failures_of(db::tx& t, std::string_view subject, const throttle_state& s) {
    t.exec(sql::change_login_failures, subject, s.failures, s.blocked_until, s.updated_at);
}

void forget_failures_of(db::tx& t, std::string_view subject, time_point now) {
    t.exec(sql::forget_login_failures, subject);
    t.exec(sql::forget_old_login_failures, now - forget_after);
}

void add_session(db::tx& t, std::string_view id, std::int64_t staff, std::string_view refresh_token,
                 time_point now) {
    t.exec(sql::add_session, id, staff, sha256_hex(refresh_token), now, now + refresh_life);
}

std::optional<session> lock_session(db::tx& t, std::string_view refresh_token,
                                    const std::optional<std::string>& marked) {
    const auto hash = sha256_hex(refresh_token);
    if (const auto row = t.maybe(sql::lock_session_by_refresh, hash))
        return to_session(*row, token_age::current);
    if (const auto row = t.maybe(sql::lock_session_by_previous, hash))
        return to_session(*row, token_age::previous);
    if (!marked) return std::nullopt;
    if (const auto row = t.maybe(sql::lock_session, *marked)) return to_session(*row, token_age::older);
    return std::nullopt;
}

void rotate_session(db::tx& t, std::string_view id, std::string_view refresh_token, time_point now) {
    t.exec(sql::rotate_session, id, sha256_hex(refresh_token), now);
}

std::optional<std::int64_t> end_session(db::tx& t, std::string_view id, std::string_view reason,
                                        time_point now) {
    const auto row = t.maybe(sql::revoke_session, id, now, reason);
    return row ? std::optional(row->get<std::int64_t>(0)) : std::nullopt;
}

void delete_dead_sessions(db::tx& t, std::int64_t staff, time_point now) {
    // A day longer than a refresh token can be used: until then a copied one that comes again is still noticed.
    t.exec(sql::delete_dead_sessions, staff, now - refresh_idle - std::chrono::days{1});
}

} // namespace chat_centre::auth
