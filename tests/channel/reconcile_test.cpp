// What the webhooks of ElevenLabs missed is found by looking, against a REST server of a test's own.

#include "support/clock.hpp"
#include "support/database.hpp"
#include "support/scripted_http.hpp"

#include <chat_centre/channel/reconcile.hpp>

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

using namespace chat_centre;
using namespace std::chrono_literals;
using channel::next_start;
using channel::read_listed;
using tests::scripted_http;

namespace {

constexpr db::query waiting_payload{"test.waiting_payload",
                                    "SELECT payload FROM job WHERE kind = 'reconcile.elevenlabs'"};
constexpr std::int64_t ten_o_clock = 1'795'168'800; // 2026-11-20T10:00:00Z, the clock's start

// An account with conversations, two on a page.
struct account {
    struct one {
        std::string status;
        std::int64_t start = 0;
        int answers = 200;
    };

    void serve(scripted_http::exchange& x) {
        const std::lock_guard lock(guard);
        const std::string path = x.head.substr(4, x.head.find(' ', 4) - 4);
        asked.push_back(path);
        if (x.head.find("xi-api-key: key-1\r\n") == std::string::npos) {
            x.answer(401, "application/json", "{}");
            return;
        }
        if (refuse_lists != 0 && path.find('?') != std::string::npos) {
            x.answer(refuse_lists, "text/html", "<html>");
            return;
        }
        const std::string list = "/v1/convai/conversations?";
        if (path.starts_with(list)) {
            x.answer(200, "application/json", page(path).dump());
            return;
        }
        const auto id = path.substr(list.size());
        const auto it = all.find(id);
        if (it == all.end() || it->second.answers != 200)
            x.answer(it == all.end() ? 404 : it->second.answers, "application/json", "{}");
        else
            x.answer(200, "application/json",
                     json{{"conversation_id", id}, {"status", it->second.status}, {"transcript", json::array()}}
                         .dump());
    }

    json page(const std::string& path) const {
        const auto value = [&path](const std::string& name) {
            const auto at = path.find(name + "=");
            return at == std::string::npos
                       ? std::string{}
                       : path.substr(at + name.size() + 1, path.find('&', at) - at - name.size() - 1);
        };
        json list = json::array();
        const auto after = value("cursor");
        bool more = false;
        for (const auto& [id, c] : all) {
            if (id <= after || c.start < std::stoll(value("call_start_after_unix"))) continue;
            if (list.size() == 2) {
                more = true;
                break;
            }
            list.push_back({{"conversation_id", id},
                            {"status", c.status},
                            {"start_time_unix_secs", c.start},
                            {"new_field", 1}});
        }
        return {{"conversations", list},
                {"has_more", more},
                {"next_cursor", more ? list.back()["conversation_id"] : json(nullptr)}};
    }

    int fetched(const std::string& id) {
        const std::lock_guard lock(guard);
        return static_cast<int>(std::count(asked.begin(), asked.end(), "/v1/convai/conversations/" + id));
    }

    std::mutex guard;
    std::map<std::string, one> all;
    std::vector<std::string> asked;
    int refuse_lists = 0; // a status
};

struct reconciled {
    reconciled() {
        channel::reconcile_parts p{pool, clock, [this] { return access; },
                                   [this](db::tx&, const std::vector<std::string>& ids) {
                                       std::vector<std::string> out;
                                       for (const auto& id : ids)
                                           if (std::find(complete.begin(), complete.end(), id) ==
                                               complete.end())
                                               out.push_back(id);
                                       return out;
                                   },
                                   [this](db::tx&, const json& c) {
                                       if (c["conversation_id"] == broken) throw std::runtime_error("no");
                                       complete.push_back(c["conversation_id"]);
                                   }};
        channel::handle_reconcile(runner, std::move(p));
        access = channel::reconcile_access{server.url(), "key-1", "agent_1", {}};
        access->rules.allow.push_back(*parse_network("127.0.0.0/8"));
        pool.run_blocking([this](db::tx& t) { channel::schedule_reconcile(t, clock.now()); });
    }
    std::int64_t from() {
        return pool.run_blocking([](db::tx& t) {
            return json::parse(t.one(waiting_payload).text(0)).value("from", std::int64_t{0});
        });
    }

    account theirs;
    scripted_http server{[this](scripted_http::exchange& x) { theirs.serve(x); }};
    tests::database data;
    tests::moved_clock clock;
    db::pool pool{data.settings(), "test", 2};
    jobs::runner runner{data.settings(), clock};
    std::optional<channel::reconcile_access> access;
    std::vector<std::string> complete;
    std::string broken;
};

} // namespace

TEST_CASE("a list of conversations is read leniently", "[reconcile]") {
    const auto page = read_listed(json::parse(R"({"conversations":[
        {"conversation_id":"conv_1","status":"done","start_time_unix_secs":17},
        {"conversation_id":"conv_2","status":"in-progress"}, {"conversation_id":"conv_3","status":"failed","start_time_unix_secs":"x"},
        {"conversation_id":7}, {}, 5, null], "has_more":true, "next_cursor":"c2"})"));
    REQUIRE(page.conversations.size() == 3);
    CHECK(page.conversations[0].over);
    CHECK(page.conversations[0].start == 17);
    CHECK_FALSE(page.conversations[1].over);
    CHECK(page.conversations[2].over);
    CHECK(page.next == "c2");
    CHECK(read_listed(json::parse(R"({"conversations":[],"has_more":false,"next_cursor":"c2"})")).next.empty());
    CHECK(read_listed(json::parse(R"({"conversations":[],"next_cursor":null})")).next.empty());
    for (const char* other : {"[]", "{}", "null", R"({"conversations":{}})", R"({"detail":"x"})"})
        CHECK_THROWS_AS(read_listed(json::parse(other)), error);
}

