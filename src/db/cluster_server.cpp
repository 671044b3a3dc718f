#include "db/cluster_server.hpp"

#include "db/postmaster.hpp"

#include <chat_centre/base/error.hpp>

#include <spdlog/spdlog.h>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace chat_centre::db {
namespace {

namespace fs = std::filesystem;

constexpr int oldest_version = 13;
constexpr std::uintmax_t log_limit = 8U << 20U; // bytes; one older piece of the same size is kept

// Access: trust, because nobody but PostgreSQL's user and root can reach the socket. Its folder is 0700, the socket
// too, and there is no TCP port. root passes both, which is how a server that runs as root connects.
//
// Safe settings are spelt out: a newcomer's messages survive a power cut. Sizes are for a small box.
std::vector<std::string> server_settings(const cluster_home& home, const fs::path& sockets) {
    return {
        "listen_addresses=",
        "port=" + std::to_string(socket_port),
        "unix_socket_directories=\"" + sockets.string() + "\"", // a list; quoted for the sake of blanks
        "unix_socket_permissions=0700",
        "cluster_name=" + home.name,
        "max_connections=100",
        "shared_buffers=128MB",
        "fsync=on",
        "full_page_writes=on",
        "synchronous_commit=on",
        "wal_compression=on",
        "jit=off", // compiling costs more than our short statements take
        "timezone=UTC",
        "log_timezone=UTC",
        "lc_messages=C",
        // Our own log tells of refused statements, without the row; this one tells of the server.
        "logging_collector=off",
        "log_destination=stderr",
        "log_line_prefix=%m [%p] ",
        "log_min_messages=log",
        "log_min_error_statement=panic",
        "log_error_verbosity=terse",
        "log_checkpoints=off",
    };
}

class file {
public:
    explicit file(const fs::path& path)
        : fd_(open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640)) {
        if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "opening " + path.string());
    }
    ~file() { close(fd_); }
    file(const file&) = delete;
    file& operator=(const file&) = delete;
    int fd() const { return fd_; }

private:
    int fd_;
};

std::uintmax_t size_of(const fs::path& path) {
    std::error_code none;
    const auto size = fs::file_size(path, none);
    return none ? 0 : size;
}

binaries choose_binaries(const cluster_home& home) {
    const auto found = installed_binaries(home.owner);
    int wanted = 0; // stays so when there is no data yet
    std::ifstream(home.data() / "PG_VERSION") >> wanted;
    for (const auto& b : found) {
        if (wanted == 0 ? b.major >= oldest_version : b.major == wanted) return b;
    }
    if (wanted != 0) {
        const std::string version = std::to_string(wanted);
        throw startup_error("The data in " + home.data().string() + " is of PostgreSQL " + version +
                            ", which is not installed: apt-get install postgresql-" + version + ".");
    }
    throw startup_error(
        "PostgreSQL 13 or newer is not installed: apt-get install postgresql, or set DATABASE_URL.");
}

// Into a folder beside it that is renamed when it is complete: a start cut short leaves no half-made cluster.
void initialise(const cluster_home& home, const binaries& programs) {
    spdlog::info("making a PostgreSQL {} cluster in {}", programs.major, home.folder.string());
    for (const auto& entry : fs::directory_iterator(home.folder)) {
        std::error_code none;
        if (entry.path().filename().native().starts_with("new-")) fs::remove_all(entry.path(), none);
    }
    const fs::path made = home.folder / ("new-" + std::to_string(getpid()));
    const file log(home.log());
    const auto from = size_of(home.log());
    const int status =
        run_process({{(programs.folder / "initdb").string(), "--pgdata=" + made.string(),
                      "--username=" + std::string(cluster_user), "--auth-local=trust", "--auth-host=reject",
                      "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums"},
                     home.owner,
                     log.fd()});
    if (status != 0) {
        throw startup_error("initdb failed: " + last_complaint(home.log(), from) + " (see " +
                            home.log().string() + ")");
    }
    fs::rename(made, home.data());
}

} // namespace

launched launch_server(const cluster_home& home, const fs::path& socket_folder) {
    const binaries programs = choose_binaries(home);
    if (!fs::exists(home.data())) initialise(home, programs);
    rotate_log(home);
    const file log(home.log());
    const auto offset = size_of(home.log());
    child server{{(programs.folder / "postgres").string(), "-D", home.data().string()}, home.owner, log.fd()};
    for (auto& setting : server_settings(home, socket_folder)) {
        server.arguments.emplace_back("-c");
        server.arguments.push_back(std::move(setting));
    }
    return {start_process(server), programs.major, offset};
}

void rotate_log(const cluster_home& home) {
    if (size_of(home.log()) < log_limit) return;
    std::error_code error;
    fs::copy_file(home.log(), home.log().string() + ".1", fs::copy_options::overwrite_existing, error);
    if (!error) fs::resize_file(home.log(), 0, error);
    if (error) spdlog::warn("{} cannot be cut: {}", home.log().string(), error.message());
}

} // namespace chat_centre::db
