#pragma once
// An article as a file: Markdown with a few lines before it.
//
//   ---
//   title: Which documents do I need?
//   category: scholarship
//   questions:
//     - what papers do I send
//   ---
//   Please send ...
//
// Other keys: slug, language, scenario ("none": for all), status. What the lines do not say comes from the path,
// charity/which-documents.en.md: scenario, slug and language. A file without such lines has its first heading for a
// title.

#include "knowledge/article.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::knowledge {

struct read_article {
    article made;
    std::vector<std::string> wrong; // what keeps it from being one, "line 3: ..."; empty: it is fine
};

read_article read_markdown(std::string_view path, std::string_view content);

// Makes sure of slug, language, lengths and status; adds what is wrong.
void check_article(const article& a, std::vector<std::string>& wrong);

} // namespace chat_centre::knowledge
