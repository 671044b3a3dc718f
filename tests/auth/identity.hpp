#pragma once
// The identity features on a real database, put together as the server does it, without HTTP between.

#include "support/clock.hpp"
#include "support/database.hpp"

#include <chat_centre/auth/first_run.hpp>
#include <chat_centre/auth/live_directory.hpp>
#include <chat_centre/auth/passwords.hpp>
#include <chat_centre/auth/routes.hpp>
#include <chat_centre/auth/sign_in.hpp>
#include <chat_centre/base/error.hpp>
#include <chat_centre/db/pool.hpp>
#include <chat_centre/event/relay.hpp>
#include <chat_centre/http/message.hpp>
#include <chat_centre/staff/routes.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace chat_centre::tests {

inline constexpr const char* admin_email = "admin@example.org";
inline constexpr const char* admin_password = "green lantern by the river";
inline constexpr const char* sync_key = "a sync key of the environment";

inline config::settings identity_settings() {
    config::settings s;
    s.admin_email = admin_email;
    s.admin_password = admin_password;
    s.sync_api_key = sync_key;
    return s;
}

inline http::request json_request(const json& body,
                                  std::vector<std::pair<std::string, std::string>> headers = {}) {
    http::request r;
    r.method = http::verb::post;
    r.headers = std::move(headers);
    r.headers.emplace_back("content-type", "application/json");
    r.body = body.dump();
    r.remote_address = "192.0.2.7";
    r.request_id = "request-1";
    return r;
}

// One process of the service on a database.
class identity {
public:
    explicit identity(const database& data, auth::sign_in_options options = {})
        : pool(data.settings(), "test", 2), relay(data.settings()), directory(io.get_executor(), pool, clock),
          sign_in(pool, passwords, directory, clock, with_view(std::move(options))), routes(sign_in, false),
          keys(pool, directory, clock), staff({pool, directory, passwords, sign_in, clock, online()}),
          departments(pool, clock) {
        facts = auth::first_run(pool, identity_settings(), clock);
        relay.subscribe([this](const event::entries& e) { directory.receive(e); });
        relay.start();
        directory.load();
        directory.on_change([this](std::int64_t who, std::string session) {
            const std::scoped_lock lock(guard);
            changes.emplace_back(who, std::move(session));
        });
        thread = std::thread([this] { io.run(); });
    }
    ~identity() {
        relay.stop();
        work.reset();
        io.stop();
        thread.join();
        pool.stop();
    }
    identity(const identity&) = delete;
    identity& operator=(const identity&) = delete;

    // What a call came to. An error travels between the threads as a value: the reference count of an exception is kept
    // inside libstdc++, where ThreadSanitizer does not see it.
    template <class T>
    struct outcome {
        std::optional<T> value;
        std::optional<error> failed;

        T take() {
            if (failed) throw *failed;
            return std::move(*value);
        }
    };
    template <class T>
    std::future<outcome<T>> start(boost::asio::awaitable<T> what) {
        return boost::asio::co_spawn(io, caught(std::move(what)), boost::asio::use_future);
    }
    template <class T>
    T run(boost::asio::awaitable<T> what) {
        return start(std::move(what)).get().take();
    }

    http::response login(const std::string& email, const std::string& password,
                         const std::string& address = "192.0.2.7") {
        auto r = json_request({{"email", email}, {"password", password}});
        r.remote_address = address;
        return run(routes.login(std::move(r)));
    }
    http::response refresh(const std::string& token) {
        return run(routes.refresh(json_request(json::object(), {{"cookie", "cc_refresh=" + token}})));
    }
    // A request of somebody who is signed in.
    http::request by(const std::string& access_token, const json& body = json::object()) {
        auto r = json_request(body, {{"authorization", "Bearer " + access_token}});
        r.who = directory.authenticate(r);
        return r;
    }
    std::string admin_token() { return json::parse(login(admin_email, admin_password).body)["access_token"]; }

    // Waits for what the relay brings.
    static bool soon(const std::function<bool()>& holds) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{10};
        while (!holds()) {
            if (std::chrono::steady_clock::now() > end) return false;
            std::this_thread::sleep_for(std::chrono::milliseconds{5});
        }
        return true;
    }
    int status_of(const std::string& access_token) {
        try {
            (void)directory.authenticate_token(access_token);
        } catch (const error& e) {
            return e.status();
        }
        return 200;
    }
    bool told(std::int64_t who, const std::string& session) {
        const std::scoped_lock lock(guard);
        return std::find(changes.begin(), changes.end(), std::pair(who, session)) != changes.end();
    }

    boost::asio::io_context io;
    moved_clock clock;
    db::pool pool;
    event::relay relay;
    auth::live_directory directory;
    auth::password_pool passwords;
    auth::sign_in sign_in;
    auth::routes routes;
    auth::api_key_routes keys;
    chat_centre::staff::routes staff;
    chat_centre::staff::department_routes departments;
    auth::first_run_facts facts;
    std::set<std::int64_t> with_socket; // who is online; set it before the work starts

private:
    template <class T>
    static boost::asio::awaitable<outcome<T>> caught(boost::asio::awaitable<T> what) {
        outcome<T> o;
        try {
            o.value = co_await std::move(what);
        } catch (const error& e) {
            o.failed = e;
        }
        co_return o;
    }

    chat_centre::staff::presence online() {
        return [this](std::int64_t id) { return with_socket.contains(id); };
    }
    auth::sign_in_options with_view(auth::sign_in_options o) {
        o.staff_view = [this](db::tx& t, std::int64_t id) {
            return chat_centre::staff::view(t, id, online());
        };
        return o;
    }

    std::mutex guard;
    std::vector<std::pair<std::int64_t, std::string>> changes;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{io.get_executor()};
    std::thread thread;
};

// The status of what `call` throws; its answer's when it throws nothing.
template <class F>
int status(F call) {
    try {
        return call().status;
    } catch (const error& e) {
        return e.status();
    }
}

inline std::string cookie_of(const http::response& r) {
    for (const auto& [name, value] : r.headers)
        if (name == "Set-Cookie") {
            const auto start = value.find('=') + 1;
            return value.substr(start, value.find(';') - start);
        }
    return {};
}

} // namespace chat_centre::tests
