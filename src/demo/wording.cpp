#include "demo/wording.hpp"

#include <algorithm>
#include <stdexcept>

namespace chat_centre::demo {
namespace {

int value_of(std::string_view name, const facts& f) {
    if (name == "n") return f.customer;
    if (name == "order") return f.order;
    if (name == "invoice") return f.invoice;
    if (name == "amount") return f.amount;
    if (name == "minutes") return f.minutes;
    throw std::invalid_argument("no such name in a sample text: " + std::string(name));
}

// The part of `rest` up to `end`, which is taken off with it.
std::string_view cut(std::string_view& rest, char end) {
    const auto at = rest.find(end);
    if (at == std::string_view::npos) throw std::invalid_argument("an open bracket in a sample text");
    const auto part = rest.substr(0, at);
    rest.remove_prefix(at + 1);
    return part;
}

std::string_view choose(std::string_view parts, chance& c) {
    const auto bars = static_cast<std::uint64_t>(std::count(parts.begin(), parts.end(), '|'));
    for (auto skip = c.below(bars + 1); skip > 0; --skip) parts.remove_prefix(parts.find('|') + 1);
    return parts.substr(0, parts.find('|'));
}

} // namespace

std::uint64_t chance::next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15U);
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
}

int chance::between(int low, int high) {
    return low +
           static_cast<int>(below(static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low) + 1));
}

facts make_facts(chance& c) {
    facts f;
    f.customer = c.between(100, 999);
    f.order = c.between(40'000, 59'999);
    f.invoice = c.between(2'000, 9'999);
    f.amount = c.between(15, 240);
    f.minutes = c.between(10, 45);
    return f;
}

std::string expand(std::string_view text, const facts& f, chance& c) {
    std::string out;
    while (!text.empty()) {
        const auto special = text.find_first_of("[{");
        out += text.substr(0, special);
        if (special == std::string_view::npos) break;
        const bool name = text[special] == '{';
        text.remove_prefix(special + 1);
        if (name)
            out += std::to_string(value_of(cut(text, '}'), f));
        else
            out += expand(choose(cut(text, ']'), c), f, c);
    }
    return out;
}

} // namespace chat_centre::demo
