// The list of channels in memory, while others change it.

#include "support/database.hpp"

#include <chat_centre/channel/definition.hpp>
#include <chat_centre/db/connection.hpp>
#include <chat_centre/event/event.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace chat_centre;
using namespace chat_centre::channel;

namespace {

constexpr db::query switch_off{"test.switch_off", "UPDATE channel SET active = false WHERE name = 'whatsapp'"};

void announce(db::tx& t) {
    event::entry e;
    e.type = "channels.changed";
    e.data = "{}";
    std::vector<event::entry> events{std::move(e)};
    event::append(t, events);
}

} // namespace

TEST_CASE("a slow reading does not bring back a channel that was switched off meanwhile",
          "[channel][directory]") {
    tests::database data;
    const auto plain = [](std::string_view text, std::string_view) {
        return std::optional(std::string(text));
    };
    directory known({[](std::string_view text, std::string_view) { return std::string(text); }, plain}, {});
    const auto slow = db::connect(data.settings());
    const auto quick = db::connect(data.settings());
    slow->transact([&](db::tx& reading) {
        known.load(reading);
        // Only one process sends: the slow reader holds no row that the change wants.
        quick->transact([&](db::tx& change) {
            change.exec(switch_off);
            announce(change);
            known.load(change);
        });
        CHECK_FALSE(known.find("whatsapp")->active);
    });
    CHECK_FALSE(known.find("whatsapp")->active);
    quick->transact([&](db::tx& t) { known.load(t); });
    CHECK_FALSE(known.find("whatsapp")->active);
}
