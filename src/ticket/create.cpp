#include "ticket/create.hpp"

#include "ticket/portal.hpp"
#include "ticket/service.hpp"

#include <chat_centre/auth/accounts.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/contact/contact.hpp>
#include <chat_centre/staff/staff.hpp>

#include <algorithm>
#include <array>

namespace chat_centre::ticket {
namespace {

using faults = std::vector<field_error>;

std::string lower(std::string_view text) {
    std::string out(text);
    for (auto& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

std::string trimmed(std::string_view s) {
    while (!s.empty() && (s.front() == ' ' || s.front() == '\n')) s.remove_prefix(1);
    while (!s.empty() && (s.back() == ' ' || s.back() == '\n')) s.remove_suffix(1);
    return std::string(s);
}

template <class Text>
std::string plain(const std::optional<Text>& v) {
    return v ? trimmed(v->value) : std::string{};
}

template <class Text>
std::string either(const std::optional<Text>& ours, const std::optional<Text>& documented) {
    return plain(ours && !ours->value.empty() ? ours : documented);
}

template <class Text>
std::optional<std::string> given(const std::optional<Text>& v) {
    return v && !is_blank(v->value) ? std::optional(trimmed(v->value)) : std::nullopt;
}

// Digits with an optional plus; "00" is a plus.
std::string plain_phone(std::string_view text) {
    std::string out;
    for (const char c : text)
        if ((c >= '0' && c <= '9') || (c == '+' && out.empty())) out.push_back(c);
    if (out.starts_with("00")) out.replace(0, 2, "+");
    return out;
}

std::string first_line(const std::string& text) {
    constexpr std::size_t longest = 120;
    std::string s = text.substr(0, text.find('\n'));
    if (s.size() <= longest) return s;
    s.resize(longest);
    while (!s.empty() && (static_cast<unsigned char>(s.back()) & 0xC0U) == 0x80U) s.pop_back();
    if (!s.empty() && static_cast<unsigned char>(s.back()) >= 0xC0U) s.pop_back();
    return s + "…";
}

void read_requester(const new_ticket_body& body, bool needed, const surroundings& s, requester& who,
                    faults& bad) {
    who.name = either(body.name, body.customer_name);
    who.email = either(body.email, body.customer_email);
    const std::string phone = either(body.phone, body.customer_phone);
    who.phone = s.normal_phone ? s.normal_phone(phone) : plain_phone(phone);
    if (!who.email.empty())
        if (auto fault = auth::email_fault(who.email)) bad.push_back({"email", *fault});
    if (!phone.empty() && who.phone.size() < 6) bad.push_back({"phone", "must be a phone number"});
    if (needed && who.email.empty() && phone.empty())
        bad.push_back({"email", "an e-mail address or a phone number is needed, to answer to"});
}

void read_staff_fields(const new_ticket_body& body, wish& w, faults& bad) {
    if (const auto id = given(body.contact_id)) {
        const auto n = parse_id("CUST", *id);
        if (!n) bad.push_back({"contact_id", "must be a contact id such as CUST-1"});
        w.who.contact = n.value_or(0);
    }
    if (const auto id = given(body.conversation_id)) {
        const auto n = parse_id("CONV", *id);
        if (!n) bad.push_back({"conversation_id", "must be a conversation id such as CONV-1"});
        w.conversation = n.value_or(0);
    }
    w.staff = given(body.staff_id);
    w.source = given(body.source).value_or("staff");
    constexpr std::array<std::string_view, 3> sources{"staff", "complaint", "low_confidence"};
    if (std::find(sources.begin(), sources.end(), w.source) == sources.end())
        bad.push_back({"source", "must be one of staff, complaint, low_confidence"});
    if (body.tags)
        for (const auto& tag : *body.tags) w.tags.push_back(tag.value);
}

void read_what(const new_ticket_body& body, bool trusted, wish& w, faults& bad) {
    w.subject = plain(body.subject);
    w.description = plain(body.description);
    if (w.subject.empty() && w.description.empty() && w.conversation == 0)
        bad.push_back({"subject", "say what it is about"});
    if (w.subject.empty()) w.subject = first_line(w.description);
    if (const auto text = given(body.priority)) {
        w.priority = read_priority(*text);
        if (!w.priority) bad.push_back({"priority", "must be one of emergency, high, normal, low"});
        // What an emergency is, staff and the rules say; a form can be pressing at most.
        if (!trusted && w.priority == "emergency") w.priority = "high";
    }
    w.language = lower(plain(body.language)).substr(0, 2);
    if (!w.language.empty() && w.language != "en" && w.language != "ar")
        bad.push_back({"language", "must be en or ar"});
    w.category = given(body.category);
    if (w.category) *w.category = lower(*w.category);
    w.department = given(body.department);
    if (w.department) *w.department = lower(*w.department);
}

void apply_department(db::tx& t, const wish& w, const std::optional<std::string>& suggested, row& r) {
    const auto slug = w.department ? w.department : suggested;
    if (!slug) return;
    const auto d = staff::department_by_slug(t, *slug);
    if (!d && w.department) throw error::unprocessable("department", "there is no department of this name");
    if (!d) return;
    r.department = d->id;
    r.department_slug = d->slug;
    r.department_en = d->name_en;
    r.department_ar = d->name_ar;
}

void apply_assignment(db::tx& t, const wish& w, const principal& who, row& r, time_point now) {
    if (!w.staff) return;
    const auto id = *w.staff == "me" ? std::optional(who.staff) : parse_id("STF", *w.staff);
    const auto to = id ? staff::find(t, *id) : std::nullopt;
    if (!to || !to->active)
        throw error::unprocessable("staff_id", "there is no such colleague, or the account is off");
    if (to->id != who.staff) allow(who, act::reassign, r);
    r = assign(std::move(r), {to->id, to->name, to->role}, now);
    r.version = 1;
}

// What the body says beyond the conversation's own.
row with_wishes(db::tx& t, const wish& w, const principal& who, row r, time_point now) {
    if (w.priority) r.priority = *w.priority;
    if (w.category) r.category = w.category;
    if (!w.tags.empty()) r.tags = w.tags;
    apply_department(t, w, std::nullopt, r);
    apply_assignment(t, w, who, r, now);
    return r;
}

created of_conversation(db::tx& t, const surroundings& s, const http::request& r, const wish& w,
                        time_point now, std::vector<event::entry>& events) {
    conversation::find_visible(t, r.who, w.conversation); // throws 404
    const bool staff = r.who.kind == caller::staff;
    auto o = open_for_conversation(
        t, s, w.conversation,
        {w.source, w.description, w.subject, r.who.staff, staff ? r.who.name : "customer"}, now, events);
    if (!o) throw error::not_found("There is no such conversation.");
    if (!o->made || !staff) return {std::move(o->ticket), o->made, {}};
    row after = with_wishes(t, w, r.who, o->ticket, now);
    if (difference(o->ticket, after).empty()) return {std::move(o->ticket), true, {}};
    after.version = o->ticket.version + 1;
    const change what{"edit", {r.who.staff, r.who.name}, audit::by(r, "ticket.change", after.id), "", false};
    return {keep(t, s, o->ticket, std::move(after), what, now, events), true, {}};
}

// The contact of a requester: the one that was named (or stands for it after a merge), that has this address or number,
// or a new one. What a stranger gives is not written into somebody else's record.
void settle_requester(db::tx& t, const principal& by, requester& who, time_point now,
                      std::vector<event::entry>& events) {
    if (who.contact != 0) {
        const auto known = contact::find(t, contact::current_id(t, who.contact));
        if (!known) throw error::unprocessable("contact_id", "there is no such contact");
        who.contact = known->id;
        if (who.name.empty()) who.name = known->name;
        if (who.email.empty()) who.email = known->email;
        if (who.phone.empty()) who.phone = known->e164.empty() ? known->phone : known->e164;
        return;
    }
    const auto found = contact::find_or_create(t, {who.name, who.email, who.phone, "", ""}, "", now,
                                               {.fill = by.kind == caller::staff});
    who.contact = found.id;
    if (found.made)
        events.push_back(
            contact::changed("contact.update", "contact_id", format_id("CUST", found.id), found.id, now));
}

row fresh(db::tx& t, const surroundings& s, const http::request& r, wish& w, time_point now,
          std::vector<event::entry>& events) {
    row n;
    settle_requester(t, r.who, w.who, now, events);
    n.contact = w.who.contact;
    n.requester_name = w.who.name;
    n.requester_email = w.who.email;
    n.requester_phone = w.who.phone;
    n.subject = w.subject;
    n.description = w.description;
    n.source = w.source;
    n.tags = w.tags;
    const auto guess = s.classify ? s.classify(t, w.subject + "\n" + w.description) : suggestion{};
    n.priority = w.priority.value_or(guess.priority.value_or("normal"));
    n.category = w.category ? w.category : guess.category;
    apply_department(t, w, guess.department, n);
    apply_assignment(t, w, r.who, n, now);
    return n;
}

} // namespace

std::optional<std::string> read_priority(std::string_view text) {
    std::string p = lower(text);
    if (p == "medium") return "normal";
    if (p == "urgent" || p == "critical") return "emergency";
    if (p == "emergency" || p == "high" || p == "normal" || p == "low") return p;
    return std::nullopt;
}

wish read_wish(const new_ticket_body& body, const principal& who, const surroundings& s) {
    const bool staff = who.kind == caller::staff && who.may(permission::ticket_write);
    wish w;
    faults bad;
    if (staff) {
        read_staff_fields(body, w, bad);
    } else {
        w.source = who.kind == caller::api_key ? "api" : "portal";
        if (who.kind == caller::customer) w.conversation = who.conversation; // they write from their chat
        if (body.staff_id || body.contact_id || body.source || body.tags || body.conversation_id)
            bad.push_back({"body", "staff_id, contact_id, conversation_id, source and tags are for staff"});
    }
    read_requester(body, !staff && w.conversation == 0, s, w.who, bad);
    read_what(body, staff || who.kind == caller::api_key, w, bad);
    if (!bad.empty()) throw error::unprocessable(std::move(bad));
    return w;
}

created create_in(db::tx& t, const surroundings& s, const http::request& r, wish w, time_point now) {
    std::vector<event::entry> events;
    created made;
    if (w.conversation != 0) {
        made = of_conversation(t, s, r, w, now, events);
    } else {
        const actor by = r.who.kind == caller::staff ? actor{r.who.staff, r.who.name}
                                                     : actor{0, w.who.name.empty() ? w.source : w.who.name};
        row n = fresh(t, s, r, w, now, events);
        change what{"new", by,    audit::by(r, "ticket.create", "", {{"source", n.source}}),
                    "",    false, w.language};
        made = {add(t, s, std::move(n), what, now, events), true, {}};
    }
    if (made.made && r.who.kind != caller::staff) made.token = make_access(t, made.ticket.number, now);
    event::append(t, events);
    return made;
}

} // namespace chat_centre::ticket
