// What requesters are told, without a mail server.

#include "ticket/requester_mail.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace chat_centre::ticket;

namespace {

const mail_desk house{"Chat Centre", "مركز المحادثة", "https://chat.example.org/", {}};

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

} // namespace

TEST_CASE("a requester's mail is in their language and names the ticket", "[ticket][mail]") {
    for (const auto what :
         {occasion::opened, occasion::answered, occasion::resolved, occasion::closing, occasion::closed})
        for (const std::string language : {"en", "ar", "mixed", "fr", ""}) {
            INFO(static_cast<int>(what) << " " << language);
            news n;
            n.what = what;
            n.ticket = "TKT_20240101_XYZ9";
            n.name = "John";
            n.author = "Sarah Johnson";
            n.words = "It is on its way.";
            n.link = portal_link(house, "abc");
            const auto m = mail_of(n, house, language);
            const bool arabic = language == "ar" || language == "mixed";
            CHECK(m.language == (arabic ? "ar" : "en"));
            CHECK(holds(m.subject, arabic ? "[مركز المحادثة] " : "[Chat Centre] "));
            CHECK(holds(m.subject, n.ticket));
            CHECK(holds(m.text, n.ticket));
            CHECK(holds(m.text, arabic ? "مرحبًا John،" : "Hello John,"));
            CHECK(holds(m.text, "https://chat.example.org/portal/#abc"));
            CHECK(holds(m.text, n.words) == (what == occasion::answered));
        }
}

TEST_CASE("without an address of ours there is no link, and no promise of one", "[ticket][mail]") {
    const mail_desk bare{"Chat Centre", "مركز المحادثة", "", {}};
    CHECK(portal_link(bare, "abc").empty());
    for (const auto what :
         {occasion::opened, occasion::answered, occasion::resolved, occasion::closing, occasion::closed})
        for (const auto* language : {"en", "ar"}) {
            news n;
            n.what = what;
            n.ticket = "TKT_20240101_XYZ9";
            n.author = "Sarah Johnson";
            const auto m = mail_of(n, bare, language);
            CHECK_FALSE(holds(m.text, "http"));
            CHECK_FALSE(holds(m.text, "here"));
            CHECK_FALSE(holds(m.text, "هنا"));
        }
}
