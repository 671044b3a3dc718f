#pragma once
// What people send about contacts, checked.

#include <chat_centre/contact/contact.hpp>
#include <chat_centre/contact/routes.hpp>
#include <chat_centre/http/message.hpp>

#include <optional>
#include <string>
#include <vector>

namespace chat_centre::contact {

// Throws 422 naming every bad field: an address that is none, a number that is none, a consent that is no boolean...
// default_country: of numbers without "+".
void check(const new_contact_body& body, const std::string& default_country);
// What `body` says, put onto `p`; returns the names of what it changed.
std::vector<std::string> apply(const new_contact_body& body, const std::string& default_country, person& p);

// Members of `patch` put over `base`; null removes one.
json patched(json base, const json& patch);

// A day (2026-11-27: its end) or a time; throws 422.
time_point read_moment(const std::string& text, const char* field, const std::string& zone);
// "CUST-12" in a body or query; throws 422.
std::int64_t read_id(const std::string& text, const char* prefix, const char* field);
// ?name=; "" is as good as absent.
std::optional<std::string> given(const http::request& r, const char* name);
std::optional<bool> given_flag(const http::request& r, const char* name);

} // namespace chat_centre::contact
