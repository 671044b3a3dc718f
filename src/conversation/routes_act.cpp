#include <chat_centre/conversation/routes.hpp>

#include "conversation/actions.hpp"
#include "conversation/store.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/staff/staff.hpp>

#include <functional>

namespace chat_centre::conversation {
namespace {

// A POST whose every field is optional may come without a body.
template <class T>
T optional_fields(const http::request& r) {
    return r.body.empty() ? T{} : read_fields<T>(r.json_body());
}

template <std::size_t Min, std::size_t Max>
std::optional<std::string> plain(const std::optional<text<Min, Max>>& v) {
    return v ? std::optional{v->value} : std::nullopt;
}

std::int64_t staff_named(const assignment_body& b) {
    const auto id = parse_id("STF", b.staff_id->value);
    if (!id) throw error::unprocessable("staff_id", "must be a staff id such as STF-1");
    return *id;
}

// Most actions are one pure rule over the conversation, the caller and the time.
using rule = std::function<step(row, const principal&, time_point)>;

routes::answer act(surroundings& s, http::request r, const char* audit_name, rule decide,
                   sight_rule sight = sight_rule::visible) {
    const auto id = r.path_id(0, "CONV");
    action a;
    a.audit_name = audit_name;
    a.rule = sight;
    a.decide = [who = r.who, decide = std::move(decide)](db::tx&, row c, time_point now) {
        return decide(std::move(c), who, now);
    };
    co_return http::response::of(co_await perform(s, std::move(r), id, std::move(a)));
}

} // namespace

routes::answer routes::takeover(http::request r) {
    const bool force = optional_fields<takeover_body>(r).force.value_or(false);
    rule decide = [force](row c, const principal& who, time_point now) {
        return take_over(std::move(c), who, force, now);
    };
    return act(s_, std::move(r), "conversation.takeover", std::move(decide), sight_rule::takeover);
}

routes::answer routes::handback(http::request r) {
    return act(s_, std::move(r), "conversation.handback", hand_back);
}

routes::answer routes::handover(http::request r) {
    const auto id = r.path_id(0, "CONV");
    const bool customer = r.who.kind == caller::customer;
    const auto given = plain(optional_fields<handover_body>(r).reason);
    const std::string reason =
        given.value_or(customer ? "The customer asked for a person." : r.who.name + " asked for a person.");
    action a;
    a.audit_name = "conversation.handover";
    a.decide = [who = r.who, customer, reason](db::tx&, row c, time_point now) {
        return ask_for_staff(std::move(c), who.staff, customer ? "user" : "staff", reason, now);
    };
    json after = co_await perform(s_, std::move(r), id, std::move(a));
    if (!customer) co_return http::response::of(after);
    // The customer gets their own view of it, not the staff's.
    auto work = [id](db::tx& t) {
        principal self;
        self.kind = caller::customer;
        self.conversation = id;
        const row c = find_visible(t, self, id);
        return to_public_json(c, queue_position(t, c));
    };
    co_return http::response::of(co_await s_.pool.run(std::move(work)));
}

routes::answer routes::assign(http::request r) {
    const auto id = r.path_id(0, "CONV");
    const auto body = read_fields<assignment_body>(r.json_body());
    if (body.staff_id.has_value() == body.department.has_value())
        throw error::unprocessable("staff_id", "give either staff_id or department");
    action a;
    a.audit_name = "conversation.assign";
    a.decide = [who = r.who, body](db::tx& t, row c, time_point now) {
        if (body.department) {
            const auto d = staff::department_by_slug(t, body.department->value);
            if (!d) throw error::unprocessable("department", "there is no department of this name");
            return move_to(std::move(c), who, {d->id, d->slug, d->name_en, d->name_ar}, plain(body.note), now);
        }
        const auto to = staff::find(t, staff_named(body));
        if (!to || !to->active)
            throw error::unprocessable("staff_id", "there is no such colleague, or the account is off");
        if (to->role == role::engineer)
            throw error::unprocessable("staff_id",
                                       "engineers comment only; choose an agent, a manager or an admin");
        return assign_to(std::move(c), who, {to->id, to->name}, plain(body.note), now);
    };
    co_return http::response::of(co_await perform(s_, std::move(r), id, std::move(a)));
}

routes::answer routes::resolve(http::request r) {
    const auto id = r.path_id(0, "CONV");
    const auto body = optional_fields<resolution_body>(r);
    const bool close = body.close.value_or(false);
    action a;
    a.audit_name = close ? "conversation.close" : "conversation.resolve";
    a.decide = [who = r.who, body, close](db::tx&, row c, time_point now) {
        return conversation::resolve(std::move(c), who, plain(body.outcome), plain(body.resolution), close,
                                     now);
    };
    if (body.send_survey.value_or(false))
        a.also = [at = s_.clock.now()](db::tx& t, const row& c) { mark_survey_sent(t, c.id, at); };
    co_return http::response::of(co_await perform(s_, std::move(r), id, std::move(a)));
}

routes::answer routes::hold_on(http::request r) {
    rule decide = [](row c, const principal& who, time_point now) {
        return hold(std::move(c), who, true, now);
    };
    return act(s_, std::move(r), "conversation.hold", std::move(decide));
}

routes::answer routes::hold_off(http::request r) {
    rule decide = [](row c, const principal& who, time_point now) {
        return hold(std::move(c), who, false, now);
    };
    return act(s_, std::move(r), "conversation.unhold", std::move(decide));
}

routes::answer routes::reopening(http::request r) {
    return act(s_, std::move(r), "conversation.reopen", reopen);
}

routes::answer routes::rating(http::request r) {
    const auto id = r.path_id(0, "CONV");
    const auto body = read_fields<rating_body>(r.json_body());
    action a;
    a.audit_name = "conversation.rate";
    a.decide = [body](db::tx&, row c, time_point now) {
        return rate(std::move(c), static_cast<int>(body.score.value), plain(body.comment), now);
    };
    const json after = co_await perform(s_, std::move(r), id, std::move(a));
    co_return http::response::of({{"conversation_id", after["conversation_id"]},
                                  {"status", after["status"]},
                                  {"handler", after["handler"]},
                                  {"rating", after["rating"]},
                                  {"created_at", after["created_at"]},
                                  {"updated_at", after["updated_at"]},
                                  {"last_seq", after["last_seq"]}});
}

routes::answer routes::edit(http::request r) {
    const auto id = r.path_id(0, "CONV");
    const auto body = read_fields<edit_body>(r.json_body());
    action a;
    a.audit_name = "conversation.edit";
    a.decide = [body](db::tx&, row c, time_point now) {
        if (body.priority) c.priority = body.priority->value;
        if (body.tags) {
            c.tags.clear();
            for (const auto& tag : *body.tags) c.tags.push_back(tag.value);
        }
        if (body.category) c.category = body.category->value.empty() ? std::nullopt : plain(body.category);
        if (body.user_name) c.user_name = body.user_name->value;
        if (body.user_email) c.user_email = body.user_email->value;
        if (body.user_phone) c.user_phone = body.user_phone->value;
        c.updated_at = now;
        ++c.version;
        return step{std::move(c), true, std::nullopt};
    };
    co_return http::response::of(co_await perform(s_, std::move(r), id, std::move(a)));
}

} // namespace chat_centre::conversation
