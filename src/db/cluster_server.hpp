#pragma once
// Making a cluster and starting its server: which programs, which settings, which log.

#include "db/cluster_home.hpp"

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace chat_centre::db {

inline constexpr int socket_port = 5432;                        // part of the socket's name, no more
inline constexpr std::string_view cluster_user = "chat_centre"; // the superuser and the database

struct launched {
    pid_t pid;
    int major;                 // 15
    std::uintmax_t log_offset; // where this start's part of the log begins
};

// Makes the cluster first when there is none. Does not wait until the server is ready. Throws startup_error or
// std::system_error.
launched launch_server(const cluster_home& home, const std::filesystem::path& socket_folder);

// Keeps the log small. The server writes to a file that it was given, so the file stays and its content moves; what it
// writes between the copy and the cut is lost, a line at worst.
void rotate_log(const cluster_home& home);

} // namespace chat_centre::db
