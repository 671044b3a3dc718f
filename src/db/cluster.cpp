#include <chat_centre/db/cluster.hpp>

#include "db/cluster_home.hpp"
#include "db/conninfo.hpp"
#include "db/diagnostics.hpp"
#include "db/file_lock.hpp"
#include "db/postmaster.hpp"
#include "db/session.hpp"

#include <chat_centre/base/clock.hpp>
#include <chat_centre/base/error.hpp>

#include <spdlog/spdlog.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <fstream>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace chat_centre::db {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr int port = 5432; // of the socket's name only
constexpr std::string_view database = "chat_centre";
constexpr int oldest_server = 13;

constexpr auto watch_interval = 200ms;
constexpr auto restart_pause = 1s;     // after a start that failed
constexpr auto recovery_limit = 10min; // replaying the log after a crash
constexpr auto neighbour_patience =
    1s; // before saying that another process of ours is changing the same cluster
constexpr auto neighbour_limit = 10min; // for it to finish
constexpr auto stop_limit = 8s;
constexpr auto step = 20ms;
constexpr std::uintmax_t log_limit = 8U << 20U; // bytes; one older piece of the same size is kept

// Access: trust, because nobody but PostgreSQL's user and root can reach the socket. Its folder is 0700, the socket
// too, and there is no TCP port. root passes both, which is how a server that runs as root connects.
//
// Safe settings are spelt out: a newcomer's messages survive a power cut. Sizes are for a small box.
std::vector<std::string> server_settings(const cluster_home& home, const fs::path& sockets) {
    return {
        "listen_addresses=",
        "port=" + std::to_string(port),
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

// Several processes may use one cluster: two servers, or a server and a command. Whoever finds it down starts it, and
// the last to stop() takes it down. Two lock files in DATA_DIR say so: `users` is held shared by all, `change`
// exclusively by the one that starts or stops.
class private_cluster final : public cluster {
public:
    explicit private_cluster(const fs::path& data_dir)
        : home_(prepare_home(data_dir)), change_(home_.base / "postgres.lock"),
          users_(home_.base / "postgres.users") {
        const changing turn(*this);
        users_.try_shared();
        socket_folder_ = prepare_socket_folder(home_);
        make_ready();
    }

    std::string url() const override { return url_of(database); }
    int postmaster_pid() const override { return pid_; }
    void supervise() override;
    void stop() override;

private:
    std::string url_of(std::string_view name) const {
        return "host=" + quoted_value(socket_folder_.native()) + " port=" + std::to_string(port) +
               " user=" + std::string(database) + " dbname=" + std::string(name);
    }

    // Waits for its turn among processes; throws startup_error when that does not come.
    struct changing {
        explicit changing(private_cluster& c) : cluster(c) { cluster.lock_change(); }
        ~changing() { cluster.change_.release(); }
        changing(const changing&) = delete;
        changing& operator=(const changing&) = delete;
        private_cluster& cluster;
    };

    void lock_change();
    void make_ready();
    void ensure_running();
    holder settled_holder(pid_t pid) const;
    bool wait_until_ready(pid_t pid);
    void wait_until_gone(pid_t pid);
    void end_orphans();
    void launch();
    binaries choose_binaries();
    void initialise(const binaries& programs);
    void create_database();
    void watch();
    void shut_down();
    void rotate_log() const;
    bool alive() const { return pid_ > 0 && who_holds(pid_, home_.data()) == holder::postmaster; }

    const cluster_home home_;
    file_lock change_;
    file_lock users_;
    fs::path socket_folder_;
    std::atomic<pid_t> pid_ = 0;

    std::mutex turn_;  // starting and stopping, within this process
    std::mutex sleep_; // for wake_
    std::condition_variable wake_;
    std::atomic<bool> stopping_ = false;
};

void private_cluster::lock_change() {
    if (change_.exclusive_within(neighbour_patience)) return;
    spdlog::info("another process starts or stops the database in {}, waiting", home_.folder.string());
    if (!change_.exclusive_within(neighbour_limit)) {
        throw startup_error("Another process has been starting or stopping the database in " +
                            home_.folder.string() + " for ten minutes.");
    }
}

// A server that was just killed may look alive for another moment.
void private_cluster::make_ready() {
    for (int tries_left = 3;; --tries_left) {
        ensure_running();
        try {
            return create_database();
        } catch (const connection_lost&) {
            std::this_thread::sleep_for(100ms);
            if (alive() || tries_left == 0) throw;
        }
    }
}

// Adopts the server that is there, or starts one.
void private_cluster::ensure_running() {
    while (true) {
        const auto lock = read_lock_file(home_.data());
        const holder found = lock ? settled_holder(lock->pid) : holder::gone;
        if (found != holder::postmaster) {
            if (found != holder::gone) disown_lock_files(home_.data());
            break;
        }
        if (lock->status == "stopping") {
            wait_until_gone(lock->pid);
            continue;
        }
        if (!wait_until_ready(lock->pid)) continue;
        if (const auto ready = read_lock_file(home_.data()); ready && !ready->socket_folder.empty()) {
            socket_folder_ = ready->socket_folder;
        }
        spdlog::info("PostgreSQL (process {}) is running already, using it", lock->pid);
        pid_ = lock->pid;
        return;
    }
    end_orphans();
    launch();
}

// Of a process that is ending: what it is a moment later.
holder private_cluster::settled_holder(pid_t pid) const {
    const auto deadline = system_clock_source().steady() + 1s;
    while (true) {
        const holder found = who_holds(pid, home_.data());
        if (found != holder::ending || system_clock_source().steady() > deadline) return found;
        std::this_thread::sleep_for(step);
    }
}

// After kill -9 of the postmaster a backend in the middle of a statement lives on, and PostgreSQL refuses to start
// beside it. Its transaction is lost in any case, and recovery expects an end as sudden as this.
void private_cluster::end_orphans() {
    for (int round = 0; round < 100; ++round) {
        const auto orphans = server_children(home_.name);
        if (orphans.empty()) return;
        for (const pid_t pid : orphans) kill(pid, SIGKILL);
        std::this_thread::sleep_for(step);
    }
}

void private_cluster::launch() {
    const binaries programs = choose_binaries();
    if (!fs::exists(home_.data())) initialise(programs);
    rotate_log();
    const file log(home_.log());
    const auto from = size_of(home_.log());
    child server{{(programs.folder / "postgres").string(), "-D", home_.data().string()}, home_.owner, log.fd()};
    for (auto& setting : server_settings(home_, socket_folder_)) {
        server.arguments.emplace_back("-c");
        server.arguments.push_back(std::move(setting));
    }
    pid_ = start_process(server);
    if (!wait_until_ready(pid_)) {
        throw startup_error("PostgreSQL did not start: " + last_complaint(home_.log(), from) + " (see " +
                            home_.log().string() + ")");
    }
    spdlog::info("PostgreSQL {} runs as user {} (process {}), data in {}", programs.major, home_.owner.name,
                 pid_.load(), home_.data().string());
}

// False when it ended instead. Replaying the log after a crash can take minutes.
bool private_cluster::wait_until_ready(pid_t pid) {
    const auto begin = system_clock_source().steady();
    auto next_word = begin + 5s;
    bool seen = false; // in the first moments it has not entered its folder yet and looks like a stranger
    while (true) {
        const auto lock = read_lock_file(home_.data());
        if (lock && lock->pid == pid && lock->status == "ready") return true;
        const holder now_held = who_holds(pid, home_.data());
        if (now_held == holder::gone || (seen && now_held != holder::postmaster)) return false;
        seen = seen || now_held == holder::postmaster;
        if (stopping_) throw startup_error("told to stop while PostgreSQL was starting");
        if (lock && lock->pid == pid && lock->status == "stopping") {
            wait_until_gone(pid);
            return false;
        }
        const auto now = system_clock_source().steady();
        if (now >= next_word) {
            spdlog::info("PostgreSQL is recovering, waiting for it");
            next_word += 5s;
        }
        if (now - begin > recovery_limit) {
            throw startup_error("PostgreSQL is not ready after ten minutes (see " + home_.log().string() +
                                ").");
        }
        std::this_thread::sleep_for(step);
    }
}

void private_cluster::wait_until_gone(pid_t pid) {
    const auto deadline = system_clock_source().steady() + recovery_limit;
    while (who_holds(pid, home_.data()) == holder::postmaster) {
        if (system_clock_source().steady() > deadline) {
            throw startup_error("PostgreSQL (process " + std::to_string(pid) +
                                ") has been stopping for ten minutes.");
        }
        std::this_thread::sleep_for(step);
    }
}

binaries private_cluster::choose_binaries() {
    const auto found = installed_binaries(home_.owner);
    int wanted = 0; // stays so when there is no data yet
    std::ifstream(home_.data() / "PG_VERSION") >> wanted;
    for (const auto& b : found) {
        if (wanted == 0 ? b.major >= oldest_server : b.major == wanted) return b;
    }
    if (wanted != 0) {
        const std::string version = std::to_string(wanted);
        throw startup_error("The data in " + home_.data().string() + " is of PostgreSQL " + version +
                            ", which is not installed: apt-get install postgresql-" + version + ".");
    }
    throw startup_error(
        "PostgreSQL 13 or newer is not installed: apt-get install postgresql, or set DATABASE_URL.");
}

// Into a folder beside it that is renamed when it is complete: a start cut short leaves no half-made cluster.
void private_cluster::initialise(const binaries& programs) {
    spdlog::info("making a PostgreSQL {} cluster in {}", programs.major, home_.folder.string());
    for (const auto& entry : fs::directory_iterator(home_.folder)) {
        std::error_code none;
        if (entry.path().filename().native().starts_with("new-")) fs::remove_all(entry.path(), none);
    }
    const fs::path made = home_.folder / ("new-" + std::to_string(getpid()));
    const file log(home_.log());
    const auto from = size_of(home_.log());
    const int status =
        run_process({{(programs.folder / "initdb").string(), "--pgdata=" + made.string(),
                      "--username=" + std::string(database), "--auth-local=trust", "--auth-host=reject",
                      "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums"},
                     home_.owner,
                     log.fd()});
    if (status != 0) {
        throw startup_error("initdb failed: " + last_complaint(home_.log(), from) + " (see " +
                            home_.log().string() + ")");
    }
    fs::rename(made, home_.data());
}

void private_cluster::create_database() {
    constexpr query known{"cluster.database", "SELECT 1 FROM pg_database WHERE datname = $1"};
    session s({.url = url_of("postgres"), .application_name = "chat-centre start"});
    s.open();
    if (s.run(known, params(database)).empty()) s.script("CREATE DATABASE " + std::string(database));
}

// The server writes to a file that it was given, so the file stays: its content moves. What it writes in between the
// copy and the cut is lost, a line at worst.
void private_cluster::rotate_log() const {
    if (size_of(home_.log()) < log_limit) return;
    std::error_code error;
    fs::copy_file(home_.log(), home_.log().string() + ".1", fs::copy_options::overwrite_existing, error);
    if (!error) fs::resize_file(home_.log(), 0, error);
    if (error) spdlog::warn("{} cannot be cut: {}", home_.log().string(), error.message());
}

void private_cluster::supervise() {
    std::unique_lock lock(sleep_);
    std::chrono::milliseconds pause = watch_interval;
    while (!wake_.wait_for(lock, pause, [&] { return stopping_.load(); })) {
        lock.unlock();
        pause = watch_interval;
        try {
            watch();
        } catch (const std::exception& e) {
            spdlog::error("PostgreSQL cannot be started again: {}", one_line(e.what()));
            pause = restart_pause;
        }
        lock.lock();
    }
}

void private_cluster::watch() {
    rotate_log();
    if (alive()) return;
    const std::lock_guard mine(turn_);
    if (stopping_) return;
    spdlog::error("PostgreSQL (process {}) is gone, starting it again", pid_.load());
    const changing turn(*this);
    ensure_running();
}

void private_cluster::stop() {
    {
        const std::lock_guard lock(sleep_);
        if (stopping_.exchange(true)) return;
    }
    wake_.notify_all();
    const std::lock_guard mine(turn_);
    if (!change_.exclusive_within(neighbour_patience)) {
        spdlog::info("another process starts the database, leaving it running");
        users_.release();
        return;
    }
    if (users_.try_exclusive())
        shut_down();
    else
        spdlog::info("another process uses the database, leaving it running");
    users_.release();
    change_.release();
}

void private_cluster::shut_down() {
    if (!alive()) return;
    kill(pid_, SIGINT); // fast shutdown: sessions end, everything is written out
    const auto deadline = system_clock_source().steady() + stop_limit;
    while (alive() && system_clock_source().steady() < deadline) std::this_thread::sleep_for(step);
    if (alive())
        spdlog::warn("PostgreSQL (process {}) is still writing out its data, leaving it to finish",
                     pid_.load());
    else
        spdlog::info("PostgreSQL stopped");
}

} // namespace

std::unique_ptr<cluster> cluster::start(const fs::path& data_dir) {
    try {
        return std::make_unique<private_cluster>(data_dir);
    } catch (const startup_error&) {
        throw;
    } catch (const std::exception& e) {
        throw startup_error("The database in " + data_dir.string() +
                            " cannot be started: " + one_line(e.what()));
    }
}

} // namespace chat_centre::db
