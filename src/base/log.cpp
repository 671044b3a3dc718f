#include <chat_centre/base/log.hpp>

#include <chat_centre/base/clock.hpp>
#include <chat_centre/base/json.hpp>

#include <spdlog/async.h>
#include <spdlog/formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>

namespace chat_centre {
namespace {

// Set once by start_log, before there is a logging thread. Not a member: spdlog frees the formatter at the end under
// locks of its own library, which ThreadSanitizer cannot see into.
bool json_lines = false;

// A message may hold several lines (a chunk of the access log): each becomes a log line of its own.
class line_formatter final : public spdlog::formatter {
public:
    void format(const spdlog::details::log_msg& msg, spdlog::memory_buf_t& out) override {
        std::string_view rest{msg.payload.data(), msg.payload.size()};
        const std::string at = to_rfc3339(std::chrono::time_point_cast<std::chrono::microseconds>(msg.time));
        const auto level = spdlog::level::to_string_view(msg.level);
        while (true) {
            const auto end = rest.find('\n');
            append(out, at, {level.data(), level.size()}, rest.substr(0, end));
            if (end == std::string_view::npos) break;
            rest.remove_prefix(end + 1);
        }
    }
    std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<line_formatter>(); }

private:
    static void append(spdlog::memory_buf_t& out, std::string_view at, std::string_view level,
                       std::string_view text) {
        const auto put = [&out](std::string_view s) { out.append(s.data(), s.data() + s.size()); };
        if (json_lines) {
            std::string quoted;
            append_json_string(quoted, text);
            put(R"({"at":")");
            put(at);
            put(R"(","level":")");
            put(level);
            put(R"(","message":)");
            put(quoted);
            put("}\n");
            return;
        }
        put(at);
        put(" ");
        put(level);
        put(" ");
        const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
        if (std::none_of(text.begin(), text.end(), is_control)) {
            put(text);
        } else {
            constexpr std::string_view hex = "0123456789abcdef";
            for (const char c : text) {
                if (!is_control(c)) {
                    put({&c, 1});
                } else {
                    const auto u = static_cast<unsigned char>(c);
                    const std::array<char, 4> escaped{'\\', 'x', hex[u >> 4U], hex[u & 15U]};
                    put({escaped.data(), escaped.size()});
                }
            }
        }
        put("\n");
    }
};

} // namespace

void start_log(const std::string& level, const std::string& format) {
    json_lines = format == "json";
    constexpr std::size_t queued_lines = 8192;
    spdlog::init_thread_pool(queued_lines, 1);
    auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    auto logger = std::make_shared<spdlog::async_logger>("chat-centre", sink, spdlog::thread_pool(),
                                                         spdlog::async_overflow_policy::overrun_oldest);
    logger->set_formatter(std::make_unique<line_formatter>());
    logger->set_level(spdlog::level::from_str(level == "warn" ? "warning" : level));
    logger->flush_on(spdlog::level::warn);
    spdlog::set_default_logger(std::move(logger));
}

void flush_log() { spdlog::shutdown(); }

} // namespace chat_centre
