#pragma once
// Token buckets, in memory, bounded. Used on one thread.

#include <chrono>
#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

namespace chat_centre::http {

struct bucket_rule {
    double per_second = 10; // refill
    double burst = 20;      // bucket size
};

struct bucket_answer {
    bool allowed = true;
    std::int64_t limit = 0;              // bucket size
    std::int64_t remaining = 0;          // whole tokens left
    std::chrono::seconds retry_after{0}; // when refused: until one token is there, rounded up
    std::chrono::seconds reset{0};       // until the bucket is full again, rounded up
};

class rate_limiter {
public:
    explicit rate_limiter(std::size_t most_subjects = 100'000) : most_(most_subjects) {}

    // Takes one token of `subject`'s bucket. When the table is full the subject not seen for longest is dropped.
    bucket_answer take(std::string_view subject, bucket_rule rule, std::chrono::steady_clock::time_point now);

private:
    struct entry {
        std::string subject;
        double tokens;
        std::chrono::steady_clock::time_point seen;
    };
    std::size_t most_;
    std::list<entry> order_; // newest first
    std::unordered_map<std::string_view, std::list<entry>::iterator> by_subject_;
};

// What an address counts as: IPv4 whole, IPv6 by its /64, because one customer has that many addresses.
std::string rate_subject(std::string_view address);

} // namespace chat_centre::http
