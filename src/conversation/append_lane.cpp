#include <chat_centre/conversation/append_lane.hpp>

#include "conversation/batch.hpp"
#include "conversation/lane_fast.hpp"
#include "conversation/lane_store.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

namespace chat_centre::conversation {
namespace {

constexpr std::size_t most_per_batch = 512;
constexpr int tries = 4;

using answer = std::variant<receipt, error>;

struct waiting_message {
    incoming message;
    std::function<void(answer)> done;
    boost::asio::any_io_executor on; // where done is called; none: on the lane's thread
};

error database_down() {
    return error::unavailable("The database does not answer. Nothing was acknowledged: send it again shortly.");
}

} // namespace

struct append_lane::impl {
    impl(db::settings s, event::relay& r, const clock_source& c, std::size_t most)
        : settings(std::move(s)), relay(r), clock(c), most_waiting(most) {
        settings.application_name = "chat-centre append lane";
        settings.always_use_indexes = true;
    }

    // False when the lane is full or stopping: the caller answers 503.
    bool enqueue(waiting_message w) {
        {
            const std::lock_guard lock(mutex);
            if (stopping || queue.size() >= most_waiting) {
                ++count.refused;
                return false;
            }
            queue.push_back(std::move(w));
            count.waiting = static_cast<std::int64_t>(queue.size());
        }
        arrived.notify_one();
        return true;
    }

    void loop() {
        std::vector<waiting_message> batch;
        while (true) {
            {
                std::unique_lock lock(mutex);
                arrived.wait(lock, [this] { return stopping || !queue.empty(); });
                if (queue.empty()) return; // stopping, and everything is stored
                while (!queue.empty() && batch.size() < most_per_batch) {
                    batch.push_back(std::move(queue.front()));
                    queue.pop_front();
                }
                count.waiting = static_cast<std::int64_t>(queue.size());
            }
            handle(batch);
            batch.clear();
        }
    }

    void handle(std::vector<waiting_message>& batch) {
        std::vector<incoming> items;
        items.reserve(batch.size());
        for (auto& w : batch) items.push_back(std::move(w.message));
        std::vector<answer> answers = store(items);
        std::size_t from = 0;
        while (from < batch.size()) {
            std::size_t to = from + 1;
            while (to < batch.size() && batch[to].on == batch[from].on) ++to;
            finish(batch, answers, from, to);
            from = to;
        }
    }

    // One hand-over for all that go on at the same place: one each would wake that thread again and again.
    static void finish(std::vector<waiting_message>& batch, std::vector<answer>& answers, std::size_t from,
                       std::size_t to) {
        std::vector<std::pair<std::function<void(answer)>, answer>> ready;
        ready.reserve(to - from);
        for (std::size_t i = from; i < to; ++i)
            ready.emplace_back(std::move(batch[i].done), std::move(answers[i]));
        auto all = [ready = std::move(ready)]() mutable {
            for (auto& [done, a] : ready) done(std::move(a));
        };
        if (batch[from].on)
            boost::asio::post(batch[from].on, std::move(all));
        else
            all();
    }

    std::vector<answer> store(const std::vector<incoming>& items) {
        for (int attempt = 1;; ++attempt) {
            try {
                return store_once(items);
            } catch (const db::failure& e) {
                // A unique violation means another process stored one of these between our look-up and our insert:
                // the next look-up finds it.
                const bool again = e.retryable() || e.unique_violation();
                if (again && attempt < tries) continue;
                if (items.size() > 1) return store_singly(items);
                spdlog::error("a message could not be stored: {} {}", e.sqlstate(), e.what());
                return {answer{refusal_of(e)}};
            } catch (const db::connection_lost& e) {
                spdlog::warn("append lane: {}", e.what());
                return std::vector<answer>(items.size(), answer{database_down()});
            } catch (const std::exception& e) {
                spdlog::error("append lane: {}", e.what());
                return std::vector<answer>(items.size(),
                                           answer{error{500, "Something went wrong here",
                                                        "The message was not stored. Send it again."}});
            }
        }
    }

    // One bad row aborts a whole batch: store each by itself, so that only the bad one fails.
    std::vector<answer> store_singly(const std::vector<incoming>& items) {
        ++count.retried_singly;
        std::vector<answer> out;
        out.reserve(items.size());
        for (const auto& m : items) {
            auto one = store({m});
            out.push_back(std::move(one.front()));
        }
        return out;
    }

