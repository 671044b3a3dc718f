#include <chat_centre/channel/mapping.hpp>

#include <chat_centre/base/fields.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace chat_centre::channel {
namespace {

constexpr std::size_t longest_place = 200;
constexpr std::size_t most_filters = 10;
constexpr std::size_t most_items = 500;
constexpr std::size_t longest_value = 1000; // of anything but the text

struct place_name {
    const char* name;
    std::string mapping::* member;
};
constexpr std::array<place_name, 9> places{{{"items", &mapping::items},
                                            {"text", &mapping::text},
                                            {"user_id", &mapping::user_id},
                                            {"message_id", &mapping::message_id},
                                            {"name", &mapping::name},
                                            {"phone", &mapping::phone},
                                            {"email", &mapping::email},
                                            {"timestamp", &mapping::timestamp},
                                            {"session", &mapping::session}}};

// nullopt: fine. An empty pointer, which means the whole body, is of no use here.
std::optional<std::string> place_fault(const std::string& p) {
    if (p.size() > longest_place) return "must have at most 200 characters";
    if (p.empty() || p.front() != '/') return "must be a JSON pointer such as /message/text";
    for (auto at = p.find('~'); at != std::string::npos; at = p.find('~', at + 1))
        if (at + 1 == p.size() || (p[at + 1] != '0' && p[at + 1] != '1'))
            return "has a ~ that is neither ~0 nor ~1 (RFC 6901)";
    return std::nullopt;
}

// By hand: nlohmann's contains() throws for an index that is no number.
const json* at_pointer(const json& from, std::string_view pointer) {
    const json* here = &from;
    while (!pointer.empty()) {
        pointer.remove_prefix(1); // the slash
        const auto end = std::min(pointer.find('/'), pointer.size());
        std::string name(pointer.substr(0, end));
        pointer.remove_prefix(end);
        for (const auto& [escaped, plain] : {std::pair{"~1", "/"}, std::pair{"~0", "~"}})
            for (auto at = name.find(escaped); at != std::string::npos; at = name.find(escaped, at + 1))
                name.replace(at, 2, plain);
        if (here->is_object()) {
            const auto it = here->find(name);
            if (it == here->end()) return nullptr;
            here = &*it;
        } else if (here->is_array()) {
            if (name.empty() || name.size() > 6 || name.find_first_not_of("0123456789") != std::string::npos)
                return nullptr;
            const auto index = static_cast<std::size_t>(std::stoul(name));
            if (index >= here->size()) return nullptr;
            here = &(*here)[index];
        } else {
            return nullptr;
        }
    }
    return here;
}

// Text, and numbers as text, as many systems number people.
std::string value_text(const json* found) {
    if (found == nullptr) return {};
    if (found->is_string()) return found->get<std::string>();
    return found->is_number() ? dump(*found) : std::string{};
}

class mapped_reader {
public:
    mapped_reader(const mapping& m, const json& body) : m_(m), body_(body) {}

    mapped run() {
        if (m_.items.empty()) {
            one(body_, "");
            return std::move(out_);
        }
        const json* list = at_pointer(body_, m_.items);
        if (list == nullptr || !list->is_array()) {
            // A body of another kind has no list at all: only when it is wanted is that a fault.
            if (wanted(body_))
                out_.missing.push_back({"items", "there is no list at " + m_.items});
            else
                ++out_.ignored;
            return std::move(out_);
        }
        if (list->size() > most_items) {
            out_.missing.push_back({"items", "must have at most 500 entries"});
            return std::move(out_);
        }
        for (std::size_t i = 0; i < list->size(); ++i) one((*list)[i], "items[" + std::to_string(i) + "].");
        return std::move(out_);
    }

private:
    const json* find(const json& entry, const std::string& place) const {
        const json* found = at_pointer(entry, place);
        return found == nullptr && &entry != &body_ ? at_pointer(body_, place) : found;
    }

    bool wanted(const json& entry) const {
        return std::all_of(m_.only_when.begin(), m_.only_when.end(), [&](const mapping::filter& f) {
            const json* found = find(entry, f.place);
            return found == nullptr ? f.equals.is_null() : *found == f.equals;
        });
    }

