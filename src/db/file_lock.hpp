#pragma once

#include <chrono>
#include <filesystem>

namespace chat_centre::db {

// An advisory lock between processes on a file of its own; the kernel drops it when the process ends, however it ends.
class file_lock {
public:
    explicit file_lock(const std::filesystem::path& file); // opens or makes it; throws std::system_error
    ~file_lock();
    file_lock(const file_lock&) = delete;
    file_lock& operator=(const file_lock&) = delete;

    bool try_shared();
    bool try_exclusive(); // gives up a shared lock of ours, even when it fails
    bool exclusive_within(std::chrono::milliseconds limit);
    void release();

private:
    int fd_;
};

} // namespace chat_centre::db
