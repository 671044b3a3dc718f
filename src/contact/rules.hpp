#pragma once
// Decisions about contacts, without a database.

#include <chat_centre/contact/contact.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::contact {

constexpr int handover_points = 25;
constexpr int most_points = 1000;

// What a handover makes of a contact's lead (nullopt: there is none, or only finished ones): qualified, with more
// points and a high priority. `trigger`: what the customer said.
lead after_handover(std::optional<lead> before, std::string_view channel, std::string_view trigger,
                    time_point at);
bool is_open(const lead& l);

// The profile that two records make together: what `kept` says goes before what `other` says, and a consent that one
// of them withholds is withheld.
person merged_profile(person kept, const person& other);

// Why two records cannot become one; nullopt when they can.
std::optional<std::string> merge_refusal(const person& kept, const person& other);
// What somebody should look at before they do: both_verified, different_phone, different_email, different_name.
std::vector<std::string> merge_warnings(const person& kept, const person& other);
// Why two records may be one person: phone, email, name_and_company. Empty: no reason.
std::vector<std::string> duplicate_reasons(const person& a, const person& b);

// Which record somebody with this number and this address is. 0: none of that number (address).
struct match {
    enum class kind { none, found, two } what = kind::none;
    std::int64_t id = 0;
};
match match_of(std::int64_t by_phone, std::int64_t by_email);

std::string email_key(std::string_view email); // as the column: trimmed, ASCII lower case
std::string e164_of(std::string_view phone, std::string_view default_country); // "" when it is none

} // namespace chat_centre::contact
