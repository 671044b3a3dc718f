#include "assistant/sse_reader.hpp"

#include <algorithm>

namespace chat_centre::assistant {

sse_reader::progress sse_reader::feed(std::string_view piece, const sink& event) {
    while (!piece.empty()) {
        if (after_cr_ && piece.front() == '\n') piece.remove_prefix(1);
        after_cr_ = false;
        const auto end = piece.find_first_of("\r\n");
        const auto part = piece.substr(0, end);
        if (line_.size() + data_.size() + part.size() > limit_) return progress::too_long;
        line_ += part;
        if (end == std::string_view::npos) break;
        after_cr_ = piece[end] == '\r';
        piece.remove_prefix(end + 1);
        if (!end_line(event)) return progress::enough;
    }
    return progress::more;
}

sse_reader::progress sse_reader::finish(const sink& event) {
    if (!line_.empty() && !end_line(event)) return progress::enough;
    return dispatch(event) ? progress::more : progress::enough;
}

bool sse_reader::end_line(const sink& event) {
    std::string_view line = line_;
    if (first_line_ && line.starts_with("\xef\xbb\xbf")) line.remove_prefix(3);
    first_line_ = false;
    bool go_on = true;
    if (line.empty()) {
        go_on = dispatch(event);
    } else if (line.starts_with("data:") || line == "data") { // others: event, id, retry, and comments
        line.remove_prefix(std::min<std::size_t>(line.size(), 5));
        if (line.starts_with(' ')) line.remove_prefix(1);
        if (has_data_) data_ += '\n';
        data_ += line;
        has_data_ = true;
    }
    line_.clear();
    return go_on;
}

bool sse_reader::dispatch(const sink& event) {
    if (!has_data_) return true;
    const bool go_on = event(data_);
    data_.clear();
    has_data_ = false;
    return go_on;
}

} // namespace chat_centre::assistant
