#include "notify/wording.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/json.hpp>

namespace chat_centre::notify {
namespace {

bool arabic(std::string_view language) { return language.substr(0, 2) == "ar"; }

// Slack reads &, < and > as its own marks.
std::string slack_text(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else
            out += c;
    }
    return out;
}

std::string with_period(std::string_view first, std::string_view second) {
    std::string out(first);
    if (!second.empty()) out += "\n" + std::string(second);
    return out;
}

bool pressing(std::string_view priority) { return priority == "emergency" || priority == "high"; }

} // namespace

std::string link_to(const house& h, std::int64_t conversation, std::string_view ticket) {
    if (h.public_url.empty()) return "";
    std::string base = h.public_url;
    while (!base.empty() && base.back() == '/') base.pop_back();
    if (!ticket.empty()) return base + "/admin/tickets/" + std::string(ticket);
    if (conversation != 0) return base + "/admin/c/" + format_id("CONV", conversation);
    return base + "/admin/";
}

letter mail_of(const event::notice& n, const house& h, std::string_view language, std::string_view reader) {
    const std::string link = link_to(h, n.conversation, n.ticket);
    if (arabic(language)) {
        letter l{"[" + h.company_ar + "] " + n.title_ar, "مرحبًا " + std::string(reader) + "،\n\n"};
        l.text += with_period(n.title_ar, n.body_ar) + "\n";
        if (!link.empty()) l.text += "\nافتحها هنا: " + link + "\n";
        l.text += "\nتصلك هذه الرسالة بحسب اختيارك في إعدادات الإشعارات.\n";
        return l;
    }
    letter l{"[" + h.company_en + "] " + n.title_en, "Hello " + std::string(reader) + ",\n\n"};
    l.text += with_period(n.title_en, n.body_en) + "\n";
    if (!link.empty()) l.text += "\nOpen it here: " + link + "\n";
    l.text += "\nYou get this mail as chosen in your notification settings.\n";
    return l;
}

letter test_mail(const house& h, std::string_view language) {
    if (arabic(language))
        return {"[" + h.company_ar + "] رسالة تجريبية", "وصلت هذه الرسالة، فالبريد يعمل.\n"};
    return {"[" + h.company_en + "] Test mail", "This mail arrived, so mail works.\n"};
}

std::string slack_json(const event::notice& n, const house& h) {
    std::string text = "*" + slack_text(n.title_en) + "*";
    if (!n.body_en.empty()) text += "\n" + slack_text(n.body_en);
    if (!n.title_ar.empty()) text += "\n" + slack_text(n.title_ar);
    if (const auto link = link_to(h, n.conversation, n.ticket); !link.empty())
        text += "\n<" + link + "|Open>";
    const json block = {{"type", "section"}, {"text", {{"type", "mrkdwn"}, {"text", text}}}};
    // `text` is what notifications and screen readers get; the block is what is shown.
    return dump({{"text", slack_text(n.title_en)}, {"blocks", json::array({block})}});
}

std::string teams_json(const event::notice& n, const house& h) {
    json lines = json::array();
    lines.push_back({{"type", "TextBlock"},
                     {"text", n.title_en},
                     {"weight", "Bolder"},
                     {"wrap", true},
                     {"color", n.level == "urgent"    ? "Attention"
                               : n.level == "warning" ? "Warning"
                                                      : "Default"}});
    if (!n.body_en.empty()) lines.push_back({{"type", "TextBlock"}, {"text", n.body_en}, {"wrap", true}});
    if (!n.title_ar.empty()) lines.push_back({{"type", "TextBlock"}, {"text", n.title_ar}, {"wrap", true}});
    json card = {{"$schema", "http://adaptivecards.io/schemas/adaptive-card.json"},
                 {"type", "AdaptiveCard"},
                 {"version", "1.4"},
                 {"body", std::move(lines)}};
    if (const auto link = link_to(h, n.conversation, n.ticket); !link.empty())
        card["actions"] = json::array({{{"type", "Action.OpenUrl"}, {"title", "Open"}, {"url", link}}});
    const json attachment = {{"contentType", "application/vnd.microsoft.card.adaptive"},
                             {"contentUrl", nullptr},
                             {"content", std::move(card)}};
    return dump({{"type", "message"}, {"attachments", json::array({attachment})}});
}

event::notice waiting_notice(std::int64_t conversation, std::string_view customer, std::string_view priority) {
    event::notice n;
    n.kind = "handover";
    n.level = pressing(priority) ? "urgent" : "info";
    n.conversation = conversation;
    n.title_en = std::string(customer) + " is waiting for a person";
    n.title_ar = std::string(customer) + " بانتظار أحد الموظفين";
    return n;
}

event::notice passed_notice(std::int64_t conversation, std::string_view customer, std::string_view priority) {
    event::notice n;
    n.kind = "assigned";
    n.level = pressing(priority) ? "urgent" : "info";
    n.conversation = conversation;
    n.title_en = "The conversation with " + std::string(customer) + " was passed to you";
    n.title_ar = "حُوّلت إليك المحادثة مع " + std::string(customer);
    return n;
}

event::notice webhook_disabled_notice(std::string_view host, std::string_view reason) {
    event::notice n;
    n.kind = "webhook.disabled";
    n.level = "warning";
    n.title_en = "The webhook to " + std::string(host) + " was switched off";
    n.title_ar = "أُوقف خطاف الويب إلى " + std::string(host);
    n.body_en = "It does not take our messages: " + std::string(reason) + ". Switch it on again when it does.";
    n.body_ar = "لا يستقبل رسائلنا. أعد تشغيله عندما يعود إلى العمل.";
    return n;
}

event::notice test_notice() {
    event::notice n;
    n.kind = "test";
    n.title_en = "Test message";
    n.title_ar = "رسالة تجريبية";
    n.body_en = "This message arrived, so the connection works.";
    n.body_ar = "وصلت هذه الرسالة، فالاتصال يعمل.";
    return n;
}

} // namespace chat_centre::notify
