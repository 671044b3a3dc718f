#include <chat_centre/assistant/engine.hpp>

#include "assistant/engine_impl.hpp"
#include "assistant/wording.hpp"

#include <chat_centre/base/ids.hpp>

#include <spdlog/spdlog.h>

#include <algorithm>
#include <set>

namespace chat_centre::assistant {
namespace {

using conversation::speaker;

constexpr int most_findings = 4;
constexpr int most_looked_at = 10;

std::string metadata_of(const reading& said, const ruling& v, const std::string& engine_name) {
    json articles = json::array();
    for (const auto& f : v.used) articles.push_back(format_id("ART", f.article));
    return dump({{"engine", engine_name},
                 {"confidence", v.confidence},
                 {"intent", std::string(to_string(said.what))},
                 {"wanted", said.wanted},
                 {"decision", std::string(to_string(v.what))},
                 {"articles", std::move(articles)}});
}

// The ticket that the hand-over opens is to say what caused it.
event::entry ticket_wanted(std::int64_t conversation, const std::string& reason, time_point now) {
    event::entry e;
    e.type = "ticket.wanted";
    e.at = now;
    e.conversation = conversation;
    e.who = event::audience::internal;
    e.data = dump({{"conversation_id", conversation}, {"source", "low_confidence"}, {"reason", reason}});
    return e;
}

} // namespace

engine::impl::impl(engine_parts given)
    : parts(std::move(given)), follower(
                                   parts.database, "assistant", {"assistant.call"},
                                   [this](db::tx& t, const std::vector<event::entry>& e) { follow(t, e); },
                                   event::follower::pace::prompt),
      turns(parts.database, parts.clock, takes_time() ? parts.model_turns : 1, 1) {
    turns.perform(
        turn_job, [this](const jobs::job& j) { turn(j); }, jobs::patient(),
        parts.answer_limit + parts.judge_limit + std::chrono::seconds(15));
}

bool engine::impl::takes_time() const {
    return parts.answers != nullptr || parts.judge != nullptr || parts.meaning;
}

std::string engine::impl::sender(const scenario& role) const {
    return role.look.assistant_name.empty() ? parts.assistant_name : role.look.assistant_name;
}

call engine::impl::call_from(const event::entry& e, const json& data) const {
    call c;
    c.event = e.id;
    c.conversation = e.conversation;
    c.seq = data.value("seq", 0);
    c.channel = data.value("channel", "");
    c.text = data.value("text", "");
    c.language = data.value("language", "");
    c.role = parts.scenarios.find(data.value("scenario", ""));
    return c;
}

reading engine::impl::read_call(const call& c, const memory& known) const {
    return read(c.text, {c.language, known.language, c.role->language, parts.person});
}

// In the customer's language first; an answer in the other one is better than none.
std::vector<article_hit> engine::impl::look_up(const reading& said, const memory& known, const call& c,
                                               bool may_wait) const {
    const bool courtesy =
        said.what == intent::greeting || said.what == intent::thanks || said.what == intent::goodbye;
    if (!parts.find || courtesy || chosen(said, known) != nullptr) return {};
    inquiry q{query_for(said, known), said.language, c.role->slug, most_looked_at, {}};
    if (may_wait && parts.meaning) q.meaning = parts.meaning(q.text);
    const auto find = [&] {
        auto all = parts.find(q);
        keep_to_topic(all, said, known);
        if (all.size() > most_findings) all.resize(most_findings);
        return all;
    };
    auto found = find();
    if (!found.empty() && found.front().score >= c.role->limits.answer) return found;
    q.language.clear();
    auto either = find();
    const bool better = !either.empty() && either.front().score >= c.role->limits.answer;
    return better || found.empty() ? either : found;
}

reply engine::impl::notice_for(const call& c, const memory& known) const {
    const auto language =
        c.text.empty() ? std::string(spoken_language(known.language.empty() ? c.language : known.language,
                                                     c.role->language))
                       : read_call(c, known).language;
    reply r;
    r.message = message_for(c.event, c.conversation, c.seq, speaker::system, sender(*c.role),
                            say::notice(language, analysis::urgency_of(c.text).whom));
    return r;
}

reply engine::impl::reply_from(const call& c, const memory& known, const reading& said, ruling v,
                               const std::string& engine_name) const {
    reply r;
    r.message = message_for(c.event, c.conversation, c.seq, speaker::ai, sender(*c.role), v.text);
    r.message.metadata = metadata_of(said, v, engine_name);
    if (v.what == decision::hand_over) {
        conversation::handover_signal signal;
        signal.reason = v.reason;
        signal.confidence = 1;
        signal.model = engine_name;
        signal.about = c.text;
        signal.logged = parts.person.logging;
        r.message.handover = std::move(signal);
        if (v.low_confidence) r.events.push_back(ticket_wanted(c.conversation, v.reason, parts.clock.now()));
    }
    if (v.what == decision::answer)
        for (const auto& f : v.used) r.articles.push_back(f.article);
    // A turn that is done again after a later one leaves the notes alone.
    if (c.seq > known.seq) r.after = remember(known, said, v, c.seq);
    return r;
}

reply engine::impl::turn_without_model(db::tx& t, const call& c, const memory& known) const {
    const auto said = read_call(c, known);
    const auto found = look_up(said, known, c, false);
    const auto tickets =
        said.what == intent::status_check ? own_tickets(t, c.conversation) : std::vector<own_ticket>{};
    return reply_from(c, known, said, decide({c.role->limits, known, said, found, tickets}), "floor");
}

// Everything that can be said at the same time is: one call of each conversation, then the next one of each. No lock is
// held while the lane stores it; events come last, because their counter is what the lane needs.
void engine::impl::follow(db::tx& t, const std::vector<event::entry>& events) {
    const auto now = parts.clock.now();
    std::set<std::int64_t> ids;
    for (const auto& e : events) ids.insert(e.conversation);
    auto facts = turn_facts_of(t, {ids.begin(), ids.end()});
    std::map<std::int64_t, memory> changed;
    std::vector<event::entry> follow_up;
    std::map<std::int64_t, std::vector<std::int64_t>> used;
    std::vector<judged_text> judged;
    std::vector<const event::entry*> waiting;
    waiting.reserve(events.size());
    for (const auto& e : events) waiting.push_back(&e);
    counters.calls += events.size();

    while (!waiting.empty()) {
        std::set<std::int64_t> busy;
        std::vector<const event::entry*> later;
        std::vector<reply> replies;
        for (const auto* e : waiting) {
            const auto known = facts.find(e->conversation);
            if (known == facts.end()) continue; // erased meanwhile
            if (!busy.insert(e->conversation).second) {
                later.push_back(e);
                continue;
            }
            const json data = json::parse(e->data, nullptr, false);
            if (!data.is_object()) continue;
            const auto c = call_from(*e, data);
            if (data.value("cause", "") == "handover") {
                replies.push_back(notice_for(c, known->second.known));
                continue;
            }
            if (parts.judge == nullptr)
                if (auto no = plain_negative(c.text, parts.person); no && no->logged)
                    judged.push_back({c.conversation, c.text, std::move(*no)});
            if (known->second.handler != "bot") continue; // somebody was faster
            auto guided = parts.guide ? parts.guide(t, c) : std::nullopt;
            if (guided) {
                reply r;
                r.message = message_for(c.event, c.conversation, c.seq, speaker::ai, sender(*c.role),
                                        std::move(guided->text));
                r.message.metadata = std::move(guided->metadata);
                r.message.handover = std::move(guided->handover);
                r.events = std::move(guided->events);
                replies.push_back(std::move(r));
            } else if (takes_time()) {
                schedule_turn(t, c, now);
            } else {
                replies.push_back(turn_without_model(t, c, known->second.known));
            }
        }
        std::vector<conversation::incoming> messages;
        messages.reserve(replies.size());
        for (auto& r : replies) messages.push_back(r.message);
        const auto outcome = say_all(parts.lane, std::move(messages));
        for (std::size_t i = 0; i < replies.size(); ++i) {
            if (outcome[i] != stored::yes) {
                ++counters.refused;
                continue;
            }
            auto& r = replies[i];
            ++counters.answered;
            if (r.message.handover && r.message.handover->needed) ++counters.handed_over;
            if (r.after) {
                facts[r.message.conversation].known = *r.after;
                changed[r.message.conversation] = std::move(*r.after);
            }
            std::move(r.events.begin(), r.events.end(), std::back_inserter(follow_up));
            auto& articles = used[r.message.conversation];
            articles.insert(articles.end(), r.articles.begin(), r.articles.end());
        }
        waiting = std::move(later);
    }
    keep_memories(t, changed, now);
    log_judgements(t, judged, now);
    forget_negatives(t, now);
    for (const auto& [conversation, articles] : used)
        if (parts.used && !articles.empty()) parts.used(t, conversation, articles);
    if (!follow_up.empty()) event::append(t, follow_up);
}

// Once an hour at most.
void engine::impl::forget_negatives(db::tx& t, time_point now) {
    constexpr std::chrono::hours kept{24 * 90};
    if (now < next_forgetting) return;
    next_forgetting = now + std::chrono::hours(1);
    assistant::forget_negatives(t, now - kept);
}

engine::engine(engine_parts parts) : impl_(std::make_unique<impl>(std::move(parts))) {}
engine::~engine() { stop(); }

void engine::start() {
    impl_->turns.start();
    impl_->follower.start();
}

void engine::notice(const event::entries& batch) {
    impl_->follower.notice(batch);
    impl_->end_calls(batch);
}

void engine::stop() {
    impl_->follower.stop();
    {
        const std::lock_guard lock(impl_->asking);
        for (auto& [conversation, over] : impl_->under_way) *over = true;
        impl_->stopping = true;
    }
    impl_->turns.stop();
}

const engine_counters& engine::count() const { return impl_->counters; }

} // namespace chat_centre::assistant
