#include "db/conninfo.hpp"

#include <array>
#include <utility>

namespace chat_centre::db {
namespace {

// tcp_user_timeout also ends a statement whose packets nobody acknowledges; a server that is merely busy is the
// business of statement_timeout.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> limits{{
    {"connect_timeout", "5"},     // s
    {"keepalives_idle", "10"},    // s
    {"keepalives_interval", "3"}, // s
    {"keepalives_count", "3"},
    {"tcp_user_timeout", "20000"}, // ms
}};

bool is_uri(std::string_view url) {
    return url.starts_with("postgresql://") || url.starts_with("postgres://");
}

} // namespace

bool is_connection_string(std::string_view url) {
    const auto assignment = url.find('=');
    return is_uri(url) || (assignment != std::string_view::npos && url.find("://") > assignment);
}

std::string with_time_limits(std::string_view url) {
    std::string out;
    if (!is_uri(url)) {
        // In a key=value string a later word wins, so ours come first.
        for (const auto& [key, value] : limits) out.append(key).append("=").append(value).append(" ");
        return out.append(url);
    }
    out = url;
    std::string_view separator = url.find('?') == std::string_view::npos ? "?"
                                 : url.ends_with('?')                    ? ""
                                                                         : "&";
    for (const auto& [key, value] : limits) {
        const std::string assignment = std::string(key) + "=";
        if (url.find("?" + assignment) != std::string_view::npos) continue;
        if (url.find("&" + assignment) != std::string_view::npos) continue;
        out.append(separator).append(assignment).append(value);
        separator = "&";
    }
    return out;
}

std::string quoted_value(std::string_view value) {
    std::string out = "'";
    for (const char c : value) {
        if (c == '\'' || c == '\\') out.push_back('\\');
        out.push_back(c);
    }
    return out + "'";
}

} // namespace chat_centre::db
