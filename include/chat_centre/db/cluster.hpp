#pragma once
// A private PostgreSQL cluster in DATA_DIR for a newcomer, on a Unix socket only.

#include <filesystem>
#include <memory>
#include <string>

namespace chat_centre::db {

// Owns a running cluster. start() makes it (initdb) on first use, starts it, or adopts one that a crash of the
// server left running; it recovers from kill -9 of PostgreSQL too, and removes a stale postmaster.pid.
// When the program runs as root, PostgreSQL runs as an unprivileged user (postgres, else nobody) and the folder
// is handed to it. Throws startup_error with one clear line (no binaries: which package to install; no rights:
// which folder). The binaries are looked for in PATH and /usr/lib/postgresql/*/bin (highest version that can
// read the data). A socket path over 107 bytes moves to a short folder in the temporary directory.
class cluster {
public:
    static std::unique_ptr<cluster> start(const std::filesystem::path& data_dir);
    virtual ~cluster() = default;        // leaves it running: call stop()
    virtual std::string url() const = 0; // libpq connection string of database "chat_centre"
    // Watches the postmaster and starts it again when it dies. From a thread of its own, until stop().
    virtual void supervise() = 0;
    virtual void stop() = 0; // fast shutdown, waits
    virtual int postmaster_pid() const = 0;
};

} // namespace chat_centre::db