    static error refusal_of(const db::failure& e) {
        const std::string_view group = std::string_view{e.sqlstate()}.substr(0, 2);
        if (group == "22" || group == "23")
            return error::unprocessable("message", "holds something that cannot be stored");
        return database_down();
    }

    plan store_under_locks(const std::vector<incoming>& items) {
        plan p;
        connection->transact([&](db::tx& t) {
            // The time is read under the locks, so that it does not run backwards within a conversation.
            facts known = load_facts(t, items);
            const time_point now = clock.now();
            p = decide(items, std::move(known), now);
            write_plan(t, items, p, now);
            event::append(t, p.events);
        });
        return p;
    }

    std::vector<answer> store_once(const std::vector<incoming>& items) {
        if (!connection) connection = db::connect(settings);
        auto stored = fast.store(*connection, items, relay.should_notify());
        plan p = stored ? std::move(*stored) : store_under_locks(items);
        if (!stored) fast.forget(items, p);
        ++count.batches;
        count.stored += p.messages.size();
        for (const auto& a : p.answers)
            if (const auto* r = std::get_if<receipt>(&a); r != nullptr && r->duplicate) ++count.duplicates;
        relay.committed(std::make_shared<const std::vector<event::entry>>(std::move(p.events)));
        return std::move(p.answers);
    }

    db::settings settings;
    event::relay& relay;
    const clock_source& clock;
    short_way fast{clock};
    std::size_t most_waiting;
    std::unique_ptr<db::connection> connection; // the lane thread's own
    std::mutex mutex;
    std::condition_variable arrived;
    std::deque<waiting_message> queue;
    bool stopping = false;
    lane_counters count;
    std::thread thread;
};

append_lane::append_lane(db::settings s, event::relay& relay, const clock_source& clock,
                         std::size_t most_waiting)
    : impl_(std::make_unique<impl>(std::move(s), relay, clock, most_waiting)) {}

append_lane::~append_lane() { stop(); }

void append_lane::start() {
    impl_->thread = std::thread([this] { impl_->loop(); });
}

void append_lane::stop() {
    {
        const std::lock_guard lock(impl_->mutex);
        impl_->stopping = true;
    }
    impl_->arrived.notify_all();
    if (impl_->thread.joinable()) impl_->thread.join();
}

boost::asio::awaitable<receipt> append_lane::append(incoming m) {
    auto outcome = std::make_shared<std::optional<answer>>();
    auto initiate = [this, outcome, message = std::make_shared<incoming>(std::move(m))](auto handler) {
        using handler_type = decltype(handler);
        boost::asio::any_io_executor on = boost::asio::get_associated_executor(handler);
        auto kept = std::make_shared<handler_type>(std::move(handler));
        auto resume = [kept, outcome](answer a) {
            outcome->emplace(std::move(a));
            std::move (*kept)();
        };
        if (!impl_->enqueue({std::move(*message), resume, on}))
            boost::asio::post(on, [resume] {
                resume(
                    error::unavailable("Too many messages are waiting to be stored. Send it again shortly."));
            });
    };
    co_await boost::asio::async_initiate<decltype(boost::asio::use_awaitable), void()>(
        initiate, boost::asio::use_awaitable);
    if (const auto* failed = std::get_if<error>(&**outcome)) throw *failed;
    co_return std::move(std::get<receipt>(**outcome));
}

receipt append_lane::append_blocking(incoming m) {
    std::promise<answer> promise;
    auto future = promise.get_future();
    if (!impl_->enqueue({std::move(m), [&promise](answer a) { promise.set_value(std::move(a)); }, {}}))
        throw error::unavailable("Too many messages are waiting to be stored. Send it again shortly.");
    answer a = future.get();
    if (const auto* failed = std::get_if<error>(&a)) throw *failed;
    return std::move(std::get<receipt>(a));
}

std::vector<std::variant<receipt, error>> append_lane::append_blocking(std::vector<incoming> all) {
    // The lane's thread may still be at a promise when its answer has been read: whoever is last lets it go.
    std::vector<std::future<answer>> answers;
    answers.reserve(all.size());
    for (auto& m : all) {
        const auto promise = std::make_shared<std::promise<answer>>();
        answers.push_back(promise->get_future());
        if (!impl_->enqueue({std::move(m), [promise](answer a) { promise->set_value(std::move(a)); }, {}}))
            promise->set_value(error::unavailable("Too many messages are waiting to be stored."));
    }
    std::vector<answer> out;
    out.reserve(answers.size());
    for (auto& a : answers) out.push_back(a.get());
    return out;
}

const lane_counters& append_lane::count() const { return impl_->count; }

} // namespace chat_centre::conversation
