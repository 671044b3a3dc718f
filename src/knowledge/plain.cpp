#include "knowledge/plain.hpp"

#include <chat_centre/base/text.hpp>

#include <algorithm>

namespace chat_centre::knowledge {
namespace {

// "## Heading" -> "Heading"; nothing else is one.
bool heading_of(std::string_view line, std::string& out) {
    const auto marks = line.find_first_not_of('#');
    if (marks == 0 || marks == std::string_view::npos || marks > 6 || line[marks] != ' ') return false;
    out = plain_line(trimmed(line.substr(marks)));
    return true;
}

bool is_rule(std::string_view line) {
    return line.size() >= 3 && line.find_first_not_of("-*_ ") == std::string_view::npos;
}

bool is_item(std::string_view line) {
    if (line.size() > 2 && (line[0] == '-' || line[0] == '*' || line[0] == '+') && line[1] == ' ')
        return true;
    const auto digits = line.find_first_not_of("0123456789");
    return digits != 0 && digits != std::string_view::npos && digits <= 3 && line.size() > digits + 1 &&
           (line[digits] == '.' || line[digits] == ')') && line[digits + 1] == ' ';
}

// The paragraphs of a text: lines of one are joined, list items stay lines.
struct paragraphs {
    std::vector<std::string> done;
    std::string now;

    void line(std::string_view text) {
        if (text.empty()) return end();
        std::string item;
        if (is_item(text)) {
            const auto space = text.find(' ');
            const std::string mark = text[0] < '0' || text[0] > '9' ? "-" : std::string(text.substr(0, space));
            item = mark + " " + plain_line(trimmed(text.substr(space)));
            now += (now.empty() ? "" : "\n") + item;
        } else {
            now += (now.empty() ? "" : " ") + plain_line(text);
        }
    }
    void end() {
        if (!now.empty()) done.push_back(std::move(now));
        now.clear();
    }
};

} // namespace

std::string plain_line(std::string_view line) {
    std::string out;
    while (line.starts_with("> ")) line.remove_prefix(2);
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (c == '\\' && i + 1 < line.size()) {
            out.push_back(line[++i]);
        } else if (c == '*' || c == '`') {
            continue;
        } else if (c == '!' && i + 1 < line.size() && line[i + 1] == '[') {
            continue;
        } else if (c == '[') {
            const auto close = line.find("](", i);
            const auto end = close == std::string_view::npos ? close : line.find(')', close);
            if (end == std::string_view::npos) {
                out.push_back(c);
                continue;
            }
            out += line.substr(i + 1, close - i - 1);
            i = end;
        } else {
            out.push_back(c);
        }
    }
    return out;
}

std::string shortened(std::string text, std::size_t most) {
    if (text.size() <= most) return text;
    std::size_t cut = most;
    while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U) --cut;
    const auto head = std::string_view(text).substr(0, cut);
    std::size_t end = std::string_view::npos;
    for (const std::string_view stop : {". ", ".\n", "! ", "? ", "؟ ", "。"}) {
        const auto at = head.rfind(stop);
        if (at != std::string_view::npos && at > cut / 2 && (end == std::string_view::npos || at > end))
            end = at + stop.find_last_not_of(" \n");
    }
    if (end != std::string_view::npos) {
        text.resize(end + 1);
        return text;
    }
    const auto space = head.find_last_of(" \n");
    text.resize(space == std::string_view::npos || space < cut / 2 ? cut : space);
    return text + "…";
}

std::vector<plain_section> plain_sections(std::string_view markdown, std::size_t most) {
    std::vector<plain_section> out;
    std::string heading;
    paragraphs text;
    bool code = false;
    const auto close = [&] {
        text.end();
        plain_section s{heading, {}};
        for (auto& p : text.done) {
            if (!s.text.empty() && s.text.size() + p.size() + 2 > most) {
                out.push_back(std::move(s));
                s = {heading, {}};
            }
            s.text += (s.text.empty() ? "" : "\n\n") + p;
        }
        if (!s.text.empty()) out.push_back(std::move(s));
        text.done.clear();
    };
    while (!markdown.empty()) {
        const auto end = std::min(markdown.find('\n'), markdown.size());
        std::string_view line = markdown.substr(0, end);
        markdown.remove_prefix(std::min(end + 1, markdown.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        line = trimmed(line);
        std::string found;
        if (line.starts_with("```")) {
            code = !code;
            text.end();
        } else if (!code && heading_of(line, found)) {
            close();
            heading = std::move(found);
        } else if (!code && is_rule(line)) {
            text.end();
        } else {
            text.line(line);
        }
    }
    close();
    return out;
}

} // namespace chat_centre::knowledge
