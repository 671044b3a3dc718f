#pragma once
// HTTP requests to addresses that somebody typed in. What is connected to is judged at the moment of connecting, so a
// name that resolves to something else meanwhile, or an address in an unusual notation, reaches nothing private.

#include <chat_centre/base/network.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chat_centre::http {

struct outbound_rules {
    std::vector<network> allow; // not public, and may be reached all the same; also without TLS
    std::chrono::milliseconds connect_limit{5000};
    std::chrono::milliseconds limit{15'000}; // for the whole exchange
    std::size_t answer_bytes = 64 * 1024;    // more of the answer is not read
};

// May this address be connected to? Plain HTTP only goes to allowed networks. nullopt: yes; else why not.
std::optional<std::string> connect_fault(const address& a, bool tls, const outbound_rules& rules);
// What is wrong with an address to be stored; nullopt: nothing that shows before it is connected to.
std::optional<std::string> url_fault(const std::string& url, const outbound_rules& rules);
std::string host_of(const std::string& url);    // "" when there is none
std::string url_encoded(std::string_view text); // for one value in a query, or one part of a path

// No answer: refused by the rules, not resolved, not connected, bad certificate, too slow. The text is for admins.
class no_answer : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct outbound_answer {
    int status = 0;
    std::string body; // at most answer_bytes
};

using outbound_headers = std::vector<std::pair<std::string, std::string>>;

// POSTs a body, or asks for one, and waits. Follows no redirect, uses no proxy, verifies certificates. Blocks: not on
// the I/O thread. Throws no_answer.
outbound_answer post(const outbound_rules& rules, const std::string& url, std::string_view body,
                     const outbound_headers& headers);
outbound_answer get(const outbound_rules& rules, const std::string& url, const outbound_headers& headers);

struct stream_head {
    int status = 0;
    std::string content_type;            // as it came, "" when there was none
    std::chrono::seconds retry_after{0}; // 0: not given
};

struct stream_handlers {
    // Each piece of the answer as it arrives; false: that is enough, and the exchange ends without a fault.
    std::function<bool(const stream_head&, std::string_view)> piece;
    // Asked at least every 50 ms, from the first moment on; false: no_answer. May be empty.
    std::function<bool()> wanted;
};

// POSTs whose answer is taken while it arrives. Keeps connections open between calls, since a handshake takes longer
// than many an answer. Thread-safe; each call blocks its caller only. `answer_bytes` does not apply: `piece` decides.
class stream_client {
public:
    stream_client();
    ~stream_client();
    stream_client(const stream_client&) = delete;
    stream_client& operator=(const stream_client&) = delete;

    // Returns the head once the answer is complete or was enough. Throws no_answer, also when it broke off.
    stream_head post(const outbound_rules& rules, const std::string& url, std::string_view body,
                     const outbound_headers& headers, const stream_handlers& handlers);

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace chat_centre::http
