#include "demo/progress.hpp"

#include "demo/traffic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace chat_centre::demo {
namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

constexpr auto on_terminal = 250ms;
constexpr auto elsewhere = 10s;
constexpr std::int64_t shown_refusals = 5;

} // namespace

void counters::add(act what) {
    if (is_message(what)) ++messages;
    if (what == act::takes) ++taken;
    if (what == act::resolves) ++resolved;
    if (what == act::rates) ++rated;
}

std::string progress_line(const counters& c, std::size_t open, std::chrono::seconds since, double per_second) {
    return fmt::format("{:02}:{:02}  {} messages, {:.1f}/s  {} conversations, {} open  {} resolved",
                       since.count() / 60, since.count() % 60, c.messages, per_second, c.conversations, open,
                       c.resolved);
}

progress::progress(bool terminal)
    : terminal_(terminal), start_(steady::now()), measured_from_(start_), next_(start_) {}

void progress::measure_from_here() {
    measured_from_ = steady::now();
    messages_before_ = count.messages;
}

void progress::show(std::size_t open) {
    open_ = open;
    const auto now = steady::now();
    if (now < next_) return;
    next_ = now + (terminal_ ? steady::duration(on_terminal) : steady::duration(elsewhere));
    print("  Ctrl-C ends");
}

void progress::print(const char* ending) {
    const auto now = steady::now();
    const auto since = std::chrono::duration_cast<std::chrono::seconds>(now - start_);
    const std::chrono::duration<double> measured = std::max<steady::duration>(now - measured_from_, 1s);
    const auto line = progress_line(
        count, open_, since, static_cast<double>(count.messages - messages_before_) / measured.count());
    if (terminal_)
        std::printf("\r\033[K%s%s", line.c_str(), ending);
    else
        std::printf("%s\n", line.c_str());
    line_open_ = terminal_;
    std::fflush(stdout);
}

void progress::refused(const std::string& reason) {
    if (++refused_ <= shown_refusals) say("refused: " + reason);
}

void progress::finish() {
    print("");
    say(fmt::format("{} taken over by staff, {} rated{}", count.taken, count.rated,
                    refused_ == 0 ? "" : fmt::format(", {} requests refused", refused_)));
}

void progress::say(const std::string& line) {
    if (line_open_) std::fputs("\n", stdout);
    line_open_ = false;
    std::puts(line.c_str());
    std::fflush(stdout);
}

} // namespace chat_centre::demo
