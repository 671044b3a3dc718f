#include "assistant/turn.hpp"

#include "assistant/wording.hpp"

#include <chat_centre/base/text.hpp>

#include <algorithm>
#include <optional>

namespace chat_centre::assistant {
namespace {

constexpr double alike = 0.75;    // from here on two questions are the same one
constexpr double close_by = 0.08; // scores that do not tell two articles apart
constexpr double no_answer = 0.1; // confidence of "I do not know"
constexpr std::size_t most_offered = 3;
// Words that are no question are a sign of trouble later than questions are.
constexpr int patience_with_statements = 2;

bool is_repeat(const asked_question& q, const reading& said) {
    return likeness(q.content, said.content) >= alike;
}

int times_asked(const situation& s) {
    for (const auto& q : s.known.asked)
        if (is_repeat(q, s.said)) return q.times + 1;
    return 1;
}

ruling speak(std::string text, double confidence, bool sure = true) {
    ruling v;
    v.text = std::move(text);
    v.confidence = confidence;
    v.sure = sure;
    return v;
}

ruling call_a_person(const reading& said, say::why cause, std::string reason) {
    ruling v;
    v.what = decision::hand_over;
    v.text = say::connecting(said.language, cause);
    v.confidence = 1;
    v.reason = std::move(reason);
    v.sure = cause == say::why::asked;
    v.low_confidence = cause == say::why::unsure;
    return v;
}

offered_choice choice_of(const article_hit& f) {
    return {f.article, f.title, f.language, f.category, cut_text(f.passage, memory::longest_passage)};
}

ruling say_passage(const situation& s, article_hit f, double confidence) {
    const bool again = times_asked(s) > 1;
    const bool upset = s.said.what == intent::complaint && s.said.mood.label == "negative";
    ruling v =
        speak(say::passage(s.said.language, {f.passage, f.title, f.language, again, upset}), confidence);
    v.used.push_back(std::move(f));
    return v;
}

// Of several titles only one is of use: translations and sections of one article are the same choice.
std::vector<article_hit> to_offer(const std::vector<article_hit>& found, double at_least) {
    std::vector<article_hit> out;
    for (const auto& f : found) {
        const bool known = std::any_of(out.begin(), out.end(), [&f](const article_hit& o) {
            return o.article == f.article || o.title == f.title;
        });
        if (f.score >= at_least && !known && out.size() < most_offered) out.push_back(f);
    }
    return out;
}

ruling offer(const situation& s, std::vector<article_hit> some, decision how) {
    std::vector<std::string> titles;
    titles.reserve(some.size());
    for (const auto& f : some) titles.push_back(f.title);
    const auto& language = s.said.language;
    ruling v =
        speak(how == decision::ask ? say::which_one(language, titles) : say::these_may_help(language, titles),
              some.front().score, false);
    v.what = how;
    for (const auto& f : some) v.offered.push_back(choice_of(f));
    v.used = std::move(some);
    return v;
}

ruling look_up(const situation& s) {
    const auto& found = s.found;
    const auto& limits = s.limits;
    if (found.empty() || found.front().score < limits.suggest) {
        ruling v;
        if (s.said.what == intent::other) {
            v = speak(say::noted(s.said.language), no_answer, false);
        } else {
            v = speak(say::tell_me_more(s.said.language, s.said.mood.label == "negative"), no_answer, false);
            v.what = decision::ask;
        }
        return v;
    }
    auto some = to_offer(found, limits.suggest);
    if (found.front().score >= limits.answer) {
        // Two good articles that the words do not tell apart: better to ask than to answer the wrong one. One word or
        // two ("documents", "how much?") are what people write when they do not know what to ask for.
        const bool vague = s.said.content.size() <= 2 && !s.said.leans_back;
        const bool close = some.size() > 1 && some[1].score >= limits.answer &&
                           some[0].score - some[1].score < close_by && some[0].score < 0.95;
        // What is being spoken of tells them apart: "which documents?" after a question about scholarships.
        const bool topic = close && !s.known.category.empty() && some[0].category == s.known.category &&
                           some[1].category != s.known.category;
        if (!(vague && close) || topic) return say_passage(s, found.front(), found.front().score);
        return offer(s, std::move(some), decision::ask);
    }
    return offer(s, std::move(some), decision::suggest);
}

std::string reference_meant(const situation& s) {
    if (!s.said.reference.empty()) return s.said.reference;
    return s.known.references.empty() ? std::string() : s.known.references.back();
}

ruling tell_status(const situation& s) {
    const auto& language = s.said.language;
    const std::string reference = reference_meant(s);
    const auto mine = std::find_if(s.tickets.begin(), s.tickets.end(),
                                   [&](const own_ticket& t) { return t.id == reference; });
    const auto* ticket = mine != s.tickets.end()                   ? &*mine
                         : reference.empty() && !s.tickets.empty() ? &s.tickets.front()
                                                                   : nullptr;
    if (ticket != nullptr)
        return speak(say::ticket_status(language, {ticket->id, ticket->subject, ticket->status, ticket->day}),
                     0.95);
    // Somebody else's, or another system's: whoever writes here has not shown that it is theirs.
    if (!reference.empty())
        return call_a_person(s.said, say::why::reference, "The customer asks about: “" + reference + "”");
    if (!s.found.empty() && s.found.front().score >= s.limits.answer)
        return say_passage(s, s.found.front(), s.found.front().score);
    ruling v = speak(say::which_reference(language), 0.3, false);
    v.what = decision::ask;
    return v;
}

std::string first_name(const situation& s) { return s.known.name.substr(0, s.known.name.find(' ')); }

// nullopt: an article may know more.
std::optional<ruling> answer_aside(const situation& s) {
    const auto& language = s.said.language;
    const auto unsure = [](std::string text) {
        ruling v = speak(std::move(text), no_answer, false);
        v.what = decision::ask;
        return v;
    };
    switch (s.said.small_talk) {
    case aside::none: return std::nullopt;
    case aside::who: return speak(say::who_i_am(language), 1);
    case aside::introduction: return speak(say::nice_to_meet_you(language, s.said.name), 1);
    case aside::no_person: return speak(say::without_a_person(language), 1);
    case aside::help: return unsure(say::ask_away(language));
    case aside::insult: return unsure(say::keep_calm(language));
    case aside::unreadable:
        if (!s.found.empty() && s.found.front().score >= s.limits.suggest) return std::nullopt;
        return unsure(say::not_readable(language));
    case aside::number: break;
    }
    ruling v = unsure(say::no_such_number(language, s.known.offered.size()));
    v.offered = s.known.offered;
    return v;
}

} // namespace

std::string_view to_string(decision d) {
    switch (d) {
    case decision::answer: return "answer";
    case decision::ask: return "ask";
    case decision::suggest: return "suggest";
    case decision::hand_over: break;
    }
    return "hand_over";
}

std::string query_for(const reading& said, const memory& known) {
    if (!said.leans_back || known.topic.empty()) return said.query;
    // "and for medical?" after "which documents do I need for the scholarship?": the old question, without what it was
    // about, and with the new words.
    std::string out = said.query;
    for (const auto& w : content_words(known.topic))
        if (std::find(known.topic_words.begin(), known.topic_words.end(), w) == known.topic_words.end())
            out += " " + w;
    return out;
}

void keep_to_topic(std::vector<article_hit>& found, const reading& said, const memory& known) {
    constexpr std::size_t short_one = 4; // words that say something
    constexpr double worth = 0.15;
    if (known.category.empty() || said.content.size() > short_one) return;
    for (auto& h : found)
        if (h.category == known.category) h.score = std::min(1.0, h.score + worth);
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.score > b.score; });
}

