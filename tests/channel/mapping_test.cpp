// Messages read out of any JSON by a mapping, and the mapping itself.

#include <chat_centre/channel/mapping.hpp>

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace chat_centre;
using namespace chat_centre::channel;

namespace {

std::string faults_of(const json& j) {
    try {
        (void)parse_mapping(j);
        return "";
    } catch (const error& e) {
        std::string names;
        for (const auto& f : e.fields()) names += (names.empty() ? "" : " ") + f.field;
        return names;
    }
}

std::string missing_in(const mapped& m) {
    std::string out;
    for (const auto& f : m.missing) out += (out.empty() ? "" : " ") + f.field;
    return out;
}

const json telegram = {{"update_id", 7001},
                       {"message",
                        {{"message_id", 12},
                         {"date", 1732096800},
                         {"text", "hello"},
                         {"chat", {{"id", 99887766}, {"type", "private"}}},
                         {"from", {{"first_name", "Sarah Johnson"}}}}}};

} // namespace

TEST_CASE("a mapping is checked, each bad field by name", "[channel][mapping]") {
    CHECK(faults_of({{"text", "/a"}, {"user_id", "/b"}}).empty());
    CHECK(faults_of({{"text", "/a"}}) == "mapping.user_id");
    CHECK(faults_of(json::object()) == "mapping.text mapping.user_id");
    CHECK(faults_of({{"text", "a"}, {"user_id", "/b"}}) == "mapping.text");
    CHECK(faults_of({{"text", "/a~2"}, {"user_id", "/b~"}}) == "mapping.text mapping.user_id");
    CHECK(faults_of({{"text", 5}, {"user_id", "/b"}}).find("mapping.text") == 0);
    CHECK(faults_of({{"text", "/a"}, {"user_id", "/b"}, {"colour", "/c"}}) == "mapping.colour");
    CHECK(faults_of({{"text", "/" + std::string(300, 'a')}, {"user_id", "/b"}}) == "mapping.text");
    CHECK(faults_of({{"text", "/a"}, {"user_id", "/b"}, {"only_when", {{"place", "/c"}}}}) ==
          "mapping.only_when");
    CHECK(faults_of({{"text", "/a"}, {"user_id", "/b"}, {"only_when", json::array({{{"place", "c"}}})}}) ==
          "mapping.only_when[0].place");
    CHECK(faults_of({{"text", "/a"},
                     {"user_id", "/b"},
                     {"only_when", json::array({{{"place", "/c"}, {"equals", json::array()}}})}}) ==
          "mapping.only_when[0].equals");
    CHECK(faults_of("x") == "mapping");
    const json whole = {{"items", "/m"},   {"text", "/a"},
                        {"user_id", "/b"}, {"message_id", "/c"},
                        {"name", "/d"},    {"phone", "/e"},
                        {"email", "/f"},   {"timestamp", "/g"},
                        {"session", "/h"}, {"only_when", json::array({{{"place", "/i"}, {"equals", true}}})}};
    CHECK(to_json(parse_mapping(whole)) == whole);
}

TEST_CASE("one message", "[channel][mapping]") {
    const auto m = parse_mapping(
        {{"text", "/message/text"},
         {"user_id", "/message/chat/id"},
         {"message_id", "/update_id"},
         {"name", "/message/from/first_name"},
         {"timestamp", "/message/date"},
         {"only_when", json::array({{{"place", "/message/chat/type"}, {"equals", "private"}}})}});
    const auto found = read_mapped(m, telegram);
    REQUIRE(found.messages.size() == 1);
    const auto& s = found.messages.front();
    CHECK(s.text == "hello");
    CHECK(s.user_id == "99887766"); // numbers are text from here on
    CHECK(s.id == "7001");
    CHECK(s.name == "Sarah Johnson");
    CHECK(to_rfc3339(s.at.value()) == "2024-11-20T10:00:00.000Z");

    json group = telegram;
    group["message"]["chat"]["type"] = "group";
    CHECK(read_mapped(m, group).ignored == 1);
    json empty = telegram;
    empty["message"].erase("text");
    CHECK(missing_in(read_mapped(m, empty)) == "text");
    empty["message"]["chat"].erase("id");
    CHECK(missing_in(read_mapped(m, empty)) == "text user_id");
}

