#include "db/session.hpp"

#include "db/conninfo.hpp"
#include "db/diagnostics.hpp"
#include "db/result.hpp"

#include <chat_centre/base/clock.hpp>

#include <pqxx/pqxx>
#include <spdlog/spdlog.h>

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>

// libpqxx 6.4 (Debian 12) and 7.10 (Debian 13) differ in four places, each marked with this.
#define CHAT_CENTRE_PQXX_7 (PQXX_VERSION_MAJOR >= 7)

namespace chat_centre::db {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds slow_statement = 500ms;

// Transaction control is three plain statements on a nontransaction rather than pqxx::work: no isolation string is
// built, COMMIT's failure keeps its SQLSTATE, and it is ours to say what a broken COMMIT means.
using transaction = pqxx::nontransaction;

[[noreturn]] void fail(const std::string& what, diagnostics d) {
    std::string message = what + ": " + d.message;
    if (!d.sqlstate.empty()) message += " (SQLSTATE " + d.sqlstate + ")";
    throw failure(std::move(d.sqlstate), std::move(d.constraint), message);
}

std::string milliseconds_text(std::chrono::milliseconds t) {
    return std::to_string(std::max<long>(0, t.count()));
}

class stopwatch {
public:
    double milliseconds() const {
        const auto passed = system_clock_source().steady() - start_;
        return std::chrono::duration<double, std::milli>(passed).count();
    }

private:
    std::chrono::steady_clock::time_point start_ = system_clock_source().steady();
};

void log_statement(std::string_view name, const stopwatch& watch, std::int64_t rows) {
    const double ms = watch.milliseconds();
    if (ms > static_cast<double>(slow_statement.count()))
        spdlog::warn("slow statement {}: {:.1f} ms, {} rows", name, ms, rows);
    else
        spdlog::debug("statement {}: {:.1f} ms, {} rows", name, ms, rows);
}

#if CHAT_CENTRE_PQXX_7

pqxx::result execute_prepared(transaction& t, const std::string& name, const params& p) {
    pqxx::params list;
    list.reserve(p.values().size());
    for (const auto& v : p.values()) {
        if (v)
            list.append(pqxx::zview{*v}); // refers, does not copy
        else
            list.append();
    }
    return t.exec(pqxx::prepped{name}, list);
}

void use_verbose_errors(pqxx::connection& c) { c.set_verbosity(pqxx::error_verbosity::verbose); }
void forbid_silent_reconnect(pqxx::connection&) {}

#else

pqxx::result execute_prepared(transaction& t, const std::string& name, const params& p) {
    std::vector<const char*> list;
    list.reserve(p.values().size());
    for (const auto& v : p.values()) list.push_back(v ? v->c_str() : nullptr);
    return t.exec_prepared(name, pqxx::prepare::make_dynamic_params(list));
}

void use_verbose_errors(pqxx::connection& c) { c.set_verbosity(pqxx::connection::verbose); }

// Version 6 would reconnect inside a transaction and run the rest of it statement by statement.
void forbid_silent_reconnect(pqxx::connection& c) {
    #pragma GCC diagnostic push
    #pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    c.inhibit_reactivation(true);
    #pragma GCC diagnostic pop
}

#endif

rows to_rows(pqxx::result&& result) {
    auto kept = std::make_shared<const pqxx::result>(std::move(result));
    auto data = std::make_shared<result_data>();
    data->rows = static_cast<int>(kept->size());
    data->columns = static_cast<int>(kept->columns());
    data->fields.reserve(static_cast<std::size_t>(data->rows) * static_cast<std::size_t>(data->columns));
    for (const auto& r : *kept) {
        for (const auto& f : r) {
            data->fields.push_back(f.is_null() ? std::string_view{} : std::string_view{f.c_str(), f.size()});
        }
    }
    data->owner = std::move(kept);
    return rows{std::move(data)};
}

} // namespace

struct session::wire {
    explicit wire(const std::string& url) : connection(url) {}

    // Runs action on the open transaction (or on one of its own) and turns libpqxx's exceptions into ours.
    template <class F>
    auto guarded(const std::string& what, F action) {
        try {
            return action();
        } catch (const pqxx::broken_connection& e) {
            throw connection_lost(what + ": " + one_line(e.what()));
        } catch (const pqxx::failure& e) {
            auto d = read_diagnostics(e.what());
            if (!connection.is_open() || ends_connection(d.sqlstate))
                throw connection_lost(what + ": " + d.message);
            fail(what, std::move(d));
        }
    }

// Only this hands out what a notification says. Deprecated since 7.10, whose successor 6.4 does not have.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    class receiver final : public pqxx::notification_receiver {
    public:
        receiver(pqxx::connection& c, const std::string& channel, std::string& into)
            : pqxx::notification_receiver(c, channel), payload_(into) {}
        void operator()(const std::string& text, int) override { payload_ = text; }

    private:
        std::string& payload_;
    };
#pragma GCC diagnostic pop

    pqxx::connection connection;
    std::string payload; // of the newest notification
    std::vector<std::unique_ptr<receiver>> receivers;
    std::optional<transaction> open; // dies before the connection
};

session::session(settings s) : settings_(std::move(s)) {}
session::~session() { close(); }

bool session::is_open() const noexcept { return wire_ && wire_->connection.is_open(); }

int session::server_version() const { return wire_->connection.server_version(); }

void session::close() noexcept {
    statements_.clear();
    wire_.reset();
}

