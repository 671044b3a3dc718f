#include <chat_centre/knowledge/library.hpp>

#include "knowledge/front_matter.hpp"
#include "knowledge/ranking.hpp"
#include "knowledge/shipped.hpp"
#include "knowledge/shown.hpp"
#include "knowledge/store.hpp"

#include <chat_centre/knowledge/vectors.hpp>

#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

namespace chat_centre::knowledge {

using namespace std::chrono_literals;

retriever::retriever() = default;
retriever::~retriever() = default;

std::vector<hit> retriever::find(const question& q) const {
    std::shared_ptr<const article_index> index;
    {
        const std::lock_guard lock(swap_);
        index = index_;
    }
    return index ? index->find(q) : std::vector<hit>{};
}

void retriever::replace(std::shared_ptr<const article_index> index) {
    const std::lock_guard lock(swap_);
    index_.swap(index);
}

int add_shipped_articles(db::tx& t, time_point now) {
    if (has_articles(t)) return 0;
    int added = 0;
    for (const auto& s : shipped_articles()) {
        const auto a = read_markdown(s.path, s.content);
        if (!a.wrong.empty()) {
            spdlog::error("shipped article {}: {}", s.path, a.wrong.front());
            continue;
        }
        if (add_article(t, a.made, std::nullopt, now)) ++added;
    }
    return added;
}

namespace {

bool lacks_vectors(const document& d) {
    return !d.draft && (d.meanings.empty() ||
                        std::find(d.meanings.begin(), d.meanings.end(), nullptr) != d.meanings.end());
}

} // namespace

struct library::impl {
    impl(db::settings s, const clock_source& c, std::string z, std::string m)
        : settings(std::move(s)), clock(c), zone(std::move(z)), model(std::move(m)) {
        settings.application_name = "chat-centre knowledge";
        settings.statement_timeout = 60s;
    }

    void load() {
        if (!connection) connection = db::connect(settings);
        std::vector<document> all;
        connection->transact([&](db::tx& t) {
            all = read_documents(t, model);
            if (!model.empty() && std::any_of(all.begin(), all.end(), lacks_vectors)) {
                const auto now = clock.now();
                jobs::schedule(t, embed_job, "all", now, json::object(), now);
            }
        });
        articles.replace(std::make_shared<const article_index>(std::move(all)));
    }

    void store_shown() {
        std::map<std::int64_t, std::int64_t> now_shown;
        {
            const std::lock_guard lock(sleep);
            now_shown.swap(shown);
        }
        if (now_shown.empty()) return;
        const std::vector<std::pair<std::int64_t, std::int64_t>> list(now_shown.begin(), now_shown.end());
        if (!connection) connection = db::connect(settings);
        connection->transact([&](db::tx& t) { count_shown(t, list, clock.now(), zone); });
    }

    void loop() {
        bool failing = false;
        bool last = false;
        while (!last) {
            bool read = false;
            {
                std::unique_lock lock(sleep);
                wake.wait_for(lock, 5s, [this] { return stopping || changed; });
                // One look for several changes; after a failure a little later.
                if (!stopping) wake.wait_for(lock, failing ? 1000ms : 100ms, [this] { return stopping; });
                last = stopping;
                read = changed && !stopping;
                changed = false;
            }
            try {
                if (read) load();
                store_shown();
                failing = false;
            } catch (const std::exception& e) {
                if (!failing) spdlog::warn("articles: {}; trying again", e.what());
                failing = true;
                connection.reset();
                const std::lock_guard lock(sleep);
                changed = changed || read;
            }
        }
    }

    db::settings settings;
    const clock_source& clock;
    std::string zone;
    std::string model; // of the vectors; "": none
    retriever articles;
    std::unique_ptr<db::connection> connection;
    std::mutex sleep;
    std::condition_variable wake;
    bool changed = false;
    std::map<std::int64_t, std::int64_t> shown; // as many as there are articles
    bool stopping = false;
    std::thread thread;
};

library::library(db::settings s, const clock_source& clock, std::string zone, std::string embedding_model)
    : impl_(std::make_unique<impl>(std::move(s), clock, std::move(zone), std::move(embedding_model))) {}
library::~library() { stop(); }

const retriever& library::articles() const { return impl_->articles; }

void library::shown(const std::vector<hit>& hits) {
    const std::lock_guard lock(impl_->sleep);
    for (const auto& h : hits) ++impl_->shown[h.article];
}

void library::shown(std::int64_t article) {
    const std::lock_guard lock(impl_->sleep);
    ++impl_->shown[article];
}

void library::start() {
    impl_->load();
    impl_->thread = std::thread([this] { impl_->loop(); });
}

void library::notice(const event::entries& batch) {
    const auto is_ours = [](const event::entry& e) { return e.type == article_changed; };
    if (std::none_of(batch->begin(), batch->end(), is_ours)) return;
    {
        const std::lock_guard lock(impl_->sleep);
        impl_->changed = true;
    }
    impl_->wake.notify_one();
}

void library::stop() {
    {
        const std::lock_guard lock(impl_->sleep);
        impl_->stopping = true;
    }
    impl_->wake.notify_all();
    if (impl_->thread.joinable()) impl_->thread.join();
}

} // namespace chat_centre::knowledge
