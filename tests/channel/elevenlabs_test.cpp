// Signatures of ElevenLabs webhooks, and transcripts joined with what is stored.

#include "channel/transcript.hpp"

#include <chat_centre/base/hmac.hpp>
#include <chat_centre/channel/elevenlabs_desk.hpp>
#include <chat_centre/channel/elevenlabs_signature.hpp>

#include <catch2/catch_test_macros.hpp>

#include <fstream>
#include <sstream>

using namespace chat_centre;
using namespace chat_centre::channel;
using conversation::speaker;

namespace {

std::string sample_file(const std::string& name) {
    std::ifstream in(std::string(CHAT_CENTRE_SOURCE_DIR) + "/tests/channel/elevenlabs/" + name);
    std::stringstream all;
    all << in.rdbuf();
    return all.str();
}

time_point at_second(std::int64_t s) { return time_point(std::chrono::seconds(s)); }

signature_rules under(const std::string& secret) {
    signature_rules r;
    r.secrets = {secret};
    return r;
}

std::string signed_by(const std::string& secret, const std::string& t, const std::string& body) {
    return "t=" + t + ",v0=" + to_hex(hmac_of(secret, {t, ".", body}));
}

spoken says(bool user, std::string text) {
    spoken s;
    s.user = user;
    s.text = std::move(text);
    return s;
}

} // namespace

TEST_CASE("the nine signatures and the sample file", "[channel][elevenlabs]") {
    const json all = json::parse(sample_file("signature_vectors.json")).at("elevenlabs");
    const auto rules = under(all.at("secret").get<std::string>());
    int seen = 0;
    for (const auto& v : all.at("cases")) {
        INFO(v.at("name").get<std::string>());
        const auto fault =
            signature_fault(v.at("header_value").get<std::string>(), v.at("body").get<std::string>(), rules,
                            at_second(v.at("now").get<std::int64_t>()));
        CHECK(fault.has_value() == (v.at("official_sdk_result") != "accepted"));
        ++seen;
    }
    CHECK(seen == 9);
    const auto& f = all.at("sample_file");
    CHECK_FALSE(signature_fault(f.at("header_value").get<std::string>(),
                                sample_file("post_call_transcription.json"), rules,
                                at_second(f.at("t").get<std::int64_t>())));
}

TEST_CASE("signatures: rotation, tolerance, clocks, and what is no signature", "[channel][elevenlabs]") {
    const std::string body = R"({"type":"x"})";
    const std::string good = signed_by("new", "1761065915", body);
    const auto now = at_second(1761065915);
    signature_rules both;
    both.secrets = {"old", "new"};
    CHECK_FALSE(signature_fault(good, body, both, now));
    CHECK_FALSE(signature_fault(signed_by("old", "1761065915", body), body, both, now));
    CHECK(signature_fault(good, body, under("old"), now));
    CHECK(signature_fault(good, body, signature_rules{}, now));
    signature_rules hour = under("new");
    hour.tolerance = std::chrono::seconds(3600);
    CHECK_FALSE(signature_fault(good, body, hour, at_second(1761065915 + 3600)));
    CHECK(signature_fault(good, body, hour, at_second(1761065915 + 3601)));
    CHECK_FALSE(signature_fault(good, body, under("new"), at_second(1761065915 - 300)));
    CHECK(signature_fault(good, body, under("new"), at_second(1761065915 - 301)));
    CHECK_FALSE(
        signature_fault("v0=" + std::string(64, '0') + ", " + good, body, under("new"), now)); // one of two
    for (const std::string& bad :
         {std::string(), std::string("t=,v0="), std::string("t=1761065915"), std::string("v0=abc"),
          good + ",t=1", std::string("t=-5,v0=aa"), std::string("t=99999999999999999999,v0=aa"),
          std::string("t=1e9,v0=aa"), std::string(5000, ','), good.substr(0, good.size() - 1), good + "0"}) {
        INFO(bad.substr(0, 80));
        CHECK(signature_fault(bad, body, under("new"), now));
    }
    const std::string with_nul("a\0b", 3);
    CHECK_FALSE(signature_fault(signed_by("k", "5", with_nul), with_nul, under("k"), at_second(5)));
}

TEST_CASE("a transcript is read leniently", "[channel][elevenlabs]") {
    const json sample = json::parse(sample_file("post_call_transcription.json"));
    const auto call = read_call(sample.at("data"));
    REQUIRE(call);
    CHECK(call->session == "conv_0501ka14afvrfb4b20swa73q4pk3");
    CHECK(call->cc_session == "ccs_01J9Q6T0M8N4F5R7");
    CHECK(call->user_id == "user_789");
    CHECK(call->user_name == "John Doe");
    REQUIRE(call->lines.size() == 5); // the turn that only called a tool has no words
    CHECK(call->lines[1].user);
    CHECK(call->lines[1].at == at_second(1761065131));
    CHECK(call->lines[2].feedback == "up");
    CHECK(call->ended == at_second(1761065100 + 780));
    CHECK(call->facts.at("title") == "Scholarship documents");
    CHECK(call->facts.at("data").at("missing_document") == "bank statements");
    CHECK(call->facts.at("evaluation").at("issue_resolved") == "success");

    CHECK_FALSE(read_call(json::object()));
    CHECK_FALSE(read_call(json(7)));
    const json odd = {
        {"conversation_id", "c"},
        {"transcript", json::array({nullptr,
                                    3,
                                    json::object(),
                                    {{"role", "user"}, {"message", 5}},
                                    {{"role", "user"}, {"message", "hi"}, {"time_in_call_secs", "x"}}})},
        {"metadata", {{"start_time_unix_secs", "soon"}}},
        {"analysis", nullptr},
        {"conversation_initiation_client_data", json::array()}};
    const auto lenient = read_call(odd);
    REQUIRE(lenient);
    CHECK(lenient->lines.size() == 1);
}

