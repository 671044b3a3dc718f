#include "auth/access_token.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/json.hpp>

#include "auth/encoding.hpp"

#include <map>
#include <optional>
#include <variant>

namespace chat_centre::auth {
namespace {

constexpr std::string_view issuer = "chat-centre";
constexpr std::string_view audience = "chat-centre";
constexpr std::string_view algorithm = "HS256";
constexpr std::string_view token_type = "at+jwt";
constexpr std::size_t session_bytes = 16;

// An object of texts and whole numbers with unique names: all that our tokens hold. Refusing the rest here means no
// rule below has to think of nesting, doubled claims, 1e999 or text where a number belongs.
class flat_object final : public nlohmann::json_sax<json> {
public:
    static std::optional<flat_object> parse(std::string_view text) {
        flat_object o;
        if (!json::sax_parse(text.begin(), text.end(), &o)) return std::nullopt;
        return o;
    }

    std::optional<std::string> text(std::string_view name) const { return find<std::string>(name); }
    std::optional<std::int64_t> number(std::string_view name) const { return find<std::int64_t>(name); }
    bool has(std::string_view name) const { return values_.find(name) != values_.end(); }
    std::size_t size() const { return values_.size(); }

    bool start_object(std::size_t) override { return std::exchange(open_, true) == false; }
    bool end_object() override { return true; }
    bool key(std::string& name) override {
        key_ = name;
        return values_.find(name) == values_.end();
    }
    bool string(std::string& value) override { return put(value); }
    bool number_integer(std::int64_t value) override { return put(value); }
    bool number_unsigned(std::uint64_t value) override {
        return value <= INT64_MAX && put(static_cast<std::int64_t>(value));
    }
    bool null() override { return false; }
    bool boolean(bool) override { return false; }
    bool number_float(double, const std::string&) override { return false; }
    bool binary(json::binary_t&) override { return false; }
    bool start_array(std::size_t) override { return false; }
    bool end_array() override { return false; }
    bool parse_error(std::size_t, const std::string&, const json::exception&) override { return false; }

private:
    using value = std::variant<std::string, std::int64_t>;

    bool put(value v) { return open_ && values_.emplace(key_, std::move(v)).second; }

    template <class T>
    std::optional<T> find(std::string_view name) const {
        const auto it = values_.find(name);
        if (it == values_.end()) return std::nullopt;
        const auto* held = std::get_if<T>(&it->second);
        return held ? std::optional<T>(*held) : std::nullopt;
    }

    bool open_ = false;
    std::string key_;
    std::map<std::string, value, std::less<>> values_;
};

struct segments {
    std::string_view header, payload, mac, signed_part;
};

std::optional<segments> split(std::string_view token) {
    if (token.size() > longest_access_token) return std::nullopt;
    const auto first = token.find('.');
    const auto second = token.find('.', first == std::string_view::npos ? first : first + 1);
    if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos)
        return std::nullopt;
    return segments{token.substr(0, first), token.substr(first + 1, second - first - 1),
                    token.substr(second + 1), token.substr(0, second)};
}

const signing_key* key_of(std::string_view header, std::span<const signing_key> keys) {
    const auto plain = from_base64url(header);
    const auto fields = plain ? flat_object::parse(*plain) : std::nullopt;
    // Exactly these three: a token that brings its own key or address (jwk, jku, x5u) or marks something critical is
    // not one that we issued.
    if (!fields || fields->size() != 3 || fields->text("alg") != algorithm ||
        fields->text("typ") != token_type)
        return nullptr;
    const auto id = fields->text("kid");
    for (const auto& k : keys)
        if (id == k.id) return &k;
    return nullptr;
}

std::int64_t seconds(time_point t) {
    return std::chrono::duration_cast<std::chrono::seconds>(t.time_since_epoch()).count();
}

token_check judge(const flat_object& claims, time_point now) {
    if (claims.text("iss") != issuer || claims.text("aud") != audience) return {};
    const auto subject = claims.text("sub");
    const auto staff = subject ? parse_id("STF", *subject) : std::nullopt;
    const auto session = claims.text("sid");
    const auto role_text = claims.text("role");
    const auto version = claims.number("role_ver");
    const auto issued = claims.number("iat");
    const auto expires = claims.number("exp");
    role r{};
    if (!staff || !session || !is_session_id(*session)) return {};
    if (!role_text || !parse_role(*role_text, r) || !version || *version < 1) return {};
    if (claims.text("jti").value_or("").empty() || !issued || !expires) return {};

    const auto present = seconds(now);
    const auto latest = present + clock_skew.count();
    if (*issued < 0 || *issued > latest) return {};
    if (claims.has("nbf") && claims.number("nbf").value_or(INT64_MAX) > latest) return {};
    // Ended sign-ins are remembered for the life of a token, so a longer life would outlive its revocation.
    if (*expires <= *issued || *expires - *issued > access_token_life.count()) return {};
    if (*expires <= present) return {token_state::expired, {}};
    return {token_state::valid, {*staff, *session, r, *version, time_point(std::chrono::seconds(*issued))}};
}

} // namespace

std::string new_session_id() { return random_token(session_bytes); }

bool is_session_id(std::string_view text) {
    const auto bytes = from_base64url(text);
    return bytes && bytes->size() == session_bytes;
}

std::string sign_access_token(const signing_key& key, const access_claims& claims) {
    const auto issued = seconds(claims.issued);
    const json header = {{"alg", algorithm}, {"kid", key.id}, {"typ", token_type}};
    const json payload = {{"iss", issuer},
                          {"aud", audience},
                          {"sub", format_id("STF", claims.staff)},
                          {"sid", claims.session},
                          {"role", to_string(claims.role)},
                          {"role_ver", claims.role_version},
                          {"iat", issued},
                          {"exp", issued + access_token_life.count()},
                          {"jti", random_token(12)}};
    std::string token = to_base64url(header.dump()) + '.' + to_base64url(payload.dump());
    const auto mac = to_base64url(hmac_sha256(key.secret, token));
    return token + '.' + mac;
}

token_check check_access_token(std::string_view token, std::span<const signing_key> keys, time_point now) {
    const auto parts = split(token);
    if (!parts) return {};
    const auto* key = key_of(parts->header, keys);
    if (!key) return {};
    const auto mac = from_base64url(parts->mac);
    if (!mac || !equal_constant_time(*mac, hmac_sha256(key->secret, parts->signed_part))) return {};
    const auto payload =
        from_base64url(parts->payload); // only now: nothing unsigned is parsed further than its header
    const auto claims = payload ? flat_object::parse(*payload) : std::nullopt;
    return claims ? judge(*claims, now) : token_check{};
}

} // namespace chat_centre::auth
