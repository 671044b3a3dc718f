#pragma once
// What a guided intake says: shipped texts of the three departments in both languages, which admins may replace. A text
// names its variables in braces: "Thank you, {name}." Pure.

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::intake {

struct prompt {
    std::string_view department; // reception, sales, complaints
    std::string_view key;
    std::string_view about;     // what it is for, shown to whoever edits it
    std::string_view variables; // that it may use beyond the common ones, separated by spaces
    std::string_view en, ar;
};
std::span<const prompt> all_prompts();
const prompt* find_prompt(std::string_view department, std::string_view key);

// Names that every prompt may use: name, phone, email, service_type, company, department.
std::span<const std::string_view> common_variables();
std::vector<std::string> allowed_variables(const prompt& p);

// The {names} in a text, each once, in order. A brace that opens no name is plain text.
std::vector<std::string> variables_in(std::string_view text);

// Values in their places; a variable without a value leaves nothing, and no doubled space behind.
std::string render(std::string_view text, const std::map<std::string, std::string>& values);

} // namespace chat_centre::intake