TEST_CASE("entries are found among what is stored", "[channel][elevenlabs]") {
    const std::vector<spoken> lines{says(false, "Hi, how can I help?"), says(true, "yes"),
                                    says(false, "Which one?"), says(true, "yes"), says(false, "Good bye.")};
    using messages = std::vector<kept_message>;
    const auto user = speaker::user;
    const auto ai = speaker::ai;
    CHECK(align(lines, {}) == std::vector<int>{0, 0, 0, 0, 0});
    CHECK(align({}, messages{{1, user, "yes"}}).empty());
    CHECK(align(lines, messages{{1, ai, "hi how can I HELP"},
                                {2, user, " Yes! "},
                                {3, ai, "Which one?"},
                                {4, user, "yes"},
                                {5, ai, "Good bye."}}) == std::vector<int>{1, 2, 3, 4, 5});
    // One of the same words is missing: which one follows from what stands around it.
    CHECK(align(lines, messages{{1, ai, "Which one?"}, {2, user, "yes"}}) == std::vector<int>{0, 0, 1, 2, 0});
    // Stored in another order: known all the same.
    CHECK(align(lines, messages{{1, ai, "Good bye."},
                                {2, user, "yes"},
                                {3, user, "yes"},
                                {4, ai, "Which one?"},
                                {5, ai, "Hi, how can I help?"}}) == std::vector<int>{5, 2, 4, 3, 1});
    // The sides are not mixed up, and what staff and the system said is the agent's side.
    CHECK(align({says(false, "yes")}, messages{{1, user, "yes"}}) == std::vector<int>{0});
    CHECK(align({says(false, "I look into it")}, messages{{7, speaker::staff, "I look into it."}}) ==
          std::vector<int>{7});
    // Told in one go, stored as two.
    CHECK(align({says(false, "Hello John.\n\nSend me the letter.")},
                messages{{4, speaker::staff, "Hello John."}, {5, speaker::staff, "Send me the letter."}}) ==
          std::vector<int>{4});
}

TEST_CASE("an answer that was interrupted is the one that was stored whole", "[channel][elevenlabs]") {
    spoken cut = says(false, "The documents are");
    cut.interrupted = true;
    CHECK(align({cut}, {{3, speaker::ai, "The documents are: ID and bank statements."}}) ==
          std::vector<int>{3});
    cut.interrupted = false;
    CHECK(align({cut}, {{3, speaker::ai, "The documents are: ID and bank statements."}}) ==
          std::vector<int>{0});
    cut.original = "The documents are: ID and bank statements.";
    CHECK(align({cut}, {{3, speaker::ai, "The documents are: ID and bank statements."}}) ==
          std::vector<int>{3});
}

TEST_CASE("very long transcripts are aligned without a table", "[channel][elevenlabs]") {
    std::vector<spoken> lines;
    std::vector<kept_message> stored;
    for (int i = 0; i < 3000; ++i) {
        lines.push_back(says(i % 2 == 0, "line " + std::to_string(i)));
        if (i % 7 != 0)
            stored.push_back({i + 1, i % 2 == 0 ? speaker::user : speaker::ai, "line " + std::to_string(i)});
    }
    const auto found = align(lines, stored);
    for (int i = 0; i < 3000; ++i) CHECK(found[static_cast<std::size_t>(i)] == (i % 7 != 0 ? i + 1 : 0));
}

TEST_CASE("the same words at the same place of a session are one message", "[channel][elevenlabs]") {
    CHECK(session_message_id("conv_1", true, "I  need\nhelp ", 1) ==
          session_message_id("conv_1", true, "I need help", 1));
    CHECK(session_message_id("conv_1", true, "I need help", 1) !=
          session_message_id("conv_1", true, "I need help", 2));
    CHECK(session_message_id("conv_1", true, "I need help", 1) !=
          session_message_id("conv_1", false, "I need help", 1));
    CHECK(session_message_id("conv_1", true, "I need help", 1) !=
          session_message_id("conv_2", true, "I need help", 1));
}

TEST_CASE("the environment wins over what admins entered", "[channel][elevenlabs]") {
    const json stored = {
        {"webhook_secrets", {"wsec_stored"}}, {"api_key", "k1"}, {"mode", "relay"}, {"api_url", 7}};
    CHECK(setup_of(json::object(), {}).mode == "own");
    CHECK(setup_of(stored, {}).mode == "relay");
    CHECK(setup_of(stored, {}).webhook_secrets == std::vector<std::string>{"wsec_stored"});
    CHECK(setup_of(stored, {}).api_url == "https://api.elevenlabs.io");
    config::elevenlabs_settings env;
    env.webhook_secrets = {"a", "b"};
    env.api_key = "k2";
    env.api_url = "https://api.eu.residency.elevenlabs.io/";
    const auto s = setup_of(stored, env);
    CHECK(s.webhook_secrets.size() == 2);
    CHECK(s.api_key == "k2");
    CHECK(s.api_url == "https://api.eu.residency.elevenlabs.io");
    CHECK(origin_allowed(s, "https://any.example"));
    auto closed = s;
    closed.allowed_origins = {"https://example.org"};
    CHECK(origin_allowed(closed, "https://example.org"));
    CHECK_FALSE(origin_allowed(closed, "https://example.org.evil.example"));
    CHECK_FALSE(origin_allowed(closed, ""));
}
