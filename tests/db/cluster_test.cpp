// The private cluster: every case makes one of its own. Run as root, PostgreSQL runs as another user; the last case
// runs everything as an ordinary user.

#include "support/database.hpp"

#include "db/postmaster.hpp"
#include "db/session.hpp"

#include <chat_centre/base/error.hpp>
#include <chat_centre/db/cluster.hpp>

#include <catch2/catch_test_macros.hpp>

#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>

using namespace chat_centre;
using namespace chat_centre::db;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

constexpr query count_kept{"test.kept", "SELECT count(*) FROM kept"};

void write_row(cluster& c) {
    connect({.url = c.url()})->transact([](tx& t) {
        t.script("CREATE TABLE IF NOT EXISTS kept (id int); INSERT INTO kept VALUES (1)");
    });
}

std::int64_t count_rows(cluster& c) {
    std::int64_t n = 0;
    connect({.url = c.url()})->transact([&](tx& t) { n = t.scalar<std::int64_t>(count_kept); });
    return n;
}

bool answers(cluster& c) {
    try {
        count_rows(c);
        return true;
    } catch (const std::exception&) {
        return false;
    }
}

bool within(std::chrono::milliseconds limit, const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::sleep_for(10ms);
    }
    return true;
}

bool runs(pid_t pid, const fs::path& base) {
    return who_holds(pid, fs::canonical(base / "postgres/data")) == holder::postmaster;
}

class supervisor {
public:
    explicit supervisor(cluster& c) : cluster_(c), thread_([&c] { c.supervise(); }) {}
    ~supervisor() {
        cluster_.stop();
        thread_.join();
    }
    supervisor(const supervisor&) = delete;
    supervisor& operator=(const supervisor&) = delete;

private:
    cluster& cluster_;
    std::thread thread_;
};

// Runs action in a forked process and gives its exit status; 99 for an exception.
int in_child(const std::function<int()>& action) {
    const pid_t pid = fork();
    if (pid == 0) {
        int status = 99;
        try {
            status = action();
        } catch (const std::exception& e) {
            [[maybe_unused]] const auto written = write(2, e.what(), std::char_traits<char>::length(e.what()));
        }
        _exit(status);
    }
    int status = 0;
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

struct cluster_fixture {
    tests::temporary_folder folder;
    fs::path base = folder.path() / "var";
};

} // namespace

TEST_CASE("a file that opens and cannot be read holds nothing", "[db]") {
    // So does a file of a process that ends meanwhile; a folder is one that a test can make.
    const tests::temporary_folder folder;
    fs::create_directory(folder.path() / "postmaster.pid");
    CHECK_FALSE(db::read_lock_file(folder.path()));
}

TEST_CASE_METHOD(cluster_fixture, "cluster: first start, stop, second start", "[db][cluster]") {
    {
        const auto c = cluster::start(base);
        write_row(*c);
        CHECK(runs(c->postmaster_pid(), base));

        struct stat home{};
        REQUIRE(stat((base / "postgres").c_str(), &home) == 0);
        CHECK((home.st_mode & 0777U) == 0700U);
        CHECK(home.st_uid != 0);
        struct stat sockets{};
        REQUIRE(stat((base / "postgres/run").c_str(), &sockets) == 0);
        CHECK((sockets.st_mode & 0777U) == 0700U);
        CHECK(getsid(c->postmaster_pid()) == c->postmaster_pid()); // Ctrl-C in our terminal does not reach it
        const int pid = c->postmaster_pid();
        c->stop();
        c->stop();
        CHECK_FALSE(runs(pid, base));
    }
    const auto again = cluster::start(base);
    CHECK(count_rows(*again) == 1);
    again->stop();
}

TEST_CASE_METHOD(cluster_fixture, "cluster: kill -9 of our process leaves PostgreSQL to the next start",
                 "[db][cluster]") {
    int report[2];
    REQUIRE(pipe(report) == 0);
    const pid_t server = fork();
    if (server == 0) {
        const auto c = cluster::start(base);
        write_row(*c);
        const int pid = c->postmaster_pid();
        [[maybe_unused]] const auto written = write(report[1], &pid, sizeof pid);
        while (true) pause();
    }
    int postmaster = 0;
    REQUIRE(read(report[0], &postmaster, sizeof postmaster) == sizeof postmaster);
    kill(server, SIGKILL);
    waitpid(server, nullptr, 0);
    close(report[0]);
    close(report[1]);

    const auto c = cluster::start(base);
    CHECK(c->postmaster_pid() == postmaster);
    CHECK(count_rows(*c) == 1);
    c->stop();
    CHECK(within(5s, [&] { return kill(postmaster, 0) != 0; }));
}

