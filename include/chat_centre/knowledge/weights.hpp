#pragma once
// What feedback teaches the ranking, worked out offline by a job and kept as a few numbers for each article.
//
// The rule. Each article has one number, added to the log-odds that it answers a question. It is
//     ln((helpful + 20) / (unhelpful + 20)), at most 0.6 either way,
// so without votes nothing changes, five who are displeased take at most 0.06 from a score of 0 to 1, and nobody's
// votes ever move one by more than 0.15. A word that at least five voters used has a number of its own for an article:
// how their votes differ from the others', shrunk towards them by 20 votes. For a question, the mean of its words' is
// added, within the same limit.
//
// Who counts. A customer has one vote for an article, the newest, however many conversations and thumbs there were. A
// member of staff has one for each conversation and article, the newest five of which count, and each counts like three
// customers': they know the right answer, and who they are. Who makes up a new address for each conversation has a vote
// with each, and no more than the limit to gain by it. The help centre's "was this helpful" has no vote: nobody
// knows who asks there.

#include <chat_centre/base/clock.hpp>
#include <chat_centre/db/tx.hpp>
#include <chat_centre/event/event.hpp>
#include <chat_centre/jobs/jobs.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace chat_centre::knowledge {

struct vote {
    std::int64_t article = 0;
    std::int64_t conversation = 0;
    std::string customer;   // of the conversation, the same in all of theirs as far as that is known
    std::int64_t staff = 0; // whose vote it is; 0: the customer's
    bool helpful = true;
    std::string question; // that the article was, or would have been, the answer to
};

struct learned_weight {
    std::int64_t article = 0;
    std::string term;  // "": the article as a whole
    double weight = 0; // log-odds
    int helpful = 0;   // votes that counted
    int unhelpful = 0; // likewise
    int of_staff = 0;  // of both
    bool operator==(const learned_weight&) const = default;
};

inline constexpr double most_weight = 0.6;
inline constexpr std::size_t most_votes = 20'000; // the newest

// Pure. votes: the newest first. In the order of article and term.
std::vector<learned_weight> weights_of(const std::vector<vote>& votes);
// A score of 0 to 1 with `by` added to its log-odds, within ±most_weight. Keeps the order of scores.
double with_weight(double score, double by);

// --- the job ---

inline constexpr const char* weigh_job = "knowledge.weigh";

// Votes, the newest first, at most most_votes.
using read_votes = std::function<std::vector<vote>(db::tx&)>;
// Stores what changed, and then announces it, so that every process ranks by it. Returns whether anything did. The last
// statement of its transaction.
bool weigh(db::tx& t, const std::vector<vote>& votes, time_point now);
// Registers the job; start() of the runner comes later. clock outlives it.
void attach_weighing(jobs::runner& runner, const clock_source& clock, read_votes votes);
void weigh_soon(db::tx& t, time_point now);

} // namespace chat_centre::knowledge
