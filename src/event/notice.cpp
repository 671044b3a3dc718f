#include <chat_centre/event/notice.hpp>

#include <chat_centre/base/json.hpp>

namespace chat_centre::event {

entry notice_entry(const notice& n, time_point now) {
    entry e;
    e.type = "notice.wanted";
    e.at = now;
    e.conversation = n.conversation;
    e.who = audience::internal;
    e.data = dump({{"kind", n.kind},
                   {"level", n.level},
                   {"key", n.key},
                   {"to_staff", n.to_staff},
                   {"to_managers_of", n.to_managers_of},
                   {"to_all_managers", n.to_all_managers},
                   {"conversation", n.conversation},
                   {"ticket", n.ticket},
                   {"title_en", n.title_en},
                   {"title_ar", n.title_ar},
                   {"body_en", n.body_en},
                   {"body_ar", n.body_ar}});
    return e;
}

notice read_notice(const entry& e) {
    const json j = json::parse(e.data);
    notice n;
    j.at("kind").get_to(n.kind);
    j.at("level").get_to(n.level);
    j.at("key").get_to(n.key);
    j.at("to_staff").get_to(n.to_staff);
    j.at("to_managers_of").get_to(n.to_managers_of);
    j.at("to_all_managers").get_to(n.to_all_managers);
    j.at("conversation").get_to(n.conversation);
    j.at("ticket").get_to(n.ticket);
    j.at("title_en").get_to(n.title_en);
    j.at("title_ar").get_to(n.title_ar);
    j.at("body_en").get_to(n.body_en);
    j.at("body_ar").get_to(n.body_ar);
    return n;
}

} // namespace chat_centre::event
