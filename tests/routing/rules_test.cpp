// The rules engine by tables: words in both languages, every operator, order, stop, chains and loops.

#include "routing/conditions.hpp"
#include "routing/rules.hpp"

#include <chat_centre/base/error.hpp>
#include <chat_centre/base/text.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace chat_centre;
using namespace chat_centre::routing;

namespace {

int words_in(const char* text, std::vector<std::string> words) { return count_words(fold_text(text), words); }

rule make(std::int64_t id, json conditions, json actions, json more = json::object()) {
    json j = {{"name", "R" + std::to_string(id)},
              {"events", {"message"}},
              {"conditions", std::move(conditions)},
              {"actions", std::move(actions)}};
    j.update(more);
    rule r = read_rule(j);
    r.id = id;
    return r;
}

json has(std::vector<std::string> words) {
    return {{{"field", "text"}, {"op", "has_any"}, {"value", std::move(words)}}};
}
json is(const char* field, json value, const char* op = "is") {
    return {{{"field", field}, {"op", op}, {"value", std::move(value)}}};
}
json to(const char* verb, const char* value) { return {{{"do", verb}, {"value", value}}}; }

facts saying(const char* text) {
    facts f;
    f.event = "message";
    f.text = text;
    return f;
}

} // namespace

TEST_CASE("words are found as people write them", "[routing][rules]") {
    const struct {
        const char* text;
        const char* word;
        bool found;
    } table[] = {
        {"I want to complain!", "complain", true},
        {"My COMPLAINT is this", "complain*", true},
        {"My complaint is this", "complain", false},
        {"uncomplaining", "complain*", false},
        {"what is the price?", "price", true},
        {"priceless", "price", false},
        {"poor   service, again", "poor service", true},
        {"poor but good service", "poor service", false},
        {"it doesn't work", "doesnt work", true},
        {"عندي شكوى في الخدمة", "شكوى", true},
        {"عندي شكوي", "شكوى", true}, // ya for alef maqsura
        {"الشَّكْوَى", "شكوى", true},    // vowel marks, article
        {"والشكوى", "شكوى", true},   // and-the-
        {"بشكوى", "شكوى", true},
        {"للمبيعات", "مبيعات", true},
        {"أُريد أن أشتري", "اشتري", true}, // alef with hamza
        {"فاتورة", "فاتوره", true},       // ta marbuta
        {"شكواي", "شكوى", false},
        {"hello", "", false},
    };
    for (const auto& l : table) {
        INFO(l.text << " / " << l.word);
        CHECK((words_in(l.text, {l.word}) > 0) == l.found);
    }
    CHECK(words_in("price and quote", {"price", "quote", "buy"}) == 2);
}

TEST_CASE("every operator", "[routing][rules]") {
    facts f = saying("please help");
    f.sentiment = "negative";
    f.channel = "widget";
    f.priority = "high";
    f.tags = {"late"};
    f.open = false;
    f.minutes_waiting = 5;
    f.contact = {{"vip", true}, {"company", "Acme"}, {"custom", {{"plan", "gold"}, {"age", 40}}}};
    const prepared p{f, fold_text(f.text)};
    const struct {
        condition c;
        bool result;
    } table[] = {
        {{"text", "has_any", {"help", "aid"}}, true},
        {{"text", "has_all", {"help", "aid"}}, false},
        {{"text", "has_all", {"help", "please"}}, true},
        {{"text", "has_none", {"aid"}}, true},
        {{"text", "has_none", {"help"}}, false},
        {{"sentiment", "is", "negative"}, true},
        {{"sentiment", "is", json::array({"neutral", "negative"})}, true},
        {{"sentiment", "is_not", "negative"}, false},
        {{"severity", "is", "critical"}, false}, // not known
        {{"severity", "empty", nullptr}, true},
        {{"channel", "not_empty", nullptr}, true},
        {{"department", "empty", nullptr}, true},
        {{"priority", "is", json::array({"high", "emergency"})}, true},
        {{"tags", "has_any", json::array({"late"})}, true},
        {{"tags", "has_none", json::array({"late"})}, false},
        {{"hours", "is", "out"}, true},
        {{"hours", "is", "in"}, false},
        {{"minutes_waiting", "at_least", 5}, true},
        {{"minutes_waiting", "at_least", 6}, false},
        {{"minutes_waiting", "at_most", 5}, true},
        {{"minutes_since_start", "at_least", 0}, false}, // not known
        {{"contact.vip", "is", true}, true},
        {{"contact.vip", "is", false}, false},
        {{"contact.company", "is", "Acme"}, true},
        {{"contact.custom.plan", "is", "gold"}, true},
        {{"contact.custom.age", "at_least", 18}, true},
        {{"contact.custom.none", "empty", nullptr}, true},
    };
    for (const auto& l : table) {
        INFO(l.c.field << " " << l.c.op << " " << l.c.value.dump());
        CHECK_FALSE(fault_of(l.c));
        const auto t = test(l.c, p);
        CHECK(t.result == l.result);
        CHECK_FALSE(t.because.en.empty());
        CHECK_FALSE(t.because.ar.empty());
    }
}

