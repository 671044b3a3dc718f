#pragma once
// Keeps a retriever up to date with the articles of the database.

#include <chat_centre/base/clock.hpp>
#include <chat_centre/db/connection.hpp>
#include <chat_centre/db/tx.hpp>
#include <chat_centre/event/event.hpp>
#include <chat_centre/knowledge/retrieval.hpp>

#include <memory>

namespace chat_centre::knowledge {

// An article was made, changed, published or archived: an internal event, {"article_id": "ART-12"} or {} for many.
inline constexpr const char* article_changed = "article.changed";

// Puts the shipped articles in when there is none at all. Returns how many were added.
int add_shipped_articles(db::tx& t, time_point now);

class library {
public:
    explicit library(db::settings s);
    ~library();

    const retriever& articles() const;
    void start();                             // reads all articles first; throws db::connection_lost
    void notice(const event::entries& batch); // any thread: wakes when an article changed
    void stop();

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace chat_centre::knowledge
