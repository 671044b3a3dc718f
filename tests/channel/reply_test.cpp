// What leaves: templates, parts, pauses. What the lane gets of what came in. Who may post without a secret.

#include <chat_centre/channel/adapter.hpp>
#include <chat_centre/channel/context.hpp>
#include <chat_centre/channel/deliveries.hpp>
#include <chat_centre/channel/incoming_routes.hpp>
#include <chat_centre/channel/reply_template.hpp>

#include <catch2/catch_test_macros.hpp>

#include <set>
#include <string>

using namespace chat_centre;
using namespace chat_centre::channel;

namespace {

http::request from(const std::string& peer, std::vector<std::pair<std::string, std::string>> headers = {}) {
    http::request r;
    r.remote_address = peer;
    r.headers = std::move(headers);
    bool host = false;
    for (const auto& [name, value] : r.headers) host = host || name == "host";
    if (!host) r.headers.emplace_back("host", "localhost:8080");
    return r;
}

} // namespace

TEST_CASE("built-in channels", "[channel]") {
    std::set<std::string_view> names;
    for (const auto& a : adapters()) {
        CHECK(names.insert(a.name).second);
        CHECK_FALSE((a.name_en.empty() || a.name_ar.empty() || a.icon.empty()));
        CHECK(find_adapter(a.name) == &a);
    }
    CHECK(find_adapter("none") == nullptr);
}

TEST_CASE("templates", "[channel][reply]") {
    CHECK_FALSE(template_fault(default_template, false));
    CHECK_FALSE(template_fault(R"({"chat_id":"{{to}}","text":"{{ text }}","n":1})", false));
    CHECK_FALSE(template_fault(R"({"To":"+{{number}}","Body":"{{text}}"})", true));
    for (const char* bad :
         {"", "x", "[]", "5", R"({"text":"hello"})", R"({"text":"{{text}}","x":"{{secret}}"})", "{"})
        CHECK(template_fault(bad, false));
    CHECK(template_fault(R"({"a":{"b":"{{text}}"}})", true));
    CHECK_FALSE(template_fault(R"({"a":{"b":"{{text}}"}})", false));
    CHECK(template_fault(std::string(9000, ' '), false));

    const reply_values values{{"text", "say \"hi\"\n{{number}} </script>"}, {"number", "263"}};
    const json out = json::parse(
        fill_template(R"({"number":"{{number}}","message":{"text":"> {{text}}"}})", false, values));
    CHECK(out["message"]["text"] == "> say \"hi\"\n{{number}} </script>"); // filled in once, as text
    CHECK(fill_template(R"({"Body":"{{text}}","To":"+{{number}}"})", true,
                        {{"text", "a&b=ü"}, {"number", "1"}}) == "Body=a%26b%3D%C3%BC&To=%2B1");
}

TEST_CASE("values of a reply", "[channel][reply]") {
    reply_facts f;
    f.text = "hello";
    f.user_id = "263771234567";
    f.user_phone = "+263771234567";
    f.conversation = 12;
    CHECK(values_of(f).at("number") == "263771234567");
    CHECK(values_of(f).at("conversation_id") == "CONV-12");
    f.user_phone = "";
    f.user_id = "123@lid";
    CHECK(values_of(f).at("number") == "123@lid");
    f.user_id = "test";
    CHECK(values_of(f).at("number") == "test");
}

TEST_CASE("ids that the other side gives", "[channel][reply]") {
    CHECK(external_id_in(R"({"key":{"id":"3EB0"}})") == "3EB0");
    CHECK(external_id_in(R"({"messages":[{"id":"wamid.1"}]})") == "wamid.1");
    CHECK(external_id_in(R"({"ok":true,"result":{"message_id":42}})") == "42");
    CHECK(external_id_in(R"({"sid":"SM1"})") == "SM1");
    for (const char* none :
         {"", "thank you", "[]", "{}", R"({"id":{}})", R"({"messages":5})", R"({"id":true})"})
        CHECK(external_id_in(none).empty());
}

TEST_CASE("long texts in parts", "[channel][reply]") {
    CHECK(in_parts("short", 10) == std::vector<std::string>{"short"});
    CHECK(in_parts("", 10) == std::vector<std::string>{""});
    CHECK(in_parts("aaaa bbbb cccc", 10) == std::vector<std::string>{"aaaa bbbb ", "cccc"});
    CHECK(in_parts("one two three four", 9) ==
          std::vector<std::string>{"one two t", "hree four"}); // too far back
    CHECK(in_parts("aaaaaaaaaaaa", 5) == std::vector<std::string>{"aaaaa", "aaaaa", "aa"});
    const auto arabic = in_parts("مرحبامرحبا", 5);
    REQUIRE(arabic.size() == 2);
    CHECK(arabic[0] == "مرحبا");
    std::string whole;
    for (const auto& p : in_parts(std::string(1000, 'x') + " " + std::string(1000, 'y'), 300)) whole += p;
    CHECK(whole.size() == 2001);
}

