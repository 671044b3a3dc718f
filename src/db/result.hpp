#pragma once
// What a statement returned: the fields as views into memory that `owner` (a libpqxx result) keeps alive. Views are
// taken once, because libpqxx copies a reference-counted result for every row and field that it hands out.

#include <memory>
#include <string_view>
#include <vector>

namespace chat_centre::db {

struct result_data {
    std::shared_ptr<const void> owner;
    std::vector<std::string_view> fields; // row by row; data() is null for NULL
    int rows = 0;
    int columns = 0;
};

} // namespace chat_centre::db
