// Markdown as safe HTML and as plain text, files with front matter, and CSV.

#include "knowledge/front_matter.hpp"
#include "knowledge/import.hpp"
#include "knowledge/markdown.hpp"
#include "knowledge/plain.hpp"

#include <catch2/catch_test_macros.hpp>

#include <chrono>

using namespace chat_centre::knowledge;

TEST_CASE("markdown becomes a fixed set of elements", "[knowledge]") {
    struct {
        const char* markdown;
        const char* html;
    } const table[] = {
        {"", ""},
        {"one\ntwo\n\nthree", "<p>one\ntwo</p>\n<p>three</p>\n"},
        {"# Title\ntext", "<h2>Title</h2>\n<p>text</p>\n"},
        {"- a\n- **b**\n\nend", "<ul>\n<li>a</li>\n<li><strong>b</strong></li>\n</ul>\n<p>end</p>\n"},
        {"1. a\n2. *b*", "<ol>\n<li>a</li>\n<li><em>b</em></li>\n</ol>\n"},
        {"> said", "<blockquote><p>said</p></blockquote>\n"},
        {"`a<b`", "<p><code>a&lt;b</code></p>\n"},
        {"```\n<x> **y**\n```", "<pre><code>&lt;x&gt; **y**\n</code></pre>\n"},
        {"---", "<hr>\n"},
        {"[us](https://example.org/?a=1&b=2)",
         "<p><a href=\"https://example.org/?a=1&amp;b=2\" rel=\"noopener nofollow\">us</a></p>\n"},
        {"[here](/help/en)", "<p><a href=\"/help/en\" rel=\"noopener nofollow\">here</a></p>\n"},
        // What must not become an element or a link.
        {"<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"},
        {"<img src=x onerror=alert(1)>", "<p>&lt;img src=x onerror=alert(1)&gt;</p>\n"},
        {"[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"},
        {"[x](JavaScript:alert)", "<p>[x](JavaScript:alert)</p>\n"},
        {"[x](java\tscript:alert)", "<p>[x](java\tscript:alert)</p>\n"},
        {"[x](//evil.example)", "<p>[x](//evil.example)</p>\n"},
        {"[x](data:text/html,y)", "<p>[x](data:text/html,y)</p>\n"},
        {"[x](https://e.org/\"onclick=1)",
         "<p><a href=\"https://e.org/&quot;onclick=1\" rel=\"noopener nofollow\">x</a></p>\n"},
        {"2 * 3 ** 4", "<p>2 * 3 ** 4</p>\n"},
        {"\\*not\\*", "<p>*not*</p>\n"},
    };
    for (const auto& t : table) {
        INFO(t.markdown);
        CHECK(to_html(t.markdown) == t.html);
    }
    for (const char* piece : {"*", "[", "**a", "`", "> ", "[a](", "# ", "\\"}) {
        std::string hostile;
        while (hostile.size() < 60'000) hostile += piece;
        const auto started = std::chrono::steady_clock::now();
        CHECK(to_html(hostile).size() < 3'000'000);
        CHECK(std::chrono::steady_clock::now() - started < std::chrono::seconds(5));
    }
}

TEST_CASE("markdown as plain text in sections", "[knowledge]") {
    const auto s =
        plain_sections("Intro **bold**.\n\n## More\n- one [link](https://x.example)\n- two\n\nlast");
    REQUIRE(s.size() == 2);
    CHECK(s[0].text == "Intro bold.");
    CHECK(s[1].heading == "More");
    CHECK(s[1].text == "- one link\n- two\n\nlast");
    CHECK(shortened("First sentence. Second one is long", 24) == "First sentence.");
    CHECK(shortened("جملة أولى طويلة بعض الشيء", 20).size() <= 24);
}

TEST_CASE("an article as a file", "[knowledge]") {
    const auto a = read_markdown("charity/how-to.ar.md",
                                 "---\ntitle: \"عنوان\"\ncategory: c\nquestions:\n  - سؤال\n---\nنص\n");
    CHECK(a.wrong.empty());
    CHECK(a.made.slug == "how-to");
    CHECK(a.made.language == "ar");
    CHECK(a.made.text.scenario == "charity");
    CHECK(a.made.text.title == "عنوان");
    CHECK(a.made.text.questions == std::vector<std::string>{"سؤال"});
    CHECK(a.made.text.body == "نص");
    CHECK(a.made.status == "published");
    CHECK(read_markdown("x.en.md", "# Title\n\ntext").made.text.title == "Title");
    CHECK(read_markdown("general/x.en.md", "# T\n\ntext").made.text.scenario == std::nullopt);
    const char* const bad[] = {"",
                               "no title",
                               "---\ntitle: x\n",
                               "---\ntitle: x\nowner: me\n---\ntext",
                               "---\ntitle: x\nstatus: live\n---\ntext",
                               "---\ntitle: x\nslug: A B\n---\ntext",
                               "---\ntitle: x\n---\n\xff\xfe"};
    for (const auto* content : bad) {
        INFO(content);
        CHECK_FALSE(read_markdown("x.en.md", content).wrong.empty());
    }
    CHECK_FALSE(read_markdown("x.md", "# T\n\ntext").wrong.empty()); // no language
}

TEST_CASE("slugs", "[knowledge]") {
    CHECK(slug_of("How do I pay?") == "how-do-i-pay");
    CHECK(slug_of("المنحة الدراسية") == "almnha-aldrasya");
    CHECK(slug_of("كيف أدفع؟") == "kyf-adfa");
    CHECK(slug_of("خدمةُ 24 ساعة") == "khdma-24-saaa");
    CHECK(slug_of("؟؟") == "");
    CHECK(is_slug(slug_of(std::string("ش", 2) + std::string(400, 'x'))));
    CHECK(slug_or_number("奖学金").starts_with("article-"));
    CHECK(slug_or_number("奖学金") == slug_or_number("奖学金"));
    CHECK(is_slug(slug_or_number("?")));
}

TEST_CASE("articles as a table", "[knowledge]") {
    const auto rows = read_csv("a,b\r\n\"x, \"\"y\"\"\nz\",2\n\n,\n");
    REQUIRE(rows.size() == 3);
    CHECK(rows[1].cells == std::vector<std::string>{"x, \"y\"\nz", "2"});
    CHECK(rows[2].line == 5);
    const auto all =
        read_table("Language,Title,Body,Questions\nen,How?,So.,a | b\nfr,X,Y,\n\"en\",,\"two\nlines\",\n", 2);
    REQUIRE(all.size() == 3);
    CHECK(all[0].read.wrong.empty());
    CHECK(all[0].read.made.slug == "how");
    CHECK(all[0].read.made.text.questions == std::vector<std::string>{"a", "b"});
    CHECK(all[1].line == 3);
    CHECK_FALSE(all[1].read.wrong.empty());
    CHECK(all[2].line == 4);
    CHECK_FALSE(all[2].read.wrong.empty());
    CHECK(read_table("language,title,body\nen,a,b\n", 102).at(0).line == 102);
}