TEST_CASE("pauses, and what is given up at once", "[channel][reply]") {
    for (int attempts = 1; attempts < 40; ++attempts) {
        const auto pause = send_pause(attempts);
        REQUIRE(pause); // the row gives up, never the job
        CHECK(pause->count() >= 800);
        CHECK(pause->count() <= 720'000);
    }
    CHECK(refused_for_good(400));
    CHECK(refused_for_good(422));
    for (const int status : {0, 301, 401, 403, 404, 408, 409, 429, 500, 503})
        CHECK_FALSE(refused_for_good(status));
}

TEST_CASE("as the lane gets it", "[channel][heard]") {
    heard s;
    s.user_id = "263771234567";
    s.phone = "+263771234567";
    s.text = "I need to speak with a human";
    s.id = "A1";
    s.name = "John";
    const auto m = to_incoming(s, "whatsapp", "ecommerce", "").front();
    CHECK(m.role == conversation::speaker::user);
    CHECK(m.user_phone == "+263771234567");
    CHECK(m.own_brain == true);
    CHECK(m.language == "en");
    CHECK(m.scenario == "ecommerce");
    CHECK(m.message_id.starts_with(brought));
    const auto id_of = [](const heard& x, const char* channel) {
        return to_incoming(x, channel, "", "").front().message_id;
    };
    CHECK(id_of(s, "whatsapp") == m.message_id); // a repetition
    heard other = s;
    other.user_id = "263771234568";
    CHECK(id_of(other, "whatsapp") != m.message_id); // ids are one person's own
    CHECK(id_of(s, "sms") != m.message_id);
    s.by_us = true;
    CHECK(id_of(s, "whatsapp") != m.message_id);
    CHECK(to_incoming(s, "whatsapp", "", "").front().role == conversation::speaker::staff);
    s.id.clear();
    CHECK(id_of(s, "whatsapp") != id_of(s, "whatsapp")); // nothing to tell two apart by: two
    s.at = parse_time("1732096800", "UTC");
    CHECK(id_of(s, "whatsapp") == id_of(s, "whatsapp"));
    s.text = std::string(40'000, 'a');
    const auto parts = to_incoming(s, "whatsapp", "", "");
    REQUIRE(parts.size() == 3);
    CHECK(parts[1].message_id == parts[0].message_id + "-2");
    s.user_id = std::string(5000, 'u');
    CHECK(to_incoming(s, "whatsapp", "", "").front().user_id.size() == 200);
}

TEST_CASE("who may post without a secret", "[channel][local]") {
    CHECK(from_this_machine(from("127.0.0.1"), true));
    CHECK(from_this_machine(from("::1", {{"host", "[::1]:8080"}}), true));
    CHECK_FALSE(from_this_machine(from("127.0.0.1"), false));
    CHECK_FALSE(from_this_machine(from("203.0.113.7"), true));
    CHECK_FALSE(from_this_machine(from("10.0.0.1"), true));
    CHECK_FALSE(from_this_machine(from("", {}), true));
    CHECK_FALSE(from_this_machine(from("127.0.0.1", {{"host", "chat.example.org"}}), true));
    CHECK_FALSE(from_this_machine(from("127.0.0.1", {{"host", "localhost.example.org"}}), true));
    for (const char* name : {"origin", "x-forwarded-for", "forwarded", "via", "x-real-ip", "sec-fetch-site"})
        CHECK_FALSE(from_this_machine(from("127.0.0.1", {{name, "x"}}), true));
}

TEST_CASE("the channel's secret", "[channel][local]") {
    definition d;
    d.secret_header = "X-Channel-Secret";
    auto with = [](const char* name, const char* value) { return from("203.0.113.7", {{name, value}}); };
    CHECK_FALSE(proves(with("x-channel-secret", ""), d)); // no secret proves nothing
    d.secret = "right-secret";
    CHECK(proves(with("x-channel-secret", "right-secret"), d));
    CHECK(proves(with("authorization", "Bearer right-secret"), d));
    CHECK(proves(with("authorization", "bearer right-secret"), d));
    CHECK(proves(with("apikey", "right-secret"), d));
    auto in_address = from("203.0.113.7");
    in_address.query_string = "token=right-secret";
    CHECK(proves(in_address, d));
    CHECK_FALSE(proves(with("x-channel-secret", "right-secreT"), d));
    CHECK_FALSE(proves(with("x-channel-secret", "right"), d));
    CHECK_FALSE(proves(with("authorization", "Basic right-secret"), d));
    CHECK_FALSE(proves(from("127.0.0.1"), d));
}

TEST_CASE("forms become JSON", "[channel][form]") {
    CHECK(form_to_json("From=%2B263&Body=a+b%26c&empty=&flag") ==
          json{{"From", "+263"}, {"Body", "a b&c"}, {"empty", ""}, {"flag", ""}});
    CHECK(form_to_json("") == json::object());
    CHECK(form_to_json("a=%zz&b=%4") == json{{"a", "%zz"}, {"b", "%4"}});
    CHECK_THROWS_AS(form_to_json("a=%00"), error);
    std::string many;
    for (int i = 0; i < 300; ++i) many += "f" + std::to_string(i) + "=x&";
    CHECK_THROWS_AS(form_to_json(many), error);
}
