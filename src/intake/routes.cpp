#include <chat_centre/intake/routes.hpp>

#include "intake/queries.hpp"
#include "intake/view.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/phone.hpp>
#include <chat_centre/base/text.hpp>
#include <chat_centre/conversation/staff_actions.hpp>
#include <chat_centre/http/page.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace chat_centre::intake {
namespace {

using namespace std::chrono_literals;
using conversation::staff_act;

constexpr auto longest_answer = 8s; // the follower says something within milliseconds
constexpr int looks_for_state = 80; // at its state, until the follower has committed it
constexpr auto between_looks = 25ms;
constexpr std::int64_t transcript_page = 500;

bool is_staff(const http::request& r) { return r.who.kind == caller::staff; }

std::string socket_of(const http::request& r, const std::string& public_url, std::int64_t conversation) {
    const std::string path = "/ws/" + format_id("CONV", conversation);
    if (public_url.starts_with("https://")) return "wss://" + public_url.substr(8) + path;
    if (public_url.starts_with("http://")) return "ws://" + public_url.substr(7) + path;
    const auto host = r.header("host");
    const bool secure = r.header("x-forwarded-proto") == "https";
    return host.empty() ? path : (secure ? "wss://" : "ws://") + std::string(host) + path;
}

template <class Body>
Body optional_body(const http::request& r) {
    return r.body.empty() ? Body{} : read_fields<Body>(r.json_body());
}

json stages_named() {
    json out = json::array();
    for (const auto s : all_stages) out.push_back(std::string(to_string(s)));
    return out;
}

} // namespace

routes::answer routes::start(http::request r) {
    const auto& around = s_.around();
    const auto body = optional_body<start_body>(r);
    if (!around.enabled)
        throw error::conflict(
            "Call-centre mode is switched off (CALL_CENTER_MODE); write to us in the chat instead.");
    std::string phone;
    if (body.phone) {
        const auto read = parse_phone(body.phone->value, around.rules.default_country);
        if (!read) throw error::unprocessable("phone", "must be a telephone number such as +966501234567");
        phone = read->valid ? read->e164 : std::string(trimmed(body.phone->value));
    }
    auto open = [this, language = or_empty(body.language), phone](db::tx& t) {
        return s_.open(t, language, phone);
    };
    const auto begun = co_await around.pool.run(std::move(open));

    conversation::incoming m;
    m.channel = call_channel;
    m.user_id = "call_" + random_id(16);
    m.start_new = true;
    m.own_brain = true;
    m.user_phone = phone;
    m.language = or_empty(body.language);
    m.role = conversation::speaker::ai;
    m.own_assistant = true;
    m.sender = around.assistant_name;
    m.text = begun.text;
    m.message_id = "MSG-" + random_id(20);
    m.body_hash = hash64(r.body);
    m.metadata = dump({{"engine", "intake"}, {"via", or_empty(body.channel)}});
    if (const auto key = r.header("idempotency-key"); !key.empty())
        m.idempotency_key = sha256_base64url("call\x1f" + std::string(key.substr(0, 200)));
    const conversation::receipt got = co_await around.chats.lane.append(std::move(m));

    const std::int64_t id = got.message.conversation;
    auto enter = [this, id, begun](db::tx& t) {
        s_.enter(t, id, begun);
        const auto c = find_call(t, id);
        if (!c) throw error::not_found("There is no such call.");
        return to_json(*c, false);
    };
    json call = co_await around.pool.run(std::move(enter));
    call["token"] = around.make_token(id);
    call["ws_url"] = socket_of(r, public_url_, id);
    co_return http::response::of(call, 201);
}

// The conversation of the call that the path names, if this caller may see it: 404 otherwise.
boost::asio::awaitable<std::int64_t> routes::conversation_of(http::request r) {
    auto look = [who = r.who, id = std::string(r.path_values.at(0))](db::tx& t) {
        const auto conversation = conversation_of_call(t, id);
        conversation::find_visible(t, who, conversation);
        return conversation;
    };
    co_return co_await s_.around().pool.run(std::move(look));
}

routes::answer routes::view_of(principal who, std::int64_t conversation) {
    auto look = [who, conversation](db::tx& t) {
        const auto c = find_call(t, conversation);
        if (!c) throw error::not_found("There is no such call.");
        json out = to_json(*c, who.kind == caller::staff);
        if (who.kind == caller::staff)
            out["muted"] = !t.many(sql::muted, who.staff, db::array{}.add(conversation)).empty();
        return out;
    };
    co_return http::response::of(co_await s_.around().pool.run(std::move(look)));
}

