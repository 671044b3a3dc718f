"""Service levels over the API: policies, clocks on tickets, pauses, opening hours, reminder, breach and escalation."""

from datetime import datetime, timedelta, timezone

import pytest

from harness.api import new_name
from harness.waiting import until

pytestmark = pytest.mark.short

T = "/api/v1/tickets"
P = "/api/v1/sla-policies"


def moment(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


@pytest.fixture
def policy(admin, department):
    """policy(**fields): a service level of a department of its own; (its id, the department's slug). Removed at the end:
    the other tests' tickets keep the shipped ones."""
    made = []

    def make(**fields):
        slug = fields.pop("department", None) or department()
        body = {
            "name": new_name("level"),
            "department": slug,
            "first_response_minutes": 60,
            "resolution_minutes": 240,
            "business_hours": False,
        } | fields
        made.append(admin.post(P, body, expect=201)["sla_policy_id"])
        return made[-1], slug

    yield make
    for id in made:
        admin.call("DELETE", f"{P}/{id}")


def open_ticket(api, slug, **fields):
    return api.post(T, {"subject": "A matter", "department": slug} | fields, expect=201).json


def notices(server, ticket_id, kind):
    return server.sql(
        "SELECT count(*) FROM event WHERE type = 'notice.wanted' AND data::json->>'ticket' = %s AND data::json->>'kind' = %s",
        (ticket_id, kind),
    )[0][0]


def test_policies(admin, hire, department):
    names = {p["name"] for p in hire("agent").items(P)}
    assert {"Emergency", "High", "Normal", "Low"} <= names
    slug = department()
    body = {
        "name": new_name("level"),
        "department": slug,
        "category": "billing",
        "priority": "high",
        "first_response_minutes": 10,
        "resolution_minutes": 20,
    }
    made = admin.post(P, body, expect=201).json
    assert made["department"]["slug"] == slug and made["reminder_minutes"] == 30
    assert made["business_hours"] is True and made["active"] is True
    assert admin.post(P, body).status == 409
    assert admin.post(P, body | {"name": "x", "resolution_minutes": 5}).fields() == {"resolution_minutes"}
    assert admin.post(P, body | {"name": "x", "department": "none-such"}).fields() == {"department"}
    changed = admin.patch(f"{P}/{made['sla_policy_id']}", {"priority": "", "reminder_minutes": 5}, expect=200).json
    assert (changed["priority"], changed["reminder_minutes"]) == (None, 5)
    assert admin.get(f"{P}/{made['sla_policy_id']}").json == changed
    assert admin.call("DELETE", f"{P}/{made['sla_policy_id']}").status == 204
    assert admin.get(f"{P}/{made['sla_policy_id']}", expect=404)
    actions = [a["action"] for a in admin.get("/api/v1/audit")["items"]]
    assert {"sla_policy.create", "sla_policy.change", "sla_policy.remove"} <= set(actions)


def test_the_most_specific_policy_covers_a_ticket(admin, policy):
    _, slug = policy(name=new_name("wide"))
    policy(name="narrow " + slug, department=slug, priority="high")
    assert open_ticket(admin, slug)["sla"]["policy"].startswith("wide")
    assert open_ticket(admin, slug, priority="high")["sla"]["policy"] == "narrow " + slug
    id = open_ticket(admin, slug)["ticket_id"]
    assert admin.patch(f"{T}/{id}", {"priority": "high"}, expect=200)["sla"]["policy"] == "narrow " + slug


def test_the_timer_starts_on_creation_and_stands_still(admin, policy):
    _, slug = policy()
    ticket = open_ticket(admin, slug)
    made = moment(ticket["created_at"])
    assert moment(ticket["sla"]["first_response"]["due_at"]) == made + timedelta(minutes=60)
    assert moment(ticket["sla"]["resolution"]["due_at"]) == made + timedelta(minutes=240)
    path = f"{T}/{ticket['ticket_id']}"
    for status in ("Waiting for Customer", "on_hold"):
        clock = admin.patch(path, {"status": status}, expect=200)["sla"]["resolution"]
        assert clock == {"due_at": None, "met_at": None, "state": "paused"}
    clock = admin.patch(path, {"status": "in_progress"}, expect=200)["sla"]["resolution"]
    assert clock["state"] == "running" and moment(clock["due_at"]) >= made + timedelta(minutes=240)
    answered = admin.post(f"{path}/reply", {"message": "Hello"}, expect=201)["ticket"]
    assert answered["sla"]["first_response"]["state"] == "met"
    assert admin.patch(path, {"status": "resolved"}, expect=200)["sla"]["resolution"]["state"] == "met"


def test_business_hours(server, admin, policy):
    _, slug = policy(business_hours=True, first_response_minutes=30)
    # Open one hour a week, on the day after tomorrow, in Harare (UTC+2).
    now = datetime.now(timezone.utc)
    day = (now + timedelta(days=2)).date()
    server.sql("UPDATE department SET time_zone = 'Africa/Harare' WHERE slug = %s", (slug,))
    server.sql(
        "INSERT INTO department_hours (department_id, day, opens, closes)"
        " SELECT department_id, %s, '09:00', '10:00' FROM department WHERE slug = %s",
        (day.isoweekday(), slug),
    )
    clock = open_ticket(admin, slug)["sla"]
    due = moment(clock["first_response"]["due_at"])
    assert due == datetime(day.year, day.month, day.day, 7, 30, tzinfo=timezone.utc)
    assert moment(clock["resolution"]["due_at"]) == due + timedelta(weeks=3, minutes=30)


def test_reminder_breach_and_escalation_once_each(server, admin, policy, hire):
    _, slug = policy()
    sarah = hire("agent", slug)
    id = open_ticket(admin, slug, staff_id=sarah.staff_id)["ticket_id"]

    def let_pass(minutes):
        """As if the ticket had been made so much earlier; any change counts the clocks anew."""
        server.sql("UPDATE ticket SET created_at = created_at - %s * interval '1 minute' WHERE ticket_id = %s", (minutes, id))
        admin.patch(f"{T}/{id}", {"tags": [new_name()]}, expect=200)

    let_pass(35)
    until(lambda: notices(server, id, "sla.reminder") == 1, "the reminder 30 minutes before")
    let_pass(30)
    until(lambda: notices(server, id, "sla.breach") == 1, "the breach")
    until(lambda: notices(server, id, "sla.escalation") == 1, "the escalation")
    ticket = admin.get(f"{T}/{id}").json
    assert ticket["level"] == "manager" and ticket["sla"]["first_response"]["state"] == "breached"
    assert [h["after"] for h in ticket["history"] if h["field"] == "level"] == ["manager"]
    let_pass(1)
    assert [notices(server, id, k) for k in ("sla.reminder", "sla.breach", "sla.escalation")] == [1, 1, 1]


def test_resolved_and_quiet_for_seven_days(server, admin, department):
    id = open_ticket(admin, department())["ticket_id"]
    admin.patch(f"{T}/{id}", {"status": "resolved"}, expect=200)
    due = {
        kind: (at - resolved).total_seconds() / 86400
        for kind, at, resolved in server.sql(
            "SELECT kind, due_at, resolved_at FROM job JOIN ticket ON key = ticket_id WHERE ticket_id = %s", (id,)
        )
    }
    assert due == {"ticket.nudge": 6, "ticket.autoclose": 7}
    for kind in ("ticket.nudge", "ticket.autoclose"):
        server.sql("UPDATE job SET due_at = now() - interval '1 second' WHERE kind = %s AND key = %s", (kind, id))
        server.sql("SELECT pg_notify('chat_centre_job_ticket', '')")
        if kind == "ticket.nudge":
            until(lambda: notices(server, id, "ticket.nudge") == 1, "the last word before it closes")
            assert admin.get(f"{T}/{id}").json["status"] == "resolved"
    closed = until(lambda: (t := admin.get(f"{T}/{id}").json)["status"] == "closed" and t, "the ticket to close")
    assert closed["closed_at"] and closed["history"][-1] | {"at": None} == {
        "at": None,
        "actor": {"staff_id": None, "name": "system"},
        "field": "status",
        "before": "resolved",
        "after": "closed",
    }
    assert notices(server, id, "ticket.nudge") == 1


def test_a_changed_policy_counts_open_tickets_anew(admin, policy):
    level, slug = policy()
    ticket = open_ticket(admin, slug)
    admin.patch(f"{P}/{level}", {"resolution_minutes": 480}, expect=200)
    expected = moment(ticket["created_at"]) + timedelta(minutes=480)
    until(
        lambda: moment(admin.get(f"{T}/{ticket['ticket_id']}").json["sla"]["resolution"]["due_at"]) == expected,
        "the open ticket to be counted anew",
    )
