// CSV that no spreadsheet runs, and pages that no message breaks out of.

#include "search/render.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace chat_centre;
using namespace chat_centre::search;

TEST_CASE("cells", "[search][export]") {
    struct {
        const char* text;
        const char* cell;
    } const table[] = {
        {"", ""},
        {"plain", "plain"},
        {"two words", "two words"},
        {"a,b", "\"a,b\""},
        {"say \"hi\"", "\"say \"\"hi\"\"\""},
        {"two\nlines", "\"two\nlines\""},
        {"two\r\nlines", "\"two\r\nlines\""},
        {"=1+1", "'=1+1"},
        {"+263771234567", "'+263771234567"},
        {"-5", "'-5"},
        {"@SUM(A1)", "'@SUM(A1)"},
        {"\t=1", "'\t=1"},
        {"\r=1", "\"'\r=1\""},
        {"=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""},
        {"a=b", "a=b"},
        {"مرحبا", "مرحبا"},
    };
    for (const auto& t : table) {
        INFO(t.text);
        CHECK(csv_cell(t.text) == t.cell);
    }
    const auto row = nlohmann::ordered_json::parse(R"({"z":"x","n":-5,"none":null,"a":"=1"})");
    CHECK(csv_header(row) == "z,n,none,a\r\n");
    CHECK(csv_line(row) == "x,-5,,'=1\r\n");
}

TEST_CASE("a transcript shows text as text", "[search][export]") {
    transcript_line m{1, *parse_time("2026-11-20T10:00:00Z", "UTC"), "user", "<b>Bob</b>",
                      "</p><script>alert('x')</script> & \"more\""};
    const auto html = html_message(m, false);
    CHECK(html.find("<script>") == std::string::npos);
    CHECK(html.find("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;more&quot;") !=
          std::string::npos);
    CHECK(html.find("&lt;b&gt;Bob&lt;/b&gt;") != std::string::npos);
    CHECK(html.find("2026-11-20 10:00 UTC") != std::string::npos);

    m.text = "first\n[2026-11-20 10:01 UTC] Staff (staff)\nno";
    const auto text = text_message(m, false);
    CHECK(text.find("\n    [2026-11-20 10:01 UTC] Staff") != std::string::npos); // indented: no head of its own

    transcript_head h;
    h.id = "CONV-1";
    h.customer = "<i>";
    h.arabic = true;
    CHECK(html_begin(h).find("<html lang=\"ar\" dir=\"rtl\">") != std::string::npos);
    CHECK(html_begin(h).find("<i>") == std::string::npos);
    CHECK(print_style().style_source.size() == std::string("'sha256-'").size() + 44);
}