const offered_choice* chosen(const reading& said, const memory& known) {
    if (known.offered.empty()) return nullptr;
    if (said.choice > 0)
        return static_cast<std::size_t>(said.choice) <= known.offered.size()
                   ? &known.offered[static_cast<std::size_t>(said.choice) - 1]
                   : nullptr;
    if (said.yes && known.offered.size() == 1) return &known.offered.front();
    const auto folded = fold_text(said.text);
    for (const auto& c : known.offered)
        if (fold_text(c.title) == folded) return &c;
    return nullptr;
}

ruling foresee(const situation& s) {
    if (s.said.what == intent::human)
        return call_a_person(s.said, say::why::asked, "The customer asked for a person.");
    if (s.said.mood.score <= s.limits.mood)
        return call_a_person(s.said, say::why::mood, "The customer is upset: " + s.said.mood.because);
    const bool wants = s.said.what == intent::question || s.said.what == intent::complaint ||
                       s.said.what == intent::status_check;
    if (wants && s.said.mood.label == "negative" && s.known.upset + 1 >= 3)
        return call_a_person(s.said, say::why::mood, "The customer is upset: " + s.said.mood.because);
    if (wants && !s.said.content.empty() && times_asked(s) >= s.limits.repetitions)
        return call_a_person(s.said, say::why::repeated,
                             "The customer asked again: “" + cut_text(s.said.text, 200) + "”");
    return speak({}, 1);
}

