#include "intake/walker.hpp"

#include <chat_centre/base/email.hpp>
#include <chat_centre/base/fields.hpp>
#include <chat_centre/base/text.hpp>

#include <algorithm>

namespace chat_centre::intake {
namespace {

constexpr std::array<std::string_view, all_stages.size()> stage_names{
    "welcome",      "collect_name",        "collect_phone",       "collect_email", "collect_service_type",
    "confirm_data", "route_to_department", "department_handling", "call_ended"};

constexpr double sure_enough = 0.4;          // of a subject, to take it for what the customer called about
constexpr std::size_t most_of_service = 500; // characters kept of what they say it is about
constexpr std::size_t words_of_a_switch = 3; // a sentence of so many words in the other language changes it

std::string first_characters(std::string_view text, std::size_t most) {
    std::size_t end = 0;
    for (std::size_t n = 0; end < text.size() && n < most; ++n) {
        ++end;
        while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) ++end;
    }
    return std::string(text.substr(0, end));
}

std::string_view field_of(stage s) {
    switch (s) {
    case stage::collect_name: return "name";
    case stage::collect_phone: return "phone";
    case stage::collect_email: return "email";
    case stage::collect_service_type: return "service";
    default: return "";
    }
}

stage stage_of(std::string_view field) {
    return field == "name"    ? stage::collect_name
           : field == "phone" ? stage::collect_phone
           : field == "email" ? stage::collect_email
                              : stage::collect_service_type;
}

bool enough_digits(std::string_view text) {
    const std::string plain = ascii_digits(text);
    return std::count_if(plain.begin(), plain.end(), [](char c) { return c >= '0' && c <= '9'; }) >= 7;
}

bool only_digits(std::string_view text) {
    const std::string plain = ascii_digits(text);
    return std::any_of(plain.begin(), plain.end(), [](char c) { return c >= '0' && c <= '9'; }) &&
           plain.find_first_not_of("0123456789+-()./ ") == std::string::npos;
}

// What the digits of the menu in ask_service_type mean.
std::string menu_choice(std::string_view text, std::string_view language) {
    const std::string plain = ascii_digits(trimmed(text));
    const bool arabic = language == "ar";
    if (plain == "1") return arabic ? "المبيعات" : "Sales";
    if (plain == "2") return arabic ? "شكوى" : "A complaint";
    if (plain == "3") return arabic ? "استفسار عام" : "A general question";
    return {};
}

} // namespace

std::string_view to_string(stage s) { return stage_names[static_cast<std::size_t>(s)]; }

std::optional<stage> parse_stage(std::string_view text) {
    for (const auto s : all_stages)
        if (to_string(s) == text) return s;
    return std::nullopt;
}

stage next_stage(stage s) { return s == stage::call_ended ? s : all_stages[static_cast<std::size_t>(s) + 1]; }

std::string_view to_string(effect e) {
    switch (e) {
    case effect::save: return "save";
    case effect::open_ticket: return "open_ticket";
    case effect::transfer: return "transfer";
    case effect::end: return "end";
    }
    return "";
}

std::optional<line> question_of(const state& s) {
    switch (s.at) {
    case stage::welcome:
    case stage::collect_name: return line{"reception", "ask_name", {}};
    case stage::collect_phone: return line{"reception", "ask_phone", {}};
    case stage::collect_email: return line{"reception", "ask_email", {}};
    case stage::collect_service_type: return line{"reception", "ask_service_type", {}};
    case stage::confirm_data:
        if (s.correcting == any_field) return line{"reception", "which_field", {}};
        return line{"reception", "confirm_data", {}};
    case stage::department_handling:
        if (s.handling != "bot") return std::nullopt;
        if (s.department == "complaints") return line{"complaints", "ask_complaint", {}};
        return line{s.department == "sales" ? "sales" : "reception",
                    s.department == "sales" ? "inquiry" : "ask_more",
                    {}};
    default: return std::nullopt;
    }
}

std::string_view progress_of(const state& of, stage s) {
    if (s == of.at) return "current";
    bool done = false;
    switch (s) {
    case stage::welcome: done = true; break;
    case stage::collect_name: done = !of.name.empty(); break;
    case stage::collect_phone: done = !of.phone.empty(); break;
    case stage::collect_email: done = !of.email.empty() || of.email_skipped; break;
    case stage::collect_service_type: done = !of.service.empty(); break;
    case stage::confirm_data:
    case stage::route_to_department: done = of.confirmed; break;
    case stage::department_handling: done = of.at == stage::call_ended && !of.handling.empty(); break;
    case stage::call_ended: break;
    }
    return done ? "done" : "to_come";
}

