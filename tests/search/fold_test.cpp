// The rule that folds text is written twice, in C++ and in SQL, and must be one.

#include "support/database.hpp"

#include <chat_centre/base/text.hpp>
#include <chat_centre/db/tx.hpp>

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace chat_centre;

TEST_CASE("folding in C++ and in SQL is one rule", "[search][text]") {
    const tests::database data;
    const auto c = db::connect(data.settings());
    constexpr db::query fold{"test.fold", "SELECT search_fold($1)"};
    constexpr db::query all{
        "test.all", "SELECT chr(c) FROM generate_series(1, 12500) c WHERE c NOT BETWEEN 55296 AND 57343"};
    c->transact([&](db::tx& t) {
        std::string every;
        for (const auto r : t.many(all)) every += "x" + std::string(r.text(0)) + "y ";
        const std::string texts[] = {"",
                                     "Hello, World",
                                     "don’t 'stop'",
                                     "مُـدَرِّسَةٌ إلى، آخر؟ ٱلأولى",
                                     "  a\tb\n c  ",
                                     "CAFÉ Ünïcode",
                                     "#12-34 user@example.org",
                                     every};
        for (const auto& text : texts) {
            std::string folded = fold_text(text);
            folded = folded.size() < 2 ? "" : folded.substr(1, folded.size() - 2);
            CHECK((t.scalar<std::string>(fold, text) == folded));
            std::string words;
            for (const auto& w : fold_words(text)) words += (words.empty() ? "" : " ") + w.folded;
            CHECK((words == folded));
        }
    });
}
