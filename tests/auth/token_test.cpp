// Conversation tokens and refresh tokens.

#include <chat_centre/auth/auth.hpp>

#include "auth/encoding.hpp"
#include "auth/refresh_token.hpp"

#include "support/clock.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace chat_centre;
using namespace chat_centre::auth;
using namespace std::chrono_literals;

namespace {
const std::string token_key(32, 'k');
const std::string other_key(32, 'o');
const time_point judged_at = *parse_time("2026-11-20T10:00:00Z", "UTC");

std::string signed_text(const std::string& text) {
    return text + "." + to_base64url(hmac_sha256(token_key, text));
}
} // namespace

TEST_CASE("a conversation token opens its own conversation and nothing else", "[auth][token]") {
    const auto token = make_conversation_token(token_key, 12, "nonce");
    CHECK(token.starts_with("cct_12.nonce."));
    CHECK(read_conversation_token(token_key, token) == 12);
    CHECK_FALSE(read_conversation_token(other_key, token));
    CHECK(make_conversation_token(token_key, 12, "other") != token);
    CHECK(read_conversation_token(token_key, make_conversation_token(token_key, INT64_MAX, "n")) == INT64_MAX);

    const auto mac = token.substr(token.rfind('.') + 1);
    const std::vector<std::string> bad{
        "",
        "cct_",
        "cct_12",
        "cct_12.nonce",
        "cct_12.nonce.",
        "cct_..",
        "12.nonce." + mac,
        "cct_13.nonce." + mac,
        "cct_12.Nonce." + mac,
        "cct_12." + mac,
        "CCT_12.nonce." + mac,
        token + "=",
        token + "A",
        " " + token,
        token.substr(0, token.size() - 1),
        signed_text("cct_0.n"),
        signed_text("cct_-1.n"),
        signed_text("cct_012.n"),
        signed_text("cct_x.n"),
        signed_text("cct_99999999999999999999.n"),
        signed_text("cct_.n"),
        signed_text("cct_1"),
        signed_text("ccr_12.n"),
        signed_text("cct_1." + std::string(300, 'n')),
    };
    for (const auto& b : bad) {
        INFO(b);
        CHECK_FALSE(read_conversation_token(token_key, b));
    }
    for (std::size_t i = 0; i < token.size(); ++i) {
        auto b = token;
        b[i] = b[i] == 'x' ? 'y' : 'x';
        INFO(i);
        CHECK_FALSE(read_conversation_token(token_key, b));
    }
}

TEST_CASE("a refresh token of ours is recognised, however old", "[auth][token]") {
    const auto token = make_refresh_token(token_key, "session-1");
    CHECK(session_of_refresh_token(token_key, token) == "session-1");
    CHECK(make_refresh_token(token_key, "session-1") != token);
    CHECK_FALSE(session_of_refresh_token(other_key, token));
    for (const std::string& b : {std::string(), std::string("ccr_"), std::string("ccr_session-1"),
                                 token + "=", token.substr(0, token.size() - 1), std::string(1000, 'x'),
                                 make_conversation_token(token_key, 1, "n")}) {
        INFO(b);
        CHECK_FALSE(session_of_refresh_token(token_key, b));
    }
}

TEST_CASE("when a refresh token may be used", "[auth][token]") {
    struct line {
        const char* what;
        token_age age;
        bool revoked, active;
        std::chrono::seconds used_ago, expires_in;
        std::optional<std::chrono::seconds> rotated_ago;
        refresh_step step;
    };
    using enum token_age;
    using enum refresh_step;
    const line table[] = {
        {"fresh", current, false, true, 0s, 24h, {}, rotate},
        {"in daily use", current, false, true, 11h + 59min, 24h, 11h, rotate},
        {"idle too long", current, false, true, 12h, 24h, {}, refuse},
        {"its last second", current, false, true, 1h, 1s, {}, rotate},
        {"at its end", current, false, true, 1h, 0s, {}, refuse},
        {"after its end", current, false, true, 1h, -1s, {}, refuse},
        {"signed out", current, true, true, 0s, 24h, {}, refuse},
        {"a disabled account", current, false, false, 0s, 24h, {}, refuse},
        {"two tabs at once", previous, false, true, 0s, 24h, 0s, access_only},
        {"two tabs, ten seconds apart", previous, false, true, 10s, 24h, 10s, access_only},
        {"a copy, eleven seconds later", previous, false, true, 11s, 24h, 11s, revoke},
        {"a copy after the sign-out", previous, true, true, 11s, 24h, 11s, refuse},
        {"a copy of a disabled account", previous, false, false, 11s, 24h, 11s, refuse},
        {"an old copy at once", older, false, true, 0s, 24h, 0s, revoke},
        {"an old copy later", older, false, true, 1h, 24h, 1h, revoke},
        {"an old copy after the end", older, false, true, 1h, -1s, 1h, refuse},
        {"previous, but never rotated", previous, false, true, 0s, 24h, {}, revoke},
    };
    for (const auto& l : table) {
        INFO(l.what);
        refresh_facts f;
        f.age = l.age;
        f.revoked = l.revoked;
        f.staff_active = l.active;
        f.used_at = judged_at - l.used_ago;
        f.expires_at = judged_at + l.expires_in;
        if (l.rotated_ago) f.rotated_at = judged_at - *l.rotated_ago;
        CHECK(judge_refresh(f, judged_at) == l.step);
    }
}
