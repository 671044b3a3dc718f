#include <chat_centre/knowledge/library.hpp>

#include "knowledge/front_matter.hpp"
#include "knowledge/ranking.hpp"
#include "knowledge/shipped.hpp"
#include "knowledge/store.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
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

struct library::impl {
    explicit impl(db::settings s) : settings(std::move(s)) {
        settings.application_name = "chat-centre knowledge";
        settings.statement_timeout = 60s;
    }

    void load() {
        if (!connection) connection = db::connect(settings);
        std::vector<document> all;
        connection->transact([&](db::tx& t) { all = read_documents(t); });
        articles.replace(std::make_shared<const article_index>(std::move(all)));
    }

    void loop() {
        bool failing = false;
        while (true) {
            {
                std::unique_lock lock(sleep);
                wake.wait(lock, [this] { return stopping || changed; });
                // One look for several changes; after a failure a little later.
                wake.wait_for(lock, failing ? 1000ms : 100ms, [this] { return stopping; });
                if (stopping) return;
                changed = false;
            }
            try {
                load();
                failing = false;
            } catch (const std::exception& e) {
                if (!failing) spdlog::warn("reading the articles: {}; trying again", e.what());
                failing = true;
                connection.reset();
                const std::lock_guard lock(sleep);
                changed = true;
            }
        }
    }

    db::settings settings;
    retriever articles;
    std::unique_ptr<db::connection> connection;
    std::mutex sleep;
    std::condition_variable wake;
    bool changed = false;
    bool stopping = false;
    std::thread thread;
};

library::library(db::settings s) : impl_(std::make_unique<impl>(std::move(s))) {}
library::~library() { stop(); }

const retriever& library::articles() const { return impl_->articles; }

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
