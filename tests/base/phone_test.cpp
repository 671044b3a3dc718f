#include <chat_centre/base/phone.hpp>

#include <catch2/catch_test_macros.hpp>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

using namespace chat_centre;

TEST_CASE("the documented number", "[base][phone]") {
    CHECK(normalize_phone("+966-50-123-4567") == "966501234567");
    CHECK(validate_phone("+966-50-123-4567"));
    CHECK(validate_phone("966501234567"));
    const auto p = parse_phone("0501234567", "SA");
    REQUIRE(p);
    CHECK(p->e164 == "+966501234567");
    CHECK(p->country == "SA");
    CHECK(p->valid);
}

TEST_CASE("numbers as people write them", "[base][phone]") {
    struct {
        const char* text;
        const char* home;
        const char* e164; // "" not valid, nullptr: no number
        const char* country;
    } const table[] = {
        {"0771 234 567", "ZW", "+263771234567", "ZW"},
        {"0771 234 567", "zw", "+263771234567", "ZW"},
        {"771234567", "ZW", "+263771234567", "ZW"},
        {"263771234567", "ZW", "+263771234567", "ZW"},
        {"+263 (0)77 123 4567", "", "+263771234567", "ZW"},
        {"+2630771234567", "", "+263771234567", "ZW"},
        {"00263 77 123 4567", "SA", "+263771234567", "ZW"},
        {"011 263 77 123 4567", "US", "+263771234567", "ZW"},
        {"tel:+966-50-123-4567", "", "+966501234567", "SA"},
        {"+966 50 123 4567 ext. 12", "", "+966501234567", "SA"},
        {"+966501234567x12", "", "+966501234567", "SA"},
        {"٠٥٠١٢٣٤٥٦٧", "SA", "+966501234567", "SA"},               // Arabic digits
        {"+۹۸۹۱۲۳۴۵۶۷۸۹", "", "+989123456789", "IR"},              // Persian ones
        {"＋９６６５０１２３４５６７", "", "+966501234567", "SA"}, // full width
        {"\u202a+966 50 123 4567\u202c", "", "+966501234567", "SA"},
        {"(202) 555-0123", "US", "+12025550123", "US"},
        {"1 (202) 555-0123", "US", "+12025550123", "US"},
        {"416 555 0123", "US", "+14165550123", "CA"},
        {"876-555-0123", "US", "+18765550123", "JM"},
        {"+7 701 234 5678", "", "+77012345678", "KZ"},
        {"8 912 345 67 89", "RU", "+79123456789", "RU"},
        {"06 1 234 5678", "HU", "+3612345678", "HU"},
        {"020 7946 0958", "GB", "+442079460958", "GB"},
        {"0501234567", "", "", ""},       // of which country?
        {"0501234567", "XX", "", ""},     // an unknown one
        {"+999 123 456 789", "", "", ""}, // no such code
        {"+966 5", "", nullptr, ""},
        {"+96650123", "", "", "SA"},
        {"+9665012345678", "", "", "SA"}, // one digit too many, as document 001 prints it
        {"+1 202 055 0123", "", "", "US"},
        {"", "SA", nullptr, ""},
        {"hello", "SA", nullptr, ""},
        {"+", "", nullptr, ""},
        {"12+34567890", "", nullptr, ""},
        {"123456789012345678901234567890", "", nullptr, ""},
        {"CALL-966501234567", "", nullptr, ""},
    };
    for (const auto& t : table) {
        INFO(t.text << " in " << t.home);
        const auto p = parse_phone(t.text, t.home);
        REQUIRE(p.has_value() == (t.e164 != nullptr));
        if (!p) continue;
        CHECK(p->e164 == t.e164);
        CHECK(p->country == t.country);
        CHECK(p->valid == !p->e164.empty());
    }
}

TEST_CASE("a normalised number stays as it is", "[base][phone]") {
    for (const char* text : {"+263771234567", "+966501234567", "+12025550123", "+390612345678"}) {
        INFO(text);
        CHECK("+" + normalize_phone(text) == text);
        CHECK("+" + normalize_phone(normalize_phone(text)) == text);
        for (const char* home : {"US", "GB", "DE"}) CHECK("+" + normalize_phone(text, home) == text);
    }
}

TEST_CASE("numbers of eighty countries against another program's judgement", "[base][phone]") {
    std::ifstream file(std::string(CHAT_CENTRE_SOURCE_DIR) + "/tests/base/phone_cases.tsv");
    REQUIRE(file);
    int rows = 0;
    for (std::string line; std::getline(file, line);) {
        std::vector<std::string> cell;
        std::istringstream in(line);
        for (std::string c; std::getline(in, c, '\t');) cell.push_back(c);
        REQUIRE(cell.size() == 4); // text, default country, country, E.164 or "-"
        INFO(line);
        const auto p = parse_phone(cell[0], cell[1]);
        CHECK((p && p->valid ? p->e164 : "-") == cell[3]);
        if (p && p->valid) CHECK(p->country == cell[2]);
        ++rows;
    }
    CHECK(rows > 600);
}

TEST_CASE("numbers within a sentence", "[base][phone]") {
    const auto texts = [](const char* sentence, const char* home) {
        std::string out;
        for (const auto& p : find_phones(sentence, home)) out += p.e164 + " ";
        return out;
    };
    CHECK(texts("Call me on +966 50 123 4567 or 0771234567, please", "ZW") == "+966501234567 +263771234567 ");
    CHECK(texts("رقمي ٠٥٠١٢٣٤٥٦٧ شكرا", "SA") == "+966501234567 ");
    CHECK(texts("رقمي0501234567", "SA") == "+966501234567 ");
    CHECK(texts("my number: 0501234567, again 050-123-4567", "SA") == "+966501234567 ");
    CHECK(texts("order ORD-501234567 of 2024-10-21 16:45", "SA").empty());
    CHECK(texts("nothing here", "SA").empty());
    CHECK(texts("", "SA").empty());
}

TEST_CASE("which countries are known", "[base][phone]") {
    for (const char* iso : {"ZW", "SA", "ae", "EG", "ZA", "GB", "US"}) CHECK(is_known_country(iso));
    for (const char* iso : {"", "XX", "ZWE", "Z"}) CHECK_FALSE(is_known_country(iso));
}