outcome begin(std::string language, const settings& s) {
    walker w{{}, s};
    w.st.language = std::move(language);
    w.say("reception", "welcome");
    w.ask();
    return std::move(w).result();
}

outcome step(state from, const input& in, const settings& s) {
    walker w{std::move(from), s};
    switch (in.kind) {
    case input_kind::said: w.heard(in.text); break;
    case input_kind::silence: w.silence(); break;
    case input_kind::language: w.speak(in.text == "ar" ? "ar" : "en"); break;
    case input_kind::person: w.call_person("person"); break;
    case input_kind::bye: w.finish(); break;
    }
    return std::move(w).result();
}

void walker::say(std::string department, std::string key, std::map<std::string, std::string> values) {
    lines.push_back({std::move(department), std::move(key), std::move(values)});
}

void walker::ask() {
    if (auto q = question_of(st)) lines.push_back(std::move(*q));
}

void walker::effect_of(effect e) {
    if (std::find(effects.begin(), effects.end(), e) == effects.end()) effects.push_back(e);
}

outcome walker::result() && { return {std::move(st), std::move(lines), std::move(effects)}; }

void walker::speak(std::string language) {
    st.language = std::move(language);
    st.paused = false;
    effect_of(effect::save);
    say("reception", "language_changed");
    ask();
}

void walker::silence() {
    if (st.at == stage::call_ended || st.handling == "agent" || st.paused) return;
    if (++st.silences >= s.max_retries) {
        st.paused = true;
        return say("reception", "paused");
    }
    say("reception", "still_there");
    ask();
}

void walker::heard(const std::string& text) {
    st.silences = 0;
    const command c = read_command(text);
    // The other language, when it is asked for, and when a whole sentence is in it. Names, numbers and addresses are
    // written the same whatever is spoken.
    const std::string words = words_of_language(text);
    const std::string spoken{detect_language(words)};
    const bool tells = spoken == "en" || spoken == "ar";
    const bool naming = st.at == stage::collect_name || st.at == stage::welcome;
    const bool latin_name = naming && spoken == "en" && read_name(text).has_value();
    if (st.language.empty() && tells && !latin_name) st.language = spoken;
    const bool another = tells && !st.language.empty() && spoken != st.language && !naming &&
                         count_words(words) >= words_of_a_switch;
    if (another) {
        st.language = spoken;
        effect_of(effect::save);
    }
    if (std::exchange(st.paused, false)) say("reception", "welcome_back");
    if (st.at == stage::call_ended) return again(text, c);
    if (c == command::english || c == command::arabic) {
        if (st.at == stage::welcome) st.at = stage::collect_name;
        speak(c == command::arabic ? "ar" : "en");
        return count_circle();
    }
    if (st.handling == "agent") return say("reception", "already_waiting");
    if (const auto u = analysis::urgency_of(text); u.level == analysis::severity::critical)
        return critical(text);
    if (c == command::person || (s.wants_person && s.wants_person(text))) return call_person("person");
    if (c == command::bye) return finish();
    if (c == command::restart) return restart();
    if (st.at == stage::department_handling) return handle(text, c);
    const state before = st;
    collect(text, c);
    const bool new_fact = st.at != before.at || st.name != before.name || st.phone != before.phone ||
                          st.email != before.email || st.service != before.service;
    if (new_fact) {
        st.circles = 0;
        effect_of(effect::save);
    } else if (st.at != stage::department_handling) {
        count_circle();
    }
}

// Whatever brings nothing new, again and again, ends with a person: languages changed back and forth, greetings.
void walker::count_circle() {
    if (++st.circles < 2 * s.max_retries + 2 || st.handling == "agent") return;
    lines.clear();
    give_up();
}

void walker::restart() {
    st = state{stage::collect_name, st.language};
    effect_of(effect::save);
    ask();
}

// Somebody whose call had ended writes again: what is known of them stays.
void walker::again(const std::string& text, command c) {
    state fresh;
    fresh.language = st.language;
    fresh.name = st.name;
    fresh.phone = st.phone;
    fresh.email = st.email;
    fresh.email_skipped = st.email_skipped;
    st = std::move(fresh);
    say("reception", "welcome_back");
    if (c == command::none) volunteer(text);
    effect_of(effect::save);
    advance();
}

