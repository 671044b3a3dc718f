#include <chat_centre/event/event.hpp>

#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/json.hpp>

#include "event/queries.hpp"

namespace chat_centre::event {
namespace {

entry from_row(const db::row& r) {
    entry e;
    e.id = r.get<std::int64_t>(0);
    e.type = r.get<std::string>(1);
    e.at = r.get<time_point>(2);
    e.conversation = r.get<std::int64_t>(3);
    e.who = static_cast<audience>(r.get<int>(4));
    e.now = {r.get<std::int64_t>(5), r.get<std::int64_t>(6), r.get<bool>(7)};
    if (!r.is_null(8)) e.before = scope{r.get<std::int64_t>(8), r.get<std::int64_t>(9), r.get<bool>(10)};
    e.data = r.get<std::string>(11);
    e.public_data = r.get<std::string>(12);
    return e;
}

} // namespace

columns columns_of(const std::vector<entry>& batch) {
    columns c;
    for (const auto& e : batch) {
        c.type.add(e.type);
        c.at.add(e.at);
        c.conversation.add(e.conversation);
        c.who.add(static_cast<std::int64_t>(e.who));
        c.assigned.add(e.now.assigned);
        c.department.add(e.now.department);
        c.waiting.add(std::string_view{e.now.waiting ? "t" : "f"});
        if (e.before) {
            c.was_assigned.add(e.before->assigned);
            c.was_department.add(e.before->department);
            c.was_waiting.add(std::string_view{e.before->waiting ? "t" : "f"});
        } else {
            c.was_assigned.add_null();
            c.was_department.add_null();
            c.was_waiting.add_null();
        }
        c.data.add(e.message_seq == 0 ? std::string_view{e.data} : std::string_view{});
        c.public_data.add(e.public_data);
        c.message_seq.add(e.message_seq == 0 ? std::nullopt : std::optional<std::int64_t>{e.message_seq});
    }
    return c;
}

void number(std::vector<entry>& batch, std::int64_t first) {
    for (auto& e : batch) e.id = first++;
}

std::int64_t append(db::tx& t, std::vector<entry>& batch) {
    if (batch.empty()) return 0;
    const columns c = columns_of(batch);
    const auto first =
        t.scalar<std::int64_t>(sql::append, static_cast<std::int64_t>(batch.size()), c.type, c.at,
                               c.conversation, c.who, c.assigned, c.department, c.waiting, c.was_assigned,
                               c.was_department, c.was_waiting, c.data, c.public_data, c.message_seq);
    number(batch, first);
    return first;
}

std::vector<entry> read(db::tx& t, std::int64_t after, int limit) {
    std::vector<entry> out;
    const auto found = t.many(sql::read_after, after, limit);
    out.reserve(static_cast<std::size_t>(found.size()));
    for (const auto r : found) out.push_back(from_row(r));
    return out;
}

std::vector<entry> read_internal(db::tx& t, std::int64_t after, const std::vector<std::string>& types,
                                 int limit) {
    std::vector<entry> out;
    for (const auto r : t.many(sql::read_internal_after, after, db::array_of(types), limit))
        out.push_back(from_row(r));
    return out;
}

std::vector<entry> read_public(db::tx& t, std::int64_t after, std::int64_t reached,
                               const std::vector<std::string>& types) {
    std::vector<entry> out;
    for (const auto r : t.many(sql::read_public, after, reached, db::array_of(types)))
        out.push_back(from_row(r));
    return out;
}

std::int64_t head(db::tx& t) { return t.scalar<std::int64_t>(sql::head); }
std::int64_t oldest(db::tx& t) { return t.scalar<std::int64_t>(sql::oldest); }

std::string to_json(const entry& e, std::string_view data) {
    std::string out;
    out.reserve(data.size() + 120);
    out += R"({"id":)";
    out += std::to_string(e.id);
    out += R"(,"type":)";
    append_json_string(out, e.type);
    out += R"(,"at":")";
    out += to_rfc3339(e.at);
    out += R"(","conversation_id":)";
    if (e.conversation == 0)
        out += "null";
    else
        append_json_string(out, format_id("CONV", e.conversation));
    out += R"(,"data":)";
    out += data.empty() ? std::string_view{"{}"} : data;
    out += '}';
    return out;
}

} // namespace chat_centre::event
