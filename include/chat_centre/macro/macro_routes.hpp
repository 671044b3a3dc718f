#pragma once
// Macros: several things done to a conversation in one step, recorded, and undone as far as that goes.

#include <chat_centre/base/fields.hpp>
#include <chat_centre/conversation/routes.hpp>
#include <chat_centre/conversation/service.hpp>
#include <chat_centre/http/router.hpp>
#include <chat_centre/macro/template_routes.hpp>

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace chat_centre::macro {

struct step_kinds {
    static constexpr std::array<std::string_view, 9> names{
        "send", "note", "tag", "untag", "assign", "department", "priority", "status", "category"};
};
// {"do": kind, "value": text}. send: a text with variables, or "template:<shortcut>"; note: a text with variables; the
// others as conversation::act_as_staff takes them.
struct macro_step {
    std::string what;
    std::string value;
};

} // namespace chat_centre::macro

namespace chat_centre::detail {
// "do" is no name for a member in C++, so this one is read by hand.
template <>
struct field_codec<macro::macro_step> {
    static void read(const json& j, macro::macro_step& out, const std::string& name, field_errors& bad);
    static json schema();
};
} // namespace chat_centre::detail

namespace chat_centre::macro {

struct macro_body {
    text<1, 100> name;
    std::vector<macro_step> steps; // 1 to 20
};
BOOST_DESCRIBE_STRUCT(macro_body, (), (name, steps))
struct macro_change_body {
    std::optional<text<1, 100>> name;
    std::optional<std::vector<macro_step>> steps;
};
BOOST_DESCRIBE_STRUCT(macro_change_body, (), (name, steps))

struct macro_view {
    std::string macro_id, name;
    std::vector<macro_step> steps;
    time_point created_at, updated_at;
};
BOOST_DESCRIBE_STRUCT(macro_view, (), (macro_id, name, steps, created_at, updated_at))
struct macro_page {
    std::vector<macro_view> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(macro_page, (), (items, next_cursor))

struct run_view {
    std::string run_id, macro_id, name;
    std::vector<macro_step> done;      // in order; what was so already is not in it
    std::optional<std::string> failed; // why it stopped after a message had gone out
    conversation::conversation_view conversation;
};
BOOST_DESCRIBE_STRUCT(run_view, (), (run_id, macro_id, name, done, failed, conversation))

struct kept_step {
    std::string what, value, why;
};
BOOST_DESCRIBE_STRUCT(kept_step, (), (what, value, why))
struct undo_view {
    std::string run_id;
    std::vector<macro_step> undone;
    std::vector<kept_step> not_undone; // and why not
    conversation::conversation_view conversation;
};
BOOST_DESCRIBE_STRUCT(undo_view, (), (run_id, undone, not_undone, conversation))

class macro_routes {
public:
    // `s` outlives it.
    macro_routes(conversation::surroundings& s, company_names names) : s_(s), company_(std::move(names)) {}

    using answer = boost::asio::awaitable<http::response>;
    answer list(http::request r);
    answer create(http::request r);
    answer change(http::request r);
    answer remove(http::request r);
    answer run(http::request r);
    answer undo(http::request r);

    static constexpr auto table() {
        using http::verb;
        using p = permission;
        return std::to_array<http::row<macro_routes>>({
            {verb::get, "/api/v1/macros", p::template_read, &macro_routes::list, "listMacros", "Macros",
             http::answers<macro_page>()},
            {verb::post, "/api/v1/macros", p::template_write, &macro_routes::create, "createMacro",
             "Make a macro", http::takes<macro_body, macro_view>(201)},
            {verb::patch, "/api/v1/macros/{id}", p::template_write, &macro_routes::change, "changeMacro",
             "Change a macro", http::takes<macro_change_body, macro_view>()},
            {verb::del, "/api/v1/macros/{id}", p::template_write, &macro_routes::remove, "deleteMacro",
             "Delete a macro", http::answers<no_body>(204)},
            {verb::post, "/api/v1/macros/{id}/run", p::conversation_take, &macro_routes::run, "runMacro",
             "Do all steps of a macro in a conversation", http::takes<of_conversation_body, run_view>()},
            {verb::post, "/api/v1/macro-runs/{id}/undo", p::conversation_take, &macro_routes::undo,
             "undoMacroRun", "Put back what a macro changed; a message that was sent stays sent",
             http::answers<undo_view>()},
        });
    }

private:
    conversation::surroundings& s_;
    company_names company_;
};

} // namespace chat_centre::macro
