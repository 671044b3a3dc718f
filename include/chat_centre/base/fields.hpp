#pragma once
// From a JSON object to a described C++ struct, with every bad field named, and from the same struct to the
// schema in the OpenAPI document. Describe the struct with BOOST_DESCRIBE_STRUCT(type, (), (member, ...)).
//
// Member types: text<Min, Max> (characters, not bytes; trimmed text must not be empty when Min > 0), bool,
// integers, number<Lo, Hi>, std::optional<T> (absent or null), std::vector<T>, choice<Set>, moment, json (any
// object), and described structs.

#include <chat_centre/base/clock.hpp>
#include <chat_centre/base/json.hpp>

#include <boost/describe.hpp>
#include <boost/mp11/algorithm.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace chat_centre {

std::size_t count_characters(std::string_view utf8);
bool is_blank(std::string_view utf8);

template <std::size_t Min, std::size_t Max>
struct text {
    std::string value;
    operator const std::string&() const { return value; } // NOLINT(google-explicit-constructor)
};

template <class T>
std::string or_empty(const std::optional<T>& v) {
    return v ? v->value : std::string{};
}

template <std::int64_t Lo, std::int64_t Hi>
struct number {
    std::int64_t value = Lo;
    operator std::int64_t() const { return value; } // NOLINT(google-explicit-constructor)
};

// Set is a type with `static constexpr std::array<std::string_view, N> names`.
template <class Set>
struct choice {
    std::string value;
    operator const std::string&() const { return value; } // NOLINT(google-explicit-constructor)
};

