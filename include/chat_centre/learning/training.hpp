#pragma once
// Whether a newly trained model may take the place of the one in use. Pure.
//
// Both are judged on the same texts: one of ten shipped examples, always the same ones, which neither was trained with.
// (What is installed in the end is trained with all of them; it is the way of training that is compared.) What people
// taught has no part in these texts: whoever teaches nonsense cannot also set the examination. A new model is worse when
// it gets more than one in a hundred of them fewer right, one text at least. What it has to reach is the best of those
// installed before it, so that small losses do not add up.

#include <chat_centre/analysis/models.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::learning {

struct examination {
    std::size_t texts = 0;
    std::size_t right = 0;
    std::uint64_t fingerprint = 0; // of the texts and their labels
    double share() const { return texts == 0 ? 1 : static_cast<double>(right) / static_cast<double>(texts); }
};

// Those of `all` that are held out, and those that are not.
std::vector<analysis::example> held_out(const std::vector<analysis::example>& all);
std::vector<analysis::example> without_held_out(const std::vector<analysis::example>& all);

// A model made of `examples` without those that are held out, asked `questions`.
examination examine(analysis::task t, const std::vector<analysis::example>& examples,
                    const std::vector<analysis::example>& questions);

bool worse(const examination& fresh, const examination& in_use);

// Kept beside a model, <task>.measured: what the next one has to reach, and which model it belongs to.
struct record {
    examination to_reach;
    std::uint64_t model = 0; // fingerprint of its examples
};
std::string to_text(const record& r);
std::optional<record> read_record(std::string_view text); // nullopt: it is none

} // namespace chat_centre::learning
