#pragma once
// Where the private cluster lives and whom it belongs to.

#include "db/process.hpp"

#include <filesystem>
#include <string>

namespace chat_centre::db {

struct cluster_home {
    std::filesystem::path base;   // DATA_DIR: postgres.log and our locks, ours
    std::filesystem::path folder; // DATA_DIR/postgres with links resolved: mode 0700, PostgreSQL's user's
    account owner;                // PostgreSQL's user: ourselves, or an unprivileged one when we are root
    std::string name;             // tells this cluster's processes from others in /proc

    std::filesystem::path data() const { return folder / "data"; }
    std::filesystem::path log() const { return base / "postgres.log"; }
};

// Makes what is missing. Throws startup_error naming the folder, std::filesystem::filesystem_error or
// std::system_error.
cluster_home prepare_home(const std::filesystem::path& data_dir);

// A folder that only the owner (and root) can enter, for the socket: `folder`/run, or one in the temporary folder
// when that would make the socket's path longer than the 107 bytes that Linux allows, or has a comma or a quote.
// The same one on every start.
std::filesystem::path prepare_socket_folder(const cluster_home& home);

} // namespace chat_centre::db
