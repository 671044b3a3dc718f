// Subcommands; everything else is in the library, where tests reach it.

#include <chat_centre/app/app.hpp>
#include <chat_centre/app/learning_commands.hpp>
#include <chat_centre/base/error.hpp>
#include <chat_centre/base/log.hpp>
#include <chat_centre/config/config.hpp>
#include <chat_centre/demo/demo.hpp>

#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>
#include <optional>
#include <string>

namespace {

using namespace chat_centre;

int run(int argc, char** argv) {
    CLI::App cli{
        "Chat Centre: every message of a support conversation, stored before it is answered and shown live"};
    cli.set_version_flag("--version", CHAT_CENTRE_VERSION);
    cli.require_subcommand(1);
    cli.footer("Settings come from the environment and .env; README.md lists them.");
    const auto* serve = cli.add_subcommand("serve", "Serve until SIGTERM or Ctrl-C");
    const auto* migrate = cli.add_subcommand("migrate", "Bring the database up to date and end");
    const auto* routes = cli.add_subcommand("routes", "List every route with its permission");
    const auto* openapi = cli.add_subcommand("openapi", "Print the OpenAPI document");
    auto* demo = cli.add_subcommand("demo", "Play sample conversations against a running server");
    demo::options play;
    demo::add_options(*demo, play);
    const auto* settings = cli.add_subcommand("config", "Print the settings in force, secrets hidden");
    auto* audit = cli.add_subcommand("audit", "The audit log");
    audit->require_subcommand(1);
    auto* verify =
        audit->add_subcommand("verify", "Walk its chain: name the first row changed, missing or put in");
    std::string head;
    verify->add_option("--head", head, "A head printed by an earlier run: it must still be in the chain");
    app::learning_commands learning(cli);
    auto* knowledge = cli.add_subcommand("knowledge", "The knowledge base");
    knowledge->require_subcommand(1);
    auto* take_in = knowledge->add_subcommand("import", "Put in a folder of Markdown articles, or a CSV file");
    std::string articles;
    bool overwrite = false;
    take_in->add_option("path", articles, "The folder, or the file")->required();
    take_in->add_flag("--overwrite", overwrite,
                      "What exists already gets a new version; without it, it is left");
    CLI11_PARSE(cli, argc, argv);

    if (routes->parsed()) {
        std::fputs(app::route_list().c_str(), stdout);
        return 0;
    }
    if (openapi->parsed()) {
        std::fputs(app::openapi_text().c_str(), stdout);
        return 0;
    }
    const config::settings s = config::read_environment();
    if (settings->parsed()) {
        std::fputs(config::describe(s).c_str(), stdout);
        return 0;
    }
    if (demo->parsed()) return demo::run(play, s);
    start_log(s.log_level, s.log_format);
    if (serve->parsed()) return app::serve(s);
    if (migrate->parsed()) return app::migrate(s);
    if (learning.parsed()) return learning.run(s);
    if (verify->parsed()) return app::verify_audit(s, head.empty() ? std::nullopt : std::optional(head));
    if (take_in->parsed()) return app::import_articles(s, articles, overwrite);
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    int code = 1;
    try {
        code = run(argc, argv);
    } catch (const startup_error& e) {
        flush_log();
        std::fprintf(stderr, "chat-centre: %s\n", e.what());
    } catch (const std::exception& e) {
        flush_log();
        std::fprintf(stderr, "chat-centre: stopped by an unexpected error: %s\n", e.what());
    }
    flush_log();
    return code;
}
