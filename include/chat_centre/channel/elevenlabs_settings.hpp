#pragma once
// How admins set ElevenLabs up, and what they see of it: keys, addresses to copy, a test, and what has been received.

#include <chat_centre/channel/elevenlabs.hpp>
#include <chat_centre/http/outbound.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace chat_centre::channel {

struct elevenlabs_modes {
    static constexpr std::array<std::string_view, 2> names{"own", "relay"};
};

struct elevenlabs_settings_body { // what is absent stays; "" and [] take away
    std::optional<std::vector<text<8, 200>>> webhook_secrets;
    std::optional<text<0, 200>> api_key;
    std::optional<text<0, 100>> agent_id;
    std::optional<choice<elevenlabs_modes>> mode;
    std::optional<text<0, 200>> api_url;
    std::optional<std::vector<text<8, 200>>> allowed_origins;
    std::optional<bool> monitor;
};
BOOST_DESCRIBE_STRUCT(elevenlabs_settings_body, (),
                      (webhook_secrets, api_key, agent_id, mode, api_url, allowed_origins, monitor))

struct secret_view {
    bool set = false;
    std::optional<std::string> hint; // its last characters
};
BOOST_DESCRIBE_STRUCT(secret_view, (), (set, hint))

struct elevenlabs_addresses {
    std::string base, webhook, custom_llm, request_staff, lookup, conversation_init, signed_url, page_script,
        socket, sync;
};
BOOST_DESCRIBE_STRUCT(elevenlabs_addresses, (),
                      (base, webhook, custom_llm, request_staff, lookup, conversation_init, signed_url,
                       page_script, socket, sync))

struct elevenlabs_settings_view {
    std::string mode, agent_id, api_url;
    bool monitor = false;
    std::vector<std::string> allowed_origins;
    std::vector<secret_view> webhook_secrets;
    secret_view api_key;
    std::vector<std::string> from_environment; // names of those that cannot be changed here
    elevenlabs_addresses addresses;
};
BOOST_DESCRIBE_STRUCT(elevenlabs_settings_view, (),
                      (mode, agent_id, api_url, monitor, allowed_origins, webhook_secrets, api_key,
                       from_environment, addresses))

struct elevenlabs_test_answer {
    bool ok = false;
    std::string conversation_id;
    std::optional<std::string> reply;
    std::int64_t milliseconds = 0;
};
BOOST_DESCRIBE_STRUCT(elevenlabs_test_answer, (), (ok, conversation_id, reply, milliseconds))

struct checklist_item {
    std::string part; // of elevenlabs_desk::uses
    std::optional<time_point> at;
    std::int64_t count = 0;
    std::string detail, detail_ar; // the last one's, such as why a signature was refused
};
BOOST_DESCRIBE_STRUCT(checklist_item, (), (part, at, count, detail, detail_ar))

struct received_event {
    std::string type, session;
    time_point received_at;
    std::optional<time_point> processed_at;
    std::optional<std::string> conversation_id;
    std::optional<json> result;
};
BOOST_DESCRIBE_STRUCT(received_event, (), (type, session, received_at, processed_at, conversation_id, result))

struct elevenlabs_checklist {
    std::vector<checklist_item> items;
    std::vector<received_event> events; // the last ten
};
BOOST_DESCRIBE_STRUCT(elevenlabs_checklist, (), (items, events))

struct conversation_facts {
    std::optional<json> elevenlabs; // summary, data that was collected, how it ended
};
BOOST_DESCRIBE_STRUCT(conversation_facts, (), (elevenlabs))

class elevenlabs_settings_routes {
public:
    elevenlabs_settings_routes(const elevenlabs_context& c, http::outbound_rules rules)
        : c_(c), rules_(std::move(rules)) {}

    boost::asio::awaitable<http::response> get(http::request r);
    boost::asio::awaitable<http::response> put(http::request r);
    boost::asio::awaitable<http::response> test(http::request r);
    boost::asio::awaitable<http::response> checklist(http::request r);
    boost::asio::awaitable<http::response> facts(http::request r);

    static constexpr auto table() {
        using self = elevenlabs_settings_routes;
        return std::to_array<http::row<self>>({
            {http::verb::get, "/api/v1/integrations/elevenlabs", permission::webhook_write, &self::get,
             "getElevenlabs", "How ElevenLabs is set up; of secrets only whether they are set",
             http::answers<elevenlabs_settings_view>()},
            {http::verb::put, "/api/v1/integrations/elevenlabs", permission::webhook_write, &self::put,
             "putElevenlabs", "Set ElevenLabs up; what is absent stays as it is",
             http::takes<elevenlabs_settings_body, elevenlabs_settings_view>()},
            {http::verb::post, "/api/v1/integrations/elevenlabs/test", permission::webhook_write, &self::test,
             "testElevenlabs", "A message through the whole way: stored, and answered by the assistant",
             http::answers<elevenlabs_test_answer>()},
            {http::verb::get, "/api/v1/integrations/elevenlabs/checklist", permission::webhook_write,
             &self::checklist, "elevenlabsChecklist", "What ElevenLabs and its pages have called, and when",
             http::answers<elevenlabs_checklist>()},
            {http::verb::get, "/api/v1/conversations/{id}/facts", permission::conversation_note, &self::facts,
             "conversationFacts", "What other systems found out about a conversation",
             http::answers<conversation_facts>()},
        });
    }

private:
    json view(const http::request& r) const;

    const elevenlabs_context& c_;
    http::outbound_rules rules_;
};

} // namespace chat_centre::channel
