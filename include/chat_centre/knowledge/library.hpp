#pragma once
// Keeps a retriever up to date with the articles of the database.

#include <chat_centre/base/clock.hpp>
#include <chat_centre/db/connection.hpp>
#include <chat_centre/db/tx.hpp>
#include <chat_centre/event/event.hpp>
#include <chat_centre/knowledge/retrieval.hpp>

#include <memory>
#include <string>
#include <vector>

namespace chat_centre::knowledge {

// An article was made, changed, published or archived: an internal event, {"article_id": "ART-12"} or {} for many.
inline constexpr const char* article_changed = "article.changed";

// Puts the shipped articles in when there is none at all. Returns how many were added.
int add_shipped_articles(db::tx& t, time_point now);

class library {
public:
    // zone: whose days the numbers are counted by. clock outlives it. embedding_model: whose vectors are compared, and
    // made by a job where they are missing (vectors.hpp); "": none are.
    library(db::settings s, const clock_source& clock, std::string zone, std::string embedding_model = {});
    ~library();

    const retriever& articles() const;
    // These were shown to somebody. Counted within a few seconds; what a crash takes is lost. Any thread.
    void shown(const std::vector<hit>& hits);
    void shown(std::int64_t article);
    void start();                             // reads all articles first; throws db::connection_lost
    void notice(const event::entries& batch); // any thread: wakes when an article changed
    void stop();

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace chat_centre::knowledge
