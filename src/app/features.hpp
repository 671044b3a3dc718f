#pragma once
// Every route table of the program, in one place.

#include "app/system_routes.hpp"

#include <chat_centre/audit/routes.hpp>
#include <chat_centre/auth/routes.hpp>
#include <chat_centre/channel/sync.hpp>
#include <chat_centre/channel/widget.hpp>
#include <chat_centre/conversation/routes.hpp>
#include <chat_centre/http/router.hpp>
#include <chat_centre/search/export_routes.hpp>
#include <chat_centre/search/routes.hpp>
#include <chat_centre/staff/routes.hpp>

namespace chat_centre::app {

struct features {
    system_routes system;
    auth::routes sign_in;
    auth::api_key_routes api_keys;
    staff::routes staff;
    staff::department_routes departments;
    audit::routes audit;
    conversation::routes conversations;
    channel::sync_routes sync;
    channel::widget_routes widget;
    search::routes search;
    search::export_routes exports;
};

// nullptr only describes the rows.
inline void add_routes(http::router& r, features* f) {
    r.add(f != nullptr ? &f->system : nullptr, "system");
    r.add(f != nullptr ? &f->sign_in : nullptr, "sign-in");
    r.add(f != nullptr ? &f->staff : nullptr, "staff");
    r.add(f != nullptr ? &f->departments : nullptr, "departments");
    r.add(f != nullptr ? &f->api_keys : nullptr, "api keys");
    r.add(f != nullptr ? &f->sync : nullptr, "channels");
    r.add(f != nullptr ? &f->widget : nullptr, "channels");
    r.add(f != nullptr ? &f->conversations : nullptr, "conversations");
    r.add(f != nullptr ? &f->search : nullptr, "search");
    r.add(f != nullptr ? &f->exports : nullptr, "export");
    r.add(f != nullptr ? &f->audit : nullptr, "audit");
}

} // namespace chat_centre::app
