#include "db/postmaster.hpp"

#include "db/diagnostics.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

namespace chat_centre::db {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view impossible_pid = "2147483647"; // Linux gives out at most 4194304

// What can be read of it. A process may end between the opening of its files in /proc and the reading, which an
// istreambuf_iterator would throw for; a stream inserter only stops.
std::string read_text(const fs::path& file) {
    const std::ifstream in(file, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return std::move(out).str();
}

template <class T>
T number(std::string_view text) {
    T value{};
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (!text.empty()) {
        const auto end = std::min(text.find(separator), text.size());
        parts.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parts;
}

std::string output_of(const fs::path& program, const std::string& argument, const account& run_as) {
    const int memory = memfd_create("output", MFD_CLOEXEC);
    if (memory < 0) throw std::system_error(errno, std::generic_category(), "memfd_create");
    std::string text;
    try {
        run_process({{program.string(), argument}, run_as, memory});
        text.resize(256);
        const auto size = pread(memory, text.data(), text.size(), 0);
        text.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    } catch (const std::system_error&) {
        text.clear(); // not executable after all
    }
    close(memory);
    return text;
}

std::vector<fs::path> candidate_folders() {
    std::vector<fs::path> folders;
    // The environment is read before any thread could change it, and nothing here ever does.
    const char* path = std::getenv("PATH"); // NOLINT(concurrency-mt-unsafe)
    for (const auto folder : split(path ? path : "", ':')) {
        if (!folder.empty() && folder.front() == '/') folders.emplace_back(folder);
    }
    std::error_code none;
    for (const auto& version : fs::directory_iterator("/usr/lib/postgresql", none)) {
        folders.push_back(version.path() / "bin");
    }
    return folders;
}

} // namespace

int major_version(std::string_view text) {
    constexpr std::string_view start = "postgres (PostgreSQL) ";
    if (!text.starts_with(start)) return 0;
    return number<int>(text.substr(start.size()));
}

std::vector<binaries> installed_binaries(const account& run_as) {
    std::vector<binaries> found;
    for (const auto& folder : candidate_folders()) {
        std::error_code none;
        if (!fs::exists(folder / "initdb", none) || !fs::exists(folder / "postgres", none)) continue;
        const int major = major_version(output_of(folder / "postgres", "--version", run_as));
        if (major > 0) found.push_back({folder, major});
    }
    std::ranges::stable_sort(found, std::ranges::greater{}, &binaries::major);
    return found;
}

std::optional<lock_file> parse_lock_file(std::string_view text) {
    const auto lines = split(text, '\n');
    if (lines.empty()) return std::nullopt;
    lock_file f;
    f.pid = number<pid_t>(lines[0]);
    if (f.pid <= 0) return std::nullopt;
    if (lines.size() > 3) f.port = number<int>(lines[3]);
    if (lines.size() > 4) f.socket_folder = lines[4];
    if (lines.size() > 7) f.status = one_line(lines[7]);
    return f;
}

std::optional<lock_file> read_lock_file(const fs::path& data) {
    return parse_lock_file(read_text(data / "postmaster.pid"));
}

holder who_holds(pid_t pid, const fs::path& data) {
    const fs::path process = fs::path("/proc") / std::to_string(pid);
    std::error_code error;
    if (reap(pid) || !fs::exists(process, error)) return holder::gone;
    const std::string command = read_text(process / "cmdline");
    const auto words = split(command, '\0');
    if (words.empty()) return fs::exists(process, error) ? holder::ending : holder::gone;
    const fs::path program(words[0]);
    if (program.filename() != "postgres" && program.filename() != "postmaster") return holder::stranger;
    // The working folder of a postmaster is its data folder. Reading it takes the same user or a privilege that root
    // lacks in a container; the command line is readable by all, and holds the folder when we started it.
    const auto folder = fs::read_symlink(process / "cwd", error);
    if (!error) return fs::equivalent(folder, data, error) ? holder::postmaster : holder::stranger;
    return std::ranges::find(words, std::string_view(data.native())) != words.end() ? holder::postmaster
                                                                                    : holder::stranger;
}

void disown_lock_files(const fs::path& data) {
    const fs::path file = data / "postmaster.pid";
    const std::string text = read_text(file);
    if (const auto lock = parse_lock_file(text); lock && !lock->socket_folder.empty()) {
        std::error_code gone;
        fs::remove(fs::path(lock->socket_folder) / (".s.PGSQL." + std::to_string(lock->port) + ".lock"), gone);
    }
    const auto rest = text.find('\n');
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out << impossible_pid << (rest == std::string::npos ? "\n" : text.substr(rest));
    if (!out.flush()) throw std::system_error(EIO, std::generic_category(), "writing " + file.string());
}

std::vector<pid_t> server_children(std::string_view cluster_name) {
    const std::string title = "postgres: " + std::string(cluster_name) + ": ";
    std::vector<pid_t> children;
    std::error_code error;
    for (fs::directory_iterator entry("/proc", error), end; !error && entry != end; entry.increment(error)) {
        const auto pid = number<pid_t>(entry->path().filename().native());
        if (pid > 0 && read_text(entry->path() / "cmdline").starts_with(title)) children.push_back(pid);
    }
    return children;
}

std::string last_complaint(std::string_view text) {
    std::string_view last;
    std::string_view grave;
    for (const auto line : split(text, '\n')) {
        if (line.find("FATAL:") != std::string_view::npos || line.find("PANIC:") != std::string_view::npos)
            grave = line;
        if (!line.empty()) last = line;
    }
    std::string_view line = grave.empty() ? last : grave;
    for (const std::string_view severity : {"FATAL:", "PANIC:"}) {
        if (const auto at = line.find(severity); at != std::string_view::npos)
            line.remove_prefix(at + severity.size());
    }
    return one_line(line);
}

std::string last_complaint(const fs::path& log, std::uintmax_t from) {
    const std::string text = read_text(log);
    return from < text.size() ? last_complaint(std::string_view(text).substr(from)) : std::string{};
}

} // namespace chat_centre::db
