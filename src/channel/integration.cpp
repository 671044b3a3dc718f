#include <chat_centre/channel/integration.hpp>

#include "channel/queries.hpp"

#include <spdlog/spdlog.h>

namespace chat_centre::channel {
namespace {

std::string purpose_of(const std::string& name) { return "integration " + name; }

} // namespace

json load_integration(db::tx& t, const secret_box& box, const std::string& name) {
    const auto found = t.maybe(sql::find_integration_setting, name);
    if (!found) return json::object();
    const auto text = box.open(found->text(0), purpose_of(name));
    if (!text) {
        spdlog::error("the settings of {} were sealed with another key (SECRET_KEY): enter them again", name);
        return json::object();
    }
    return parse_json(*text);
}

void save_integration(db::tx& t, const secret_box& box, const std::string& name, const json& settings,
                      std::int64_t staff, time_point now) {
    t.exec(sql::keep_integration_setting, name, box.seal(dump(settings), purpose_of(name)),
           staff == 0 ? std::nullopt : std::optional(staff), now);
}

event::entry integration_changed(const std::string& name, time_point now) {
    event::entry e;
    e.type = "integration.changed";
    e.at = now;
    e.who = event::audience::internal;
    e.data = dump({{"name", name}});
    return e;
}

bool tells_of_integration(const event::entry& e, std::string_view name) {
    return e.type == "integration.changed" && json::parse(e.data, nullptr, false).value("name", "") == name;
}

json shown_secret(const std::string& secret) {
    constexpr std::size_t shown = 4;
    constexpr std::size_t long_enough = 16;
    const bool hint = secret.size() >= long_enough;
    return {{"set", !secret.empty()},
            {"hint", hint ? json("…" + secret.substr(secret.size() - shown)) : json(nullptr)}};
}

void use_log::note(const std::string& part, std::string detail) {
    const auto now = clock_.now();
    const std::lock_guard lock(guard_);
    auto& u = waiting_[part];
    u.at = now;
    ++u.count;
    u.detail = std::move(detail);
}

bool use_log::waits() const {
    const std::lock_guard lock(guard_);
    return !waiting_.empty();
}

void use_log::write(db::tx& t) {
    std::map<std::string, use> now_written;
    {
        const std::lock_guard lock(guard_);
        now_written.swap(waiting_);
    }
    for (const auto& [part, u] : now_written)
        t.exec(sql::note_integration_use, integration_, part, u.at, u.count, u.detail);
}

std::map<std::string, use> use_log::read(db::tx& t) const {
    std::map<std::string, use> out;
    for (const auto r : t.many(sql::list_integration_uses, integration_))
        out[r.get<std::string>(0)] = {r.get<time_point>(1), r.get<std::int64_t>(2), r.get<std::string>(3)};
    return out;
}

} // namespace chat_centre::channel
