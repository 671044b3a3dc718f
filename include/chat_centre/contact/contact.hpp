#pragma once
// People on the other side, for use inside other features' transactions.

#include <chat_centre/base/json.hpp>
#include <chat_centre/base/principal.hpp>
#include <chat_centre/db/tx.hpp>
#include <chat_centre/event/event.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace chat_centre::contact {

struct identity {
    std::string channel;
    std::string external_id;
    bool verified = false; // the channel or a member of staff made sure that it is theirs
};

// What may become of a contact: a customer.
struct lead {
    std::int64_t id = 0;
    std::int64_t contact = 0;
    std::string contact_name;
    std::string status = "new"; // new, qualified, won, lost
    int score = 0;              // 0 to 1000
    std::string source;         // the channel it came by
    std::string priority = "normal";
    bool handover_requested = false;
    std::optional<std::string> handover_trigger; // the words that asked for a person
    std::optional<time_point> handover_at;
    time_point created_at{};
    time_point updated_at{};
};

struct person {
    std::int64_t id = 0;
    std::string name;
    std::string email;
    std::string e164;  // "" when phone is no number that can be called
    std::string phone; // as it was given
    std::string language;
    bool vip = false;
    std::string company;
    json custom = json::object();
    json consent = json::object();
    std::optional<time_point> last_contact_at;
    time_point created_at{};
    time_point updated_at{};
    std::int64_t merged_into = 0; // not 0: this record is the other one now
    std::vector<identity> identities;
    std::int64_t conversations = 0;
    std::int64_t open_tickets = 0;
    std::optional<contact::lead> lead;
};

json to_json(const lead& l);
json to_json(const person& p);

// What a caller may see: parameters of the SQL function contact_visible.
struct sight {
    bool everything = false;
    std::int64_t staff = -1; // -1: sees nothing
    db::array departments;
    bool engineer = false; // sees escalated work only
};
sight sight_of(const principal& who);

// The record that stands for this one after merges; the id itself when there is none.
std::int64_t current_id(db::tx& t, std::int64_t id);
std::optional<person> find(db::tx& t, std::int64_t id);
// known: a whole telephone number or e-mail address of theirs, which lets a caller see a contact who gave it to them.
// Throws 404 when there is none or the caller may not see it. Follows merges.
person find_visible(db::tx& t, const principal& who, std::int64_t id, const std::string& known = "");

// Somebody who gives their name, address or number: the contact that has that e-mail address or telephone number, its
// empty fields filled in, or a new one. An address of one contact with a number of another: 409 with both as
// `candidates`, unless `settle` is set, which takes the one with the number. Without `fill` a known contact stays as it
// is: for those who may only say who they are. default_country: ISO, may be "".
struct details {
    std::string name;
    std::string email;
    std::string phone;
    std::string language;
    std::string company;
};
struct found_or_made {
    std::int64_t id = 0;
    bool made = false;
};
struct search_manner {
    bool settle = true;
    bool fill = true;
};
found_or_made find_or_create(db::tx& t, const details& d, const std::string& default_country, time_point now,
                             search_manner how = {});

// Event "contact.update", "lead.update", "task.update" or "activity.new" for the people on our side: ids only, as not
// everybody may see the contact; whoever may reads it again.
event::entry changed(const char* type, const char* id_name, const std::string& id, std::int64_t contact,
                     time_point now);

} // namespace chat_centre::contact
