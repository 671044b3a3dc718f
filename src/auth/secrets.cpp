#include "auth/secrets.hpp"

#include <chat_centre/base/error.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/json.hpp>

#include "auth/encoding.hpp"
#include "auth/queries.hpp"

namespace chat_centre::auth {
namespace {

constexpr std::size_t key_bytes = 32;
constexpr std::string_view access_name = "access_token_keys";

[[noreturn]] void damaged(std::string_view name) {
    throw startup_error(
        "The setting " + std::string(name) +
        " in the database is damaged. Delete that row of table setting and start again: a new one is "
        "made, and everybody signs in anew.");
}

std::string to_text(const std::vector<signing_key>& keys) {
    json list = json::array();
    for (const auto& k : keys)
        list.push_back({{"kid", k.id}, {"key", to_base64url(k.secret)}, {"created_at", to_rfc3339(k.created)}});
    return dump(list);
}

std::vector<signing_key> from_text(std::string_view text) {
    std::vector<signing_key> keys;
    try {
        for (const auto& entry : parse_json(text)) {
            const auto secret = from_base64url(entry.at("key").get<std::string>());
            const auto created = parse_time(entry.at("created_at").get<std::string>(), "UTC");
            if (!secret || secret->size() != key_bytes || !created) damaged(access_name);
            keys.push_back({entry.at("kid").get<std::string>(), *secret, *created});
        }
    } catch (const json::exception&) {
        damaged(access_name);
    } catch (const error&) {
        damaged(access_name);
    }
    if (keys.empty() || keys.size() > most_signing_keys) damaged(access_name);
    return keys;
}

// ON CONFLICT DO NOTHING and reading back: two processes that start together agree on one value.
std::string read_or_make(db::tx& t, std::string_view name, const std::string& fresh, time_point now) {
    if (const auto found = t.maybe(sql::find_setting, name)) return found->get<std::string>(0);
    t.exec(sql::add_setting, name, fresh, now);
    return t.scalar<std::string>(sql::find_setting, name);
}

std::string raw_key(db::tx& t, std::string_view name, time_point now) {
    const auto key = from_base64url(read_or_make(t, name, to_base64url(random_bytes(key_bytes)), now));
    if (!key || key->size() != key_bytes) damaged(name);
    return *key;
}

} // namespace

std::vector<signing_key> rotated(std::vector<signing_key> keys, time_point now) {
    keys.insert(keys.begin(), {random_token(6), random_bytes(key_bytes), now});
    if (keys.size() > most_signing_keys) keys.resize(most_signing_keys);
    return keys;
}

secrets load_secrets(db::tx& t, time_point now, bool rotate, bool* changed) {
    secrets s;
    s.access = from_text(read_or_make(t, access_name, to_text(rotated({}, now)), now));
    s.conversation = raw_key(t, "conversation_token_key", now);
    s.refresh = raw_key(t, "refresh_token_key", now);
    if (rotate && s.access.front().created + signing_key_life < now) {
        s.access = rotated(std::move(s.access), now);
        t.exec(sql::change_setting, access_name, to_text(s.access), now);
        if (changed) *changed = true;
    }
    return s;
}

} // namespace chat_centre::auth
