// What is read of a WhatsApp gateway's posts: document 003's, its relatives, and things nobody means.

#include <chat_centre/channel/whatsapp_message.hpp>

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace chat_centre;
using namespace chat_centre::channel;

namespace {

json entry(json message, const std::string& jid = "1234567890@s.whatsapp.net") {
    return {{"key", {{"remoteJid", jid}, {"fromMe", false}, {"id", "message_id"}}},
            {"message", std::move(message)}};
}

json upsert(json data) { return {{"event", "messages.upsert"}, {"data", std::move(data)}}; }

std::string text_read(json message) {
    const auto b = read_whatsapp(upsert({{"messages", json::array({entry(std::move(message))})}}));
    return b.messages.empty() ? "" : b.messages.front().text;
}

} // namespace

TEST_CASE("document 003's body", "[channel][whatsapp]") {
    const auto b = read_whatsapp(
        upsert({{"messages", json::array({entry({{"conversation", "I need to speak with a human"}})})}}));
    REQUIRE(b.known_event);
    REQUIRE(b.messages.size() == 1);
    const auto& s = b.messages.front();
    CHECK(s.user_id == "1234567890");
    CHECK(s.phone == "+1234567890");
    CHECK(s.id == "message_id");
    CHECK(s.text == "I need to speak with a human");
    CHECK_FALSE(s.by_us);
    CHECK(b.unread.empty());
}

TEST_CASE("the shapes of data", "[channel][whatsapp]") {
    const json one = entry({{"conversation", "hello"}});
    for (const json& data :
         {json{{"messages", json::array({one})}}, json{{"messages", one}}, one, json::array({one})}) {
        INFO(data.dump());
        CHECK(read_whatsapp(upsert(data)).messages.size() == 1);
    }
    for (const char* event : {"messages.upsert", "MESSAGES_UPSERT", "messages-upsert", "Messages.Upsert"})
        CHECK(read_whatsapp({{"event", event}, {"data", one}}).messages.size() == 1);
    for (const char* event : {"connection.update", "messages.update", "", "presence.update"}) {
        const auto b = read_whatsapp({{"event", event}, {"data", one}});
        CHECK_FALSE(b.known_event);
        CHECK(b.messages.empty());
    }
}

TEST_CASE("where the text is", "[channel][whatsapp]") {
    struct line {
        json message;
        const char* text;
    };
    const std::vector<line> lines{
        {{{"conversation", "plain"}}, "plain"},
        {{{"extendedTextMessage", {{"text", "with a link"}}}}, "with a link"},
        {{{"imageMessage", {{"caption", "my receipt"}}}}, "my receipt"},
        {{{"videoMessage", {{"caption", "look"}}}}, "look"},
        {{{"documentMessage", {{"caption", "the form"}, {"fileName", "a.pdf"}}}}, "the form"},
        {{{"buttonsResponseMessage", {{"selectedDisplayText", "Yes"}, {"selectedButtonId", "y"}}}}, "Yes"},
        {{{"buttonsResponseMessage", {{"selectedButtonId", "y"}}}}, "y"},
        {{{"templateButtonReplyMessage", {{"selectedDisplayText", "Track"}}}}, "Track"},
        {{{"listResponseMessage", {{"title", "Medical"}}}}, "Medical"},
        {{{"listResponseMessage", {{"singleSelectReply", {{"selectedRowId", "row-2"}}}}}}, "row-2"},
        {{{"ephemeralMessage", {{"message", {{"conversation", "gone soon"}}}}}}, "gone soon"},
        {{{"viewOnceMessageV2", {{"message", {{"imageMessage", {{"caption", "once"}}}}}}}}, "once"},
        {{{"documentWithCaptionMessage", {{"message", {{"documentMessage", {{"caption", "signed"}}}}}}}},
         "signed"},
        {{{"imageMessage", {{"mimetype", "image/jpeg"}}}}, "[Image / صورة]"},
        {{{"audioMessage", {{"ptt", true}}}}, "[Voice message / رسالة صوتية]"},
        {{{"documentMessage", {{"fileName", "certificate.pdf"}}}}, "[Document / مستند: certificate.pdf]"},
        {{{"stickerMessage", json::object()}}, "[Sticker / ملصق]"},
        {{{"contactMessage", {{"displayName", "Bob"}}}}, "[Contact card / جهة اتصال: Bob]"},
        {{{"locationMessage", {{"degreesLatitude", -17.5}, {"degreesLongitude", 31.25}}}},
         "[Location / موقع] -17.5, 31.25"},
        {{{"reactionMessage", {{"text", "👍"}}}}, ""},
        {{{"protocolMessage", {{"type", 0}}}}, ""},
        {{{"conversation", "   "}}, ""},
        {{{"conversation", 5}}, ""},
        {json::object(), ""},
        {nullptr, ""},
        {"hello", ""},
    };
    for (const auto& l : lines) {
        INFO(l.message.dump());
        CHECK(text_read(l.message) == l.text);
    }
}

