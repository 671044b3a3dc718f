#include <chat_centre/audit/audit.hpp>

#include "audit/queries.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace chat_centre::audit {
namespace {

std::string_view kind_name(caller kind) {
    switch (kind) {
    case caller::staff: return "staff";
    case caller::page:
    case caller::customer: return "customer";
    case caller::api_key: return "api_key";
    case caller::nobody: break;
    }
    return "system";
}

std::int64_t id_of(const principal& p) {
    switch (p.kind) {
    case caller::staff: return p.staff;
    case caller::customer: return p.conversation;
    case caller::api_key: return p.api_key;
    case caller::page:
    case caller::nobody: break;
    }
    return 0;
}

} // namespace

row by(const http::request& r, std::string action, std::string target, json detail) {
    row out;
    out.actor_kind = r.who.kind;
    out.actor_id = id_of(r.who);
    out.actor_name = r.who.name;
    out.action = std::move(action);
    out.target = std::move(target);
    out.detail = std::move(detail);
    out.address = r.remote_address;
    out.request_id = r.request_id;
    return out;
}

void record(db::tx& t, const row& what) { record(t, std::vector{what}); }

void record(db::tx& t, const std::vector<row>& all) {
    if (all.empty()) return;
    const auto column = [&all](auto value) {
        db::array out;
        for (const auto& r : all) out.add(value(r));
        return out;
    };
    const auto actor = [](const row& r) { return r.actor_id > 0 ? std::optional(r.actor_id) : std::nullopt; };
    t.exec(sql::add, column([](const row& r) { return kind_name(r.actor_kind); }), column(actor),
           column([](const row& r) { return std::string_view{r.actor_name}; }),
           column([](const row& r) { return std::string_view{r.action}; }),
           column([](const row& r) { return std::string_view{r.target}; }),
           column([](const row& r) { return dump(r.detail); }),
           column([](const row& r) { return std::string_view{r.address}; }),
           column([](const row& r) { return std::string_view{r.request_id}; }));
}

} // namespace chat_centre::audit
