#include "auth/access_token.hpp"

#include "auth/encoding.hpp"
#include "support/clock.hpp"

#include <chat_centre/base/json.hpp>

#include <catch2/catch_test_macros.hpp>

#include <functional>
#include <string>
#include <vector>

using namespace chat_centre;
using namespace chat_centre::auth;
using namespace std::chrono_literals;

namespace {

const time_point now = *parse_time("2026-11-20T10:00:00Z", "UTC");
const std::int64_t now_seconds = now.time_since_epoch() / 1s;

struct access_token_fixture {
    std::vector<signing_key> keys = rotated(rotated({}, now), now);
    access_claims claims{7, new_session_id(), role::manager, 3, now};

    json header() const { return {{"alg", "HS256"}, {"kid", keys[0].id}, {"typ", "at+jwt"}}; }
    json payload() const {
        return {{"iss", "chat-centre"},  {"aud", "chat-centre"},     {"sub", "STF-7"},
                {"sid", claims.session}, {"role", "manager"},        {"role_ver", 3},
                {"iat", now_seconds},    {"exp", now_seconds + 900}, {"jti", "one"}};
    }
    std::string sign(const std::string& header_text, const std::string& payload_text,
                     const std::string& secret) const {
        const auto part = to_base64url(header_text) + "." + to_base64url(payload_text);
        return part + "." + to_base64url(hmac_sha256(secret, part));
    }
    std::string sign(const json& h, const json& p) const { return sign(h.dump(), p.dump(), keys[0].secret); }
    std::string with_header(const char* name, const json& value) const {
        auto h = header();
        if (value.is_discarded())
            h.erase(name);
        else
            h[name] = value;
        return sign(h, payload());
    }
    std::string with_claim(const char* name, const json& value) const {
        auto p = payload();
        if (value.is_discarded())
            p.erase(name);
        else
            p[name] = value;
        return sign(header(), p);
    }
    // Our own signature over claims in exactly this spelling.
    std::string with_text(const std::string& from, const std::string& to) const {
        auto text = payload().dump();
        const auto at = text.find(from);
        REQUIRE(at != std::string::npos);
        return sign(header().dump(), text.replace(at, from.size(), to), keys[0].secret);
    }
    token_state state(const std::string& token, time_point at = now) const {
        return check_access_token(token, keys, at).state;
    }
};

const json absent = json(json::value_t::discarded);

} // namespace

TEST_CASE_METHOD(access_token_fixture, "a token of ours says who it is for", "[auth][token]") {
    const auto check = check_access_token(sign_access_token(keys[0], claims), keys, now);
    REQUIRE(check.state == token_state::valid);
    CHECK(check.claims.staff == 7);
    CHECK(check.claims.session == claims.session);
    CHECK(check.claims.role == role::manager);
    CHECK(check.claims.role_version == 3);
    CHECK(check.claims.issued == now);
}

TEST_CASE_METHOD(access_token_fixture, "what a token test of another library would make is accepted",
                 "[auth][token]") {
    CHECK(state(sign(header(), payload())) == token_state::valid);
    CHECK(state(sign(R"( {"typ" : "at+jwt", "alg":"HS256","kid":")" + keys[0].id + "\"}", payload().dump(1),
                     keys[0].secret)) == token_state::valid);
    CHECK(state(with_claim("nbf", now_seconds)) == token_state::valid);
    CHECK(state(with_claim("more", "is ignored")) == token_state::valid);
}

TEST_CASE_METHOD(access_token_fixture, "an older key verifies until it is dropped", "[auth][token]") {
    const auto token = sign_access_token(keys[1], claims);
    CHECK(state(token) == token_state::valid);
    keys = rotated(keys, now);
    CHECK(state(token) == token_state::valid);
    keys = rotated(keys, now);
    CHECK(keys.size() == most_signing_keys);
    CHECK(state(token) == token_state::not_ours);
}

