#include "auth/known_access.hpp"

#include <chat_centre/auth/auth.hpp>
#include <chat_centre/auth/page_token.hpp>
#include <chat_centre/base/error.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/text.hpp>

#include "auth/access_token.hpp"
#include "auth/encoding.hpp"

#include <mutex>

namespace chat_centre::auth {
namespace {

error not_valid() { return error::unauthorized("The credential is not valid. Sign in again."); }

principal to_principal(const person& p, role r) {
    principal who;
    who.kind = caller::staff;
    who.staff = p.id;
    who.role = r;
    who.departments = p.departments;
    who.name = p.name;
    who.permissions = permissions_of(r);
    return who;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

} // namespace

std::string_view bearer_token(std::string_view authorization) {
    constexpr std::string_view scheme = "bearer ";
    authorization = trimmed(authorization);
    if (authorization.size() <= scheme.size()) return {};
    for (std::size_t i = 0; i < scheme.size(); ++i)
        if (lower(authorization[i]) != scheme[i]) return {};
    return trimmed(authorization.substr(scheme.size()));
}

std::string_view subprotocol_token(std::string_view protocols) {
    constexpr std::string_view bearer = "bearer.";
    while (!protocols.empty()) {
        const auto comma = protocols.find(',');
        const auto one = trimmed(protocols.substr(0, comma));
        if (one.starts_with(bearer)) return one.substr(bearer.size());
        if (comma == std::string_view::npos) break;
        protocols.remove_prefix(comma + 1);
    }
    return {};
}

void known_access::put_person(std::int64_t id, std::optional<person> p, std::uint64_t read) {
    const std::unique_lock lock(guard_);
    auto& s = people_[id];
    if (s.read > read) return;
    s = {std::move(p), read};
}

void known_access::put_api_keys(std::vector<api_key> keys, std::uint64_t read) {
    const std::unique_lock lock(guard_);
    if (api_keys_read_ > read) return;
    api_keys_read_ = read;
    api_keys_.clear();
    for (auto& k : keys) {
        auto hash = k.hash;
        api_keys_.emplace(std::move(hash), std::move(k));
    }
}

void known_access::put_secrets(secrets s, std::uint64_t read) {
    auto fresh = std::make_shared<const secrets>(std::move(s));
    const std::unique_lock lock(guard_);
    if (secrets_read_ > read) return;
    secrets_read_ = read;
    secrets_ = std::move(fresh);
}

void known_access::end_session(const std::string& session, time_point forget_at, time_point now) {
    const std::unique_lock lock(guard_);
    std::erase_if(ended_, [now](const auto& e) { return e.second < now; });
    ended_[session] = forget_at;
}

principal known_access::by_token(std::string_view token, time_point now) const {
    if (token.empty() || token.size() > longest_access_token) throw not_valid();
    const auto k = keys();
    if (token.starts_with(conversation_token_prefix)) {
        const auto conversation = read_conversation_token(k->conversation, token);
        if (!conversation) throw not_valid();
        principal who;
        who.kind = caller::customer;
        who.conversation = *conversation;
        who.permissions = permissions_of_customer();
        return who;
    }
    if (token.starts_with(page_token_prefix)) {
        const auto key = hmac_sha256(k->conversation, std::string("purpose\x1f").append(page_key));
        auto claims = read_page_token(key, token, page_sync, now);
        if (!claims)
            throw error::unauthorized("The page token is not valid or has expired. Ask for another one.");
        principal who;
        who.kind = caller::page;
        who.user = std::move(claims->user_id);
        who.session = std::move(claims->session);
        who.permissions = permissions_of_page();
        return who;
    }
    if (auto who = by_api_key(token)) return *who;

    const auto check = check_access_token(token, k->access, now);
    if (check.state == token_state::expired)
        throw error::unauthorized("The access token has expired. Refresh it or sign in again.");
    if (check.state != token_state::valid || has_ended(check.claims.session)) throw not_valid();
    const auto p = find_person(check.claims.staff);
    if (!p) throw not_valid();
    // Lower: signed before the rights changed. Higher: another process knows of a change that is still on its way
    // to this one, and the token's word is the newer one.
    if (check.claims.role_version < p->role_version) throw not_valid();
    const bool newer = check.claims.role_version > p->role_version;
    if (!newer && !p->active) throw not_valid();
    auto who = to_principal(*p, newer ? check.claims.role : p->role);
    who.session = check.claims.session;
    return who;
}

std::optional<principal> known_access::by_api_key(std::string_view key) const {
    const auto hash = sha256_hex(key);
    const std::shared_lock lock(guard_);
    const auto it = api_keys_.find(hash);
    if (it == api_keys_.end()) return std::nullopt;
    principal who;
    who.kind = caller::api_key;
    who.api_key = it->second.id;
    who.name = it->second.name;
    who.permissions = it->second.permissions;
    who.rate_per_second = it->second.rate_per_second;
    return who;
}

std::optional<principal> known_access::by_staff(std::int64_t id) const {
    const auto p = find_person(id);
    if (!p || !p->active) return std::nullopt;
    return to_principal(*p, p->role);
}

std::optional<person> known_access::find_person(std::int64_t id) const {
    const std::shared_lock lock(guard_);
    const auto it = people_.find(id);
    return it == people_.end() ? std::nullopt : it->second.held;
}

bool known_access::has_ended(std::string_view session) const {
    const std::shared_lock lock(guard_);
    return ended_.contains(std::string(session));
}

std::shared_ptr<const secrets> known_access::keys() const {
    const std::shared_lock lock(guard_);
    return secrets_;
}

} // namespace chat_centre::auth
