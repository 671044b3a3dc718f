#pragma once
// What requesters see of their ticket, by the link that came with it.

#include <chat_centre/base/fields.hpp>
#include <chat_centre/http/router.hpp>
#include <chat_centre/ticket/service.hpp>

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace chat_centre::ticket {

struct portal_reply_body {
    text<1, 16000> message;
    std::optional<text<1, 200>> client_message_id; // a retry with the same one is the same message
};
BOOST_DESCRIBE_STRUCT(portal_reply_body, (), (message, client_message_id))

struct portal_author_view {
    std::string kind; // staff, customer
    std::string name;
};
BOOST_DESCRIBE_STRUCT(portal_author_view, (), (kind, name))
struct portal_message_view {
    std::string reply_id;
    portal_author_view author;
    std::string message;
    time_point at;
};
BOOST_DESCRIBE_STRUCT(portal_message_view, (), (reply_id, author, message, at))
struct portal_staff_view {
    std::string name;
};
BOOST_DESCRIBE_STRUCT(portal_staff_view, (), (name))
struct portal_ticket_view {
    std::string ticket_id, subject;
    std::optional<std::string> description; // what the requester wrote; null when staff or a chat made the ticket
    std::string status, status_text, language;
    std::optional<portal_staff_view> assigned_staff;
    bool can_reply = true;
    time_point created_at, updated_at;
    std::optional<time_point> closes_at; // resolved: when it closes if nobody writes
    std::vector<portal_message_view> replies;
};
BOOST_DESCRIBE_STRUCT(portal_ticket_view, (),
                      (ticket_id, subject, description, status, status_text, language, assigned_staff,
                       can_reply, created_at, updated_at, closes_at, replies))
struct portal_answer_view {
    portal_message_view reply;
    std::string status, status_text;
};
BOOST_DESCRIBE_STRUCT(portal_answer_view, (), (reply, status, status_text))

class portal_routes {
public:
    explicit portal_routes(surroundings& s) : s_(s) {}

    using answer = boost::asio::awaitable<http::response>;
    answer show(http::request r);
    answer reply(http::request r);

    static constexpr auto table() {
        using http::answers;
        using http::limited;
        using http::secret_path;
        using http::takes;
        using http::verb;
        constexpr auto open = permission::open;
        return std::to_array<http::row<portal_routes>>({
            {verb::get, "/api/v1/portal/tickets/{token}", open, &portal_routes::show, "getTicketByLink",
             "One's own ticket, by the token of its link: status, and what was said",
             secret_path(answers<portal_ticket_view>())},
            {verb::post, "/api/v1/portal/tickets/{token}", open, &portal_routes::reply, "replyByLink",
             "Add to one's own ticket; a resolved one is worked on again",
             secret_path(limited(takes<portal_reply_body, portal_answer_view>(201), http::rate::open))},
        });
    }

private:
    surroundings& s_;
};

} // namespace chat_centre::ticket
