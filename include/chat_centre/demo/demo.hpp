#pragma once
// chat-centre demo: sample conversations and invented traffic through the HTTP interface of a running server. It
// knows nothing of the server's insides: whatever it shows, any other client can do.

#include <chat_centre/config/config.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace chat_centre::demo {

struct options {
    std::string url;                     // "": HOST and PORT of the settings
    std::string key;                     // "": SYNC_API_KEY
    std::string email;                   // "": ADMIN_EMAIL
    std::string password;                // "": ADMIN_PASSWORD
    double rate = 2;                     // messages a second
    std::optional<std::int64_t> count;   // conversations after the opening
    std::optional<std::int64_t> minutes; // of traffic after the opening
    bool once = false;                   // the opening only
    std::uint64_t seed = 1;              // the same seed plays the same conversations
};

// Puts the options on the subcommand; `o` outlives the parsing.
void add_options(CLI::App& command, options& o);

// What was not said on the command line comes from the environment or .env.
options with_defaults(options o, const config::settings& s);

// Plays until it is done, or until SIGINT or SIGTERM, and returns the exit code. Throws startup_error with what to do
// when the server is away or refuses the key or the login.
int run(const options& o, const config::settings& s);

} // namespace chat_centre::demo
