#include "conversation/batch_rules.hpp"

#include <chat_centre/base/ids.hpp>

namespace chat_centre::conversation {
namespace {

constexpr std::size_t preview_bytes = 240;

bool take(std::string& field, const std::string& given) {
    if (given.empty() || field == given) return false;
    field = given;
    return true;
}

} // namespace

std::string preview(const std::string& text) {
    if (text.size() <= preview_bytes) return text;
    std::size_t cut = preview_bytes;
    while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U) --cut;
    return text.substr(0, cut) + "…";
}

const std::string& words_judged(const incoming& m) {
    return m.handover && !m.handover->about.empty() ? m.handover->about : m.text;
}

incoming with_person(incoming m, const row& old) {
    for (auto [to, from] : {std::pair{&m.user_name, &old.user_name},
                            {&m.user_email, &old.user_email},
                            {&m.user_phone, &old.user_phone},
                            {&m.language, &old.language}})
        if (to->empty()) *to = *from;
    if (!m.own_brain) m.own_brain = old.own_assistant;
    return m;
}

error closed_to_others() {
    return {409, "This conversation is closed",
            "Only the customer can go on; their next message opens a new one."};
}

void check_turn(const incoming& m, const row& c) {
    if (m.history) return;
    if (m.role == speaker::ai || m.own_assistant) {
        // What another system's assistant has said while people wait is still recorded. Ours answers only in its
        // turn, and says that a person is coming (a system message) only while nobody has come.
        const bool allowed = !m.own_assistant            ? c.handler != "staff"
                             : m.role == speaker::system ? c.handler == "queue"
                                                         : c.handler == "bot";
        if (!allowed)
            throw error{409, "Staff has this conversation",
                        "The assistant may not speak until staff hand the conversation back."};
    }
    if (m.role == speaker::staff && m.staff != 0) {
        if (c.status == "resolved")
            throw error{409, "This conversation is resolved", "Reopen it before you write in it."};
        if (c.assigned == 0)
            throw error{409, "Nobody has taken this conversation", "Take it over first, then answer."};
        if (c.assigned != m.staff && c.assigned != m.beside) {
            error e{409, "A colleague has this conversation",
                    c.assigned_name + " has it. Take it over to answer."};
            throw e;
        }
    }
}

bool update_person(const incoming& m, row& c) {
    bool changed = take(c.user_name, m.user_name);
    changed = take(c.user_email, m.user_email) || changed;
    changed = take(c.user_phone, m.user_phone) || changed;
    changed = take(c.language, m.language) || changed;
    changed = take(c.priority, m.priority) || changed;
    if (m.own_brain && *m.own_brain != c.own_assistant) {
        c.own_assistant = *m.own_brain;
        changed = true;
    }
    if (!m.category.empty() && c.category != m.category) {
        c.category = m.category;
        changed = true;
    }
    return changed;
}

bool raises_alarm(const incoming& m, const row& c) {
    return m.role == speaker::user && !m.history && m.handover && m.handover->emergency &&
           c.handler == "queue" && c.priority != "emergency";
}

bool wakes_assistant(const incoming& m, const row& c, bool in_need) {
    return m.role == speaker::user && !m.history && c.own_assistant && (in_need || c.handler == "bot");
}

} // namespace chat_centre::conversation
