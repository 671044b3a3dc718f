// Texts of canned replies, which of them fit what is typed, and the steps of macros before any conversation.

#include "macro/steps.hpp"

#include <chat_centre/macro/render.hpp>

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace chat_centre;
using namespace chat_centre::macro;

namespace {

const variables values{
    {"customer.name", "John"}, {"staff.name", "Sarah"}, {"department", "Education"}, {"company", ""}};

using names = std::vector<std::string>;

} // namespace

TEST_CASE("variables are filled, and what cannot be filled is named and left", "[macro]") {
    struct {
        const char* body;
        const char* text;
        names unknown, empty;
    } const table[] = {
        {"Hi {{customer.name}}, I'm {{staff.name}} from {{department}} team",
         "Hi John, I'm Sarah from Education team",
         {},
         {}},
        {"{{ customer.name }}{{staff.name}}", "JohnSarah", {}, {}},
        {"", "", {}, {}},
        {"no variables", "no variables", {}, {}},
        {"Thank you for contacting {{company}}", "Thank you for contacting {{company}}", {}, {"company"}},
        {"{{customer.nmae}} {{customer.nmae}} {{company}}",
         "{{customer.nmae}} {{customer.nmae}} {{company}}",
         {"customer.nmae"},
         {"company"}},
        {"{{}} }} {{", "{{}} }} {{", {""}, {}},
        {"{{customer.name", "{{customer.name", {}, {}},
        {"مرحباً {{customer.name}}،", "مرحباً John،", {}, {}},
    };
    for (const auto& t : table) {
        const auto made = render(t.body, values);
        INFO(t.body);
        CHECK(made.text == t.text);
        CHECK(made.unknown == t.unknown);
        CHECK(made.empty == t.empty);
        CHECK(made.complete() == (t.unknown.empty() && t.empty.empty()));
    }
    // A value is a text and not a template.
    CHECK(render("{{a}}", {{"a", "{{b}}"}, {"b", "x"}}).text == "{{b}}");
}

TEST_CASE("suggestions while typing", "[macro]") {
    const std::vector<candidate> all{
        {1, "Greeting", "hi", "Hello {{customer.name}}", "مرحباً", 0, 5},
        {2, "Missing bank statements", "docs", "We can accept payslips", "كشوف الراتب مقبولة", 7, 2},
        {3, "Awaiting documents", "await", "We wait for your documents", "بانتظار مستنداتك", 0, 9},
        {4, "High season", "", "hi there", "", 0, 0},
        {5, "Refund", "refund", "Your refund is on its way", "المبلغ المسترد في الطريق", 8, 50},
    };
    using ids = std::vector<std::int64_t>;
    struct {
        const char* typed;
        std::int64_t department;
        ids found;
    } const table[] = {
        {"/docs", 0, {2}},    {"doc", 0, {2, 3}}, // the shortcut before a word of the name
        {"hi", 0, {1, 4}},    {"HI", 0, {1, 4}},  {"payslips", 0, {2}},     {"statements", 0, {2}},
        {"مستنداتك", 0, {3}}, {"راتب", 0, {2}}, // below its article
        {"zzz", 0, {}},       {"!!", 0, {}},      {"", 7, {2, 3, 1, 4, 5}}, // the department's own first, the most used next, other departments' last
    };
    for (const auto& t : table) {
        INFO(t.typed);
        CHECK(suggest(all, t.typed, t.department, 10) == t.found);
    }
    CHECK(suggest(all, "", 0, 2).size() == 2);
}

TEST_CASE("the language of a reply", "[macro]") {
    CHECK(language_for("ar", "") == "ar");
    CHECK(language_for("ar-SA", "hello") == "ar");
    CHECK(language_for("en", "مرحبا") == "en");
    CHECK(language_for("fr", "") == "en");
    CHECK(language_for("", "أين طلبي؟") == "ar");
    CHECK(language_for("", "where is it") == "en");
    CHECK(language_for("", "") == "en");
}

TEST_CASE("steps are checked before they are stored", "[macro]") {
    struct {
        macro_step step;
        bool good;
    } const table[] = {
        {{"send", "Hello"}, true},
        {{"send", "template:bye"}, true},
        {{"send", " "}, false},
        {{"note", "seen"}, true},
        {{"note", ""}, false},
        {{"tag", "vip"}, true},
        {{"tag", ""}, false},
        {{"tag", std::string(41, 'x')}, false},
        {{"untag", "vip"}, true},
        {{"priority", "high"}, true},
        {{"priority", "urgent"}, false},
        {{"category", ""}, true},
        {{"department", "medical"}, true},
        {{"department", ""}, false},
        {{"assign", "me"}, true},
        {{"assign", "STF-3"}, true},
        {{"assign", "Bob"}, false},
        {{"status", "resolved"}, true},
        {{"status", "resolved:awaiting_documents"}, true},
        {{"status", "on_hold"}, true},
        {{"status", "pending"}, false},
    };
    for (const auto& t : table) {
        INFO(t.step.what << " " << t.step.value);
        if (t.good)
            CHECK_NOTHROW(check_steps({t.step}));
        else
            CHECK_THROWS_AS(check_steps({t.step}), error);
    }
    CHECK_THROWS_AS(check_steps({}), error);
    CHECK_THROWS_AS(check_steps(std::vector<macro_step>(21, macro_step{"tag", "x"})), error);
    CHECK_THROWS_AS(check_steps({{"status", "closed"}, {"tag", "x"}}), error);
}

TEST_CASE("everything between two messages is one transaction", "[macro]") {
    const auto of = [](std::initializer_list<const char*> kinds) {
        std::vector<macro_step> steps;
        for (const auto* k : kinds) steps.push_back({k, "x"});
        return segments_of(steps);
    };
    using segments = std::vector<std::vector<std::size_t>>;
    CHECK(of({"tag", "note", "priority"}) == segments{{0, 1, 2}});
    CHECK(of({"send", "tag", "status"}) == segments{{0}, {1, 2}});
    CHECK(of({"tag", "send", "send", "status"}) == segments{{0}, {1}, {2}, {3}});
    CHECK(of({"send"}) == segments{{0}});
}
