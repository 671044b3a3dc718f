#pragma once
// What the assistant knows is asked of somebody else: the composition root hands in the knowledge base.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace chat_centre::assistant {

struct inquiry {
    std::string text;
    std::string language; // "en", "ar", or "" for either
    std::string scenario; // slug
    int limit = 4;
};

struct article_hit {
    std::int64_t article = 0;
    std::string slug, title, language, category;
    std::string passage; // plain text: what the assistant says
    double score = 0;    // 0 to 1: how sure that it answers; best first
};

// Thread-safe, quick (in memory), never throws on odd text.
using retrieval = std::function<std::vector<article_hit>(const inquiry&)>;

} // namespace chat_centre::assistant
