#pragma once
// The one domain error. Services throw it; http turns it into application/problem+json (RFC 9457) in one
// place, and sockets turn it into an error frame. The text is shown to people: say what to do.

#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace chat_centre {

struct field_error {
    std::string field;
    std::string message;
};

class error : public std::exception {
public:
    error(int status, std::string title, std::string detail)
        : status_(status), title_(std::move(title)), detail_(std::move(detail)) {}

    static error bad_request(std::string detail) { return {400, "Bad request", std::move(detail)}; }
    static error unauthorized(std::string detail) { return {401, "Sign in first", std::move(detail)}; }
    static error forbidden(std::string detail) { return {403, "Not allowed", std::move(detail)}; }
    static error not_found(std::string detail) { return {404, "Not found", std::move(detail)}; }
    static error conflict(std::string detail) { return {409, "Conflict", std::move(detail)}; }
    static error unprocessable(std::vector<field_error> fields) {
        error e{422, "Some fields need correcting", "See errors: each names a field and what to change."};
        e.fields_ = std::move(fields);
        return e;
    }
    static error unprocessable(std::string field, std::string message) {
        return unprocessable({field_error{std::move(field), std::move(message)}});
    }
    static error too_many(std::string detail, std::chrono::seconds retry_after) {
        error e{429, "Too many requests", std::move(detail)};
        e.retry_after_ = retry_after;
        return e;
    }
    static error unavailable(std::string detail, std::chrono::seconds retry_after = std::chrono::seconds{1}) {
        error e{503, "Not available right now", std::move(detail)};
        e.retry_after_ = retry_after;
        return e;
    }

    // Adds a member to the problem document; json must be valid JSON text.
    error& with(std::string name, std::string json) {
        extra_.emplace_back(std::move(name), std::move(json));
        return *this;
    }

    int status() const noexcept { return status_; }
    const std::string& title() const noexcept { return title_; }
    const std::string& detail() const noexcept { return detail_; }
    const std::vector<field_error>& fields() const noexcept { return fields_; }
    std::optional<std::chrono::seconds> retry_after() const noexcept { return retry_after_; }
    const std::vector<std::pair<std::string, std::string>>& extra() const noexcept { return extra_; }
    const char* what() const noexcept override { return detail_.c_str(); }

private:
    int status_;
    std::string title_;
    std::string detail_;
    std::vector<field_error> fields_;
    std::optional<std::chrono::seconds> retry_after_;
    std::vector<std::pair<std::string, std::string>> extra_;
};

// A problem the operator must mend before the program can run: one clear line on stderr, exit code 1.
class startup_error : public std::exception {
public:
    explicit startup_error(std::string text) : text_(std::move(text)) {}
    const char* what() const noexcept override { return text_.c_str(); }

private:
    std::string text_;
};

} // namespace chat_centre
