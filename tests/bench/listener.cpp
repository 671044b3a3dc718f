#include "listener.hpp"

#include "poster.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

namespace chat_centre::bench {
namespace {

constexpr std::size_t read_bytes = 256 * 1024;
// More than one message.new event of this client's posts: what a socket may have to keep until its next read.
constexpr std::size_t front_bytes = 16 * 1024;
constexpr std::string_view event_mark = R"("type":"message.new")";
constexpr int handshakes_at_a_time = 50;

// A client must mask its frames; a key of zeros leaves the bytes as they are.
std::string frame(unsigned char opcode, std::string_view payload) {
    std::string out(1, static_cast<char>(0x80U | opcode));
    if (payload.size() < 126) {
        out += static_cast<char>(0x80U | payload.size());
    } else {
        out += static_cast<char>(0x80U | 126U);
        out += static_cast<char>(payload.size() >> 8U);
        out += static_cast<char>(payload.size() & 0xFFU);
    }
    out.append(4, '\0');
    return out.append(payload);
}

std::int64_t read_stamp(const char* digits) {
    std::int64_t value = 0;
    for (std::size_t i = 0; i < stamp_digits; ++i) value = value * 10 + (digits[i] - '0');
    return value;
}

} // namespace

class listener::socket : public watcher {
public:
    explicit socket(listener& owner) : owner_(owner), socket_(connect_to(owner.settings_.server)) {
        owner.loop_.watch(socket_, *this);
        const bool sent = send_all(
            socket_,
            "GET /ws HTTP/1.1\r\nHost: " + owner.settings_.server.name() +
                "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: chat-centre.v1\r\n"
                "Authorization: Bearer " +
                owner.settings_.token + "\r\n\r\n");
        if (!sent) throw failure("a handshake could not be sent");
    }

    void on_readable() override {
        char* const start = owner_.buffer_.data() + front_bytes;
        const auto n = ::recv(socket_.get(), start, read_bytes, MSG_DONTWAIT);
        if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (n <= 0) return closed();
        owner_.bytes_ += n;
        std::size_t size = static_cast<std::size_t>(n);
        if (state_ == state::live) {
            received_ns_ = now_ns();
            return read_frames(start, size);
        }
        greeting_.append(start, size);
        greet();
    }

private:
    enum class state : std::uint8_t { handshake, subscribing, live };

    // The few frames before the subscription stands; events cannot come before it.
    void greet() {
        if (state_ == state::handshake) {
            if (greeting_.find("\r\n\r\n") == std::string::npos) return;
            if (greeting_.substr(9, 3) != "101") throw failure("the handshake was refused: " + greeting_);
            state_ = state::subscribing;
            if (owner_.settings_.topic.empty()) return be_live();
            send_all(socket_,
                     frame(1, R"({"type":"subscribe","topics":[")" + owner_.settings_.topic + R"("]})"));
        }
        if (greeting_.find(R"("type":"error")") != std::string::npos)
            throw failure("the subscription was refused: " + greeting_);
        // The topics come back in an array; with its closing brace the frame is complete.
        const auto answer = greeting_.find(R"("type":"subscribed")");
        if (answer != std::string::npos && greeting_.find('}', answer) != std::string::npos) be_live();
    }

    void be_live() {
        state_ = state::live;
        std::string().swap(greeting_);
        ++owner_.ready_;
    }

    void read_frames(char* at, std::size_t size) {
        while (size > 0) {
            if (left_ == 0) {
                const std::size_t used = read_header(at, size);
                at += used;
                size -= used;
                if (left_ == 0) continue; // header incomplete, or a frame without payload
            }
            const std::size_t here = std::min(left_, size);
            left_ -= here;
            take_payload(at, here);
            at += here;
            size -= here;
            if (left_ == 0) end_frame();
        }
    }

    // Takes header bytes one by one: they are few, and may be split anywhere between two reads.
    std::size_t read_header(const char* at, std::size_t size) {
        std::size_t used = 0;
        while (used < size) {
            header_[header_size_++] = static_cast<unsigned char>(at[used++]);
            if (header_size_ < 2) continue;
            const unsigned length = header_[1] & 0x7FU;
            const std::size_t whole = length == 126 ? 4 : length == 127 ? 10 : 2;
            if (header_size_ < whole) continue;
            left_ = whole == 2 ? length : 0;
            for (std::size_t i = 2; i < whole; ++i) left_ = left_ << 8U | header_[i];
            opcode_ = header_[0] & 0x0FU;
            header_size_ = 0;
            if (left_ == 0) end_frame();
            break;
        }
        return used;
    }

    void take_payload(char* at, std::size_t size) {
        if (opcode_ >= 8) {
            kept_.append(at, size);
            return;
        }
        // Put what was kept in front, where bytes that were already read lie.
        at -= kept_.size();
        std::memcpy(at, kept_.data(), kept_.size());
        const char* const end = at + kept_.size() + size;
        const char* const rest = scan(at, end);
        kept_.assign(rest, end);
        if (kept_.size() > front_bytes)
            throw failure("an event of " + std::to_string(kept_.size()) + " bytes");
    }

    // Counts the events whose stamp lies in [at, end); returns where to go on when more bytes are there.
    const char* scan(const char* at, const char* end) {
        for (;;) {
            const auto* mark = static_cast<const char*>(
                memmem(at, static_cast<std::size_t>(end - at), event_mark.data(), event_mark.size()));
            if (mark == nullptr)
                return std::max(at, end - std::min<std::ptrdiff_t>(end - at, event_mark.size() - 1));
            const auto* stamp =
                static_cast<const char*>(std::memchr(mark, stamp_mark, static_cast<std::size_t>(end - mark)));
            if (stamp == nullptr || end - stamp <= static_cast<std::ptrdiff_t>(stamp_digits)) return mark;
            ++owner_.delivered_;
            owner_.delay_.add((received_ns_ - read_stamp(stamp + 1)) / 1000);
            at = stamp + 1 + stamp_digits;
        }
    }

    void end_frame() {
        if (opcode_ == 9) send_all(socket_, frame(10, kept_));
        kept_.clear();
        if (opcode_ == 8) closed();
    }

    void closed() {
        if (state_ != state::live)
            throw failure("the server closed a socket during its handshake: " + greeting_);
        if (!socket_.is_open()) return;
        ++owner_.closed_;
        socket_.close();
    }

    listener& owner_;
    descriptor socket_;
    std::string greeting_;
    std::string kept_; // of an event or control frame that goes on in the next read
    std::int64_t received_ns_ = 0;
    std::size_t left_ = 0; // payload bytes of the present frame still to come
    std::size_t header_size_ = 0;
    unsigned char header_[14]{};
    unsigned opcode_ = 0;
    state state_ = state::handshake;
};

listener::listener(event_loop& loop, listen_settings settings)
    : loop_(loop), settings_(std::move(settings)), buffer_(front_bytes + read_bytes) {}

listener::~listener() = default;

void listener::open() {
    const std::int64_t deadline = now_ns() + 120'000'000'000;
    while (ready_ < settings_.sockets) {
        while (static_cast<int>(sockets_.size()) < std::min(settings_.sockets, ready_ + handshakes_at_a_time))
            sockets_.push_back(std::make_unique<socket>(*this));
        loop_.run_once(100);
        if (now_ns() > deadline)
            throw failure("only " + std::to_string(ready_) + " sockets were subscribed within two minutes");
    }
}

void listener::reset() { delay_ = {}; }

} // namespace chat_centre::bench
