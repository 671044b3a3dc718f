// Sockets that speak another protocol: what a session may do with its socket.

#include "hub_impl.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace chat_centre::realtime {

namespace asio = boost::asio;

namespace {

constexpr std::size_t longest_reason = 123; // of a close frame, in bytes

std::string shortened(std::string reason) {
    if (reason.size() <= longest_reason) return reason;
    std::size_t end = longest_reason;
    while (end > 0 && (static_cast<unsigned char>(reason[end]) & 0xC0U) == 0x80U) --end;
    reason.resize(end);
    return reason;
}

} // namespace

// Changes of what the hub keeps are posted: a session is told things while the hub walks over its lists.
class hub::impl::session_line final : public line {
public:
    session_line(impl& h, const std::shared_ptr<client>& c) : hub_(h), client_(c) {}

    bool open() const override {
        const auto c = client_.lock();
        return c && c->live() && !c->parting;
    }
    void send(std::string text) override {
        if (open()) client_.lock()->put(std::make_shared<const std::string>(std::move(text)));
    }
    void close(std::uint16_t code, std::string reason) override {
        if (!open()) return;
        const auto c = client_.lock();
        c->parting = std::make_unique<client::last_word>(
            client::last_word{code, shortened(std::move(reason)), hub_.now() + hub_.o_.close_grace});
        asio::post(hub_.io_, [this_hub = &hub_, c] { this_hub->part(*c); });
    }
    void act(std::string text) override {
        if (!open()) return;
        asio::post(hub_.io_, [this_hub = &hub_, c = client_.lock(), text = std::move(text)] {
            if (c->live()) this_hub->follow(*c, text);
        });
    }
    void join(principal customer, std::int64_t since) override {
        if (!open()) return;
        asio::post(hub_.io_,
                   [this_hub = &hub_, c = client_.lock(), who = std::move(customer), since]() mutable {
                       if (c->live()) this_hub->join(c, std::move(who), since);
                   });
    }
    std::int64_t head() const override { return hub_.passed_; }
    void spawn(asio::awaitable<void> work) override { hub_.spawn(std::move(work)); }
    asio::any_io_executor executor() const override { return hub_.io_.get_executor(); }
    moment now() const override { return hub_.now(); }

private:
    impl& hub_;
    std::weak_ptr<client> client_;
};

void hub::learn(dialect d) { impl_->dialects_.push_back(std::move(d)); }

const dialect* hub::impl::dialect_of(std::string_view path) const {
    for (const dialect& d : dialects_)
        if (std::find(d.paths.begin(), d.paths.end(), path) != d.paths.end()) return &d;
    return nullptr;
}

void hub::impl::open_session(client& c) {
    c.spoken->opened(std::make_shared<session_line>(*this, c.shared_from_this()));
}

void hub::impl::join(const std::shared_ptr<client>& c, principal customer, std::int64_t since) {
    if (c->bound != 0) drop_topic(*c, {topic_kind::conversation, c->bound});
    c->bound = customer.conversation;
    c->state_event = 0;
    c->place_digest = 0;
    c->who = std::move(customer);
    client_frame f;
    f.type = frame_type::subscribe;
    f.topics.push_back({topic_kind::conversation, c->bound});
    f.since = std::min(since, passed_);
    queue_command(c, std::move(f));
}

// Closes it once everything that was said is out, or its time is over.
void hub::impl::part(client& c) {
    if (!c.live() || !c.parting) return;
    if (c.waiting_bytes() > 0 && now() < c.parting->until) return;
    const auto last = std::move(c.parting);
    close(c, last->code, last->reason);
}

} // namespace chat_centre::realtime
