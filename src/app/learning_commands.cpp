#include <chat_centre/app/learning_commands.hpp>

#include "app/storage.hpp"

#include <chat_centre/analysis/models.hpp>
#include <chat_centre/base/clock.hpp>
#include <chat_centre/base/error.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/db/migrate.hpp>
#include <chat_centre/db/pool.hpp>
#include <chat_centre/knowledge/library.hpp>
#include <chat_centre/learning/learning.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>

namespace chat_centre::app {
namespace {

namespace paths = std::filesystem;
using analysis::example;
using examples_by_task = std::map<analysis::task, std::vector<example>>;

std::string read_whole(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw startup_error(file + ": cannot be read");
    std::ostringstream all;
    all << in.rdbuf();
    return std::move(all).str();
}

// The old one stays until the new one is complete.
void write_whole(const paths::path& file, const std::string& text) {
    const paths::path fresh = file.string() + ".new";
    {
        std::ofstream out(fresh, std::ios::binary);
        out << text;
        if (!out.flush()) throw startup_error(fresh.string() + ": cannot be written");
    }
    paths::rename(fresh, file);
}

// One of ten is held out, always the same ones.
bool is_held_out(const example& e) { return hash64(e.text) % 10 == 0; }

double share_right(const analysis::linear_model& m, const std::vector<example>& held_out) {
    if (held_out.empty()) return 1;
    const auto right = std::count_if(held_out.begin(), held_out.end(),
                                     [&m](const example& e) { return m.best(e.text).label == e.label; });
    return static_cast<double>(right) / static_cast<double>(held_out.size());
}

// How a model without, and one with the added examples does on texts that neither has seen.
std::string comparison(analysis::task t, const std::vector<example>& base, const std::vector<example>& added) {
    std::vector<example> learned;
    std::vector<example> held_out;
    for (const auto& e : base) (is_held_out(e) ? held_out : learned).push_back(e);
    const auto make = [t](const std::vector<example>& from) {
        return analysis::train(std::string(to_string(t)), analysis::labels_of(t), from,
                               analysis::settings_for(t));
    };
    const double without = share_right(make(learned), held_out);
    std::string out = fmt::format("{:<10}{:>7} examples, {:>4} held out: {:.1f} % of these right",
                                  to_string(t), base.size(), held_out.size(), without * 100);
    if (added.empty()) return out + "\n";
    for (const auto& e : added)
        if (!is_held_out(e)) learned.push_back(e);
    return out + fmt::format("; with {} more of feedback {:.1f} %\n", added.size(),
                             share_right(make(learned), held_out) * 100);
}

examples_by_task feedback(const config::settings& s) {
    database storage(s);
    db::settings of_database;
    of_database.url = storage.url();
    db::migrate(of_database);
    db::pool pool(of_database, "train", 1);
    return pool.run_blocking([](db::tx& t) {
        examples_by_task out;
        for (const auto task : analysis::every_task)
            out[task] = learning::feedback_examples(t, std::string(to_string(task)));
        return out;
    });
}

int train_models(const train_options& o, const config::settings& s) {
    if (!o.task.empty() && !analysis::task_named(o.task)) throw startup_error("there is no task " + o.task);
    const paths::path out = o.out.empty() ? paths::path(s.data_dir) / "models" : paths::path(o.out);
    examples_by_task more;
    if (o.with_feedback) more = feedback(s);
    std::map<analysis::task, analysis::linear_model> made;
    for (const auto t : analysis::every_task) {
        if (!o.task.empty() && o.task != to_string(t)) continue;
        auto examples =
            o.examples.empty() ? analysis::shipped_examples(t) : analysis::examples_in(o.examples, t);
        auto& added = more[t];
        const auto& labels = analysis::labels_of(t); // of an older version there may be others
        std::erase_if(added, [&labels](const example& e) {
            return std::find(labels.begin(), labels.end(), e.label) == labels.end();
        });
        std::fputs(comparison(t, examples, added).c_str(), stdout);
        examples.insert(examples.end(), added.begin(), added.end());
        made[t] = analysis::train(std::string(to_string(t)), labels, examples, analysis::settings_for(t));
    }
    // Nothing is installed before everything is known to work.
    paths::create_directories(out);
    for (const auto& [t, model] : made)
        write_whole(out / (std::string(to_string(t)) + ".model"), model.text());
    std::printf("%zu models are in %s; a server loads those in DATA_DIR/models when it starts.\n",
                made.size(), out.c_str());
    return 0;
}

int evaluate_knowledge(const evaluate_options& o, const config::settings& s) {
    database storage(s);
    db::settings of_database;
    of_database.url = storage.url();
    db::migrate(of_database);
    db::pool pool(of_database, "evaluate", 1);
    pool.run_blocking([](db::tx& t) { knowledge::add_shipped_articles(t, system_clock_source().now()); });
    const clock_source& clock = system_clock_source();
    knowledge::library library(of_database, clock, s.time_zone);
    library.start();
    const bool from_file = !o.questions.empty();
    const std::string source = from_file ? paths::path(o.questions).filename().string() : "database";
    const auto questions =
        from_file ? learning::read_questions(read_whole(o.questions))
                  : pool.run_blocking([&o](db::tx& t) { return learning::past_questions(t, o.most); });
    const auto measure = [&](bool learned) {
        const auto find = [&](const learning::asked_question& q) -> std::optional<learning::found_answer> {
            knowledge::question ask;
            ask.text = q.text;
            ask.language = q.language;
            ask.limit = 1;
            ask.learned = learned;
            const auto hits = library.articles().find(ask);
            if (hits.empty()) return std::nullopt;
            return learning::found_answer{
                from_file ? hits.front().slug : format_id("ART", hits.front().article), hits.front().score};
        };
        return learning::evaluate(questions, find, o.threshold);
    };
    const auto now = measure(true);
    const auto without = measure(false);
    const auto before = pool.run_blocking([&](db::tx& t) {
        auto last = learning::last_run(t, source);
        learning::store_run(t, source, now, system_clock_source().now());
        return last;
    });
    library.stop();
    std::fputs(learning::report(now, before).c_str(), stdout);
    std::fputs(learning::difference(now, without).c_str(), stdout);
    return 0;
}

} // namespace

learning_commands::learning_commands(CLI::App& cli)
    : assistant(cli.add_subcommand("assistant", "Train the assistant's models, and measure its knowledge")),
      train(assistant->add_subcommand("train", "Train the small models that read messages")),
      evaluate(assistant->add_subcommand(
          "evaluate", "Ask the knowledge base past questions and compare with last time")) {
    assistant->require_subcommand(1);
    train->add_option("--examples", training.examples,
                      "A folder of <task>.<language>.tsv (built in: the shipped ones)");
    train->add_option("--out", training.out, "Where the models go (DATA_DIR/models)");
    train->add_option("--task", training.task, "Only this one: handover, intent, sentiment or category");
    train->add_flag("--with-feedback", training.with_feedback,
                    "Add what customers and staff said in the database");
    evaluate->add_option("--questions", evaluation.questions,
                         "A file of language, question and the articles that answer it, separated by tabs");
    evaluate->add_option("--threshold", evaluation.threshold, "From which score on an answer is said")
        ->check(CLI::Range(0.0, 1.0));
    evaluate->add_option("--most", evaluation.most, "How many questions of the database, newest first")
        ->check(CLI::Range(1, 100000));
}

int learning_commands::run(const config::settings& s) const {
    try {
        return train->parsed() ? train_models(training, s) : evaluate_knowledge(evaluation, s);
    } catch (const std::runtime_error& e) { // an example or a question that cannot be read
        throw startup_error(e.what());
    }
}

} // namespace chat_centre::app
