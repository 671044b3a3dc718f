#include <chat_centre/learning/training.hpp>

#include <chat_centre/base/ids.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace chat_centre::learning {
namespace {

constexpr std::string_view first_line = "chat-centre measured model 1\n";

bool is_held_out(const analysis::example& e) { return hash64(e.text) % 10 == 0; }

std::uint64_t fingerprint_of(const std::vector<analysis::example>& all) {
    std::string text;
    for (const auto& e : all) text += e.label + '\t' + e.text + '\n';
    return hash64(text);
}

} // namespace

std::vector<analysis::example> held_out(const std::vector<analysis::example>& all) {
    std::vector<analysis::example> out;
    std::copy_if(all.begin(), all.end(), std::back_inserter(out), is_held_out);
    return out;
}

std::vector<analysis::example> without_held_out(const std::vector<analysis::example>& all) {
    std::vector<analysis::example> out;
    std::remove_copy_if(all.begin(), all.end(), std::back_inserter(out), is_held_out);
    return out;
}

examination examine(analysis::task t, const std::vector<analysis::example>& examples,
                    const std::vector<analysis::example>& questions) {
    const auto model = analysis::train(std::string(to_string(t)), analysis::labels_of(t),
                                       without_held_out(examples), analysis::settings_for(t));
    examination e;
    e.texts = questions.size();
    e.fingerprint = fingerprint_of(questions);
    e.right =
        static_cast<std::size_t>(std::count_if(questions.begin(), questions.end(), [&model](const auto& q) {
            return model.best(q.text).label == q.label;
        }));
    return e;
}

bool worse(const examination& fresh, const examination& in_use) {
    const auto allowed = std::max<std::size_t>(1, in_use.texts / 100);
    return fresh.right + allowed < in_use.right;
}

std::string to_text(const record& r) {
    return fmt::format("{}texts {}\nright {}\nfingerprint {}\nmodel {}\n", first_line, r.to_reach.texts,
                       r.to_reach.right, r.to_reach.fingerprint, r.model);
}

std::optional<record> read_record(std::string_view text) {
    if (!text.starts_with(first_line)) return std::nullopt;
    text.remove_prefix(first_line.size());
    bool right = true;
    const auto take = [&](std::string_view name, auto& value) {
        if (!text.starts_with(name)) {
            right = false;
            return;
        }
        text.remove_prefix(name.size());
        const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
        const auto used = static_cast<std::size_t>(read.ptr - text.data());
        right = right && read.ec == std::errc{} && used < text.size() && text[used] == '\n';
        if (right) text.remove_prefix(used + 1);
    };
    record r;
    take("texts ", r.to_reach.texts);
    take("right ", r.to_reach.right);
    take("fingerprint ", r.to_reach.fingerprint);
    take("model ", r.model);
    if (!right || !text.empty() || r.to_reach.right > r.to_reach.texts) return std::nullopt;
    return r;
}

} // namespace chat_centre::learning
