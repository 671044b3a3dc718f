// Decisions about contacts, without a database.

#include "contact/input.hpp"
#include "contact/rules.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace chat_centre;
using namespace chat_centre::contact;

namespace {

using texts = std::vector<std::string>;

time_point at(const char* text) { return *parse_time(text, "UTC"); }

person named(std::int64_t id, const std::string& name) {
    person p;
    p.id = id;
    p.name = name;
    return p;
}

std::vector<std::string> bad_fields(const json& body, const std::string& country = "") {
    try {
        check(read_fields<new_contact_body>(body), country);
        return {};
    } catch (const error& e) {
        texts out;
        for (const auto& f : e.fields()) out.push_back(f.field);
        return out;
    }
}

} // namespace

TEST_CASE("a handover makes a qualified lead", "[contact]") {
    const auto now = at("2026-11-20T10:00:00Z");
    SECTION("where there was none") {
        const auto l = after_handover(std::nullopt, "whatsapp", "I need to speak with a human", now);
        CHECK(l.id == 0);
        CHECK(l.status == "qualified");
        CHECK(l.score == 25);
        CHECK(l.priority == "high");
        CHECK(l.source == "whatsapp");
        CHECK(l.handover_requested);
        CHECK(l.handover_trigger == "I need to speak with a human");
        CHECK(l.handover_at == now);
        CHECK(l.created_at == now);
        CHECK(l.updated_at == now);
    }
    SECTION("of the open one") {
        lead before;
        before.id = 7;
        before.score = 40;
        before.source = "portal";
        before.priority = "low";
        before.created_at = at("2026-01-01T00:00:00Z");
        for (const char* status : {"new", "qualified"}) {
            before.status = status;
            const auto l = after_handover(before, "whatsapp", "again", now);
            CHECK(l.id == 7);
            CHECK(l.status == "qualified");
            CHECK(l.score == 65);
            CHECK(l.priority == "high");
            CHECK(l.source == "portal"); // where they came from stays
            CHECK(l.created_at == before.created_at);
            CHECK(l.handover_trigger == "again");
        }
        before.score = 990;
        CHECK(after_handover(before, "whatsapp", "again", now).score == 1000);
    }
    SECTION("where only finished ones are") {
        lead before;
        before.id = 7;
        before.score = 40;
        for (const char* status : {"won", "lost"}) {
            before.status = status;
            const auto l = after_handover(before, "widget", "again", now);
            CHECK(l.id == 0);
            CHECK(l.score == 25);
            CHECK(l.source == "widget");
        }
    }
}

TEST_CASE("the profile two records make", "[contact]") {
    person kept = named(1, "Sarah");
    kept.email = "sarah@example.org";
    kept.custom = {{"size", "m"}};
    kept.consent = {{"marketing", true}, {"calls", false}};
    kept.last_contact_at = at("2026-11-01T00:00:00Z");
    person other = named(2, "S. Johnson");
    other.email = "other@example.org";
    other.phone = "050 123 4567";
    other.e164 = "+966501234567";
    other.company = "BGF";
    other.vip = true;
    other.custom = {{"size", "l"}, {"shoe", 38}};
    other.consent = {{"marketing", false}, {"calls", true}, {"mail", true}};
    other.last_contact_at = at("2026-11-05T00:00:00Z");
    const auto p = merged_profile(kept, other);
    CHECK(p.id == 1);
    CHECK(p.name == "Sarah");
    CHECK(p.email == "sarah@example.org");
    CHECK(p.phone == "050 123 4567");
    CHECK(p.e164 == "+966501234567");
    CHECK(p.company == "BGF");
    CHECK(p.vip);
    CHECK(p.custom == json({{"size", "m"}, {"shoe", 38}}));
    CHECK(p.consent ==
          json({{"marketing", false}, {"calls", false}, {"mail", true}})); // withheld stays withheld
    CHECK(p.last_contact_at == other.last_contact_at);
    CHECK(merged_profile(p, other).custom == p.custom); // twice changes nothing
}

