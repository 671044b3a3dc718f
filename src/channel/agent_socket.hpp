#pragma once
// Our end of conversations that ElevenLabs holds: a session with an agent, as its client (relay mode), and the monitor
// of a session that somebody else has (human takeover on enterprise plans). One object for one connection.
//
//   agent_dialer dialer(executor);                                      // as long as the part that uses it
//   auto call = dialer.open_agent(access, agent, first_frame, handlers);
//   call->send(dump({{"type", "user_message"}, {"text", text}}));
//   call->close("the customer left");
//
// Threads: everything here is called on the executor that was given, and so are the handlers; that executor runs on one
// thread. The signed URL is asked for on threads of the dialer's own. No handler is called from inside open_*, send or
// close. Keys, signed URLs and what is said are never logged.

#include <chat_centre/base/json.hpp>
#include <chat_centre/http/outbound.hpp>
#include <chat_centre/http/outbound_socket.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <memory>
#include <string>

namespace chat_centre::channel {

// How to reach the account: from the settings of the integration, at the moment of opening.
struct agent_access {
    std::string api_url = "https://api.elevenlabs.io"; // ELEVENLABS_API_URL
    std::string api_key;                               // xi-api-key
    http::outbound_rules rules;
};

struct agent_end {
    int code = 0; // close code that ended it; 0: never opened, or lost without a word
    bool opened = false;
    bool ours = false;  // close() was called
    std::string reason; // for the log and for staff; holds no secret
};

struct agent_handlers {
    std::function<void()> opened;           // the handshake is done and first_frame is on its way
    std::function<void(const json&)> frame; // an object with a string "type"; all but ping, which is answered here
    std::function<void(const agent_end&)> closed; // once, and then none is called any more
};

class agent_socket {
public:
    virtual ~agent_socket() = default;
    // Queued until opened. False: it has ended, or its queue is full, which ends it (code 1013).
    virtual bool send(std::string frame) = 0;
    // closed is still called, with ours = true, when the other side has confirmed or after 5 s.
    virtual void close(std::string reason) = 0;
    // As close(), but no handler is called any more: for a caller that goes away.
    virtual void forget() = 0;
};

class agent_dialer {
public:
    explicit agent_dialer(boost::asio::any_io_executor executor);
    ~agent_dialer(); // waits for the threads that fetch signed URLs, at most their time limit

    // Fetches a signed URL for the agent, connects (wss, certificate verified, subprotocol convai) and sends
    // first_frame (conversation_initiation_client_data). When the URL is refused, another is fetched, once. Not open after
    // 20 s (40 s with a second URL): closed with code 0.
    std::shared_ptr<agent_socket> open_agent(agent_access access, std::string agent_id,
                                             std::string first_frame, agent_handlers handlers);
    // The monitor socket of a session that is under way; commands go through send().
    std::shared_ptr<agent_socket> open_monitor(agent_access access, std::string session_id,
                                               agent_handlers handlers);
    // Ends all that is open without calling handlers; opens nothing afterwards.
    void stop();

private:
    struct impl;
    std::shared_ptr<impl> impl_;
};

} // namespace chat_centre::channel
