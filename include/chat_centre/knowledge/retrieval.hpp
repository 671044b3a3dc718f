#pragma once
// Which articles answer a question. Searched in memory: well under a millisecond for a few hundred articles.

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace chat_centre::knowledge {

struct question {
    std::string text;
    std::string language; // "en", "ar", "" either
    std::string scenario; // slug: articles of it and of none; "" any
    int limit = 3;        // 1..50
    bool drafts = false;  // those that are not published yet, too
    std::vector<float> meaning{}; // a vector of the text by the model of the articles' (vectors.hpp); empty: words alone
    bool learned = true; // with what feedback taught (weights.hpp); without, to see what that changes
};

struct hit {
    std::int64_t article = 0;
    std::string slug, title, language, category;
    std::string passage; // plain text of the best section: what the assistant says
    double score = 0;    // 0..1: how sure that it answers the question; from 0.6 on it is worth saying
};

class article_index; // immutable, see src/knowledge/ranking.hpp

class retriever {
public:
    retriever();
    ~retriever();

    // The best first; one per article, though it exists in two languages. Any thread; does not block.
    std::vector<hit> find(const question& q) const;

    // What is searched from now on. Any thread.
    void replace(std::shared_ptr<const article_index> index);

private:
    mutable std::mutex swap_; // held to copy or exchange the pointer only
    std::shared_ptr<const article_index> index_;
};

} // namespace chat_centre::knowledge
