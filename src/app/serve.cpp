#include <chat_centre/app/app.hpp>

#include "app/server_app.hpp"
#include "app/storage.hpp"

#include <chat_centre/audit/chain.hpp>
#include <chat_centre/db/migrate.hpp>
#include <chat_centre/knowledge/import.hpp>

#include <boost/asio/signal_set.hpp>
#include <spdlog/spdlog.h>
#include <sys/resource.h>

#include <malloc.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>

namespace chat_centre::app {
namespace {

// Every connection is a file descriptor: take all that we may have, and say so when it is little.
void raise_file_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    constexpr rlim_t comfortable = 4096;
    if (limit.rlim_cur < comfortable)
        spdlog::warn("only {} open files are allowed here: that bounds connections (ulimit -n)",
                     limit.rlim_cur);
}

std::string shown_host(const config::settings& s) {
    if (s.host == "0.0.0.0" || s.host == "::") return "localhost";
    return s.host.find(':') == std::string::npos ? s.host : "[" + s.host + "]";
}

// What a newcomer needs to go on, with the secrets that are shown this once.
void welcome(const config::settings& s, const auth::first_run_facts& f, std::uint16_t port) {
    for (const auto& w : f.warnings) spdlog::warn("{}", w);
    const std::string address = "http://" + shown_host(s) + ":" + std::to_string(port);
    const std::string key = f.generated_sync_key      ? *f.generated_sync_key
                            : !s.sync_api_key.empty() ? "$SYNC_API_KEY"
                                                      : "YOUR_SYNC_KEY";
    std::string out = "\nChat Centre is ready.\n\n  Dashboard  " + address + "/admin/\n";
    if (f.admin_email) {
        out += "  Sign in    " + *f.admin_email + "  password ";
        out +=
            f.generated_password ? *f.generated_password + "  (shown once: keep it)" : "as in ADMIN_PASSWORD";
        out += "\n";
    }
    if (f.generated_sync_key) out += "  Sync key   " + *f.generated_sync_key + "  (shown once: keep it)\n";
    out +=
        "  Widget     " + address + "/widget/demo\n  API        " + address +
        "/docs\n\nSend a first message:\n\n"
        "  curl -s " +
        address + "/api/chat/sync -H \"Authorization: Bearer " + key +
        "\" \\\n    -H 'Content-Type: application/json' \\\n    -d '{\"user_id\":\"user_123\",\"message\":\"I need "
        "help\",\"sender\":\"user\",\"timestamp\":\"2024-10-21 16:45:00\"}'\n\nStop with Ctrl-C.\n\n";
    std::fputs(out.c_str(), stdout);
    std::fflush(stdout);
}

} // namespace

int serve(const config::settings& settings) {
    std::signal(SIGPIPE, SIG_IGN); // a log pipe whose reader is gone must not end the server
    raise_file_limit();
    for (const auto& name : settings.unknown)
        spdlog::warn("{} is set; it is accepted and has no effect in this version", name);
    database storage(settings);
    server_app server(settings, storage.url());
    const auto facts = server.prepare();
    server.listen();
    malloc_trim(
        0); // compressing the web files and hashing the first password took memory that is not needed again

    boost::asio::signal_set signals(server.io(), SIGTERM, SIGINT);
    int received = 0;
    std::function<void(boost::system::error_code, int)> on_signal = [&](boost::system::error_code failed,
                                                                        int signal) {
        if (failed) return;
        if (++received > 1) std::_Exit(128 + signal); // asked twice: now
        spdlog::info("stopping (signal {})", signal);
        server.request_stop();
        signals.async_wait(on_signal);
    };
    signals.async_wait(on_signal);

    welcome(settings, facts, server.port());
    spdlog::info("listening on {}:{}", settings.host, server.port());
    server.run();
    spdlog::info("stopped");
    return 0;
}

int migrate(const config::settings& settings) {
    database storage(settings);
    db::settings s;
    s.url = storage.url();
    const int applied = db::migrate(s);
    std::printf("%d migrations applied; the database is up to date.\n", applied);
    return 0;
}

int import_articles(const config::settings& settings, const std::string& path, bool overwrite) {
    database storage(settings);
    db::settings s;
    s.url = storage.url();
    db::migrate(s);
    const auto connection = db::connect(s);
    return knowledge::import_path(*connection, path, overwrite, system_clock_source()) == 0 ? 0 : 1;
}

int verify_audit(const config::settings& settings, const std::optional<std::string>& known) {
    database storage(settings);
    db::settings s;
    s.url = storage.url();
    db::migrate(s);
    s.statement_timeout = std::chrono::minutes(1);
    const auto c = db::connect(s);
    const auto found = audit::verify(*c, known);
    std::fputs(audit::describe(found).c_str(), stdout);
    return found.faults.empty() && found.known_found ? 0 : 1;
}

} // namespace chat_centre::app
