#include "ticket/portal.hpp"

#include "ticket/queries.hpp"
#include "ticket/service.hpp"

#include <chat_centre/auth/accounts.hpp>
#include <chat_centre/auth/auth.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/text.hpp>
#include <chat_centre/ticket/portal_routes.hpp>

namespace chat_centre::ticket {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t token_bytes = 32;
constexpr std::size_t longest_token = 100;
constexpr auto kept_after_closing = std::chrono::days(90);
// A form takes any address: this many mails an hour to one person for tickets that nobody on our side made.
constexpr std::int64_t most_opened_by_form = 5;
constexpr std::int64_t most_words_an_hour = 60; // of one requester on one ticket

bool by_form(const row& r) { return r.source == "portal"; }

// Their own words about it. What staff wrote down, or a chat's reason to be handed over, is not for them.
bool describes_itself(const row& r) { return r.conversation == 0 && (by_form(r) || r.source == "api"); }

std::string closed_words() { return "This request is closed. Open a new one and name its number."; }

// Where the words of the requester go: into the chat that the ticket came from, while it can take them.
struct destination {
    row ticket;
    bool chat = false;
};

destination prepare(db::tx& t, const std::string& token, time_point now) {
    destination d;
    d.ticket = find_by_access(t, token, now, true);
    if (d.ticket.status == "closed") throw error{409, "This request is closed", closed_words()};
    const auto hour_ago = now - 1h;
    const auto lately = t.scalar<std::int64_t>(sql::customer_words_since, d.ticket.number,
                                               d.ticket.conversation, d.ticket.from_seq, hour_ago);
    if (lately >= most_words_an_hour)
        throw error::too_many("These are many messages in one hour. Wait a little.", 10min);
    if (d.ticket.conversation != 0) {
        const auto c = t.maybe(sql::conversation, d.ticket.conversation);
        d.chat = c && c->text(10) != "closed";
    }
    return d;
}

json reply_json(std::string id, const std::string& name, const std::string& message, time_point at) {
    return {{"reply_id", std::move(id)},
            {"author", {{"kind", "customer"}, {"name", name}}},
            {"message", message},
            {"at", to_rfc3339(at)}};
}

struct said {
    json reply;
    bool again = false; // a retry of what is stored already
};

said store_reply(db::tx& t, const row& r, const portal_reply_body& body, time_point now) {
    const auto client = body.client_message_id ? std::optional(body.client_message_id->value) : std::nullopt;
    const auto made =
        t.maybe(sql::add_customer_reply, r.number, r.requester_name, body.message.value, client, now);
    if (made)
        return {reply_json(format_id("RPL", made->get<std::int64_t>(0)), r.requester_name, body.message.value,
                           now),
                false};
    const auto known = t.one(sql::customer_reply, r.number, client);
    if (known.text(1) != body.message.value)
        throw error{409, "This was sent before with other words",
                    "Use a new client_message_id for a new message."};
    return {reply_json(format_id("RPL", known.get<std::int64_t>(0)), r.requester_name, body.message.value,
                       known.get<time_point>(2)),
            true};
}

// The ticket goes on: waiting for them, or resolved, it is in progress again; staff are told.
row went_on(db::tx& t, const surroundings& s, const http::request& r, const row& before, time_point now) {
    if (before.status == "closed") return before;
    // Resolved, but its chat has gone on under another ticket: that one hears of it, and only one may be open.
    if (before.finished() && before.conversation != 0 &&
        t.maybe(sql::open_of_conversation, before.conversation))
        return before;
    auto record = audit::by(r, "ticket.customer_reply", before.id);
    const std::string name = before.requester_name.empty() ? "customer" : before.requester_name;
    const change what{"customer_reply", {0, name}, std::move(record), "", true};
    std::vector<event::entry> events;
    row stored = keep(t, s, before, customer_wrote(before, now), what, now, events);
    event::append(t, events);
    return stored;
}

json finish(db::tx& t, const surroundings& s, const http::request& r, const destination& d,
            const portal_reply_body& body, said spoken, time_point now) {
    if (d.ticket.conversation != 0) serialise(t, format_id("CONV", d.ticket.conversation));
    const row before = *lock(t, d.ticket.number);
    if (spoken.reply.is_null()) spoken = store_reply(t, before, body, now);
    const row after = spoken.again ? before : went_on(t, s, r, before, now);
    return {{"reply", std::move(spoken.reply)},
            {"status", after.status},
            {"status_text", status_text(after.status)},
            {"again", spoken.again}};
}

} // namespace

