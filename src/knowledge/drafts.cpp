#include <chat_centre/knowledge/drafts.hpp>

#include "knowledge/store.hpp"

#include <chat_centre/base/error.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/json.hpp>
#include <chat_centre/knowledge/library.hpp>

namespace chat_centre::knowledge {
namespace {

// Not in the middle of a character.
std::string cut(const std::string& text, std::size_t bytes) {
    if (text.size() <= bytes) return text;
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U) --bytes;
    return text.substr(0, bytes);
}

} // namespace

std::int64_t add_draft(db::tx& t, const draft_article& d, time_point now, std::vector<event::entry>& events) {
    article a;
    a.slug = d.slug;
    a.language = d.language;
    a.text.title = cut(d.title, longest_title);
    a.text.body = cut(d.body, longest_body);
    a.text.category = cut(d.category, longest_category);
    const auto id = add_article(t, a, d.staff, now);
    if (!id) throw error::conflict("There is an article of this name already.");
    event::entry e;
    e.type = article_changed;
    e.at = now;
    e.who = event::audience::internal;
    e.data = dump({{"article_id", format_id("ART", *id)}});
    events.push_back(std::move(e));
    return *id;
}

} // namespace chat_centre::knowledge
