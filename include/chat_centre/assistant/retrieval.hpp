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
    std::vector<float> meaning; // a vector of the text; empty: it is looked up by its words alone
};

struct article_hit {
    std::int64_t article = 0;
    std::string slug, title, language, category;
    std::string passage; // plain text: what the assistant says
    double score = 0;    // 0 to 1: how sure that it answers; best first
};

// Thread-safe, quick (in memory), never throws on odd text.
using retrieval = std::function<std::vector<article_hit>(const inquiry&)>;

// A text's vector, or {} when there is none to be had in time. Blocks: asked on threads that may wait only.
using meaning_of = std::function<std::vector<float>(const std::string& text)>;

} // namespace chat_centre::assistant
