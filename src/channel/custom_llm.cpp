#include <chat_centre/channel/custom_llm.hpp>

#include "channel/llm_answer.hpp"
#include "channel/llm_request.hpp"
#include "channel/queries.hpp"
#include "channel/session_names.hpp"
#include "channel/transcript.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/text.hpp>
#include <chat_centre/conversation/history.hpp>
#include <chat_centre/conversation/server_actions.hpp>

#include <spdlog/spdlog.h>

#include <algorithm>
#include <memory>

namespace chat_centre::channel {

// One customer turn, stored.
struct llm_turn {
    std::string key, text_hash, language;
    int n = 0; // 0: nothing was said yet, the greeting is wanted
    std::int64_t conversation = 0;
    int seq = 0, told_seq = 0;
    std::optional<llm_reply> reply; // as it was answered before
    std::optional<time_point> replied_at;
    bool may_skip = false;
    std::string user_id;
    bool named = false;  // the key is a session's name
    bool called = false; // our assistant was told of it just now, and will say something
};

namespace {

using conversation::speaker;

constexpr const char* llm_channel = "elevenlabs";
constexpr std::chrono::milliseconds answer_limit{12'000}; // the agent gives up after 15 s
constexpr std::chrono::milliseconds notice_limit{3'000};  // until it has said that it asked for a colleague
constexpr std::chrono::seconds retry_window{
    20}; // later the same turn is no retry: they ask whether there is more
constexpr std::chrono::minutes same_visit{30}; // without a name for the session
constexpr std::chrono::days keep_turns{30};

struct known_turn {
    std::string text_hash;
    std::int64_t conversation = 0;
    int seq = 0, told_seq = 0;
    std::optional<llm_reply> reply;
    std::optional<time_point> replied_at;
};

struct session_state {
    std::string key;
    bool named = true;
    std::vector<known_turn> turns; // by number, from 1
};

std::string hash_of(std::string_view text) { return sha256_base64url(plain_words(text)).substr(0, 22); }

std::string to_text(const llm_reply& r) {
    return dump({{"text", r.text}, {"skip", r.skip}, {"assistant", r.by_assistant}, {"told", r.told_seq}});
}

llm_reply reply_from(std::string_view text) {
    const json j = parse_json(text);
    return {j.value("text", ""), j.value("skip", false), j.value("assistant", false), j.value("told", 0)};
}

// Without a name for the session: the user's turns of the last half hour belong together.
std::string key_of_user(db::tx& t, const std::string& user, time_point now) {
    const std::string begin = "user:" + user + ":";
    const std::string end = "user:" + user + ";"; // the sign after the colon
    if (const auto found = t.maybe(sql::latest_key, begin, end, now - same_visit))
        return found->get<std::string>(0);
    return begin + std::to_string(
                       std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count());
}

session_state load_session(db::tx& t, const llm_request& q, time_point now) {
    session_state s;
    s.key = q.session;
    if (s.key.empty() && !q.cc_session.empty()) {
        const auto visit = t.maybe(sql::find_visit, q.cc_session);
        s.key = visit ? visit->get<std::string>(0) : q.cc_session;
    }
    if (s.key.empty()) {
        s.key = key_of_user(t, q.user_id, now);
        s.named = false;
    }
    for (const auto r : t.many(sql::list_turns, s.key)) {
        known_turn k;
        k.text_hash = r.get<std::string>(1);
        k.conversation = r.get<std::int64_t>(2);
        k.seq = r.get<int>(3);
        if (!r.is_null(4)) k.reply = reply_from(r.text(4));
        k.told_seq = r.get<int>(5);
        k.replied_at = r.get<std::optional<time_point>>(6);
        if (r.get<int>(0) == static_cast<int>(s.turns.size()) + 1) s.turns.push_back(std::move(k));
    }
    return s;
}

conversation::incoming turn_message(const elevenlabs_context& c, const llm_turn& turn,
                                    const std::string& text, int times) {
    conversation::incoming m;
    m.channel = llm_channel;
    m.user_id = turn.user_id;
    if (turn.named) m.session_id = turn.key;
    m.role = speaker::user;
    m.sender = "user";
    m.text = text;
    m.own_brain = true;
    m.message_id = session_message_id(turn.key, true, text, times);
    m.body_hash = hash64(m.message_id);
    if (const auto language = detect_language(text); language != "mixed") m.language = language;
    if (c.chats.screen) m.handover = c.chats.screen(text, m.role);
    if (c.chats.concerns_rules) m.concerns_rules = c.chats.concerns_rules(text, m.channel);
    return m;
}

std::string waiting_line(std::string_view language) {
    if (language.substr(0, 2) == "ar") return "وصلت رسالتك إلى أحد زملائنا، وسيجيبك هنا.";
    return "A colleague has your message and will answer you here.";
}

struct who_speaks {
    bool assistant = false;
    std::string language;
    std::string since; // of this stay with people: when it was asked for, or taken
    std::vector<conversation::stored_message> untold; // of staff, after told_seq
    int last = 0;
};

who_speaks look(db::tx& t, std::int64_t id, int told) {
    who_speaks w;
    const auto c = conversation::lock_for_server(t, id);
    if (!c) return w;
    w.assistant = c->handler == "bot";
    w.language = c->language;
    const auto since = c->handover_at ? c->handover_at : c->taken_at;
    w.since = since ? to_postgres(*since) : "";
    w.last = c->last_seq;
    for (auto& m : conversation::said_after(t, id, told, 500))
        if (m.role == speaker::staff) w.untold.push_back(std::move(m));
    return w;
}

std::string joined_texts(const std::vector<conversation::stored_message>& all) {
    std::string out;
    for (const auto& m : all) out += (out.empty() ? "" : "\n\n") + m.text;
    return out;
}

} // namespace

boost::asio::awaitable<llm_turn> custom_llm::store(llm_request q) {
    const auto now = c_.chats.clock.now();
    auto load = [q, now](db::tx& t) {
        session_state s = load_session(t, q, now);
        if (s.named) join_session(t, {s.key, q.cc_session == s.key ? "" : q.cc_session, q.user_id}, now);
        return s;
    };
    session_state s = co_await c_.chats.pool.run(std::move(load));
    std::vector<std::string> known;
    std::vector<std::string> asked;
    known.reserve(s.turns.size());
    asked.reserve(q.user_texts.size());
    for (const auto& k : s.turns) known.push_back(k.text_hash);
    for (const auto& text : q.user_texts) asked.push_back(hash_of(text));
    const turn_plan plan = plan_turns(known, asked);

    llm_turn turn;
    turn.key = s.key;
    turn.named = s.named;
    turn.n = plan.n;
    turn.may_skip = q.may_skip;
    turn.user_id = q.user_id.empty() ? "el_" + s.key : q.user_id;
    if (plan.n == 0) co_return turn;
    int told = 0;
    for (const auto& k : s.turns) told = std::max(told, k.told_seq);
    if (plan.add.empty()) {
        const auto& k = s.turns.at(static_cast<std::size_t>(plan.n) - 1);
        turn.text_hash = k.text_hash;
        turn.conversation = k.conversation;
        turn.seq = k.seq;
        turn.told_seq = told;
        turn.reply = k.reply;
        turn.replied_at = k.replied_at;
        co_return turn;
    }
    for (const auto& fresh : plan.add) {
        const auto& text = q.user_texts.at(fresh.index);
        const auto& hash = asked.at(fresh.index);
        known.resize(static_cast<std::size_t>(fresh.n) - 1);
        const auto times = 1 + std::count(known.begin(), known.end(), hash);
        known.push_back(hash);
        const auto got = co_await c_.chats.lane.append(turn_message(c_, turn, text, static_cast<int>(times)));
        turn.text_hash = hash;
        turn.conversation = got.message.conversation;
        turn.seq = got.message.seq;
        turn.called = got.called_assistant && got.handler != "staff";
        turn.told_seq = told != 0 ? told : got.message.seq - 1;
        // The page was faster, which told nobody: only the turn that is asked about is answered.
        const bool untold = got.duplicate && !got.called_assistant && fresh.n == plan.n;
        auto note = [turn, n = fresh.n, now, untold, text](db::tx& t) {
            t.exec(sql::add_turn, turn.key, n, turn.text_hash, turn.conversation, turn.seq, turn.told_seq,
                   now);
            if (n == 1) t.exec(sql::forget_turns, now - keep_turns);
            std::vector<event::entry> events;
            if (untold)
                conversation::give_to_own_assistant(t, turn.conversation, turn.seq, text, now, events);
            if (!events.empty()) event::append(t, events);
        };
        co_await c_.chats.pool.run(std::move(note));
    }
    co_return turn;
}

// Answers that are kept are given again to the same turn.
boost::asio::awaitable<llm_reply> custom_llm::keep(llm_turn turn, llm_reply reply) {
    const auto now = c_.chats.clock.now();
    auto put = [turn, reply, now](db::tx& t) {
        const auto kept = t.maybe(sql::answer_turn, turn.key, turn.n, turn.text_hash, to_text(reply),
                                  reply.told_seq, now, !reply.by_assistant);
        return kept ? reply_from(kept->text(0)) : reply;
    };
    co_return co_await c_.chats.pool.run(std::move(put));
}

boost::asio::awaitable<llm_reply> custom_llm::answer(llm_turn turn) {
    const auto now = c_.chats.clock.now();
    auto first_look = [id = turn.conversation, told = turn.told_seq](db::tx& t) { return look(t, id, told); };
    who_speaks w = co_await c_.chats.pool.run(first_look);
    if (turn.reply) {
        const bool retry = turn.replied_at && now - *turn.replied_at < retry_window;
        // What the assistant said before a takeover is not said again after it.
        if (turn.reply->by_assistant ? w.assistant : retry) co_return *turn.reply;
    }
    if (!turn.reply || w.assistant) {
        // With people, too: the assistant says once that it has asked for a colleague.
        const auto limit = w.assistant   ? answer_limit
                           : turn.called ? notice_limit
                                         : std::chrono::milliseconds(0);
        auto said = co_await c_.chats.replies->reply_to(turn.conversation, turn.seq, limit);
        if (!said && w.assistant) {
            conversation::incoming m;
            m.channel = llm_channel;
            m.conversation = turn.conversation;
            m.role = speaker::ai;
            m.sender = c_.assistant_name;
            m.own_assistant = true;
            m.text = c_.holding(w.language);
            m.message_id =
                "EL-" +
                sha256_base64url("holding\x1f" + turn.key + '\x1f' + std::to_string(turn.seq)).substr(0, 32);
            m.body_hash = hash64(m.message_id);
            try {
                said = (co_await c_.chats.lane.append(std::move(m))).message;
            } catch (const error& e) {
                if (e.status() != 409) throw; // somebody has just taken over
            }
        }
        auto again = [id = turn.conversation, told = turn.told_seq](db::tx& t) { return look(t, id, told); };
        w = co_await c_.chats.pool.run(again);
        if (said && (said->role == speaker::system || (said->role == speaker::ai && w.assistant))) {
            std::erase_if(w.untold, [&said](const auto& m) { return m.seq > said->seq; });
            w.untold.push_back(*said);
            llm_reply reply{joined_texts(w.untold), false, said->role == speaker::ai, said->seq};
            co_return co_await keep(std::move(turn), std::move(reply));
        }
    }
    if (!w.untold.empty()) {
        llm_reply reply{joined_texts(w.untold), false, false, w.untold.back().seq};
        co_return co_await keep(std::move(turn), std::move(reply));
    }
    const llm_reply silence{"", turn.may_skip, false, turn.told_seq};
    if (w.assistant) co_return silence; // a turn that was answered by staff, who have handed it back
    conversation::incoming m;
    m.channel = llm_channel;
    m.conversation = turn.conversation;
    m.role = speaker::system;
    m.sender = c_.assistant_name;
    m.text = waiting_line(w.language);
    m.message_id =
        "EL-" +
        sha256_base64url("waiting\x1f" + std::to_string(turn.conversation) + '\x1f' + w.since).substr(0, 32);
    m.body_hash = hash64(m.message_id);
    const auto line = co_await c_.chats.lane.append(std::move(m));
    if (line.duplicate) co_return silence; // said before
    llm_reply reply{line.message.text, false, false, line.message.seq};
    co_return co_await keep(std::move(turn), std::move(reply));
}

boost::asio::awaitable<llm_reply> custom_llm::greet(llm_turn turn) {
    conversation::incoming m;
    m.channel = llm_channel;
    m.user_id = turn.user_id;
    if (turn.named) m.session_id = turn.key;
    m.role = speaker::ai;
    m.sender = c_.assistant_name;
    m.own_assistant = true;
    m.own_brain = true;
    m.text = c_.greeting("");
    m.message_id = session_message_id(turn.key, false, m.text, 1);
    m.body_hash = hash64(m.message_id);
    try {
        const auto got = co_await c_.chats.lane.append(std::move(m));
        co_return llm_reply{got.message.text, false, true, got.message.seq};
    } catch (const error& e) {
        if (e.status() != 409) throw; // staff have it, or it is over
    }
    co_return llm_reply{"", turn.may_skip, false, 0};
}

boost::asio::awaitable<llm_reply> custom_llm::say(llm_turn turn) {
    if (turn.n == 0) co_return co_await greet(std::move(turn));
    co_return co_await answer(std::move(turn));
}

boost::asio::awaitable<http::response> custom_llm::complete(http::request r) {
    llm_request q = read_llm_request(r);
    c_.desk.uses.note("custom_llm", q.session.empty() ? "without X-EL-Conversation-Id" : "");
    completion about{
        "chatcmpl-" + random_id(20), q.model.empty() ? "chat-centre" : q.model,
        std::chrono::duration_cast<std::chrono::seconds>(c_.chats.clock.now().time_since_epoch()).count()};
    const bool stream = q.stream;
    // Stored before the first byte of an answer: what is acknowledged is kept.
    const auto turn = std::make_shared<const llm_turn>(co_await store(std::move(q)));
    if (!stream) {
        const llm_reply reply = co_await say(*turn);
        co_return http::response::json_text(whole_completion(about, reply));
    }
    http::response out;
    out.content_type = "text/event-stream";
    out.with("Cache-Control", "no-cache").with("X-Accel-Buffering", "no");
    out.stream = stream_completion(std::move(about), [this, turn] { return say(*turn); });
    co_return out;
}

} // namespace chat_centre::channel
