#include "knowledge/markdown.hpp"

#include <chat_centre/base/text.hpp>

#include <algorithm>
#include <cctype>
#include <cstdint>

namespace chat_centre::knowledge {
namespace {

constexpr int deepest = 8; // marks within marks
constexpr std::size_t farthest =
    4000; // bytes between a mark and its end: hostile text must not cost its square

bool may_link(std::string_view address) {
    if (address.empty() || address.size() > 2000) return false;
    for (const char c : address)
        if (static_cast<unsigned char>(c) <= ' ') return false;
    if (address.starts_with('/')) return !address.starts_with("//") && !address.starts_with("/\\");
    if (address.starts_with('#')) return true;
    std::string scheme(address.substr(0, address.find(':')));
    for (char& c : scheme)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return scheme.size() < address.size() &&
           (scheme == "https" || scheme == "http" || scheme == "mailto" || scheme == "tel");
}

std::string inline_html(std::string_view text, int depth);

// The element between two marks at the front of `rest`, appended to out; false: there is none.
bool marked(std::string_view& rest, std::string_view mark, const char* element, int depth, std::string& out) {
    if (!rest.starts_with(mark)) return false;
    const auto end = rest.substr(0, farthest).find(mark, mark.size());
    if (end == std::string_view::npos || end == mark.size() || rest[mark.size()] == ' ') return false;
    const auto inside = rest.substr(mark.size(), end - mark.size());
    const bool code = mark == "`";
    out += std::string("<") + element + ">" + (code ? escaped(inside) : inline_html(inside, depth + 1)) +
           "</" + element + ">";
    rest.remove_prefix(end + mark.size());
    return true;
}

bool link(std::string_view& rest, int depth, std::string& out) {
    const auto near = rest.substr(0, farthest);
    const auto close = near.find("](");
    const auto end = close == std::string_view::npos ? close : near.find(')', close);
    if (end == std::string_view::npos || close > 500) return false;
    const auto name = rest.substr(1, close - 1);
    const auto address = trimmed(rest.substr(close + 2, end - close - 2));
    if (name.find('[') != std::string_view::npos || !may_link(address)) return false;
    out += "<a href=\"" + escaped(address) + "\" rel=\"noopener nofollow\">" + inline_html(name, depth + 1) +
           "</a>";
    rest.remove_prefix(end + 1);
    return true;
}

std::string inline_html(std::string_view rest, int depth) {
    std::string out;
    if (depth > deepest) return escaped(rest);
    while (!rest.empty()) {
        const char c = rest.front();
        if (c == '\\' && rest.size() > 1 && std::ispunct(static_cast<unsigned char>(rest[1])) != 0) {
            out += escaped(rest.substr(1, 1));
            rest.remove_prefix(2);
            continue;
        }
        if ((c == '`' && marked(rest, "`", "code", depth, out)) ||
            (c == '*' && marked(rest, "**", "strong", depth, out)) ||
            (c == '*' && marked(rest, "*", "em", depth, out)) || (c == '[' && link(rest, depth, out)))
            continue;
        out += escaped(rest.substr(0, 1));
        rest.remove_prefix(1);
    }
    return out;
}

enum class block : std::uint8_t { none, paragraph, bullets, numbers, quote };

struct writer {
    std::string out;
    block open = block::none;

    void close() {
        switch (open) {
        case block::paragraph: out += "</p>\n"; break;
        case block::bullets: out += "</ul>\n"; break;
        case block::numbers: out += "</ol>\n"; break;
        case block::quote: out += "</p></blockquote>\n"; break;
        case block::none: break;
        }
        open = block::none;
    }
    void begin(block b, const char* html) {
        if (open == b) return;
        close();
        out += html;
        open = b;
    }
    void flow(block b, const char* html, std::string_view text) {
        const bool more = open == b;
        begin(b, html);
        out += (more ? "\n" : "") + inline_html(text, 0);
    }
    void item(std::string_view text) { out += "<li>" + inline_html(text, 0) + "</li>\n"; }
};

std::size_t number_length(std::string_view line) {
    const auto digits = line.find_first_not_of("0123456789");
    if (digits == 0 || digits == std::string_view::npos || digits > 3 || line.size() < digits + 2) return 0;
    return (line[digits] == '.' || line[digits] == ')') && line[digits + 1] == ' ' ? digits + 2 : 0;
}

void write_line(writer& w, std::string_view raw) {
    const auto line = trimmed(raw);
    if (line.empty()) return w.close();
    const auto marks = line.find_first_not_of('#');
    if (marks != 0 && marks != std::string_view::npos && marks <= 6 && line[marks] == ' ') {
        w.close();
        const std::string level = "h" + std::to_string(std::min<std::size_t>(marks + 1, 6));
        w.out += "<" + level + ">" + inline_html(trimmed(line.substr(marks)), 0) + "</" + level + ">\n";
        return;
    }
    if (line.size() >= 3 && line.find_first_not_of('-') == std::string_view::npos) {
        w.close();
        w.out += "<hr>\n";
        return;
    }
    if (line.size() > 2 && (line[0] == '-' || line[0] == '*' || line[0] == '+') && line[1] == ' ') {
        w.begin(block::bullets, "<ul>\n");
        return w.item(line.substr(2));
    }
    if (const auto n = number_length(line); n > 0) {
        w.begin(block::numbers, "<ol>\n");
        return w.item(line.substr(n));
    }
    if (line.starts_with("> ")) return w.flow(block::quote, "<blockquote><p>", line.substr(2));
    if (w.open == block::bullets || w.open == block::numbers) w.close();
    w.flow(block::paragraph, "<p>", line);
}

} // namespace

std::string escaped(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        case '\'': out += "&#39;"; break;
        default: out.push_back(c);
        }
    }
    return out;
}

std::string to_html(std::string_view markdown) {
    writer w;
    bool code = false;
    while (!markdown.empty()) {
        const auto end = std::min(markdown.find('\n'), markdown.size());
        auto line = markdown.substr(0, end);
        markdown.remove_prefix(std::min(end + 1, markdown.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (trimmed(line).starts_with("```")) {
            w.close();
            w.out += code ? "</code></pre>\n" : "<pre><code>";
            code = !code;
        } else if (code) {
            w.out += escaped(line) + "\n";
        } else {
            write_line(w, line);
        }
    }
    w.close();
    if (code) w.out += "</code></pre>\n";
    return w.out;
}

} // namespace chat_centre::knowledge
