#include <chat_centre/channel/whatsapp_message.hpp>

#include <chat_centre/base/fields.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <initializer_list>

namespace chat_centre::channel {
namespace {

constexpr std::size_t longest_jid = 200;

// A member of a member of ...; null when there is none on the way.
const json& at_path(const json& from, std::initializer_list<const char*> names) {
    static const json nothing = nullptr;
    const json* here = &from;
    for (const char* name : names) {
        if (!here->is_object()) return nothing;
        const auto it = here->find(name);
        if (it == here->end()) return nothing;
        here = &*it;
    }
    return *here;
}

std::string text_at(const json& from, std::initializer_list<const char*> names) {
    const json& found = at_path(from, names);
    return found.is_string() ? found.get<std::string>() : std::string{};
}

std::string first_text(const json& from,
                       std::initializer_list<std::initializer_list<const char*>> alternatives) {
    for (const auto& place : alternatives)
        if (auto found = text_at(from, place); !is_blank(found)) return found;
    return {};
}

// What carries a message inside: disappearing ones, those to be seen once, documents with a caption.
const json& unwrapped(const json& message) {
    const json* here = &message;
    for (int depth = 0; depth < 5; ++depth) {
        const json* inner = nullptr;
        for (const char* name :
             {"ephemeralMessage", "viewOnceMessage", "viewOnceMessageV2", "viewOnceMessageV2Extension",
              "documentWithCaptionMessage", "deviceSentMessage"})
            if (const json& found = at_path(*here, {name, "message"}); found.is_object()) inner = &found;
        if (inner == nullptr) break;
        here = inner;
    }
    return *here;
}

struct media_kind {
    const char* member;
    const char* kind;
    const char* en;
    const char* ar;
};
constexpr std::array<media_kind, 14> media{{
    {"imageMessage", "image", "Image", "صورة"},
    {"videoMessage", "video", "Video", "فيديو"},
    {"ptvMessage", "video", "Video", "فيديو"},
    {"audioMessage", "audio", "Voice message", "رسالة صوتية"},
    {"documentMessage", "document", "Document", "مستند"},
    {"stickerMessage", "sticker", "Sticker", "ملصق"},
    {"locationMessage", "location", "Location", "موقع"},
    {"liveLocationMessage", "location", "Location", "موقع"},
    {"contactMessage", "contact", "Contact card", "جهة اتصال"},
    {"contactsArrayMessage", "contact", "Contact cards", "جهات اتصال"},
    {"pollCreationMessage", "poll", "Poll", "استطلاع"},
    {"pollCreationMessageV3", "poll", "Poll", "استطلاع"},
    {"orderMessage", "order", "Order", "طلب"},
    {"productMessage", "product", "Product", "منتج"},
}};

// What stands for media without a text, for readers of either language.
std::string placeholder(const media_kind& k, const json& content) {
    std::string out = "[" + std::string(k.en) + " / " + k.ar;
    auto name = first_text(content, {{"fileName"}, {"displayName"}, {"name"}, {"address"}});
    if (name.size() > 200) name.clear();
    if (!name.empty()) out += ": " + name;
    out += "]";
    const json& latitude = at_path(content, {"degreesLatitude"});
    const json& longitude = at_path(content, {"degreesLongitude"});
    if (latitude.is_number() && longitude.is_number()) out += " " + dump(latitude) + ", " + dump(longitude);
    return out;
}

// The text of a message, or what stands for it; "" when it says nothing to people.
std::string text_of(const json& message, json& metadata) {
    auto text = first_text(message, {{"conversation"},
                                     {"extendedTextMessage", "text"},
                                     {"buttonsResponseMessage", "selectedDisplayText"},
                                     {"buttonsResponseMessage", "selectedButtonId"},
                                     {"templateButtonReplyMessage", "selectedDisplayText"},
                                     {"templateButtonReplyMessage", "selectedId"},
                                     {"listResponseMessage", "title"},
                                     {"listResponseMessage", "singleSelectReply", "selectedRowId"},
                                     {"interactiveResponseMessage", "body", "text"}});
    if (!text.empty()) return text;
    for (const auto& k : media) {
        const json& content = at_path(message, {k.member});
        if (!content.is_object()) continue;
        metadata["media"] = k.kind;
        const auto caption = text_at(content, {"caption"});
        return is_blank(caption) ? placeholder(k, content) : caption;
    }
    return {};
}

bool ends_with_any(std::string_view text, std::initializer_list<std::string_view> ends) {
    return std::any_of(ends.begin(), ends.end(), [text](auto end) { return text.ends_with(end); });
}

// A privacy id ("...@lid") names nobody that can be called; newer gateways put the number beside it.
std::string jid_of(const json& key) {
    auto jid = text_at(key, {"remoteJid"});
    if (!jid.ends_with("@lid")) return jid;
    const auto other = first_text(key, {{"remoteJidAlt"}, {"senderPn"}, {"participantPn"}});
    return other.empty() ? jid : other;
}

bool all_digits(std::string_view s) {
    return !s.empty() && std::all_of(s.begin(), s.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

class whatsapp_reader {
public:
    whatsapp_batch run(const json& body) {
        if (!body.is_object()) {
            refuse("body", "must be a JSON object");
            return std::move(out_);
        }
        out_.known_event = is_upsert(text_at(body, {"event"}));
        if (!out_.known_event) return std::move(out_);
        const json& data = at_path(body, {"data"});
        const json& list = at_path(data, {"messages"});
        if (list.is_array())
            for_each(list, "data.messages");
        else if (list.is_object())
            one(list, "data.messages");
        else if (data.is_array())
            for_each(data, "data");
        else if (data.is_object())
            one(data, "data");
        else
            refuse("data", "is required: a message, or an object with messages");
        return std::move(out_);
    }

private:
    static bool is_upsert(std::string event) {
        std::transform(event.begin(), event.end(), event.begin(), [](unsigned char c) {
            return c == '_' || c == '-' ? '.' : static_cast<char>(std::tolower(c));
        });
        return event == "messages.upsert";
    }

    void for_each(const json& list, const std::string& name) {
        for (std::size_t i = 0; i < list.size(); ++i) one(list[i], name + "[" + std::to_string(i) + "]");
    }

    void one(const json& entry, const std::string& name) {
        if (!entry.is_object()) return refuse(name, "must be an object");
        const json& key = at_path(entry, {"key"});
        if (!key.is_object()) return refuse(name + ".key", "is required");
        const auto jid = jid_of(key);
        if (jid.empty() || jid.size() > longest_jid)
            return refuse(name + ".key.remoteJid", "is required: such as 26377...@s.whatsapp.net");
        heard s;
        s.user_id = person_of(jid);
        const json& wrapped = at_path(entry, {"message"});
        const json& message = wrapped.is_object() ? unwrapped(wrapped) : wrapped;
        if (!s.user_id.empty() && message.is_object()) s.text = text_of(message, s.metadata);
        if (is_blank(s.text)) { // a group, a broadcast; a reaction, a receipt, an edit, a key
            ++out_.ignored;
            return;
        }
        s.id = text_at(key, {"id"});
        const json& from_me = at_path(key, {"fromMe"});
        s.by_us = from_me.is_boolean() ? from_me.get<bool>() : from_me == json("true");
        if (!s.by_us) s.name = text_at(entry, {"pushName"});
        if (all_digits(s.user_id) && s.user_id.size() >= 7 && s.user_id.size() <= 15)
            s.phone = "+" + s.user_id;
        s.at = time_in(at_path(entry, {"messageTimestamp"}));
        out_.messages.push_back(std::move(s));
    }

    void refuse(std::string field, std::string why) {
        out_.unread.push_back({std::move(field), std::move(why)});
    }

    whatsapp_batch out_;
};

} // namespace

std::string person_of(std::string_view jid) {
    if (ends_with_any(jid, {"@g.us", "@broadcast", "@newsletter", "@call"})) return {};
    if (jid.ends_with("@lid")) return std::string(jid);
    jid = jid.substr(0, jid.find('@'));
    jid = jid.substr(0, jid.find(':')); // the device
    if (!jid.empty() && jid.front() == '+') jid.remove_prefix(1);
    return std::string(jid);
}

whatsapp_batch read_whatsapp(const json& body) { return whatsapp_reader().run(body); }

} // namespace chat_centre::channel
