#include <chat_centre/demo/demo.hpp>

#include <CLI/CLI.hpp>

namespace chat_centre::demo {

void add_options(CLI::App& command, options& o) {
    command.add_option("--url", o.url, "The server (default: http://HOST:PORT of the settings)")
        ->type_name("URL");
    command.add_option("--key", o.key,
                       "Sync key (default: SYNC_API_KEY; with an admin's login none is needed)");
    command.add_option("--email", o.email, "An admin, who makes the demo's staff (default: ADMIN_EMAIL)");
    command.add_option("--password", o.password, "Their password (default: ADMIN_PASSWORD)");
    command.add_option("--rate", o.rate, "Messages a second")
        ->check(CLI::Range(0.1, 100.0))
        ->capture_default_str();
    command.add_option("--count", o.count, "End after so many conversations of traffic")
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000}));
    command.add_option("--minutes", o.minutes, "Begin no more conversations after so many minutes")
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{10'080}));
    command.add_flag("--once", o.once, "Only the opening conversations, then end")
        ->excludes("--count")
        ->excludes("--minutes");
    command.add_option("--seed", o.seed, "Another number plays other conversations")->capture_default_str();
    command.footer(
        "Without an admin's login customers and the assistant play alone, and who asks for a person waits.\n"
        "The demo's staff are accounts at demo.example; an admin can switch them off under Staff.");
}

options with_defaults(options o, const config::settings& s) {
    if (o.url.empty()) {
        // 0.0.0.0 and :: are where a server listens, not where it is.
        std::string host = s.host == "0.0.0.0" ? "127.0.0.1" : s.host == "::" ? "::1" : s.host;
        if (host.find(':') != std::string::npos) host = "[" + host + "]";
        o.url = "http://" + host + ":" + std::to_string(s.port);
    }
    if (o.key.empty()) o.key = s.sync_api_key;
    if (o.email.empty()) o.email = s.admin_email;
    if (o.password.empty()) o.password = s.admin_password;
    return o;
}

} // namespace chat_centre::demo
