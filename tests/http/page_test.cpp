#include <chat_centre/http/page.hpp>

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace chat_centre;
using namespace chat_centre::http;

namespace {

request asking(std::string query) {
    request r;
    r.query_string = std::move(query);
    return r;
}

int refused(const std::string& query) {
    try {
        const auto page = read_page(asking(query));
        (void)page.number("id", 0);
    } catch (const error& e) {
        return e.status();
    }
    return 0;
}

} // namespace

TEST_CASE("a page request", "[http][page]") {
    CHECK(read_page(asking("")).limit == 50);
    CHECK(read_page(asking("limit=200")).limit == 200);
    CHECK(read_page(asking("limit=1")).fetch() == 2);
    CHECK_FALSE(read_page(asking("cursor=")).after);
    CHECK(read_page(asking("")).number("id", 7) == 7);
    const auto cursor = encode_cursor({{"id", 12}, {"at", "x"}});
    const auto page = read_page(asking("cursor=" + cursor + "&limit=3"));
    CHECK(page.number("id", 0) == 12);
    CHECK(page.text("at") == "x");
    for (const char* bad :
         {"limit=0", "limit=201", "limit=-1", "limit=x", "limit=1.5", "cursor=!", "cursor=AA=="})
        CHECK(refused(bad) == 422);
    CHECK(refused("cursor=" + encode_cursor({{"other", 1}})) == 422);
    CHECK(refused("cursor=" + encode_cursor({{"id", "text"}})) == 422);
    CHECK(refused("cursor=" + encode_cursor(json::array({1}))) == 422);
    CHECK(refused("cursor=" + std::string(2000, 'A')) == 422);
}

TEST_CASE("walking pages meets every row once", "[http][page]") {
    for (const int rows : {0, 1, 2, 3, 4, 7}) {
        std::vector<int> seen;
        std::string query = "limit=3";
        for (int guard = 0; guard < 10; ++guard) {
            const auto page = read_page(asking(query));
            json items = json::array();
            const auto after = page.number("id", 0);
            for (auto id = after + 1; id <= rows && id <= after + page.fetch(); ++id)
                items.push_back({{"id", id}});
            const auto answer = page_answer(std::move(items), page,
                                            [](const json& last) { return json{{"id", last["id"]}}; });
            CHECK(answer["items"].size() <= 3);
            for (const auto& item : answer["items"]) seen.push_back(item["id"].get<int>());
            if (answer["next_cursor"].is_null()) break;
            query = "limit=3&cursor=" + answer["next_cursor"].get<std::string>();
        }
        INFO(rows << " rows");
        CHECK(static_cast<int>(seen.size()) == rows);
        for (int i = 0; i < static_cast<int>(seen.size()); ++i)
            CHECK(seen[static_cast<std::size_t>(i)] == i + 1);
    }
}
