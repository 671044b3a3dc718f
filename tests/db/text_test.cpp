// Decisions of the database folder that need no database.

#include "db/checksum.hpp"
#include "db/conninfo.hpp"
#include "db/diagnostics.hpp"
#include "db/migration_plan.hpp"
#include "db/postmaster.hpp"

#include <chat_centre/base/error.hpp>
#include <chat_centre/db/tx.hpp>

#include <catch2/catch_test_macros.hpp>

#include <limits>

using namespace chat_centre;
using namespace chat_centre::db;

TEST_CASE("array literals quote every text", "[db]") {
    struct row {
        std::string element;
        std::string literal;
    };
    const row table[] = {
        {"", R"({""})"},
        {"plain", R"({"plain"})"},
        {"two words", R"({"two words"})"},
        {R"(say "yes")", R"({"say \"yes\""})"},
        {R"(back\slash)", R"({"back\\slash"})"},
        {R"(\")", R"({"\\\""})"},
        {R"("")", R"({"\"\""})"},
        {"{a,b}", R"({"{a,b}"})"},
        {"a,b", R"({"a,b"})"},
        {"NULL", R"({"NULL"})"},
        {"null", R"({"null"})"},
        {"  blank  ", R"({"  blank  "})"},
        {"line\nbreak\ttab", "{\"line\nbreak\ttab\"}"},
        {"مرحبا 👋 ñ", R"({"مرحبا 👋 ñ"})"},
        {"'; DROP TABLE x; --", R"({"'; DROP TABLE x; --"})"},
    };
    for (const auto& [element, literal] : table) {
        CAPTURE(element);
        CHECK(array().add(element).text() == literal);
    }
    CHECK(array().text() == "{}");
    CHECK(array().empty());
    CHECK(array().add(std::int64_t{-5}).add_null().add("x").text() == R"({-5,NULL,"x"})");
    CHECK(array().add(std::optional<std::string_view>{}).add(std::optional<std::int64_t>{7}).text() ==
          "{NULL,7}");
    CHECK(array_of(std::vector<std::string>{"a", "b"}).text() == R"({"a","b"})");
    CHECK(array().add(time_point{}).text() == R"({"1970-01-01 00:00:00.000000+00"})");
}

