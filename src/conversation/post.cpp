// A message from somebody signed in: staff who hold the conversation, or its customer.

#include <chat_centre/conversation/service.hpp>

#include "conversation/store.hpp"

#include <chat_centre/base/fields.hpp>
#include <chat_centre/base/ids.hpp>

#include <utility>

namespace chat_centre::conversation {
namespace {

constexpr std::size_t most_characters = 16'000;
constexpr double outright = 0.85; // from here on a text asks for a person and nothing else

struct looked {
    row conversation;
    std::int64_t beside = 0;
    bool guided = false;
};

void check_text(const std::string& text) {
    if (is_blank(text)) throw error::unprocessable("message", "must not be empty");
    if (count_characters(text) > most_characters)
        throw error::unprocessable("message",
                                   "must have at most " + std::to_string(most_characters) + " characters");
    if (text.find('\0') != std::string::npos)
        throw error::unprocessable("message", "must not hold NUL characters");
}

// A retry with the same client_message_id gives the same id, and so finds the first one.
std::string message_id_for(const principal& who, std::int64_t conversation,
                           const std::string& client_message_id) {
    if (client_message_id.empty()) return "MSG-" + random_id(20);
    const std::string whose = who.kind == caller::staff ? format_id("STF", who.staff) : "customer";
    return "MSG-" +
           sha256_base64url(whose + "|" + std::to_string(conversation) + "|" + client_message_id).substr(0, 24);
}

} // namespace

boost::asio::awaitable<receipt> post_message(surroundings& s, principal who, std::int64_t id, std::string text,
                                             std::string client_message_id, std::string idempotency_key) {
    check_text(text);
    auto look = [&s, who, id](db::tx& t) {
        row found = find_visible(t, who, id);
        // The lane judges it under the conversation's lock: the colleague may have passed it on by then.
        const bool asks = s.joined_with && who.may(permission::supervise) && found.assigned != who.staff;
        const auto with = asks ? s.joined_with(t, id, who.staff) : 0;
        const bool led = s.guided && who.kind == caller::customer && s.guided(t, id);
        return looked{std::move(found), with, led};
    };
    const auto [c, beside, guided] = co_await s.pool.run(std::move(look));

    incoming m;
    m.channel = c.channel;
    m.user_id = c.user_id;
    m.conversation = id;
    m.message_id = message_id_for(who, id, client_message_id);
    m.body_hash = hash64(text);
    m.text = std::move(text);
    m.client_message_id = std::move(client_message_id);
    if (!idempotency_key.empty())
        m.idempotency_key =
            sha256_base64url(std::to_string(static_cast<int>(who.kind)) + "|" + std::to_string(who.staff) +
                             "|" + std::to_string(id) + "|" + idempotency_key);
    if (who.kind == caller::staff) {
        m.role = speaker::staff;
        m.sender = who.name;
        m.staff = who.staff;
        m.beside = beside;
    } else {
        m.role = speaker::user;
        m.sender = c.user_name.empty() ? "user" : c.user_name;
        if (s.screen) m.handover = s.screen(m.text, m.role);
        // Answers to its questions ("skip") mean little by themselves: a phrase counts, a likeness does not.
        if (guided && m.handover && (m.handover->confidence < outright || m.handover->model != "patterns"))
            m.handover->needed = false;
        // It passes emergencies on itself, before anything else, with what it knows by then.
        if (guided && m.handover && m.handover->emergency) m.handover.reset();
        if (s.concerns_rules && !guided) m.concerns_rules = s.concerns_rules(m.text, m.channel);
    }
    receipt r = co_await s.lane.append(std::move(m));
    if (who.kind == caller::staff && s.delivery) r.delivery = s.delivery(c);
    if (who.kind == caller::staff && !r.duplicate) {
        // Writing is reading: what came before the answer is not unread any more.
        const int seq = r.message.seq;
        const bool unsent = s.delivery && s.keep_unsent && s.delivery(c) == not_configured;
        auto mark = [&s, who, id, seq, unsent, of = c, said = r.message](db::tx& t) {
            mark_read(t, who.staff, id, seq);
            if (unsent) s.keep_unsent(t, of, said, s.clock.now());
        };
        co_await s.pool.run(std::move(mark));
    }
    co_return r;
}

} // namespace chat_centre::conversation
