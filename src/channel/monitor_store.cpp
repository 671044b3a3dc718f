#include "channel/monitor_store.hpp"

#include "channel/delivery_notice.hpp"
#include "channel/queries.hpp"
#include "channel/transcript.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/channel/adapter.hpp>
#include <chat_centre/channel/heard.hpp>
#include <chat_centre/conversation/conversation.hpp>
#include <chat_centre/conversation/history.hpp>
#include <chat_centre/conversation/server_actions.hpp>

#include <algorithm>
#include <iterator>

namespace chat_centre::channel {
namespace {

constexpr const char* monitored_channel = "elevenlabs";
// A session lasts two hours at most; what was said before it is not of it.
constexpr std::chrono::minutes longest_session{135};

std::string overheard_hash(std::string_view text) {
    return sha256_base64url(plain_words(text)).substr(0, 22);
}

const char* side_of(const overheard& o) { return o.user ? "user" : "agent"; }

struct said_line {
    int seq = 0;
    std::string role, text;
};

// Newest first.
std::vector<said_line> lines_since(db::tx& t, std::int64_t conversation, time_point since,
                                   const std::vector<std::string>& roles) {
    std::vector<said_line> out;
    for (const auto r : t.many(sql::bodies_since, conversation, since, db::array_of(roles)))
        out.push_back({r.get<int>(0), r.get<std::string>(1), plain_words(r.text(2))});
    return out;
}

void append_notices(db::tx& t, std::int64_t conversation, const std::vector<staff_line>& lines,
                    const char* state, const std::string& why, time_point now) {
    std::vector<event::entry> events;
    for (const auto& line : lines)
        if (auto e = delivery_notice(t, conversation, line.seq, line.message_id, state, why, now))
            events.push_back(std::move(*e));
    if (!events.empty()) event::append(t, events);
}

} // namespace

void want_monitors(db::tx& t, const std::vector<std::pair<std::int64_t, time_point>>& taken, time_point now) {
    db::array ids;
    db::array times;
    for (const auto& [id, at] : taken) {
        ids.add(id);
        times.add(at);
    }
    t.exec(sql::want_monitors, ids, times, now, false);
}

void want_monitors_for_all(db::tx& t, time_point now) {
    t.exec(sql::want_monitors, db::array{}, db::array{}, now, true);
}

std::optional<monitor_standing> look_at_monitor(db::tx& t, std::int64_t conversation,
                                                const std::string& process) {
    const auto row = t.maybe(sql::look_at_monitor, conversation, process);
    if (!row) return std::nullopt;
    monitor_standing out;
    out.staff = row->get<bool>(0);
    const auto told = row->get<int>(1);
    out.taken_session = row->get<std::string>(2);
    if (out.staff)
        for (const auto r : t.many(sql::sessions_there, conversation))
            out.sessions.push_back(r.get<std::string>(0));
    for (const auto r : t.many(sql::staff_said_after, conversation, told))
        out.unsent.push_back({r.get<int>(0), r.get<std::string>(1), r.get<std::string>(2)});
    return out;
}

void note_told(db::tx& t, std::int64_t conversation, const std::vector<staff_line>& lines, time_point now) {
    if (lines.empty()) return;
    t.exec(sql::monitor_told, conversation, lines.back().seq);
    append_notices(t, conversation, lines, "sent", "", now);
}

void note_not_told(db::tx& t, std::int64_t conversation, const std::vector<staff_line>& lines, bool refused,
                   const std::string& why, time_point now) {
    t.exec(sql::monitor_failed, conversation, refused, why);
    if (refused) append_notices(t, conversation, lines, "dead", why, now);
}

std::optional<int> number_of_overheard(db::tx& t, std::int64_t conversation, const std::string& session,
                                       const overheard& o, time_point now) {
    const auto heard_before =
        t.maybe(sql::count_overheard, session, side_of(o), overheard_hash(o.text), o.event.value_or(0));
    if (!heard_before || heard_before->is_null(0)) return std::nullopt;
    const auto n = static_cast<int>(heard_before->get<std::int64_t>(0)) + 1;
    // Others report it, too: a page, the custom LLM. What staff have said may come back as the agent's.
    const std::vector<std::string> roles =
        o.user ? std::vector<std::string>{"user"} : std::vector<std::string>{"ai", "staff", "system"};
    const auto words = plain_words(o.text);
    const auto stored = lines_since(t, conversation, now - longest_session, roles);
    const auto same = std::count_if(stored.begin(), stored.end(),
                                    [&words](const auto& line) { return line.text == words; });
    return same >= n ? std::nullopt : std::optional(n);
}

void remember_overheard(db::tx& t, const std::string& session, const overheard& o, time_point now) {
    t.exec(sql::add_overheard, session, side_of(o), o.event.value_or(0), overheard_hash(o.text), now);
}

void add_agents_line(db::tx& t, std::int64_t conversation, const std::string& session, const overheard& o,
                     const std::string& assistant, time_point now, std::vector<event::entry>& events) {
    // Nothing is added between the look and the writing.
    if (!conversation::lock_for_server(t, conversation)) return;
    if (!o.instead_of.empty()) {
        const auto words = plain_words(o.instead_of);
        for (const auto& line : lines_since(t, conversation, now - longest_session, {"ai"})) {
            if (line.text != words) continue;
            conversation::annotate(t, conversation, line.seq, {{"interrupted", true}, {"spoken", o.text}});
            break;
        }
        return;
    }
    const auto n = number_of_overheard(t, conversation, session, o, now);
    remember_overheard(t, session, o, now);
    if (!n) return;
    conversation::incoming m;
    m.channel = monitored_channel;
    m.history = true;
    m.conversation = conversation;
    m.session_id = session;
    m.role = conversation::speaker::ai;
    m.sender = assistant;
    m.text = in_parts(o.text, most_characters_stored).front();
    m.message_id = session_message_id(session, false, o.text, *n);
    m.body_hash = hash64(m.message_id);
    m.metadata = dump({{"source", "monitor"}});
    conversation::add_history(t, {std::move(m)}, now, events);
}

} // namespace chat_centre::channel