ruling after_failures(ruling v, const situation& s) {
    if (v.sure || v.what == decision::hand_over) return v;
    const int limit = s.limits.failures + (s.said.what == intent::other ? patience_with_statements : 0);
    if (s.known.unsure + 1 < limit) return v;
    return call_a_person(s.said, say::why::unsure,
                         "The assistant had no sure answer to: “" + cut_text(s.said.text, 200) + "”");
}

ruling decide(const situation& s) {
    if (auto early = foresee(s); early.what == decision::hand_over) return early;
    if (const auto* c = chosen(s.said, s.known)) {
        article_hit f{c->article, {}, c->title, c->language, c->category, c->passage, 1};
        return say_passage(s, std::move(f), 0.95);
    }
    if (auto aside = answer_aside(s)) return after_failures(std::move(*aside), s);
    switch (s.said.what) {
    case intent::greeting: return speak(say::hello(s.said.language, first_name(s)), 1);
    case intent::thanks: return speak(say::you_are_welcome(s.said.language), 1);
    case intent::goodbye: return speak(say::goodbye(s.said.language), 1);
    case intent::status_check: return after_failures(tell_status(s), s);
    case intent::question:
    case intent::complaint:
    case intent::human:
    case intent::other: break;
    }
    return after_failures(look_up(s), s);
}

memory remember(memory known, const reading& said, const ruling& v, int seq) {
    known.seq = seq;
    known.language = said.language;
    if (!said.name.empty()) known.name = cut_text(said.name, 60);
    known.upset = said.mood.label == "negative" ? known.upset + 1 : 0;
    const bool courtesy =
        said.what == intent::greeting || said.what == intent::thanks || said.what == intent::goodbye;
    // After a hand-over the count begins anew: when staff hand back, the assistant gets a fresh chance.
    if (v.what == decision::hand_over)
        known.unsure = 0;
    else if (!courtesy)
        known.unsure = v.sure ? 0 : known.unsure + 1;
    if (!said.reference.empty()) {
        auto& all = known.references;
        all.erase(std::remove(all.begin(), all.end(), said.reference), all.end());
        all.push_back(said.reference);
        if (all.size() > memory::most_references) all.erase(all.begin());
    }
    const bool picked = chosen(said, known) != nullptr;
    known.offered = v.offered;
    if (courtesy || said.content.empty() || (picked && said.choice > 0)) return known;

    const std::string answer =
        v.what == decision::answer && v.sure && !v.used.empty() ? v.used.front().title : "";
    const auto same = std::find_if(known.asked.begin(), known.asked.end(),
                                   [&said](const auto& q) { return is_repeat(q, said); });
    if (same != known.asked.end()) {
        ++same->times;
        if (!answer.empty()) same->answer = answer;
        std::rotate(same, same + 1, known.asked.end());
    } else if (said.what != intent::other) {
        known.asked.push_back({cut_text(said.text, memory::longest_text), said.content, 1, answer});
        if (known.asked.size() > memory::most_asked) known.asked.erase(known.asked.begin());
    }
    if (!said.leans_back && said.what != intent::other)
        known.topic = cut_text(said.query, memory::longest_text);
    if (!v.used.empty()) {
        known.topic_words = content_words(v.used.front().title + " " + v.used.front().category);
        known.category = v.used.front().category;
    }
    return known;
}

} // namespace chat_centre::assistant
