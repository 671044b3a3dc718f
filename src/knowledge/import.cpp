#include "knowledge/import.hpp"

#include "knowledge/store.hpp"

#include <chat_centre/base/text.hpp>

#include <algorithm>
#include <map>

namespace chat_centre::knowledge {
namespace {

std::vector<std::string> split_questions(const std::string& cell) {
    std::vector<std::string> out;
    std::string_view rest = cell;
    while (!rest.empty()) {
        const auto bar = rest.find('|');
        const auto one = trimmed(rest.substr(0, bar));
        if (!one.empty()) out.emplace_back(one);
        rest = bar == std::string_view::npos ? std::string_view{} : rest.substr(bar + 1);
    }
    return out;
}

} // namespace

std::vector<csv_row> read_csv(std::string_view text) {
    std::vector<csv_row> out;
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    std::int64_t line = 1;
    csv_row row{line, {}};
    std::string cell;
    bool quoted = false;
    bool any = false; // something of this row was read
    const auto end_row = [&] {
        if (any) {
            row.cells.push_back(std::move(cell));
            out.push_back(std::move(row));
        }
        cell.clear();
        row = {line, {}};
        any = false;
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\n') ++line;
        if (quoted) {
            if (c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
                cell.push_back(c);
                ++i;
            } else if (c == '"') {
                quoted = false;
            } else {
                cell.push_back(c);
            }
        } else if (c == '"' && cell.empty()) {
            quoted = any = true;
        } else if (c == ',') {
            row.cells.push_back(std::move(cell));
            cell.clear();
            any = true;
        } else if (c == '\n') {
            end_row();
        } else if (c != '\r') {
            cell.push_back(c);
            any = true;
        }
    }
    end_row();
    return out;
}

std::vector<wanted_article> read_table(std::string_view csv, std::int64_t first_line) {
    std::vector<wanted_article> out;
    const auto rows = read_csv(csv);
    if (rows.empty()) return out;
    std::map<std::string, std::size_t, std::less<>> columns;
    for (std::size_t i = 0; i < rows[0].cells.size(); ++i)
        columns.emplace(trimmed(fold_text(rows[0].cells[i])), i);
    for (std::size_t i = 1; i < rows.size(); ++i) {
        const auto cell = [&](std::string_view name) {
            const auto at = columns.find(name);
            return at != columns.end() && at->second < rows[i].cells.size() ? rows[i].cells[at->second]
                                                                            : std::string{};
        };
        wanted_article w{"csv", rows[i].line - 2 + first_line, {}};
        auto& a = w.read.made;
        a.language = cell("language");
        a.text.title = cell("title");
        a.text.body = cell("body");
        a.text.category = cell("category");
        a.text.questions = split_questions(cell("questions"));
        a.slug = cell("slug");
        if (a.slug.empty()) a.slug = slug_or_number(a.text.title);
        if (const auto scenario = cell("scenario"); !scenario.empty() && scenario != "none")
            a.text.scenario = scenario;
        const auto status = cell("status");
        a.status = status.empty() ? "published" : status;
        check_article(a, w.read.wrong);
        if (rows[i].cells.size() > rows[0].cells.size())
            w.read.wrong.emplace_back("the line has more cells than the headings");
        out.push_back(std::move(w));
    }
    return out;
}

import_result store_articles(db::tx& t, const std::vector<wanted_article>& all, bool overwrite,
                             std::optional<std::int64_t> staff, time_point now) {
    import_result out;
    for (const auto& w : all) {
        if (!w.read.wrong.empty()) {
            out.failed.push_back(w);
            continue;
        }
        const auto& a = w.read.made;
        if (add_article(t, a, staff, now)) {
            ++out.added;
            continue;
        }
        auto known = find_article(t, a.slug, a.language);
        if (known) known = lock_article(t, known->id);
        if (!known || !overwrite || (known->text == a.text && known->status == a.status)) {
            ++out.unchanged;
            continue;
        }
        known->text = a.text;
        known->status = a.status;
        store_version(t, *known, staff, now);
        ++out.changed;
    }
    return out;
}

} // namespace chat_centre::knowledge