TEST_CASE("a list of messages, and what stands beside it", "[channel][mapping]") {
    const auto m = parse_mapping({{"items", "/entry/0/messages"},
                                  {"text", "/text/body"},
                                  {"user_id", "/from"},
                                  {"message_id", "/id"},
                                  {"name", "/profile/name"}});
    const json body = {
        {"profile", {{"name", "Bob"}}},
        {"entry",
         json::array({{{"messages", json::array({{{"from", "1"}, {"id", "a"}, {"text", {{"body", "one"}}}},
                                                 {{"from", "1"}, {"id", "b"}, {"text", {{"body", "two"}}}},
                                                 {{"from", "1"}, {"id", "c"}}})}}})}};
    const auto found = read_mapped(m, body);
    REQUIRE(found.messages.size() == 2);
    CHECK(found.messages[1].text == "two");
    CHECK(found.messages[1].name == "Bob");
    CHECK(missing_in(found) == "items[2].text");
    CHECK(missing_in(read_mapped(m, json::object())) == "items");
    CHECK(missing_in(read_mapped(m, {{"entry", json::array({{{"messages", "x"}}})}})) == "items");
}

TEST_CASE("conditions compare values, not their writing", "[channel][mapping]") {
    const auto with = [](const json& equals) {
        return parse_mapping({{"text", "/t"},
                              {"user_id", "/u"},
                              {"only_when", json::array({{{"place", "/event"}, {"equals", equals}}})}});
    };
    const json body = {{"t", "hi"}, {"u", "1"}};
    const auto kept = [&](const json& event, const json& equals) {
        json b = body;
        if (!event.is_discarded()) b["event"] = event;
        return read_mapped(with(equals), b).messages.size() == 1;
    };
    CHECK(kept("message", "message"));
    CHECK_FALSE(kept("Message", "message"));
    CHECK(kept(1, 1));
    CHECK(kept(1.0, 1));
    CHECK_FALSE(kept("1", 1));
    CHECK(kept(true, true));
    CHECK_FALSE(kept(1, true));
    CHECK(kept(nullptr, nullptr));
    CHECK(kept(json(json::value_t::discarded), nullptr)); // not there is null
    CHECK_FALSE(kept(json(json::value_t::discarded), "x"));
}

TEST_CASE("hostile bodies", "[channel][mapping]") {
    const auto m = parse_mapping({{"text", "/a/0/b"}, {"user_id", "/u"}, {"message_id", "/id"}});
    for (const json& body : {json(nullptr), json(5), json("text"), json::array(), json{{"a", 5}},
                             json{{"a", json::array()}}, json{{"a", json::array({5})}, {"u", json::object()}},
                             json{{"a", {{"0", {{"b", json::array({1})}}}}}, {"u", true}}}) {
        INFO(body.dump());
        const auto found = read_mapped(m, body);
        CHECK(found.messages.empty());
        CHECK_FALSE(found.missing.empty());
    }
    const auto odd = parse_mapping({{"text", "/a/-1"}, {"user_id", "/a/99999999999999999999"}});
    CHECK(read_mapped(odd, {{"a", json::array({"x"})}}).messages.empty());
    const auto escaped = parse_mapping({{"text", "/a~1b"}, {"user_id", "/m~0n"}});
    CHECK(read_mapped(escaped, {{"a/b", "hello"}, {"m~n", "u"}}).messages.size() == 1);
    // What is too long for a name or an id is left out; the text stays.
    const auto longer =
        read_mapped(parse_mapping({{"text", "/t"}, {"user_id", "/u"}, {"name", "/n"}}),
                    {{"t", std::string(20'000, 'x')}, {"u", "1"}, {"n", std::string(5000, 'n')}});
    REQUIRE(longer.messages.size() == 1);
    CHECK(longer.messages[0].name.empty());
    CHECK(longer.messages[0].text.size() == 20'000);
    json many = json::array();
    for (int i = 0; i < 501; ++i) many.push_back({{"t", "x"}, {"u", "1"}});
    CHECK(missing_in(read_mapped(parse_mapping({{"items", "/m"}, {"text", "/t"}, {"user_id", "/u"}}),
                                 {{"m", many}})) == "items");
}
