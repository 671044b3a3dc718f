#pragma once
// The articles of src/knowledge/articles, which the build puts into the program.

#include <span>
#include <string_view>

namespace chat_centre::knowledge {

struct shipped_article {
    std::string_view path; // "charity/which-documents.en.md"
    std::string_view content;
};
std::span<const shipped_article> shipped_articles(); // made by cmake/embed.cmake

} // namespace chat_centre::knowledge
