#pragma once
// What people do becomes what the assistant learns from: a job goes on from where it stopped, through feedback on
// answers, reviewed examples and resolved conversations, and makes training examples and candidates for articles.

#include <chat_centre/analysis/linear.hpp>
#include <chat_centre/base/clock.hpp>
#include <chat_centre/db/tx.hpp>
#include <chat_centre/jobs/jobs.hpp>
#include <chat_centre/learning/evaluation.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace chat_centre::learning {

// A text without what names anybody. customer, staff: names and ids that are known.
using anonymiser = std::function<std::string(std::string_view text, const std::vector<std::string>& customer,
                                             const std::vector<std::string>& staff)>;

inline constexpr const char* collect_job = "learning.collect";

// Takes what is new, at most a bounded piece of each kind. true: there may be more.
bool collect(db::tx& t, const anonymiser& anonymise, time_point now);
// In the transaction of the job, when it has taken all there was. Must not append events.
using when_collected = std::function<void(db::tx&, time_point now)>;
// Registers the job; start() of the runner comes later.
void attach(jobs::runner& runner, const clock_source& clock, anonymiser anonymise, when_collected then = {});
void schedule_first(db::tx& t, time_point now);

// What people said is right for a model's task. Not those that say what is wrong: a model learns from right labels.
std::vector<analysis::example> feedback_examples(db::tx& t, const std::string& task);

// Whether articles answered what was asked, as customers and staff said.
struct answer_vote {
    std::int64_t article = 0, conversation = 0;
    std::string customer;   // of the conversation: an address they gave, or the contact
    std::int64_t staff = 0; // who said so; 0: the customer
    bool good = true;
    std::string question; // anonymised
};
// The newest first.
std::vector<answer_vote> answer_votes(db::tx& t, std::size_t most);

// Questions of the past, newest first; slugs are ids of articles (ART-3).
std::vector<asked_question> past_questions(db::tx& t, std::int64_t most);
std::optional<evaluation> last_run(db::tx& t, const std::string& source);
void store_run(db::tx& t, const std::string& source, const evaluation& e, time_point now);

} // namespace chat_centre::learning
