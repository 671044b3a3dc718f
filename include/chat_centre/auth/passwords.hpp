#pragma once
// Passwords: argon2id through libsodium, on a small pool of threads of its own, because one hash takes about 15 ms
// and 19 MiB.

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace chat_centre::auth {

constexpr std::size_t shortest_password = 12; // bytes
constexpr std::size_t longest_password = 128; // bytes

// What is wrong with a new password, in words for the person who chose it; nullopt when it is good. All of Unicode
// is allowed and no mixture of classes is asked for: length and not being a well-known password is what counts.
std::optional<std::string> password_fault(std::string_view password);
bool is_common_password(std::string_view password); // ASCII case does not matter

std::string hash_password(std::string_view password); // blocks; throws error 503 when there is no memory for it
std::string generate_password();                      // 20 letters and digits in groups, 100 bits

struct password_verdict {
    bool matches = false;
    bool needs_rehash = false; // the stored hash was made with other costs than today's
};
password_verdict verify_password(const std::string& hash, std::string_view password); // blocks

// At most two hashes at a time and 32 waiting, so that a flood of sign-ins takes neither the memory nor the cores:
// beyond that error 503. The result arrives on the awaiting coroutine's executor, so destroy the pool before that
// executor's context; it waits for what runs.
class password_pool {
public:
    explicit password_pool(std::size_t threads = 2, std::size_t max_waiting = 32);
    ~password_pool();
    password_pool(const password_pool&) = delete;
    password_pool& operator=(const password_pool&) = delete;

    boost::asio::awaitable<std::string> hash(std::string password);
    // An empty hash is compared with one of a random password: an unknown account takes as long as a known one.
    boost::asio::awaitable<password_verdict> verify(std::string hash, std::string password);

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace chat_centre::auth