TEST_CASE("order, stop, and what one rule sets the next ones see", "[routing][rules]") {
    const auto to_sales = make(1, has({"buy"}), to("department", "sales"), {{"stop", true}});
    const auto to_complaints = make(2, has({"complain*"}), to("department", "complaints"));
    const auto rest = make(3, is("department", nullptr, "empty"), to("department", "reception"));

    auto e = evaluate({to_sales, to_complaints, rest}, saying("I want to buy and to complain"));
    CHECK(e.result.department == "sales");
    CHECK(e.fired == std::vector<std::int64_t>{1});
    REQUIRE(e.trace.size() == 3);
    CHECK(e.trace[0].matched);
    CHECK(e.trace[1].note.en == "an earlier rule ended the list");

    e = evaluate({to_complaints, rest}, saying("my complaint"));
    CHECK(e.result.department == "complaints");
    CHECK_FALSE(e.trace[1].matched);
    CHECK(e.trace[1].conditions[0].because.en == "department is complaints");

    CHECK(evaluate({to_sales, to_complaints, rest}, saying("hello")).result.department == "reception");
    CHECK(evaluate({make(4, has({"x"}), to("tag", "t"), {{"active", false}})}, saying("x")).trace.empty());
    CHECK(evaluate({make(4, has({"x"}), to("tag", "t"), {{"events", {"new"}}})}, saying("x")).trace.empty());
}

TEST_CASE("rules that set each other off end", "[routing][rules]") {
    // The first needs what the second sets: a chain against the order.
    const auto late = make(1, is("priority", "high"), to("tag", "urgent"));
    const auto early = make(2, has({"now"}), to("priority", "high"));
    auto e = evaluate({late, early}, saying("now"));
    CHECK(e.fired == std::vector<std::int64_t>{2, 1});
    CHECK(e.result.tags == std::vector<std::string>{"urgent"});
    REQUIRE(e.trace.size() == 2);
    CHECK(e.trace[0].matched);

    // Two that undo each other: each fires once.
    const auto up = make(1, is("priority", "normal"), to("priority", "high"));
    const auto down = make(2, is("priority", "high"), to("priority", "normal"));
    e = evaluate({up, down}, saying(""));
    CHECK(e.fired == std::vector<std::int64_t>{1, 2});

    // A chain longer than the limit stops there.
    std::vector<rule> chain;
    for (int i = 20; i > 0; --i)
        chain.push_back(make(
            i, json::array({{{"field", "tags"}, {"op", "has_any"}, {"value", {"t" + std::to_string(i)}}}}),
            json::array({{{"do", "tag"}, {"value", "t" + std::to_string(i + 1)}}})));
    facts f = saying("");
    f.tags = {"t1"};
    CHECK(evaluate(chain, f).fired.size() == deepest);

    // Fired for this event before: not again.
    e = evaluate({early}, saying("now"), {2});
    CHECK(e.fired.empty());
    CHECK(e.trace[0].note.en == "fired for this event before");
}