void session::open() {
    close();
    if (!is_connection_string(settings_.url)) {
        throw connection_lost("the address of the database is neither postgresql://... nor key=value pairs");
    }
    try {
        wire_ = std::make_unique<wire>(with_time_limits(settings_.url));
        if (!wire_->connection.is_open()) throw connection_lost("the connection closed at once");
        use_verbose_errors(wire_->connection);
        forbid_silent_reconnect(wire_->connection);
        apply_settings();
        for (const auto& channel : channels_) subscribe(channel);
    } catch (const connection_lost&) {
        close();
        throw;
    } catch (const std::exception& e) {
        // A refused setting too: a session without them is not fit for use.
        close();
        throw connection_lost(one_line(e.what()));
    }
}

// One round trip. lc_messages only makes PostgreSQL's own log and our error texts English; nothing depends on it, and
// only a superuser may set it.
void session::apply_settings() {
    const std::string name = wire_->connection.quote(settings_.application_name);
    script(
        "SET client_encoding = 'UTF8'; SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD';"
        "SET default_transaction_isolation = 'read committed'; SET standard_conforming_strings = on;"
        "SET idle_in_transaction_session_timeout = 10000;"
        "SET statement_timeout = " +
        milliseconds_text(settings_.statement_timeout) +
        ";"
        "SET lock_timeout = " +
        milliseconds_text(settings_.lock_timeout) +
        ";"
        "SET synchronous_commit = " +
        (settings_.synchronous_commit ? "on;" : "off;") +
        (settings_.always_use_indexes
             ? "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; "
               "SET plan_cache_mode = force_generic_plan;"
             : "") +
        "SET application_name = " + name +
        ";"
        "SELECT set_config('lc_messages', 'C', false) FROM pg_roles WHERE rolname = current_user AND rolsuper");
}

void session::begin() {
    if (is_open()) {
        try {
            script("BEGIN");
            return;
        } catch (const connection_lost& e) {
            spdlog::info("database connection broke while idle, connecting again ({})", e.what());
        }
    }
    open();
    script("BEGIN");
}

void session::commit() {
    const stopwatch watch;
    script("COMMIT");
    wire_->open.reset();
    log_statement("COMMIT", watch, 0);
}

void session::rollback() noexcept {
    if (!is_open()) return close();
    try {
        script("ROLLBACK");
        wire_->open.reset();
    } catch (...) {
        close();
    }
}

rows session::run(const query& q, const params& p) {
    if (!is_open()) throw connection_lost(std::string(q.name) + ": the connection is closed");
    for (const auto& v : p.values()) {
        // Parameters travel as C strings: the rest would be cut off in silence.
        if (v && v->find('\0') != std::string::npos) {
            throw failure("22021", "", std::string(q.name) + ": a NUL byte in a parameter (SQLSTATE 22021)");
        }
    }
    const stopwatch watch;
    try {
        return wire_->guarded(std::string(q.name), [&] {
            if (!wire_->open) wire_->open.emplace(wire_->connection);
            pqxx::result result = execute_prepared(*wire_->open, prepared(q), p);
            affected_ = static_cast<std::int64_t>(result.affected_rows());
            log_statement(q.name, watch, affected_);
            return to_rows(std::move(result));
        });
    } catch (const connection_lost&) {
        close();
        throw;
    }
}

const std::string& session::prepared(const query& q) {
    if (const auto known = statements_.find(q.name); known != statements_.end()) {
        if (known->second.text.data() != q.text.data() && known->second.text != q.text) {
            throw std::logic_error("two statements are named " + std::string(q.name));
        }
        return known->second.name;
    }
    std::string name(q.name);
    wire_->connection.prepare(name, std::string(q.text));
    return statements_.emplace(q.name, statement{std::move(name), q.text}).first->second.name;
}

void session::script(const std::string& sql) {
    if (!wire_) throw connection_lost("the connection is closed");
    try {
        const std::string what = sql.size() <= 32 ? sql : "script";
        wire_->guarded(what, [&] {
            if (!wire_->open) wire_->open.emplace(wire_->connection);
            affected_ = static_cast<std::int64_t>(wire_->open->exec(sql).affected_rows());
        });
    } catch (const connection_lost&) {
        close();
        throw;
    }
}

void session::subscribe(const std::string& channel) {
    wire_->open.reset(); // notifications are not handed out while a transaction object exists
    wire_->guarded("LISTEN", [&] {
        wire_->receivers.push_back(
            std::make_unique<wire::receiver>(wire_->connection, channel, wire_->payload));
    });
}

void session::listen(const std::string& channel) {
    if (std::find(channels_.begin(), channels_.end(), channel) != channels_.end()) return;
    channels_.push_back(channel);
    if (is_open())
        subscribe(channel);
    else
        open();
}

std::string session::notification() const { return wire_ ? wire_->payload : std::string{}; }

bool session::wait_notification(std::chrono::milliseconds limit) {
    const auto deadline = system_clock_source().steady() + limit;
    try {
        return wire_->guarded("waiting for notifications", [&] {
            wire_->open.reset();
            while (true) {
                if (wire_->connection.get_notifs() > 0) return true;
                if (!wire_->connection.is_open()) throw connection_lost("the connection closed");
                const auto left =
                    std::chrono::ceil<std::chrono::milliseconds>(deadline - system_clock_source().steady());
                if (left <= 0ms) return false;
                // Our own poll: libpqxx may have been built on select(), which breaks beyond 1,024 open files.
                pollfd p{wire_->connection.sock(), POLLIN, 0};
                if (::poll(&p, 1, static_cast<int>(std::min<long>(left.count(), 60'000))) < 0 &&
                    errno != EINTR) {
                    throw connection_lost("poll failed");
                }
            }
        });
    } catch (const connection_lost&) {
        close();
        throw;
    }
}

} // namespace chat_centre::db
