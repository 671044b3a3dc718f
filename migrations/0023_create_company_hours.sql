-- The company's hours, as the environment says them at each start (BUSINESS_HOURS_START, BUSINESS_HOURS_END, TIME_ZONE).
-- Departments without hours of their own keep them, every day of the week.
CREATE TABLE company_hours (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    time_zone text NOT NULL,
    opens time, -- NULL: around the clock
    closes time,
    CHECK ((opens IS NULL) = (closes IS NULL)),
    CHECK (opens < closes)
);
CREATE TRIGGER company_hours_changed AFTER INSERT OR UPDATE OR DELETE ON company_hours
    FOR EACH STATEMENT EXECUTE FUNCTION sla_hours_changed();

-- What counts for a department, and where it is from. The company's hours are local times of the company's zone.
CREATE VIEW department_calendar AS
SELECT d.department_id,
       CASE WHEN h.own THEN 'department' WHEN c.opens IS NOT NULL THEN 'company' ELSE 'always' END AS hours_from,
       CASE WHEN c.opens IS NULL OR h.own THEN d.time_zone ELSE c.time_zone END AS time_zone
FROM department d
    LEFT JOIN company_hours c ON true,
    LATERAL (SELECT EXISTS (SELECT 1 FROM department_hours o WHERE o.department_id = d.department_id) AS own) h;

CREATE VIEW department_hours_in_force AS
SELECT department_id, day, opens, closes FROM department_hours
UNION ALL
SELECT k.department_id, w.day::smallint, c.opens, c.closes
FROM department_calendar k, company_hours c, generate_series(1, 7) AS w (day)
WHERE k.hours_from = 'company';
