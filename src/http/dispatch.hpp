#pragma once
// From a complete request to its answer: static file or route, limits, authentication, permission, handler, and
// the one place where an exception becomes a problem document.

#include <chat_centre/http/rate_limiter.hpp>
#include <chat_centre/http/server.hpp>

#include <boost/asio/awaitable.hpp>

namespace chat_centre::http {

class dispatcher {
public:
    dispatcher(const server_options& options, const router& routes, const static_files& files,
               const clock_source& clock, server::authenticator authenticate);

    boost::asio::awaitable<response> answer(request q);

    // The body limit for a request that has only its head so far.
    std::size_t body_limit(verb v, std::string_view path) const;
    // What a log may show of a path: all of it, or its row's where it holds a secret.
    std::string path_for_log(const std::string& path) const;

private:
    boost::asio::awaitable<response> call(request q, const route& r);
    std::optional<response> static_answer(const request& q) const;
    void limit(const request& q, const route& r, response& headers_for);
    void spend(const std::string& subject, bucket_rule rule, response& headers_for); // throws 429
    static response preflight(const router::match& m);

    const server_options& options_;
    const router& routes_;
    const static_files& files_;
    const clock_source& clock_;
    server::authenticator authenticate_;
    rate_limiter limiter_;
    std::size_t in_flight_ = 0;
};

} // namespace chat_centre::http
