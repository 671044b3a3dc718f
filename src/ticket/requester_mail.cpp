#include "ticket/requester_mail.hpp"

namespace chat_centre::ticket {
namespace {

// First strong direction marks keep an id readable inside right-to-left text.
std::string isolated(std::string_view id) { return "\u2068" + std::string(id) + "\u2069"; }

std::string english(const news& n) {
    std::string out = n.name.empty() ? "Hello,\n\n" : "Hello " + n.name + ",\n\n";
    switch (n.what) {
    case occasion::opened:
        out += "We have your request. Its number is " + n.ticket + ".\n";
        if (!n.link.empty())
            out += "\nSee how it stands, and add to it, here:\n" + n.link +
                   "\n\nThis link opens your request without a password. Do not pass it on.\n";
        return out;
    case occasion::answered:
        out += n.author + " answered your request " + n.ticket + ":\n\n" + n.words + "\n";
        break;
    case occasion::resolved:
        out += "Your request " + n.ticket + " is resolved.\n";
        if (!n.link.empty()) out += "If something is still open, write there and we go on.\n";
        break;
    case occasion::closing:
        out += "Your request " + n.ticket + " is resolved and closes tomorrow.\n";
        if (!n.link.empty()) out += "If something is still open, write there before then and we go on.\n";
        break;
    case occasion::closed:
        out += "Your request " + n.ticket + " is done and closed.\n";
        if (!n.link.empty()) out += "\nRead it here:\n" + n.link + "\n";
        return out;
    }
    if (!n.link.empty()) out += "\nRead it and answer here:\n" + n.link + "\n";
    return out;
}

std::string arabic(const news& n) {
    const std::string id = isolated(n.ticket);
    std::string out = n.name.empty() ? "مرحبًا،\n\n" : "مرحبًا " + n.name + "،\n\n";
    switch (n.what) {
    case occasion::opened:
        out += "وصلنا طلبك، ورقمه " + id + ".\n";
        if (!n.link.empty())
            out += "\nتابع حالته وأضف إليه من هنا:\n" + n.link +
                   "\n\nيفتح هذا الرابط طلبك بلا كلمة مرور، فلا تشاركه مع أحد.\n";
        return out;
    case occasion::answered:
        out += "ردّ " + isolated(n.author) + " على طلبك " + id + ":\n\n" + n.words + "\n";
        break;
    case occasion::resolved:
        out += "حُلّ طلبك " + id + ".\n";
        if (!n.link.empty()) out += "إن بقي شيء فاكتب لنا هناك لنواصل العمل عليه.\n";
        break;
    case occasion::closing:
        out += "حُلّ طلبك " + id + " وسيُغلق غدًا.\n";
        if (!n.link.empty()) out += "إن بقي شيء فاكتب لنا هناك قبل ذلك لنواصل العمل عليه.\n";
        break;
    case occasion::closed:
        out += "أُنجز طلبك " + id + " وأُغلق.\n";
        if (!n.link.empty()) out += "\nاقرأه هنا:\n" + n.link + "\n";
        return out;
    }
    if (!n.link.empty()) out += "\nاقرأه وأجب من هنا:\n" + n.link + "\n";
    return out;
}

std::string_view subject_en(occasion o) {
    switch (o) {
    case occasion::opened: return "We have your request ";
    case occasion::answered: return "An answer to your request ";
    case occasion::resolved: return "Resolved: your request ";
    case occasion::closing: return "Closes tomorrow: your request ";
    case occasion::closed: return "Closed: your request ";
    }
    return "";
}

std::string_view subject_ar(occasion o) {
    switch (o) {
    case occasion::opened: return "وصلنا طلبك ";
    case occasion::answered: return "ردّ على طلبك ";
    case occasion::resolved: return "حُلّ طلبك ";
    case occasion::closing: return "يُغلق غدًا طلبك ";
    case occasion::closed: return "أُغلق طلبك ";
    }
    return "";
}

} // namespace

requester_mail mail_of(const news& n, const mail_desk& house, std::string_view language) {
    requester_mail m;
    const bool in_arabic = language.substr(0, 2) == "ar" || language == "mixed";
    m.name = n.name;
    m.language = in_arabic ? "ar" : "en";
    m.subject = "[" + (in_arabic ? house.company_ar : house.company_en) + "] ";
    m.subject += std::string(in_arabic ? subject_ar(n.what) : subject_en(n.what)) + n.ticket;
    m.text = in_arabic ? arabic(n) : english(n);
    return m;
}

std::string portal_link(const mail_desk& house, std::string_view token) {
    if (house.base_url.empty()) return "";
    std::string base = house.base_url;
    while (!base.empty() && base.back() == '/') base.pop_back();
    // After the '#': browsers keep it to themselves, so no log on the way and no Referer has it.
    return base + "/portal/#" + std::string(token);
}

} // namespace chat_centre::ticket
