"""What a handover makes of a contact (document 003), leads, activities, tasks, and the administrator's four questions."""

import datetime
import random

import pytest

from harness.api import new_name
from harness.waiting import until

pytestmark = pytest.mark.short

TRIGGER = "I need to speak with a human"


def new_number():
    return "26377" + "".join(random.choice("0123456789") for _ in range(7))


def contact_of(admin, number):
    return until(lambda: admin.get("/api/v1/contacts", q="+" + number)["items"], "the number is made out")[0]


@pytest.fixture
def handed_over(admin, sync):
    """A WhatsApp customer who asked for a person: (number, conversation, contact with its lead)."""
    number = new_number()
    sync.send(number, "Hello", channel="whatsapp", user_name="John")
    sync.send(number, "How can I help you?", channel="whatsapp", sender="bibiana")
    conversation = sync.send(number, TRIGGER, channel="whatsapp")["conversation_id"]
    contact = until(
        lambda: (lambda c: c if c["lead"] else None)(contact_of(admin, number)), "the lead is made"
    )
    return number, conversation, contact


def test_every_trigger_of_a_handover(admin, handed_over):
    number, conversation, contact = handed_over
    # 003/12-15: the contact, the lead's status, 25 points, and when they were last here.
    assert contact["name"] == "John" and contact["phone"] == "+" + number
    assert contact["last_contact_at"] is not None
    assert contact["identities"] == [{"channel": "whatsapp", "external_id": number, "verified": True}]
    lead = contact["lead"]
    assert (lead["status"], lead["score"]) == ("qualified", 25)
    # 003/16-18: high priority, the words that did it, the source.
    assert (lead["priority"], lead["source"]) == ("high", "whatsapp")
    assert lead["handover_requested"] is True and lead["handover_trigger"] == TRIGGER
    assert lead["handover_timestamp"] is not None
    assert lead["contact"] == {"contact_id": contact["contact_id"], "name": "John"}
    # 003/19: an activity with the whole talk, the time and what belongs to it.
    activities = admin.items("/api/v1/activities", contact=contact["contact_id"])
    assert [(a["type"], a["title"], a["text"]) for a in activities] == [("handover", "Handover requested", TRIGGER)]
    metadata = activities[0]["metadata"]
    assert activities[0]["conversation_id"] == conversation and activities[0]["at"] == lead["handover_timestamp"]
    assert [m["message"] for m in metadata["messages"]] == ["Hello", "How can I help you?", TRIGGER]
    assert metadata["channel"] == "whatsapp" and metadata["priority"] in ("normal", "high", "emergency")


def test_once_per_handover(admin, sync, handed_over):
    number, conversation, contact = handed_over
    path = f"/api/v1/contacts/{contact['contact_id']}"
    sync.send(number, TRIGGER + ", please", channel="whatsapp")  # waits already: no second handover
    admin.act(conversation, "takeover")
    admin.act(conversation, "handback")
    again = "Connect me to a human please"
    sync.send(number, again, channel="whatsapp")
    after = until(lambda: (lambda c: c if c["lead"]["score"] > 25 else None)(admin.get(path).json), "the second")
    assert (after["lead"]["score"], after["lead"]["lead_id"]) == (50, contact["lead"]["lead_id"])
    assert after["lead"]["handover_trigger"] == again
    assert len(admin.items("/api/v1/activities", contact=contact["contact_id"], type="handover")) == 2


def test_a_finished_lead_stays_finished(admin, sync, handed_over):
    number, conversation, contact = handed_over
    won = admin.patch(f"/api/v1/leads/{contact['lead']['lead_id']}", {"status": "won"}, expect=200).json
    assert won["status"] == "won"
    admin.act(conversation, "takeover")
    admin.act(conversation, "handback")
    sync.send(number, TRIGGER, channel="whatsapp")
    path = f"/api/v1/contacts/{contact['contact_id']}"
    after = until(
        lambda: (lambda c: c if c["lead"]["status"] == "qualified" else None)(admin.get(path).json), "a new lead"
    )
    assert after["lead"]["lead_id"] != won["lead_id"] and after["lead"]["score"] == 25
    leads = admin.items("/api/v1/leads", contact=contact["contact_id"])
    assert {entry["status"] for entry in leads} == {"won", "qualified"}


