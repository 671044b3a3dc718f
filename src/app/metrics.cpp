#include "app/metrics.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

namespace chat_centre::app {
namespace {

class exposition {
public:
    void help(std::string_view name, std::string_view type, std::string_view text) {
        fmt::format_to(std::back_inserter(out_), "# HELP {} {}\n# TYPE {} {}\n", name, text, name, type);
    }
    template <class T>
    void value(std::string_view name, const T& v) {
        fmt::format_to(std::back_inserter(out_), "{} {}\n", name, v);
    }
    template <class T>
    void counter(std::string_view name, std::string_view text, const T& v) {
        help(name, "counter", text);
        value(name, v);
    }
    template <class T>
    void gauge(std::string_view name, std::string_view text, const T& v) {
        help(name, "gauge", text);
        value(name, v);
    }
    std::string take() { return std::move(out_); }

private:
    std::string out_;
};

std::uint64_t resident_bytes() {
    std::ifstream statm("/proc/self/statm");
    std::uint64_t total = 0;
    std::uint64_t resident = 0;
    statm >> total >> resident;
    return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

} // namespace

std::string metrics_text(const http::counters& web, const conversation::lane_counters& lane,
                         const realtime::counters& sockets, const db::pool& pool, const event::relay& relay) {
    exposition e;
    e.help("chat_centre_http_requests_total", "counter", "HTTP answers by class of status");
    for (std::size_t c = 1; c < web.by_class.size(); ++c)
        e.value(fmt::format("chat_centre_http_requests_total{{class=\"{}xx\"}}", c), web.by_class[c].load());
    e.counter("chat_centre_http_connections_total", "Connections accepted", web.connections.load());
    e.gauge("chat_centre_http_connections_open", "Connections open now", web.open.load());
    e.counter("chat_centre_http_refused_total", "Connections and requests refused before routing",
              web.refused.load());
    e.counter("chat_centre_http_sent_bytes_total", "Bytes of answers", web.bytes_out.load());
    e.counter("chat_centre_messages_stored_total", "Messages stored", lane.stored.load());
    e.counter("chat_centre_messages_duplicate_total", "Retries answered from what was stored",
              lane.duplicates.load());
    e.counter("chat_centre_append_batches_total", "Transactions of the append lane", lane.batches.load());
    e.counter("chat_centre_append_refused_total", "Messages refused because the lane was full",
              lane.refused.load());
    e.gauge("chat_centre_append_waiting", "Messages waiting to be stored", lane.waiting.load());
    e.gauge("chat_centre_sockets_open", "WebSockets open now", sockets.open.load());
    e.counter("chat_centre_socket_deliveries_total", "Events delivered to sockets", sockets.delivered.load());
    e.counter("chat_centre_socket_slow_closed_total", "Sockets closed because they did not keep up",
              sockets.slow_closed.load());
    e.counter("chat_centre_socket_resumes_total", "Subscriptions that resumed from a cursor",
              sockets.resumed.load());
    e.counter("chat_centre_socket_resyncs_total", "Cursors that were too old to resume from",
              sockets.resyncs.load());
    e.gauge("chat_centre_event_head", "Id of the newest event", relay.head());
    e.gauge("chat_centre_database_waiting", "Units of work waiting for a database thread", pool.waiting());
    e.gauge("chat_centre_database_healthy", "1 while PostgreSQL answers", pool.healthy() ? 1 : 0);
    e.gauge("process_resident_memory_bytes", "Resident memory", resident_bytes());
    return e.take();
}

} // namespace chat_centre::app
