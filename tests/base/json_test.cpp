#include <chat_centre/base/json.hpp>

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace chat_centre;

namespace {

std::string nested(int depth, const char* open = "[", const char* close = "]") {
    std::string out;
    for (int i = 0; i < depth; ++i) out += open;
    for (int i = 0; i < depth; ++i) out += close;
    return out;
}

std::string list_of(int values) {
    std::string out = "[";
    for (int i = 0; i < values; ++i) out += i == 0 ? "1" : ",1";
    return out + "]";
}

// "" when it parses, else what the caller is told.
std::string parse_error(const std::string& text, json_limits limits = {}) {
    try {
        (void)parse_json(text, limits);
        return "";
    } catch (const error& e) {
        CHECK(e.status() == 400);
        return e.detail();
    }
}

} // namespace

TEST_CASE("JSON that is read", "[base][json]") {
    for (const char* text : {"null", "true", "0", "-0", "1.5e10", "\"\"", "{}", "[]", " [ 1 , 2 ] ",
                             "\"\\u00e9\\ud83d\\ude00\"", "{\"a\":{\"b\":[1,null,\"x\"]}}",
                             "18446744073709551615", "-9223372036854775808", "1e308", "\"\x7f\""}) {
        INFO(text);
        CHECK(parse_json(text) == json::parse(text));
    }
    CHECK(parse_json(R"({"a":1,"a":2})")["a"] == 2);
}

TEST_CASE("JSON that is not", "[base][json]") {
    for (const char* text : {"",
                             " ",
                             "{",
                             "[1,]",
                             "{\"a\":1,}",
                             "{a:1}",
                             "'a'",
                             "nul",
                             "01",
                             "1.",
                             ".5",
                             "+1",
                             "[1]x",
                             "{} {}",
                             "// c\n1",
                             "NaN",
                             "Infinity",
                             "1e999",
                             "-1e999",
                             "\"\n\"",
                             "\"\t\"",
                             "\"\\x41\"",
                             "\"\\ud800\"",
                             "\"\\udc00\\ud800\"",
                             "\"abc",
                             "[",
                             "]",
                             "\xff",
                             "\"\xff\"",
                             "\"\xc3\"",
                             "\"\xc0\xaf\"",
                             "\"\xed\xa0\x80\"",
                             "\"\xf4\x90\x80\x80\"",
                             "{\"\xff\":1}"}) {
        INFO(text);
        CHECK_FALSE(parse_error(text).empty());
    }
}

TEST_CASE("nesting ends at the limit", "[base][json]") {
    CHECK(parse_error(nested(32)).empty());
    CHECK(parse_error(nested(33)).find("32 levels") != std::string::npos);
    CHECK(parse_error(nested(31, "{\"a\":", "}").insert(31 * 5, "1")).empty());
    CHECK(parse_error(nested(32, "{\"a\":", "}").insert(32 * 5, "1")).empty());
    CHECK_FALSE(parse_error(nested(33, "{\"a\":", "}").insert(33 * 5, "1")).empty());
    CHECK_FALSE(parse_error(nested(100'000)).empty());
    CHECK_FALSE(parse_error(std::string(100'000, '[')).empty());
    // Beside each other is not inside each other.
    std::string wide = "[";
    for (int i = 0; i < 100; ++i) wide += (i == 0 ? "" : ",") + nested(31);
    CHECK(parse_error(wide + "]").empty());
}

TEST_CASE("the number of values is limited", "[base][json]") {
    CHECK(parse_error(list_of(9'999)).empty()); // and the list itself
    CHECK(parse_error(list_of(10'000)).find("too many") != std::string::npos);
    CHECK(parse_error("[1,2]", {.values = 3}).empty());
    CHECK_FALSE(parse_error("[1,2,3]", {.values = 3}).empty());
    CHECK_FALSE(parse_error(R"({"a":[true,null],"b":"x"})", {.values = 4}).empty());
    CHECK(parse_error(R"({"a":[true,null],"b":"x"})", {.values = 5}).empty());
}

TEST_CASE("no NUL comes in", "[base][json]") {
    CHECK(parse_error("\"a\\u0000b\"").find("NUL") != std::string::npos);
    CHECK(parse_error("{\"\\u0000\":1}").find("NUL") != std::string::npos);
    CHECK_FALSE(parse_error(std::string("\"a\0b\"", 5)).empty());
    CHECK_FALSE(parse_error(std::string("1\0", 2)).empty());
    CHECK_FALSE(parse_error(std::string("{}\0{}", 5)).empty()); // and nothing hides behind one
}

TEST_CASE("what is wrong is said with its place", "[base][json]") {
    CHECK(parse_error("{\"a\":1,,}").find("byte 8") != std::string::npos);
}

TEST_CASE("a string literal is what the library would write", "[base][json]") {
    std::string all;
    for (int c = 1; c < 128; ++c) all.push_back(static_cast<char>(c));
    for (const std::string& text :
         {std::string{}, std::string("plain"), std::string("عميل 😀 é"), std::string("a\"b\\c/d"), all,
          std::string("\n\r\t"), std::string("\x1f\x7f"), std::string("</script>"),
          std::string("\xe2\x80\xa8")}) {
        std::string out = "[";
        append_json_string(out, text);
        out += ']';
        INFO(text);
        CHECK(json::parse(out)[0] == text);
        if (text.find_first_of("\b\f") == std::string::npos) CHECK(out == dump(json::array({text})));
    }
    std::string each;
    for (int c = 1; c < 0x20; ++c) {
        each.clear();
        append_json_string(each, std::string(1, static_cast<char>(c)));
        INFO(c);
        CHECK(json::parse(each) == std::string(1, static_cast<char>(c)));
        CHECK(each.size() <= 8);
    }
}

TEST_CASE("writing never throws", "[base][json]") {
    CHECK(dump(json("\xff ok")) == "\"\uFFFD ok\"");
    CHECK(dump(json{{"a", "\xc3"}}) == "{\"a\":\"\uFFFD\"}");
}
