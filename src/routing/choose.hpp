#pragma once
// Who gets a conversation: a pure decision over what was read under locks. See tests/routing/choose_test.cpp.

#include "routing/wording.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::routing {

struct candidate {
    std::int64_t id = 0;
    std::string name;
    bool online = false;                 // a socket is open
    std::string availability = "online"; // as chosen: online, away, offline
    int capacity = 5;
    int load = 0;    // conversations under way and open offers
    int tickets = 0; // in work; counted when a ticket is given
    int weight = 1;
    std::vector<std::string> languages; // none stated: any
    std::map<std::string, int> skills;  // with their level, 1 to 5
    double turn = 0;                    // round robin: the least advanced is next
    std::int64_t idle_seconds = 0;      // since something was last given to them or finished by them
};

enum class method { manual, round_robin, least_loaded };
method parse_method(std::string_view stored); // anything else: manual
std::string_view to_string(method m);

struct need {
    method how = method::round_robin;
    std::string language; // a BCP 47 tag, "" or "mixed": any
    std::vector<std::string> skills;
    std::vector<std::int64_t> passed; // declined it, or let the offer run out, in this wait
    bool vip = false;                 // chooses nobody else, but is a reason why this is served before others
};

struct verdict {
    std::int64_t id = 0;
    std::string name;
    bool eligible = false;
    wording why; // "not online", "at capacity 5/5"
    int load = 0;
    std::int64_t idle_seconds = 0;
    double score = 0; // less is better; what the method compares
};

struct choice {
    std::optional<std::size_t> chosen; // index into the candidates
    wording reason;
    std::vector<verdict> candidates; // all of them, in the order given
};

bool has_room(const candidate& c); // online, not away, below capacity
choice choose(const std::vector<candidate>& candidates, const need& wanted);

} // namespace chat_centre::routing