TEST_CASE("parameters become PostgreSQL's text form", "[db]") {
    const std::string text = "text";
    array list;
    list.add("x");
    const params p(1, std::int64_t{-9'000'000'000}, true, false, 0.1, 1e300, text, std::string("moved"),
                   std::string_view("view"), "literal", std::nullopt, std::optional<int>{},
                   std::optional<int>{4}, list, array(), time_point{});
    const std::vector<std::optional<std::string>> expected = {
        "1",    "-9000000000", "true",       "false",
        "0.1",  "1e+300",      "text",       "moved",
        "view", "literal",     std::nullopt, std::nullopt,
        "4",    R"({"x"})",    "{}",         "1970-01-01 00:00:00.000000+00"};
    CHECK(p.values() == expected);
}

TEST_CASE("the constraint is read from libpq's verbose text", "[db]") {
    struct row {
        std::string text, sqlstate, message, constraint;
    };
    const row table[] = {
        {"ERROR:  23505: duplicate key value violates unique constraint \"t_key\"\nDETAIL:  Key (k)=(1) already "
         "exists.\nSCHEMA NAME:  public\nTABLE NAME:  t\nCONSTRAINT NAME:  t_key\nLOCATION:  x, y.c:1\n",
         "23505", "duplicate key value violates unique constraint \"t_key\"", "t_key"},
        // What people typed stands in DETAIL, before the real name.
        {"ERROR:  23505: duplicate key\nDETAIL:  Key (k)=(\nCONSTRAINT NAME:  forged\n) already "
         "exists.\nCONSTRAINT NAME:  real\nLOCATION:  x\n",
         "23505", "duplicate key", "real"},
        {"ERROR:  23502: null value in column \"a\"\nDETAIL:  Failing row contains (\nCONSTRAINT NAME:  forged\n).\n"
         "COLUMN NAME:  a\n",
         "23502", "null value in column \"a\"", ""},
        // Another lc_messages changes the sentence, not the labels.
        {"FEHLER:  23505: doppelter Schlüsselwert verletzt Unique-Constraint »t_key«\nCONSTRAINT NAME:  t_key",
         "23505", "doppelter Schlüsselwert verletzt Unique-Constraint »t_key«", "t_key"},
        {"ERROR:  42601: syntax error at or near \"x\"\nLINE 1: x\n", "42601",
         "syntax error at or near \"x\"", ""},
        {"", "", "", ""},
        {"could not connect", "", "could not connect", ""},
        {"FATAL:  57P01: terminating connection due to administrator command\nLOCATION:  x\nserver closed the "
         "connection unexpectedly\n",
         "57P01", "terminating connection due to administrator command", ""},
        {"ERROR:  not verbose\nCONSTRAINT NAME:  x", "", "not verbose", ""},
    };
    for (const auto& r : table) {
        CAPTURE(r.text);
        const auto d = read_diagnostics(r.text);
        CHECK(d.sqlstate == r.sqlstate);
        CHECK(d.message == r.message);
        CHECK(d.constraint == r.constraint);
    }
}

TEST_CASE("which SQLSTATEs end a connection", "[db]") {
    for (const char* state : {"08006", "08P01", "57P01", "57P02", "57P03", "57P05", "25P03"})
        CHECK(ends_connection(state));
    for (const char* state : {"", "57014", "40001", "23505", "25P02", "53300"})
        CHECK_FALSE(ends_connection(state));
}

TEST_CASE("one line for people", "[db]") {
    CHECK(one_line("a\n\tb  c\n") == "a b c");
    CHECK(one_line("\n \n").empty());
    CHECK(one_line("مرحبا\nبك") == "مرحبا بك");
}

TEST_CASE("connection strings get time limits unless they set their own", "[db]") {
    CHECK(
        with_time_limits("host=a") ==
        "connect_timeout=5 keepalives_idle=10 keepalives_interval=3 keepalives_count=3 tcp_user_timeout=20000 host=a");
    CHECK(with_time_limits("postgresql://u:p@h/db") ==
          "postgresql://u:p@h/db?connect_timeout=5&keepalives_idle=10&keepalives_interval=3&keepalives_count=3&"
          "tcp_user_timeout=20000");
    CHECK(with_time_limits("postgres://h/db?sslmode=require&connect_timeout=60") ==
          "postgres://h/db?sslmode=require&connect_timeout=60&keepalives_idle=10&keepalives_interval=3&"
          "keepalives_count=3&tcp_user_timeout=20000");
    CHECK(is_connection_string("host=a"));
    CHECK(is_connection_string("password=a://b"));
    CHECK(is_connection_string("postgres://a"));
    CHECK_FALSE(is_connection_string(""));
    CHECK_FALSE(is_connection_string("mysql://user:secret@host/db?a=b"));
    CHECK_FALSE(is_connection_string("localhost"));
    CHECK(quoted_value("/tmp/it's a\\b") == R"('/tmp/it\'s a\\b')");
}

TEST_CASE("postmaster.pid", "[db]") {
    const auto ready =
        parse_lock_file("812\n/data\n1700000000\n5432\n/run/here\n\n  5432001     4\nready   \n");
    REQUIRE(ready);
    CHECK(ready->pid == 812);
    CHECK(ready->port == 5432);
    CHECK(ready->socket_folder == "/run/here");
    CHECK(ready->status == "ready");
    CHECK(parse_lock_file("812\n/data\n")->status.empty());
    CHECK_FALSE(parse_lock_file(""));
    CHECK_FALSE(parse_lock_file("nonsense\n"));
}

TEST_CASE("what PostgreSQL's programs say", "[db]") {
    CHECK(major_version("postgres (PostgreSQL) 15.3 (Debian 15.3-1)\n") == 15);
    CHECK(major_version("postgres (PostgreSQL) 18beta1\n") == 18);
    CHECK(major_version("sh: not found") == 0);
    CHECK(last_complaint("a LOG:  one\n2026 [7] FATAL:  could not lock\n2026 HINT:  no\nend\n") ==
          "could not lock");
    CHECK(last_complaint("initdb: error: no room\n\n") == "initdb: error: no room");
    CHECK(last_complaint("").empty());
}

TEST_CASE("SHA-256", "[db]") {
    CHECK(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

namespace {

std::string plan_refusal(const std::vector<applied_migration>& applied, const std::vector<migration>& known) {
    try {
        plan_migrations(applied, known);
        return "";
    } catch (const startup_error& e) {
        return e.what();
    }
}

} // namespace

TEST_CASE("migrations: what is missing and what is refused", "[db]") {
    const std::vector<migration> known = {{1, "0001_a", "A"}, {2, "0002_b", "B"}, {4, "0004_d", "D"}};
    const applied_migration one{1, "0001_a", sha256("A")};
    const applied_migration two{2, "0002_b", sha256("B")};
    const applied_migration four{4, "0004_d", sha256("D")};
    using list = std::vector<applied_migration>;
    CHECK(plan_migrations(list{}, known) == std::vector<std::size_t>{0, 1, 2});
    CHECK(plan_migrations(list{one}, known) == std::vector<std::size_t>{1, 2});
    CHECK(plan_migrations(list{one, two, four}, known).empty());

    CHECK(plan_refusal({{1, "0001_a", sha256("edited")}}, known).find("0001_a was edited") !=
          std::string::npos);
    CHECK(plan_refusal({{1, "0001_old_name", sha256("A")}}, known).find("0001_old_name was edited") !=
          std::string::npos);
    CHECK(plan_refusal({one, two, four, {5, "0005_e", "x"}}, known).find("from a newer version") !=
          std::string::npos);
    CHECK(plan_refusal({one, four}, known).find("0002_b was added before 0004_d") != std::string::npos);
}
