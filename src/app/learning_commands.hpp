#pragma once
// chat-centre assistant ...: what is learned outside the server.

#include <filesystem>
#include <string>

namespace chat_centre::app {

struct train_options {
    std::filesystem::path examples; // a folder of <task>.<language>.tsv; empty: those that are built in
    std::filesystem::path out;      // where the models go; empty: DATA_DIR/models, which the server loads
    std::string task;               // empty: all
};
int train_models(const train_options& o, const std::filesystem::path& data_dir);

} // namespace chat_centre::app
