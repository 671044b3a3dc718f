// What the word lists make of texts, against what a person reads in them.

#include "analysis/samples.hpp"

#include "support/database.hpp"

#include <chat_centre/analysis/analysis.hpp>
#include <chat_centre/base/text.hpp>
#include <chat_centre/db/pool.hpp>
#include <chat_centre/routing/subjects.hpp>

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cstdio>
#include <span>
#include <string>

using namespace chat_centre;
using namespace chat_centre::analysis;
using chat_centre::tests::sample;

namespace {

struct accuracy {
    double mood = 0, severity = 0, department = 0;
};

// The categories as they are shipped, read as the server reads them.
const subject_finder& shipped() {
    static const subject_finder finder = [] {
        const tests::database data;
        db::pool pool(data.settings(), "test", 1);
        return pool.run_blocking([](db::tx& t) { return routing::subjects(t); });
    }();
    return finder;
}

accuracy judge(const char* name, std::span<const sample> samples) {
    accuracy right;
    for (const auto& s : samples) {
        const auto mood = mood_of(s.text).label;
        const auto level = to_string(urgency_of(s.text).level);
        const auto department = shipped().find(s.text).department;
        right.mood += mood == s.mood ? 1 : 0;
        right.severity += level == s.severity ? 1 : 0;
        right.department += department == s.department ? 1 : 0;
    }
    const auto n = static_cast<double>(samples.size());
    right = {right.mood / n, right.severity / n, right.department / n};
    std::printf("analysis, %s: %zu texts; mood %.0f %%, severity %.0f %%, department %.0f %%\n", name,
                samples.size(), 100 * right.mood, 100 * right.severity, 100 * right.department);
    return right;
}

} // namespace

TEST_CASE("labelled texts are read as people read them", "[analysis]") {
    struct {
        const char* name;
        std::span<const sample> samples;
        accuracy least;
    } const table[] = {
        {"English", tests::english_samples, {0.97, 0.97, 0.97}},
        {"Arabic", tests::arabic_samples, {0.96, 0.96, 0.96}},
        // What the lists do not know they do not find: a neutral, low, reception answer is the honest fallback.
        {"unseen", tests::unseen_samples, {0.5, 0.6, 0.65}},
    };
    for (const auto& t : table) {
        const auto a = judge(t.name, t.samples);
        INFO(t.name);
        CHECK(a.mood >= t.least.mood);
        CHECK(a.severity >= t.least.severity);
        CHECK(a.department >= t.least.department);
    }
}

TEST_CASE("nothing critical is missed, and nothing harmless is called critical", "[analysis]") {
    for (const auto samples :
         {std::span<const sample>(tests::english_samples), std::span<const sample>(tests::arabic_samples)})
        for (const auto& s : samples) {
            INFO(s.text);
            CHECK((urgency_of(s.text).level == severity::critical) == (s.severity == "critical"));
            if (s.severity == "critical") CHECK(may_be_critical(s.text, fold_text(s.text)));
        }
}

TEST_CASE("priority follows severity", "[analysis]") {
    struct {
        const char* text;
        const char* priority;
    } const table[] = {
        {"Fever not going down", "emergency"},
        {"When will I hear back?", "high"},
        {"Need clarification on funding", "normal"},
        {"Thank you for helping!", "normal"},
        {"I have a problem with my delivery", "normal"},
        {"Where is my parcel? No rush.", "low"},
        {"No rush, but my father has chest pain", "emergency"}, // what is critical does not wait
        {"الحرارة لا تنخفض", "emergency"},
        {"لا داعي للعجلة", "low"},
        {"", "normal"},
    };
    for (const auto& t : table) {
        INFO(t.text);
        CHECK(priority_of(urgency_of(t.text)) == t.priority);
    }
}

TEST_CASE("what a text is about is what the given categories say", "[analysis]") {
    const subject_finder finder(
        {{"passport", "visas", {{"passport*", 0}, {"جواز السفر", 0}, {"travel document", 0}}},
         {"billing", "billing", {{"refund*", 2.8}, {"passport fee", 0}}},
         {"complaints", "complaints", {{"complaint*", 3}}}});
    struct {
        const char* text;
        const char* category;
        const char* department;
    } const table[] = {
        {"I lost my passports", "passport", "visas"},
        {"My Travel-Document!", "passport", "visas"},
        {"ضاع جواز السفر", "passport", "visas"},
        {"What is the passport fee?", "billing", "billing"}, // the longer phrase is the one that is meant
        {"Refund, please", "billing", "billing"},
        {"I have no complaint about my passport", "passport", "visas"},
        {"I have a complaint about my passport", "complaints", "complaints"},
        {"My medicine", "general", "reception"}, // no word of these categories
        {"", "general", "reception"},
    };
    for (const auto& t : table) {
        INFO(t.text);
        const auto found = finder.find(t.text);
        CHECK(found.category == t.category);
        CHECK(found.department == t.department);
        CHECK((found.confidence > 0) == (found.category != "general"));
    }
    CHECK(subject_finder({}).find("anything").confidence == 0);
    CHECK(
        subject_finder({{"odd", "", {{"*", 0}, {" ", 0}, {"", 0}, {"?!", 0}}}}).find("anything * ?!").confidence ==
        0);
    // A word of two categories counts for both.
    const subject_finder shared({{"a", "a", {{"refund", 1}}}, {"b", "b", {{"refund*", 2}}}});
    CHECK(shared.find("refund").category == "b");
    CHECK(shared.find("refund").confidence < 0.9);
}

