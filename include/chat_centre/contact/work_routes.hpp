#pragma once
// /api/v1/leads, /api/v1/activities, /api/v1/tasks and /api/v1/handover-report.

#include <chat_centre/contact/routes.hpp>
#include <chat_centre/jobs/jobs.hpp>

namespace chat_centre::contact {

struct new_lead_body {
    text<1, 40> contact_id;
    std::optional<choice<lead_statuses>> status;
    std::optional<number<0, 1000>> score;
    std::optional<text<0, 100>> source;
    std::optional<choice<lead_priorities>> priority;
};
BOOST_DESCRIBE_STRUCT(new_lead_body, (), (contact_id, status, score, source, priority))

struct lead_change_body {
    std::optional<choice<lead_statuses>> status;
    std::optional<number<0, 1000>> score;
    std::optional<text<0, 100>> source;
    std::optional<choice<lead_priorities>> priority;
};
BOOST_DESCRIBE_STRUCT(lead_change_body, (), (status, score, source, priority))

struct lead_page {
    std::vector<lead_view> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(lead_page, (), (items, next_cursor))

struct activity_types { // what people write themselves; the server adds handover
    static constexpr std::array<std::string_view, 8> names{"call",  "meeting", "email", "visit",
                                                           "order", "payment", "other", "follow_up"};
};
struct new_activity_body {
    chat_centre::text<1, 40> contact_id;
    choice<activity_types> type;
    chat_centre::text<1, 4000> text;
    std::optional<chat_centre::text<0, 200>> title;
    std::optional<chat_centre::text<1, 40>> at; // now
    std::optional<chat_centre::text<1, 40>> conversation_id;
    std::optional<json> metadata;
};
BOOST_DESCRIBE_STRUCT(new_activity_body, (), (contact_id, type, text, title, at, conversation_id, metadata))

struct activity_view {
    std::string activity_id, contact_id;
    contact_ref contact;
    std::string type, title, text;
    time_point at;
    std::optional<staff_ref> staff;
    std::optional<std::string> conversation_id;
    json metadata;
};
BOOST_DESCRIBE_STRUCT(activity_view, (),
                      (activity_id, contact_id, contact, type, title, text, at, staff, conversation_id,
                       metadata))
struct activity_page {
    std::vector<activity_view> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(activity_page, (), (items, next_cursor))

struct new_task_body {
    text<1, 200> title;
    std::optional<text<0, 4000>> note;
    std::optional<text<1, 40>> due_at;          // a day (its end) or a time
    std::optional<number<0, 3650>> due_in_days; // instead of due_at: that many days from now
    std::optional<text<1, 40>> owner;           // "me" (as without it), "none" or STF-3
    std::optional<text<1, 40>> contact_id;      // with conversation_id alone: the conversation's contact
    std::optional<text<1, 40>> conversation_id;
    std::optional<text<1, 40>> ticket_id;
};
BOOST_DESCRIBE_STRUCT(new_task_body, (),
                      (title, note, due_at, due_in_days, owner, contact_id, conversation_id, ticket_id))

struct task_change_body {
    std::optional<text<1, 200>> title;
    std::optional<text<0, 4000>> note;
    std::optional<text<0, 40>> due_at; // "": at no time
    std::optional<bool> done;
    std::optional<text<1, 40>> owner;
};
BOOST_DESCRIBE_STRUCT(task_change_body, (), (title, note, due_at, done, owner))

struct task_view {
    std::string task_id, title, note;
    std::optional<time_point> due_at, done_at;
    std::optional<staff_ref> owner;
    std::optional<contact_ref> contact;
    std::optional<std::string> conversation_id, ticket_id;
    time_point created_at;
};
BOOST_DESCRIBE_STRUCT(task_view, (),
                      (task_id, title, note, due_at, done_at, owner, contact, conversation_id, ticket_id,
                       created_at))
struct task_page {
    std::vector<task_view> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(task_page, (), (items, next_cursor))

// Document 003's four questions, under its names.
struct accuracy_row {
    bool handover_needed = false;
    double avg_confidence = 0;
    std::int64_t total_requests = 0;
};
BOOST_DESCRIBE_STRUCT(accuracy_row, (), (handover_needed, avg_confidence, total_requests))
struct trigger_row {
    std::string handover_trigger;
    std::int64_t frequency = 0;
};
BOOST_DESCRIBE_STRUCT(trigger_row, (), (handover_trigger, frequency))
struct decision_row {
    std::string message_text;
    bool handover_needed = false;
    double confidence_score = 0;
    std::string reason;
    time_point created_at;
    std::optional<std::string> conversation_id;
};
BOOST_DESCRIBE_STRUCT(decision_row, (),
                      (message_text, handover_needed, confidence_score, reason, created_at, conversation_id))
struct handover_row {
    std::string phone_number, title, description;
    time_point created_at;
    std::string contact_id;
    std::optional<std::string> conversation_id;
};
BOOST_DESCRIBE_STRUCT(handover_row, (),
                      (phone_number, title, description, created_at, contact_id, conversation_id))
struct handover_report {
    std::int64_t hours = 24;
    std::vector<accuracy_row> accuracy;   // of the last `hours`
    std::vector<trigger_row> triggers;    // the ten most common
    std::vector<decision_row> decisions;  // the last twenty
    std::vector<handover_row> activities; // of the last `hours`, at most 200
};
BOOST_DESCRIBE_STRUCT(handover_report, (), (hours, accuracy, triggers, decisions, activities))

class work_routes {
public:
    // Both outlive the routes. time_zone: of times without a zone (IANA).
    work_routes(db::pool& pool, const clock_source& clock, std::string time_zone)
        : pool_(pool), clock_(clock), zone_(std::move(time_zone)) {}

