#pragma once
// What an ElevenLabs agent calls while it talks (server tools), what telephony asks before a call, and what a page with
// their widget asks for when it opens.

#include <chat_centre/channel/elevenlabs.hpp>
#include <chat_centre/http/outbound.hpp>

#include <boost/asio/thread_pool.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace chat_centre::channel {

// Flat, as tools send it; fields that are not known are ignored.
struct request_staff_body {
    std::optional<text<0, 200>> conversation_id; // theirs: system__conversation_id
    std::optional<text<0, 200>> agent_id;
    std::optional<text<0, 200>> cc_session;
    std::optional<text<0, 200>> user_id;
    std::optional<text<0, 100>> user_name;
    std::optional<text<0, 50>> issue_type;
    std::optional<text<0, 20>> priority;
    std::optional<text<0, 2000>> summary;
};
BOOST_DESCRIBE_STRUCT(request_staff_body, (),
                      (conversation_id, agent_id, cc_session, user_id, user_name, issue_type, priority,
                       summary))

struct tool_ticket {
    std::string id;
};
BOOST_DESCRIBE_STRUCT(tool_ticket, (), (id))

struct request_staff_answer {
    bool ok = true;
    std::string conversation_id, status; // queued, with_staff
    tool_ticket ticket;
    std::optional<std::int64_t> position, estimated_wait_minutes;
    std::string message; // what the assistant may say
};
BOOST_DESCRIBE_STRUCT(request_staff_answer, (),
                      (ok, conversation_id, status, ticket, position, estimated_wait_minutes, message))

struct lookup_body {
    std::optional<text<0, 200>> conversation_id;
    std::optional<text<0, 200>> cc_session;
    std::optional<text<0, 60>> reference; // CONV-12 or TKT_20241021_XYZ9; none: this conversation
    std::optional<text<0, 254>> email;    // whose it is, when it is not this customer's already
    std::optional<text<0, 40>> phone;
};
BOOST_DESCRIBE_STRUCT(lookup_body, (), (conversation_id, cc_session, reference, email, phone))

struct lookup_answer {
    bool ok = true, found = false;
    std::string reference, kind, status, message;
    std::optional<std::string> subject;
    std::optional<std::int64_t> position;
    std::optional<time_point> updated_at;
    std::vector<std::string> open_tickets;
};
BOOST_DESCRIBE_STRUCT(lookup_answer, (),
                      (ok, found, reference, kind, status, message, subject, position, updated_at,
                       open_tickets))

struct initiation_body {
    std::optional<text<0, 100>> caller_id, agent_id, called_number, call_sid, conversation_id;
};
BOOST_DESCRIBE_STRUCT(initiation_body, (), (caller_id, agent_id, called_number, call_sid, conversation_id))

struct initiation_variables { // always all of them: an agent ends a call for which one is missing
    std::string user_name, cc_session, open_ticket, last_interaction, known_customer;
};
BOOST_DESCRIBE_STRUCT(initiation_variables, (),
                      (user_name, cc_session, open_ticket, last_interaction, known_customer))

struct initiation_answer {
    std::string type, user_id;
    initiation_variables dynamic_variables;
};
BOOST_DESCRIBE_STRUCT(initiation_answer, (), (type, user_id, dynamic_variables))

struct signed_url_answer {
    std::string signed_url, cc_session, user_id, page_token;
    time_point expires_at;
    std::optional<std::string> elevenlabs_signed_url;
};
BOOST_DESCRIBE_STRUCT(signed_url_answer, (),
                      (signed_url, cc_session, user_id, page_token, expires_at, elevenlabs_signed_url))

class elevenlabs_tools {
public:
    elevenlabs_tools(const elevenlabs_context& c, http::outbound_rules rules);

    boost::asio::awaitable<http::response> request_staff(http::request r);
    boost::asio::awaitable<http::response> lookup(http::request r);
    boost::asio::awaitable<http::response> initiate(http::request r);
    boost::asio::awaitable<http::response> signed_url(http::request r);

    static constexpr auto table() {
        using http::rate;
        return std::to_array<http::row<elevenlabs_tools>>({
            {http::verb::post, "/api/elevenlabs/tools/request-staff", permission::tool_use,
             &elevenlabs_tools::request_staff, "toolRequestStaff", "The agent asks for a person",
             http::described(
                 http::takes<request_staff_body, request_staff_answer>(),
                 "Asked again while somebody is waited for: the same answer, and nothing is done twice.")},
            {http::verb::post, "/api/elevenlabs/tools/lookup", permission::tool_use,
             &elevenlabs_tools::lookup, "toolLookup", "How far this customer's conversation or ticket is",
             http::described(
                 http::takes<lookup_body, lookup_answer>(),
                 "Only what belongs to the customer of `conversation_id`, or to whoever names its reference "
                 "and the e-mail address or telephone number that it was opened with. Anything else is not "
                 "found.")},
            {http::verb::post, "/api/elevenlabs/conversation-init", permission::tool_use,
             &elevenlabs_tools::initiate, "initiateConversation", "Who is calling, before the agent speaks",
             http::takes<initiation_body, initiation_answer>()},
            {http::verb::get, "/api/elevenlabs/signed-url", permission::open, &elevenlabs_tools::signed_url,
             "signedUrl", "What a page needs to open the widget",
             http::described(
                 http::cross_origin(http::limited(http::answers<signed_url_answer>(), rate::open)),
                 "`signed_url` is this server's socket for the widget; `page_token` lets the page post its own messages to "
                 "POST /api/chat/sync for an hour. The user id is made here; `token`, an earlier page token, keeps it. A "
                 "site's server, with a key that may sync, names its signed-in user as `user_id`. In relay mode "
                 "`elevenlabs_signed_url` is ElevenLabs' own address for the agent.")},
        });
    }

private:
    const elevenlabs_context& c_;
    http::outbound_rules rules_;
    std::shared_ptr<boost::asio::thread_pool> outside_;       // for requests to ElevenLabs, which block
    std::shared_ptr<int> waiting_ = std::make_shared<int>(0); // for them; I/O thread
};

} // namespace chat_centre::channel