namespace detail {

template <class T>
struct field_codec;

using field_errors = std::vector<field_error>;

// "must have at most 200 characters". Not inline: GCC 14 sees an overflow in it that is none.
std::string length_rule(const char* bound, std::size_t characters);

template <std::size_t Min, std::size_t Max>
struct field_codec<text<Min, Max>> {
    static void read(const json& j, text<Min, Max>& out, const std::string& name, field_errors& bad) {
        if (!j.is_string()) return bad.push_back({name, "must be text"});
        const auto& s = j.get_ref<const std::string&>();
        if constexpr (Min > 0)
            if (is_blank(s)) return bad.push_back({name, "must not be empty"});
        const std::size_t n = s.size() <= Max ? s.size() : count_characters(s);
        if (n < Min) return bad.push_back({name, length_rule("least", Min)});
        if (n > Max) return bad.push_back({name, length_rule("most", Max)});
        out.value = s;
    }
    static json schema() { return {{"type", "string"}, {"minLength", Min}, {"maxLength", Max}}; }
};

template <std::int64_t Lo, std::int64_t Hi>
struct field_codec<number<Lo, Hi>> {
    static void read(const json& j, number<Lo, Hi>& out, const std::string& name, field_errors& bad) {
        if (!j.is_number_integer() || (j.is_number_unsigned() && j.get<std::uint64_t>() > INT64_MAX) ||
            j.get<std::int64_t>() < Lo || j.get<std::int64_t>() > Hi)
            return bad.push_back(
                {name, "must be a whole number from " + std::to_string(Lo) + " to " + std::to_string(Hi)});
        out.value = j.get<std::int64_t>();
    }
    static json schema() { return {{"type", "integer"}, {"minimum", Lo}, {"maximum", Hi}}; }
};

template <class Set>
struct field_codec<choice<Set>> {
    static void read(const json& j, choice<Set>& out, const std::string& name, field_errors& bad) {
        if (j.is_string()) {
            const auto& s = j.get_ref<const std::string&>();
            if (std::find(Set::names.begin(), Set::names.end(), s) != Set::names.end()) {
                out.value = s;
                return;
            }
        }
        std::string all;
        for (auto n : Set::names) all += (all.empty() ? "" : ", ") + std::string(n);
        bad.push_back({name, "must be one of " + all});
    }
    static json schema() {
        json names = json::array();
        for (auto n : Set::names) names.push_back(std::string(n));
        return {{"type", "string"}, {"enum", names}};
    }
};

template <>
struct field_codec<bool> {
    static void read(const json& j, bool& out, const std::string& name, field_errors& bad) {
        if (!j.is_boolean()) return bad.push_back({name, "must be true or false"});
        out = j.get<bool>();
    }
    static json schema() { return {{"type", "boolean"}}; }
};

template <>
struct field_codec<json> {
    static void read(const json& j, json& out, const std::string& name, field_errors& bad) {
        if (!j.is_object()) return bad.push_back({name, "must be an object"});
        out = j;
    }
    static json schema() { return {{"type", "object"}, {"additionalProperties", true}}; }
};

// Scalars of answers: used for schemas only.
template <>
struct field_codec<std::string> {
    static void read(const json& j, std::string& out, const std::string& name, field_errors& bad) {
        if (!j.is_string()) return bad.push_back({name, "must be text"});
        out = j.get<std::string>();
    }
    static json schema() { return {{"type", "string"}}; }
};
template <>
struct field_codec<std::int64_t> {
    static void read(const json& j, std::int64_t& out, const std::string& name, field_errors& bad) {
        if (!j.is_number_integer()) return bad.push_back({name, "must be a whole number"});
        out = j.get<std::int64_t>();
    }
    static json schema() { return {{"type", "integer"}, {"format", "int64"}}; }
};
template <>
struct field_codec<double> {
    static json schema() { return {{"type", "number"}}; }
};
template <>
struct field_codec<time_point> {
    static json schema() { return {{"type", "string"}, {"format", "date-time"}}; }
};

template <class T>
struct is_optional : std::false_type {};
template <class T>
struct is_optional<std::optional<T>> : std::true_type {};

template <class T>
struct field_codec<std::optional<T>> {
    static void read(const json& j, std::optional<T>& out, const std::string& name, field_errors& bad) {
        if (j.is_null()) return;
        T value{};
        field_codec<T>::read(j, value, name, bad);
        out = std::move(value);
    }
    static json schema() {
        json s = field_codec<T>::schema();
        if (s.contains("$ref")) return {{"oneOf", json::array({s, {{"type", "null"}}})}};
        if (s.contains("type")) s["type"] = json::array({s["type"], "null"});
        if (s.contains("enum")) s["enum"].push_back(nullptr);
        return s;
    }
};

template <class T>
struct field_codec<std::vector<T>> {
    static constexpr std::size_t most = 100;
    static void read(const json& j, std::vector<T>& out, const std::string& name, field_errors& bad) {
        if (!j.is_array()) return bad.push_back({name, "must be a list"});
        if (j.size() > most) return bad.push_back({name, "must have at most 100 entries"});
        for (std::size_t i = 0; i < j.size(); ++i) {
            T value{};
            field_codec<T>::read(j[i], value, name + "[" + std::to_string(i) + "]", bad);
            out.push_back(std::move(value));
        }
    }
    static json schema() { return {{"type", "array"}, {"items", field_codec<T>::schema()}}; }
};

template <class T>
void read_members(const json& j, T& out, const std::string& prefix, field_errors& bad, bool strict) {
    if (!j.is_object()) return bad.push_back({prefix.empty() ? "body" : prefix, "must be a JSON object"});
    using members = boost::describe::describe_members<T, boost::describe::mod_public>;
    boost::mp11::mp_for_each<members>([&](auto m) {
        auto& member = out.*m.pointer;
        using member_type = std::remove_reference_t<decltype(member)>;
        const std::string name = prefix.empty() ? m.name : prefix + "." + m.name;
        const auto it = j.find(m.name);
        if (it == j.end()) {
            if constexpr (!is_optional<member_type>::value) bad.push_back({name, "is required"});
            return;
        }
        field_codec<member_type>::read(*it, member, name, bad);
    });
    if (!strict) return;
    for (const auto& [key, value] : j.items()) {
        bool known = false;
        boost::mp11::mp_for_each<members>([&](auto m) { known = known || key == m.name; });
        if (!known) bad.push_back({prefix.empty() ? key : prefix + "." + key, "is not a known field"});
    }
}

template <class T>
    requires boost::describe::has_describe_members<T>::value
struct field_codec<T> {
    static void read(const json& j, T& out, const std::string& name, field_errors& bad) {
        read_members(j, out, name, bad, true);
    }
    static json schema() {
        json properties = json::object();
        json required = json::array();
        boost::mp11::mp_for_each<boost::describe::describe_members<T, boost::describe::mod_public>>(
            [&](auto m) {
                using member_type = std::remove_reference_t<decltype(std::declval<T&>().*m.pointer)>;
                properties[m.name] = field_codec<member_type>::schema();
                if constexpr (!is_optional<member_type>::value) required.push_back(m.name);
            });
        json s = {{"type", "object"}, {"properties", properties}};
        if (!required.empty()) s["required"] = required;
        return s;
    }
};

} // namespace detail

enum class unknown_fields { refuse, ignore };

// Throws error 422 that names every bad field at once.
template <class T>
T read_fields(const json& body, unknown_fields unknown = unknown_fields::refuse) {
    T out{};
    detail::field_errors bad;
    detail::read_members(body, out, "", bad, unknown == unknown_fields::refuse);
    if (!bad.empty()) throw error::unprocessable(std::move(bad));
    return out;
}

// JSON Schema of a described struct, for the OpenAPI document.
template <class T>
json schema_of() {
    return detail::field_codec<T>::schema();
}
struct no_body {};
template <>
inline json schema_of<no_body>() {
    return nullptr;
}

} // namespace chat_centre