TEST_CASE("what actions come to", "[routing][rules]") {
    facts f = saying("help");
    f.phone = "+966501234567";
    f.category_department = "billing";
    const auto r = make(1, json::array(),
                        json::array({{{"do", "require"}, {"value", "email"}},
                                     {{"do", "require"}, {"value", "phone"}},
                                     {{"do", "create_ticket"}, {"value", "complaint"}},
                                     {{"do", "hand_over"}, {"value", "critical"}},
                                     {{"do", "notify"}, {"value", "look at this"}},
                                     {{"do", "department"}, {"value", "@category"}},
                                     {{"do", "category"}, {"value", "tech"}}}));
    const auto o = evaluate({r}, f).result;
    CHECK(o.required == std::vector<std::string>{"email"});
    CHECK(o.ticket == "complaint");
    CHECK(o.hand_over == "critical");
    CHECK(o.notices == std::vector<std::string>{"look at this"});
    CHECK(o.department == "billing");
    CHECK(o.category == "tech");
    CHECK(to_json(o)["required_fields"] == json::array({"email"}));
}

TEST_CASE("the more words, the surer", "[routing][rules]") {
    const auto r = make(1, has({"price", "buy", "quote"}), to("department", "sales"));
    const double one = evaluate({r}, saying("price")).result.confidence;
    const double two = evaluate({r}, saying("buy at a price")).result.confidence;
    CHECK(one >= 0.7);
    CHECK(two > one);
    CHECK(evaluate({r}, saying("hello")).result.confidence == 0);
}

TEST_CASE("faults of a rule are named", "[routing][rules]") {
    const auto faults = [](const json& j) {
        std::vector<std::string> out;
        try {
            read_rule(j);
        } catch (const error& e) {
            for (const auto& f : e.fields()) out.push_back(f.field);
        }
        return out;
    };
    const json good = {
        {"name", "n"}, {"events", {"new"}}, {"conditions", has({"a"})}, {"actions", to("tag", "t")}};
    CHECK(faults(good).empty());
    const auto with = [&good](const char* field, json value) {
        json j = good;
        j[field] = std::move(value);
        return j;
    };
    using fields = std::vector<std::string>;
    CHECK(faults(with("name", "")) == fields{"name"});
    CHECK(faults(with("events", json::array())) == fields{"events"});
    CHECK(faults(with("events", {"never"})) == fields{"events[0]"});
    CHECK(faults(with("match", "some")) == fields{"match"});
    CHECK(faults(with("stop", 1)) == fields{"stop"});
    CHECK(faults(with("position", -1)) == fields{"position"});
    CHECK(faults(with("colour", "red")) == fields{"colour"});
    CHECK(faults(with("conditions", is("moon", "full"))) == fields{"conditions[0]"});
    CHECK(faults(with("conditions", is("text", "word"))) == fields{"conditions[0]"});
    CHECK(faults(with("conditions", is("minutes_waiting", "5", "at_least"))) == fields{"conditions[0]"});
    CHECK(faults(with("conditions", is("hours", "maybe"))) == fields{"conditions[0]"});
    CHECK(faults(with("actions", to("dance", "now"))) == fields{"actions[0]"});
    CHECK(faults(with("actions", to("priority", "huge"))) == fields{"actions[0]"});
    CHECK(faults(with("actions", json::array())) == fields{"actions"});
    CHECK(faults(json::object()) == fields{"name", "events", "actions"});
}

TEST_CASE("a rule survives being written and read", "[routing][rules]") {
    const auto r = make(4, is("contact.vip", true), to("priority", "high"),
                        {{"match", "any"}, {"position", 30}, {"stop", true}});
    json j = to_json(r);
    CHECK(j["rule_id"] == "RULE-4");
    j.erase("rule_id");
    rule again = read_rule(j);
    again.id = 4;
    CHECK(to_json(again) == to_json(r));
}

TEST_CASE("messages that no rule is about cost no look into the database", "[routing][rules]") {
    const auto words = make(1, has({"price"}), to("department", "sales"));
    CHECK(may_match(words, saying("the price")));
    CHECK_FALSE(may_match(words, saying("hello")));
    json both = has({"price"});
    both.push_back({{"field", "contact.vip"}, {"op", "is"}, {"value", true}});
    CHECK(may_match(make(2, both, to("tag", "t")), saying("the price")));
    CHECK(may_match(make(3, is("contact.vip", true), to("tag", "t")), saying("hello")));
    CHECK_FALSE(may_match(make(4, is("severity", "critical"), to("tag", "t")), saying("hello")));
}
