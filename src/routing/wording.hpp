#pragma once
// Why something was decided, in both languages of the screens.

#include <string>

namespace chat_centre::routing {

struct wording {
    std::string en;
    std::string ar;
};

} // namespace chat_centre::routing
