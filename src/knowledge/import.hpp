#pragma once
// Articles from files: each is stored by itself, and what is wrong is named.

#include "knowledge/front_matter.hpp"

#include <chat_centre/db/tx.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::knowledge {

struct csv_row {
    std::int64_t line = 0; // where it begins, from 1
    std::vector<std::string> cells;
};
// RFC 4180, also with "\n" alone; a quoted cell may hold line breaks. An open quote at the end: the rest is its text.
std::vector<csv_row> read_csv(std::string_view text);

struct wanted_article {
    std::string name; // of the file, or "csv"
    std::int64_t line = 0;
    read_article read;
};
// A line of headings (slug, language, title, body, category, scenario, questions separated by "|", status), then one
// article a line. first_line: where the second line stands in the whole file.
std::vector<wanted_article> read_table(std::string_view csv, std::int64_t first_line);

struct import_result {
    std::int64_t added = 0, changed = 0, unchanged = 0;
    std::vector<wanted_article> failed;
};
// Changes what exists when `overwrite`. Announces nothing: see announce_change().
import_result store_articles(db::tx& t, const std::vector<wanted_article>& all, bool overwrite,
                             std::optional<std::int64_t> staff, time_point now);

} // namespace chat_centre::knowledge
