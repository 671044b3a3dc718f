#include <chat_centre/contact/lead_follower.hpp>

#include "contact/queries.hpp"
#include "contact/rules.hpp"
#include "contact/store.hpp"

#include <chat_centre/base/ids.hpp>

#include <set>

namespace chat_centre::contact {
namespace {

void read_phones(db::tx& t, const std::string& default_country) {
    while (true) {
        db::array ids, phones, numbers;
        const auto unread = t.many(sql::unread_phones);
        for (const auto r : unread) {
            ids.add(r.get<std::int64_t>(0));
            phones.add(r.text(1));
            numbers.add(std::string_view(e164_of(r.text(1), default_country)));
        }
        // Fewer stored than read: somebody else is at them.
        if (unread.empty() || t.exec(sql::set_e164, ids, phones, numbers) < unread.size()) return;
    }
}

json context_of(const event::entry& e, const json& moved, const db::row& r) {
    const auto text = [&r](int column) { return r.is_null(column) ? json(nullptr) : json(r.text(column)); };
    return {{"title_ar", "طلب التحدث مع موظف"},
            {"event_id", e.id},
            {"seq", moved.at("seq")},
            {"channel", moved.at("channel")},
            {"priority", moved.at("priority")},
            {"reason", text(2)},
            {"by", text(3)},
            {"messages", parse_json(r.text(5))}};
}

void record_handover(db::tx& t, const event::entry& e, const json& moved, std::vector<event::entry>& news) {
    const auto conversation = moved.at("conversation_id").get<std::int64_t>();
    const auto found = t.maybe(sql::trigger_of, conversation, moved.at("seq").get<int>());
    if (!found) return;
    std::string trigger = found->is_null(0) ? "" : found->get<std::string>(0);
    if (trigger.empty()) trigger = moved.value("text", "");
    const auto contact = found->get<std::int64_t>(1);
    lock(t, contact);
    const auto by_staff = moved.value("by_staff", std::int64_t{0});
    const auto activity = t.maybe(sql::insert_activity, contact, "handover", "Handover requested", trigger,
                                  e.at, or_null(by_staff), or_null(conversation),
                                  dump(context_of(e, moved, *found)), std::optional(e.id));
    if (!activity) return; // this handover was counted before
    const auto channel = moved.at("channel").get<std::string>();
    auto l = after_handover(current_lead(t, contact), channel, trigger, e.at);
    l.contact = contact;
    if (l.id == 0)
        l.id = insert_lead(t, l, conversation);
    else
        update_lead(t, l, conversation);
    const auto activity_id = activity->get<std::int64_t>(0);
    news.push_back(changed("activity.new", "activity_id", format_id("ACT", activity_id), contact, e.at));
    news.push_back(changed("lead.update", "lead_id", format_id("LEAD", l.id), contact, e.at));
}

} // namespace

void learn(db::tx& t, const std::vector<event::entry>& events, const std::string& default_country) {
    std::set<std::int64_t> told;
    for (const auto& e : events) told.insert(json::parse(e.data).at("conversation_id").get<std::int64_t>());
    db::array ids;
    for (const auto id : told) ids.add(id);
    t.exec(sql::learn_from_conversations, ids);
    t.exec(sql::verify_whatsapp, ids);
    read_phones(t, default_country);
    std::vector<event::entry> news;
    for (const auto& e : events) {
        const json moved = json::parse(e.data);
        if (moved.at("kind") == "handover") record_handover(t, e, moved, news);
    }
    if (!news.empty()) event::append(t, news);
}

lead_follower::lead_follower(db::settings s, std::string default_country)
    : follower_(std::move(s), "contact", {"conversation.moved"},
                [country = std::move(default_country)](db::tx& t, const std::vector<event::entry>& e) {
                    learn(t, e, country);
                }) {}

} // namespace chat_centre::contact
