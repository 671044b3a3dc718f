#pragma once
// The audit log as a chain: every row is sealed with SHA-256 over the seal before it and its own content. Rows are
// written by many threads at once and must not wait for each other, so one thread seals what has been committed, once a
// second. `chat-centre audit verify` walks the chain and names what does not fit.

#include <chat_centre/db/connection.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::audit {

// The link that follows `before` (64 zeros: the first).
std::string link(std::string_view before, std::string_view content, std::string_view tag);

// Seals rows that are committed and not sealed yet, at most `most`. How many it sealed; 0 also when another process is
// at it. A row's seal says nothing of its place in the log: rows are sealed in the order in which they are seen.
int seal(db::tx& t, int most = 500, bool look_everywhere = false);

enum class flaw : std::uint8_t { changed, missing, inserted, unlinked };
struct fault {
    std::int64_t audit_id = 0;
    flaw what = flaw::changed;
    std::string text; // one line for people
};
struct report {
    std::int64_t sealed = 0;
    std::int64_t unsealed = 0; // of this second; more when no server runs
    std::string head;          // the newest link: note it elsewhere, and later give it back as `known`
    bool known_found = true;
    std::vector<fault> faults; // by audit_id; at most 1000
};
// Reads everything. `known`: a head that was noted earlier; a chain that was cut and made anew does not have it.
report verify(db::connection& c, const std::optional<std::string>& known = std::nullopt);
std::string describe(const report& r);

class sealer {
public:
    explicit sealer(db::settings s);
    ~sealer();
    void start();
    void stop(); // seals what is there first

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace chat_centre::audit
