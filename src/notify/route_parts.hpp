#pragma once
// What the routes of this folder have in common.

#include "notify/context.hpp"

#include <chat_centre/base/json.hpp>
#include <chat_centre/db/connection.hpp>

namespace chat_centre::notify {

inline json time_or_null(const db::row& r, int column) {
    return r.is_null(column) ? json(nullptr) : json(to_rfc3339(r.get<time_point>(column)));
}

// Throws 422 for an address that nothing may be sent to (outbound.hpp says which).
inline void check_url(const context& c, const std::string& url) {
    if (const auto fault = http::url_fault(url, c.rules)) throw error::unprocessable("url", *fault);
}

} // namespace chat_centre::notify
