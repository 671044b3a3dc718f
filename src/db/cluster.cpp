#include <chat_centre/db/cluster.hpp>

#include "db/cluster_home.hpp"
#include "db/cluster_server.hpp"
#include "db/conninfo.hpp"
#include "db/diagnostics.hpp"
#include "db/file_lock.hpp"
#include "db/postmaster.hpp"
#include "db/session.hpp"

#include <chat_centre/base/clock.hpp>
#include <chat_centre/base/error.hpp>

#include <spdlog/spdlog.h>

#include <signal.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

namespace chat_centre::db {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto watch_interval = 200ms;
constexpr auto restart_pause = 1s;      // after a start that failed
constexpr auto recovery_limit = 10min;  // replaying the log after a crash
constexpr auto neighbour_patience = 1s; // while another process of ours starts or stops the same cluster
constexpr auto neighbour_limit = 10min;
constexpr auto stop_limit = 8s;
constexpr auto step = 20ms;

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

    std::string url() const override { return url_of(cluster_user); }
    int postmaster_pid() const override { return pid_; }
    void supervise() override;
    void stop() override;

private:
    std::string url_of(std::string_view name) const {
        return "host=" + quoted_value(socket_folder_.native()) + " port=" + std::to_string(socket_port) +
               " user=" + std::string(cluster_user) + " dbname=" + std::string(name);
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
    void create_database();
    void watch();
    void shut_down();
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
    const auto deadline = system_clock_source().steady() + neighbour_limit;
    while (!change_.exclusive_within(watch_interval)) {
        if (stopping_) throw startup_error("told to stop while waiting for another process");
        if (system_clock_source().steady() > deadline) {
            throw startup_error("Another process has been starting or stopping the database in " +
                                home_.folder.string() + " for ten minutes.");
        }
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
        // Only at the start: url() is in use afterwards, and a restart keeps to the same folder.
        if (const auto ready = read_lock_file(home_.data());
            pid_ == 0 && ready && !ready->socket_folder.empty()) {
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
    const launched server = launch_server(home_, socket_folder_);
    pid_ = server.pid;
    if (!wait_until_ready(server.pid)) {
        throw startup_error("PostgreSQL did not start: " + last_complaint(home_.log(), server.log_offset) +
                            " (see " + home_.log().string() + ")");
    }
    spdlog::info("PostgreSQL {} runs as user {} (process {}), data in {}", server.major, home_.owner.name,
                 server.pid, home_.data().string());
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
        if (stopping_) throw startup_error("told to stop while PostgreSQL was stopping");
        if (system_clock_source().steady() > deadline) {
            throw startup_error("PostgreSQL (process " + std::to_string(pid) +
                                ") has been stopping for ten minutes.");
        }
        std::this_thread::sleep_for(step);
    }
}

void private_cluster::create_database() {
    constexpr query known{"cluster.database", "SELECT 1 FROM pg_database WHERE datname = $1"};
    session s({.url = url_of("postgres"), .application_name = "chat-centre start"});
    s.open();
    if (s.run(known, params(cluster_user)).empty()) s.script("CREATE DATABASE " + std::string(cluster_user));
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
    rotate_log(home_);
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
