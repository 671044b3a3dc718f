#include "assistant/memory.hpp"

namespace chat_centre::assistant {
namespace {

std::string text_in(const json& j, const char* field) {
    const auto it = j.find(field);
    return it != j.end() && it->is_string() ? it->get<std::string>() : std::string();
}
int number_of(const json& j, const char* field) {
    const auto it = j.find(field);
    return it != j.end() && it->is_number_integer() ? it->get<int>() : 0;
}
std::vector<std::string> texts_in(const json& j, const char* field) {
    std::vector<std::string> out;
    if (const auto it = j.find(field); it != j.end() && it->is_array())
        for (const auto& s : *it)
            if (s.is_string()) out.push_back(s.get<std::string>());
    return out;
}
const json& list_in(const json& j, const char* field) {
    static const json none = json::array();
    const auto it = j.find(field);
    return it != j.end() && it->is_array() ? *it : none;
}

} // namespace

std::string cut_text(std::string_view text, std::size_t most_bytes) {
    if (text.size() <= most_bytes) return std::string(text);
    std::size_t cut = most_bytes;
    while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U) --cut;
    return std::string(text.substr(0, cut)) + "…";
}

json to_json(const memory& m) {
    json questions = json::array(), choices = json::array();
    for (const auto& q : m.asked)
        questions.push_back(
            {{"text", q.text}, {"content", q.content}, {"times", q.times}, {"answer", q.answer}});
    for (const auto& c : m.offered)
        choices.push_back({{"article", c.article},
                           {"title", c.title},
                           {"language", c.language},
                           {"category", c.category},
                           {"passage", c.passage}});
    return {{"language", m.language},     {"name", m.name},     {"unsure", m.unsure},
            {"upset", m.upset},           {"asked", questions}, {"offered", choices},
            {"references", m.references}, {"topic", m.topic},   {"topic_words", m.topic_words},
            {"category", m.category}};
}

memory memory_from(const json& stored) {
    memory m;
    if (!stored.is_object()) return m;
    m.language = text_in(stored, "language");
    m.name = text_in(stored, "name");
    m.unsure = number_of(stored, "unsure");
    m.upset = number_of(stored, "upset");
    for (const auto& q : list_in(stored, "asked"))
        if (q.is_object() && m.asked.size() < memory::most_asked)
            m.asked.push_back(
                {text_in(q, "text"), texts_in(q, "content"), number_of(q, "times"), text_in(q, "answer")});
    for (const auto& c : list_in(stored, "offered"))
        if (c.is_object() && m.offered.size() < 3) {
            const auto id = c.find("article");
            m.offered.push_back({id != c.end() && id->is_number_integer() ? id->get<std::int64_t>() : 0,
                                 text_in(c, "title"), text_in(c, "language"), text_in(c, "category"),
                                 text_in(c, "passage")});
        }
    m.references = texts_in(stored, "references");
    m.topic = text_in(stored, "topic");
    m.topic_words = texts_in(stored, "topic_words");
    m.category = text_in(stored, "category");
    return m;
}

std::string summary_of(const memory& m) {
    std::string out;
    if (!m.name.empty()) out += "The customer's name: " + m.name + "\n";
    if (!m.references.empty()) {
        out += "References that the customer named:";
        for (const auto& r : m.references) out += " " + r;
        out += "\n";
    }
    for (const auto& q : m.asked) {
        out += "Asked: " + q.text;
        if (q.times > 1) out += " (" + std::to_string(q.times) + " times)";
        out += q.answer.empty() ? " - not answered yet\n" : " - answered from: " + q.answer + "\n";
    }
    if (m.upset > 0) out += "The customer is unhappy.\n";
    return out;
}

} // namespace chat_centre::assistant
