#include "app/ticket_wiring.hpp"

#include "app/understanding.hpp"

#include <chat_centre/base/phone.hpp>
#include <chat_centre/sla/sla.hpp>

#include <spdlog/spdlog.h>

namespace chat_centre::app {
namespace {

// As seen from this machine; what a Host header says is the sender's to choose, and no base for links in mail.
std::string own_address(const std::string& host, std::uint16_t port) {
    if (host == "0.0.0.0" || host == "::") return "http://127.0.0.1:" + std::to_string(port);
    const bool v6 = host.find(':') != std::string::npos;
    return "http://" + (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

} // namespace

ticket::mail_desk requester_mail(const config::settings& s, const notify::service& out) {
    ticket::mail_desk desk{s.company_name_en, s.company_name, s.public_url, {}};
    if (s.smtp_url.empty()) return desk;
    if (desk.base_url.empty()) {
        desk.base_url = own_address(s.host, s.port);
        spdlog::warn("PUBLIC_URL is not set: links in mail to customers lead to {}", desk.base_url);
    }
    desk.put = [&out](db::tx& t, const ticket::requester_mail& m) {
        out.mail_customer(t, {m.cause, m.to, m.name, m.language, m.subject, m.text});
    };
    return desk;
}

ticket_wiring::ticket_wiring(const db::settings& database, db::pool& pool, conversation::surroundings& chats,
                             const clock_source& clock, jobs::runner& runner, std::string default_country,
                             std::chrono::minutes patience, ticket::mail_desk mail)
    : surroundings_{pool,
                    chats,
                    clock,
                    sla::count,
                    classify,
                    [country = std::move(default_country)](std::string_view given) {
                        const auto phone = parse_phone(given, country);
                        return phone && phone->valid ? phone->e164 : std::string{};
                    },
                    std::move(mail)},
      conversations_(database, "tickets", {"conversation.moved", "ticket.wanted"},
                     [this](db::tx& t, const std::vector<event::entry>& events) {
                         ticket::follow(t, surroundings_, events);
                     }) {
    ticket::handle_jobs(runner, surroundings_);
    sla::handle_jobs(runner, surroundings_, patience);
}

void ticket_wiring::start() { conversations_.start(); }

void ticket_wiring::notice(const event::entries& batch) { conversations_.notice(batch); }

void ticket_wiring::stop() { conversations_.stop(); }

} // namespace chat_centre::app