std::string make_access(db::tx& t, std::int64_t number, time_point now) {
    const std::string token = random_token(token_bytes);
    t.exec(sql::add_access, sha256_hex(token), number, now);
    return token;
}

row find_by_access(db::tx& t, std::string_view token, time_point now, bool locked) {
    const auto closed_since = now - kept_after_closing;
    const auto found = token.size() > longest_token
                           ? std::nullopt
                           : t.maybe(sql::ticket_of_access, sha256_hex(token), closed_since);
    if (!found)
        throw error::not_found("This link opens no request. It may have been typed wrong, or be too old.");
    const auto number = found->get<std::int64_t>(0);
    return locked ? *lock(t, number) : *find(t, number);
}

void set_language(db::tx& t, const row& r, std::string_view asked) {
    const auto words = detect_language(r.description.empty() ? r.subject : r.description);
    t.exec(sql::set_language, r.number, std::string(asked), std::string(words));
}

std::string language_of(db::tx& t, std::int64_t number) {
    return t.one(sql::language_of, number).get<std::string>(0);
}

void tell_requester(db::tx& t, const surroundings& s, const row& r, news what, const std::string& cause,
                    time_point now) {
    if (!s.mail.put || r.requester_email.empty() || auth::email_fault(r.requester_email)) return;
    if (what.what == occasion::opened && by_form(r) &&
        t.scalar<std::int64_t>(sql::opened_lately, r.contact, now - 1h) > most_opened_by_form)
        return;
    what.ticket = r.id;
    what.name = r.requester_name;
    what.link = portal_link(s.mail, make_access(t, r.number, now));
    requester_mail m = mail_of(what, s.mail, language_of(t, r.number));
    m.to = r.requester_email;
    m.cause = "ticket-" + r.id + "-" + cause;
    s.mail.put(t, m);
}

json portal_json(db::tx& t, const row& r) {
    json j = to_public_json(r);
    const std::string language = language_of(t, r.number);
    j["language"] = language == "ar" || language == "mixed" ? "ar" : "en";
    j["description"] = describes_itself(r) ? json(r.description) : json(nullptr);
    j["can_reply"] = r.status != "closed";
    j["replies"] = json::array();
    for (const auto& known : replies_json(t, r)) {
        json reply = known;
        reply["author"].erase("staff_id");
        j["replies"].push_back(std::move(reply));
    }
    return j;
}

portal_routes::answer portal_routes::show(http::request r) {
    const auto now = s_.clock.now();
    auto work = [token = r.path_values.at(0), now](db::tx& t) {
        return portal_json(t, find_by_access(t, token, now, false));
    };
    co_return http::response::of(co_await s_.pool.run(std::move(work)));
}

portal_routes::answer portal_routes::reply(http::request r) {
    const auto body = read_fields<portal_reply_body>(r.json_body());
    const auto begun = s_.clock.now();
    auto first = [token = r.path_values.at(0), begun](db::tx& t) { return prepare(t, token, begun); };
    const destination d = co_await s_.pool.run(std::move(first));
    said spoken;
    if (d.chat) { // stored by the append lane, in a transaction of its own, as what they say in the chat is
        principal who;
        who.kind = caller::customer;
        who.conversation = d.ticket.conversation;
        who.permissions = auth::permissions_of_customer();
        const std::string client = body.client_message_id ? body.client_message_id->value : "";
        auto posting = conversation::post_message(s_.chats, std::move(who), d.ticket.conversation,
                                                  body.message.value, client, {});
        const conversation::receipt stored = co_await std::move(posting);
        spoken = {reply_json(stored.message.message_id, stored.message.sender, stored.message.text,
                             stored.message.at),
                  stored.duplicate};
    }
    const auto now = s_.clock.now();
    auto second = [&s = s_, r, d, body, spoken, now](db::tx& t) {
        return finish(t, s, r, d, body, spoken, now);
    };
    json done = co_await s_.pool.run(std::move(second));
    const bool again = done["again"].get<bool>();
    done.erase("again");
    auto answer = http::response::of(done, again ? 200 : 201);
    if (again) answer.with("Idempotent-Replayed", "true");
    co_return answer;
}

} // namespace chat_centre::ticket
