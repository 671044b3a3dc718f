#include "channel/transcript.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/text.hpp>

#include <algorithm>
#include <cmath>
#include <map>

namespace chat_centre::channel {
namespace {

using conversation::speaker;

constexpr std::size_t most_lines = 5000;
constexpr std::size_t longest_line = 16'000; // characters, as everywhere
constexpr std::size_t longest_fact = 4000;   // bytes
constexpr std::size_t most_facts = 100;
constexpr std::size_t largest_table =
    4'000'000; // entries times messages; beyond it order is followed greedily

std::string member_text(const json& j, const char* name) {
    if (!j.is_object()) return "";
    const auto it = j.find(name);
    return it != j.end() && it->is_string() ? it->get<std::string>() : "";
}

std::optional<double> member_number(const json& j, const char* name) {
    if (!j.is_object()) return std::nullopt;
    const auto it = j.find(name);
    if (it == j.end() || !it->is_number()) return std::nullopt;
    const auto value = it->get<double>();
    if (!std::isfinite(value)) return std::nullopt;
    return value;
}

const json& member(const json& j, const char* name) {
    static const json none = json::object();
    if (!j.is_object()) return none;
    const auto it = j.find(name);
    return it != j.end() ? *it : none;
}

std::string at_most_bytes(std::string text, std::size_t most) {
    if (text.size() <= most) return text;
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U) --most;
    text.resize(most);
    return text;
}

std::string at_most_letters(std::string text, std::size_t most) {
    if (text.size() <= most) return text;
    std::string_view rest(text);
    for (std::size_t n = 0; n < most && !rest.empty(); ++n) next_code_point(rest);
    text.resize(text.size() - rest.size());
    return text;
}

time_point seconds_later(time_point from, double seconds) {
    return from + std::chrono::seconds(static_cast<std::int64_t>(std::clamp(seconds, 0.0, 1e7)));
}

std::optional<spoken> read_line(const json& entry, time_point started) {
    const auto role = member_text(entry, "role");
    if (role != "user" && role != "agent") return std::nullopt;
    spoken s;
    s.user = role == "user";
    s.text = at_most_letters(member_text(entry, "message"), longest_line);
    if (plain_words(s.text).empty()) return std::nullopt; // a turn that only called a tool
    s.original = member_text(entry, "original_message");
    s.interrupted = member(entry, "interrupted") == json(true);
    s.at = seconds_later(started, member_number(entry, "time_in_call_secs").value_or(0));
    const auto score = member_text(member(entry, "feedback"), "score");
    s.feedback = score == "like" ? "up" : score == "dislike" ? "down" : "";
    return s;
}

json results_of(const json& all, const char* value) {
    json out = json::object();
    if (!all.is_object()) return out;
    for (const auto& [id, entry] : all.items()) {
        if (out.size() >= most_facts) break;
        const json& found = member(entry, value);
        if (found.is_null() || found.is_structured()) continue;
        out[at_most_bytes(id, 200)] =
            found.is_string() ? json(at_most_bytes(found.get<std::string>(), longest_fact)) : found;
    }
    return out;
}

json facts_of_call(const json& data, const call_record& c) {
    const json& analysis = member(data, "analysis");
    const json& meta = member(data, "metadata");
    json out = {{"session", c.session},
                {"status", member_text(data, "status")},
                {"started_at", to_rfc3339(c.started)},
                {"duration_seconds",
                 static_cast<std::int64_t>(
                     std::chrono::duration_cast<std::chrono::seconds>(c.ended - c.started).count())},
                {"title", at_most_bytes(member_text(analysis, "call_summary_title"), 300)},
                {"summary", at_most_bytes(member_text(analysis, "transcript_summary"), longest_fact)},
                {"successful", member_text(analysis, "call_successful")},
                {"data", results_of(member(analysis, "data_collection_results"), "value")},
                {"evaluation", results_of(member(analysis, "evaluation_criteria_results"), "result")},
                {"ended_because", at_most_bytes(member_text(meta, "termination_reason"), 300)}};
    return out;
}

bool ours(speaker role, bool user) { return user == (role == speaker::user); }

// What two texts have in common when only case, marks and spaces differ.
std::string folded(std::string_view text) {
    auto out = fold_text(text);
    if (trimmed(out).empty()) out = plain_words(text); // nothing but signs
    return out;
}

struct line_key {
    bool user;
    std::string said, original;
    bool interrupted;
};

class aligner {
public:
    aligner(const std::vector<spoken>& lines, const std::vector<kept_message>& stored)
        : stored_(stored), of_(lines.size(), 0), taken_(stored.size(), false) {
        for (const auto& s : lines)
            keys_.push_back(
                {s.user, folded(s.text), s.original.empty() ? "" : folded(s.original), s.interrupted});
        for (const auto& h : stored) texts_.push_back(folded(h.text));
    }

    std::vector<int> run() {
        if (keys_.size() * stored_.size() <= largest_table)
            in_order();
        else
            in_order_greedily();
        out_of_order();
        in_several_pieces();
        return std::move(of_);
    }

private:
    bool same(std::size_t i, std::size_t j) const {
        const auto& k = keys_[i];
        if (!ours(stored_[j].role, k.user)) return false;
        const auto& text = texts_[j];
        if (text == k.said || (!k.original.empty() && text == k.original)) return true;
        // Cut off while it was spoken: what was stored live is the whole answer.
        return k.interrupted && text.size() > k.said.size() &&
               text.starts_with(k.said.substr(0, k.said.size() - 1));
    }

    void take(std::size_t i, std::size_t j) {
        of_[i] = stored_[j].seq;
        taken_[j] = true;
    }