TEST_CASE("which records may become one, and what to look at first", "[contact]") {
    person a = named(1, "Sarah");
    person b = named(2, "sarah");
    CHECK_FALSE(merge_refusal(a, b));
    CHECK(merge_refusal(a, a));
    CHECK(merge_warnings(a, b).empty());
    b.merged_into = 3;
    CHECK(merge_refusal(a, b));
    CHECK(merge_refusal(b, a));

    b = named(2, "Bob");
    a.e164 = "+966501234567";
    b.e164 = "+966501234568";
    a.email = "sarah@example.org";
    b.email = "bob@example.org";
    a.identities = {{"whatsapp", "966501234567", true}, {"widget", "x", false}};
    b.identities = {{"widget", "y", false}};
    CHECK(merge_warnings(a, b) == texts{"different_phone", "different_email", "different_name"});
    b.identities[0].verified = true;
    CHECK(merge_warnings(a, b) ==
          texts{"both_verified", "different_phone", "different_email", "different_name"});
}

TEST_CASE("why two records may be one person", "[contact]") {
    person a = named(1, "Sarah Johnson");
    person b = named(2, "sarah  johnson");
    CHECK(duplicate_reasons(a, b).empty()); // many people share a name
    a.company = b.company = "BGF";
    CHECK(duplicate_reasons(a, b) == texts{"name_and_company"});
    a.email = "Sarah@Example.org";
    b.email = " sarah@example.org";
    CHECK(duplicate_reasons(a, b) == texts{"email", "name_and_company"});
    a.e164 = b.e164 = "+966501234567";
    CHECK(duplicate_reasons(a, b) == texts{"phone", "email", "name_and_company"});
    CHECK(duplicate_reasons(person(), person()).empty()); // nothing is no reason
}

TEST_CASE("which record somebody with a number and an address is", "[contact]") {
    CHECK(match_of(0, 0).what == match::kind::none);
    CHECK(match_of(3, 0).id == 3);
    CHECK(match_of(0, 4).id == 4);
    CHECK(match_of(3, 3).what == match::kind::found);
    CHECK(match_of(3, 4).what == match::kind::two);
    CHECK(match_of(3, 4).id == 3);
}

TEST_CASE("what people say of a contact is checked", "[contact]") {
    CHECK(bad_fields({{"name", "Sarah"}}).empty());
    CHECK(bad_fields({{"phone", "+966 50 123 4567"}, {"email", " Sarah@Example.org "}}).empty());
    CHECK(bad_fields({{"phone", "0501234567"}}) == texts{"phone"});
    CHECK(bad_fields({{"phone", "0501234567"}}, "SA").empty());
    CHECK(bad_fields({{"phone", "0501234567"}, {"country", "sa"}}).empty());
    CHECK(bad_fields({{"phone", ""}, {"email", ""}}).empty()); // none
    CHECK(bad_fields({{"phone", "five"}, {"email", "sarah"}, {"country", "XX"}, {"language", "e n"}}) ==
          texts{"country", "email", "phone", "language"});
    CHECK(bad_fields({{"custom", {{"a", json::array()}}}, {"consent", {{"mail", "yes"}}}}) ==
          texts{"custom.a", "consent.mail"});
    CHECK(bad_fields({{"custom", {{"a", std::string(2001, 'x')}}}}) == texts{"custom.a"});
    CHECK(bad_fields({{"nonsense", 1}}) == texts{"nonsense"});
}

TEST_CASE("a change says what it changed", "[contact]") {
    person p = named(1, "Sarah");
    p.custom = {{"a", 1}, {"b", 2}};
    new_contact_body body = read_fields<new_contact_body>({{"name", "Sarah"},
                                                           {"email", "Sarah@Example.org"},
                                                           {"phone", "050 123 4567"},
                                                           {"country", "SA"},
                                                           {"custom", {{"a", nullptr}, {"c", "x"}}}});
    CHECK(apply(body, "", p) == texts{"email", "phone", "custom"});
    CHECK(p.email == "sarah@example.org");
    CHECK(p.phone == "050 123 4567");
    CHECK(p.e164 == "+966501234567");
    CHECK(p.custom == json({{"b", 2}, {"c", "x"}}));
    CHECK(apply(body, "", p).empty());
}

TEST_CASE("a day means its end", "[contact]") {
    CHECK(to_rfc3339(read_moment("2026-11-27", "due_at", "Africa/Harare")) == "2026-11-27T21:59:59.000Z");
    CHECK(to_rfc3339(read_moment("2026-11-27T10:00:00Z", "due_at", "UTC")) == "2026-11-27T10:00:00.000Z");
    CHECK_THROWS_AS(read_moment("soon", "due_at", "UTC"), error);
}
