#pragma once
// The server as the demo uses it: signed-in desks, the sync key, customers with their tokens. Waits out what passes
// (limits, a restart) and says clearly what does not.

#include "demo/client.hpp"
#include "demo/dialogue.hpp"

#include <chat_centre/base/clock.hpp>

#include <map>
#include <string>
#include <vector>

namespace chat_centre::demo {

struct login {
    std::string email;
    std::string password;
};

class centre {
public:
    centre(loop& l, address a) : loop_(l), client_(l, std::move(a)) {}

    // These throw startup_error with what to do when the server is away, or refuses.
    void check_server();
    void sign_in(desk who, login with);
    void use_key(std::string key); // "": posts as the admin, who must be signed in
    // Makes the desks' accounts, or gives those of an earlier demo a new password, and signs them in. Needs the admin.
    void open_desks();
    void renew_old_logins(); // call it now and then: a token lasts some minutes
    // Resolves what an earlier demo left open; returns how many. Needs the admin.
    int close_earlier_talks();

    bool has(desk who) const { return desks_.contains(who); }
    const std::string& staff_id(desk who) const { return desks_.at(who).staff_id; }
    const std::string& token(desk who) const { return desks_.at(who).token; }
    const login& login_of(desk who) const { return desks_.at(who).with; }
    const address& server() const { return client_.server(); }

    answer sync(const json& body);
    answer as(desk who, verb method, const std::string& path, const json& body = nullptr); // path below /api/v1
    answer as_customer(const std::string& token, const std::string& path, const json& body);

private:
    struct signed_in {
        login with;
        std::string staff_id;
        std::string role;
        std::string token;
        std::chrono::steady_clock::time_point since;
    };

    answer persist(verb method, const std::string& target, const std::string& bearer, const json& body);
    answer log_in(const login& with);
    void remember(desk who, login with, const answer& a);
    void renew(desk who);
    std::vector<json> all_of(const std::string& list);

    loop& loop_;
    client client_;
    std::string key_;
    std::map<desk, signed_in> desks_;
};

} // namespace chat_centre::demo
