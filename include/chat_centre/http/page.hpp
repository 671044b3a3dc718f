#pragma once
// Keyset pages: {"items":[...],"next_cursor":"..."|null}. A cursor names the last row shown, so pages neither skip
// nor repeat rows that were there before, whatever is added meanwhile.
//
//   const auto page = http::read_page(r);
//   rows = t.many(sql::list_notes, page.number("id", 0), page.fetch());
//   return http::page_answer(std::move(items), page, [](const json& last) { return json{{"id", last["id"]}}; });

#include <chat_centre/base/json.hpp>
#include <chat_centre/http/message.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chat_centre::http {

struct page_request {
    std::int64_t limit = 50;
    std::optional<json> after; // what the cursor holds: an object

    std::int64_t fetch() const {
        return limit + 1;
    } // ask for one more row: it tells whether there is a next page
    // A member of the cursor; `first` on the first page. Throws 422 for a cursor of another list.
    std::int64_t number(std::string_view name, std::int64_t first) const;
    std::optional<std::string> text(std::string_view name) const;
};

// Reads ?limit= (1..most) and ?cursor=; throws 422 naming the one that is wrong.
page_request read_page(const request& r, std::int64_t fallback = 50, std::int64_t most = 200);

std::string encode_cursor(const json& position);
std::optional<json> decode_cursor(std::string_view cursor); // nullopt unless encode_cursor made it

// items holds up to page.fetch() rows; the extra one is dropped. `position` is called with the last row kept.
template <class Position>
json page_answer(json items, const page_request& page, Position position) {
    json next = nullptr;
    if (static_cast<std::int64_t>(items.size()) > page.limit) {
        items.erase(items.begin() + page.limit, items.end());
        next = encode_cursor(position(items.back()));
    }
    return json{{"items", std::move(items)}, {"next_cursor", std::move(next)}};
}

} // namespace chat_centre::http