routes::answer routes::say(http::request r) {
    const auto body = read_fields<input_body>(r.json_body());
    const auto conversation = co_await conversation_of(r);
    if (is_staff(r))
        throw error::conflict(
            "Only the caller answers the intake. Take the conversation over and write in it.");
    const std::string client_id = or_empty(body.client_message_id);
    const std::string key(r.header("idempotency-key").substr(0, 200));
    const auto got = co_await conversation::post_message(s_.around().chats, r.who, conversation,
                                                         body.text.value, client_id, key);
    json out = json::object();
    std::optional<conversation::stored_message> reply;
    if (got.called_assistant && s_.around().chats.replies != nullptr) {
        const bool may_come = !got.duplicate || got.handler == "bot";
        const std::chrono::milliseconds limit = may_come ? longest_answer : 0s;
        reply = co_await s_.around().chats.replies->reply_to(conversation, got.message.seq, limit);
    }
    // The answer is stored a moment before the state that belongs to it.
    boost::asio::steady_timer pause(co_await boost::asio::this_coro::executor);
    for (int i = 0; i < looks_for_state; ++i) {
        auto look = [conversation](db::tx& t) { return find_call(t, conversation); };
        const auto c = co_await s_.around().pool.run(std::move(look));
        if (!c) throw error::not_found("There is no such call.");
        out = to_json(*c, false);
        const bool ours = c->heard_seq == got.message.seq;
        if (!ours) out["say"] = reply ? json::array({reply->text}) : json::array();
        if (!reply || c->heard_seq >= got.message.seq) break;
        if (reply->role != conversation::speaker::ai) break; // people, or the word that they come
        pause.expires_after(between_looks);
        co_await pause.async_wait(boost::asio::use_awaitable);
    }
    out["message"] = json::parse(to_json(got.message));
    out["reply"] = reply ? json::parse(to_json(*reply)) : json(nullptr);
    auto response = http::response::of(out);
    if (got.duplicate) response.with("Idempotent-Replayed", "true");
    co_return response;
}

routes::answer routes::show(http::request r) {
    const auto conversation = co_await conversation_of(r);
    co_return co_await view_of(r.who, conversation);
}

routes::answer routes::list(http::request r) {
    const auto page = http::read_page(r);
    auto work = [who = r.who, before = page.number("id", 0), most = page.fetch()](db::tx& t) {
        json items = json::array();
        db::array ids;
        for (const auto& c : open_calls(t, conversation::sight_of(who), before, most)) {
            ids.add(c.conversation);
            items.push_back(to_json(c, true));
            items.back()["muted"] = false;
        }
        for (const auto m : t.many(sql::muted, who.staff, ids))
            for (auto& item : items)
                if (item["conversation_id"] == format_id("CONV", m.get<std::int64_t>(0)))
                    item["muted"] = true;
        return items;
    };
    auto items = co_await s_.around().pool.run(std::move(work));
    co_return http::response::of(http::page_answer(std::move(items), page, [](const json& last) {
        return json{{"id", parse_id("CONV", last["conversation_id"].get<std::string>()).value()}};
    }));
}

routes::answer routes::transcript(http::request r) {
    const auto after = r.query_number("after_seq", 0, 0, 2147483647);
    const auto conversation = co_await conversation_of(r);
    auto work = [conversation, after, id = std::string(r.path_values.at(0))](db::tx& t) {
        json items = json::array();
        for (const auto m : t.many(sql::transcript, conversation, after, transcript_page + 1))
            items.push_back({{"sequence", m.get<std::int64_t>(0)},
                             {"speaker", m.get<std::string>(1)},
                             {"speaker_name", m.get<std::string>(2)},
                             {"text", m.get<std::string>(3)},
                             {"timestamp", to_rfc3339(m.get<time_point>(4))}});
        json next = nullptr;
        if (items.size() > static_cast<std::size_t>(transcript_page)) {
            items.erase(items.size() - 1);
            next = items.back()["sequence"];
        }
        return json{{"call_id", id},
                    {"conversation_id", format_id("CONV", conversation)},
                    {"items", std::move(items)},
                    {"next_after_seq", std::move(next)}};
    };
    co_return http::response::of(co_await s_.around().pool.run(std::move(work)));
}

