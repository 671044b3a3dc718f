#pragma once
// An article as its parts know it.

#include <chat_centre/base/clock.hpp>
#include <chat_centre/base/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace chat_centre::knowledge {

struct article_text { // what a version keeps
    std::string title;
    std::string body; // Markdown
    std::vector<std::string> questions;
    std::string category;
    std::optional<std::string> scenario; // nullopt: for all of them

    bool operator==(const article_text&) const = default;
};

struct article {
    std::int64_t id = 0;
    std::string slug, language;
    article_text text;
    std::string status = "draft"; // draft, published, archived
    int version = 1;
    std::optional<std::int64_t> created_by, updated_by; // staff; nullopt: shipped or imported by command
    std::string updated_by_name;
    time_point created_at{}, updated_at{};
    std::optional<time_point> published_at;
};

inline constexpr std::size_t longest_title = 200;    // characters
inline constexpr std::size_t longest_body = 60'000;  // characters
inline constexpr std::size_t longest_question = 300; // characters
inline constexpr std::size_t most_questions = 50;
inline constexpr std::size_t longest_slug = 80;
inline constexpr std::size_t longest_category = 60;

// Lower-case letters, digits and single dashes between them.
bool is_slug(std::string_view text);
// "How do I pay?" -> "how-do-i-pay"; "" when nothing of it can be one (Arabic titles).
std::string slug_of(std::string_view title); // Arabic letters in Latin ones; "" when none of it can be written so
// The same, or "article-" and a number made of the title when that is too short to be one.
std::string slug_or_number(std::string_view title);

} // namespace chat_centre::knowledge
