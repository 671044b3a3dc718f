#pragma once
// Query parameters of searches and exports.

#include "search/store.hpp"

#include <chat_centre/http/message.hpp>

#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

namespace chat_centre::search {

std::optional<std::string> given(const http::request& r, const char* name); // nullopt when absent or empty
std::vector<std::string> split_list(const std::string& text);               // "a,b"
std::string one_of(const http::request& r, const char* name, std::initializer_list<std::string_view> allowed,
                   std::string_view fallback); // throws 422

// Everything but the department, which needs the database. Throws 422 naming the parameter. zone: of days.
filter read_filter(const http::request& r, const std::string& zone);
// The department's id; a slug that does not exist finds nothing.
void read_department(db::tx& t, const std::optional<std::string>& slug, filter& f);

} // namespace chat_centre::search
