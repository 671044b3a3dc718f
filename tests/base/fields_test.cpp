#include <chat_centre/base/fields.hpp>

#include <catch2/catch_test_macros.hpp>

#include <array>
#include <string>

using namespace chat_centre;

namespace {

struct colours {
    static constexpr std::array<std::string_view, 3> names{"red", "green", "blue"};
};

struct inner {
    text<1, 5> name;
    std::optional<number<1, 3>> level;
};
BOOST_DESCRIBE_STRUCT(inner, (), (name, level))

struct outer {
    text<1, 10> title;
    std::optional<text<0, 5>> note;
    std::optional<number<-2, 2>> n;
    std::optional<std::int64_t> big;
    std::optional<bool> yes;
    std::optional<choice<colours>> colour;
    std::optional<json> extra;
    std::optional<std::vector<text<1, 3>>> words;
    std::optional<inner> one;
    std::optional<std::vector<inner>> many;
};
BOOST_DESCRIBE_STRUCT(outer, (), (title, note, n, big, yes, colour, extra, words, one, many))

// The names of the bad fields, joined; "" when it was read.
std::string refused(const json& body, unknown_fields unknown = unknown_fields::refuse) {
    try {
        (void)read_fields<outer>(body, unknown);
        return "";
    } catch (const error& e) {
        CHECK(e.status() == 422);
        std::string names;
        for (const auto& f : e.fields()) {
            CHECK_FALSE(f.message.empty());
            names += (names.empty() ? "" : " ") + f.field;
        }
        return names;
    }
}

std::string refused(const char* name, json value) {
    json body = {{"title", "t"}};
    body[name] = std::move(value);
    return refused(body);
}

} // namespace

TEST_CASE("every kind of field, good and bad", "[base][fields]") {
    struct {
        const char* name;
        json value;
        const char* bad; // "" when it is read
    } const table[] = {
        {"title", "t", ""},
        {"title", "1234567890", ""},
        {"title", "عععععععععع", ""}, // ten characters in twenty bytes
        {"title", "عععععععععععع", "title"},
        {"title", "12345678901", "title"},
        {"title", "", "title"},
        {"title", " \t\n", "title"},
        {"title", "\u00a0\u200b\u3000", "title"},
        {"title", 1, "title"},
        {"title", nullptr, "title"},
        {"title", json::array(), "title"},
        {"note", "", ""},
        {"note", "  ", ""}, // may be empty, so may be blank
        {"note", nullptr, ""},
        {"note", "123456", "note"},
        {"n", -2, ""},
        {"n", 2, ""},
        {"n", 3, "n"},
        {"n", -3, "n"},
        {"n", 1.0, "n"},
        {"n", "1", "n"},
        {"n", true, "n"},
        {"n", 18446744073709551615U, "n"},
        {"big", 9223372036854775807, ""},
        {"big", 1.5, "big"},
        {"yes", true, ""},
        {"yes", 1, "yes"},
        {"yes", "true", "yes"},
        {"colour", "red", ""},
        {"colour", "Red", "colour"},
        {"colour", "", "colour"},
        {"colour", 1, "colour"},
        {"extra", json::object(), ""},
        {"extra", json{{"any", {1, "thing"}}}, ""},
        {"extra", json::array(), "extra"},
        {"extra", "x", "extra"},
        {"words", json::array(), ""},
        {"words", {"a", "b"}, ""},
        {"words", {"a", "", "abcd", 1}, "words[1] words[2] words[3]"},
        {"words", "a", "words"},
        {"words", json(100, "a"), ""},
        {"words", json(101, "a"), "words"},
        {"one", {{"name", "x"}}, ""},
        {"one", {{"name", "x"}, {"level", 3}}, ""},
        {"one", json::object(), "one.name"},
        {"one", {{"name", ""}, {"level", 4}}, "one.name one.level"},
        {"one", {{"name", "x"}, {"other", 1}}, "one.other"},
        {"one", 1, "one"},
        {"many", {{{"name", "x"}}, {{"name", 1}}, 5}, "many[1].name many[2]"},
        {"unknown", 1, "unknown"},
        {"Title", "t", "Title"},
    };
    for (const auto& t : table) {
        INFO(t.name << " = " << t.value.dump().substr(0, 80));
        CHECK(refused(t.name, t.value) == t.bad);
    }
}

TEST_CASE("every bad field is named at once", "[base][fields]") {
    CHECK(refused({{"n", 5}, {"one", {{"level", 9}}}, {"x", 1}}) == "title n one.name one.level x");
    CHECK(refused(json::object()) == "title");
    for (const json& body : {json::array(), json(nullptr), json(1), json("text")})
        CHECK(refused(body) == "body");
}

TEST_CASE("unknown fields may be ignored", "[base][fields]") {
    const json body = {{"title", "t"}, {"x", 1}, {"y", {{"z", 2}}}};
    CHECK(refused(body, unknown_fields::ignore).empty());
    CHECK(refused(body) == "x y");
    CHECK(refused({{"x", 1}}, unknown_fields::ignore) == "title");
}

TEST_CASE("what was read is what was sent", "[base][fields]") {
    const auto o = read_fields<outer>({{"title", "t"},
                                       {"n", -1},
                                       {"yes", false},
                                       {"colour", "blue"},
                                       {"words", {"a", "b"}},
                                       {"many", {{{"name", "x"}, {"level", 2}}}}});
    CHECK(o.title.value == "t");
    CHECK(o.n->value == -1);
    CHECK(o.yes == false);
    CHECK(o.colour->value == "blue");
    CHECK(o.words->at(1).value == "b");
    CHECK(o.many->at(0).level->value == 2);
    CHECK_FALSE(o.note);
    CHECK_FALSE(o.one);
}

TEST_CASE("the schema says the same", "[base][fields]") {
    const auto s = schema_of<outer>();
    CHECK(s["type"] == "object");
    CHECK(s["required"] == json::array({"title"}));
    const auto& p = s["properties"];
    CHECK(p["title"] == json{{"type", "string"}, {"minLength", 1}, {"maxLength", 10}});
    CHECK(p["n"]["type"] == json::array({"integer", "null"}));
    CHECK(p["n"]["minimum"] == -2);
    CHECK(p["colour"]["enum"] == json::array({"red", "green", "blue", nullptr}));
    CHECK(p["words"]["items"]["maxLength"] == 3);
    // The limit of 100 is for what comes in; answers of the same shape have longer lists.
    CHECK_FALSE(p["words"].contains("maxItems"));
    CHECK(p["many"]["items"]["required"] == json::array({"name"}));
    CHECK(schema_of<no_body>().is_null());
}

TEST_CASE("characters are counted, not bytes", "[base][fields]") {
    CHECK(count_characters("") == 0);
    CHECK(count_characters("abc") == 3);
    CHECK(count_characters("عميل") == 4);
    CHECK(count_characters("😀é") == 2);
    CHECK(is_blank(""));
    CHECK(is_blank(" \t\r\n\v\f\u00a0\u200b\u3000"));
    CHECK_FALSE(is_blank(" a "));
    CHECK_FALSE(is_blank("\u00e9"));
    CHECK_FALSE(is_blank("\xc2"));
}
