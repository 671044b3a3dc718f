#pragma once
// The pages of the help centre as HTML. Pure.

#include "knowledge/article.hpp"
#include "knowledge/store.hpp"

#include <chat_centre/knowledge/retrieval.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::knowledge {

struct help_frame {
    std::string language; // "en", "ar"
    std::string company;
    std::string other_path; // the same page in the other language; "": there is none
    std::optional<std::string> scenario;
    std::vector<std::string> scenarios; // to choose from
    std::string searched;
};

std::string contents_page(const help_frame& f, const std::vector<listed_title>& all);
std::string found_page(const help_frame& f, const std::vector<hit>& hits);
std::string article_page_html(const help_frame& f, const article& a, bool thanked);
std::string missing_page(const help_frame& f);
std::string_view help_style();

} // namespace chat_centre::knowledge
