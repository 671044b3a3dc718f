#include "demo/traffic.hpp"

#include <algorithm>

namespace chat_centre::demo {
namespace {

using std::chrono::milliseconds;

constexpr std::uint64_t arabic_share = 3; // one conversation in three

struct span_of_time {
    int low;
    int high;
};

// Milliseconds that people and machines take; short enough that a watcher sees conversations go on.
span_of_time pause_before(act what) {
    switch (what) {
    case act::says: return {4'000, 13'000};
    case act::answers: return {1'200, 3'000};
    case act::asks: return {3'000, 6'000};
    case act::routes: return {1'500, 5'000};
    case act::takes: return {3'000, 20'000};
    case act::replies: return {4'000, 12'000};
    case act::notes: return {2'000, 5'000};
    case act::holds: return {1'500, 4'000};
    case act::resumes: return {6'000, 15'000};
    case act::passes: return {2'000, 6'000};
    case act::resolves: return {3'000, 9'000};
    case act::rates: return {3'000, 8'000};
    }
    return {0, 0};
}

// Numbers that are reserved for fiction, so that nobody's telephone stands in a sample.
std::string fictional_phone(int customer) { return "+447700900" + std::to_string(customer); }

bool has_staff(const dialogue& d) {
    return std::any_of(d.lines.begin(), d.lines.end(), [](const line& l) { return l.what == act::takes; });
}

std::string user_id_of(const dialogue& d, const facts& f) {
    const bool numbered = d.customer.find("{n}") != std::string_view::npos;
    return std::string(own_user_prefix) +
           (numbered ? "customer-" + std::to_string(f.customer) : std::string(d.id));
}

} // namespace

bool is_message(act what) { return what == act::says || what == act::answers || what == act::replies; }

bool needs_staff(act what) {
    return what != act::says && what != act::answers && what != act::asks && what != act::rates;
}

talk make_talk(const dialogue& d, chance& c) {
    const facts f = make_facts(c);
    talk t;
    t.id = d.id;
    t.channel = d.channel;
    t.language = d.language;
    t.user_id = user_id_of(d, f);
    t.name = expand(d.customer, f, c);
    t.email = d.email.empty() ? "customer-" + std::to_string(f.customer) + std::string(own_email_suffix)
                              : std::string(d.email);
    t.phone = d.phone;
    if (t.phone.empty() && t.channel == "whatsapp") t.phone = fictional_phone(f.customer);
    t.issue_type = d.issue_type;
    t.priority = d.priority;
    t.ago = std::chrono::minutes{d.minutes_ago};
    for (const line& l : d.lines) {
        step s;
        s.what = l.what;
        s.text = expand(l.text, f, c);
        s.more = l.more;
        s.who = l.who;
        s.score = l.score;
        const auto [low, high] = pause_before(l.what);
        if (!t.steps.empty()) s.pause = milliseconds{c.between(low, high)};
        t.steps.push_back(std::move(s));
    }
    return t;
}

void leave_out_staff(talk& t) {
    const auto first =
        std::find_if(t.steps.begin(), t.steps.end(), [](const step& s) { return needs_staff(s.what); });
    t.steps.erase(first, t.steps.end());
}

traffic::traffic(std::uint64_t seed, bool with_staff) : chance_(seed) {
    const auto collect = [with_staff](std::span<const dialogue> from, std::vector<const dialogue*>& to) {
        for (const dialogue& d : from)
            if (with_staff || !has_staff(d)) to.push_back(&d);
    };
    collect(english_traffic(), english_);
    collect(arabic_traffic(), arabic_);
}

const dialogue& traffic::choose() {
    const auto& from = chance_.one_in(arabic_share) ? arabic_ : english_;
    return *from[chance_.below(from.size())];
}

talk traffic::next() {
    const dialogue* d = &choose();
    while (d == last_) d = &choose(); // never the same story twice in a row
    last_ = d;
    return make_talk(*d, chance_);
}

} // namespace chat_centre::demo
