#pragma once
// Logging through spdlog's default logger, written by a thread of its own: no caller waits for a slow terminal.
// When the queue of lines is full the oldest are dropped. Control characters are escaped in both formats, so a
// header or name cannot forge a line.

#include <string>

namespace chat_centre {

// level: spdlog's names. format: "text" or "json" (one object a line: at, level, message). Call once, in main.
void start_log(const std::string& level, const std::string& format);
void flush_log(); // before a process ends

} // namespace chat_centre