TEST_CASE_METHOD(access_token_fixture, "the times of a token", "[auth][token]") {
    const auto token = sign_access_token(keys[0], claims);
    CHECK(state(token, now - 61s) == token_state::not_ours); // from the future, beyond the skew
    CHECK(state(token, now - 60s) == token_state::valid);
    CHECK(state(token, now + 899s) == token_state::valid);
    CHECK(state(token, now + 900s) == token_state::expired);
    CHECK(state(token, now + std::chrono::hours(24 * 365)) == token_state::expired);
}

TEST_CASE_METHOD(access_token_fixture, "forged and damaged tokens", "[auth][token]") {
    const auto good = sign(header(), payload());
    const auto first = good.find('.');
    const auto last = good.rfind('.');
    const auto head = good.substr(0, first);
    const auto body = good.substr(first + 1, last - first - 1);
    const auto mac = good.substr(last + 1);
    REQUIRE(state(good) == token_state::valid);

    const auto unsigned_with = [&](const char* alg) {
        return to_base64url(json{{"alg", alg}, {"typ", "at+jwt"}, {"kid", keys[0].id}}.dump()) + "." + body +
               ".";
    };
    // 43 characters hold 258 bits: the last one's two spare bits must be zero.
    auto spare_bits = good;
    spare_bits.back() = spare_bits.back() == 'A' ? 'B' : static_cast<char>(spare_bits.back() + 1);
    auto one_bit = good;
    one_bit[last + 1] = one_bit[last + 1] == 'A' ? 'B' : 'A';
    auto long_claims = payload();
    long_claims["more"] = std::string(longest_access_token, 'x');

    const std::vector<std::pair<std::string, std::string>> table{
        {"empty", ""},
        {"only dots", ".."},
        {"words", "nonsense"},
        {"alg none", unsigned_with("none")},
        {"alg None", unsigned_with("None")},
        {"alg NONE with our signature", with_header("alg", "NONE")},
        {"alg hs256", with_header("alg", "hs256")},
        {"alg HS512", with_header("alg", "HS512")},
        {"alg RS256", with_header("alg", "RS256")},
        {"no alg", with_header("alg", absent)},
        {"typ JWT", with_header("typ", "JWT")},
        {"no typ", with_header("typ", absent)},
        {"no kid", with_header("kid", absent)},
        {"kid of nobody", with_header("kid", "nobody")},
        {"kid as a path", with_header("kid", "../../dev/null")},
        {"kid as SQL", with_header("kid", "' OR 1=1 --")},
        {"kid as a number", with_header("kid", 1)},
        {"its own key", with_header("jwk", json{{"kty", "oct"}, {"k", "AA"}})},
        {"an address of keys", with_header("jku", "http://127.0.0.1/keys")},
        {"an address of certificates", with_header("x5u", "http://127.0.0.1/keys")},
        {"something critical", with_header("crit", json::array({"exp"}))},
        {"no signature", head + "." + body + "."},
        {"half a signature", good.substr(0, good.size() - 20)},
        {"one bit of the signature", one_bit},
        {"spare bits of the signature", spare_bits},
        {"padding", good + "="},
        {"a blank behind it", good + " "},
        {"a line feed in it", head + ".\n" + body + "." + mac},
        {"standard base64", head + "." + body + "+/" + "." + mac},
        {"an extra part", good + "." + mac},
        {"two parts", head + "." + body},
        {"another header", to_base64url(R"({"alg":"HS256"})") + "." + body + "." + mac},
        {"other claims under the old signature", head + "." + to_base64url(payload().dump() + " ") + "." + mac},
        {"another key", sign(header().dump(), payload().dump(), std::string(32, 'k'))},
        {"an empty key", sign(header().dump(), payload().dump(), std::string(32, '\0'))},
        {"too long", sign(header(), long_claims)},
        {"a megabyte", head + "." + std::string(1'000'000, 'A') + "." + mac},
        {"claims are a list", sign(header().dump(), "[1]", keys[0].secret)},
        {"claims are text", sign(header().dump(), "\"x\"", keys[0].secret)},
        {"claims are not JSON", sign(header().dump(), "{", keys[0].secret)},
        {"two JSON texts", sign(header().dump(), payload().dump() + "{}", keys[0].secret)},
        {"deep claims", with_claim("more", json::array({json::array()}))},
        {"a claim twice", with_text(R"("sub":"STF-7")", R"("sub":"STF-7","sub":"STF-1")")},
        {"a header twice", sign(R"({"alg":"HS256","alg":"HS256","kid":")" + keys[0].id + R"(","typ":"at+jwt"})",
                                payload().dump(), keys[0].secret)},
        {"no issuer", with_claim("iss", absent)},
        {"another issuer", with_claim("iss", "somebody")},
        {"no audience", with_claim("aud", absent)},
        {"another audience", with_claim("aud", "somebody")},
        {"a list of audiences", with_claim("aud", json::array({"chat-centre"}))},
        {"no subject", with_claim("sub", absent)},
        {"a subject of another kind", with_claim("sub", "CONV-7")},
        {"a subject with a leading zero", with_claim("sub", "STF-07")},
        {"a subject as a number", with_claim("sub", 7)},
        {"no sign-in", with_claim("sid", absent)},
        {"an empty sign-in", with_claim("sid", "")},
        {"a sign-in we never name so", with_claim("sid", "nonsense")},
        {"no role", with_claim("role", absent)},
        {"an unknown role", with_claim("role", "owner")},
        {"no role version", with_claim("role_ver", absent)},
        {"role version zero", with_claim("role_ver", 0)},
        {"role version as text", with_claim("role_ver", "3")},
        {"no id", with_claim("jti", absent)},
        {"an empty id", with_claim("jti", "")},
        {"no end", with_claim("exp", absent)},
        {"the end as text", with_claim("exp", std::to_string(now_seconds + 900))},
        {"the end as a fraction", with_claim("exp", static_cast<double>(now_seconds) + 900.5)},
        {"the end far beyond numbers",
         with_text("\"exp\":" + std::to_string(now_seconds + 900), "\"exp\":1e999")},
        {"the end beyond 63 bits",
         with_text("\"exp\":" + std::to_string(now_seconds + 900), "\"exp\":18446744073709551615")},
        {"the end is true", with_claim("exp", true)},
        {"the end is null", with_claim("exp", nullptr)},
        {"a longer life than ours", with_claim("exp", now_seconds + 901)},
        {"an end before the beginning", with_claim("exp", now_seconds - 1)},
        {"no beginning", with_claim("iat", absent)},
        {"a beginning in the future", with_claim("iat", now_seconds + 61)},
        {"a negative beginning", with_claim("iat", -5)},
        {"not before the future", with_claim("nbf", now_seconds + 61)},
        {"not before some text", with_claim("nbf", "now")},
    };
    CHECK(table.size() >= 25);
    for (const auto& [what, token] : table) {
        INFO(what);
        CHECK(state(token) == token_state::not_ours);
    }
    CHECK(state(with_claim("exp", now_seconds), now) == token_state::not_ours); // a life of nothing
}

TEST_CASE_METHOD(access_token_fixture, "every change of one character breaks a token", "[auth][token]") {
    const auto good = sign_access_token(keys[0], claims);
    for (std::size_t i = 0; i < good.size(); ++i) {
        auto bad = good;
        bad[i] = bad[i] == 'x' ? 'y' : 'x';
        INFO("at " << i);
        CHECK(state(bad) == token_state::not_ours);
    }
}

TEST_CASE("base64url has one spelling for each value", "[auth][token]") {
    CHECK(to_base64url("\xff\xfe\xfd") == "__79");
    CHECK(to_base64url("") == "");
    CHECK(from_base64url("__79") == "\xff\xfe\xfd");
    CHECK(from_base64url("") == "");
    for (const char* bad : {"A", "AB", "AA==", "AA=", "A+", "A/", " AA", "AA\n", "AAA\xc3\xa9", "AAB"}) {
        INFO(bad);
        CHECK_FALSE(from_base64url(bad));
    }
}
