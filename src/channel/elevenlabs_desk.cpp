#include <chat_centre/channel/elevenlabs_desk.hpp>

#include <chat_centre/event/event.hpp>

#include <algorithm>

namespace chat_centre::channel {
namespace {

std::string stored_text(const json& stored, const char* member) {
    const auto it = stored.find(member);
    return it != stored.end() && it->is_string() ? it->get<std::string>() : "";
}

std::vector<std::string> stored_list(const json& stored, const char* member) {
    std::vector<std::string> out;
    const auto it = stored.find(member);
    if (it == stored.end() || !it->is_array()) return out;
    for (const auto& item : *it)
        if (item.is_string()) out.push_back(item.get<std::string>());
    return out;
}

} // namespace

elevenlabs_setup setup_of(const json& stored, const config::elevenlabs_settings& environment) {
    elevenlabs_setup s;
    s.webhook_secrets = environment.webhook_secrets.empty() ? stored_list(stored, "webhook_secrets")
                                                            : environment.webhook_secrets;
    s.allowed_origins = environment.allowed_origins.empty() ? stored_list(stored, "allowed_origins")
                                                            : environment.allowed_origins;
    const auto choose = [&stored](std::string& to, const std::string& given, const char* member) {
        const auto value = given.empty() ? stored_text(stored, member) : given;
        if (!value.empty()) to = value;
    };
    choose(s.api_key, environment.api_key, "api_key");
    choose(s.agent_id, environment.agent_id, "agent_id");
    choose(s.mode, environment.mode, "mode");
    choose(s.api_url, environment.api_url, "api_url");
    const auto stored_monitor = stored.find("monitor");
    s.monitor = environment.monitor.empty() ? stored_monitor != stored.end() && *stored_monitor == true
                                            : environment.monitor == "on";
    while (s.api_url.ends_with('/')) s.api_url.pop_back();
    return s;
}

bool origin_allowed(const elevenlabs_setup& s, std::string_view origin) {
    return s.allowed_origins.empty() ||
           std::find(s.allowed_origins.begin(), s.allowed_origins.end(), origin) != s.allowed_origins.end();
}

std::shared_ptr<const elevenlabs_setup> elevenlabs_desk::setup() const { return setup_.get(); }

void elevenlabs_desk::load(db::tx& t) {
    const auto head = event::head(t);
    auto fresh =
        std::make_shared<const elevenlabs_setup>(setup_of(load_integration(t, box_(), name), environment_));
    setup_.put(head, std::move(fresh));
}

} // namespace chat_centre::channel
