#include <chat_centre/base/log.hpp>

#include <chat_centre/base/clock.hpp>
#include <chat_centre/base/json.hpp>

#include <spdlog/async.h>
#include <spdlog/formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace chat_centre {
namespace {

// A message may hold several lines (a chunk of the access log): each becomes a log line of its own.
class line_formatter final : public spdlog::formatter {
public:
    explicit line_formatter(bool json_lines) : json_(json_lines) {}

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
    std::unique_ptr<spdlog::formatter> clone() const override {
        return std::make_unique<line_formatter>(json_);
    }

private:
    void append(spdlog::memory_buf_t& out, const std::string& at, std::string_view level,
                std::string_view text) {
        std::string escaped;
        append_json_string(escaped, text);
        std::string line;
        if (json_) {
            line = R"({"at":")" + at + R"(","level":")" + std::string(level) + R"(","message":)" + escaped +
                   "}\n";
        } else {
            // The JSON escapes double as terminal safety; only the quotes around are taken off again.
            std::string_view body{escaped};
            body = body.substr(1, body.size() - 2);
            line = at + " " + std::string(level) + " ";
            for (std::size_t i = 0; i < body.size(); ++i) {
                if (body[i] == '\\' && i + 1 < body.size() && (body[i + 1] == '"' || body[i + 1] == '\\'))
                    ++i;
                line.push_back(body[i]);
            }
            line.push_back('\n');
        }
        out.append(line.data(), line.data() + line.size());
    }

    bool json_;
};

} // namespace

void start_log(const std::string& level, const std::string& format) {
    constexpr std::size_t queued_lines = 8192;
    spdlog::init_thread_pool(queued_lines, 1);
    auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    auto logger = std::make_shared<spdlog::async_logger>("chat-centre", sink, spdlog::thread_pool(),
                                                         spdlog::async_overflow_policy::overrun_oldest);
    logger->set_formatter(std::make_unique<line_formatter>(format == "json"));
    logger->set_level(spdlog::level::from_str(level == "warn" ? "warning" : level));
    logger->flush_on(spdlog::level::warn);
    spdlog::set_default_logger(std::move(logger));
}

void flush_log() { spdlog::shutdown(); }

} // namespace chat_centre
