#pragma once
// Who is here: which staff have a socket open, who looks at a conversation, who is typing in it.
//
// Only the hub's thread changes it; any thread may ask (online, viewers), so a mutex guards it.

#include "frames.hpp"

#include <chat_centre/realtime/hub.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

namespace chat_centre::realtime {

class presence_board {
public:
    using socket_key = std::uint64_t; // one per socket, never used twice
    using moment = std::chrono::steady_clock::time_point;

    // Something that somebody stopped doing, to be told to the others in the conversation.
    struct ending {
        std::int64_t conversation = 0;
        participant who;
        bool typing = false; // else viewing
        typing_kind kind = typing_kind::reply;
    };

    // A staff member's socket opened: true when they were offline before.
    bool opened(std::int64_t staff);
    // One closed. When it was the last they stay online until `until`, so that a reload does not blink.
    void closed(std::int64_t staff, moment until);
    std::vector<std::int64_t> gone(moment now); // whose time is over: offline from now on

    // True when the person (not only this socket of theirs) began or stopped.
    bool view(socket_key socket, std::int64_t conversation, const participant& who, bool on);
    struct typing_change {
        bool person = false;     // as above
        bool left_reply = false; // typed a reply before, and a note now: customers must see the typing end
    };
    typing_change type(socket_key socket, std::int64_t conversation, const participant& who, bool on,
                       typing_kind kind, moment until);
    std::vector<ending> lapsed(moment now);       // typing that was not renewed
    std::vector<ending> leave(socket_key socket); // the socket closed
    std::vector<ending> leave(socket_key socket, std::int64_t conversation);
    std::size_t places(socket_key socket) const; // conversations in which it views or types

    bool online(std::int64_t staff) const;
    std::vector<person> viewers(std::int64_t conversation) const;

private:
    struct viewer {
        socket_key socket;
        participant who;
    };
    struct typist {
        participant who;
        typing_kind kind;
        moment until;
    };
    struct lease {
        int sockets = 0;
        moment until{}; // when sockets is 0
    };

    bool views(std::int64_t conversation, std::int64_t staff) const;
    bool types(std::int64_t conversation, std::int64_t staff) const;
    void forget_place(socket_key socket, std::int64_t conversation); // when it neither views nor types there
    void leave_locked(socket_key socket, std::int64_t conversation, std::vector<ending>& out);

    mutable std::mutex mutex_;
    std::unordered_map<std::int64_t, lease> leases_;
    std::unordered_map<std::int64_t, std::vector<viewer>> viewing_;
    std::map<std::pair<std::int64_t, socket_key>, typist> typing_; // by conversation, socket
    std::map<socket_key, std::set<std::int64_t>> places_;          // conversations a socket views or types in
};

} // namespace chat_centre::realtime
