#pragma once
// Learning, tied to what anonymises texts and to the articles that candidates become.

#include <chat_centre/jobs/jobs.hpp>
#include <chat_centre/learning/routes.hpp>

namespace chat_centre::app {

learning::anonymiser anonymiser();
learning::draft_maker draft_maker();
// The jobs that collect what people said, and work out from it what articles weigh. clock outlives the runner.
void attach_learning(jobs::runner& runner, const clock_source& clock);

} // namespace chat_centre::app
