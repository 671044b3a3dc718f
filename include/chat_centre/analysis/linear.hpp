#pragma once
// Small linear models: multinomial logistic regression over hashed words and pieces of words, with weights of one byte.
// They need no library and no network, and the same examples make the same model. Prediction is pure, takes a
// microsecond or a few for an ordinary message, takes no memory from the heap, and is safe on any thread.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::analysis {

struct example {
    std::string label;
    std::string text;
};
// "label<TAB>text" a line; empty lines and those that begin with '#' are skipped. Throws std::runtime_error with the
// number of a line that has no label or no text.
std::vector<example> read_examples(std::string_view tsv);

class linear_model {
public:
    static constexpr std::size_t most_labels = 40;
    using probabilities =
        std::array<double, most_labels>; // the first labels().size() are set, and sum up to 1

    linear_model() = default; // knows no label

    // What text() wrote; nullopt for anything else, and for a model made for other features.
    static std::optional<linear_model> parse(std::string_view text);
    std::string text() const;

    const std::string& task() const { return task_; }
    const std::vector<std::string>& labels() const { return labels_; }
    bool empty() const { return labels_.empty(); }
    // How many examples it was made of, and their fingerprint.
    std::size_t examples() const { return examples_; }
    std::uint64_t fingerprint() const { return fingerprint_; }

    // `folded` is fold_text(text), or a part of it. Not to be asked of an empty model.
    probabilities judge_folded(std::string_view folded) const;
    struct guess {
        std::string_view label; // "" from an empty model
        double probability = 0;
    };
    guess best(std::string_view text) const;

    // The largest difference of two weights (in steps of a byte): 0 for equal models, 255 for models that are not alike.
    int difference(const linear_model& other) const;

private:
    friend class trainer;
    std::size_t outputs() const { return labels_.size() == 2 ? 1 : labels_.size(); }

    std::string task_;
    std::vector<std::string> labels_;
    std::size_t examples_ = 0;
    std::uint64_t fingerprint_ = 0;
    unsigned bits_ = 0; // 2^bits_ buckets
    double step_ = 0;   // what a weight of 1 is worth
    std::vector<double> bias_;
    std::vector<std::int8_t> weights_; // outputs() of a bucket, then those of the next
};

struct training_settings {
    unsigned bits = 14;
    int rounds = 30;
    double rate = 0.5;
    double decay = 0.0001; // how strongly weights are pulled to 0
};
// The order of the examples and everything else is fixed: the same examples give the same model, apart from the last
// step of a weight where a machine rounds otherwise. `labels` in the order wanted; an example of another label throws
// std::runtime_error.
linear_model train(std::string task, std::vector<std::string> labels, std::span<const example> examples,
                   const training_settings& settings = {});

} // namespace chat_centre::analysis
