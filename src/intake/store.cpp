#include "intake/store.hpp"

#include "intake/queries.hpp"

namespace chat_centre::intake {
namespace {

call call_from(const db::row& r) {
    call c;
    c.conversation = r.get<std::int64_t>(0);
    c.id = r.get<std::string>(1);
    c.state = state_from(json::parse(r.text(2)));
    c.pending = json::parse(r.text(3)).get<std::vector<std::string>>();
    c.last_said = json::parse(r.text(4)).get<std::vector<std::string>>();
    c.heard_seq = r.get<int>(5);
    c.on_hold = r.get<bool>(6);
    c.started_at = r.get<time_point>(7);
    c.updated_at = r.get<time_point>(8);
    c.ended_at = r.get<std::optional<time_point>>(9);
    c.stages = json::parse(r.text(10));
    return c;
}

} // namespace

std::optional<call> find_call(db::tx& t, std::int64_t conversation) {
    const auto r = t.maybe(sql::find, conversation);
    return r ? std::optional(call_from(*r)) : std::nullopt;
}

std::optional<call> lock_call(db::tx& t, std::int64_t conversation) {
    const auto r = t.maybe(sql::lock, conversation);
    return r ? std::optional(call_from(*r)) : std::nullopt;
}

std::optional<call> lock_call_for_job(db::tx& t, std::int64_t conversation) {
    const auto r = t.maybe(sql::lock_unless_busy, conversation);
    return r ? std::optional(call_from(*r)) : std::nullopt;
}

std::int64_t conversation_of_call(db::tx& t, const std::string& call_id) {
    const auto r = t.maybe(sql::find_by_call, call_id);
    if (!r) throw error::not_found("There is no such call.");
    return r->get<std::int64_t>(0);
}

void add_call(db::tx& t, std::int64_t conversation, const state& s, const std::vector<std::string>& said,
              time_point now) {
    const json stages = json::array({{{"stage", std::string(to_string(s.at))}, {"at", to_rfc3339(now)}}});
    t.exec(sql::add, conversation, to_string(s.at), s.language, dump(to_json(s)), dump(json(said)), now,
           dump(stages));
}

void keep_call(db::tx& t, const call& c) {
    t.exec(sql::keep, c.conversation, to_string(c.state.at), c.state.language, dump(to_json(c.state)),
           db::array_of(c.pending), dump(json(c.last_said)), c.heard_seq, c.on_hold, c.updated_at, c.ended_at,
           dump(c.stages));
}

std::vector<call> open_calls(db::tx& t, const conversation::sight& s, std::int64_t before, std::int64_t limit) {
    std::vector<call> out;
    for (const auto r : t.many(sql::list_open, s.everything, s.staff, s.departments, before, limit))
        out.push_back(call_from(r));
    return out;
}

own_prompts read_prompts(db::tx& t) {
    own_prompts out;
    for (const auto r : t.many(sql::prompts))
        out[{r.get<std::string>(0), r.get<std::string>(1), r.get<std::string>(2)}] = {r.get<std::string>(3),
                                                                                      r.get<time_point>(4)};
    return out;
}

} // namespace chat_centre::intake
