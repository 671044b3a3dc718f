#include <chat_centre/http/rate_limiter.hpp>

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <cmath>

namespace chat_centre::http {

bucket_answer rate_limiter::take(std::string_view subject, bucket_rule rule,
                                 std::chrono::steady_clock::time_point now) {
    auto found = by_subject_.find(subject);
    if (found == by_subject_.end()) {
        if (order_.size() >= most_) {
            by_subject_.erase(order_.back().subject);
            order_.pop_back();
        }
        order_.push_front({std::string(subject), rule.burst, now});
        found = by_subject_.emplace(order_.front().subject, order_.begin()).first;
    } else {
        order_.splice(order_.begin(), order_, found->second);
    }
    entry& e = *found->second;
    const double elapsed = std::chrono::duration<double>(now - e.seen).count();
    e.tokens = std::min(rule.burst, e.tokens + std::max(0.0, elapsed) * rule.per_second);
    e.seen = now;

    bucket_answer a;
    a.limit = static_cast<std::int64_t>(rule.burst);
    a.allowed = e.tokens >= 1.0;
    if (a.allowed)
        e.tokens -= 1.0;
    else
        a.retry_after = std::chrono::seconds(
            std::max<std::int64_t>(1, std::llround(std::ceil((1.0 - e.tokens) / rule.per_second))));
    a.remaining = static_cast<std::int64_t>(e.tokens);
    a.reset = std::chrono::seconds(std::llround(std::ceil((rule.burst - e.tokens) / rule.per_second)));
    return a;
}

std::string rate_subject(std::string_view address) {
    boost::system::error_code failed;
    const auto parsed = boost::asio::ip::make_address(std::string(address), failed);
    if (failed || parsed.is_v4()) return std::string(address);
    const auto v6 = parsed.to_v6();
    if (v6.is_v4_mapped())
        return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, v6).to_string();
    auto bytes = v6.to_bytes();
    std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
    return boost::asio::ip::address_v6(bytes).to_string() + "/64";
}

} // namespace chat_centre::http
