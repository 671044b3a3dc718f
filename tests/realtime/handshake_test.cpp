// Who may open a socket, and what the others are told.

#include "fake_centre.hpp"
#include "socket_client.hpp"

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <catch2/catch_test_macros.hpp>

#include <thread>

using namespace chat_centre;
using namespace chat_centre::test;
using namespace std::chrono_literals;

namespace {

bool all_closed(fake_centre& centre) {
    for (int i = 0; i < 1000 && centre.hub().count().open != 0; ++i) std::this_thread::sleep_for(10ms);
    return centre.hub().count().open == 0;
}

} // namespace

TEST_CASE("handshakes: who comes in and who does not", "[realtime][threads]") {
    fake_centre centre;
    centre.conversation(12, with_3);
    struct row {
        std::string path;
        std::string token;
        int status;
    };
    const std::vector<row> table = {
        {"/ws", "admin-1", 101},
        {"/ws", "agent-3", 101},
        {"/ws", "", 401},
        {"/ws", "nonsense", 401},
        {"/ws", "customer-12", 403},
        {"/ws", "key", 403},
        {"/ws/CONV-12", "customer-12", 101},
        {"/ws/CONV-13", "customer-12", 404},
        {"/ws/CONV-12", "", 401},
        {"/ws/CONV-12", "agent-3", 101},
        {"/ws/CONV-12", "agent-4", 404},
        {"/ws/CONV-99", "admin-1", 404},
        {"/ws/12", "customer-12", 404},
        {"/ws/", "admin-1", 404},
        {"/wsx", "admin-1", 404},
        {"/other", "admin-1", 404},
    };
    for (const row& r : table) {
        INFO(r.path << " " << r.token);
        socket_client c(centre.port(), r.path, r.token);
        CHECK(c.status == r.status);
        if (r.status == 101)
            CHECK(c.subprotocol == "chat-centre.v1");
        else
            CHECK(c.content_type == "application/problem+json");
    }
    CHECK(all_closed(centre));
}

TEST_CASE("handshakes that are none", "[realtime][threads]") {
    fake_centre centre;
    const auto answer = [&](const std::string& version, const std::string& key, const std::string& behind) {
        boost::asio::io_context io;
        boost::asio::ip::tcp::socket s(io);
        s.connect({boost::asio::ip::address_v4::loopback(), centre.port()});
        const std::string head = "GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                                 "Authorization: Bearer admin-1\r\nSec-WebSocket-Version: " +
                                 version + "\r\n" + key + "\r\n" + behind;
        boost::asio::write(s, boost::asio::buffer(head));
        std::string text(12, '\0');
        boost::asio::read(s, boost::asio::buffer(text));
        return text.substr(9);
    };
    const std::string key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    CHECK(answer("13", key, "") == "101");
    CHECK(answer("8", key, "") == "426");
    CHECK(answer("13", "", "") == "400");
    CHECK(answer("13", "Sec-WebSocket-Key: short\r\n", "") == "400");
    CHECK(answer("13", key, "x") == "400"); // a client may not send before it has seen the answer
}