    using answer = boost::asio::awaitable<http::response>;
    answer list_leads(http::request r); // ?status= ?priority= ?contact=
    answer create_lead(http::request r);
    answer change_lead(http::request r);
    answer list_activities(http::request r); // ?contact= ?type= ?conversation=
    answer create_activity(http::request r);
    answer list_tasks(http::request r); // ?owner=me|none|STF-3 ?open= ?contact= ?conversation=
    answer create_task(http::request r);
    answer change_task(http::request r);
    answer report(http::request r); // ?hours=

    static constexpr auto table() {
        using http::verb;
        return std::to_array<http::row<work_routes>>({
            {verb::get, "/api/v1/leads", permission::contact_read, &work_routes::list_leads, "listLeads",
             "Leads, the latest first", http::answers<lead_page>()},
            {verb::post, "/api/v1/leads", permission::contact_write, &work_routes::create_lead, "createLead",
             "Make a lead of a contact", http::takes<new_lead_body, lead_view>(201)},
            {verb::patch, "/api/v1/leads/{id}", permission::contact_write, &work_routes::change_lead,
             "changeLead", "Change a lead", http::takes<lead_change_body, lead_view>()},
            {verb::get, "/api/v1/activities", permission::contact_read, &work_routes::list_activities,
             "listActivities", "What was done with contacts, newest first", http::answers<activity_page>()},
            {verb::post, "/api/v1/activities", permission::contact_write, &work_routes::create_activity,
             "createActivity", "Write down what was done with a contact",
             http::takes<new_activity_body, activity_view>(201)},
            {verb::get, "/api/v1/tasks", permission::contact_read, &work_routes::list_tasks, "listTasks",
             "Tasks, the first due first", http::answers<task_page>()},
            {verb::post, "/api/v1/tasks", permission::contact_write, &work_routes::create_task, "createTask",
             "Make a task", http::takes<new_task_body, task_view>(201)},
            {verb::patch, "/api/v1/tasks/{id}", permission::contact_write, &work_routes::change_task,
             "changeTask", "Change a task, give it to somebody, or call it done",
             http::takes<task_change_body, task_view>()},
            {verb::get, "/api/v1/handover-report", permission::quality_read, &work_routes::report,
             "getHandoverReport", "How the handover works: decisions, triggers, latest handovers",
             http::answers<handover_report>()},
        });
    }

private:
    db::pool& pool_;
    const clock_source& clock_;
    std::string zone_;
};

// Job kind "task.due": tells the owner. For jobs::runner::handle.
constexpr const char* task_due = "task.due";
void remind_of_task(db::tx& t, const jobs::job& j, time_point now);

} // namespace chat_centre::contact
