#pragma once
// Markdown as HTML that is safe to show.

#include <string>
#include <string_view>

namespace chat_centre::knowledge {

// & < > " as entities.
std::string escaped(std::string_view text);

// Headings (from h2 on), paragraphs, lists, quotes, code, rules, bold, emphasis, links. Everything else, HTML above all,
// comes out as text; links lead to http, https, mailto, tel or a path of this site only. Never throws.
std::string to_html(std::string_view markdown);

} // namespace chat_centre::knowledge