TEST_CASE("where the next look begins", "[reconcile]") {
    constexpr std::int64_t now = 1'000'000;
    constexpr std::int64_t hour = 3600;
    CHECK(next_start(now, 0) == now - hour);
    CHECK(next_start(now, now - 60) == now - hour);
    CHECK(next_start(now, now - 2 * hour) == now - 2 * hour);
    CHECK(next_start(now, now - 100 * hour) == now - 24 * hour);
}

TEST_CASE("what is missing is fetched, page by page, and once", "[reconcile]") {
    reconciled r;
    r.theirs.all = {
        {"conv_1", {"done", ten_o_clock - 600}},        {"conv_2", {"done", ten_o_clock - 500}},
        {"conv_3", {"in-progress", ten_o_clock - 400}}, {"conv_4", {"failed", ten_o_clock - 300}},
        {"conv_5", {"done", ten_o_clock - 200}},        {"conv_0", {"done", ten_o_clock - 48 * 3600}}};
    r.complete = {"conv_2"};
    CHECK(r.runner.run_due() == 1);
    CHECK(r.complete == std::vector<std::string>{"conv_2", "conv_1", "conv_4", "conv_5"});
    CHECK(r.theirs.fetched("conv_2") == 0);
    CHECK(r.theirs.fetched("conv_3") == 0);
    CHECK(r.theirs.asked.front().find("agent_id=agent_1") != std::string::npos);
    CHECK(r.from() == ten_o_clock - 3600);

    CHECK(r.runner.run_due() == 0);
    r.clock.advance(4h);
    r.theirs.all["conv_6"] = {"done", ten_o_clock + 3 * 3600};
    CHECK(r.runner.run_due() == 1);
    CHECK(r.complete.back() == "conv_6");
    CHECK(r.theirs.fetched("conv_1") == 1);
    CHECK(r.from() == ten_o_clock - 400); // conv_3 goes on
    r.theirs.all["conv_3"].status = "done";
    r.clock.advance(5min);
    CHECK(r.runner.run_due() == 1);
    CHECK(r.complete.back() == "conv_3");
}

TEST_CASE("one that cannot be had does not hold up the others", "[reconcile]") {
    reconciled r;
    r.theirs.all = {{"conv_1", {"done", ten_o_clock - 600, 404}},
                    {"conv_2", {"done", ten_o_clock - 500}},
                    {"conv_3", {"done", ten_o_clock - 400}}};
    r.broken = "conv_2";
    CHECK(r.runner.run_due() == 1);
    CHECK(r.complete == std::vector<std::string>{"conv_3"});
    r.clock.advance(2h);
    CHECK(r.runner.run_due() == 1); // still looked for
    CHECK(r.from() == ten_o_clock - 600);
    r.theirs.all["conv_1"].answers = 200;
    r.broken = "";
    r.clock.advance(5min);
    CHECK(r.runner.run_due() == 1);
    CHECK(r.complete.size() == 3);
}

TEST_CASE("while they do not answer, it is tried again later and later, and goes on where it was",
          "[reconcile]") {
    reconciled r;
    r.theirs.all = {{"conv_1", {"done", ten_o_clock - 600}}, {"conv_2", {"done", ten_o_clock - 500, 429}}};
    SECTION("too often") {
        CHECK(r.runner.run_due() == 1);
        CHECK(r.complete == std::vector<std::string>{"conv_1"});
        r.theirs.all["conv_2"].answers = 200;
        r.clock.advance(30s);
        CHECK(r.runner.run_due() == 0);
        r.clock.advance(31s);
        CHECK(r.runner.run_due() == 1);
        CHECK(r.complete.size() == 2);
        CHECK(r.theirs.fetched("conv_1") == 1);
    }
    SECTION("down for hours") {
        r.theirs.refuse_lists = 503;
        int tries = 0;
        for (int minute = 0; minute < 6 * 60; ++minute) {
            tries += r.runner.run_due();
            r.clock.advance(1min);
        }
        CHECK(tries > 10);
        CHECK(tries < 25);
        r.theirs.refuse_lists = 0;
        r.theirs.all["conv_2"].answers = 200;
        r.clock.advance(33min);
        CHECK(r.runner.run_due() == 1);
        CHECK(r.complete.size() == 2);
    }
}

TEST_CASE("without a key nobody is asked", "[reconcile]") {
    reconciled r;
    const auto key = std::exchange(r.access, std::nullopt);
    CHECK(r.runner.run_due() == 1);
    CHECK(r.server.requests() == 0);
    r.access = key;
    r.clock.advance(5min);
    CHECK(r.runner.run_due() == 1);
    CHECK(r.server.requests() == 1);
}
