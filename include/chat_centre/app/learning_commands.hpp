#pragma once
// chat-centre assistant ...: what is learned and measured outside the server.

#include <chat_centre/config/config.hpp>

#include <CLI/CLI.hpp>

#include <string>

namespace chat_centre::app {

struct train_options {
    std::string examples; // a folder of <task>.<language>.tsv; "": those that are built in
    std::string out;      // where the models go; "": DATA_DIR/models, which the server loads when it starts
    std::string task;     // "": all
    bool with_feedback = false; // and what people said in the database
    bool force = false;         // a model that is worse than the one in use is installed all the same
};
struct evaluate_options {
    std::string questions;  // a TSV; "": what customers asked
    double threshold = 0.6; // 0 to 1
    int most = 2000;        // of the database, newest first
};

// The command "assistant" with its own commands, filled in when parsed.
struct learning_commands {
    explicit learning_commands(CLI::App& cli);
    bool parsed() const { return assistant->parsed(); }
    int run(const config::settings& s) const;

    CLI::App* assistant;
    CLI::App* train;
    CLI::App* evaluate;
    train_options training;
    evaluate_options evaluation;
};

} // namespace chat_centre::app
