// Which messages the rules have to look at. Every message of a customer passes here on the I/O thread, so the words are
// folded beforehand.

#include <chat_centre/routing/routing.hpp>

#include "routing/store.hpp"
#include "routing/words.hpp"

#include <chat_centre/base/text.hpp>
#include <chat_centre/event/event.hpp>

#include <algorithm>

namespace chat_centre::routing {

struct message_screen::gate {
    rule what;
    std::vector<folded_word> words; // one of them must be there; none: ask the rule itself
    bool judged = false;            // needs the sentiment or severity
    bool critical_only = false;     // no text that is not critical can match
};

namespace {

bool about(const rule& r, std::string_view event) {
    return r.active && std::find(r.events.begin(), r.events.end(), event) != r.events.end();
}

} // namespace

message_screen::message_screen(text_judges judges) : judges_(std::move(judges)) {}
message_screen::~message_screen() = default;

void message_screen::learn(db::tx& t) {
    const auto head = event::head(t);
    auto fresh = std::make_shared<gates>();
    for (auto& r : rules(t)) {
        if (!about(r, "message")) continue;
        gate g;
        for (const auto& c : r.conditions) {
            g.judged = g.judged || c.field == "sentiment" || c.field == "severity";
            g.critical_only = g.critical_only ||
                              (r.match_all && c.field == "severity" && c.op == "is" && c.value == "critical");
            if (!r.match_all || !g.words.empty() || c.field != "text" || c.op == "has_none") continue;
            for (const auto& word : c.value) g.words.push_back(fold_word(word.get<std::string>()));
        }
        g.what = std::move(r);
        fresh->push_back(std::move(g));
    }
    gates_.put(head, std::move(fresh));
}

bool message_screen::concerns(std::string_view text, std::string_view channel) const {
    const auto now = gates_.get();
    if (now->empty()) return false;
    const std::string folded = fold_text(text);
    std::optional<facts> f;
    const auto may = [&](const gate& g) {
        if (!g.words.empty())
            return std::any_of(g.words.begin(), g.words.end(),
                               [&](const auto& w) { return holds(folded, w); });
        if (g.judged && !judges_.severity && !judges_.sentiment) return false;
        if (g.critical_only && judges_.may_be_critical && !judges_.may_be_critical(text, folded))
            return false;
        if (!f) {
            f.emplace();
            f->event = "message";
            f->text = text;
            f->channel = channel;
            f->language = detect_language(text);
            if (judges_.sentiment) f->sentiment = judges_.sentiment(f->text);
            if (judges_.severity) f->severity = judges_.severity(f->text);
        }
        return may_match(g.what, *f);
    };
    return std::any_of(now->begin(), now->end(), may);
}

} // namespace chat_centre::routing
