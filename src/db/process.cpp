#include "db/process.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <system_error>

namespace chat_centre::db {
namespace {

struct fault {
    int step;
    int number;
};
constexpr std::array steps = {"becoming another user", "opening /dev/null", "redirecting output", "executing"};

// Everything below, up to start_process, runs between fork and exec: only async-signal-safe calls, no allocation.
// The system calls are made directly because glibc's wrappers for them talk to the threads that fork left behind.
bool become(const account& who) {
    if (geteuid() != 0 || who.uid == 0) return true;
    return syscall(SYS_setgroups, who.groups.size(), who.groups.data()) == 0 &&
           syscall(SYS_setresgid, who.gid, who.gid, who.gid) == 0 &&
           syscall(SYS_setresuid, who.uid, who.uid, who.uid) == 0;
}

void default_signals() {
    struct sigaction standard{};
    standard.sa_handler = SIG_DFL;
    for (int s = 1; s < NSIG; ++s) sigaction(s, &standard, nullptr);
    sigset_t none;
    sigemptyset(&none);
    pthread_sigmask(SIG_SETMASK, &none, nullptr);
}

// The server's sockets too: not every library marks them close-on-exec.
void mark_close_on_exec_from(int first) {
    constexpr unsigned cloexec = 4; // CLOSE_RANGE_CLOEXEC
    if (syscall(SYS_close_range, first, ~0U, cloexec) == 0) return;
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    for (int fd = first; fd < static_cast<int>(limit.rlim_cur); ++fd) fcntl(fd, F_SETFD, FD_CLOEXEC);
}

[[noreturn]] void give_up(int report, int reached) {
    const fault f{reached, errno};
    [[maybe_unused]] const auto written = write(report, &f, sizeof f);
    _exit(127);
}

[[noreturn]] void run_child(const child& c, char* const* arguments, char* const* environment, int report) {
    setsid();
    default_signals();
    umask(077);
    if (!become(c.run_as)) give_up(report, 0);
    if (chdir("/") != 0) give_up(report, 3);
    const int null = open("/dev/null", O_RDWR);
    if (null < 0) give_up(report, 1);
    // Above 2, wherever it was: whoever started us may have closed the standard three.
    const int output = fcntl(c.output >= 0 ? c.output : null, F_DUPFD, 3);
    if (output < 0 || dup2(null, 0) < 0 || dup2(output, 1) < 0 || dup2(output, 2) < 0) give_up(report, 2);
    mark_close_on_exec_from(3);
    execve(arguments[0], arguments, environment);
    give_up(report, 3);
}

std::vector<char*> pointers(std::vector<std::string>& words) {
    std::vector<char*> p;
    p.reserve(words.size() + 1);
    for (auto& w : words) p.push_back(w.data());
    p.push_back(nullptr);
    return p;
}

account from_passwd(const passwd& p) {
    account a{p.pw_uid, p.pw_gid, p.pw_name, {}};
    int count = 64;
    a.groups.resize(static_cast<std::size_t>(count));
    if (getgrouplist(p.pw_name, p.pw_gid, a.groups.data(), &count) < 0) {
        a.groups.resize(static_cast<std::size_t>(count));
        getgrouplist(p.pw_name, p.pw_gid, a.groups.data(), &count);
    }
    a.groups.resize(static_cast<std::size_t>(count));
    return a;
}

constexpr std::size_t passwd_buffer = 16384;

int wait_for(pid_t pid) {
    int status = 0;
    while (waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "waitpid");
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

} // namespace

account account_of(uid_t uid) {
    passwd entry{};
    passwd* found = nullptr;
    std::vector<char> buffer(passwd_buffer);
    if (getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) == 0 && found)
        return from_passwd(entry);
    return {uid, getegid(), std::to_string(uid), {}};
}

std::optional<account> account_named(const std::string& name) {
    passwd entry{};
    passwd* found = nullptr;
    std::vector<char> buffer(passwd_buffer);
    if (getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found) != 0 || !found)
        return std::nullopt;
    return from_passwd(entry);
}

pid_t start_process(const child& c) {
    std::vector<std::string> words = c.arguments;
    // Without PGHOST, PGDATA, PGOPTIONS and the like, which belong to whoever started us.
    std::vector<std::string> environment = {
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", "TZ=UTC"};
    const auto argv = pointers(words);
    const auto envp = pointers(environment);
    int report[2];
    if (pipe2(report, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
    const pid_t pid = fork();
    if (pid == 0) run_child(c, argv.data(), envp.data(), fcntl(report[1], F_DUPFD_CLOEXEC, 3));
    const int fork_error = errno;
    close(report[1]);
    fault f{};
    ssize_t got = 0;
    do {
        got = pid > 0 ? read(report[0], &f, sizeof f) : 0; // ends when exec closes the other side
    } while (got < 0 && errno == EINTR);
    close(report[0]);
    if (pid < 0) throw std::system_error(fork_error, std::generic_category(), "fork");
    if (got == static_cast<ssize_t>(sizeof f)) {
        wait_for(pid);
        const auto* name = steps.at(static_cast<std::size_t>(f.step));
        throw std::system_error(f.number, std::generic_category(),
                                std::string(name) + " " + c.arguments.at(0));
    }
    return pid;
}

int run_process(const child& c) { return wait_for(start_process(c)); }

bool reap(pid_t pid) {
    int status = 0;
    return waitpid(pid, &status, WNOHANG) == pid;
}

bool can_enter(const account& who, const std::filesystem::path& folder) {
    const std::string path = folder.string();
    const pid_t pid = fork();
    if (pid == 0) _exit(become(who) && chdir(path.c_str()) == 0 ? 0 : 1);
    if (pid < 0) throw std::system_error(errno, std::generic_category(), "fork");
    return wait_for(pid) == 0;
}

} // namespace chat_centre::db
