#pragma once
// The database that a command works on.

#include <chat_centre/config/config.hpp>
#include <chat_centre/db/cluster.hpp>

#include <spdlog/spdlog.h>

#include <memory>
#include <string>
#include <thread>

namespace chat_centre::app {

// The private cluster when DATABASE_URL is unset; otherwise nothing but that database is touched.
class database {
public:
    explicit database(const config::settings& s) {
        if (!s.database_url.empty()) {
            url_ = s.database_url;
            return;
        }
        spdlog::info("starting the private PostgreSQL in {}", s.data_dir);
        cluster_ = db::cluster::start(s.data_dir);
        url_ = cluster_->url();
        watcher_ = std::thread([this] { cluster_->supervise(); });
    }
    ~database() {
        if (!cluster_) return;
        cluster_->stop();
        watcher_.join();
    }
    database(const database&) = delete;
    database& operator=(const database&) = delete;
    const std::string& url() const { return url_; }

private:
    std::unique_ptr<db::cluster> cluster_;
    std::thread watcher_;
    std::string url_;
};

} // namespace chat_centre::app
