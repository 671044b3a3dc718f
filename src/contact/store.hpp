#pragma once
// Contacts and their leads as rows.

#include <chat_centre/contact/contact.hpp>

#include <optional>
#include <string>
#include <vector>

namespace chat_centre::contact {

person person_from(const db::row& r); // of contact_view, from its first column
lead lead_from(const db::row& r);

// A whole number or address in a text that somebody typed; "" where it is none. default_country: ISO or "".
struct exact_key {
    std::string e164;
    std::string email;
};
exact_key exact_key_of(const std::string& text, const std::string& default_country);

struct list_filter {
    std::optional<std::string> text;
    std::optional<bool> vip;
    std::optional<time_point> before; // with before_id: where the last page ended
    std::int64_t before_id = 0;
    std::int64_t limit = 50;
    std::string default_country;
};
struct listed {
    contact::person person;
    time_point recent; // what the list is sorted by
};
std::vector<listed> list(db::tx& t, const principal& who, const list_filter& f);

bool sees(db::tx& t, const principal& who, std::int64_t id, const std::string& known = "");
void lock(db::tx& t, std::int64_t a, std::int64_t b = 0);
person get(db::tx& t, std::int64_t id); // throws 404
std::int64_t insert(db::tx& t, const person& p, time_point now);
void update(db::tx& t, const person& p, time_point now);

std::optional<lead> current_lead(db::tx& t, std::int64_t contact);
std::int64_t insert_lead(db::tx& t, const lead& l, std::int64_t conversation);
void update_lead(db::tx& t, const lead& l, std::int64_t conversation);

// nullopt for "", as the database has it.
std::optional<std::int64_t> or_null(std::int64_t id);

} // namespace chat_centre::contact
