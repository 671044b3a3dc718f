#include "support/database.hpp"

#include "db/postmaster.hpp"
#include "db/session.hpp"

#include <chat_centre/db/migrate.hpp>

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <chrono>
#include <memory>
#include <system_error>
#include <thread>

namespace chat_centre::tests {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = "chat-centre-test-";
constexpr const char* template_name = "migrated_template";

// A test process that was killed leaves its folders and perhaps a server behind. Their names hold its number.
void remove_leftovers() {
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(fs::temp_directory_path(), none)) {
        const std::string name = entry.path().filename();
        if (!name.starts_with(prefix)) continue;
        pid_t owner = 0;
        std::from_chars(name.data() + prefix.size(), name.data() + name.size(), owner);
        if (owner <= 0 || kill(owner, 0) == 0 || errno != ESRCH) continue;
        for (const auto& folder : {entry.path() / "postgres/data", entry.path() / "var/postgres/data"}) {
            const auto lock = db::read_lock_file(folder);
            if (lock && db::who_holds(lock->pid, folder) == db::holder::postmaster) kill(lock->pid, SIGQUIT);
        }
        fs::remove_all(entry.path(), none);
    }
}

class shared {
public:
    shared() : cluster_((remove_leftovers(), db::cluster::start(folder_.path()))) {}
    ~shared() { cluster_->stop(); }
    db::cluster& get() { return *cluster_; }

private:
    temporary_folder folder_;
    std::unique_ptr<db::cluster> cluster_;
};

// CREATE DATABASE and DROP DATABASE cannot run inside a transaction.
void outside_transaction(const std::string& sql) {
    db::session s({.url = shared_cluster().url(), .statement_timeout = std::chrono::minutes(1)});
    s.open();
    s.script(sql);
}

void make_template() {
    static const bool made = [] {
        outside_transaction(std::string("CREATE DATABASE ") + template_name);
        db::migrate({.url = shared_cluster().url() + " dbname=" + template_name});
        return true;
    }();
    (void)made;
}

} // namespace

db::cluster& shared_cluster() {
    static shared instance;
    return instance.get();
}

temporary_folder::temporary_folder() {
    std::string name =
        (fs::temp_directory_path() / (std::string(prefix) + std::to_string(getpid()) + "-XXXXXX")).string();
    if (!mkdtemp(name.data())) throw std::system_error(errno, std::generic_category(), "mkdtemp");
    chmod(name.c_str(), 0755);
    path_ = name;
}

temporary_folder::~temporary_folder() {
    std::error_code none;
    fs::remove_all(path_, none);
}

database::database(content c) {
    static std::atomic<int> count = 0;
    name_ = "test_" + std::to_string(++count);
    if (c == content::migrated) make_template();
    outside_transaction("CREATE DATABASE " + name_ +
                        (c == content::migrated ? std::string(" TEMPLATE ") + template_name : ""));
}

database::~database() {
    try {
        outside_transaction("DROP DATABASE " + name_ + " WITH (FORCE)");
    } catch (const std::exception&) { // NOLINT(bugprone-empty-catch): the whole cluster goes at the end
    }
}

std::string database::url() const { return shared_cluster().url() + " dbname=" + name_; }
db::settings database::settings() const { return {.url = url()}; }

void database::script(const std::string& sql) const {
    db::connect(settings())->transact([&](db::tx& t) { t.script(sql); });
}

} // namespace chat_centre::tests
