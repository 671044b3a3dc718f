#pragma once
// Markdown as plain text, in sections.

#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::knowledge {

struct plain_section {
    std::string heading; // "" for what stands before the first one
    std::string text;    // paragraphs with an empty line between; list items begin with "- " or "1. "
};

// Pieces of at most about `most` bytes: a heading begins one, and so does a paragraph that would make it too long.
std::vector<plain_section> plain_sections(std::string_view markdown, std::size_t most = 700);
// One line without its marks: **bold** is bold, [text](link) is text.
std::string plain_line(std::string_view line);
// At most `most` bytes, cut after a sentence when there is one in the second half, else after a word.
std::string shortened(std::string text, std::size_t most);

} // namespace chat_centre::knowledge