def test_new_leads_appear_by_themselves(admin, hire, listen, sync):
    socket = listen(hire("manager"), "staff")
    number = new_number()
    sync.send(number, TRIGGER, channel="whatsapp")
    contact = contact_of(admin, number)
    event = socket.wait_event("lead.update", lambda e: e["data"]["contact_id"] == contact["contact_id"])
    assert set(event["data"]) == {"lead_id", "contact_id"}  # ids only: not everybody may see the contact
    assert socket.wait_event("activity.new", lambda e: e["data"]["contact_id"] == contact["contact_id"])


def test_leads_by_hand(admin, hire):
    contact = admin.post("/api/v1/contacts", {"name": new_name()}, expect=201).json
    body = {"contact_id": contact["contact_id"], "score": 10, "source": "fair"}
    lead = admin.post("/api/v1/leads", body, expect=201).json
    assert (lead["status"], lead["score"], lead["source"], lead["priority"]) == ("new", 10, "fair", "normal")
    assert lead["handover_requested"] is False and lead["handover_trigger"] is None
    admin.post("/api/v1/leads", body, expect=409)  # one open lead at a time
    path = f"/api/v1/leads/{lead['lead_id']}"
    changed = admin.patch(path, {"status": "lost", "priority": "low", "score": 0}, expect=200).json
    assert (changed["status"], changed["priority"], changed["score"]) == ("lost", "low", 0)
    assert admin.get("/api/v1/audit", target=lead["lead_id"], action="lead.change")["items"][0]["detail"]["status"] == [
        "new",
        "lost",
    ]
    assert admin.patch(path, {"score": 1001}).fields() == {"score"}
    assert admin.patch(path, {"status": "king"}).fields() == {"status"}
    assert admin.post("/api/v1/leads", {"contact_id": "CUST-999999999"}).fields() == {"contact_id"}
    hire("agent").patch(path, {"score": 1}, expect=404)
    assert lead["lead_id"] in [entry["lead_id"] for entry in admin.items("/api/v1/leads", status="lost")]


def test_activities(admin, hire):
    contact = admin.post("/api/v1/contacts", {"name": new_name()}, expect=201).json["contact_id"]
    body = {"contact_id": contact, "type": "call", "title": "Called", "text": "Will think about it"}
    made = admin.post(
        "/api/v1/activities", body | {"metadata": {"minutes": 5}, "at": "2024-10-21T16:45:00Z"}, expect=201
    ).json
    assert made["activity_id"].startswith("ACT-") and made["at"] == "2024-10-21T16:45:00.000Z"
    assert made["metadata"] == {"minutes": 5} and made["staff"]["staff_id"] == admin.staff_id
    assert admin.items("/api/v1/activities", contact=contact) == [made]
    assert admin.items("/api/v1/activities", contact=contact, type="email") == []
    assert admin.post("/api/v1/activities", body | {"type": "handover"}).fields() == {"type"}
    assert admin.post("/api/v1/activities", body | {"conversation_id": "CONV-999999999"}).fields() == {
        "conversation_id"
    }
    stranger = hire("agent", "sales")
    assert stranger.post("/api/v1/activities", body).fields() == {"contact_id"}
    assert stranger.items("/api/v1/activities", contact=contact) == []


