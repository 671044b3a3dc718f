#pragma once
// GET /api/v1/audit: the audit log, newest first.

#include <chat_centre/base/fields.hpp>
#include <chat_centre/db/pool.hpp>
#include <chat_centre/http/router.hpp>

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace chat_centre::audit {

struct entry_view {
    std::int64_t audit_id = 0;
    time_point at{};
    std::string actor; // "STF-3", "KEY-1", "CONV-12" or "system"
    std::string actor_name;
    std::string action;
    std::string target;
    json detail;
    std::string address;
    std::string request_id;
    std::optional<std::string> hash; // its link of the chain; null for the second until it is sealed
};
BOOST_DESCRIBE_STRUCT(entry_view, (),
                      (audit_id, at, actor, actor_name, action, target, detail, address, request_id, hash))

struct page_view {
    std::vector<entry_view> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(page_view, (), (items, next_cursor))

class routes {
public:
    explicit routes(db::pool& pool) : pool_(pool) {} // the pool outlives the routes

    // ?action= (a whole action or its first part, "staff"), ?target=, ?actor=STF-3, ?from=, ?to= (RFC 3339)
    boost::asio::awaitable<http::response> list(http::request r);

    static constexpr auto table() {
        return std::to_array<http::row<routes>>({
            {http::verb::get, "/api/v1/audit", permission::audit_read, &routes::list, "listAudit",
             "Who did what, newest first", http::answers<page_view>()},
        });
    }

private:
    db::pool& pool_;
};

} // namespace chat_centre::audit
