#pragma once
// A real PostgreSQL for tests: one temporary cluster per test process, made on first use by the same code that serves
// a newcomer, and a fresh database per test case.

#include <chat_centre/db/cluster.hpp>
#include <chat_centre/db/connection.hpp>

#include <filesystem>
#include <string>

namespace chat_centre::tests {

// Starts it on the first call and stops it when the process ends. Throws startup_error. Not thread-safe the first time.
db::cluster& shared_cluster();

// A new folder in the temporary folder, removed with everything in it at the end of the scope. Anybody may pass
// through it, as PostgreSQL's user must.
class temporary_folder {
public:
    temporary_folder();
    ~temporary_folder();
    temporary_folder(const temporary_folder&) = delete;
    temporary_folder& operator=(const temporary_folder&) = delete;
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

// A database of its own, dropped at the end of the scope whoever is connected.
//   tests::database data;
//   db::pool pool(data.settings(), "test", 2);
class database {
public:
    enum class content { empty, migrated }; // migrated: all_migrations() applied
    explicit database(content c = content::migrated);
    ~database();
    database(const database&) = delete;
    database& operator=(const database&) = delete;

    const std::string& name() const { return name_; }
    std::string url() const;
    db::settings settings() const;             // url(), the rest as by default
    void script(const std::string& sql) const; // in a transaction, as a superuser

private:
    std::string name_;
};

} // namespace chat_centre::tests
