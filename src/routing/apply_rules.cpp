#include "routing/apply_rules.hpp"

#include "routing/queries.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/text.hpp>
#include <chat_centre/conversation/server_actions.hpp>
#include <chat_centre/event/notice.hpp>

#include <algorithm>
#include <set>

namespace chat_centre::routing {
namespace {

std::int64_t minutes_between(time_point from, time_point to) {
    return std::chrono::floor<std::chrono::minutes>(to - from).count();
}

facts cheap_facts(const occasion& o, const text_judges& judges) {
    facts f;
    f.event = o.event;
    f.text = o.text;
    f.language = o.language.empty() ? std::string(detect_language(o.text)) : o.language;
    f.channel = o.channel;
    if (judges.sentiment) f.sentiment = judges.sentiment(o.text);
    if (judges.severity) f.severity = judges.severity(o.text);
    return f;
}

facts all_facts(db::tx& t, const conversation::row& c, const occasion& o, const text_judges& judges,
                time_point now) {
    occasion whole = o;
    // The message that began it may be the assistant's greeting.
    if (o.text.empty() || o.event == "new") whole.text = t.scalar<std::string>(sql::customer_words, c.id);
    whole.language = c.language;
    whole.channel = c.channel;
    facts f = cheap_facts(whole, judges);
    f.category = c.category.value_or("");
    f.department = c.department_slug;
    f.priority = c.priority;
    f.status = c.status;
    f.handler = c.handler;
    f.name = c.user_name;
    f.email = c.user_email;
    f.phone = c.user_phone;
    f.tags = c.tags;
    if (const auto contact = t.maybe(sql::contact_facts, c.contact))
        f.contact = json::parse(contact->text(0));
    const auto queue = c.department != 0 ? c.department : default_department(t);
    if (const auto d = find_desk(t, queue)) f.open = is_open(d->open, now);
    if (c.status == "pending" && c.waiting_since) f.minutes_waiting = minutes_between(*c.waiting_since, now);
    f.minutes_since_start = minutes_between(c.created_at, now);
    const auto last = t.scalar<std::optional<time_point>>(sql::last_customer_message, c.id);
    if (last) f.minutes_since_message = minutes_between(*last, now);
    return f;
}

event::entry ticket_wanted(std::int64_t conversation, const std::string& source, const std::string& reason,
                           time_point now) {
    event::entry e;
    e.type = "ticket.wanted";
    e.at = now;
    e.conversation = conversation;
    e.who = event::audience::internal;
    e.data = dump({{"conversation_id", conversation}, {"source", source}, {"reason", reason}});
    return e;
}

std::string names_of(const evaluation& e) {
    std::string out;
    for (const auto& t : e.trace)
        if (t.matched) out += (out.empty() ? "" : "; ") + t.name;
    return out;
}

// What a rule puts into a department that has nobody would be seen by nobody: it stays where everybody sees it.
std::optional<std::int64_t> department_for(db::tx& t, const outcome& o, evaluation& e) {
    if (!o.department) return std::nullopt;
    const auto id = department_id(t, *o.department);
    if (id != 0 && t.scalar<bool>(sql::has_agents, id)) return id;
    for (auto& rule : e.trace)
        for (const auto& a : rule.actions)
            if (a.verb == "department")
                rule.note = {"there are no agents in " + *o.department + ", so everybody's queue keeps it",
                             "لا يوجد موظفون في " + *o.department + "، فتبقى في قائمة الجميع"};
    return std::nullopt;
}

void act(db::tx& t, const conversation::row& c, evaluation& e, const std::string& category, time_point now,
         std::vector<event::entry>& events) {
    const outcome& o = e.result;
    const std::string reason = names_of(e);
    conversation::labels labels;
    labels.department = department_for(t, o, e);
    labels.priority = o.priority;
    labels.category = o.category ? o.category : category.empty() ? std::nullopt : std::optional(category);
    labels.add_tags = o.tags;
    for (const auto& field : o.required) labels.add_tags.push_back("needs-" + field);
    conversation::label_by_server(t, c.id, labels, reason.empty() ? "its words" : reason, now, events);
    // Before the handover, which opens a ticket too: a ticket says what caused it.
    if (o.ticket && !t.scalar<bool>(sql::ticket_asked_for, c.id))
        events.push_back(ticket_wanted(c.id, *o.ticket, reason, now));
    if (o.hand_over) conversation::hand_over_by_server(t, c.id, *o.hand_over, now, events);
    for (const auto& text : o.notices) {
        event::notice n;
        n.kind = "routing.rule";
        n.level = "warning";
        n.conversation = c.id;
        n.title_en = n.title_ar = text;
        n.body_en = n.body_ar = format_id("CONV", c.id) + " " + c.user_name;
        n.to_all_managers = c.department == 0 && !labels.department;
        if (!n.to_all_managers) n.to_managers_of = {labels.department.value_or(c.department)};
        events.push_back(event::notice_entry(n, now));
    }
    if (e.fired.empty()) return;
    json trace = json::array();
    for (const auto& one : e.trace)
        if (one.matched) trace.push_back(to_json(one));
    record(t, {c.id, "rules", 0, {reason, reason}, std::move(trace)}, now);
}

} // namespace

void apply_rules(db::tx& t, const std::vector<rule>& all, const occasion& o, const text_judges& judges,
                 time_point now, std::vector<event::entry>& events) {
    std::vector<rule> open;
    const facts known = cheap_facts(o, judges);
    const bool all_said = o.text.empty();
    for (const auto& r : all) {
        if (o.only_rule != 0 && r.id != o.only_rule) continue;
        if (!r.active || std::find(r.events.begin(), r.events.end(), o.event) == r.events.end()) continue;
        if (all_said || may_match(r, known)) open.push_back(r);
    }
    const bool categorise = o.event == "handover";
    if (open.empty() && !categorise) return;

    const auto c = conversation::lock_for_server(t, o.conversation);
    if (!c || c->status == "closed") return;
    facts f = all_facts(t, *c, o, judges, now);
    const auto known_categories = categories(t, 0, INT64_MAX);
    std::string category;
    if (categorise && f.category.empty()) {
        if (const auto* found = detect_category(known_categories, f.text))
            f.category = category = found->slug;
    }
    for (const auto& k : known_categories)
        if (k.slug == f.category) f.category_department = k.department;

    std::set<std::int64_t> before;
    for (const auto r : t.many(sql::fired_rules, c->id, o.event)) before.insert(r.get<std::int64_t>(0));
    auto result = evaluate(open, std::move(f), before);
    if (result.fired.empty() && category.empty()) return;
    if (!result.fired.empty()) {
        db::array fired;
        for (const auto id : result.fired) fired.add(id);
        t.exec(sql::add_firings, c->id, fired, o.event, now);
    }
    act(t, *c, result, category, now, events);
}

void schedule_time_rules(db::tx& t, const std::vector<rule>& all, std::int64_t conversation,
                         const std::string& field, time_point from, time_point now) {
    for (const auto& r : all) {
        if (!r.active || std::find(r.events.begin(), r.events.end(), "time") == r.events.end()) continue;
        for (const auto& c : r.conditions)
            if (c.field == field && c.op == "at_least")
                jobs::schedule(t, time_job, std::to_string(conversation) + ":" + std::to_string(r.id),
                               from + std::chrono::minutes(c.value.get<std::int64_t>()),
                               {{"conversation", conversation}, {"rule", r.id}}, now);
    }
}

} // namespace chat_centre::routing
