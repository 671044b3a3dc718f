#include "macro/run.hpp"

#include "macro/steps.hpp"

#include <chat_centre/base/ids.hpp>

#include <algorithm>

namespace chat_centre::macro {
namespace {

using conversation::staff_act;

std::string names(const std::vector<std::string>& list) {
    std::string out;
    for (const auto& n : list) out += (out.empty() ? "" : ", ") + n;
    return out;
}

std::string filled(const std::string& body, const variables& values, std::size_t step) {
    auto made = render(body, values);
    if (made.complete()) return std::move(made.text);
    const std::string field = "steps[" + std::to_string(step) + "].value";
    if (!made.unknown.empty())
        throw error::unprocessable(field, "names what does not exist: " + names(made.unknown));
    throw error::unprocessable(field, "cannot be filled here, there is no " + names(made.empty));
}

record do_step(db::tx& t, const http::request& r, const macro_step& s, const std::string& text,
               std::int64_t id, time_point now, std::vector<event::entry>& events) {
    record done = to_json(s);
    const auto before = conversation::lock_visible(t, r.who, id);
    if (s.what == "note") {
        const json note = conversation::add_note(t, r, before, text, "note", now, events);
        done["note"] = parse_id("NOTE", note["note_id"].get<std::string>()).value();
        return done;
    }
    const auto act = act_of(s.what).value();
    const auto after = conversation::act_as_staff(t, r, id, act, s.value, now, events);
    if (after.version == before.version) return nullptr; // it was so already
    if (changes_standing(s.what)) {
        done["before"] = conversation::standing_of(before);
        done["after"] = conversation::standing_of(after);
    }
    if (s.what == "priority") done["was"] = before.priority;
    if (s.what == "category") done["was"] = before.category.value_or("");
    return done;
}

// Why a step stays as it is; "" when it was undone.
std::string undo_standing(db::tx& t, const http::request& r, const record& s, std::int64_t id, time_point now,
                          std::vector<event::entry>& events) {
    using conversation::restored;
    switch (conversation::restore_as_staff(t, r, id, s.at("before"), s.at("after"), now, events)) {
    case restored::done: return {};
    case restored::closed: return "A closed conversation stays closed.";
    case restored::moved_on: return "Somebody has gone on with the conversation since.";
    }
    return {};
}

std::string undo_value(db::tx& t, const http::request& r, const record& s, const std::string& present,
                       staff_act act, std::int64_t id, time_point now, std::vector<event::entry>& events) {
    if (present != s.at("value").get_ref<const std::string&>()) return "It was changed again since.";
    conversation::act_as_staff(t, r, id, act, s.at("was").get<std::string>(), now, events);
    return {};
}

std::string undo_tag(db::tx& t, const http::request& r, const conversation::row& c, const record& s,
                     time_point now, std::vector<event::entry>& events) {
    const auto& tag = s.at("value").get_ref<const std::string&>();
    const bool was_added = s.at("do") == "tag";
    const bool there = std::find(c.tags.begin(), c.tags.end(), tag) != c.tags.end();
    if (there != was_added) return "It was changed again since.";
    conversation::act_as_staff(t, r, c.id, was_added ? staff_act::untag : staff_act::tag, tag, now, events);
    return {};
}

std::string undo_one(db::tx& t, const http::request& r, const record& s, std::int64_t id, time_point now,
                     std::vector<event::entry>& events) {
    const auto what = s.at("do").get<std::string>();
    if (what == "send") return "A message that was sent stays sent.";
    if (changes_standing(what)) return undo_standing(t, r, s, id, now, events);
    std::optional<conversation::row> c;
    try {
        c = conversation::lock_visible(t, r.who, id);
    } catch (const error&) {
        return "You do not see the conversation any more.";
    }
    if (what == "note")
        return conversation::remove_note(t, r, *c, s.at("note").get<std::int64_t>(), now, events)
                   ? ""
                   : "The note is gone already.";
    if (what == "priority") return undo_value(t, r, s, c->priority, staff_act::priority, id, now, events);
    if (what == "category")
        return undo_value(t, r, s, c->category.value_or(""), staff_act::category, id, now, events);
    return undo_tag(t, r, *c, s, now, events);
}

} // namespace

prepared prepare(db::tx& t, const http::request& r, std::int64_t macro, std::int64_t conversation,
                 const company_names& company) {
    auto found = find_macro(t, macro);
    if (!found) throw error::not_found("There is no such macro.");
    const auto c = conversation::find_visible(t, r.who, conversation);
    const auto language = language_in(t, c);
    const auto values = variables_of(c, r.who, company, language);
    prepared p;
    p.macro = std::move(*found);
    for (std::size_t i = 0; i < p.macro.steps.size(); ++i) {
        const auto& s = p.macro.steps[i];
        std::string body = s.what == "send" || s.what == "note" ? s.value : std::string{};
        if (const auto shortcut = template_named(s)) {
            const auto text = find_template(t, *shortcut);
            if (!text)
                throw error::unprocessable("steps[" + std::to_string(i) + "].value",
                                           "there is no template with the shortcut " + *shortcut);
            body = body_in(*text, language);
            p.templates.push_back(text->id);
        }
        p.texts.push_back(body.empty() ? body : filled(body, values, i));
    }
    return p;
}

void do_segment(db::tx& t, const http::request& r, const prepared& p, const std::vector<std::size_t>& steps,
                std::int64_t conversation, time_point now, record& done, std::vector<event::entry>& events) {
    for (const auto i : steps) {
        auto one = do_step(t, r, p.macro.steps[i], p.texts[i], conversation, now, events);
        if (!one.is_null()) done.push_back(std::move(one));
    }
}

undone undo_steps(db::tx& t, const http::request& r, const record& done, std::int64_t conversation,
                  time_point now, std::vector<event::entry>& events) {
    undone out;
    const auto pass = [&](bool standing) {
        for (auto s = done.rbegin(); s != done.rend(); ++s) {
            if (changes_standing(s->at("do").get_ref<const std::string&>()) != standing) continue;
            const auto why = undo_one(t, r, *s, conversation, now, events);
            json step = {{"do", s->at("do")}, {"value", s->at("value")}};
            if (!why.empty()) step["why"] = why;
            (why.empty() ? out.undone : out.not_undone).push_back(std::move(step));
        }
    };
    pass(true);
    pass(false);
    return out;
}

} // namespace chat_centre::macro
