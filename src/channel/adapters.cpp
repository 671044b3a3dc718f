#include <chat_centre/channel/adapter.hpp>

#include <algorithm>
#include <array>

namespace chat_centre::channel {
namespace {

constexpr std::array<adapter, 6> table{{
    // widget.cpp, and the socket of src/realtime
    {"widget", "Website chat", "محادثة الموقع", "monitor", true, way_out::socket, 16'000},
    // src/ticket/portal.cpp
    {"portal", "Portal", "البوابة", "file-text", true, way_out::socket, 16'000},
    // sync.cpp: what another system's assistant said there
    {"elevenlabs", "ElevenLabs", "ElevenLabs", "bot", false, way_out::caller, 16'000},
    // whatsapp.cpp
    {"whatsapp", "WhatsApp", "واتساب", "message-square-text", true, way_out::send_url, 4'096},
    // src/intake
    {"call", "Call", "مكالمة", "phone", true, way_out::caller, 16'000},
    // sync.cpp, by whatever reads the mailbox
    {"email", "E-mail", "البريد الإلكتروني", "mail", false, way_out::caller, 16'000},
}};

} // namespace

std::string_view to_string(way_out w) {
    switch (w) {
    case way_out::socket: return "socket";
    case way_out::caller: return "caller";
    case way_out::send_url: return "send_url";
    }
    return "";
}

std::span<const adapter> adapters() { return table; }

const adapter* find_adapter(std::string_view name) {
    const auto* it =
        std::find_if(table.begin(), table.end(), [name](const adapter& a) { return a.name == name; });
    return it == table.end() ? nullptr : it;
}

} // namespace chat_centre::channel
