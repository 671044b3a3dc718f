#include "channel/delivery_notice.hpp"

#include "channel/queries.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/json.hpp>

namespace chat_centre::channel {

std::optional<event::entry> delivery_notice(db::tx& t, std::int64_t conversation, int seq,
                                            const std::string& message_id, const char* state,
                                            const std::string& why, time_point now) {
    const auto seen_by = t.maybe(sql::who_sees, conversation);
    if (!seen_by) return std::nullopt;
    event::entry e;
    e.type = "message.delivery";
    e.at = now;
    e.conversation = conversation;
    e.who = event::audience::conversation_staff;
    e.now = {seen_by->get<std::int64_t>(0), seen_by->get<std::int64_t>(1), seen_by->get<bool>(2)};
    e.data = dump({{"conversation_id", format_id("CONV", conversation)},
                   {"seq", seq},
                   {"message_id", message_id},
                   {"state", state},
                   {"error", why}});
    return e;
}

} // namespace chat_centre::channel
