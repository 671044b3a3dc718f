// A turn with a language model, or with embeddings: a job, because it may take seconds, and a process may die meanwhile. The job is done
// at least once; its message is stored once, under the event's id. Whatever the model fails at, the built-in engine
// answers in the same turn.

#include "assistant/engine_impl.hpp"
#include "assistant/prompt.hpp"
#include "assistant/wording.hpp"

#include <chat_centre/base/ids.hpp>

#include <spdlog/spdlog.h>

#include <algorithm>

namespace chat_centre::assistant {
namespace {

// Of a model that answers in plain words, without saying how sure it is.
constexpr double of_plain_text = 0.7;

// While it lives, a takeover of the conversation sets the flag.
class asking_mark {
public:
    asking_mark(engine::impl& e, std::int64_t conversation)
        : engine_(e), flag_(std::make_shared<std::atomic<bool>>(false)) {
        const std::lock_guard lock(engine_.asking);
        *flag_ = engine_.stopping.load();
        at_ = engine_.under_way.emplace(conversation, flag_);
        ++engine_.under_way_count;
    }
    ~asking_mark() {
        const std::lock_guard lock(engine_.asking);
        engine_.under_way.erase(at_);
        --engine_.under_way_count;
    }
    asking_mark(const asking_mark&) = delete;
    asking_mark& operator=(const asking_mark&) = delete;
    const std::shared_ptr<std::atomic<bool>>& flag() const { return flag_; }

private:
    engine::impl& engine_;
    std::shared_ptr<std::atomic<bool>> flag_;
    std::multimap<std::int64_t, std::shared_ptr<std::atomic<bool>>>::iterator at_;
};

call call_of(const json& p, const scenario_book& scenarios) {
    call c;
    p.at("event").get_to(c.event);
    p.at("conversation").get_to(c.conversation);
    p.at("seq").get_to(c.seq);
    p.at("channel").get_to(c.channel);
    p.at("text").get_to(c.text);
    p.at("language").get_to(c.language);
    c.role = scenarios.find(p.at("scenario").get<std::string>());
    return c;
}

bool courteous(const reading& said) {
    return said.what == intent::greeting || said.what == intent::thanks || said.what == intent::goodbye ||
           said.small_talk != aside::none;
}

std::vector<article_hit> quotable(const std::vector<article_hit>& found, double at_least) {
    std::vector<article_hit> out;
    for (const auto& f : found)
        if (f.score >= at_least) out.push_back(f);
    return out;
}

} // namespace

void engine::impl::schedule_turn(db::tx& t, const call& c, time_point now) const {
    jobs::wanted w;
    w.key = std::to_string(c.event);
    w.due = now;
    w.lane = "assistant:" + std::to_string(c.conversation); // one after the other
    w.payload = {{"event", c.event},
                 {"conversation", c.conversation},
                 {"seq", c.seq},
                 {"channel", c.channel},
                 {"text", c.text},
                 {"language", c.language},
                 {"scenario", c.role->slug}};
    jobs::schedule(t, turn_job, {std::move(w)}, now);
}

// Is a person asked for? nullopt: there is no judge, or it did not say.
std::optional<conversation::handover_signal> engine::impl::judged(
    const call& c, const std::shared_ptr<std::atomic<bool>>& over) {
    if (parts.judge == nullptr || !parts.person.enabled) return std::nullopt;
    model_request ask;
    ask.what = purpose::intent;
    ask.messages = intent_prompt(c.text);
    ask.temperature = 0;
    ask.max_tokens = 120;
    ask.json_object = true;
    ask.deadline = parts.clock.steady() + parts.judge_limit;
    ask.cancelled = [over] { return over->load(); };
    try {
        const auto got = parts.judge->complete(ask);
        const auto j = read_judgement(got.text);
        if (!j) {
            spdlog::warn("the judge of intent ({}) did not reply as asked", got.model);
            return std::nullopt;
        }
        conversation::handover_signal s;
        s.confidence = j->confidence;
        s.needed = j->needed && j->confidence >= parts.person.threshold;
        s.reason =
            "The assistant wants a person: " + (j->reason.empty() ? std::string("asked for") : j->reason);
        if (!j->needed) s.reason = j->reason.empty() ? "Nothing in the text asks for a person." : j->reason;
        s.model = got.model;
        s.about = c.text;
        s.logged = parts.person.logging;
        return s;
    } catch (const model_unavailable& e) {
        spdlog::warn("no judgement of intent: {}", e.what());
        return std::nullopt;
    }
}

std::optional<ruling> engine::impl::answered(const call& c, const situation& s,
                                             const std::vector<spoken_line>& window,
                                             const std::shared_ptr<std::atomic<bool>>& over,
                                             std::string& model_name) {
    model_request ask;
    ask.messages = answer_prompt({*c.role, s.known, s.found, window, s.said.language});
    ask.json_object = true;
    ask.deadline = parts.clock.steady() + parts.answer_limit;
    ask.cancelled = [over] { return over->load(); };
    model_answer got;
    try {
        got = parts.answers->complete(ask);
    } catch (const model_unavailable& e) {
        if (!over->load()) {
            ++counters.fallbacks;
            spdlog::warn("the built-in engine answers in {}: {}", format_id("CONV", c.conversation), e.what());
        }
        return std::nullopt;
    }
    auto r = read_reply(got.text, of_plain_text);
    if (!r) {
        ++counters.fallbacks;
        spdlog::warn("{} did not reply as asked in {}", got.model, format_id("CONV", c.conversation));
        return std::nullopt;
    }
    if (leaks(r->text, parts.scenarios.prompts(), s.found)) {
        ++counters.leaks;
        spdlog::warn("{} repeated instructions in {}: the built-in engine answers", got.model,
                     format_id("CONV", c.conversation));
        return std::nullopt;
    }
    model_name = got.model;
    ruling v;
    v.text = std::move(r->text);
    v.confidence = r->confidence;
    v.sure = r->confidence >= s.limits.answer;
    v.used = quotable(s.found, s.limits.suggest);
    if (r->hand_over) {
        v.what = decision::hand_over;
        v.reason = "The assistant wants a person: " +
                   (r->reason.empty() ? "“" + cut_text(c.text, 200) + "”" : r->reason);
        v.text += (v.text.empty() ? "" : "\n\n") + say::notice(s.said.language);
        v.used.clear();
    }
    return after_failures(std::move(v), s);
}

// Stores it, then the notes and events that follow from it. A process that dies in between leaves the notes without this
// turn, and never the customer without the answer.
void engine::impl::say(const call& c, reply r, const std::optional<conversation::handover_signal>& judgement) {
    // The lane logs what a message carries; a judgement that says no goes with the answer.
    const bool carries = judgement && !r.message.handover;
    if (carries) r.message.handover = judgement;
    const bool hands_over = r.message.handover && r.message.handover->needed;
    const auto said = say_all(parts.lane, {r.message}).front();
    if (said == stored::yes) {
        ++counters.answered;
        if (hands_over) ++counters.handed_over;
    } else {
        ++counters.refused;
    }
    const bool log = judgement && judgement->logged && !(carries && said == stored::yes);
    if (said != stored::yes && !log) return;
    const auto now = parts.clock.now();
    parts.pool.run_blocking([&, now](db::tx& t) {
        if (log) log_judgement(t, c.conversation, c.text, *judgement, false, now);
        if (said != stored::yes) return;
        if (r.after) keep_memories(t, {{c.conversation, *r.after}}, now);
        if (parts.used && !r.articles.empty()) parts.used(t, c.conversation, r.articles);
        auto events = r.events;
        if (!events.empty()) event::append(t, events);
    });
}

void engine::impl::turn(const jobs::job& j) {
    const auto c = call_of(j.payload, parts.scenarios);
    const asking_mark mark(*this, c.conversation);
    struct seen {
        bool over = false;
        memory known;
        std::vector<own_ticket> tickets;
        std::vector<spoken_line> window;
    };
    const auto facts = parts.pool.run_blocking([&](db::tx& t) {
        seen out;
        auto all = turn_facts_of(t, {c.conversation});
        const auto it = all.find(c.conversation);
        out.over = it == all.end() || it->second.handler != "bot" ||
                   said_already(t, "MSG-EV" + std::to_string(c.event));
        if (out.over) return out;
        out.known = std::move(it->second.known);
        out.tickets = own_tickets(t, c.conversation);
        out.window = window_of(t, c.conversation, c.seq, c.role->limits.window);
        return out;
    });
    if (facts.over) return;
    const auto said = read_call(c, facts.known);
    const auto found = look_up(said, facts.known, c, true);
    const situation s{c.role->limits, facts.known, said, found, facts.tickets};
    auto judgement = courteous(said) ? std::nullopt : judged(c, mark.flag());
    // Where a model judges, the others are logged here; without one the follower has done it.
    if (!judgement && parts.judge != nullptr) judgement = plain_negative(c.text, parts.person);
    if (judgement && judgement->needed) {
        ruling v;
        v.what = decision::hand_over;
        v.text = say::connecting(said.language, say::why::asked);
        v.reason = judgement->reason;
        auto r = reply_from(c, facts.known, said, std::move(v), judgement->model);
        r.message.handover.reset(); // the judgement is
        return say(c, std::move(r), judgement);
    }
    // What needs no model: manners, the customer's own tickets, a choice of what was offered, and calling a person.
    const bool simple = courteous(said) || said.what == intent::status_check ||
                        chosen(said, facts.known) != nullptr || foresee(s).what == decision::hand_over;
    std::string name = "floor";
    std::optional<ruling> v;
    if (!simple && parts.answers != nullptr) v = answered(c, s, facts.window, mark.flag(), name);
    if (name != "floor") ++counters.by_model;
    if (stopping) throw std::runtime_error("the server stops; the turn is done again after it starts");
    if (*mark.flag()) return; // somebody took the turn
    if (!v) v = decide(s);
    say(c, reply_from(c, facts.known, said, std::move(*v), name), judgement);
}

// Whoever takes the turn need not wait for a model that is still writing.
void engine::impl::end_calls(const event::entries& batch) {
    if (under_way_count == 0) return;
    const std::lock_guard lock(asking);
    for (const auto& e : *batch) {
        if (e.type != "conversation.update" || (e.now.assigned == 0 && !e.now.waiting)) continue;
        const auto [from, to] = under_way.equal_range(e.conversation);
        for (auto it = from; it != to; ++it) *it->second = true;
    }
}

} // namespace chat_centre::assistant