TEST_CASE_METHOD(cluster_fixture, "cluster: kill -9 of PostgreSQL is mended within about a second",
                 "[db][cluster]") {
    const auto c = cluster::start(base);
    write_row(*c);
    {
        const supervisor watching(*c);
        for (int round = 0; round < 3; ++round) {
            const int before = c->postmaster_pid();
            // A backend in the middle of a statement outlives its postmaster and stands in the way of the next.
            std::thread busy([&] {
                try {
                    connect({.url = c->url()})->transact([](tx& t) { t.script("SELECT pg_sleep(5)"); });
                } catch (const std::exception&) { // NOLINT(bugprone-empty-catch)
                }
            });
            std::this_thread::sleep_for(50ms);
            kill(before, SIGKILL);
            CHECK(within(30s, [&] {
                return c->postmaster_pid() != before && answers(*c);
            })); // 0.4 s on an idle machine
            busy.join();
        }
        CHECK(count_rows(*c) == 1);
    }
}

TEST_CASE_METHOD(cluster_fixture, "cluster: PostgreSQL and our process both killed", "[db][cluster]") {
    {
        const auto c = cluster::start(base);
        write_row(*c);
        kill(c->postmaster_pid(), SIGKILL);
    } // leaves postmaster.pid behind, as kill -9 would
    const auto c = cluster::start(base);
    CHECK(count_rows(*c) == 1);
    c->stop();
}

TEST_CASE_METHOD(cluster_fixture, "cluster: a postmaster.pid that names a stranger", "[db][cluster]") {
    {
        const auto c = cluster::start(base);
        write_row(*c);
        kill(c->postmaster_pid(), SIGKILL);
        REQUIRE(within(5s, [&] { return !runs(c->postmaster_pid(), base); }));
    }
    // The number now belongs to a process of PostgreSQL's user: exactly what PostgreSQL itself will not get over.
    const fs::path data = fs::canonical(base / "postgres/data");
    struct stat owner{};
    REQUIRE(stat(data.c_str(), &owner) == 0);
    const pid_t stranger = start_process({{"/bin/sleep", "60"}, account_of(owner.st_uid), -1});
    std::string text;
    {
        std::ifstream in(data / "postmaster.pid");
        text.assign(std::istreambuf_iterator<char>(in), {});
    }
    text.replace(0, text.find('\n'), std::to_string(stranger));
    std::ofstream(data / "postmaster.pid") << text;
    const fs::path socket_lock = base / "postgres/run/.s.PGSQL.5432.lock";
    CHECK(fs::exists(socket_lock));
    std::ofstream(socket_lock) << text;
    CHECK(who_holds(stranger, data) == holder::stranger);

    const auto c = cluster::start(base);
    CHECK(count_rows(*c) == 1);
    CHECK(kill(stranger, 0) == 0);
    c->stop();
    kill(stranger, SIGKILL);
    waitpid(stranger, nullptr, 0);
}

TEST_CASE_METHOD(cluster_fixture, "cluster: two users of one cluster, the last one stops it", "[db][cluster]") {
    const auto first = cluster::start(base);
    write_row(*first);
    const auto second = cluster::start(base);
    CHECK(second->postmaster_pid() == first->postmaster_pid());
    first->stop();
    CHECK(count_rows(*second) == 1);
    second->stop();
    CHECK_FALSE(runs(second->postmaster_pid(), base));
}

TEST_CASE_METHOD(cluster_fixture, "cluster: a start that was cut short is made good", "[db][cluster]") {
    fs::create_directories(base / "postgres/new-1/base");
    std::ofstream(base / "postgres/new-1/PG_VERSION") << "15\n";
    const auto c = cluster::start(base);
    write_row(*c);
    CHECK_FALSE(fs::exists(base / "postgres/new-1"));
    c->stop();
}