    // The longest common subsequence.
    void in_order() {
        const auto n = keys_.size();
        const auto m = stored_.size();
        std::vector<std::uint16_t> best((n + 1) * (m + 1), 0);
        const auto at = [m](std::size_t i, std::size_t j) { return i * (m + 1) + j; };
        for (std::size_t i = n; i-- > 0;)
            for (std::size_t j = m; j-- > 0;)
                best[at(i, j)] = same(i, j) ? static_cast<std::uint16_t>(best[at(i + 1, j + 1)] + 1)
                                            : std::max(best[at(i + 1, j)], best[at(i, j + 1)]);
        for (std::size_t i = 0, j = 0; i < n && j < m;) {
            if (same(i, j))
                take(i++, j++);
            else if (best[at(i + 1, j)] >= best[at(i, j + 1)])
                ++i;
            else
                ++j;
        }
    }

    void in_order_greedily() {
        std::size_t from = 0;
        for (std::size_t i = 0; i < keys_.size(); ++i) {
            constexpr std::size_t look_ahead = 200;
            for (std::size_t j = from; j < std::min(stored_.size(), from + look_ahead); ++j)
                if (same(i, j)) {
                    take(i, j);
                    from = j + 1;
                    break;
                }
        }
    }

    void out_of_order() {
        std::multimap<std::pair<bool, std::string_view>, std::size_t> left;
        for (std::size_t j = 0; j < stored_.size(); ++j)
            if (!taken_[j])
                left.emplace(std::pair{stored_[j].role == speaker::user, std::string_view(texts_[j])}, j);
        for (std::size_t i = 0; i < keys_.size(); ++i) {
            if (of_[i] != 0) continue;
            for (const auto* text : {&keys_[i].said, &keys_[i].original}) {
                if (text->empty()) continue;
                const auto it = left.find({keys_[i].user, std::string_view(*text)});
                if (it == left.end()) continue;
                take(i, it->second);
                left.erase(it);
                break;
            }
        }
    }

    void in_several_pieces() {
        for (std::size_t i = 0; i < keys_.size(); ++i) {
            if (of_[i] != 0 || keys_[i].user) continue;
            for (std::size_t j = 0; j < stored_.size() && of_[i] == 0; ++j) try_pieces(i, j);
        }
    }

    void try_pieces(std::size_t i, std::size_t from) {
        const std::string_view whole = trimmed(keys_[i].said);
        std::string_view rest = whole;
        std::vector<std::size_t> used;
        for (std::size_t j = from; j < stored_.size() && !rest.empty(); ++j) {
            if (taken_[j] || stored_[j].role == speaker::user) continue;
            const auto piece = trimmed(texts_[j]);
            if (piece.empty() || !rest.starts_with(piece)) {
                if (used.empty()) return;
                continue;
            }
            rest = trimmed(rest.substr(piece.size()));
            used.push_back(j);
        }
        if (!rest.empty() || used.size() < 2) return;
        of_[i] = stored_[used.front()].seq;
        for (const auto j : used) taken_[j] = true;
    }

    const std::vector<kept_message>& stored_;
    std::vector<line_key> keys_;
    std::vector<std::string> texts_;
    std::vector<int> of_;
    std::vector<bool> taken_;
};

} // namespace

std::string plain_words(std::string_view text) {
    std::string out;
    bool gap = false;
    for (const char c : text) {
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v') {
            gap = true;
            continue;
        }
        if (gap && !out.empty()) out += ' ';
        gap = false;
        out += c;
    }
    return out;
}

std::string session_message_id(std::string_view session, bool user, std::string_view text, int n) {
    std::string key(session);
    key += user ? "\x1fuser\x1f"
                : "\x1f"
                  "agent\x1f";
    key += std::to_string(n) + '\x1f' + plain_words(text);
    return "EL-" + sha256_base64url(key).substr(0, 32);
}

std::optional<call_record> read_call(const json& data) {
    call_record c;
    c.session = at_most_bytes(member_text(data, "conversation_id"), 200);
    if (plain_words(c.session).empty()) return std::nullopt;
    const json& meta = member(data, "metadata");
    const json& client = member(data, "conversation_initiation_client_data");
    const json& dynamic = member(client, "dynamic_variables");
    c.started = time_point(std::chrono::seconds(static_cast<std::int64_t>(
        std::clamp(member_number(meta, "start_time_unix_secs").value_or(0), 0.0, 253'402'300'799.0))));
    c.ended = seconds_later(c.started, member_number(meta, "call_duration_secs").value_or(0));
    for (const auto& id :
         {member_text(data, "user_id"), member_text(client, "user_id"), member_text(meta, "user_id")})
        if (c.user_id.empty()) c.user_id = at_most_bytes(id, 200);
    c.cc_session = at_most_bytes(member_text(dynamic, "cc_session"), 200);
    if (c.cc_session.empty())
        c.cc_session = at_most_bytes(member_text(member(client, "custom_llm_extra_body"), "cc_session"), 200);
    c.user_name = at_most_letters(member_text(dynamic, "user_name"), 100);
    c.user_phone = at_most_bytes(member_text(member(meta, "phone_call"), "external_number"), 40);
    c.language = at_most_bytes(member_text(meta, "main_language"), 20);
    const json& transcript = member(data, "transcript");
    if (transcript.is_array())
        for (const auto& entry : transcript) {
            if (c.lines.size() >= most_lines) break;
            if (auto line = read_line(entry, c.started)) c.lines.push_back(std::move(*line));
        }
    for (const auto& line : c.lines) c.ended = std::max(c.ended, line.at);
    c.facts = facts_of_call(data, c);
    return c;
}

std::vector<int> align(const std::vector<spoken>& lines, const std::vector<kept_message>& stored) {
    return aligner(lines, stored).run();
}

} // namespace chat_centre::channel
