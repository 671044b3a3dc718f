#include <chat_centre/search/indexer.hpp>

#include "search/queries.hpp"
#include "search/store.hpp"

#include <chat_centre/base/clock.hpp>
#include <chat_centre/base/fields.hpp>
#include <chat_centre/base/text.hpp>

#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_set>

namespace chat_centre::search {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr std::int64_t batch_size = 500;
constexpr double flood = 3000; // events a second
constexpr std::size_t most_words_known = 50'000;

// Worth remembering for other forms and typing mistakes: no numbers, no codes.
bool is_vocabulary(const std::string& word) {
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    if (word.size() > 80 || std::any_of(word.begin(), word.end(), digit)) return false;
    const auto length = count_characters(word);
    return length >= 2 && length <= 40;
}

} // namespace

milliseconds pause_after(const batch_facts& f) {
    if (f.events_per_second > flood) return std::max<milliseconds>(500ms, 9 * f.took);
    // Catching up: a third of a core while somebody is being served, else two thirds.
    if (f.left > 0) return f.events_per_second > 0 ? 2 * f.took : f.took / 2;
    return 200ms; // gather what comes meanwhile
}

struct indexer::impl {
    explicit impl(db::settings s) : settings(std::move(s)) {
        settings.application_name = "chat-centre search";
        settings.statement_timeout = 60s;
        settings.synchronous_commit = false; // what a power cut takes is indexed again
    }

    void loop() {
        bool failing = false;
        while (!stopping) {
            milliseconds pause = 500ms;
            try {
                if (!connection) open();
                pause = step();
                failing = false;
            } catch (const std::exception& e) {
                if (!failing) spdlog::warn("search index: {}; trying again", e.what());
                failing = true;
                connection.reset();
            }
            wait(pause);
        }
    }

    void open() {
        connection = db::connect(settings);
        bool typos = false;
        connection->transact([&](db::tx& t) { typos = t.scalar<bool>(sql::enable_typos); });
        if (!typos && !told)
            spdlog::warn(
                "search does not forgive typing mistakes: the database has no pg_trgm, and its user may "
                "not add it (as its owner: CREATE EXTENSION pg_trgm)");
        told = true;
    }

    milliseconds step() {
        const auto started = clock.steady();
        const auto left = behind();
        bool more = false;
        if (left > 0) connection->transact([&](db::tx& t) { index_events(t); });
        if (started - looked >= 1s) {
            connection->transact([&](db::tx& t) { more = index_changed(t); });
            if (!more) looked = started;
        }
        const auto now = clock.steady();
        batch_facts f;
        f.left = std::max<std::int64_t>(left - batch_size, more ? 1 : 0);
        f.took = std::chrono::duration_cast<milliseconds>(now - started);
        const std::chrono::duration<double> since = started - last_started;
        if (last_started.time_since_epoch().count() > 0 && since.count() > 0)
            f.events_per_second =
                static_cast<double>(std::max<std::int64_t>(head - last_head, 0)) / since.count();
        last_started = started;
        last_head = head;
        idle = left == 0 && !more;
        return pause_after(f);
    }

    std::int64_t behind() {
        std::int64_t left = 0;
        connection->transact([&](db::tx& t) {
            const auto r = t.one(sql::progress);
            left = r.get<std::int64_t>(0);
            head = r.get<std::int64_t>(1);
        });
        return left;
    }

    void index_events(db::tx& t) {
        const auto at = t.maybe(sql::lock_progress);
        if (!at) return; // another process is at it
        const auto from = at->get<std::int64_t>(0);
        const auto to = std::min(at->get<std::int64_t>(1), from + batch_size);
        if (to <= from) return;
        const auto newest = t.scalar<std::int64_t>(sql::newest_document);
        db::array refs, seqs, times, texts, touched;
        std::unordered_set<std::int64_t> changed;
        std::unordered_set<std::string> words;
        for (const auto r : t.many(sql::read_events, from, to)) {
            if (r.is_null(1)) {
                changed.insert(r.get<std::int64_t>(0));
                continue;
            }
            if (r.is_null(3)) continue; // the message is gone
            std::string folded;
            for (auto& w : fold_words(r.text(3))) {
                folded += (folded.empty() ? "" : " ") + w.folded;
                words.insert(std::move(w.folded));
            }
            refs.add(r.get<std::int64_t>(0));
            seqs.add(r.get<std::int64_t>(1));
            times.add(r.get<time_point>(2));
            texts.add(folded);
        }
        if (!refs.empty()) t.exec(sql::add_messages, refs, seqs, times, texts);
        for (const auto id : changed) touched.add(id);
        if (!changed.empty()) {
            take_words(t.many(sql::index_things, std::int64_t{conversations}, touched), words);
            db::array people;
            for (const auto r : t.many(sql::contacts_of, touched)) people.add(r.get<std::int64_t>(0));
            take_words(t.many(sql::index_things, std::int64_t{contacts}, people), words);
        }
        add_words(t, words);
        t.exec(sql::note_times, newest);
        t.exec(sql::advance, to);
    }

