#include <chat_centre/http/router.hpp>

#include <stdexcept>

namespace chat_centre::http {
namespace {

std::vector<std::string> split(std::string_view path) {
    std::vector<std::string> out;
    path.remove_prefix(1);
    while (true) {
        const auto slash = path.find('/');
        out.emplace_back(path.substr(0, slash));
        if (slash == std::string_view::npos) return out;
        path.remove_prefix(slash + 1);
    }
}

bool is_placeholder(std::string_view segment) { return !segment.empty() && segment.front() == '{'; }

std::size_t count_segments(std::string_view path) {
    return static_cast<std::size_t>(std::count(path.begin(), path.end(), '/'));
}

bool matches(const std::vector<std::string>& pattern, std::string_view path,
             std::vector<std::string_view>& values) {
    values.clear();
    path.remove_prefix(1);
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const auto slash = path.find('/');
        const auto segment = path.substr(0, slash);
        if (is_placeholder(pattern[i])) {
            if (segment.empty()) return false;
            values.push_back(segment);
        } else if (segment != pattern[i]) {
            return false;
        }
        if (slash == std::string_view::npos) return i + 1 == pattern.size();
        path.remove_prefix(slash + 1);
    }
    return false;
}

} // namespace

void router::add(route r) {
    r.segments = split(r.path);
    for (const auto& other : routes_)
        if (other.path == r.path && other.method == r.method)
            throw std::logic_error("two routes for " + std::string(to_string(r.method)) + " " + r.path);
    const std::size_t n = r.segments.size();
    if (by_segment_count_.size() <= n) by_segment_count_.resize(n + 1);
    // Literal rows come before rows with placeholders, so that /staff/me wins over /staff/{id}.
    auto& bucket = by_segment_count_[n];
    auto placeholders = [](const route& x) {
        return std::count_if(x.segments.begin(), x.segments.end(),
                             [](const auto& s) { return is_placeholder(s); });
    };
    const auto mine = placeholders(r);
    auto at = bucket.begin();
    while (at != bucket.end() && placeholders(routes_[*at]) <= mine) ++at;
    bucket.insert(at, routes_.size());
    routes_.push_back(std::move(r));
}

void router::allow_body(verb v, std::string_view path, std::size_t bytes) {
    for (auto& r : routes_)
        if (r.method == v && r.path == path) {
            r.io.body_limit = bytes;
            return;
        }
    throw std::logic_error("no route " + std::string(path));
}

router::match router::find(verb v, std::string_view path) const {
    match m;
    if (path.empty() || path.front() != '/') return m;
    const std::size_t n = count_segments(path);
    if (n >= by_segment_count_.size()) return m;
    if (v == verb::head) v = verb::get;
    std::vector<std::string_view> values;
    for (const std::size_t i : by_segment_count_[n]) {
        const auto& r = routes_[i];
        if (!matches(r.segments, path, values)) continue;
        if (r.method == v) {
            m.found = &r;
            m.path_values = std::move(values);
            m.allow.clear();
            return m;
        }
        // A literal row and one with a placeholder may both answer the same verb.
        if (const std::string name(to_string(r.method)); m.allow.find(name) == std::string::npos)
            m.allow += (m.allow.empty() ? "" : ", ") + name;
    }
    return m;
}

} // namespace chat_centre::http
