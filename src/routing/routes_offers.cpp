#include <chat_centre/routing/routes.hpp>

#include "routing/offers.hpp"
#include "routing/store.hpp"

#include <chat_centre/audit/audit.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/conversation/service.hpp>

namespace chat_centre::routing {

routes::answer routes::decisions(http::request r) {
    const auto id = r.path_id(0, "CONV");
    auto work = [who = r.who, id](db::tx& t) -> json {
        conversation::find_visible(t, who, id);
        return {{"items", decisions_of(t, id)}};
    };
    co_return http::response::of(co_await pool_.run(std::move(work)));
}

routes::answer routes::own_offers(http::request r) {
    auto work = [who = r.who.staff, now = clock_.now()](db::tx& t) -> json {
        return {{"items", open_offers(t, who, now)}};
    };
    co_return http::response::of(co_await pool_.run(std::move(work)));
}

routes::answer routes::accept(http::request r) {
    const auto id = r.path_id(0, "CONV");
    const auto body = read_fields<acceptance_body>(r.json_body());
    auto work = [r, id, body, now = clock_.now()](db::tx& t) -> json {
        conversation::find_visible(t, r.who, id);
        std::vector<event::entry> events;
        answer_offer(t, id, r.who.staff, r.who.name, body.accept, now, events);
        audit::record(t, audit::by(r, body.accept ? "offer.accept" : "offer.decline", format_id("CONV", id)));
        event::append(t, events);
        return {{"conversation_id", format_id("CONV", id)}, {"accepted", body.accept}};
    };
    co_return http::response::of(co_await pool_.run(std::move(work)));
}

} // namespace chat_centre::routing
