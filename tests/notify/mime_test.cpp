// Mails in any language, and nothing that a name or subject can slip into the headers.

#include "notify/mime.hpp"
#include "notify/smtp.hpp"
#include <chat_centre/base/base64.hpp>

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace chat_centre;
using namespace chat_centre::notify;

namespace {

std::vector<std::string> lines_of(const std::string& mime) {
    std::vector<std::string> out;
    std::size_t at = 0;
    while (at < mime.size()) {
        const auto end = mime.find("\r\n", at);
        REQUIRE(end != std::string::npos);
        out.push_back(mime.substr(at, end - at));
        at = end + 2;
    }
    return out;
}

// What a reader makes of encoded words (RFC 2047); the space between two of them is not part of the text.
std::string decoded(const std::string& header) {
    std::string out;
    std::size_t at = 0;
    while (at < header.size()) {
        if (header.compare(at, 10, "=?UTF-8?B?") != 0) {
            out += header[at++];
            continue;
        }
        const auto end = header.find("?=", at + 10);
        REQUIRE(end != std::string::npos);
        CHECK(end + 2 - at <= 75);
        const auto part = from_base64(header.substr(at + 10, end - at - 10));
        REQUIRE(part);
        CHECK((static_cast<unsigned char>(part->front()) & 0xc0U) != 0x80U); // begins with a whole character
        out += *part;
        at = end + 2;
        if (header.compare(at, 3, "\r\n ") == 0) at += 3;
    }
    return out;
}

} // namespace

TEST_CASE("header texts", "[notify][mime]") {
    CHECK(encode_header("Test mail", 9) == "Test mail");
    CHECK(encode_header("  spaced  ", 9) == "spaced");
    CHECK(encode_header("", 9) == "");
    CHECK(encode_header("مرحبا", 9) == "=?UTF-8?B?2YXYsdit2KjYpw==?=");
    CHECK(decoded(encode_header("a =?UTF-8?B?eA==?= b", 9)) ==
          "a =?UTF-8?B?eA==?= b"); // does not pass as an encoded word
    CHECK(encode_header("one\r\nBcc: x@example.org", 9) == "one  Bcc: x@example.org");
    std::string all = "[مركز المحادثة] ";
    for (int i = 0; i < 20; ++i) all += "أحمد بانتظار موظف 🙂 ";
    all.pop_back();
    for (const std::size_t used : {0U, 9U, 30U, 200U}) {
        const auto header = encode_header(all, used);
        CHECK(decoded(header) == all);
        for (const auto& line : lines_of(header + "\r\n")) CHECK(line.size() <= 76);
    }
}

TEST_CASE("a whole mail", "[notify][mime]") {
    mail m;
    m.from = {"Chat Centre", "desk@example.org"};
    m.to = {"سارة", "sarah@example.org"};
    m.reply_to = mailbox{"", "help@example.org"};
    m.message_id = "cc-1@example.org";
    m.subject = "موعد";
    m.text = "Hello,\nأهلاً\n.\nend";
    m.language = "ar";
    m.date = *parse_time("2026-11-20T10:00:05Z", "UTC");
    const auto mime = to_mime(m);
    const auto lines = lines_of(mime);
    for (const auto& line : lines) {
        CHECK(line.size() <= 78);
        CHECK(line.find('\n') == std::string::npos);
        CHECK(line != "."); // base64: no line of the text can end the mail
    }
    const auto has = [&](const std::string& text) { return mime.find(text) != std::string::npos; };
    CHECK(has("Date: Fri, 20 Nov 2026 10:00:05 +0000\r\n"));
    CHECK(has("From: \"Chat Centre\"\r\n <desk@example.org>\r\n"));
    CHECK(has("Reply-To: help@example.org\r\n"));
    CHECK(has("Message-ID: <cc-1@example.org>\r\n"));
    CHECK(has("Content-Type: text/plain; charset=utf-8\r\n"));
    std::string body;
    for (const auto& l : lines_of(mime.substr(mime.find("\r\n\r\n") + 4))) body += l;
    CHECK(from_base64(body) == "Hello,\r\nأهلاً\r\n.\r\nend");
}

TEST_CASE("mailboxes", "[notify][mime]") {
    CHECK(parse_mailbox("desk@example.org")->address == "desk@example.org");
    CHECK(parse_mailbox("Help Desk <desk@example.org>")->name == "Help Desk");
    CHECK(parse_mailbox("\"Help, Desk\" <desk@example.org>")->name == "Help, Desk");
    for (const char* bad : {"", "desk", "@example.org", "desk@", "a@b@c", "a b@example.org",
                            "<desk@example.org", "desk@example.org>", "x <>", "a@example.org,b@example.org",
                            "a@example.org\r\nBcc: b@c", "\"a\"@example.org", "أ@example.org"}) {
        INFO(bad);
        CHECK_FALSE(parse_mailbox(bad));
    }
    CHECK(rfc5322_date(*parse_time("2024-02-29T23:59:59.900Z", "UTC")) == "Thu, 29 Feb 2024 23:59:59 +0000");
    CHECK(rfc5322_date(*parse_time("2023-01-01T00:00:00Z", "UTC")) == "Sun, 01 Jan 2023 00:00:00 +0000");
}

TEST_CASE("mail goes without TLS to this machine only", "[notify][mime]") {
    CHECK_FALSE(needs_tls("smtp://127.0.0.1:25"));
    CHECK_FALSE(needs_tls("smtp://localhost:25"));
    CHECK_FALSE(needs_tls("smtp://[::1]:25"));
    CHECK(needs_tls("smtp://mail.example.org:587"));
    CHECK(needs_tls("smtp://127.0.0.1.example.org"));
    CHECK(needs_tls("smtp://10.0.0.1"));
    CHECK(mail_refused(550, "").for_good());
    CHECK_FALSE(mail_refused(451, "").for_good());
    CHECK_FALSE(mail_refused(535, "").for_good()); // our password is wrong: somebody will mend it
    CHECK_FALSE(mail_refused(0, "").for_good());
}
