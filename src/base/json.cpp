#include <chat_centre/base/json.hpp>

#include <array>

namespace chat_centre {
namespace {

// Builds the tree as nlohmann does, and stops as soon as a limit is passed: the limits must hold while parsing,
// because the damage of deep nesting is done by the time a tree exists.
class limited_parser : public nlohmann::detail::json_sax_dom_parser<json> {
    using base = nlohmann::detail::json_sax_dom_parser<json>;

public:
    limited_parser(json& out, json_limits limits) : base(out, false), limits_(limits) {}

    bool null() { return count() && base::null(); }
    bool boolean(bool v) { return count() && base::boolean(v); }
    bool number_integer(json::number_integer_t v) { return count() && base::number_integer(v); }
    bool number_unsigned(json::number_unsigned_t v) { return count() && base::number_unsigned(v); }
    bool number_float(json::number_float_t v, const json::string_t& s) {
        return count() && base::number_float(v, s);
    }
    bool string(json::string_t& v) { return count() && no_nul(v) && base::string(v); }
    bool key(json::string_t& v) { return no_nul(v) && base::key(v); }
    bool start_object(std::size_t n) { return deeper() && count() && base::start_object(n); }
    bool start_array(std::size_t n) { return deeper() && count() && base::start_array(n); }
    bool end_object() {
        --depth_;
        return base::end_object();
    }
    bool end_array() {
        --depth_;
        return base::end_array();
    }
    bool parse_error(std::size_t position, const std::string& /*token*/,
                     const nlohmann::detail::exception& /*e*/) {
        if (problem_.empty())
            problem_ = "The body is not valid JSON: look at byte " + std::to_string(position) + ".";
        return false;
    }
    const std::string& problem() const { return problem_; }

private:
    bool fail(std::string text) {
        if (problem_.empty()) problem_ = std::move(text);
        return false;
    }
    bool count() { return ++values_ <= limits_.values || fail("The JSON body has too many values."); }
    bool deeper() {
        return ++depth_ <= limits_.depth ||
               fail("The JSON body is nested more than " + std::to_string(limits_.depth) + " levels deep.");
    }
    bool no_nul(const std::string& s) {
        return s.find('\0') == std::string::npos ||
               fail("The JSON body holds a NUL character (\\u0000): remove it.");
    }

    json_limits limits_;
    int depth_ = 0;
    int values_ = 0;
    std::string problem_;
};

} // namespace

json parse_json(std::string_view text, json_limits limits) {
    // nlohmann takes a NUL byte for the end of the text, and whatever follows it would go unread.
    if (text.find('\0') != std::string_view::npos)
        throw error::bad_request("The JSON body holds a NUL character: remove it.");
    json out;
    limited_parser sax(out, limits);
    if (!json::sax_parse(text.begin(), text.end(), &sax))
        throw error::bad_request(sax.problem().empty() ? "The body is not valid JSON." : sax.problem());
    return out;
}

std::string dump(const json& j) { return j.dump(-1, ' ', false, json::error_handler_t::replace); }

void append_json_string(std::string& out, std::string_view text) {
    bool plain = true;
    for (const char c : text) {
        const auto u = static_cast<unsigned char>(c);
        if (u < 0x20 || u == '"' || u == '\\') {
            plain = false;
            break;
        }
    }
    out.push_back('"');
    if (plain) {
        out.append(text);
    } else {
        constexpr std::string_view hex = "0123456789abcdef";
        for (const char c : text) {
            const auto u = static_cast<unsigned char>(c);
            switch (c) {
            case '"': out += "\\\""; break;
            case '\\': out += "\\\\"; break;
            case '\n': out += "\\n"; break;
            case '\r': out += "\\r"; break;
            case '\t': out += "\\t"; break;
            default:
                if (u < 0x20) {
                    out += "\\u00";
                    out.push_back(hex[u >> 4U]);
                    out.push_back(hex[u & 15U]);
                } else {
                    out.push_back(c);
                }
            }
        }
    }
    out.push_back('"');
}

} // namespace chat_centre
