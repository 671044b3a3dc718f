#pragma once
// The composition root: builds every object in dependency order, runs them, and stops them in reverse.

#include <chat_centre/config/config.hpp>
#include <chat_centre/http/router.hpp>

#include <optional>
#include <string>

namespace chat_centre::app {

// Serves until SIGTERM or SIGINT; returns the exit code. Throws startup_error with one clear line.
int serve(const config::settings& settings);

// Applies the migrations and returns. With DATABASE_URL unset it starts the private cluster for that time.
int migrate(const config::settings& settings);

// Walks the chain of the audit log and prints what it finds; 1 when something does not fit. `known`: a head that was
// noted earlier.
int verify_audit(const config::settings& settings, const std::optional<std::string>& known);

// Puts the articles of a folder of Markdown files or a CSV file into the knowledge base; 1 when some were not right.
int import_articles(const config::settings& settings, const std::string& path, bool overwrite);

// The whole route table without a server behind it.
http::router describe_routes();
std::string openapi_text(); // as served at /api/openapi.json and committed in docs/openapi.json
std::string route_list();   // one line a route: verb, path, permission, summary

} // namespace chat_centre::app
