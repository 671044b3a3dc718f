#include "demo/player.hpp"

#include <algorithm>

namespace chat_centre::demo {
namespace {

using steady = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr std::size_t most_open = 60; // beyond it conversations hurry instead of becoming more
constexpr auto backdated_step = 25s;  // between messages that were "written before"

std::string path_of(const std::string& conversation, const char* action) {
    return "/conversations/" + conversation + "/" + action;
}

std::optional<time_point> first_time(const talk& t) {
    if (t.ago.count() == 0) return std::nullopt;
    return std::chrono::floor<time_point::duration>(std::chrono::system_clock::now()) - t.ago;
}

} // namespace

player::open_talk player::begin(talk t) {
    open_talk o;
    o.backdated = first_time(t);
    o.what = std::move(t);
    o.number = ++begun_;
    o.due = steady::now();
    ++progress_.count.conversations;
    return o;
}

void player::play_at_once(talk t) {
    open_talk o = begin(std::move(t));
    while (!o.over()) {
        loop_.wait(0s);
        advance(o);
    }
}

void player::play(traffic& from, pace how) {
    const auto start = steady::now();
    const auto gap = std::chrono::duration_cast<steady::duration>(
        std::chrono::duration<double>(1 / how.messages_per_second));
    const auto more = [&, first = begun_] {
        return (!how.conversations || begun_ - first < *how.conversations) &&
               (!how.duration || steady::now() - start < *how.duration);
    };
    progress_.measure_from_here();
    auto slot = start; // when the next message may be sent
    while (more() || !open_.empty()) {
        progress_.show(open_.size());
        centre_.renew_old_logins();
        auto t = most_due();
        const bool nothing_due = t == open_.end() || t->due > steady::now();
        if (nothing_due && more() && open_.size() < most_open) {
            open_.push_back(begin(from.next()));
            t = std::prev(open_.end());
        } else if (nothing_due && open_.size() < most_open) {
            loop_.wait(std::min<steady::duration>(t->due - steady::now(), 500ms));
            continue;
        }
        if (is_message(t->what.steps[t->next].what)) {
            if (const auto early = slot - steady::now(); early > 0s) {
                loop_.wait(std::min<steady::duration>(early, 500ms));
                continue;
            }
            // After a pause of the server the missed messages are not made up for in a burst.
            slot = std::max(slot, steady::now() - gap) + gap;
        }
        advance(*t);
        if (t->over())
            open_.erase(t);
        else
            t->due = steady::now() + t->what.steps[t->next].pause;
    }
    progress_.show(0);
}

std::list<player::open_talk>::iterator player::most_due() {
    return std::min_element(open_.begin(), open_.end(),
                            [](const open_talk& a, const open_talk& b) { return a.due < b.due; });
}

bool player::advance(open_talk& t) {
    const step& s = t.what.steps[t.next];
    perform(t, s);
    ++t.next;
    return is_message(s.what);
}

void player::perform(open_talk& t, const step& s) {
    const bool ours = needs_staff(s.what);
    if (ours && t.left_to_people) return;
    const answer a = ours ? act_as_staff(t, s) : write(t, s);
    if (a.ok()) {
        progress_.count.add(s.what);
    } else if (a.status == 409 || a.status == 404) {
        // A person who watches the demo was quicker. The customer goes on; our side leaves it to them.
        if (ours) t.left_to_people = true;
    } else {
        progress_.refused(a.reason());
    }
}

answer player::write(open_talk& t, const step& s) {
    return t.what.in_widget() ? write_in_widget(t, s) : write_in_channel(t, s);
}

answer player::write_in_widget(open_talk& t, const step& s) {
    if (s.what == act::asks)
        return centre_.as_customer(t.token, path_of(t.conversation, "handover"), json::object());
    if (s.what == act::rates) {
        json body = {{"score", s.score}};
        if (!s.text.empty()) body["comment"] = s.text;
        return centre_.as_customer(t.token, path_of(t.conversation, "rating"), body);
    }
    if (!t.conversation.empty())
        return centre_.as_customer(
            t.token, path_of(t.conversation, "messages"),
            {{"message", s.text}, {"client_message_id", tag_ + "-" + std::to_string(t.next)}});
    const answer a = centre_.as_customer({}, "/conversations/start",
                                         {{"name", t.what.name},
                                          {"email", t.what.email},
                                          {"language", t.what.language},
                                          {"scenario", t.what.id},
                                          {"message", s.text}});
    t.conversation = a.text("conversation_id");
    t.token = a.text("token");
    return a;
}

answer player::write_in_channel(open_talk& t, const step& s) {
    const std::string session = tag_ + "-" + std::to_string(t.number);
    json body = {{"user_id", t.what.user_id},  {"user_name", t.what.name},
                 {"user_email", t.what.email}, {"sender", s.what == act::answers ? "assistant" : "user"},
                 {"message", s.text},          {"channel", t.what.channel},
                 {"session_id", session},      {"message_id", session + "-" + std::to_string(t.next)}};
    if (!t.what.phone.empty()) body["user_phone"] = t.what.phone;
    if (t.conversation.empty()) {
        body["issue_type"] = t.what.issue_type;
        body["priority"] = t.what.priority;
    }
    if (t.backdated) {
        body["timestamp"] = to_rfc3339(*t.backdated);
        *t.backdated += backdated_step;
    }
    const answer a = centre_.sync(body);
    if (a.ok()) t.conversation = a.text("conversation_id");
    return a;
}

answer player::act_as_staff(open_talk& t, const step& s) {
    t.backdated.reset(); // what staff do happens now, and so does what follows
    const desk holder = t.holder == desk::none ? desk::manager : t.holder;
    const auto post = [&](desk who, const char* action, const json& body) {
        return centre_.as(who, verb::post, path_of(t.conversation, action), body);
    };
    switch (s.what) {
    case act::routes: return route(t, s);
    case act::takes: t.holder = s.who; return post(s.who, "takeover", json::object());
    case act::replies:
        return post(holder, "messages",
                    {{"message", s.text}, {"client_message_id", tag_ + "-" + std::to_string(t.next)}});
    case act::notes: return post(holder, "notes", {{"body", s.text}});
    case act::holds: return post(holder, "hold", nullptr);
    case act::resumes: return centre_.as(holder, verb::delete_, path_of(t.conversation, "hold"));
    case act::passes:
        t.holder = s.who;
        return post(holder, "assignment", {{"staff_id", centre_.staff_id(s.who)}, {"note", s.text}});
    default:
        return post(holder, "resolution",
                    {{"outcome", s.more}, {"resolution", s.text}, {"send_survey", t.what.in_widget()}});
    }
}

// The widget sends neither a category nor a priority: whoever sorts the mail adds them.
answer player::route(const open_talk& t, const step& s) {
    if (t.what.in_widget())
        centre_.as(desk::manager, verb::patch, "/conversations/" + t.conversation,
                   {{"category", t.what.issue_type}, {"priority", t.what.priority}});
    return centre_.as(desk::manager, verb::post, path_of(t.conversation, "assignment"),
                      {{"department", s.text}});
}

} // namespace chat_centre::demo
