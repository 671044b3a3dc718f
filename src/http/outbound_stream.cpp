#include "http/curl_exchange.hpp"

#include <algorithm>
#include <exception>
#include <mutex>
#include <utility>
#include <vector>

namespace chat_centre::http {
namespace {

constexpr int most_wait_ms = 50;
constexpr std::size_t most_idle_lines = 8;
constexpr curl_off_t longest_retry_after = 86'400;

struct ended_multi {
    void operator()(CURLM* m) const { curl_multi_cleanup(m); }
};

// A handle with the connections that it keeps. Members are in the order that libcurl wants at the end, reversed.
struct kept_line {
    std::unique_ptr<CURLM, ended_multi> multi;
    curl_handle easy;
};

struct streaming {
    CURL* easy;
    const stream_handlers& handlers;
    stream_head head;
    bool enough = false;
    std::exception_ptr thrown; // by `piece`; not through libcurl, which is C
};

void read_head(streaming& s) {
    s.head.status = status_of(s.easy);
    const char* type = nullptr;
    if (curl_easy_getinfo(s.easy, CURLINFO_CONTENT_TYPE, &type) == CURLE_OK && type != nullptr)
        s.head.content_type = type;
    curl_off_t wait = 0;
    if (curl_easy_getinfo(s.easy, CURLINFO_RETRY_AFTER, &wait) == CURLE_OK)
        s.head.retry_after = std::chrono::seconds(std::clamp<curl_off_t>(wait, 0, longest_retry_after));
}

std::size_t take_piece(char* data, std::size_t, std::size_t size, void* context) {
    auto& s = *static_cast<streaming*>(context);
    if (s.head.status == 0) read_head(s);
    try {
        if (s.handlers.piece(s.head, std::string_view(data, size))) return size;
        s.enough = true;
    } catch (...) {
        s.thrown = std::current_exception();
    }
    return CURL_WRITEFUNC_ERROR;
}

// The transfer is taken off the line however it ends.
class attached {
public:
    attached(CURLM* m, CURL* c) : multi_(m), easy_(c) {
        if (curl_multi_add_handle(m, c) != CURLM_OK) throw no_answer("libcurl could not start");
    }
    ~attached() { curl_multi_remove_handle(multi_, easy_); }
    attached(const attached&) = delete;
    attached& operator=(const attached&) = delete;

private:
    CURLM* multi_;
    CURL* easy_;
};

CURLcode perform(CURLM* multi, const stream_handlers& handlers) {
    for (int running = 1; running != 0;) {
        if (curl_multi_perform(multi, &running) != CURLM_OK) throw no_answer("libcurl failed");
        if (running == 0) break;
        if (handlers.wanted && !handlers.wanted()) throw no_answer("given up");
        curl_multi_poll(multi, nullptr, 0, most_wait_ms, nullptr);
    }
    int left = 0;
    const CURLMsg* done = curl_multi_info_read(multi, &left);
    return done != nullptr ? done->data.result : CURLE_GOT_NOTHING;
}

} // namespace

struct stream_client::impl {
    std::mutex mutex;
    std::vector<kept_line> idle;

    kept_line take() {
        {
            const std::lock_guard lock(mutex);
            if (!idle.empty()) {
                kept_line line = std::move(idle.back());
                idle.pop_back();
                return line;
            }
        }
        kept_line line{nullptr, new_curl()};
        line.multi.reset(curl_multi_init());
        if (!line.multi) throw no_answer("libcurl could not start");
        return line;
    }

    void keep(kept_line line) {
        curl_easy_reset(line.easy.get());
        const std::lock_guard lock(mutex);
        if (idle.size() < most_idle_lines) idle.push_back(std::move(line));
    }
};

stream_client::stream_client() : impl_(std::make_unique<impl>()) {}
stream_client::~stream_client() = default;

stream_head stream_client::post(const outbound_rules& rules, const std::string& url, std::string_view body,
                                const outbound_headers& headers, const stream_handlers& handlers) {
    kept_line line = impl_->take(); // after an exception it is closed, not kept
    streaming s{line.easy.get(), handlers, {}, false, nullptr};
    {
        const curl_exchange x(s.easy, rules, url, body, headers);
        curl_easy_setopt(s.easy, CURLOPT_WRITEFUNCTION, &take_piece);
        curl_easy_setopt(s.easy, CURLOPT_WRITEDATA, static_cast<void*>(&s));
        const attached on_line(line.multi.get(), s.easy);
        const CURLcode ended = perform(line.multi.get(), handlers);
        if (s.thrown) std::rethrow_exception(s.thrown);
        if (s.head.status == 0) read_head(s); // an answer without a body
        if (ended != CURLE_OK && !s.enough) throw no_answer(x.fault(ended));
    }
    impl_->keep(std::move(line));
    return s.head;
}

} // namespace chat_centre::http