    // True: there is more of it.
    bool index_changed(db::tx& t) {
        if (!t.maybe(sql::lock_progress)) return false;
        const auto newest = t.scalar<std::int64_t>(sql::newest_document);
        const bool more_contacts = index_kind(t, contacts);
        const bool more_tickets = index_kind(t, tickets);
        const bool more_articles = index_kind(t, articles);
        t.exec(sql::note_times, newest);
        return more_contacts || more_tickets || more_articles;
    }

    bool index_kind(db::tx& t, std::int64_t k) {
        db::array ids;
        std::unordered_set<std::string> words;
        const auto found = t.many(sql::changed_things, k, batch_size);
        for (const auto r : found) ids.add(r.get<std::int64_t>(0));
        const bool more = found.size() == batch_size;
        if (!more)
            for (const auto r : t.many(sql::late_things, k, batch_size)) ids.add(r.get<std::int64_t>(0));
        if (ids.empty()) return false;
        take_words(t.many(sql::index_things, k, ids), words);
        add_words(t, words);
        if (!found.empty()) {
            const auto last = found[found.size() - 1];
            t.exec(sql::advance_things, k, last.text(1), last.get<std::int64_t>(0));
        }
        return more;
    }

    static void take_words(const db::rows& texts, std::unordered_set<std::string>& words) {
        for (const auto r : texts)
            for (auto& w : fold_words(r.text(0))) words.insert(std::move(w.folded));
    }

    // The vocabulary hears of a word once; what this process has told it already costs nothing.
    void add_words(db::tx& t, const std::unordered_set<std::string>& words) {
        db::array fresh;
        std::vector<std::string> told_now;
        for (const auto& w : words)
            if (is_vocabulary(w) && !known.contains(w)) {
                fresh.add(w);
                told_now.push_back(w);
            }
        if (told_now.empty()) return;
        t.exec(sql::add_words, fresh);
        t.after_commit([this, told_now = std::move(told_now)] {
            if (known.size() > most_words_known) known.clear();
            known.insert(told_now.begin(), told_now.end());
        });
    }

    void wait(milliseconds pause) {
        std::unique_lock lock(sleep);
        if (idle) // other processes do not wake us, so look now and then
            wake.wait_for(lock, 1s, [this] { return stopping.load() || woken; });
        if (!stopping) wake.wait_for(lock, pause, [this] { return stopping.load(); });
        woken = false;
    }

    db::settings settings;
    const clock_source& clock = system_clock_source();
    std::unique_ptr<db::connection> connection;
    bool told = false;
    bool idle = false;
    std::int64_t head = 0, last_head = 0;
    std::chrono::steady_clock::time_point looked{}, last_started{};
    std::unordered_set<std::string> known; // words that the vocabulary has
    std::mutex sleep;
    std::condition_variable wake;
    bool woken = false;
    std::atomic<bool> stopping{false};
    std::thread thread;
};

indexer::indexer(db::settings s) : impl_(std::make_unique<impl>(std::move(s))) {}
indexer::~indexer() { stop(); }

void indexer::start() {
    impl_->thread = std::thread([this] { impl_->loop(); });
}

void indexer::notice(const event::entries&) {
    {
        const std::lock_guard lock(impl_->sleep);
        if (impl_->woken) return;
        impl_->woken = true;
    }
    impl_->wake.notify_one();
}

void indexer::stop() {
    {
        const std::lock_guard lock(impl_->sleep);
        impl_->stopping = true;
    }
    impl_->wake.notify_all();
    if (impl_->thread.joinable()) impl_->thread.join();
}

} // namespace chat_centre::search