TEST_CASE_METHOD(cluster_fixture, "cluster: a long path, and one with blanks and commas", "[db][cluster]") {
    for (const auto& name : {std::string(100, 'x'), std::string("a b, 'c' \\ é")}) {
        CAPTURE(name);
        std::string first;
        {
            const auto c = cluster::start(base / name);
            write_row(*c);
            first = c->url();
            c->stop();
        }
        const auto c = cluster::start(base / name);
        CHECK(count_rows(*c) == 1);
        CHECK(c->url() == first);
        c->stop();
        std::ifstream note(base / name / "postgres/socket-folder");
        std::string sockets;
        std::getline(note, sockets);
        REQUIRE_FALSE(sockets.empty());
        fs::remove_all(sockets);
    }
}

TEST_CASE_METHOD(cluster_fixture, "cluster: what cannot work is one clear line", "[db][cluster]") {
    const auto refusal = [](const fs::path& path) -> std::string {
        try {
            cluster::start(path)->stop();
            return "";
        } catch (const startup_error& e) {
            return e.what();
        }
    };
    const auto says = [](const std::string& text, const std::string& part) {
        CAPTURE(text);
        CHECK(text.find(part) != std::string::npos);
        CHECK(text.find('\n') == std::string::npos);
    };
    std::ofstream(folder.path() / "file") << "x";
    says(refusal(folder.path() / "file" / "var"), "file");

    cluster::start(base)->stop();
    const fs::path data = fs::canonical(base / "postgres/data");
    fs::rename(data / "PG_VERSION", data / "PG_VERSION.away");
    std::ofstream(data / "PG_VERSION") << "9\n";
    says(refusal(base), "postgresql-9");
    fs::rename(data / "PG_VERSION.away", data / "PG_VERSION");
    fs::rename(data / "global", data / "global.away");
    says(refusal(base), "PostgreSQL did not start: ");
}

TEST_CASE_METHOD(cluster_fixture, "cluster: a folder that PostgreSQL's user cannot enter", "[db][cluster]") {
    if (geteuid() != 0) SUCCEED("only root has another user run PostgreSQL");
    if (geteuid() == 0) {
        fs::create_directories(base);
        fs::permissions(base, fs::perms::owner_all);
        const auto c = cluster::start(base);
        write_row(*c);
        c->stop();
        CHECK(fs::is_symlink(base / "postgres"));
        const fs::path elsewhere = fs::canonical(base / "postgres");
        const auto again = cluster::start(base);
        CHECK(count_rows(*again) == 1);
        again->stop();
        fs::remove_all(elsewhere);
        CHECK_THROWS_AS(cluster::start(base), startup_error); // never an empty database by mistake
    }
}

TEST_CASE_METHOD(cluster_fixture, "cluster: as an ordinary user", "[db][cluster]") {
    if (geteuid() != 0) SUCCEED("all other cases ran as one");
    if (geteuid() == 0) {
        const auto nobody = account_named("nobody");
        REQUIRE(nobody);
        REQUIRE(chown(folder.path().c_str(), nobody->uid, nobody->gid) == 0);
        CHECK(in_child([&] {
                  if (setgroups(0, nullptr) != 0 || setgid(nobody->gid) != 0 || setuid(nobody->uid) != 0)
                      return 10;
                  const auto c = cluster::start(base);
                  write_row(*c);
                  const int before = c->postmaster_pid();
                  kill(before, SIGKILL);
                  const auto again = cluster::start(base);
                  if (count_rows(*again) != 1) return 11;
                  if (again->postmaster_pid() == before) return 12;
                  c->stop();
                  again->stop();
                  return 0;
              }) == 0);
        // What an ordinary user made, root serves as that user.
        const auto c = cluster::start(base);
        CHECK(count_rows(*c) == 1);
        struct stat process{};
        REQUIRE(stat(("/proc/" + std::to_string(c->postmaster_pid())).c_str(), &process) == 0);
        CHECK(process.st_uid == nobody->uid);
        c->stop();
        // And what root made for PostgreSQL's user is not an ordinary user's.
        const fs::path of_root = folder.path() / "of-root";
        cluster::start(of_root)->stop();
        fs::permissions(of_root, fs::perms::all);
        const auto postgres = account_named("postgres");
        if (postgres) {
            CHECK(in_child([&] {
                      if (setgroups(0, nullptr) != 0 || setgid(nobody->gid) != 0 || setuid(nobody->uid) != 0)
                          return 10;
                      try {
                          cluster::start(of_root);
                          return 11;
                      } catch (const startup_error& e) {
                          return std::string(e.what()).find("belongs to user postgres") != std::string::npos
                                     ? 0
                                     : 12;
                      }
                  }) == 0);
        }
    }
}
