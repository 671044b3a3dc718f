#include "db/file_lock.hpp"

#include <chat_centre/base/clock.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <thread>

namespace chat_centre::db {
namespace {

bool lock(int fd, int how) {
    while (flock(fd, how | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) return false;
        if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "flock");
    }
    return true;
}

} // namespace

file_lock::file_lock(const std::filesystem::path& file)
    : fd_(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "opening " + file.string());
}

file_lock::~file_lock() { close(fd_); }

bool file_lock::try_shared() { return lock(fd_, LOCK_SH); }
bool file_lock::try_exclusive() { return lock(fd_, LOCK_EX); }
void file_lock::release() { flock(fd_, LOCK_UN); }

bool file_lock::exclusive_within(std::chrono::milliseconds limit) {
    const auto deadline = system_clock_source().steady() + limit;
    while (!try_exclusive()) {
        if (system_clock_source().steady() >= deadline) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return true;
}

} // namespace chat_centre::db