// A step by a button: its state first, then the words to it, if the assistant still has the turn.
boost::asio::awaitable<void> routes::act(std::int64_t conversation, input in) {
    auto work = [this, conversation, in = std::move(in)](db::tx& t) { return s_.act(t, conversation, in); };
    auto done = co_await s_.around().pool.run(std::move(work));
    if (done.text.empty()) co_return;
    conversation::incoming m;
    m.channel = "assistant";
    m.conversation = conversation;
    m.role = conversation::speaker::ai;
    m.sender = s_.around().assistant_name;
    m.own_assistant = true;
    m.message_id = std::move(done.message_id);
    m.body_hash = hash64(done.text);
    m.text = std::move(done.text);
    try {
        co_await s_.around().chats.lane.append(std::move(m));
    } catch (const error& e) {
        if (e.status() != 409) throw;
    }
}

routes::answer routes::language(http::request r) {
    const auto body = read_fields<language_body>(r.json_body());
    const auto conversation = co_await conversation_of(r);
    input in{input_kind::language, body.language.value};
    co_await act(conversation, std::move(in));
    co_return co_await view_of(r.who, conversation);
}

routes::answer routes::hold(http::request r) {
    const bool on = optional_body<switch_body>(r).on.value_or(true);
    const auto conversation = co_await conversation_of(r);
    const auto now = s_.around().clock.now();
    auto work = [this, r, conversation, on, now](db::tx& t) {
        s_.hold(t, conversation, on);
        if (!is_staff(r)) return;
        std::vector<event::entry> events;
        conversation::act_as_staff(t, r, conversation, staff_act::status, on ? "on_hold" : "off_hold", now,
                                   events);
        event::append(t, events);
    };
    co_await s_.around().pool.run(std::move(work));
    co_return co_await view_of(r.who, conversation);
}

routes::answer routes::mute(http::request r) {
    const bool on = optional_body<switch_body>(r).on.value_or(true);
    const auto conversation = co_await conversation_of(r);
    auto work = [staff = r.who.staff, conversation, on, now = s_.around().clock.now()](db::tx& t) {
        if (on)
            t.exec(sql::mute, staff, conversation, now);
        else
            t.exec(sql::unmute, staff, conversation);
    };
    co_await s_.around().pool.run(std::move(work));
    co_return co_await view_of(r.who, conversation);
}

routes::answer routes::transfer(http::request r) {
    const auto body = optional_body<transfer_body>(r);
    const auto conversation = co_await conversation_of(r);
    if (!is_staff(r)) {
        input in{input_kind::person, {}};
        co_await act(conversation, std::move(in));
        co_return co_await view_of(r.who, conversation);
    }
    if (body.department.has_value() == body.staff_id.has_value())
        throw error::unprocessable("department", "name either a department or a colleague (staff_id)");
    auto work = [r, body, conversation, now = s_.around().clock.now()](db::tx& t) {
        std::vector<event::entry> events;
        conversation::act_as_staff(
            t, r, conversation, body.department ? staff_act::department : staff_act::assign,
            body.department ? body.department->value : body.staff_id->value, now, events);
        event::append(t, events);
    };
    co_await s_.around().pool.run(std::move(work));
    co_return co_await view_of(r.who, conversation);
}

routes::answer routes::end(http::request r) {
    const auto body = optional_body<end_body>(r);
    const auto conversation = co_await conversation_of(r);
    if (!is_staff(r)) {
        input in{input_kind::bye, {}};
        co_await act(conversation, std::move(in));
        co_return co_await view_of(r.who, conversation);
    }
    auto work = [r, outcome = or_empty(body.outcome), conversation, now = s_.around().clock.now()](db::tx& t) {
        std::vector<event::entry> events;
        conversation::act_as_staff(t, r, conversation, staff_act::status,
                                   outcome.empty() ? "resolved" : "resolved:" + outcome, now, events);
        event::append(t, events);
    };
    co_await s_.around().pool.run(std::move(work));
    co_return co_await view_of(r.who, conversation);
}

routes::answer routes::features(http::request) {
    const auto& around = s_.around();
    const auto off = [&around](bool kept) { return around.enabled && !kept; };
    co_return http::response::of({{"call_center_mode", around.enabled},
                                  {"email_required", around.rules.email_required},
                                  {"required_fields", {"name", "phone", "service_type"}},
                                  {"max_retries", around.rules.max_retries},
                                  {"timeout_seconds", around.patience.count()},
                                  {"languages", {"en", "ar"}},
                                  {"stages", stages_named()},
                                  {"overrides",
                                   {{"disable_avatar_display", off(around.flags.avatar_display)},
                                    {"disable_face_recognition", off(around.flags.face_recognition)},
                                    {"disable_visual_context", off(around.flags.visual_context)},
                                    {"disable_tavus_avatar", off(around.flags.tavus_avatar)}}}});
}

} // namespace chat_centre::intake
