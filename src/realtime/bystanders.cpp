// Who looks at a conversation and who types in it: told to the others there, never stored.

#include "hub_impl.hpp"

#include <chat_centre/base/error.hpp>

namespace chat_centre::realtime {

namespace asio = boost::asio;

namespace {

constexpr std::size_t most_places = 50; // conversations one socket may be in at once

} // namespace

participant hub::impl::participant_of(const client& c) { return {c.who.staff, c.who.name}; }

// Throws when they cannot be there at all; whether staff may see the conversation is another question.
std::int64_t hub::impl::place_of(const client& c, const client_frame& f) {
    const std::int64_t conversation = f.conversation != 0 ? f.conversation : c.bound;
    if (conversation == 0) throw error::unprocessable("conversation_id", "is required");
    if (c.who.kind == caller::customer) {
        if (conversation != c.who.conversation) throw error::not_found("There is no such conversation.");
        if (f.type == frame_type::viewing) throw error::forbidden("Only staff say what they are viewing.");
    }
    return conversation;
}

// Without a question to anybody, which is nearly always so. False: it takes appear().
bool hub::impl::appear_at_once(client& c, const client_frame& f) {
    const std::int64_t conversation = place_of(c, f);
    if (c.who.kind != caller::customer && !c.topics.has({topic_kind::conversation, conversation}))
        return false;
    appear_now(c, conversation, f);
    return true;
}

asio::awaitable<void> hub::impl::appear(std::shared_ptr<client> c, client_frame f) {
    if (appear_at_once(*c, f)) co_return;
    const std::int64_t conversation = place_of(*c, f);
    auto question = s_.may_see(c->who, conversation);
    const bool visible = co_await std::move(question);
    if (!c->live()) co_return;
    if (!visible) throw error::not_found("There is no such conversation, or you may not see it.");
    appear_now(*c, conversation, f);
}

void hub::impl::appear_now(client& c, std::int64_t conversation, const client_frame& f) {
    if (f.on && presence_.places(c.key) >= most_places)
        throw error::conflict("This socket views or types in too many conversations at once.");
    const participant who = participant_of(c);
    // Whoever looks on silently is not there, whatever their screen says.
    const bool silent = who.staff != 0 && s_.silent && s_.silent(who.staff, conversation);
    const bool on = f.on && !silent;
    if (f.type == frame_type::viewing) {
        if (presence_.view(c.key, conversation, who, on)) tell(conversation, who, false, on, f.kind, &c);
    } else {
        const auto change = presence_.type(c.key, conversation, who, on, f.kind, now() + o_.typing_expiry);
        if (change.left_reply) tell(conversation, who, true, false, typing_kind::reply, &c);
        // A renewal is passed on too: somebody may have come in the meantime.
        if (on || change.person) tell(conversation, who, true, on, f.kind, &c);
    }
    if (!f.ref.empty()) c.say(ack_frame(f.ref));
}

void hub::impl::tell(std::int64_t conversation, const participant& who, bool typing, bool on,
                     typing_kind kind, const client* except) {
    const topic_index::slots* there = topics_.conversation(conversation);
    if (!there) return;
    frame for_staff;
    frame for_customer;
    for (const topic_index::slot& s : *there) {
        client& c = *s.who;
        if (&c == except || !c.live() || c.holding) continue;
        if (c.who.kind == caller::customer) {
            // The customer learns that staff is answering; not who looks on, and nothing of notes.
            if (!typing || who.staff == 0 || kind == typing_kind::note) continue;
            if (!for_customer)
                for_customer = std::make_shared<const std::string>(
                    typing_frame(conversation, who, on, kind, clock_.now(), true));
            c.send(for_customer);
        } else {
            if (!for_staff)
                for_staff = std::make_shared<const std::string>(
                    typing ? typing_frame(conversation, who, on, kind, clock_.now(), false)
                           : viewing_frame(conversation, who, on, clock_.now()));
            c.send(for_staff);
        }
    }
}

void hub::impl::tell(const std::vector<presence_board::ending>& endings) {
    for (const auto& e : endings) tell(e.conversation, e.who, e.typing, false, e.kind, nullptr);
}

} // namespace chat_centre::realtime
