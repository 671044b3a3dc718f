#include <chat_centre/channel/reconcile.hpp>

#include <spdlog/spdlog.h>

#include <algorithm>
#include <stdexcept>

namespace chat_centre::channel {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t overlap_seconds = 3600;
constexpr std::int64_t longest_look_back = 24 * 3600;
constexpr int page_size = 100;
constexpr int most_pages = 100;
constexpr std::size_t answer_limit = 8 * 1024 * 1024; // a transcript of two hours, with its tools and metrics
constexpr auto request_limit = 30s;
constexpr auto lease =
    10min; // of one run, longer than a usual one; a second run beside it finds nothing new to do
constexpr auto run_limit = 5min;
constexpr std::size_t longest_id = 200;

std::int64_t unix_seconds(time_point t) {
    return std::chrono::floor<std::chrono::seconds>(t).time_since_epoch().count();
}

class refused_there : public std::runtime_error {
public:
    explicit refused_there(int s)
        : std::runtime_error("ElevenLabs answered " + std::to_string(s)), status(s) {}
    // This one will not be had; the others may.
    bool only_this_one() const {
        return status >= 400 && status < 500 && status != 401 && status != 403 && status != 429;
    }
    int status;
};

json get_json(const reconcile_access& a, const std::string& path) {
    auto rules = a.rules;
    rules.limit = request_limit;
    rules.answer_bytes = answer_limit;
    const auto answer =
        http::get(rules, a.api_url + path, {{"xi-api-key", a.api_key}, {"Accept", "application/json"}});
    if (answer.status != 200) throw refused_there(answer.status);
    return parse_json(answer.body, {64, 1'000'000});
}

// 1, 2, 4 ... 32 minutes, for ever: it is the last net.
std::optional<std::chrono::milliseconds> reconcile_pause(int attempts) {
    return std::chrono::minutes(1 << std::clamp(attempts - 1, 0, 5));
}

class reconciliation {
public:
    reconciliation(const reconcile_parts& parts, reconcile_access access)
        : p_(parts), a_(std::move(access)), until_(parts.clock.steady() + run_limit) {}

    // Where the next look begins. Throws when the rest could not be had; what was taken stays taken.
    std::int64_t run(std::int64_t from) {
        const auto now = unix_seconds(p_.clock.now());
        std::string cursor;
        for (int page = 0; page < most_pages; ++page) {
            const auto listed = read_listed(get_json(a_, list_path(from, cursor)));
            take_missing(listed.conversations);
            if (listed.next.empty() || listed.next == cursor) break;
            cursor = listed.next;
        }
        if (taken_ > 0) spdlog::info("{} conversations of ElevenLabs were completed afterwards", taken_);
        return next_start(now, unfinished_);
    }

private:
    std::string list_path(std::int64_t from, const std::string& cursor) const {
        std::string path = "/v1/convai/conversations?page_size=" + std::to_string(page_size) +
                           "&call_start_after_unix=" + std::to_string(from);
        if (!a_.agent_id.empty()) path += "&agent_id=" + http::url_encoded(a_.agent_id);
        if (!cursor.empty()) path += "&cursor=" + http::url_encoded(cursor);
        return path;
    }

    void take_missing(const std::vector<listed_conversation>& listed) {
        std::vector<std::string> over;
        for (const auto& c : listed) {
            if (c.over)
                over.push_back(c.id);
            else
                look_again(c.start);
        }
        if (over.empty()) return;
        const auto missing = p_.pool.run_blocking([&](db::tx& t) { return p_.incomplete(t, over); });
        for (const auto& c : listed)
            if (std::find(missing.begin(), missing.end(), c.id) != missing.end() && !take(c.id))
                look_again(c.start);
    }

    // False: not this time. One that cannot be had does not hold up the others.
    bool take(const std::string& id) {
        if (p_.clock.steady() > until_) throw std::runtime_error("more is missing than one run may fetch");
        try {
            const json conversation = get_json(a_, "/v1/convai/conversations/" + http::url_encoded(id));
            p_.pool.run_blocking([&](db::tx& t) { p_.take(t, conversation); });
            ++taken_;
            return true;
        } catch (const http::no_answer&) {
            throw;
        } catch (const refused_there& r) {
            if (!r.only_this_one()) throw;
            spdlog::warn("conversation {} of ElevenLabs: {}", id, r.what());
        } catch (const std::exception& e) {
            spdlog::warn("conversation {} of ElevenLabs could not be taken: {}", id, e.what());
        }
        return false;
    }

    void look_again(std::int64_t start) {
        if (start > 0 && (unfinished_ == 0 || start < unfinished_)) unfinished_ = start;
    }

    const reconcile_parts& p_;
    reconcile_access a_;
    std::chrono::steady_clock::time_point until_;
    int taken_ = 0;
    std::int64_t unfinished_ = 0; // start of the earliest one that is not over, or was not had
};

void reconcile(const reconcile_parts& p, const jobs::job& j) {
    auto access = p.access();
    const auto now = p.clock.now();
    std::int64_t from = unix_seconds(now) - longest_look_back;
    if (const auto it = j.payload.find("from"); it != j.payload.end() && it->is_number_integer())
        from = std::max(from, it->get<std::int64_t>());
    if (access && !access->api_key.empty()) from = reconciliation(p, std::move(*access)).run(from);
    p.pool.run_blocking([&](db::tx& t) {
        jobs::schedule(t, reconcile_job, "", p.clock.now() + p.every, {{"from", from}}, p.clock.now());
    });
}

} // namespace

void handle_reconcile(jobs::runner& runner, reconcile_parts parts) {
    runner.perform(
        reconcile_job, [p = std::move(parts)](const jobs::job& j) { reconcile(p, j); }, &reconcile_pause,
        lease);
}

void schedule_reconcile(db::tx& t, time_point now) {
    jobs::schedule(t, reconcile_job, "", now, json::object(), now);
}

listed_page read_listed(const json& answer) {
    const auto list = answer.is_object() ? answer.find("conversations") : answer.end();
    if (!answer.is_object() || list == answer.end() || !list->is_array())
        throw error::bad_request("This is no list of conversations.");
    listed_page out;
    for (const json& c : *list) {
        if (!c.is_object()) continue;
        const std::string id = c.contains("conversation_id") && c["conversation_id"].is_string()
                                   ? c["conversation_id"].get<std::string>()
                                   : std::string{};
        if (id.empty() || id.size() > longest_id) continue;
        listed_conversation one{id, false, 0};
        if (const auto status = c.find("status"); status != c.end())
            one.over = *status == "done" || *status == "failed";
        if (const auto start = c.find("start_time_unix_secs"); start != c.end() && start->is_number())
            one.start = start->get<std::int64_t>();
        out.conversations.push_back(std::move(one));
    }
    const auto more = answer.find("has_more");
    const auto next = answer.find("next_cursor");
    if (next != answer.end() && next->is_string() && (more == answer.end() || *more != false))
        out.next = next->get<std::string>();
    return out;
}

std::int64_t next_start(std::int64_t now, std::int64_t earliest_unfinished) {
    std::int64_t from = now - overlap_seconds;
    if (earliest_unfinished > 0) from = std::min(from, earliest_unfinished);
    return std::max(from, now - longest_look_back);
}

} // namespace chat_centre::channel
