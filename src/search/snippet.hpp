#pragma once
// The piece of a text that shows why it was found, with [[marks]] around the words. Pure.

#include "search/query.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::search {

struct snippet {
    std::string text; // one line, about 160 characters
    double score =
        0.0; // 1: every word stands there as typed; less for other forms, beginnings and typing mistakes
};
snippet make_snippet(std::string_view text, const std::vector<term>& terms);

} // namespace chat_centre::search
