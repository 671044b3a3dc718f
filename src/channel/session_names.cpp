#include "channel/session_names.hpp"

#include "channel/queries.hpp"

#include <chat_centre/conversation/history.hpp>
#include <chat_centre/conversation/server_actions.hpp>

#include <algorithm>
#include <array>

namespace chat_centre::channel {
namespace {

constexpr const char* session_channel = "elevenlabs";

} // namespace

bool is_unfilled(std::string_view name) {
    if (name.starts_with("system__") || name.find_first_of("{}") != std::string_view::npos) return true;
    constexpr std::array<std::string_view, 6> words{"null",       "none",    "undefined",
                                                    "cc_session", "user_id", "conversation_id"};
    return std::any_of(words.begin(), words.end(), [name](std::string_view word) {
        return std::equal(name.begin(), name.end(), word.begin(), word.end(), [](char a, char b) {
            return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
        });
    });
}

std::optional<conversation::row> find_session(db::tx& t, const session_names& n) {
    std::optional<std::int64_t> id;
    if (!n.session.empty()) id = conversation::find_thread(t, session_channel, "s:" + n.session);
    if (!id && !n.cc_session.empty()) {
        id = conversation::find_thread(t, session_channel, "s:" + n.cc_session);
        if (!id)
            if (const auto visit = t.maybe(sql::find_visit, n.cc_session))
                id = conversation::find_thread(t, session_channel, "s:" + visit->get<std::string>(0));
    }
    return id ? conversation::lock_for_server(t, *id) : std::nullopt;
}

void join_session(db::tx& t, const session_names& n, time_point now) {
    if (!n.session.empty() && !n.cc_session.empty()) t.exec(sql::note_visit, n.cc_session, n.session, now);
    const auto& name = n.session.empty() ? n.cc_session : n.session;
    if (name.empty() || conversation::find_thread(t, session_channel, "s:" + name)) return;
    for (const auto& key : {n.cc_session.empty() || n.session.empty() ? "" : "s:" + n.cc_session,
                            n.user_id.empty() ? "" : "u:" + n.user_id}) {
        if (key.empty()) continue;
        const auto id = conversation::find_thread(t, session_channel, key);
        if (!id) continue;
        const auto c = conversation::lock_for_server(t, *id);
        if (c && c->status != "closed" && c->status != "resolved")
            return conversation::name_session(t, session_channel, name, *id);
    }
}

} // namespace chat_centre::channel
