#include <chat_centre/base/email.hpp>

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace chat_centre;

TEST_CASE("which texts are e-mail addresses", "[base][email]") {
    for (const char* good :
         {"ahmed@example.com", "a@b.co", "first.last+tag@sub.example.co.zw", "o'neil@example.org",
          "UPPER@EXAMPLE.COM", "x_y-z@ex-ample.com", "محمد@example.com", "a@مثال.شبكة"}) {
        INFO(good);
        CHECK(is_email(good));
    }
    const std::string long_name(65, 'a');
    const std::string long_host = std::string(63, 'b') + "." + std::string(63, 'c') + "." +
                                  std::string(63, 'd') + "." + std::string(63, 'e') + ".com";
    for (const auto& bad : {std::string(""),
                            std::string("@"),
                            std::string("a"),
                            std::string("a@b"),
                            std::string("a@b.c"),
                            std::string("@example.com"),
                            std::string("a@"),
                            std::string(".a@example.com"),
                            std::string("a.@example.com"),
                            std::string("a..b@example.com"),
                            std::string("a b@example.com"),
                            std::string("a@exa mple.com"),
                            std::string("a@-example.com"),
                            std::string("a@example-.com"),
                            std::string("a@example..com"),
                            std::string("a@example.com."),
                            std::string("a@b@example.com"),
                            std::string("a@127.0.0.1"),
                            std::string("\"quoted\"@example.com"),
                            std::string("<a@example.com>"),
                            std::string("a@example.com\n"),
                            long_name + "@example.com",
                            "a@" + long_host}) {
        INFO(bad);
        CHECK_FALSE(is_email(bad));
    }
}

TEST_CASE("addresses in the form they are compared in", "[base][email]") {
    CHECK(normalize_email("  Ahmed@Example.COM \n") == "ahmed@example.com");
    CHECK(normalize_email("ahmed@example.com") == "ahmed@example.com");
    CHECK_FALSE(normalize_email("ahmed"));
    CHECK_FALSE(normalize_email(""));
}

TEST_CASE("addresses within a sentence", "[base][email]") {
    const auto texts = [](const char* sentence) {
        std::string out;
        for (const auto& e : find_emails(sentence)) out += e + " ";
        return out;
    };
    CHECK(texts("Write to Ahmed@example.com, or (sara@example.org).") == "ahmed@example.com sara@example.org ");
    CHECK(texts("بريدي ahmed@example.com. شكرا") == "ahmed@example.com ");
    CHECK(texts("بريديahmed@example.comشكرا") == "ahmed@example.com ");
    CHECK(texts("a@example.com A@EXAMPLE.COM") == "a@example.com ");
    CHECK(texts("follow @sara, 5 @ 3").empty());
    CHECK(texts("").empty());
}
