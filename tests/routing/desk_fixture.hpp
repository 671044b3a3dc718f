#pragma once
// A centre in a database: departments, people with open sockets, customers who wait.

#include "support/database.hpp"

#include <chat_centre/base/clock.hpp>

#include <string>
#include <vector>

namespace chat_centre::tests {

struct hired {
    std::string name;
    int capacity = 5;
    std::vector<std::string> departments;
    std::string languages = "{}"; // a PostgreSQL array
    std::vector<std::string> skills;
    bool online = true;
    std::string availability = "online";
    std::string role = "agent";
};

class centre {
public:
    centre() = default;
    void department(const std::string& slug, const std::string& assignment,
                    const std::string& more = "") const {
        run("INSERT INTO department (slug, name_en, name_ar) VALUES ('" + slug + "', '" + slug +
            "', 'قسم');"
            "UPDATE department SET assignment = '" +
            assignment + "'" + (more.empty() ? "" : ", " + more) + " WHERE slug = '" + slug + "'");
    }
    void hire(const hired& h) const {
        std::string sql =
            "WITH s AS (INSERT INTO staff (name, email, password_hash, role, capacity, languages, availability)"
            " VALUES ('" +
            h.name + "', '" + h.name + "@example.org', '-', '" + h.role + "', " + std::to_string(h.capacity) +
            ", '" + h.languages + "', '" + h.availability + "') RETURNING staff_id)";
        std::string departments;
        for (const auto& d : h.departments) departments += (departments.empty() ? "'" : ", '") + d + "'";
        sql +=
            ", d AS (INSERT INTO staff_department SELECT s.staff_id, department_id FROM s, department WHERE slug IN (" +
            departments + "))";
        int n = 0;
        for (const auto& skill : h.skills)
            sql += ", k" + std::to_string(n++) + " AS (INSERT INTO staff_skill SELECT staff_id, '" + skill +
                   "', 3 FROM s)";
        if (h.online)
            sql +=
                ", p AS (INSERT INTO staff_presence SELECT staff_id, 'test', now(), now() + interval '1 hour' FROM s)";
        run(sql + " SELECT 1");
    }
    // So many wait since now, a microsecond apart, with everything that a queue of the product has.
    void wait(const std::string& department, int n, const std::string& language = "",
              const std::string& priority = "normal", bool vip = false) const {
        run("WITH k AS (INSERT INTO contact (name, vip, created_at, updated_at) SELECT 'John', " +
            std::string(vip ? "true" : "false") +
            ", clock_timestamp(), clock_timestamp() FROM generate_series(1, " + std::to_string(n) +
            ") RETURNING contact_id)"
            " INSERT INTO conversation (contact_id, channel, user_id, user_name, language, status, handler, priority,"
            " department_id, handover_requested, handover_timestamp, waiting_since, created_at, updated_at)"
            " SELECT contact_id, 'elevenlabs', 'U' || contact_id, 'John', '" +
            language + "', 'pending', 'queue', '" + priority +
            "', (SELECT department_id FROM department WHERE slug = '" + department +
            "'), true, w, w, w, w FROM k, LATERAL (SELECT clock_timestamp() + contact_id * interval '1 microsecond' AS w) t");
    }
    void run(const std::string& sql) const { data.script(sql); }
    db::settings settings() const { return data.settings(); }

    database data;
};

} // namespace chat_centre::tests
