#pragma once
// The meaning of articles: a durable job has each section of a published article turned into a vector, once for each
// text and model, and the index compares them with the question's. Optional: without it, and whenever it fails, words
// alone decide. Articles beyond the first 5,000 sections are found by words alone.

#include <chat_centre/base/clock.hpp>
#include <chat_centre/db/pool.hpp>
#include <chat_centre/jobs/jobs.hpp>

#include <functional>
#include <string>
#include <vector>

namespace chat_centre::knowledge {

inline constexpr const char* embed_job = "knowledge.embed";

// One vector of length 1 for each text. Blocks; throws when there is none to be had.
using embed_texts = std::function<std::vector<std::vector<float>>(const std::vector<std::string>&)>;

// Registers the job; start() of the runner comes later. The library schedules it (library.hpp). Pool and clock outlive
// the runner.
void attach_embedding(jobs::runner& runner, db::pool& pool, const clock_source& clock, std::string model,
                      embed_texts embed);

} // namespace chat_centre::knowledge
