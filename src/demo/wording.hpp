#pragma once
// Variety that can be repeated: the same seed gives the same words on every machine.

#include <cstdint>
#include <string>
#include <string_view>

namespace chat_centre::demo {

// splitmix64. The distributions of <random> differ between libraries, and its engines are far larger.
class chance {
public:
    explicit chance(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next();
    // 0 to limit - 1; limit > 0.
    std::uint64_t below(std::uint64_t limit) { return next() % limit; }
    int between(int low, int high); // both included
    bool one_in(std::uint64_t n) { return below(n) == 0; }

private:
    std::uint64_t state_;
};

// What stays the same throughout one conversation.
struct facts {
    int customer = 0; // {n}
    int order = 0;    // {order}
    int invoice = 0;  // {invoice}
    int amount = 0;   // {amount}
    int minutes = 0;  // {minutes}
};
facts make_facts(chance& c);

// Replaces {name} by a fact and [a|b|c] by one of its parts; brackets do not nest. Throws std::invalid_argument for
// an unknown name or an open bracket: a mistake in the tables, which a test finds.
std::string expand(std::string_view text, const facts& f, chance& c);

} // namespace chat_centre::demo
