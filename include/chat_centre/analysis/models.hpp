#pragma once
// The models that are in use, one for each task. Each is built in; a file in DATA_DIR/models that `chat-centre assistant
// train` wrote takes the place of the one that is built in.

#include <chat_centre/analysis/linear.hpp>

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::analysis {

// How bad a text is (severity) stays with the words: a model did not do better on texts held out.
enum class task : std::uint8_t { handover, intent, sentiment, category };
inline constexpr std::array every_task{task::handover, task::intent, task::sentiment, task::category};
std::string_view to_string(task t);
std::optional<task> task_named(std::string_view name);
// What a model of the task may answer. The order is part of a model.
const std::vector<std::string>& labels_of(task t);

// The model in use; empty when the program was built without one. Any thread; the reference stays good for ever.
const linear_model& model_of(task t);
// From now on this one is used; an empty one: none. One that is of another task, or has other labels, is refused with
// std::runtime_error.
void install(task t, linear_model m);
// Installs what is valid of <folder>/<task>.model, and names what was: a missing file is nothing to speak of, an
// invalid one is logged and left aside.
std::vector<task> install_from(const std::filesystem::path& folder);

// The examples that are built in, of all languages, in a fixed order.
std::vector<example> shipped_examples(task t);
// The same from a folder of <task>.<language>.tsv; std::runtime_error names file and line when one cannot be read.
std::vector<example> examples_in(const std::filesystem::path& folder, task t);
// As each task is trained.
training_settings settings_for(task t);

} // namespace chat_centre::analysis
