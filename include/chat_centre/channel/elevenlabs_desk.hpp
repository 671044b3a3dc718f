#pragma once
// How ElevenLabs is set up, as every part of that integration sees it, and when its parts were last used.

#include <chat_centre/channel/integration.hpp>
#include <chat_centre/config/config.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::channel {

struct elevenlabs_setup {
    std::vector<std::string> webhook_secrets;
    std::string api_key, agent_id;
    std::string mode = "own"; // own: our assistant speaks on /convai/ws; relay: theirs does
    std::string api_url = "https://api.elevenlabs.io";
    std::vector<std::string> allowed_origins; // "https://example.org"; empty: any page
    bool monitor =
        false; // staff write to customers of their agents through the monitor socket (enterprise plans)
};

// What is stored (the object of load_integration), with the environment's values in place of it. Pure.
elevenlabs_setup setup_of(const json& stored, const config::elevenlabs_settings& environment);
// May a page of this origin ask? "" is no browser's page. Pure.
bool origin_allowed(const elevenlabs_setup& s, std::string_view origin);

class elevenlabs_desk {
public:
    static constexpr const char* name = "elevenlabs"; // of the integration

    // clock outlives it; box is called after the start, when there is one.
    elevenlabs_desk(const clock_source& clock, config::elevenlabs_settings environment,
                    std::function<const secret_box&()> box)
        : uses(clock, name), environment_(std::move(environment)), box_(std::move(box)) {}

    std::shared_ptr<const elevenlabs_setup> setup() const; // any thread
    void load(db::tx& t);                                  // at start, and after "integration.changed"
    const secret_box& box() const { return box_(); }
    const config::elevenlabs_settings& environment() const { return environment_; }

    // Parts: webhook, webhook_refused, page, sync, custom_llm, tool, conversation_init, signed_url, signed_url_refused,
    // socket, monitor, monitor_refused.
    use_log uses;

private:
    config::elevenlabs_settings environment_;
    std::function<const secret_box&()> box_;
    std::mutex loading_;
    mutable std::mutex guard_;
    std::shared_ptr<const elevenlabs_setup> setup_ = std::make_shared<elevenlabs_setup>();
};

} // namespace chat_centre::channel
