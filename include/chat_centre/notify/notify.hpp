#pragma once
// Telling people and other systems: in-app notices, mail, Slack, Teams and outgoing webhooks. Follows the event log;
// everything that leaves the server goes through the outbox, at least once and under a stable id.

#include <chat_centre/base/clock.hpp>
#include <chat_centre/base/secret_box.hpp>
#include <chat_centre/config/config.hpp>
#include <chat_centre/db/pool.hpp>
#include <chat_centre/event/relay.hpp>
#include <chat_centre/jobs/jobs.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace chat_centre::notify {

struct context; // private to the folder

struct customer_mail {
    std::string cause; // one mail for one cause; not empty
    std::string to, name, language;
    std::string subject, text; // the text is sealed in the outbox: it may hold a link that opens something
};

class service {
public:
    // pool and clock outlive it.
    service(const db::settings& database, db::pool& pool, const clock_source& clock,
            const config::settings& settings);
    ~service();

    void attach(jobs::runner& r); // before r starts; r ends before this does
    // After the migrations. Throws startup_error when the key for stored secrets cannot be had.
    void start();
    void notice(const event::entries& batch); // any thread
    void stop();                              // waits for what is under way

    // Puts a mail to somebody who is not staff into the outbox, in the caller's transaction; after start(). Without a
    // mail server none is kept. Database threads.
    void mail_customer(db::tx& t, const customer_mail& m) const;

    // Other parts' secrets, sealed with the key of the stored ones; after start(). What is sealed for one purpose opens
    // for no other; nullopt: it does not open.
    std::string seal(std::string_view text, std::string_view purpose) const;
    std::optional<std::string> open(std::string_view sealed, std::string_view purpose) const;

    // Seals what is stored of other features' secrets; after start().
    const secret_box& box() const;
    const context& parts() const { return *context_; } // for this folder's routes

private:
    struct impl;
    std::unique_ptr<context> context_;
    std::unique_ptr<impl> impl_;
};

} // namespace chat_centre::notify
