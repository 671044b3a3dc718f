#include "db/cluster_home.hpp"

#include "db/checksum.hpp"

#include <chat_centre/base/error.hpp>

#include <spdlog/spdlog.h>

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <system_error>

namespace chat_centre::db {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_socket_path = 107;
constexpr std::string_view socket_file = "/.s.PGSQL.5432";

// For a DATA_DIR that PostgreSQL's user cannot reach, such as one below /root.
constexpr const char* shared_base = "/var/lib/chat-centre";

[[noreturn]] void fail(const std::string& what, const fs::path& path) {
    throw std::system_error(errno, std::generic_category(), what + " " + path.string());
}

struct stat status_of(const fs::path& path) {
    struct stat s{};
    if (lstat(path.c_str(), &s) != 0) fail("looking at", path);
    return s;
}

void hand_over(const fs::path& folder, const account& owner) {
    if (geteuid() == 0 && lchown(folder.c_str(), owner.uid, owner.gid) != 0) fail("handing over", folder);
    if (chmod(folder.c_str(), 0700) != 0) fail("protecting", folder);
}

fs::path new_folder(const fs::path& parent, const std::string& prefix) {
    std::string name = (parent / (prefix + "XXXXXX")).string();
    if (!mkdtemp(name.data())) fail("making a folder in", parent);
    return name;
}

account unprivileged() {
    if (geteuid() != 0) return account_of(geteuid());
    for (const char* name : {"postgres", "nobody"}) {
        if (auto found = account_named(name)) return *found;
    }
    throw startup_error(
        "PostgreSQL does not run as root, and there is neither a user postgres nor nobody here: "
        "apt-get install postgresql, or start this program as an ordinary user.");
}

// When root's DATA_DIR is closed to that user the files go to /var/lib, and a link in DATA_DIR says where.
void make_folder(const fs::path& base, const fs::path& wanted, const account& owner) {
    if (geteuid() != 0 || can_enter(owner, base)) {
        if (mkdir(wanted.c_str(), 0700) != 0) fail("making", wanted);
        return hand_over(wanted, owner);
    }
    fs::create_directories(shared_base);
    if (!can_enter(owner, shared_base)) {
        throw startup_error("PostgreSQL runs as user " + owner.name + ", who can enter neither " +
                            base.string() + " nor " + shared_base +
                            ": set DATA_DIR to a folder that everybody may pass through (chmod a+x).");
    }
    const fs::path elsewhere = new_folder(shared_base, "postgres-");
    hand_over(elsewhere, owner);
    fs::create_directory_symlink(elsewhere, wanted);
    spdlog::info("PostgreSQL's files are in {}: user {} cannot enter {}", elsewhere.string(), owner.name,
                 base.string());
}

bool is_private(const fs::path& folder, const account& owner) {
    struct stat s{};
    return lstat(folder.c_str(), &s) == 0 && S_ISDIR(s.st_mode) && s.st_uid == owner.uid &&
           (s.st_mode & 077U) == 0;
}

} // namespace

cluster_home prepare_home(const fs::path& data_dir) {
    cluster_home home;
    fs::create_directories(data_dir);
    home.base = fs::canonical(data_dir);
    if (access(home.base.c_str(), W_OK | X_OK) != 0) {
        throw startup_error("No right to write to the data folder " + home.base.string() + ".");
    }
    const fs::path wanted = home.base / "postgres";
    if (fs::is_symlink(wanted) && !fs::exists(wanted)) {
        throw startup_error(
            wanted.string() + " points to " + fs::read_symlink(wanted).string() +
            ", which is gone: restore that folder, or remove the link to begin with an empty database.");
    }
    if (!fs::exists(wanted)) make_folder(home.base, wanted, unprivileged());
    home.folder = fs::canonical(wanted);
    const uid_t owner = status_of(home.folder).st_uid;
    if (owner == 0 && geteuid() == 0) {
        home.owner = unprivileged(); // a start that was cut short before the folder was handed over
        hand_over(home.folder, home.owner);
    } else {
        home.owner = account_of(owner);
    }
    if (geteuid() != 0 && owner != geteuid()) {
        throw startup_error(
            "The database in " + home.folder.string() + " belongs to user " + home.owner.name +
            ": start this program as that user or as root, or set DATA_DIR to another folder.");
    }
    home.name = "chat-centre-" + sha256(home.folder.native()).substr(0, 12);
    return home;
}

fs::path prepare_socket_folder(const cluster_home& home) {
    fs::path near = home.folder / "run";
    const bool fits = near.native().size() + socket_file.size() <= longest_socket_path;
    // libpq reads a comma as two hosts; a quote ends PostgreSQL's setting.
    if (fits && near.native().find_first_of(",\"") == std::string::npos) {
        if (mkdir(near.c_str(), 0700) != 0 && errno != EEXIST) fail("making", near);
        hand_over(near, home.owner);
        return near;
    }
    const fs::path note = home.folder / "socket-folder";
    std::string kept;
    std::getline(std::ifstream(note), kept);
    if (!kept.empty() && is_private(kept, home.owner)) return kept;
    const fs::path made = new_folder(fs::temp_directory_path(), "chat-centre-");
    hand_over(made, home.owner);
    std::ofstream(note, std::ios::trunc) << made.string() << '\n';
    return made;
}

} // namespace chat_centre::db
