#include "poster.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace chat_centre::bench {
namespace {

constexpr std::size_t user_digits = 6;
constexpr std::size_t id_digits = 12;

void write_digits(char* at, std::size_t width, std::int64_t value) {
    for (std::size_t i = width; i-- > 0; value /= 10) at[i] = static_cast<char>('0' + value % 10);
}

// Bytes of the first whole answer in `data`, 0 when it is not complete. The server always sends Content-Length here.
std::size_t answer_length(std::string_view data) {
    const auto end = data.find("\r\n\r\n");
    if (end == std::string_view::npos) return 0;
    constexpr std::string_view name = "Content-Length:";
    std::size_t at = 0;
    for (at = data.find("\r\n") + 2; at < end; at = data.find("\r\n", at) + 2)
        if (strncasecmp(data.data() + at, name.data(), name.size()) == 0) break;
    if (at >= end) throw failure("an answer without Content-Length: " + std::string(data.substr(0, end)));
    std::size_t length = 0;
    for (at += name.size(); data[at] == ' '; ++at) {
    }
    for (; data[at] >= '0' && data[at] <= '9'; ++at)
        length = length * 10 + static_cast<std::size_t>(data[at] - '0');
    return data.size() >= end + 4 + length ? end + 4 + length : 0;
}

} // namespace

class poster::connection : public watcher {
public:
    explicit connection(poster& owner) : owner_(owner) { open(); }

    void post() {
        sent_at_ = now_ns();
        ++owner_.in_flight_;
        if (!send_all(socket_, owner_.next_request())) lost("the server closed the connection");
    }

    void on_readable() override {
        auto& buffer = owner_.buffer_;
        std::memcpy(buffer.data(), partial_.data(), partial_.size());
        const auto n = ::recv(socket_.get(), buffer.data() + partial_.size(), buffer.size() - partial_.size(),
                              MSG_DONTWAIT);
        if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (n <= 0) return lost("the server closed the connection");
        const std::string_view data(buffer.data(), partial_.size() + static_cast<std::size_t>(n));
        const auto length = answer_length(data);
        if (length == 0) {
            partial_.assign(data);
            return;
        }
        partial_.clear();
        finish(data.substr(0, length));
    }

private:
    void open() {
        socket_ = connect_to(owner_.settings_.server);
        owner_.loop_.watch(socket_, *this);
        owner_.idle_.push_back(this);
    }

    void finish(std::string_view answer) {
        --owner_.in_flight_;
        if (answer.substr(9, 3) == "200") {
            ++owner_.accepted_;
            owner_.latency_.add((now_ns() - sent_at_) / 1000);
        } else {
            count_error(std::string(answer));
        }
        if (owner_.wants_more())
            post();
        else
            owner_.idle_.push_back(this);
    }

    void lost(const char* why) {
        --owner_.in_flight_;
        count_error(why);
        partial_.clear();
        open();
    }

    void count_error(std::string text) {
        if (owner_.errors_++ == 0) owner_.first_error_ = std::move(text);
    }

    poster& owner_;
    descriptor socket_;
    std::string partial_; // of an answer that came in pieces
    std::int64_t sent_at_ = 0;
};

poster::poster(event_loop& loop, post_settings settings) : loop_(loop), settings_(std::move(settings)) {
    build_template();
    for (int i = 0; i < settings_.connections; ++i)
        connections_.push_back(std::make_unique<connection>(*this));
}

poster::~poster() = default;

void poster::pump() {
    while (!idle_.empty() && wants_more()) {
        auto* next = idle_.back();
        idle_.pop_back();
        next->post();
    }
}

void poster::reset() {
    latency_ = {};
    errors_ = 0;
    first_error_.clear();
}

bool poster::wants_more() const { return (settings_.count == 0 || sent_ < settings_.count) && may_send(); }

// All requests have one length: only digits change, so the next one costs three short writes into the same buffer.
void poster::build_template() {
    const std::string user(user_digits, '0'), stamp(stamp_digits, '0'), id(id_digits, '0');
    char run[17];
    std::snprintf(run, sizeof run, "%016llx", static_cast<unsigned long long>(now_ns()));
    const std::string body = R"({"user_id":"bench-)" + user + R"(","message":")" + stamp_mark + stamp +
                             R"( How long does a parcel to Harare take?","sender":"user","message_id":"b-)" +
                             run + "-" + id + R"("})";
    request_ = "POST /api/chat/sync HTTP/1.1\r\nHost: " + settings_.server.name() +
               "\r\nAuthorization: Bearer " + settings_.key +
               "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
               "\r\n\r\n" + body;
    const std::size_t start = request_.size() - body.size();
    user_at_ = start + body.find(user);
    stamp_at_ = start + body.find(stamp_mark) + 1;
    id_at_ = request_.size() - 2 - id_digits;
}

std::string_view poster::next_request() {
    write_digits(request_.data() + user_at_, user_digits, sent_ % settings_.users);
    write_digits(request_.data() + stamp_at_, stamp_digits, now_ns());
    write_digits(request_.data() + id_at_, id_digits, sent_);
    ++sent_;
    return request_;
}

} // namespace chat_centre::bench
