#pragma once
// Calls and prompts in the database. SQL only.

#include <chat_centre/conversation/service.hpp>
#include <chat_centre/intake/flow.hpp>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace chat_centre::intake {

struct call {
    std::int64_t conversation = 0;
    std::string id; // "CALL_YYYYMMDDHHMMSS_XXXXXX"
    intake::state state;
    std::vector<std::string> pending;   // effects that are decided and not yet done
    std::vector<std::string> last_said; // parts, as they were rendered
    int heard_seq = 0;
    bool on_hold = false;
    time_point started_at{}, updated_at{};
    std::optional<time_point> ended_at;
    json stages = json::array(); // [{stage, at}]
};

std::optional<call> find_call(db::tx& t, std::int64_t conversation);
std::optional<call> lock_call(db::tx& t, std::int64_t conversation);
// A job must not wait for it, because who has the call may want the job's row: nullopt when somebody is at it, or when
// there is none.
std::optional<call> lock_call_for_job(db::tx& t, std::int64_t conversation);
// Throws 404.
std::int64_t conversation_of_call(db::tx& t, const std::string& call_id);
// Does nothing when there is one.
void add_call(db::tx& t, std::int64_t conversation, const state& s, const std::vector<std::string>& said,
              time_point now);
void keep_call(db::tx& t, const call& c);
std::vector<call> open_calls(db::tx& t, const conversation::sight& s, std::int64_t before, std::int64_t limit);

using prompt_name = std::tuple<std::string, std::string, std::string>; // department, key, language
struct own_prompt {
    std::string body;
    time_point updated_at{};
};
using own_prompts = std::map<prompt_name, own_prompt>;
own_prompts read_prompts(db::tx& t);

} // namespace chat_centre::intake
