#pragma once
// Reads variables, and collects what is wrong with them, so that all of it can be said at once.

#include <chat_centre/base/error.hpp>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::config {

inline std::string trim(std::string_view s) {
    while (!s.empty() && (s.front() == ' ' || s.front() == '\t' || s.front() == '\r')) s.remove_prefix(1);
    while (!s.empty() && (s.back() == ' ' || s.back() == '\t' || s.back() == '\r')) s.remove_suffix(1);
    return std::string(s);
}

inline std::string lower(std::string s) {
    std::transform(s.begin(), s.end(), s.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return s;
}

class reader {
public:
    explicit reader(const std::function<std::optional<std::string>(const std::string&)>& get) : get_(get) {}

    void text(const char* name, std::string& out) {
        if (auto v = get_(name)) out = *v;
    }
    template <class T>
    void number(const char* name, T& out, T lo, T hi) {
        const auto v = get_(name);
        if (!v || v->empty()) return;
        T parsed{};
        const auto [end, failed] = std::from_chars(v->data(), v->data() + v->size(), parsed);
        if (failed != std::errc{} || end != v->data() + v->size() ||
            !(parsed >= lo && parsed <= hi)) // so that "nan" is refused
            bad(name, *v, "a number from " + plain(lo) + " to " + plain(hi));
        else
            out = parsed;
    }
    void flag(const char* name, bool& out) {
        const auto v = get_(name);
        if (!v || v->empty()) return;
        const std::string s = lower(*v);
        if (s == "true" || s == "1" || s == "on" || s == "yes" || s == "enabled")
            out = true;
        else if (s == "false" || s == "0" || s == "off" || s == "no" || s == "disabled")
            out = false;
        else
            bad(name, *v, "true or false");
    }
    void one_of(const char* name, std::string& out, std::initializer_list<std::string_view> allowed) {
        const auto v = get_(name);
        if (!v || v->empty()) return;
        const std::string s = lower(*v);
        if (std::find(allowed.begin(), allowed.end(), s) != allowed.end()) {
            out = s;
            return;
        }
        std::string names;
        for (auto a : allowed) names += (names.empty() ? "" : ", ") + std::string(a);
        bad(name, *v, "one of " + names);
    }
    // Whether it is given at all.
    bool time_of_day(const char* name, std::string& out) {
        const auto v = get_(name);
        if (!v || v->empty()) return false;
        const bool shaped = v->size() == 5 && (*v)[2] == ':' && std::isdigit((*v)[0]) != 0 &&
                            std::isdigit((*v)[1]) != 0 && std::isdigit((*v)[3]) != 0 &&
                            std::isdigit((*v)[4]) != 0;
        if (!shaped || *v > "24:00" || v->substr(3) > "59")
            bad(name, *v, "a time of day such as 09:00");
        else
            out = *v;
        return true;
    }
    void list(const char* name, std::vector<std::string>& out) {
        const auto v = get_(name);
        if (!v) return;
        std::string_view rest = *v;
        while (!rest.empty()) {
            const auto comma = rest.find(',');
            if (auto item = trim(rest.substr(0, comma)); !item.empty()) out.push_back(item);
            if (comma == std::string_view::npos) break;
            rest.remove_prefix(comma + 1);
        }
    }
    void bad(const char* name, const std::string& value, const std::string& allowed) {
        problems_ += "\n  " + std::string(name) + "=\"" + value + "\" is not " + allowed + ".";
    }
    void finish() const {
        if (!problems_.empty()) throw startup_error("Some settings need correcting:" + problems_);
    }

private:
    static std::string plain(double v) {
        std::string s = std::to_string(v);
        s.erase(s.find_last_not_of('0') + 1);
        if (s.back() == '.') s.pop_back();
        return s;
    }
    template <class T>
        requires std::is_integral_v<T>
    static std::string plain(T v) {
        return std::to_string(v);
    }

    const std::function<std::optional<std::string>(const std::string&)>& get_;
    std::string problems_;
};

} // namespace chat_centre::config
