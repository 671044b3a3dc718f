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
#include <chat_centre/learning/training.hpp>

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

std::optional<std::string> content_of(const paths::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) return std::nullopt;
    std::ostringstream all;
    all << in.rdbuf();
    return std::move(all).str();
}

std::string read_whole(const std::string& file) {
    auto text = content_of(file);
    if (!text) throw startup_error(file + ": cannot be read");
    return std::move(*text);
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

// What the model that is in use got right: the one in the folder, when it was measured with the same texts; else the one
// that is built in.
learning::examination of_model_in_use(analysis::task t, const paths::path& folder,
                                      const std::vector<example>& questions) {
    const auto built_in = learning::examine(t, analysis::shipped_examples(t), questions);
    const auto name = std::string(to_string(t));
    const auto model = content_of(folder / (name + ".model"));
    const auto measured = content_of(folder / (name + ".measured"));
    const auto parsed = model ? analysis::linear_model::parse(*model) : std::nullopt;
    const auto kept = measured ? learning::read_record(*measured) : std::nullopt;
    const bool fits = parsed && kept && kept->model == parsed->fingerprint() &&
                      kept->to_reach.fingerprint == built_in.fingerprint;
    return fits ? kept->to_reach : built_in;
}

struct trained {
    analysis::linear_model model;
    learning::examination got, to_reach;
    bool install = false;
};

// Trains, measures and says what came of it.
trained train_one(analysis::task t, const std::vector<example>& examples, std::size_t added,
                  const paths::path& folder, bool force) {
    const auto questions = learning::held_out(analysis::shipped_examples(t));
    trained out;
    out.to_reach = of_model_in_use(t, folder, questions);
    out.got = learning::examine(t, examples, questions);
    const bool worse = learning::worse(out.got, out.to_reach);
    out.install = !worse || force;
    std::string line = fmt::format(
        "{:<10}{:>7} examples, {} more of feedback; of {} held out {:.1f} % right, {:.1f} % with the one in use: {}\n",
        to_string(t), examples.size() - added, added, questions.size(), out.got.share() * 100,
        out.to_reach.share() * 100,
        !worse  ? "installed"
        : force ? "worse, and installed all the same"
                : "NOT installed, the old one stays (--force installs it all the same)");
    std::fputs(line.c_str(), stdout);
    if (!out.install) return out;
    out.model = analysis::train(std::string(to_string(t)), analysis::labels_of(t), examples,
                                analysis::settings_for(t));
    // What is installed by force lowers what the next one has to reach.
    if (!worse && out.got.right < out.to_reach.right) out.got = out.to_reach;
    return out;
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
    std::map<analysis::task, trained> made;
    for (const auto t : analysis::every_task) {
        if (!o.task.empty() && o.task != to_string(t)) continue;
        auto examples =
            o.examples.empty() ? analysis::shipped_examples(t) : analysis::examples_in(o.examples, t);
        auto& added = more[t];
        const auto& labels = analysis::labels_of(t); // of an older version there may be others
        std::erase_if(added, [&labels](const example& e) {
            return std::find(labels.begin(), labels.end(), e.label) == labels.end();
        });
        examples.insert(examples.end(), added.begin(), added.end());
        made[t] = train_one(t, examples, added.size(), out, o.force);
    }
    // Nothing is written before everything is known to work.
    paths::create_directories(out);
    std::size_t installed = 0;
    for (const auto& [t, m] : made) {
        if (!m.install) continue;
        const auto name = std::string(to_string(t));
        write_whole(out / (name + ".model"), m.model.text());
        write_whole(out / (name + ".measured"), learning::to_text({m.got, m.model.fingerprint()}));
        ++installed;
    }
    std::printf("%zu models were put into %s; a server loads those in DATA_DIR/models when it starts.\n",
                installed, out.c_str());
    return installed == made.size() ? 0 : 1;
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
    train->add_flag("--force", training.force,
                    "Install a model also when it is worse than the one in use on examples held out");
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
