#pragma once
// What can be told about a PostgreSQL server from outside: its programs, its lock file, its processes.

#include "db/process.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::db {

struct binaries {
    std::filesystem::path folder;
    int major = 0; // 15
};

// All of PATH and /usr/lib/postgresql/*/bin that can run a server, the newest first, PATH before the rest.
std::vector<binaries> installed_binaries(const account& run_as);

// "postgres (PostgreSQL) 15.3 (Debian 15.3-1)" -> 15; 0 when it is not such a line.
int major_version(std::string_view text);

// postmaster.pid, as written by version 10 and newer.
struct lock_file {
    pid_t pid = 0;
    int port = 0;
    std::string socket_folder;
    std::string status; // "starting", "ready", "stopping"; empty while it is being written
};
std::optional<lock_file> parse_lock_file(std::string_view text);
std::optional<lock_file> read_lock_file(const std::filesystem::path& data);

enum class holder {
    gone,       // no such process
    postmaster, // the server of this data folder
    ending,     // a process without memory: about to be gone, or a zombie that its parent never collects
    stranger    // another process that got the number
};
holder who_holds(pid_t pid, const std::filesystem::path& data);

// PostgreSQL refuses to start while the number in its lock files belongs to a living process of the same user, even a
// stranger. Puts a number into postmaster.pid that no process can have; the file must stay, because its shared memory
// key is how PostgreSQL notices backends of a killed server that still write. The socket's lock file is removed.
void disown_lock_files(const std::filesystem::path& data);

// Processes of the server that carries this cluster_name, the postmaster apart.
std::vector<pid_t> server_children(std::string_view cluster_name);

// The last FATAL or PANIC line from this offset of the log on, else the last line; without the time and process.
std::string last_complaint(const std::filesystem::path& log, std::uintmax_t from);
std::string last_complaint(std::string_view text);

} // namespace chat_centre::db
