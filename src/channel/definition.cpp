#include <chat_centre/channel/definition.hpp>

#include "channel/queries.hpp"

#include <chat_centre/channel/reply_template.hpp>
#include <chat_centre/http/outbound.hpp>

#include <spdlog/spdlog.h>

#include <algorithm>

namespace chat_centre::channel {

directory::directory(sealing box, whatsapp_environment whatsapp)
    : box_(std::move(box)), whatsapp_(std::move(whatsapp)), list_(std::make_shared<const list>()) {}

definition directory::read(const db::row& r) const {
    definition d;
    d.id = r.get<std::int64_t>(0);
    d.name = r.get<std::string>(1);
    d.kind = r.get<std::string>(2);
    d.name_en = r.get<std::string>(3);
    d.name_ar = r.get<std::string>(4);
    d.active = r.get<bool>(5);
    d.scenario = r.get<std::string>(6);
    const auto opened = [&](int column) {
        if (r.is_null(column)) return std::string{};
        auto text = box_.open(r.text(column), channel_purpose);
        if (!text) d.unreadable = true;
        return text.value_or("");
    };
    d.secret = opened(7);
    d.secret_header = r.get<std::string>(8);
    if (d.kind == "json") d.map = parse_mapping(json::parse(r.text(9)));
    d.send.url = opened(10);
    d.send_host = r.get<std::string>(11);
    const std::string headers = opened(12);
    const json by_name = headers.empty() ? json::object() : json::parse(headers);
    for (const auto& [name, value] : by_name.items())
        d.send.headers.emplace_back(name, value.get<std::string>());
    for (const auto& name : json::parse(r.text(13))) d.send_header_names.push_back(name.get<std::string>());
    d.send.body = r.get<std::string>(14);
    d.send.form = r.text(15) == "form";
    d.created_at = r.get<time_point>(16);
    d.updated_at = r.get<time_point>(17);
    if (d.kind != "whatsapp") return d;
    if (!whatsapp_.webhook_token.empty()) d.secret = whatsapp_.webhook_token;
    if (!whatsapp_.sends()) return d;
    d.unreadable = false;
    d.send = {whatsapp_.send_url, {}, whatsapp_.send_body, false};
    d.send_host = http::host_of(whatsapp_.send_url);
    d.send_header_names.clear();
    // Gateways disagree about where they look for their key.
    if (!whatsapp_.send_token.empty()) {
        d.send.headers = {{"Authorization", "Bearer " + whatsapp_.send_token},
                          {"apikey", whatsapp_.send_token}};
        d.send_header_names = {"Authorization", "apikey"};
    }
    return d;
}

void directory::load(db::tx& t) {
    const std::lock_guard one_by_one(loading_); // or what was read earlier could be kept later
    auto fresh = std::make_shared<list>();
    db::array sending;
    for (const auto r : t.many(sql::list_channels)) {
        try {
            auto d = read(r);
            if (d.unreadable)
                spdlog::error(
                    "channel {}: its stored secrets cannot be opened (SECRET_KEY has changed); enter them "
                    "anew",
                    d.name);
            if (d.active && !d.send.url.empty()) sending.add(d.id);
            fresh->push_back(std::move(d));
        } catch (const std::exception& e) {
            spdlog::error("channel {} cannot be read: {}", r.text(1), e.what());
        }
    }
    t.exec(sql::begin_sending, sending);
    t.exec(sql::end_sending, sending);
    const std::lock_guard lock(mutex_);
    list_ = std::move(fresh);
}

std::shared_ptr<const directory::list> directory::all() const {
    const std::lock_guard lock(mutex_);
    return list_;
}

std::optional<definition> directory::find(std::string_view name) const {
    const auto known = all();
    const auto it =
        std::find_if(known->begin(), known->end(), [name](const auto& d) { return d.name == name; });
    return it == known->end() ? std::nullopt : std::optional(*it);
}

} // namespace chat_centre::channel
