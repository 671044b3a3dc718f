#include <chat_centre/http/router.hpp>

namespace chat_centre::http {
namespace {

json problem_answer(std::string description) {
    return {{"description", std::move(description)},
            {"content",
             {{"application/problem+json", {{"schema", {{"$ref", "#/components/schemas/Problem"}}}}}}}};
}

json security_of(permission p) {
    if (p == permission::open) return json::array();
    if (p == permission::sync_write)
        return json::array({{{"bearer", json::array()}}, {{"api_key", json::array()}}});
    return json::array({{{"bearer", json::array()}}});
}

json operation_of(const route& r, const std::function<std::string(permission)>& permission_name) {
    json op = {{"operationId", r.operation_id},
               {"summary", r.summary},
               {"tags", json::array({r.tag})},
               {"security", security_of(r.access)},
               {"x-permission", permission_name(r.access)}};
    if (const std::string_view details = r.io.details; !details.empty()) op["description"] = details;
    json parameters = json::array();
    for (const auto& s : r.segments)
        if (!s.empty() && s.front() == '{')
            parameters.push_back({{"name", s.substr(1, s.size() - 2)},
                                  {"in", "path"},
                                  {"required", true},
                                  {"schema", {{"type", "string"}}}});
    if (!parameters.empty()) op["parameters"] = std::move(parameters);
    if (r.io.body != nullptr)
        op["requestBody"] = {{"required", true},
                             {"content", {{"application/json", {{"schema", r.io.body()}}}}}};

    json ok = {{"description", "Done"}};
    if (r.io.reply != nullptr)
        if (json schema = r.io.reply(); !schema.is_null())
            ok["content"] = {{"application/json", {{"schema", std::move(schema)}}}};
    json& answers = op["responses"];
    answers[std::to_string(r.io.success)] = std::move(ok);
    if (r.access != permission::open) {
        answers["401"] = problem_answer("No credential, or one that is wrong or expired");
        answers["403"] = problem_answer("Signed in, but not allowed to do this");
    }
    if (r.io.body != nullptr)
        answers["422"] = problem_answer("Some fields need correcting; errors[] names each");
    answers["default"] = problem_answer("Any other failure");
    return op;
}

} // namespace

json openapi_document(const router& r, std::string_view version,
                      const std::function<std::string(permission)>& permission_name) {
    json paths = json::object();
    for (const auto& route : r.routes()) {
        std::string method(to_string(route.method));
        for (auto& c : method) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        paths[route.path][method] = operation_of(route, permission_name);
    }
    return {
        {"openapi", "3.1.0"},
        {"info",
         {{"title", "Chat Centre"},
          {"version", std::string(version)},
          {"description",
           "Every message of a support conversation, stored before it is answered and shown live."}}},
        {"servers", json::array({{{"url", "/"}}})},
        {"paths", std::move(paths)},
        {"components",
         {{"securitySchemes",
           {{"bearer", {{"type", "http"}, {"scheme", "bearer"}}},
            {"api_key", {{"type", "apiKey"}, {"in", "header"}, {"name", "X-API-Key"}}}}},
          {"schemas",
           {{"Problem",
             {{"type", "object"},
              {"required", json::array({"title", "status", "detail", "request_id"})},
              {"properties",
               {{"type", {{"type", "string"}}},
                {"title", {{"type", "string"}}},
                {"status", {{"type", "integer"}}},
                {"detail", {{"type", "string"}}},
                {"request_id", {{"type", "string"}}},
                {"errors",
                 {{"type", "array"},
                  {"items",
                   {{"type", "object"},
                    {"required", json::array({"field", "message"})},
                    {"properties",
                     {{"field", {{"type", "string"}}}, {"message", {{"type", "string"}}}}}}}}}}}}}}}}},
    };
}

} // namespace chat_centre::http
