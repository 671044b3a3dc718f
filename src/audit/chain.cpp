#include <chat_centre/audit/chain.hpp>

#include "audit/queries.hpp"

#include <chat_centre/base/ids.hpp>

#include <spdlog/spdlog.h>

#include <algorithm>
#include <condition_variable>
#include <limits>
#include <mutex>
#include <thread>

namespace chat_centre::audit {
namespace {

using namespace std::chrono_literals;

// Any number, as long as every process uses the same one: "audseal" in ASCII.
constexpr std::int64_t lock_key = 0x6175647365616c;
// No transaction is so slow that this many rows are committed after a row got its id and before it is committed itself.
constexpr std::int64_t longest_delay = 10'000;
constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min(); // a row put in by hand has any id
constexpr int rows_at_once = 1000;
constexpr std::size_t most_faults = 1000;

const std::string first_link(64, '0');

std::string about(std::int64_t id, std::string_view what, const db::row& r, int action) {
    std::string out = "row " + std::to_string(id) + " " + std::string(what);
    if (!r.is_null(action)) {
        out += " (" + std::string(r.text(action));
        if (!r.text(action + 1).empty()) out += " " + std::string(r.text(action + 1));
        out += ")";
    }
    return out;
}

// What one link says about its row.
std::optional<fault> judge(const db::row& r, std::string_view before) {
    const auto id = r.get<std::int64_t>(1);
    if (r.is_null(3)) return fault{id, flaw::missing, "row " + std::to_string(id) + " is missing"};
    const bool fits = link(before, r.text(3), r.text(4)) == r.text(2);
    const bool ours = !r.is_null(5) && r.text(4) == r.text(5);
    if (fits && ours) return std::nullopt;
    if (!fits && ours) // the row is as it was written
        return fault{id, flaw::unlinked, about(id, "is as it was written, but its seal was changed", r, 6)};
    if (fits) return fault{id, flaw::inserted, about(id, "was not written by this program", r, 6)};
    return fault{id, flaw::changed, about(id, "was changed", r, 6)};
}

} // namespace

std::string link(std::string_view before, std::string_view content, std::string_view tag) {
    std::string all;
    all.reserve(before.size() + content.size() + tag.size() + 2);
    all.append(before).append("\n").append(content).append("\n").append(tag);
    return sha256_hex(all);
}

int seal(db::tx& t, int most, bool look_everywhere) {
    if (!t.scalar<bool>(sql::try_chain_lock, lock_key)) return 0;
    std::int64_t number = 0;
    std::int64_t from = lowest;
    std::string before = first_link;
    if (const auto last = t.maybe(sql::last_seal)) {
        number = last->get<std::int64_t>(0);
        before = last->text(1);
        if (!look_everywhere) from = last->get<std::int64_t>(2) - longest_delay;
    }
    db::array numbers, ids, links;
    const auto rows = t.many(sql::unsealed, from, most);
    if (rows.empty()) return 0;
    for (const auto r : rows) {
        before = link(before, r.text(1), r.text(2));
        numbers.add(++number);
        ids.add(r.get<std::int64_t>(0));
        links.add(before);
    }
    t.exec(sql::add_seals, numbers, ids, links);
    return rows.size();
}

report verify(db::connection& c, const std::optional<std::string>& known) {
    report out;
    out.known_found = !known || *known == first_link;
    const auto note = [&out](fault f) {
        if (out.faults.size() < most_faults) out.faults.push_back(std::move(f));
    };
    std::string before = first_link;
    std::int64_t number = 0;
    bool more = true;
    while (more)
        c.transact([&](db::tx& t) {
            const auto rows = t.many(sql::read_chain, number, rows_at_once);
            more = rows.size() == rows_at_once;
            for (const auto r : rows) {
                const auto id = r.get<std::int64_t>(1);
                if (r.get<std::int64_t>(0) != number + 1) // what the seals between said is lost with them
                    note({id, flaw::unlinked, about(id, "follows a gap: seals before it are missing", r, 6)});
                else if (auto f = judge(r, before))
                    note(std::move(*f));
                number = r.get<std::int64_t>(0);
                before = r.text(2);
                out.known_found = out.known_found || before == *known;
                ++out.sealed;
            }
        });
    out.head = before;
    std::int64_t after = lowest;
    more = true;
    while (more)
        c.transact([&](db::tx& t) {
            const auto rows = t.many(sql::read_tail, after, rows_at_once);
            more = rows.size() == rows_at_once;
            for (const auto r : rows) {
                after = r.get<std::int64_t>(0);
                ++out.unsealed;
                if (!r.get<std::optional<bool>>(1).value_or(false))
                    note({after, flaw::inserted, about(after, "was not written by this program", r, 2)});
            }
        });
    std::stable_sort(out.faults.begin(), out.faults.end(),
                     [](const fault& a, const fault& b) { return a.audit_id < b.audit_id; });
    return out;
}

std::string describe(const report& r) {
    std::string out = std::to_string(r.sealed) + " rows of the audit log are sealed, " +
                      std::to_string(r.unsealed) + " not yet.\nHead: " + r.head + "\n";
    if (!r.known_found)
        out += "The head that was noted earlier is not in the chain: it was cut or made anew.\n";
    if (r.faults.empty()) return out + (r.known_found ? "The chain is whole.\n" : "");
    out += "First fault: " + r.faults.front().text + ".\n";
    constexpr std::size_t shown = 20;
    for (std::size_t i = 1; i < std::min(r.faults.size(), shown); ++i)
        out += "  then " + r.faults[i].text + "\n";
    if (r.faults.size() > shown) out += "  and " + std::to_string(r.faults.size() - shown) + " more\n";
    return out;
}

struct sealer::impl {
    explicit impl(db::settings s) : settings(std::move(s)) {
        settings.application_name = "chat-centre audit";
    }

    void loop() {
        bool failing = false;
        bool last_round = false;
        bool everywhere = true; // rows of before the last stop
        while (true) {
            int sealed = 0;
            try {
                if (!connection) connection = db::connect(settings);
                connection->transact([&](db::tx& t) { sealed = seal(t, most, everywhere); });
                if (sealed < most) everywhere = false;
                failing = false;
            } catch (const std::exception& e) {
                if (!failing) spdlog::warn("audit chain: {}; trying again", e.what());
                failing = true;
                connection.reset();
            }
            if (sealed == most) continue;
            if (last_round) return;
            std::unique_lock lock(sleep);
            wake.wait_for(lock, 1s, [this] { return stopping; });
            last_round = stopping;
        }
    }

    static constexpr int most = 500;
    db::settings settings;
    std::unique_ptr<db::connection> connection;
    std::mutex sleep;
    std::condition_variable wake;
    bool stopping = false;
    std::thread thread;
};

sealer::sealer(db::settings s) : impl_(std::make_unique<impl>(std::move(s))) {}
sealer::~sealer() { stop(); }

void sealer::start() {
    impl_->thread = std::thread([this] { impl_->loop(); });
}

void sealer::stop() {
    {
        const std::lock_guard lock(impl_->sleep);
        impl_->stopping = true;
    }
    impl_->wake.notify_all();
    if (impl_->thread.joinable()) impl_->thread.join();
}

} // namespace chat_centre::audit
