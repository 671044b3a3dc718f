#pragma once
// Learning, tied to what anonymises texts and to the articles that candidates become.

#include <chat_centre/learning/routes.hpp>

namespace chat_centre::app {

learning::anonymiser anonymiser();
learning::draft_maker draft_maker();

} // namespace chat_centre::app