    std::string short_text(const json& entry, const std::string& place) const {
        if (place.empty()) return {};
        auto text = value_text(find(entry, place));
        return text.size() > longest_value || is_blank(text) ? std::string{} : text;
    }

    void one(const json& entry, const std::string& prefix) {
        if (!wanted(entry)) {
            ++out_.ignored;
            return;
        }
        heard s;
        s.text = value_text(find(entry, m_.text));
        s.user_id = short_text(entry, m_.user_id);
        bool whole = true;
        const auto need = [&](const char* what, const std::string& value, const std::string& place) {
            if (!is_blank(value)) return;
            whole = false;
            out_.missing.push_back({prefix + what, "there is no text at " + place});
        };
        need("text", s.text, m_.text);
        need("user_id", s.user_id, m_.user_id);
        if (!whole) return;
        s.id = short_text(entry, m_.message_id);
        s.name = short_text(entry, m_.name);
        s.phone = short_text(entry, m_.phone);
        s.email = short_text(entry, m_.email);
        s.session = short_text(entry, m_.session);
        if (!m_.timestamp.empty())
            if (const json* at = find(entry, m_.timestamp)) s.at = time_in(*at);
        out_.messages.push_back(std::move(s));
    }

    const mapping& m_;
    const json& body_;
    mapped out_;
};

mapping::filter parse_filter(const json& j, const std::string& name, detail::field_errors& bad) {
    mapping::filter f;
    if (!j.is_object() || !j.contains("place") || !j["place"].is_string()) {
        bad.push_back({name, "must be an object with place and equals"});
        return f;
    }
    f.place = j["place"].get<std::string>();
    if (const auto fault = place_fault(f.place)) bad.push_back({name + ".place", *fault});
    f.equals = j.value("equals", json(nullptr));
    if (f.equals.is_structured() ||
        (f.equals.is_string() && f.equals.get_ref<const std::string&>().size() > longest_value))
        bad.push_back({name + ".equals", "must be a text, a number, true, false or null"});
    return f;
}

} // namespace

mapping parse_mapping(const json& j, const std::string& prefix) {
    mapping m;
    detail::field_errors bad;
    if (!j.is_object()) throw error::unprocessable(prefix.substr(0, prefix.find('.')), "must be an object");
    for (const auto& [name, value] : j.items()) {
        const auto* p = std::find_if(places.begin(), places.end(),
                                     [&n = name](const auto& one) { return n == one.name; });
        if (p != places.end()) {
            if (value.is_null() || value == json("")) continue;
            if (!value.is_string()) {
                bad.push_back({prefix + name, "must be a JSON pointer such as /message/text"});
                continue;
            }
            m.*(p->member) = value.get<std::string>();
            if (const auto fault = place_fault(m.*(p->member))) bad.push_back({prefix + name, *fault});
        } else if (name == "only_when") {
            if (!value.is_array() || value.size() > most_filters) {
                bad.push_back({prefix + name, "must be a list of at most 10 conditions"});
                continue;
            }
            for (std::size_t i = 0; i < value.size(); ++i)
                m.only_when.push_back(
                    parse_filter(value[i], prefix + name + "[" + std::to_string(i) + "]", bad));
        } else {
            bad.push_back({prefix + name, "is not a known field"});
        }
    }
    for (const auto& [name, place] : {std::pair{"text", &m.text}, std::pair{"user_id", &m.user_id}})
        if (place->empty()) bad.push_back({prefix + name, "is required"});
    if (!bad.empty()) throw error::unprocessable(std::move(bad));
    return m;
}

json to_json(const mapping& m) {
    json out = json::object();
    for (const auto& p : places) out[p.name] = m.*(p.member);
    out["only_when"] = json::array();
    for (const auto& f : m.only_when) out["only_when"].push_back({{"place", f.place}, {"equals", f.equals}});
    return out;
}

mapped read_mapped(const mapping& m, const json& body) { return mapped_reader(m, body).run(); }

} // namespace chat_centre::channel
