#pragma once
// Exports of everything (admins), and the printable transcript of one conversation. Both are sent as they are read:
// memory does not grow with their size, and a slow reader slows the reading down.

#include <chat_centre/base/fields.hpp>
#include <chat_centre/conversation/service.hpp>
#include <chat_centre/http/router.hpp>

#include <array>

namespace chat_centre::search {

class export_routes {
public:
    explicit export_routes(conversation::surroundings& s) : s_(s) {} // outlives the routes
    using answer = boost::asio::awaitable<http::response>;

    // ?format=csv|jsonl &bom=true (for spreadsheets that need it) and the filters of a search. X-Total-Count says how
    // many rows there will be.
    answer all(http::request r);
    answer transcript(http::request r); // ?format=html|txt &language=en|ar

    static constexpr auto table() {
        using http::verb;
        return std::to_array<http::row<export_routes>>({
            {verb::get, "/api/v1/export/{what}", permission::export_data, &export_routes::all, "exportData",
             "All conversations, messages, tickets or contacts as CSV or JSON Lines", http::answers<no_body>()},
            {verb::get, "/api/v1/conversations/{id}/transcript", permission::conversation_read,
             &export_routes::transcript, "getTranscript", "A conversation to print or keep",
             http::answers<no_body>()},
        });
    }

private:
    conversation::surroundings& s_;
};

} // namespace chat_centre::search
