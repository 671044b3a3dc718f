#include <chat_centre/base/matter.hpp>

#include <chat_centre/base/text.hpp>

namespace chat_centre {

bool names_matter(std::string_view utf8) {
    constexpr std::size_t letters_of_a_matter = 5; // "refund" is one, "skip" is none
    const bool address = utf8.find('@') != std::string_view::npos && utf8.find(' ') == std::string_view::npos;
    if (address) return false;
    std::size_t letters = 0;
    for (const auto& w : fold_words(utf8)) {
        if (w.folded.find_first_not_of("0123456789") == std::string::npos) continue;
        for (const char c : w.folded) // characters, not bytes
            if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) ++letters;
    }
    return letters >= letters_of_a_matter;
}

} // namespace chat_centre
