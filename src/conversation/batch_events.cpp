#include "conversation/batch_events.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/staff_text.hpp>

namespace chat_centre::conversation {

event::entry message_event(const stored_message& s, const row& c, time_point now) {
    event::entry e;
    e.type = "message.new";
    e.at = now;
    e.conversation = c.id;
    e.who = event::audience::conversation_public;
    e.now = c.scope();
    e.data = to_json(s);
    e.message_seq = s.seq;
    return e;
}

void add_handover_events(std::vector<event::entry>& to, const incoming& m, const row& c, time_point now) {
    event::entry e;
    e.type = "handover.requested";
    e.at = now;
    e.conversation = c.id;
    e.who = event::audience::conversation_staff;
    e.now = c.scope();
    e.data = dump({{"conversation_id", format_id("CONV", c.id)},
                   {"reason", m.handover->reason},
                   {"reason_ar", in_arabic(m.handover->reason)},
                   {"by", std::string(to_string(m.role))},
                   {"priority", c.priority},
                   {"user_name", c.user_name}});
    to.push_back(e);
    e.type = "alert";
    const bool urgent = c.priority == "emergency" || c.priority == "high";
    const std::string& name = c.user_name.empty() ? c.user_id : c.user_name;
    e.data = dump({{"conversation_id", format_id("CONV", c.id)},
                   {"level", urgent ? "urgent" : "waiting"},
                   {"text", name + " is waiting for a person."},
                   {"text_ar", name + " بانتظار أحد الموظفين."}});
    to.push_back(std::move(e));
}

event::entry heard_event(const row& c, const std::string& text, time_point now) {
    event::entry e;
    e.type = "message.heard";
    e.at = now;
    e.conversation = c.id;
    e.who = event::audience::internal;
    e.data = dump({{"text", text}, {"language", c.language}, {"channel", c.channel}});
    return e;
}

} // namespace chat_centre::conversation
