#pragma once
// The files that are built in: models and examples. Made by cmake/embed.cmake.

#include <span>
#include <string_view>

namespace chat_centre::analysis {

struct embedded_piece {
    std::string_view file; // its name; pieces of a file follow each other. "" for the first, which is empty
    std::string_view text;
};
std::span<const embedded_piece> embedded_pieces();

} // namespace chat_centre::analysis
