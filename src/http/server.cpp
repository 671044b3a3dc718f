#include <chat_centre/http/server.hpp>

#include "http/connection.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/steady_timer.hpp>
#include <spdlog/spdlog.h>

#include <unordered_map>
#include <unordered_set>

namespace chat_centre::http {

namespace asio = boost::asio;
using asio::ip::tcp;

struct server::impl : std::enable_shared_from_this<server::impl> {
    impl(asio::any_io_executor io, server_options o, const router& routes, const static_files& files,
         const clock_source& c, authenticator authenticate, upgrade_handler on_upgrade_)
        : options(std::move(o)), clock(c), acceptor(io), sweep_timer(io),
          dispatch(options, routes, files, clock, std::move(authenticate)),
          on_upgrade(std::move(on_upgrade_)), shared{options, clock, dispatch, on_upgrade, count, {}, false} {
        if (options.access_log) shared.access_log = [this](std::string line) { log_line(std::move(line)); };
    }

    void accept() {
        auto self = shared_from_this();
        acceptor.async_accept([self](boost::system::error_code failed, tcp::socket socket) {
            if (failed == asio::error::operation_aborted || !self->acceptor.is_open()) return;
            if (!failed) {
                self->admit(std::move(socket));
                self->accept();
                return;
            }
            // Out of file descriptors, mostly: wait a little instead of spinning.
            spdlog::warn("accept: {}", failed.message());
            auto pause = std::make_shared<asio::steady_timer>(self->acceptor.get_executor());
            pause->expires_after(std::chrono::milliseconds{100});
            pause->async_wait([self, pause](boost::system::error_code) { self->accept(); });
        });
    }

    void admit(tcp::socket socket) {
        boost::system::error_code failed;
        const auto peer = socket.remote_endpoint(failed);
        if (failed) return;
        socket.set_option(tcp::no_delay(true), failed);
        ++count.connections;
        const std::string address = peer.address().to_string();
        const bool crowded =
            !peer.address().is_loopback() && per_address[address] >= options.limits.connections_per_address;
        if (open.size() >= options.limits.connections || crowded) {
            ++count.refused;
            static constexpr std::string_view busy =
                "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nRetry-After: 2\r\nConnection: close\r\n\r\n";
            socket.non_blocking(true, failed);
            socket.write_some(asio::buffer(busy),
                              failed); // best effort: a full server does not wait for anybody
            return;
        }
        auto c = std::make_shared<connection>(std::move(socket), shared, address);
        open.insert(c);
        ++per_address[address];
        ++count.open;
        auto self = shared_from_this();
        asio::co_spawn(acceptor.get_executor(), serve(c), [self, c](std::exception_ptr failure) {
            if (failure) {
                try {
                    std::rethrow_exception(failure);
                } catch (const std::exception& e) {
                    spdlog::error("connection: {}", e.what());
                }
            }
            self->forget(c);
        });
    }

    static asio::awaitable<void> serve(std::shared_ptr<connection> c) { co_await c->run(); }

    void forget(const std::shared_ptr<connection>& c) {
        open.erase(c);
        if (const auto it = per_address.find(c->address()); it != per_address.end() && --it->second == 0)
            per_address.erase(it);
        --count.open;
        if (shared.draining && open.empty()) finish();
    }

    // One timer for every deadline: a timer per operation costs a fifth of small-request throughput.
    void sweep() {
        sweep_timer.expires_after(std::chrono::milliseconds{250});
        sweep_timer.async_wait([self = shared_from_this()](boost::system::error_code failed) {
            if (failed) return;
            const auto now = self->clock.steady();
            const std::vector<std::shared_ptr<connection>> all(self->open.begin(), self->open.end());
            for (const auto& c : all) c->sweep(now);
            self->flush_log();
            if (self->shared.draining && now >= self->drain_deadline) {
                for (const auto& c : all) c->cut();
                self->finish();
                return;
            }
            self->sweep();
        });
    }

    // Lines are handed to the log in chunks: one hand-over per request would cost as much as the request.
    void log_line(std::string line) {
        if (access_lines.size() + line.size() > 256 * 1024)
            return; // the log is behind; the counters still count
        if (!access_lines.empty()) access_lines.push_back('\n');
        access_lines += line;
        if (access_lines.size() > 64 * 1024) flush_log();
    }
    void flush_log() {
        if (access_lines.empty()) return;
        spdlog::info("{}", access_lines);
        access_lines.clear();
    }

    void finish() {
        flush_log();
        sweep_timer.cancel();
        if (auto done = std::exchange(on_drained, nullptr)) done();
    }

    server_options options;
    const clock_source& clock;
    tcp::acceptor acceptor;
    asio::steady_timer sweep_timer;
    counters count;
    dispatcher dispatch;
    upgrade_handler on_upgrade;
    connection_context shared;
    std::unordered_set<std::shared_ptr<connection>> open;
    std::unordered_map<std::string, std::size_t> per_address;
    std::string access_lines;
    std::function<void()> on_drained;
    std::chrono::steady_clock::time_point drain_deadline;
};

server::server(asio::any_io_executor io, server_options options, const router& routes,
               const static_files& files, const clock_source& clock, authenticator authenticate,
               upgrade_handler on_upgrade)
    : impl_(std::make_shared<impl>(std::move(io), std::move(options), routes, files, clock,
                                   std::move(authenticate), std::move(on_upgrade))) {}

server::~server() = default;

void server::listen() {
    const auto& o = impl_->options;
    const std::string where = o.host + ":" + std::to_string(o.port);
    boost::system::error_code failed;
    const auto address = asio::ip::make_address(o.host == "localhost" ? "127.0.0.1" : o.host, failed);
    if (failed)
        throw startup_error("HOST=\"" + o.host + "\" is not an IP address. Use 127.0.0.1, 0.0.0.0 or ::.");
    const tcp::endpoint endpoint{address, o.port};
    auto& a = impl_->acceptor;
    a.open(endpoint.protocol(), failed);
    if (!failed) a.set_option(tcp::acceptor::reuse_address(true), failed);
    if (!failed) a.bind(endpoint, failed);
    if (!failed) a.listen(4096, failed);
    if (failed == asio::error::address_in_use)
        throw startup_error("Port " + std::to_string(o.port) + " on " + o.host +
                            " is taken by another program. Stop that, or set PORT to a free one.");
    if (failed) throw startup_error("Cannot listen on " + where + ": " + failed.message() + ".");
    impl_->accept();
    impl_->sweep();
}

std::uint16_t server::port() const { return impl_->acceptor.local_endpoint().port(); }

void server::stop(std::chrono::milliseconds deadline, std::function<void()> done) {
    auto& s = *impl_;
    s.shared.draining = true;
    s.drain_deadline = s.clock.steady() + deadline;
    s.on_drained = std::move(done);
    boost::system::error_code ignored;
    s.acceptor.close(ignored);
    if (s.open.empty()) s.finish();
}

const counters& server::count() const { return impl_->count; }

} // namespace chat_centre::http
