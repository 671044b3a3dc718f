#pragma once
// Rows as CSV, a conversation as a page to print. Pure.

#include <chat_centre/base/clock.hpp>

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::search {

// One cell by RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe in front.
std::string csv_cell(std::string_view text);
std::string csv_line(const nlohmann::ordered_json& object); // values in their order, CRLF
std::string csv_header(const nlohmann::ordered_json& object);

struct transcript_head {
    std::string id, customer, channel, status, staff, department;
    time_point started{};
    bool arabic = false;
};
struct transcript_line {
    int seq = 0;
    time_point at{};
    std::string role, sender, text;
};
struct transcript_style {
    std::string html_style;   // the content of the page's only <style>
    std::string style_source; // for Content-Security-Policy: 'sha256-...'
};
const transcript_style& print_style();

std::string html_escape(std::string_view text);
std::string html_begin(const transcript_head& h);
std::string html_message(const transcript_line& m, bool arabic);
std::string html_end();
std::string text_begin(const transcript_head& h);
std::string text_message(const transcript_line& m, bool arabic);

} // namespace chat_centre::search
