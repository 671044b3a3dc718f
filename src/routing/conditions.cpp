#include "routing/conditions.hpp"

#include <chat_centre/base/text.hpp>

#include <algorithm>
#include <array>

namespace chat_centre::routing {
namespace {

constexpr std::array<std::string_view, 13> text_fields{
    "sentiment", "severity", "language", "channel", "category", "department", "priority",
    "status",    "handler",  "name",     "email",   "phone",    "event"};
constexpr std::array<std::string_view, 3> time_fields{"minutes_waiting", "minutes_since_start",
                                                      "minutes_since_message"};
constexpr std::string_view contact_prefix = "contact.";

std::vector<std::string> texts(const json& value) {
    std::vector<std::string> out;
    const auto add = [&out](const json& v) { out.push_back(v.is_string() ? v.get<std::string>() : v.dump()); };
    if (value.is_array())
        for (const auto& v : value) add(v);
    else if (!value.is_null())
        add(value);
    return out;
}

std::string listed(const std::vector<std::string>& all) {
    std::string out;
    for (const auto& one : all) out += (out.empty() ? "" : ", ") + one;
    return out;
}

const std::string& text_field(const facts& f, std::string_view field) {
    const std::array<const std::string*, 13> values{
        &f.sentiment, &f.severity, &f.language, &f.channel, &f.category, &f.department, &f.priority,
        &f.status,    &f.handler,  &f.name,     &f.email,   &f.phone,    &f.event};
    const auto it = std::find(text_fields.begin(), text_fields.end(), field);
    return *values[static_cast<std::size_t>(it - text_fields.begin())];
}

// "contact.custom.plan" walks into the object; null when there is nothing.
json contact_value(const json& contact, std::string_view path) {
    json at = contact;
    while (!path.empty()) {
        const auto dot = path.find('.');
        const std::string key(path.substr(0, dot));
        if (!at.is_object() || !at.contains(key)) return nullptr;
        json next = at[key];
        at = std::move(next);
        path = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
    }
    return at;
}

bool is_empty(const json& v) {
    return v.is_null() || (v.is_string() && v.get_ref<const std::string&>().empty());
}

wording about(const std::string& field, const json& actual) {
    if (is_empty(actual)) return {field + " is not known", field + " غير معروف"};
    const auto shown = actual.is_string() ? actual.get<std::string>() : actual.dump();
    return {field + " is " + shown, field + " هو " + shown};
}

tested test_value(const condition& c, const json& actual) {
    const wording because = about(c.field, actual);
    if (c.op == "empty") return {c, is_empty(actual), because};
    if (c.op == "not_empty") return {c, !is_empty(actual), because};
    if (c.op == "at_least" || c.op == "at_most") {
        const bool numbers = actual.is_number() && c.value.is_number();
        const bool holds = numbers && (c.op == "at_least" ? actual.get<double>() >= c.value.get<double>()
                                                          : actual.get<double>() <= c.value.get<double>());
        return {c, holds, because};
    }
    const auto allowed = texts(c.value);
    const auto shown = actual.is_string() ? actual.get<std::string>() : actual.is_null() ? "" : actual.dump();
    const bool one_of = std::find(allowed.begin(), allowed.end(), shown) != allowed.end();
    return {c, c.op == "is_not" ? !one_of : one_of, because};
}

tested test_text(const condition& c, const prepared& p) {
    const auto words = texts(c.value);
    std::string first;
    const int n = count_words(p.folded, words, &first);
    const bool all = n == static_cast<int>(words.size());
    const bool result = c.op == "has_none" ? n == 0 : c.op == "has_all" ? all : n > 0;
    if (n == 0)
        return {c, result, {"the text has none of these words", "لا يحتوي النص على أي من هذه الكلمات"}};
    const auto figure = std::to_string(n) + "/" + std::to_string(words.size());
    return {c,
            result,
            {"the text has “" + first + "” (" + figure + " words)",
             "يحتوي النص على «" + first + "» (" + figure + ")"}};
}

tested test_tags(const condition& c, const facts& f) {
    const auto wanted = texts(c.value);
    const bool any = std::any_of(wanted.begin(), wanted.end(), [&f](const auto& tag) {
        return std::find(f.tags.begin(), f.tags.end(), tag) != f.tags.end();
    });
    const auto shown = f.tags.empty() ? std::string("-") : listed(f.tags);
    return {c, c.op == "has_none" ? !any : any, {"its tags: " + shown, "الوسوم: " + shown}};
}

json time_value(const facts& f, std::string_view field) {
    const auto& v = field == "minutes_waiting"       ? f.minutes_waiting
                    : field == "minutes_since_start" ? f.minutes_since_start
                                                     : f.minutes_since_message;
    return v ? json(*v) : json(nullptr);
}

} // namespace

tested test(const condition& c, const prepared& p) {
    if (c.field == "text") return test_text(c, p);
    if (c.field == "tags") return test_tags(c, p.f);
    if (c.field == "hours") return test_value(c, p.f.open ? json(*p.f.open ? "in" : "out") : json(nullptr));
    if (in(time_fields, c.field)) return test_value(c, time_value(p.f, c.field));
    if (c.field.starts_with(contact_prefix))
        return test_value(
            c, contact_value(p.f.contact, std::string_view(c.field).substr(contact_prefix.size())));
    return test_value(c, text_field(p.f, c.field));
}

bool cheap_field(std::string_view field) {
    return field == "text" || field == "language" || field == "sentiment" || field == "severity" ||
           field == "channel" || field == "event";
}

bool known_field(std::string_view field) {
    return field == "text" || field == "tags" || field == "hours" || in(text_fields, field) ||
           in(time_fields, field) ||
           (field.starts_with(contact_prefix) && field.size() > contact_prefix.size());
}

std::optional<std::string> fault_of(const condition& c) {
    if (!known_field(c.field))
        return "field must be text, tags, hours, minutes_waiting, minutes_since_start, minutes_since_message, "
               "contact.<name> or one of " +
               [] {
                   std::string all;
                   for (auto f : text_fields) all += (all.empty() ? "" : ", ") + std::string(f);
                   return all;
               }();
    const auto one_of = [&c](std::initializer_list<std::string_view> ops) {
        return std::find(ops.begin(), ops.end(), c.op) != ops.end();
    };
    if (c.field == "text" || c.field == "tags") {
        if (!one_of({"has_any", "has_all", "has_none"}))
            return "op must be one of has_any, has_all, has_none";
        const bool list =
            c.value.is_array() && !c.value.empty() &&
            std::all_of(c.value.begin(), c.value.end(), [](const json& v) { return v.is_string(); });
        return list ? std::nullopt : std::optional<std::string>("value must be a list of words");
    }
    if (in(time_fields, c.field)) {
        if (!one_of({"at_least", "at_most"})) return "op must be one of at_least, at_most";
        const bool fine = c.value.is_number_integer() && c.value.get<std::int64_t>() >= 0 &&
                          c.value.get<std::int64_t>() <= 525'600;
        return fine ? std::nullopt : std::optional<std::string>("value must be a number of minutes");
    }
    if (c.field == "hours")
        return c.op == "is" && (c.value == "in" || c.value == "out")
                   ? std::nullopt
                   : std::optional<std::string>("op must be is, and value in or out");
    if (!one_of({"is", "is_not", "empty", "not_empty", "at_least", "at_most"}))
        return "op must be one of is, is_not, empty, not_empty, at_least, at_most";
    if (one_of({"empty", "not_empty"})) return std::nullopt;
    if (c.value.is_null() || c.value.is_object() || (c.value.is_array() && c.value.empty()))
        return "value must be given";
    return std::nullopt;
}

} // namespace chat_centre::routing