def test_tasks(admin, team, waiting_chat):
    slug, first, second = team
    customer = waiting_chat(slug)
    first.act(customer.conversation_id, "takeover")
    # The follow-up in seven days of a resolved conversation.
    made = first.post(
        "/api/v1/tasks",
        {"title": "Follow up", "due_in_days": 7, "conversation_id": customer.conversation_id},
        expect=201,
    ).json
    assert made["task_id"].startswith("TASK-") and made["done_at"] is None
    assert made["owner"] == {"staff_id": first.staff_id, "name": first.name}
    assert made["conversation_id"] == customer.conversation_id and made["contact"]["name"] == "John"
    due = datetime.datetime.fromisoformat(made["due_at"].replace("Z", "+00:00"))
    assert abs(due - datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=7)) < datetime.timedelta(
        minutes=5
    )
    ids = lambda api, **query: [k["task_id"] for k in api.items("/api/v1/tasks", **query)]  # noqa: E731
    mine = {"owner": "me", "open": "true"}
    assert ids(first, **mine) == [made["task_id"]] and ids(second, **mine) == []
    path = f"/api/v1/tasks/{made['task_id']}"
    second.patch(path, {"done": True}, expect=404)
    # Given to a colleague: who gave it still sees it.
    given = first.patch(path, {"owner": second.staff_id, "note": "After lunch"}, expect=200).json
    assert given["owner"]["staff_id"] == second.staff_id and given["note"] == "After lunch"
    assert ids(second, **mine) == [made["task_id"]] and made["task_id"] in ids(first)
    done = second.patch(path, {"done": True}, expect=200).json
    assert done["done_at"] is not None and ids(second, **mine) == []
    assert second.patch(path, {"done": False, "due_at": ""}, expect=200).json["due_at"] is None
    # In order of when they are due, page by page; at no time comes last.
    early = second.post("/api/v1/tasks", {"title": "Early", "due_at": "2026-01-01"}, expect=201).json["task_id"]
    assert ids(second, **mine) == [early, made["task_id"]] == ids(second, limit=1, **mine)


def test_tasks_that_are_refused(admin, hire):
    agent = hire("agent")
    for body, field in (
        ({}, "title"),
        ({"title": "x", "due_at": "soon"}, "due_at"),
        ({"title": "x", "due_at": "2026-11-27", "due_in_days": 7}, "due_in_days"),
        ({"title": "x", "owner": "STF-999999999"}, "owner"),
        ({"title": "x", "owner": "John"}, "owner"),
        ({"title": "x", "contact_id": "CUST-999999999"}, "contact_id"),
        ({"title": "x", "conversation_id": "CONV-999999999"}, "conversation_id"),
    ):
        assert agent.post("/api/v1/tasks", body).fields() == {field}, body
    hire("engineer").post("/api/v1/tasks", {"title": "x"}, expect=403)


def test_reminders_are_planned(server, admin, hire):
    agent = hire("agent")
    waiting = lambda task: server.sql(  # noqa: E731
        "SELECT due_at FROM job WHERE kind = 'task.due' AND key = %s", (task.split("-")[1],)
    )
    made = agent.post("/api/v1/tasks", {"title": "x", "due_in_days": 1}, expect=201).json["task_id"]
    first = waiting(made)
    assert len(first) == 1
    agent.patch(f"/api/v1/tasks/{made}", {"due_at": "2099-01-01"}, expect=200)
    assert waiting(made) > first
    agent.patch(f"/api/v1/tasks/{made}", {"done": True}, expect=200)
    assert waiting(made) == []
    # A reminder that is due becomes a notice for the owner.
    soon = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=2)).isoformat()
    made = agent.post("/api/v1/tasks", {"title": "Call back", "due_at": soon}, expect=201).json["task_id"]
    until(lambda: waiting(made) == [], "the reminder is handled")
    notices = server.sql("SELECT data FROM event WHERE type = 'notice.wanted' AND data LIKE %s", ("%Call back%",))
    assert len(notices) == 1 and '"task.due"' in notices[0][0]


def test_the_administrators_four_questions(admin, hire, sync, handed_over):
    number, conversation, contact = handed_over
    report = hire("manager").get("/api/v1/handover-report", hours=24).json
    assert report["hours"] == 24
    by_need = {row["handover_needed"]: row for row in report["accuracy"]}
    assert by_need[True]["total_requests"] >= 1 and 0.7 <= by_need[True]["avg_confidence"] <= 1
    assert TRIGGER in [row["handover_trigger"] for row in report["triggers"]]
    frequencies = [row["frequency"] for row in report["triggers"]]
    assert frequencies == sorted(frequencies, reverse=True) and len(frequencies) <= 10
    assert len(report["decisions"]) <= 20
    decision = next(d for d in report["decisions"] if d["conversation_id"] == conversation and d["handover_needed"])
    assert decision["message_text"] == TRIGGER and decision["reason"] and decision["created_at"]
    row = next(a for a in report["activities"] if a["contact_id"] == contact["contact_id"])
    assert (row["phone_number"], row["title"], row["description"]) == ("+" + number, "Handover requested", TRIGGER)
    hire("agent").get("/api/v1/handover-report", expect=403)
    assert admin.get("/api/v1/handover-report", hours=0, expect=422)


