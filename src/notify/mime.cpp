#include "notify/mime.hpp"

#include <chat_centre/base/base64.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace chat_centre::notify {
namespace {

constexpr std::size_t line_limit = 76;
constexpr std::string_view word_start = "=?UTF-8?B?";
constexpr std::string_view word_end = "?=";

std::string one_line(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const auto u = static_cast<unsigned char>(c);
        out += u < 0x20 || u == 0x7f ? ' ' : c;
    }
    const auto first = out.find_first_not_of(' ');
    if (first == std::string::npos) return "";
    return out.substr(first, out.find_last_not_of(' ') - first + 1);
}

bool plain(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c >= 0x20 && c < 0x7f; }) &&
           text.find("=?") == std::string_view::npos;
}

std::size_t character_end(std::string_view s, std::size_t at) {
    ++at;
    while (at < s.size() && (static_cast<unsigned char>(s[at]) & 0xc0U) == 0x80U) ++at;
    return at;
}

std::string phrase(const mailbox& m, std::size_t used) {
    if (m.name.empty()) return m.address;
    const std::string name = one_line(m.name);
    std::string shown;
    if (plain(name)) {
        shown = "\"";
        for (const char c : name) {
            if (c == '"' || c == '\\') shown += '\\';
            shown += c;
        }
        shown += '"';
    } else {
        shown = encode_header(name, used);
    }
    return shown + "\r\n <" + m.address + ">";
}

std::string body_base64(std::string_view text) {
    std::string crlf;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r')) crlf += '\r';
        crlf += text[i];
    }
    const std::string all = to_base64(crlf);
    std::string out;
    for (std::size_t at = 0; at < all.size(); at += line_limit) out += all.substr(at, line_limit) + "\r\n";
    return out;
}

} // namespace

std::optional<mailbox> parse_mailbox(std::string_view text) {
    mailbox m;
    const auto open = text.rfind('<');
    if (open != std::string_view::npos) {
        if (text.back() != '>') return std::nullopt;
        m.name = one_line(text.substr(0, open));
        if (m.name.size() >= 2 && m.name.front() == '"' && m.name.back() == '"')
            m.name = m.name.substr(1, m.name.size() - 2);
        text = text.substr(open + 1, text.size() - open - 2);
    }
    const auto at = text.find('@');
    // SMTPUTF8 is not asked for, so the address itself is ASCII; a local part in quotes is nobody's.
    const bool bad = at == std::string_view::npos || at == 0 || at + 1 >= text.size() || text.size() > 254 ||
                     text.find('@', at + 1) != std::string_view::npos || !plain(text) ||
                     text.find_first_of(" \"(),:;<>[]\\") != std::string_view::npos;
    if (bad) return std::nullopt;
    m.address = text;
    return m;
}

std::string encode_header(std::string_view utf8, std::size_t used) {
    std::string text = one_line(utf8);
    if (plain(text)) return text; // RFC 5322 allows 998 characters a line, and subjects are bounded
    std::string out;
    std::size_t at = 0;
    while (at < text.size()) {
        // An encoded word has at most 75 characters and the line 76; base64 makes 4 of 3 bytes.
        const std::size_t taken = out.empty() ? std::min(used, line_limit / 2) : 1;
        const std::size_t room = (line_limit - 1 - taken - word_start.size() - word_end.size()) / 4 * 3;
        std::size_t end = at;
        while (end < text.size()) {
            const auto next = character_end(text, end);
            if (next - at > room) break;
            end = next;
        }
        if (end == at) end = character_end(text, at);
        if (!out.empty()) out += "\r\n ";
        out.append(word_start).append(to_base64(std::string_view(text).substr(at, end - at))).append(word_end);
        at = end;
    }
    return out;
}

std::string rfc5322_date(time_point t) {
    using namespace std::chrono;
    static constexpr std::array<const char*, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = floor<std::chrono::days>(t);
    const year_month_day date(day);
    const hh_mm_ss time(floor<seconds>(t - day));
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000", days[weekday(day).c_encoding()],
                       static_cast<unsigned>(date.day()), months[static_cast<unsigned>(date.month()) - 1],
                       static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
                       time.seconds().count());
}

std::string to_mime(const mail& m) {
    std::string out;
    out += "Date: " + rfc5322_date(m.date) + "\r\n";
    out += "From: " + phrase(m.from, 6) + "\r\n";
    out += "To: " + phrase(m.to, 4) + "\r\n";
    if (m.reply_to) out += "Reply-To: " + phrase(*m.reply_to, 10) + "\r\n";
    out += "Message-ID: <" + m.message_id + ">\r\n";
    out += "Subject: " + encode_header(m.subject, 9) + "\r\n";
    out += "Auto-Submitted: auto-generated\r\n"; // RFC 3834: out-of-office answers stay away
    out += "Content-Language: " + m.language + "\r\n";
    out += "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
           "Content-Transfer-Encoding: base64\r\n\r\n";
    return out + body_base64(m.text);
}

} // namespace chat_centre::notify
