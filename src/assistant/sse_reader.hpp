#pragma once
// Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html) out of pieces cut anywhere. Only
// the data of each event matters here.

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace chat_centre::assistant {

class sse_reader {
public:
    using sink = std::function<bool(std::string_view data)>; // false: enough

    explicit sse_reader(std::size_t longest_event) : limit_(longest_event) {}

    enum class progress { more, enough, too_long };
    progress feed(std::string_view piece, const sink& event);
    // The other side has ended: an event without the empty line after it is taken all the same.
    progress finish(const sink& event);

private:
    bool end_line(const sink& event); // false: enough
    bool dispatch(const sink& event);

    std::size_t limit_;
    std::string line_;
    std::string data_;
    bool has_data_ = false;
    bool after_cr_ = false;
    bool first_line_ = true;
};

} // namespace chat_centre::assistant
