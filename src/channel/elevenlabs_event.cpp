// What becomes of a stored event: its transcript is joined with what arrived live.

#include <chat_centre/channel/elevenlabs.hpp>

#include "channel/queries.hpp"
#include "channel/transcript.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/text.hpp>
#include <chat_centre/conversation/history.hpp>
#include <chat_centre/conversation/server_actions.hpp>

#include <spdlog/spdlog.h>

#include <algorithm>
#include <map>

namespace chat_centre::channel {
namespace {

using conversation::speaker;

constexpr json_limits stored_limits{64, 4'000'000};
constexpr const char* elevenlabs = "elevenlabs";
constexpr std::int64_t most_stored = 5000;
// Clocks of pages differ, and what a page could not post at once it posts later.
constexpr std::chrono::minutes before_call{5};
constexpr std::chrono::minutes after_call{15};

bool within_call(const call_record& call, time_point at) {
    return at >= call.started - before_call && at <= call.ended + after_call;
}

// The messages of this call: our conversation may hold others.
std::vector<conversation::stored_message> said_during(db::tx& t, std::int64_t conversation,
                                                      const call_record& call) {
    auto all = conversation::said_after(t, conversation, 0, most_stored);
    std::erase_if(all, [&call](const auto& m) {
        return !within_call(call, m.at) && !within_call(call, m.received_at);
    });
    return all;
}

// By their conversation id, by our name of the visit, by the customer's open conversation if it was held meanwhile.
std::optional<std::int64_t> find_conversation(db::tx& t, const call_record& call) {
    if (const auto id = conversation::find_thread(t, elevenlabs, "s:" + call.session)) return id;
    for (const auto& key : {call.cc_session.empty() ? "" : "s:" + call.cc_session,
                            call.user_id.empty() ? "" : "u:" + call.user_id}) {
        if (key.empty()) continue;
        const auto id = conversation::find_thread(t, elevenlabs, key);
        if (id && !said_during(t, *id, call).empty()) return id;
    }
    return std::nullopt;
}

conversation::incoming message_of(const call_record& call, const spoken& line, int n,
                                  std::int64_t conversation, const std::string& assistant) {
    conversation::incoming m;
    m.channel = elevenlabs;
    m.history = true;
    m.conversation = conversation;
    m.session_id = call.session;
    m.user_id = call.user_id.empty() ? "el_" + call.session : call.user_id;
    if (conversation == 0) {
        m.user_name = call.user_name;
        m.user_phone = call.user_phone;
        m.language = call.language.substr(0, 2);
        m.own_brain = false;
    }
    m.role = line.user ? speaker::user : speaker::ai;
    m.sender = !line.user ? assistant : call.user_name.empty() ? "user" : call.user_name;
    m.text = line.text;
    m.at = line.at;
    m.message_id = session_message_id(call.session, line.user, line.text, n);
    m.body_hash = hash64(m.message_id);
    json about = {{"source", "post_call"}};
    if (line.interrupted) about["interrupted"] = true;
    if (!line.original.empty() && line.original != line.text) about["original"] = line.original;
    m.metadata = dump(about);
    return m;
}

struct joined_call {
    std::int64_t conversation = 0;
    int known = 0, added = 0;
    bool made = false;
};

joined_call join(db::tx& t, const elevenlabs_context& c, const call_record& call, time_point now,
                 std::vector<event::entry>& events) {
    joined_call out;
    const auto found = find_conversation(t, call);
    std::vector<kept_message> stored;
    if (found) {
        out.conversation = *found;
        conversation::lock_for_server(t, *found); // nothing is added between the look and the writing
        for (auto& m : said_during(t, *found, call)) stored.push_back({m.seq, m.role, std::move(m.text)});
    }
    auto seqs = align(call.lines, stored);
    std::vector<conversation::incoming> missing;
    std::vector<std::size_t> places;
    std::map<std::pair<bool, std::string>, int> times;
    for (std::size_t i = 0; i < call.lines.size(); ++i) {
        const auto& line = call.lines[i];
        const int n = ++times[{line.user, plain_words(line.text)}];
        if (seqs[i] != 0) {
            ++out.known;
            if (line.interrupted || !line.original.empty())
                conversation::annotate(t, out.conversation, seqs[i],
                                       {{"interrupted", line.interrupted}, {"spoken", line.text}});
            continue;
        }
        missing.push_back(message_of(call, line, n, out.conversation, c.assistant_name));
        places.push_back(i);
    }
    const auto receipts = conversation::add_history(t, missing, now, events);
    for (std::size_t k = 0; k < receipts.size(); ++k) {
        out.made = out.conversation == 0 || out.made;
        out.conversation = receipts[k].message.conversation;
        seqs[places[k]] = receipts[k].message.seq;
        if (!receipts[k].duplicate) ++out.added;
    }
    if (out.conversation == 0) return out; // nothing was said
    conversation::name_session(t, elevenlabs, call.session, out.conversation);
    for (std::size_t i = 0; i < seqs.size(); ++i)
        if (!call.lines[i].feedback.empty())
            conversation::note_feedback(t, out.conversation, seqs[i], call.lines[i].feedback, now);
    conversation::keep_facts(t, out.conversation, elevenlabs, call.facts);
    if (!out.made) conversation::announce(t, {out.conversation}, now, events);
    return out;
}

json failed_call(const json& data) {
    const auto text = [&data](const char* name) {
        const auto it = data.find(name);
        return it != data.end() && it->is_string() ? it->get<std::string>().substr(0, 300) : std::string();
    };
    return {{"kept", true}, {"failure_reason", text("failure_reason")}};
}

} // namespace

void take_elevenlabs_call(db::tx& t, const json& data, time_point now) {
    const auto call = read_call(data);
    if (!call) return;
    const std::string body = dump({{"type", "post_call_transcription"}, {"data", data}});
    const auto made = t.maybe(sql::add_elevenlabs_event, "post_call_transcription", call->session, "fetched",
                              sha256_hex(body), body, now);
    if (!made) return;
    const auto id = made->get<std::int64_t>(0);
    jobs::schedule(t, elevenlabs_event_job, std::to_string(id), now, {{"event", id}}, now);
}

std::vector<std::string> calls_without_transcript(db::tx& t, const std::vector<std::string>& sessions) {
    std::vector<std::string> out;
    for (const auto r : t.many(sql::sessions_without_transcript, db::array_of(sessions)))
        out.push_back(r.get<std::string>(0));
    return out;
}

void process_elevenlabs_event(db::tx& t, const elevenlabs_context& c, const jobs::job& j) {
    const auto id = j.payload.at("event").get<std::int64_t>();
    const auto row = t.maybe(sql::find_elevenlabs_event, id);
    if (!row || row->get<bool>(2)) return; // removed, or done by the job before
    const auto now = c.chats.clock.now();
    const auto type = row->get<std::string>(0);
    std::vector<event::entry> events;
    std::int64_t conversation = 0;
    json result = {{"kept", true}};
    try {
        const json body = type == "post_call_audio" ? json::object() : parse_json(row->text(1), stored_limits);
        const json data = body.value("data", json::object());
        if (type == "post_call_transcription") {
            if (const auto call = read_call(data)) {
                const auto done = join(t, c, *call, now, events);
                conversation = done.conversation;
                result = {{"entries", call->lines.size()},
                          {"known", done.known},
                          {"added", done.added},
                          {"made", done.made}};
            } else {
                result = {{"error", "it names no conversation"}};
            }
        } else if (type == "call_initiation_failure" && data.is_object()) {
            result = failed_call(data);
        }
    } catch (const json::exception& e) { // it will not be better next time
        spdlog::error("event {} of ElevenLabs is not understood: {}", id, e.what());
        events.clear();
        result = {{"error", "it is not of the documented form"}};
    }
    t.exec(sql::finish_elevenlabs_event, id, now,
           conversation == 0 ? std::nullopt : std::optional(conversation), dump(result));
    if (!events.empty()) event::append(t, events);
}

} // namespace chat_centre::channel
