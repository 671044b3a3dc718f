#include "search/render.hpp"

#include <chat_centre/base/ids.hpp>

#include <algorithm>
#include <array>

namespace chat_centre::search {
namespace {

std::string cell_of(const nlohmann::ordered_json& value) {
    if (value.is_null()) return {};
    if (value.is_string()) return csv_cell(value.get_ref<const std::string&>());
    return value.dump(); // numbers, true and false
}

// "2026-11-20 10:00 UTC"
std::string minute(time_point at) {
    std::string text = to_rfc3339(at).substr(0, 16);
    text[10] = ' ';
    return text + " UTC";
}

struct word {
    std::string_view key, english, arabic;
};
constexpr std::array<word, 14> captions{{{"conversation", "Conversation", "محادثة"},
                                         {"customer", "Customer", "العميل"},
                                         {"channel", "Channel", "القناة"},
                                         {"status", "Status", "الحالة"},
                                         {"staff_member", "Staff", "الموظف"},
                                         {"department", "Department", "القسم"},
                                         {"started", "Started", "بدأت"},
                                         {"user", "customer", "العميل"},
                                         {"ai", "assistant", "المساعد"},
                                         {"staff", "staff", "موظف"},
                                         {"system", "system", "النظام"},
                                         {"pending", "pending", "قيد الانتظار"},
                                         {"active", "active", "نشطة"},
                                         {"resolved", "resolved", "محلولة"}}};

std::string said(std::string_view key, bool arabic) {
    const auto it =
        std::find_if(captions.begin(), captions.end(), [key](const word& w) { return w.key == key; });
    if (it == captions.end()) return std::string(key);
    return std::string(arabic ? it->arabic : it->english);
}

std::vector<std::pair<std::string, std::string>> facts(const transcript_head& h) {
    std::vector<std::pair<std::string, std::string>> out;
    const auto add = [&](std::string_view key, std::string value) {
        if (!value.empty()) out.emplace_back(said(key, h.arabic), std::move(value));
    };
    add("customer", h.customer);
    add("started", minute(h.started));
    add("channel", h.channel);
    add("department", h.department);
    add("staff_member", h.staff);
    add("status", said(h.status, h.arabic));
    return out;
}

// Base64 as the policy wants it: not the variant for URLs.
std::string style_source(const std::string& style) {
    std::string digest = sha256_base64url(style);
    std::replace(digest.begin(), digest.end(), '-', '+');
    std::replace(digest.begin(), digest.end(), '_', '/');
    while (digest.size() % 4 != 0) digest.push_back('=');
    return "'sha256-" + digest + "'";
}

} // namespace

std::string csv_cell(std::string_view text) {
    std::string out;
    // Tab and carriage return make some programs look for the formula behind them.
    if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos) out = "'";
    out += text;
    if (out.find_first_of(",\"\r\n") == std::string::npos) return out;
    std::string quoted = "\"";
    for (const char c : out) {
        if (c == '"') quoted.push_back('"');
        quoted.push_back(c);
    }
    return quoted + "\"";
}

std::string csv_line(const nlohmann::ordered_json& object) {
    std::string out;
    for (auto it = object.begin(); it != object.end(); ++it) {
        if (it != object.begin()) out.push_back(',');
        out += cell_of(it.value());
    }
    return out + "\r\n";
}

std::string csv_header(const nlohmann::ordered_json& object) {
    std::string out;
    for (auto it = object.begin(); it != object.end(); ++it) {
        if (it != object.begin()) out.push_back(',');
        out += it.key();
    }
    return out + "\r\n";
}

const transcript_style& print_style() {
    static const transcript_style style = [] {
        transcript_style s;
        s.html_style =
            "body{font:11pt/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#111;"
            "background:#fff}h1{font-size:1.3rem;margin:0 0 .5rem}dl{display:grid;grid-template-columns:"
            "max-content 1fr;gap:.1rem 1rem;margin:0 0 1.5rem}dt{color:#555}dd{margin:0}"
            "article{border-block-start:1px solid #ccc;padding:.5rem 0;break-inside:avoid}"
            "header{color:#555;font-size:.85em}p{margin:.2rem 0 0;white-space:pre-wrap;"
            "overflow-wrap:anywhere}@page{margin:18mm}@media print{body{margin:0;max-width:none;padding:0}}";
        s.style_source = style_source(s.html_style);
        return s;
    }();
    return style;
}

std::string html_escape(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        case '\'': out += "&#39;"; break;
        default: out.push_back(c);
        }
    return out;
}

std::string html_begin(const transcript_head& h) {
    const std::string title = html_escape(said("conversation", h.arabic) + " " + h.id);
    std::string out = std::string("<!doctype html>\n<html lang=\"") + (h.arabic ? "ar\" dir=\"rtl" : "en") +
                      "\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                      "content=\"width=device-width\"><title>" +
                      title + "</title>\n<style>" + print_style().html_style +
                      "</style></head>\n<body><main>\n<h1>" + title + "</h1>\n<dl>\n";
    for (const auto& [name, value] : facts(h))
        out += "<dt>" + html_escape(name) + "</dt><dd dir=\"auto\">" + html_escape(value) + "</dd>\n";
    return out + "</dl>\n";
}

std::string html_message(const transcript_line& m, bool arabic) {
    return "<article><header><b dir=\"auto\">" + html_escape(m.sender) + "</b> · " +
           html_escape(said(m.role, arabic)) + " · <time datetime=\"" + to_rfc3339(m.at) + "\">" +
           minute(m.at) + "</time></header><p dir=\"auto\">" + html_escape(m.text) + "</p></article>\n";
}

std::string html_end() { return "</main></body></html>\n"; }

std::string text_begin(const transcript_head& h) {
    std::string out = said("conversation", h.arabic) + " " + h.id + "\n";
    for (const auto& [name, value] : facts(h)) out += name + ": " + value + "\n";
    return out + "\n";
}

std::string text_message(const transcript_line& m, bool arabic) {
    std::string out = "[" + minute(m.at) + "] " + m.sender + " (" + said(m.role, arabic) + ")\n";
    for (const char c : m.text) // a message cannot pass for the head of another one: its lines are indented
        out += out.back() == '\n' ? std::string("    ") + c : std::string(1, c);
    return out + "\n\n";
}

} // namespace chat_centre::search
