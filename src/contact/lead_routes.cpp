#include <chat_centre/contact/work_routes.hpp>

#include "contact/input.hpp"
#include "contact/queries.hpp"
#include "contact/rules.hpp"
#include "contact/store.hpp"

#include <chat_centre/audit/audit.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/http/page.hpp>

#include <algorithm>

namespace chat_centre::contact {
namespace {

std::optional<std::int64_t> id_parameter(const http::request& r, const char* name, const char* prefix) {
    const auto v = given(r, name);
    return v ? std::optional(read_id(*v, prefix, name)) : std::nullopt;
}

template <class Set>
std::optional<std::string> name_parameter(const http::request& r, const char* name) {
    const auto v = given(r, name);
    if (!v || std::find(Set::names.begin(), Set::names.end(), *v) != Set::names.end()) return v;
    std::string all;
    for (const auto n : Set::names) all += (all.empty() ? "" : ", ") + std::string(n);
    throw error::unprocessable(name, "must be one of " + all);
}

std::optional<time_point> page_time(const http::page_request& page) {
    if (!page.after) return std::nullopt;
    const auto t = parse_time(page.text("at").value_or(""), "UTC");
    if (!t) throw error::unprocessable("cursor", "is not one of this list");
    return t;
}

void announce(db::tx& t, const lead& l, time_point now) {
    std::vector<event::entry> events{
        changed("lead.update", "lead_id", format_id("LEAD", l.id), l.contact, now)};
    event::append(t, events);
}

json conversation_or_null(const std::optional<std::int64_t>& id) {
    return id ? json(format_id("CONV", *id)) : json(nullptr);
}

json activity_json(const db::row& r) {
    const auto contact = format_id("CUST", r.get<std::int64_t>(1));
    json j = {{"activity_id", format_id("ACT", r.get<std::int64_t>(0))},
              {"contact_id", contact},
              {"contact", {{"contact_id", contact}, {"name", r.text(2)}}},
              {"type", r.text(3)},
              {"title", r.text(4)},
              {"text", r.text(5)},
              {"at", to_rfc3339(r.get<time_point>(6))},
              {"staff", nullptr},
              {"conversation_id", conversation_or_null(r.get<std::optional<std::int64_t>>(9))},
              {"metadata", parse_json(r.text(10))}};
    if (!r.is_null(7))
        j["staff"] = {{"staff_id", format_id("STF", r.get<std::int64_t>(7))}, {"name", r.text(8)}};
    return j;
}

double real(const db::row& r, int column) { return std::stod(std::string(r.text(column))); }

} // namespace

work_routes::answer work_routes::list_leads(http::request r) {
    const auto page = http::read_page(r);
    const auto status = name_parameter<lead_statuses>(r, "status");
    const auto priority = name_parameter<lead_priorities>(r, "priority");
    const auto contact = id_parameter(r, "contact", "CUST");
    const auto before = page_time(page);
    auto work = [page, status, priority, contact, before, who = r.who](db::tx& t) {
        const auto s = sight_of(who);
        std::vector<lead> out;
        for (const auto row : t.many(sql::list_leads, s.everything, s.staff, s.departments, s.engineer,
                                     status, priority, contact, before, page.number("id", 0), page.fetch()))
            out.push_back(lead_from(row));
        return out;
    };
    const auto found = co_await pool_.run(std::move(work));
    json items = json::array();
    for (const auto& l : found) items.push_back(to_json(l));
    const auto answer = http::page_answer(std::move(items), page, [&](const json&) {
        const auto& last = found[static_cast<std::size_t>(page.limit) - 1];
        return json{{"at", to_postgres(last.updated_at)}, {"id", last.id}};
    });
    co_return http::response::of(answer);
}

work_routes::answer work_routes::create_lead(http::request r) {
    const auto body = read_fields<new_lead_body>(r.json_body());
    const auto contact = read_id(body.contact_id.value, "CUST", "contact_id");
    auto work = [r, body, contact, now = clock_.now()](db::tx& t) {
        const auto id = current_id(t, contact);
        if (!sees(t, r.who, id)) throw error::unprocessable("contact_id", "there is no such contact");
        lock(t, id);
        if (const auto before = current_lead(t, id); before && is_open(*before))
            throw error::conflict("This contact has an open lead: " + format_id("LEAD", before->id) + ".");
        lead l;
        l.contact = id;
        if (body.status) l.status = body.status->value;
        if (body.score) l.score = static_cast<int>(body.score->value);
        l.source = body.source ? body.source->value : "staff";
        if (body.priority) l.priority = body.priority->value;
        l.created_at = l.updated_at = now;
        l.id = insert_lead(t, l, 0);
        audit::record(
            t, audit::by(r, "lead.create", format_id("LEAD", l.id), {{"contact", format_id("CUST", id)}}));
        l.contact_name = contact::get(t, id).name;
        announce(t, l, now);
        return to_json(l);
    };
    const auto made = co_await pool_.run(std::move(work));
    co_return http::response::of(made, 201);
}

work_routes::answer work_routes::change_lead(http::request r) {
    const auto body = read_fields<lead_change_body>(r.json_body());
    auto work = [r, body, id = r.path_id(0, "LEAD"), now = clock_.now()](db::tx& t) {
        const auto row = t.maybe(sql::lock_lead, id);
        if (!row) throw error::not_found("There is no such lead.");
        auto l = lead_from(*row);
        if (!sees(t, r.who, l.contact)) throw error::not_found("There is no such lead.");
        json changes = json::object();
        const auto set = [&changes](const char* name, auto& value, auto wanted) {
            if (value == wanted) return;
            changes[name] = json::array({value, wanted});
            value = std::move(wanted);
        };
        if (body.status) set("status", l.status, body.status->value);
        if (body.score) set("score", l.score, static_cast<int>(body.score->value));
        if (body.source) set("source", l.source, body.source->value);
        if (body.priority) set("priority", l.priority, body.priority->value);
        if (changes.empty()) return to_json(l);
        l.updated_at = now;
        update_lead(t, l, 0);
        audit::record(t, audit::by(r, "lead.change", format_id("LEAD", l.id), changes));
        announce(t, l, now);
        return to_json(l);
    };
    co_return http::response::of(co_await pool_.run(std::move(work)));
}

work_routes::answer work_routes::list_activities(http::request r) {
    const auto page = http::read_page(r);
    const auto contact = id_parameter(r, "contact", "CUST");
    const auto conversation = id_parameter(r, "conversation", "CONV");
    const auto type = given(r, "type");
    const auto before = page_time(page);
    struct found {
        json items = json::array();
        std::vector<std::string> at;
    };
    auto work = [=, who = r.who](db::tx& t) {
        const auto s = sight_of(who);
        found out;
        for (const auto row :
             t.many(sql::list_activities, s.everything, s.staff, s.departments, s.engineer, contact, type,
                    conversation, before, page.number("id", 0), std::nullopt, page.fetch())) {
            out.items.push_back(activity_json(row));
            out.at.push_back(to_postgres(row.get<time_point>(6)));
        }
        return out;
    };
    auto all = co_await pool_.run(std::move(work));
    const auto answer = http::page_answer(std::move(all.items), page, [&](const json& last) {
        return json{{"at", all.at[static_cast<std::size_t>(page.limit) - 1]},
                    {"id", parse_id("ACT", last["activity_id"].get<std::string>()).value()}};
    });
    co_return http::response::of(answer);
}

work_routes::answer work_routes::create_activity(http::request r) {
    const auto body = read_fields<new_activity_body>(r.json_body());
    const auto contact = read_id(body.contact_id.value, "CUST", "contact_id");
    const auto now = clock_.now();
    const auto at = body.at ? read_moment(body.at->value, "at", zone_) : now;
    const auto conversation =
        body.conversation_id ? read_id(body.conversation_id->value, "CONV", "conversation_id") : 0;
    auto work = [r, body, contact, conversation, at, now](db::tx& t) {
        const auto s = sight_of(r.who);
        const auto id = current_id(t, contact);
        if (!sees(t, r.who, id)) throw error::unprocessable("contact_id", "there is no such contact");
        if (conversation != 0) {
            const auto of = t.maybe(sql::find_conversation, s.everything, s.staff, s.departments, s.engineer,
                                    conversation);
            if (!of || of->get<std::int64_t>(0) != id)
                throw error::unprocessable("conversation_id", "is not a conversation of this contact");
        }
        const auto made = t.scalar<std::int64_t>(
            sql::insert_activity, id, body.type.value, body.title ? body.title->value : "", body.text.value,
            at, or_null(r.who.staff), or_null(conversation), dump(body.metadata.value_or(json::object())),
            std::optional<std::int64_t>());
        audit::record(t, audit::by(r, "activity.create", format_id("ACT", made),
                                   {{"contact", format_id("CUST", id)}, {"type", body.type.value}}));
        const auto answer =
            activity_json(t.one(sql::list_activities, true, r.who.staff, "{}", false, std::nullopt,
                                std::nullopt, std::nullopt, std::nullopt, 0, made, 1));
        std::vector<event::entry> events{
            changed("activity.new", "activity_id", format_id("ACT", made), id, now)};
        event::append(t, events);
        return answer;
    };
    const auto made = co_await pool_.run(std::move(work));
    co_return http::response::of(made, 201);
}

work_routes::answer work_routes::report(http::request r) {
    const auto hours = r.query_number("hours", 24, 1, 24 * 366);
    auto work = [hours, from = clock_.now() - std::chrono::hours(hours)](db::tx& t) {
        json out = {{"hours", hours},
                    {"accuracy", json::array()},
                    {"triggers", json::array()},
                    {"decisions", json::array()},
                    {"activities", json::array()}};
        for (const auto row : t.many(sql::report_accuracy, from))
            out["accuracy"].push_back({{"handover_needed", row.get<bool>(0)},
                                       {"avg_confidence", real(row, 1)},
                                       {"total_requests", row.get<std::int64_t>(2)}});
        for (const auto row : t.many(sql::report_triggers))
            out["triggers"].push_back(
                {{"handover_trigger", row.text(0)}, {"frequency", row.get<std::int64_t>(1)}});
        for (const auto row : t.many(sql::report_decisions))
            out["decisions"].push_back(
                {{"message_text", row.text(0)},
                 {"handover_needed", row.get<bool>(1)},
                 {"confidence_score", real(row, 2)},
                 {"reason", row.text(3)},
                 {"created_at", to_rfc3339(row.get<time_point>(4))},
                 {"conversation_id", conversation_or_null(row.get<std::optional<std::int64_t>>(5))}});
        for (const auto row : t.many(sql::report_activities, from))
            out["activities"].push_back(
                {{"phone_number", row.text(0)},
                 {"title", row.text(1)},
                 {"description", row.text(2)},
                 {"created_at", to_rfc3339(row.get<time_point>(3))},
                 {"contact_id", format_id("CUST", row.get<std::int64_t>(4))},
                 {"conversation_id", conversation_or_null(row.get<std::optional<std::int64_t>>(5))}});
        return out;
    };
    co_return http::response::of(co_await pool_.run(std::move(work)));
}

} // namespace chat_centre::contact
