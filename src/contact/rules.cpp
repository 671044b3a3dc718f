#include "contact/rules.hpp"

#include <chat_centre/base/phone.hpp>
#include <chat_centre/base/text.hpp>

#include <algorithm>

namespace chat_centre::contact {
namespace {

void fill(std::string& mine, const std::string& theirs) {
    if (mine.empty()) mine = theirs;
}

bool differ(const std::string& a, const std::string& b) { return !a.empty() && !b.empty() && a != b; }

// " " is what fold_text makes of nothing.
bool same_words(const std::string& a, const std::string& b) {
    const auto words = fold_text(a);
    return words != " " && words == fold_text(b);
}

bool has_verified(const person& p) {
    return std::any_of(p.identities.begin(), p.identities.end(), [](const identity& i) { return i.verified; });
}

} // namespace

bool is_open(const lead& l) { return l.status == "new" || l.status == "qualified"; }

lead after_handover(std::optional<lead> before, std::string_view channel, std::string_view trigger,
                    time_point at) {
    lead l;
    if (before && is_open(*before)) {
        l = std::move(*before);
    } else {
        l.source = channel;
        l.created_at = at;
    }
    l.status = "qualified";
    l.score = std::min(l.score + handover_points, most_points);
    l.priority = "high";
    l.handover_requested = true;
    l.handover_trigger = std::string(trigger);
    l.handover_at = at;
    l.updated_at = at;
    return l;
}

person merged_profile(person kept, const person& other) {
    fill(kept.name, other.name);
    fill(kept.email, other.email);
    if (kept.phone.empty()) {
        kept.phone = other.phone;
        kept.e164 = other.e164;
    }
    fill(kept.language, other.language);
    fill(kept.company, other.company);
    kept.vip = kept.vip || other.vip;
    for (const auto& [name, value] : other.custom.items())
        if (!kept.custom.contains(name)) kept.custom[name] = value;
    for (const auto& [name, value] : other.consent.items())
        if (!kept.consent.contains(name) || value == json(false)) kept.consent[name] = value;
    if (other.last_contact_at && (!kept.last_contact_at || *kept.last_contact_at < *other.last_contact_at))
        kept.last_contact_at = other.last_contact_at;
    return kept;
}

std::optional<std::string> merge_refusal(const person& kept, const person& other) {
    if (kept.id == other.id) return "It is the same contact.";
    if (kept.merged_into != 0 || other.merged_into != 0)
        return "One of them was merged into another contact.";
    return std::nullopt;
}

std::vector<std::string> merge_warnings(const person& kept, const person& other) {
    std::vector<std::string> out;
    if (has_verified(kept) && has_verified(other)) out.emplace_back("both_verified");
    if (differ(kept.e164, other.e164)) out.emplace_back("different_phone");
    if (differ(email_key(kept.email), email_key(other.email))) out.emplace_back("different_email");
    if (differ(fold_text(kept.name), fold_text(other.name)) && !kept.name.empty() && !other.name.empty())
        out.emplace_back("different_name");
    return out;
}

std::vector<std::string> duplicate_reasons(const person& a, const person& b) {
    std::vector<std::string> out;
    if (!a.e164.empty() && a.e164 == b.e164) out.emplace_back("phone");
    if (!email_key(a.email).empty() && email_key(a.email) == email_key(b.email)) out.emplace_back("email");
    if (same_words(a.name, b.name) && same_words(a.company, b.company)) out.emplace_back("name_and_company");
    return out;
}

match match_of(std::int64_t by_phone, std::int64_t by_email) {
    if (by_phone == 0 && by_email == 0) return {};
    if (by_phone != 0 && by_email != 0 && by_phone != by_email) return {match::kind::two, by_phone};
    return {match::kind::found, by_phone != 0 ? by_phone : by_email};
}

std::string email_key(std::string_view email) {
    constexpr std::string_view blank = " ";
    const auto first = email.find_first_not_of(blank);
    if (first == std::string_view::npos) return "";
    std::string out(email.substr(first, email.find_last_not_of(blank) - first + 1));
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

std::string e164_of(std::string_view phone, std::string_view default_country) {
    const auto p = parse_phone(phone, default_country);
    return p ? p->e164 : "";
}

} // namespace chat_centre::contact
