#pragma once
// The socket of ElevenLabs' widget, set up from the environment.

#include <chat_centre/auth/live_directory.hpp>
#include <chat_centre/channel/convai.hpp>
#include <chat_centre/channel/elevenlabs_desk.hpp>
#include <chat_centre/config/config.hpp>

namespace chat_centre::app {

// `directory` outlives what is made with it.
channel::convai_settings convai_settings_of(const config::settings& s, const auth::live_directory& directory,
                                            channel::elevenlabs_desk& desk);

} // namespace chat_centre::app