def test_document_003_runs_as_written(server, handed_over):
    number, conversation, contact = handed_over
    path = "SET search_path = compat, public; "
    accuracy = server.sql(
        path
        + """
SELECT
    handover_needed,
    AVG(confidence_score) as avg_confidence,
    COUNT(*) as total_requests
FROM intent_analysis_log
WHERE created_at >= NOW() - INTERVAL '24 hours'
GROUP BY handover_needed;"""
    )
    assert any(needed and count >= 1 for needed, _, count in accuracy)
    triggers = server.sql(
        path
        + """
SELECT
    handover_trigger,
    COUNT(*) as frequency
FROM lead_details
WHERE handover_requested = true
GROUP BY handover_trigger
ORDER BY frequency DESC
LIMIT 10;"""
    )
    assert TRIGGER in [trigger for trigger, _ in triggers]
    decisions = server.sql(
        path
        + """
SELECT
    message_text,
    handover_needed,
    confidence_score,
    reason,
    created_at
FROM intent_analysis_log
ORDER BY created_at DESC
LIMIT 20;"""
    )
    assert decisions
    activities = server.sql(
        path
        + """
SELECT
    c.phone_number,
    a.title,
    a.description,
    a.created_at
FROM activities a
JOIN contacts c ON a.contact_id = c.id
WHERE a.activity_type = 'support_request'
    AND a.created_at >= NOW() - INTERVAL '24 hours'
ORDER BY a.created_at DESC;"""
    )
    assert ("+" + number, "Handover requested", TRIGGER) in [row[:3] for row in activities]
    extra = server.sql(
        path + "SELECT handover_requested, handover_timestamp, handover_reason FROM conversations WHERE id = %s",
        (conversation,),
    )
    assert extra[0][0] is True and extra[0][1] is not None
    detail = server.sql(
        path + "SELECT handover_requested, handover_trigger, handover_timestamp, priority, lead_status, lead_score"
        " FROM lead_details WHERE contact_id = %s",
        (int(contact["contact_id"].split("-")[1]),),
    )
    assert detail[0][:2] == (True, TRIGGER) and detail[0][3:] == ("high", "qualified", 25)


def test_document_001s_tables(server, admin, hire, team, waiting_chat, handed_over):
    number, conversation, contact = handed_over
    sql = lambda query, *values: server.sql("SET search_path = compat, public; " + query, values)  # noqa: E731
    customer = sql("SELECT name, phone, total_calls FROM customers WHERE customer_id = %s", contact["contact_id"])
    assert customer == [("John", "+" + number, 1)]
    call = sql("SELECT call_id, status, phone_number, department FROM calls WHERE conversation_id = %s", conversation)
    assert call[0][0].startswith("CALL_20") and len(call[0][0].split("_")[1]) == 14
    assert call[0][1] == "in_queue" and call[0][2] == "+" + number
    assert sql("SELECT position FROM call_queue WHERE conversation_id = %s", conversation)[0][0] >= 1
    assert sql("SELECT status FROM active_calls WHERE conversation_id = %s", conversation) == [("in_queue",)]
    transcript = sql(
        "SELECT speaker, text FROM call_transcripts WHERE call_id = %s ORDER BY sequence LIMIT 3", call[0][0]
    )
    assert transcript == [("user", "Hello"), ("ai", "How can I help you?"), ("user", TRIGGER)]
    agent = hire("agent", "sales")
    agent.act(waiting_chat("sales").conversation_id, "takeover")
    row = sql("SELECT name, department, status, current_calls FROM agents WHERE agent_id = %s", agent.staff_id)
    assert row == [(agent.name, "sales", "online", 1)]
    free = sql("SELECT free_slots, is_available FROM agent_availability WHERE agent_id = %s", agent.staff_id)
    assert free == [(49, True)]
    done = sql("SELECT total_calls, resolved_calls FROM agent_performance WHERE agent_id = %s", agent.staff_id)
    assert done == [(1, 0)]
    assert sql("SELECT total_calls FROM department_daily_stats WHERE department = 'sales'")[0][0] >= 1
    assert sql("SELECT status FROM leads WHERE contact_id = %s", int(contact["contact_id"].split("-")[1])) == [
        ("qualified",)
    ]
