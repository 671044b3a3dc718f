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

std::string progress_line(const counters& c, std::size_t open, std::chrono::seconds since) {
    const double rate = static_cast<double>(c.messages) / static_cast<double>(std::max<std::int64_t>(since.count(), 1));
    return fmt::format("{:02}:{:02}  {} messages, {:.1f}/s  {} conversations, {} open  {} resolved", since.count() / 60,
                       since.count() % 60, c.messages, rate, c.conversations, open, c.resolved);
}

progress::progress(bool terminal) : terminal_(terminal), start_(steady::now()), next_(start_) {}

void progress::show(std::size_t open) {
    open_ = open;
    const auto now = steady::now();
    if (now < next_) return;
    next_ = now + (terminal_ ? steady::duration(on_terminal) : steady::duration(elsewhere));
    const auto text = progress_line(count, open, std::chrono::duration_cast<std::chrono::seconds>(now - start_));
    if (terminal_)
        std::printf("\r\033[K%s  Ctrl-C ends", text.c_str());
    else
        std::printf("%s\n", text.c_str());
    line_open_ = terminal_;
    std::fflush(stdout);
}

void progress::refused(const std::string& reason) {
    if (++refused_ <= shown_refusals) say("refused: " + reason);
}

void progress::finish() {
    next_ = {};
    show(open_);
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
