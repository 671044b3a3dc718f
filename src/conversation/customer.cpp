#include <chat_centre/conversation/customer.hpp>

#include "conversation/queries.hpp"
#include "conversation/store.hpp"

#include <algorithm>
#include <limits>

namespace chat_centre::conversation {

std::optional<row> open_conversation_of(db::tx& t, const std::string& channel, const std::string& user_id) {
    const auto rows = t.many(sql::find_threads, db::array{}.add(channel), db::array{}.add("u:" + user_id));
    for (const auto r : rows) {
        principal customer;
        customer.kind = caller::customer;
        customer.conversation = r.get<std::int64_t>(2);
        row c = find_visible(t, customer, customer.conversation);
        if (c.status != "closed") return c;
    }
    return std::nullopt;
}

std::vector<stored_message> unanswered_by_customer(db::tx& t, std::int64_t conversation, int limit) {
    auto latest = messages_before(t, conversation, std::numeric_limits<int>::max(), limit);
    const auto theirs =
        std::find_if(latest.rbegin(), latest.rend(), [](const auto& m) { return m.role == speaker::user; });
    latest.erase(latest.begin(), theirs.base());
    return latest;
}

void judge_message(db::tx& t, std::int64_t conversation, int seq, bool liked, time_point now) {
    if (messages_after(t, conversation, seq - 1, 1).empty())
        throw error::not_found("There is no such message.");
    put_feedback(t, conversation, seq, "customer", liked ? "up" : "down", std::nullopt, now);
}

} // namespace chat_centre::conversation
