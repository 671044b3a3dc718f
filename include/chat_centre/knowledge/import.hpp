#pragma once
// Articles from a folder of Markdown files or a CSV file: chat-centre knowledge import.

#include <chat_centre/base/clock.hpp>
#include <chat_centre/db/connection.hpp>

#include <filesystem>

namespace chat_centre::knowledge {

// Prints progress and what is wrong (file or line, and why); everything that is right is stored. Returns how many were
// not. Throws startup_error when there is nothing to read.
int import_path(db::connection& c, const std::filesystem::path& path, bool overwrite,
                const clock_source& clock);

} // namespace chat_centre::knowledge
