#include "analysis/features.hpp"

namespace chat_centre::analysis {
namespace {

char32_t alike(char32_t c) {
    if ((c >= '0' && c <= '9') || (c >= 0x0660 && c <= 0x0669) || (c >= 0x06F0 && c <= 0x06F9)) return '0';
    switch (c) {
    case 0x0624: return 0x0648; // waw with hamza
    case 0x0626: return 0x064A; // ya with hamza
    case 0x06CC: return 0x064A; // Persian ya
    case 0x06A9: return 0x0643; // Persian kaf
    default: return c;
    }
}

} // namespace

void plain_words::put(char32_t c) {
    const auto byte = [this](char32_t b) { text_[size_++] = static_cast<char>(b); };
    if (c < 0x80) {
        byte(c);
    } else if (c < 0x800) {
        byte(0xC0U | c >> 6U);
        byte(0x80U | (c & 0x3FU));
    } else if (c < 0x10000) {
        byte(0xE0U | c >> 12U);
        byte(0x80U | (c >> 6U & 0x3FU));
        byte(0x80U | (c & 0x3FU));
    } else {
        byte(0xF0U | c >> 18U);
        byte(0x80U | (c >> 12U & 0x3FU));
        byte(0x80U | (c >> 6U & 0x3FU));
        byte(0x80U | (c & 0x3FU));
    }
}

plain_words::plain_words(std::string_view folded) {
    put(' ');
    while (!folded.empty() && size_ + 5 < most) {
        const char32_t c = alike(next_code_point(folded));
        std::size_t same = 1;
        while (!folded.empty()) {
            std::string_view rest = folded;
            if (alike(next_code_point(rest)) != c) break;
            folded = rest;
            ++same;
        }
        if (c == ' ') {
            if (text_[size_ - 1] != ' ') put(c);
            continue;
        }
        put(c);
        if (same == 2 && c != '0') put(c);
    }
    if (text_[size_ - 1] != ' ') put(' ');
    for (std::size_t i = 0; i < 8; ++i) text_[size_ + i] = 0;
}

} // namespace chat_centre::analysis
