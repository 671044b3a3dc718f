#include <chat_centre/analysis/models.hpp>

#include "analysis/files.hpp"

#include <spdlog/spdlog.h>

#include <atomic>
#include <deque>
#include <fstream>
#include <mutex>
#include <sstream>
#include <stdexcept>

namespace chat_centre::analysis {
namespace {

constexpr std::array languages{"en", "ar"};

std::string embedded_file(std::string_view name) {
    std::string out;
    for (const auto& p : embedded_pieces())
        if (p.file == name) out += p.text;
    return out;
}

std::optional<std::string> content_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) return std::nullopt;
    std::ostringstream all;
    all << in.rdbuf();
    return std::move(all).str();
}

linear_model built_in(task t) {
    const auto text = embedded_file(std::string(to_string(t)) + ".model");
    auto m = linear_model::parse(text);
    // Not fitting labels: the code went on and nobody trained since. A test sees to it that this is never shipped.
    return m && m->labels() == labels_of(t) ? std::move(*m) : linear_model{};
}

class model_shelf {
public:
    model_shelf() {
        for (const auto t : every_task) put(t, built_in(t));
    }
    const linear_model& get(task t) const {
        return *current_[static_cast<std::size_t>(t)].load(std::memory_order_acquire);
    }
    // What was in use stays where it is, because somebody may be asking it: models change once a start, not often.
    void put(task t, linear_model m) {
        const std::lock_guard lock(mutex_);
        kept_.push_back(std::move(m));
        current_[static_cast<std::size_t>(t)].store(&kept_.back(), std::memory_order_release);
    }

private:
    std::mutex mutex_;
    std::deque<linear_model> kept_; // a deque does not move them
    std::array<std::atomic<const linear_model*>, every_task.size()> current_{};
};

model_shelf& shelf() {
    static model_shelf s;
    return s;
}

} // namespace

std::string_view to_string(task t) {
    switch (t) {
    case task::handover: return "handover";
    case task::intent: return "intent";
    case task::sentiment: return "sentiment";
    case task::category: return "category";
    }
    return "";
}

std::optional<task> task_named(std::string_view name) {
    for (const auto t : every_task)
        if (to_string(t) == name) return t;
    return std::nullopt;
}

const std::vector<std::string>& labels_of(task t) {
    static const std::vector<std::string> handover{"no", "yes"};
    static const std::vector<std::string> intent{"greeting",     "thanks", "goodbye", "question", "complaint",
                                                 "status_check", "order",  "booking", "other"};
    static const std::vector<std::string> sentiment{"negative", "neutral", "positive"};
    // The categories as they are shipped; "general" is for what belongs to none.
    static const std::vector<std::string> category{
        "complaints", "goodsam", "medical", "scholarship", "education", "status-check", "community-project",
        "billing",    "account", "tech",    "sales",       "delivery",  "appointment",  "general"};
    switch (t) {
    case task::handover: return handover;
    case task::intent: return intent;
    case task::sentiment: return sentiment;
    case task::category: return category;
    }
    return handover;
}

const linear_model& model_of(task t) { return shelf().get(t); }

void install(task t, linear_model m) {
    if (!m.empty() && (m.task() != to_string(t) || m.labels() != labels_of(t)))
        throw std::runtime_error("this is no model for " + std::string(to_string(t)));
    shelf().put(t, std::move(m));
}

std::vector<task> install_from(const std::filesystem::path& folder) {
    std::vector<task> done;
    for (const auto t : every_task) {
        const auto file = folder / (std::string(to_string(t)) + ".model");
        const auto text = content_of(file);
        if (!text) continue;
        auto m = linear_model::parse(*text);
        if (!m || m->task() != to_string(t) || m->labels() != labels_of(t)) {
            spdlog::warn("{} is no model that this version knows: the one that is built in is used",
                         file.string());
            continue;
        }
        install(t, std::move(*m));
        done.push_back(t);
    }
    return done;
}

std::vector<example> shipped_examples(task t) {
    std::vector<example> out;
    for (const auto* const language : languages) {
        auto some = read_examples(embedded_file(std::string(to_string(t)) + "." + language + ".tsv"));
        out.insert(out.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
    }
    return out;
}

std::vector<example> examples_in(const std::filesystem::path& folder, task t) {
    std::vector<example> out;
    for (const auto* const language : languages) {
        const auto file = folder / (std::string(to_string(t)) + "." + language + ".tsv");
        const auto text = content_of(file);
        if (!text) throw std::runtime_error(file.string() + ": cannot be read");
        try {
            auto some = read_examples(*text);
            out.insert(out.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
        } catch (const std::runtime_error& e) {
            throw std::runtime_error(file.string() + ": " + e.what());
        }
    }
    return out;
}

training_settings settings_for(task t) {
    training_settings s;
    if (t == task::handover) s.bits = 16; // one output and many examples
    return s;
}

} // namespace chat_centre::analysis
