#include <chat_centre/demo/demo.hpp>

#include "demo/centre.hpp"
#include "demo/player.hpp"
#include "demo/presence.hpp"
#include "demo/staff.hpp"

#include <chat_centre/base/error.hpp>
#include <chat_centre/base/ids.hpp>

#include <fmt/format.h>
#include <unistd.h>

namespace chat_centre::demo {
namespace {

class performance {
public:
    performance(const options& o, loop& l)
        : options_(o), centre_(l, parse_address(o.url)), presence_(l, centre_.server()),
          progress_(isatty(STDOUT_FILENO) == 1), player_(l, centre_, progress_, "demo-" + random_id(8)),
          chance_(o.seed) {}

    void play() {
        prepare();
        opening();
        if (options_.once) return;
        traffic from(chance_.next(), with_staff_);
        pace how;
        how.messages_per_second = options_.rate;
        how.conversations = options_.count;
        if (options_.minutes) how.duration = std::chrono::minutes{*options_.minutes};
        player_.play(from, how);
    }

    void finish() { progress_.finish(); }

private:
    void prepare() {
        centre_.check_server();
        with_staff_ = !options_.email.empty() && !options_.password.empty();
        if (with_staff_) centre_.sign_in(desk::admin, {options_.email, options_.password});
        centre_.use_key(options_.key);
        if (!with_staff_) {
            progress_.say(
                "Playing without staff, because no admin's login was given (--email and --password, or "
                "ADMIN_EMAIL and ADMIN_PASSWORD): who asks for a person waits.");
            return;
        }
        centre_.open_desks();
        for (const desk_account& d : desk_accounts())
            presence_.keep([this, who = d.who] { return centre_.token(who); });
        if (const int closed = centre_.close_earlier_talks(); closed > 0)
            progress_.say(fmt::format("Resolved {} conversations that an earlier demo had left open.", closed));
    }

    void opening() {
        if (with_staff_) play_all(opening_resolved()); // customers without staff would only wait longer
        play_all(opening_waiting());
        play_all(opening_active());
        progress_.say(fmt::format("The centre is at work: {} conversations at {}/admin/",
                                  progress_.count.conversations, centre_.server().url()));
        if (with_staff_) show_logins();
    }

    void play_all(std::span<const dialogue> dialogues) {
        for (const dialogue& d : dialogues) {
            talk t = make_talk(d, chance_);
            if (!with_staff_) leave_out_staff(t);
            player_.play_at_once(std::move(t));
        }
    }

    void show_logins() {
        progress_.say(fmt::format("\nSign in as {}, or as one of the demo's staff:", options_.email));
        for (const desk_account& d : desk_accounts())
            progress_.say(fmt::format("  {:<16} {:<29} {}", d.name, d.email, centre_.login_of(d.who).password));
        progress_.say("");
    }

    const options& options_;
    centre centre_;
    presence presence_;
    progress progress_;
    player player_;
    chance chance_;
    bool with_staff_ = false;
};

} // namespace

int run(const options& given, const config::settings& s) {
    const options o = with_defaults(given, s);
    loop l;
    performance p(o, l);
    try {
        p.play();
        p.finish();
    } catch (const stopped&) {
        p.finish(); // asked to: an end like any other
    }
    return 0;
}

} // namespace chat_centre::demo