bool walker::volunteer(const std::string& text) {
    const state before = st;
    const bool confirming = st.at == stage::confirm_data;
    const auto wants = [&](const std::string& value) { return value.empty() || confirming; };
    if (wants(st.name) && st.at != stage::collect_service_type)
        if (auto name = introduced_name(text)) st.name = std::move(*name);
    if (wants(st.phone) && enough_digits(text))
        if (auto phone = read_phone(text, s.default_country)) st.phone = std::move(*phone);
    if (wants(st.email))
        if (const auto found = find_emails(text); !found.empty()) st.email = found.front();
    // What answers the question is no other matter: in "john dot smith at ..." there may be somebody's keyword.
    const bool only_an_answer =
        ((st.at == stage::welcome || st.at == stage::collect_name) && read_name(text).has_value()) ||
        (st.at == stage::collect_email && read_email(text).has_value());
    if (st.service.empty() && st.at != stage::collect_service_type && !confirming && !only_an_answer && s.route)
        if (const auto matter = matter_of(text); !matter.empty())
            if (const auto about = s.route(matter); about.confidence >= sure_enough)
                st.service = first_characters(matter, most_of_service);
    return !(st == before);
}

void walker::collect(const std::string& text, command c) {
    const bool told = volunteer(text);
    const bool first = st.at == stage::welcome;
    if (first) st.at = stage::collect_name;
    if (!told && (c == command::greeting || c == command::repeat || c == command::thanks)) return ask();
    switch (st.at) {
    case stage::collect_name:
        if (auto introduced = introduced_name(text))
            st.name = std::move(*introduced);
        else if (auto name = read_name(text))
            st.name = std::move(*name);
        else if (!told && first && !only_digits(text)) // whatever people open with is no wrong answer
            return ask();
        else if (!told)
            return unclear(c == command::skip ? "required" : "invalid_name");
        break;
    case stage::collect_phone:
        if (auto phone = read_phone(text, s.default_country))
            st.phone = std::move(*phone);
        else if (!told)
            return unclear(c == command::skip ? "required" : "invalid_phone");
        break;
    case stage::collect_email:
        if (auto email = read_email(text))
            st.email = std::move(*email);
        else if ((c == command::skip || c == command::no) && !s.email_required)
            skip_email();
        else if (!told)
            return unclear(c == command::skip ? "required" : "invalid_email");
        break;
    case stage::collect_service_type: return collect_service(text, c);
    case stage::confirm_data: return confirm(text, c, told);
    default: break;
    }
    advance();
}

void walker::skip_email() {
    st.email.clear();
    st.email_skipped = true;
}

void walker::collect_service(const std::string& text, command c) {
    std::string service = menu_choice(text, st.language);
    if (service.empty() && c == command::none && detect_script(text) != script::none &&
        count_characters(text) >= 3)
        service = first_characters(trimmed(text), most_of_service);
    if (service.empty()) return unclear("invalid_service_type");
    st.service = std::move(service);
    advance();
}

void walker::confirm(const std::string& text, command c, bool told) {
    const std::string field = field_named(text);
    if (told) { // "the number is 050 ...": the new value is the correction
        st.correcting.clear();
        st.failures = 0;
        return ask();
    }
    if (st.correcting.empty() && c == command::yes) {
        st.confirmed = true;
        return route();
    }
    if (!field.empty()) {
        st.correcting = field;
        st.failures = 0;
        st.at = stage_of(field);
        if (field == "service") st.service.clear();
        return ask();
    }
    if (c == command::no && st.correcting.empty()) {
        st.correcting = any_field;
        return ask();
    }
    unclear(st.correcting == any_field ? "which_field" : "invalid_confirmation");
}

// On to what is not known yet; back to the confirmation after a correction.
void walker::advance() {
    st.failures = 0;
    if (!st.correcting.empty() && st.correcting != any_field && field_of(st.at) == st.correcting)
        st.correcting.clear();
    st.at = st.name.empty()                         ? stage::collect_name
            : st.phone.empty()                      ? stage::collect_phone
            : st.email.empty() && !st.email_skipped ? stage::collect_email
            : st.service.empty()                    ? stage::collect_service_type
                                                    : stage::confirm_data;
    ask();
}

void walker::unclear(const char* key) {
    if (++st.failures >= s.max_retries) return give_up();
    const std::string field{field_of(st.at)};
    say("reception", key,
        field.empty() ? std::map<std::string, std::string>{}
                      : std::map<std::string, std::string>{{"field", field}});
    if (std::string_view(key) == "required") ask();
}

} // namespace chat_centre::intake