TEST_CASE("languages", "[analysis]") {
    struct {
        const char* text;
        const char* language;
    } const table[] = {
        {"Hello, how are you?", "en"},
        {"السلام عليكم", "ar"},
        {"مرحبا hello", "mixed"},
        {"بريدي john.smith@example.com", "ar"}, // an address is no English
        {"see https://example.org/مرحبا", "en"},
        {"Bonjour, je suis étudiant et j'ai besoin d'aide", "fr"},
        {"Hola, necesito ayuda con mi pedido", "es"},
        {"Olá, preciso de ajuda com o meu pedido", "pt"},
        {"Habari, naomba msaada kuhusu shule", "sw"},
        {"Makadii, ndinoda rubatsiro", "sn"},
        {"Здравствуйте, где мой заказ?", "ru"},
        {"שלום, אני צריך עזרה", "he"},
        {"你好，我需要帮助", "zh"},
        {"こんにちは、助けてください", "ja"},
        {"안녕하세요", "ko"},
        {"नमस्ते", "hi"},
        {"Γεια σας", "el"},
        {"سلام، من به کمک نیاز دارم گفتگو", "fa"},
        {"مجھے مدد چاہیے", "ur"},
        {"La Paz", "en"},
        {"12345 !!", ""},
        {"", ""},
    };
    for (const auto& t : table) {
        INFO(t.text);
        CHECK(language_of(t.text) == t.language);
    }
}

TEST_CASE("a mood has a bounded score, and says which words made it", "[analysis]") {
    CHECK(mood_of("").score == 0);
    CHECK(mood_of("").label == "neutral");
    const auto good = mood_of("Excellent, wonderful, fantastic, perfect, amazing! Thank you!!!");
    CHECK(good.score > 0.9);
    CHECK(good.score <= 1);
    const auto bad = mood_of("terrible horrible awful disgusting pathetic worst");
    CHECK(bad.score < -0.9);
    CHECK(bad.score >= -1);
    CHECK(mood_of("very good").score > mood_of("good").score);
    CHECK(mood_of("slightly late").score > mood_of("late").score);
    CHECK(mood_of("جيد جدا").score > mood_of("جيد").score);
    CHECK(mood_of("good, but late").score < mood_of("late, but good").score);
    CHECK(mood_of("الخدمة ممتازة").because.find("ممتازه") != std::string::npos);
    CHECK(mood_of("😡").label == "negative");
    CHECK(mood_of("👍").label == "positive");
}

TEST_CASE("everything about a text at once", "[analysis]") {
    const handover_judge judge = [](std::string_view text) -> std::optional<handover> {
        if (text.find("human") == std::string_view::npos) return std::nullopt;
        return handover{true, 0.95, "asked"};
    };
    const auto r = analyse("Please call me at +966 50 123 4567 or write to John@Example.com, I want a human",
                           "", judge, shipped());
    CHECK(r.language == "en");
    CHECK(r.person.needed);
    CHECK(r.person.confidence == 0.95);
    REQUIRE(r.phone);
    CHECK(r.phone->e164 == "+966501234567");
    CHECK(r.phone->country == "SA");
    REQUIRE(r.emails.size() == 1);
    CHECK(r.emails[0] == "john@example.com");

    const auto local = analyse("اتصل بي على 0501234567", "SA", judge, shipped());
    REQUIRE(local.phone);
    CHECK(local.phone->e164 == "+966501234567");
    CHECK_FALSE(analyse("my order is 12", "SA", judge, shipped()).phone);

    const auto critical = analyse("Fever not going down", "ZW", judge, shipped());
    CHECK(critical.person.needed); // critical is handed over at once
    CHECK(critical.priority == "emergency");
    CHECK(std::any_of(critical.reasons.begin(), critical.reasons.end(),
                      [](const auto& why) { return why.what == "severity" && !why.because.empty(); }));

    const auto calm = analyse("Hello", "", {}, shipped());
    CHECK_FALSE(calm.person.needed);
    CHECK(calm.about.department == "reception");
    CHECK_FALSE(calm.phone);
}

TEST_CASE("any bytes will do", "[analysis]") {
    for (const std::string text :
         {"\xff\xfe\x80", "\xd8", "a\xf0\x9f", "؟؟؟", "....", "but but but", "  \n "}) {
        CHECK_NOTHROW(analyse(text, "ZW", {}, shipped()));
        CHECK(analyse(text, "ZW", {}, shipped()).priority == "normal");
    }
    const std::string nots = [] {
        std::string s;
        for (int i = 0; i < 4000; ++i) s += "not ";
        return s;
    }();
    CHECK(mood_of(nots + "good").score <= 1);
}
