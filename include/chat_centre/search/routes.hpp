#pragma once
// /api/v1/search and the saved views.

#include <chat_centre/base/fields.hpp>
#include <chat_centre/conversation/service.hpp>
#include <chat_centre/http/router.hpp>

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace chat_centre::search {

struct type_set {
    static constexpr std::array<std::string_view, 5> names{"conversation", "message", "ticket", "contact",
                                                           "article"};
};

struct hit_view {
    choice<type_set> type;
    std::string id; // CONV-12, a message_id, TKT_20261120_AB12, CUST-7, ART-3
    std::string title;
    std::string snippet; // the found words between [[ and ]]
    time_point at{};
    double score = 0; // 1: the words as typed; less for other forms, beginnings and typing mistakes
    std::optional<std::string> conversation_id;
    std::optional<std::int64_t> seq; // of a message
};
BOOST_DESCRIBE_STRUCT(hit_view, (), (type, id, title, snippet, at, score, conversation_id, seq))

// Newest first. One request looks at the newest 5,000 documents with the words: when sight and filters leave few of
// them, the page is short, or empty, and next_cursor goes on all the same. Only without next_cursor there are no more.
struct hit_page {
    std::vector<hit_view> items;
    std::optional<std::string> next_cursor;
    std::int64_t took_ms = 0;
    std::int64_t behind = 0; // events that the index has not taken in yet; 0: it knows everything
    bool tolerant = false;   // little was found as typed, so typing mistakes are forgiven
};
BOOST_DESCRIBE_STRUCT(hit_page, (), (items, next_cursor, took_ms, behind, tolerant))

using view_name = text<1, 100>;

struct new_view_body {
    view_name name;
    json filters;
    std::optional<bool> shared;
};
BOOST_DESCRIBE_STRUCT(new_view_body, (), (name, filters, shared))

struct view_change_body {
    std::optional<view_name> name;
    std::optional<json> filters;
    std::optional<bool> shared;
};
BOOST_DESCRIBE_STRUCT(view_change_body, (), (name, filters, shared))

struct person_view {
    std::string staff_id;
    std::string name;
};
BOOST_DESCRIBE_STRUCT(person_view, (), (staff_id, name))

struct saved_view {
    std::string view_id; // VIEW-3
    std::string name;
    json filters; // as given: what they mean is the page's business
    bool shared = false;
    bool mine = false;
    person_view owner;
    time_point updated_at{};
};
BOOST_DESCRIBE_STRUCT(saved_view, (), (view_id, name, filters, shared, mine, owner, updated_at))

struct saved_view_page {
    std::vector<saved_view> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(saved_view_page, (), (items, next_cursor))

class routes {
public:
    explicit routes(conversation::surroundings& s) : s_(s) {} // outlives the routes
    using answer = boost::asio::awaitable<http::response>;

    // ?q= &types= &department= &status= &from= &to= &channel= &tag= &rating= &assigned= &category= &limit= &cursor=
    answer search(http::request r);
    answer views(http::request r);
    answer add_view(http::request r);
    answer change_view(http::request r);
    answer drop_view(http::request r);

    static constexpr auto table() {
        using http::verb;
        return std::to_array<http::row<routes>>({
            {verb::get, "/api/v1/search", permission::search_read, &routes::search, "search",
             "Find conversations, messages, tickets, contacts and articles by their words",
             http::described(
                 http::answers<hit_page>(),
                 "Newest first. One request looks at a bounded part of what was written, so a page may be short, "
                 "or even empty, and still have a next_cursor when sight and filters left little of that part. "
                 "Go on with next_cursor until it is null: only then is there nothing more.")},
            {verb::get, "/api/v1/views", permission::search_read, &routes::views, "listViews",
             "Saved views: one's own and the shared ones", http::answers<saved_view_page>()},
            {verb::post, "/api/v1/views", permission::search_read, &routes::add_view, "createView",
             "Save a view", http::takes<new_view_body, saved_view>(201)},
            {verb::patch, "/api/v1/views/{id}", permission::search_read, &routes::change_view, "changeView",
             "Change a view: one's own, or a shared one as a manager",
             http::takes<view_change_body, saved_view>()},
            {verb::del, "/api/v1/views/{id}", permission::search_read, &routes::drop_view, "deleteView",
             "Delete a view: one's own, or a shared one as a manager", http::answers<no_body>(204)},
        });
    }

private:
    conversation::surroundings& s_;
};

} // namespace chat_centre::search
