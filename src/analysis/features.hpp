#pragma once
// What the linear models see of a text: its words, pairs of words, and pieces of words, each as a hash. Works on a fixed
// buffer, without memory from the heap. Whoever changes anything here raises feature_version and trains again.

#include "analysis/word_classes.hpp"

#include <chat_centre/base/text.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace chat_centre::analysis {

inline constexpr int feature_version = 1;

// A folded text (as fold_text leaves it) made still more alike: any number is one "0", what is drawn out ("pleeease",
// "ارجوووكم") is written once, hamza on waw and ya is dropped. Of a longer text the first `most` bytes count.
class plain_words {
public:
    static constexpr std::size_t most = 1000;
    explicit plain_words(std::string_view folded);
    std::string_view text() const { return {text_.data(), size_}; } // begins and ends with a space

    template <class Sink>
    void each(Sink&& sink) const; // sink(hash, weight)

private:
    void put(char32_t c);
    template <class Sink>
    void each_word(Sink& sink) const;
    template <class Sink>
    void each_piece(Sink& sink) const;
    // Eight bytes from `at` on, the same number on every machine.
    std::uint64_t eight(std::size_t at) const {
        std::uint64_t v = 0;
        for (std::size_t i = 0; i < 8; ++i)
            v |= static_cast<std::uint64_t>(static_cast<unsigned char>(text_[at + i])) << (8 * i);
        return v;
    }

    std::array<char, most + 16> text_; // the first size_ bytes and eight zeros are set
    std::size_t size_ = 0;
};

namespace feature {

inline constexpr int word_weight = 2;
inline constexpr int piece_weight = 1;
inline constexpr int class_weight = 3;

inline std::uint64_t mixed(std::uint64_t v) { // the end of splitmix64
    v = (v ^ (v >> 30U)) * 0xBF58476D1CE4E5B9U;
    v = (v ^ (v >> 27U)) * 0x94D049BB133111EBU;
    return v ^ (v >> 31U);
}

} // namespace feature

template <class Sink>
void plain_words::each(Sink&& sink) const {
    each_word(sink);
    each_piece(sink);
}

template <class Sink>
void plain_words::each_word(Sink& sink) const {
    std::uint64_t before = 0;
    std::uint64_t before_that = 0;
    std::uint64_t word = 0xCBF29CE484222325U; // FNV-1a
    const auto pair = [&sink](std::uint64_t a, std::uint64_t b, std::uint64_t apart) {
        sink(feature::mixed(a * 0x9E3779B97F4A7C15U + b + apart), feature::word_weight);
    };
    // The classes of the last words that have one, the newest in the lowest byte.
    std::uint64_t line = 0;
    std::size_t from = 1;
    for (std::size_t i = 1; i < size_; ++i) {
        if (text_[i] != ' ') {
            word = (word ^ static_cast<unsigned char>(text_[i])) * 0x100000001B3U;
            continue;
        }
        const std::uint64_t kind = class_of({text_.data() + from, i - from});
        from = i + 1;
        if (kind != 0 && kind != (line & 0xFFU)) {
            line = (line << 8U | kind) & 0xFFFFFFU;
            for (const std::uint64_t mask : {0xFFU, 0xFFFFU, 0xFFFFFFU})
                if (mask == 0xFFU || (line & mask) > mask >> 8U)
                    sink(feature::mixed((line & mask) + 0xC1A55000000000U), feature::class_weight);
            if (line > 0xFFFFU) // the first and third of three
                sink(feature::mixed((line & 0xFF00FFU) + 0xC1A56000000000U), feature::class_weight);
        }
        sink(feature::mixed(word), feature::word_weight);
        pair(before, word, 1); // the first word has nothing before it, which says something, too
        if (before != 0) pair(before_that, word, 2);
        before_that = before;
        before = word;
        word = 0xCBF29CE484222325U;
    }
    if (before != 0) pair(before, 0, 3); // the last word
}

// Three to five letters in a row inside a word; its edges count as letters.
template <class Sink>
void plain_words::each_piece(Sink& sink) const {
    constexpr std::size_t shortest = 3;
    constexpr std::size_t longest = 5;
    const auto next = [this](std::size_t at) {
        do ++at;
        while (at < size_ && (static_cast<unsigned char>(text_[at]) & 0xC0U) == 0x80U);
        return at;
    };
    for (std::size_t from = 0; from < size_; from = next(from)) {
        std::size_t end = next(from);
        for (std::size_t letters = 1; end < size_ && letters < longest;) {
            const bool edge = text_[end] == ' ';
            end = next(end);
            ++letters;
            const std::size_t bytes = end - from;
            if (bytes > 8) break; // enough of the word: five letters are ten bytes in Arabic
            if (letters >= shortest) {
                const std::uint64_t all = eight(from);
                const std::uint64_t piece = bytes == 8 ? all : all & ((std::uint64_t{1} << (8 * bytes)) - 1);
                sink(feature::mixed(piece + letters), feature::piece_weight);
            }
            if (edge) break;
        }
    }
}

} // namespace chat_centre::analysis
