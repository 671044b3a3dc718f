#pragma once
// Child processes without a shell: PostgreSQL's programs, run as an unprivileged user when we are root.

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace chat_centre::db {

struct account {
    uid_t uid = 0;
    gid_t gid = 0;
    std::string name; // as in the passwd database; the number when it is not there
    std::vector<gid_t> groups;
};

account account_of(uid_t uid);
std::optional<account> account_named(const std::string& name);

struct child {
    std::vector<std::string> arguments; // [0] is the program, an absolute path
    account run_as;                     // changed to only when we are root
    int output = -1;                    // its stdout and stderr; the caller keeps and closes it
};

// Starts it in a session of its own, so that Ctrl-C in our terminal and a signal to our process group do not reach it,
// with a clean environment, default signals, only stdin (/dev/null), stdout and stderr open, in "/", umask 077.
// Throws std::system_error with the step that failed. Safe while other threads run.
pid_t start_process(const child& c);

// Runs it to its end: the exit status, or 128 + signal.
int run_process(const child& c);

// Collects a child that ended, so that no zombie stays. False when it still runs or is no child of ours.
bool reap(pid_t pid);

// Whether that user reaches the folder: every folder above it is open to them. Needs root when it is not ourselves.
bool can_enter(const account& who, const std::filesystem::path& folder);

} // namespace chat_centre::db
