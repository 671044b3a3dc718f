#pragma once
// Word lists of the retrieval, as data. Folded like the texts when they are read, so they may be written naturally.

#include <span>
#include <string_view>

namespace chat_centre::knowledge {

// Words that say nothing of the subject, separated by spaces.
std::string_view english_fillers();
std::string_view arabic_fillers();

// What means the same: the first entry names the group; entries are words or short phrases. A word is in one group only.
using synonym_group = std::string_view; // "refund: refund, money back, reimburse"
std::span<const synonym_group> english_synonyms();
std::span<const synonym_group> arabic_synonyms();

} // namespace chat_centre::knowledge