TEST_CASE("who it is from", "[channel][whatsapp]") {
    CHECK(person_of("263771234567@s.whatsapp.net") == "263771234567");
    CHECK(person_of("263771234567:12@s.whatsapp.net") == "263771234567");
    CHECK(person_of("263771234567@c.us") == "263771234567");
    CHECK(person_of("+263771234567") == "263771234567");
    CHECK(person_of("test@s.whatsapp.net") == "test");
    CHECK(person_of("123456@lid") == "123456@lid");
    for (const char* nobody :
         {"123-456@g.us", "status@broadcast", "1@broadcast", "1@newsletter", "@s.whatsapp.net"})
        CHECK(person_of(nobody).empty());

    const auto group = read_whatsapp(upsert(entry({{"conversation", "hi all"}}, "1-2@g.us")));
    CHECK(group.messages.empty());
    CHECK(group.ignored == 1);

    json hidden = entry({{"conversation", "hi"}}, "999@lid");
    hidden["key"]["senderPn"] = "263771234567@s.whatsapp.net";
    CHECK(read_whatsapp(upsert(hidden)).messages.at(0).user_id == "263771234567");
    CHECK(read_whatsapp(upsert(entry({{"conversation", "hi"}}, "test@s.whatsapp.net")))
              .messages.at(0)
              .phone.empty());
}

TEST_CASE("name, time and whose it is", "[channel][whatsapp]") {
    json m = entry({{"conversation", "hi"}});
    m["pushName"] = "John";
    for (const json& at : {json(1732096800), json("1732096800"), json(1732096800000),
                           json{{"low", 1732096800}, {"high", 0}}}) {
        m["messageTimestamp"] = at;
        const auto s = read_whatsapp(upsert(m)).messages.at(0);
        REQUIRE(s.at);
        CHECK(to_rfc3339(*s.at) == "2024-11-20T10:00:00.000Z");
        CHECK(s.name == "John");
    }
    for (const json& at : {json(-1), json(0), json("soon"), json(nullptr), json::array(), json(1e300)}) {
        m["messageTimestamp"] = at;
        CHECK_FALSE(read_whatsapp(upsert(m)).messages.at(0).at);
    }
    m["key"]["fromMe"] = true;
    const auto ours = read_whatsapp(upsert(m)).messages.at(0);
    CHECK(ours.by_us);
    CHECK(ours.name.empty()); // ours, not the customer's
}

TEST_CASE("strange bodies never throw, and leave the others alone", "[channel][whatsapp]") {
    const json good = entry({{"conversation", "hello"}});
    for (const json& bad :
         {json(nullptr), json(5), json("x"), json::array(), json::object(), json{{"key", 1}},
          json{{"key", {{"remoteJid", 5}}}}, json{{"key", {{"remoteJid", std::string(5000, '1')}}}}}) {
        INFO(bad.dump().substr(0, 80));
        const auto b = read_whatsapp(upsert({{"messages", json::array({bad, good})}}));
        CHECK(b.messages.size() == 1);
        CHECK(b.unread.size() == 1);
    }
    for (const json& body : {json(nullptr), json(1), json::array(), json::object(), upsert(nullptr),
                             upsert("x"), json{{"event", 5}, {"data", good}}})
        CHECK(read_whatsapp(body).messages.empty());
    json nested = {{"conversation", "deep"}};
    for (int i = 0; i < 9; ++i) nested = json{{"ephemeralMessage", {{"message", std::move(nested)}}}};
    CHECK(text_read(nested).empty());
}
