"""Tickets: document 002's role chart with every branch, document 001's ticket lines, and the portal."""

import re

import pytest

from harness.api import Api, new_name
from harness.waiting import until

pytestmark = pytest.mark.short

T = "/api/v1/tickets"


def portal(server, **fields):
    body = {"name": "John", "email": new_name() + "@example.org", "subject": "Where is my order?"} | fields
    return Api(server.port).post("/tickets", body)


@pytest.fixture
def ticket(admin, team):
    """A portal-like ticket in a department's list: (id, slug, first agent, second agent)."""
    slug, first, second = team
    made = admin.post(T, {"subject": "مشكلة في التسليم", "description": "لم أستقبل طلبي بعد", "department": slug}, expect=201)
    return made["ticket_id"], slug, first, second


def ticket_of(api, conversation_id):
    found = until(lambda: api.get(T, conversation=conversation_id)["items"], "the conversation's ticket")
    assert len(found) == 1
    return found[0]


def test_the_portal_opens_a_ticket(server, admin):
    made = portal(server, description="I have waited a week.", priority="HIGH", phone="+966501234567")
    assert made.status == 201, made
    assert re.fullmatch(r"TKT_\d{8}_[A-Z0-9]{4}", made["ticket_id"])
    assert "requester" not in made.json, "the portal is not told what is known of the contact"
    seen = admin.get(f"/tickets/{made['ticket_id']}").json
    assert (seen["source"], seen["status"], seen["status_text"], seen["priority"]) == ("portal", "open", "Open", "high")
    assert seen["requester"]["phone"] == "+966501234567" and seen["requester"]["contact_id"].startswith("CUST-")
    assert seen["sla"]["policy"] == "High" and seen["sla"]["first_response"]["state"] == "running"
    assert [h["field"] for h in seen["history"]] == ["ticket"]
    assert made["ticket_id"] in [t["ticket_id"] for t in admin.get("/tickets", q=made["ticket_id"])["items"]]


@pytest.mark.parametrize(
    "change, field",
    [
        ({"subject": "", "description": ""}, "subject"),
        ({"email": ""}, "email"),
        ({"email": "nobody"}, "email"),
        ({"priority": "soon"}, "priority"),
        ({"department": "no-such-department"}, "department"),
        ({"staff_id": "STF-1"}, "body"),
        ({"nonsense": 1}, "nonsense"),
    ],
)
def test_the_portal_says_what_is_wrong(server, change, field):
    reply = portal(server, **change)
    assert reply.status == 422 and field in reply.fields(), reply


def test_one_person_is_one_contact(server, admin):
    email = new_name() + "@example.org"
    ids = [portal(server, email=e)["ticket_id"] for e in (email, email.upper())]
    contacts = {admin.get(f"{T}/{i}").json["requester"]["contact_id"] for i in ids}
    assert len(contacts) == 1
    assert {t["ticket_id"] for t in admin.get(T, contact=contacts.pop())["items"]} == set(ids)


def test_documents_names_for_the_requester(server, admin):
    """Document 001: create_ticket(customer_name, customer_phone, subject, description, department, priority)."""
    made = admin.post(
        "/tickets",
        {
            "customer_name": "أحمد محمد",
            "customer_phone": "+966501234567",
            "subject": "مشكلة في التسليم",
            "description": "لم أستقبل طلبي بعد",
            "department": "COMPLAINTS",
            "priority": "HIGH",
        },
        expect=201,
    ).json
    assert made["requester"]["name"] == "أحمد محمد" and made["department"]["slug"] == "complaints"
    assert made["priority"] == "high" and made["source"] == "staff"
    rows = server.sql(
        "SELECT customer_name, subject, department, priority, status FROM compat.open_tickets WHERE ticket_id = %s",
        (made["ticket_id"],),
    )
    assert rows == [("أحمد محمد", "مشكلة في التسليم", "complaints", "high", "open")]
    admin.patch(f"{T}/{made['ticket_id']}", {"status": "Resolved"}, expect=200)
    assert server.sql("SELECT 1 FROM compat.open_tickets WHERE ticket_id = %s", (made["ticket_id"],)) == []
    history = server.sql(
        "SELECT field_changed, old_value, new_value FROM compat.tickets_history WHERE ticket_id = %s ORDER BY id",
        (made["ticket_id"],),
    )
    assert history[-1] == ("status", "open", "resolved")


# --- document 002's chart: role check after assignment; every branch is "In Progress" ---


@pytest.mark.parametrize("role, level", [("agent", "L1"), ("engineer", "L2"), ("manager", "manager")])
def test_role_check_after_assignment(manager, hire, ticket, role, level):
    id, slug, _, _ = ticket
    to = hire(role, slug)
    after = manager.post(f"{T}/{id}/assignment", {"staff_id": to.staff_id}, expect=200).json
    assert (after["level"], after["status"], after["status_text"]) == (level, "in_progress", "In Progress")
    assert after["assigned_staff"]["staff_id"] == to.staff_id
    assert to.get(f"/tickets/{id}").json["ticket_id"] == id


def test_agents_see_and_answer_their_own(manager, hire, ticket):
    id, slug, sarah, bob = ticket
    stranger = hire("agent")
    assert stranger.get(f"{T}/{id}", expect=404)
    assert bob.get(f"{T}/{id}").json["status"] == "open"  # in the department's list
    taken = sarah.post(f"{T}/{id}/assignment", {"staff_id": "me"}, expect=200).json
    assert taken["status"] == "in_progress"
    assert bob.get(f"{T}/{id}", expect=404)
    assert id not in [t["ticket_id"] for t in bob.get(T)["items"]]
    answer = sarah.post(f"/tickets/{id}/reply", {"message": "It is on its way."}, expect=201).json
    assert answer["reply"]["message"] == "It is on its way." and answer["ticket"]["sla"]["first_response"]["met_at"]
    seen = sarah.get(f"{T}/{id}").json
    assert [r["message"] for r in seen["replies"]] == ["It is on its way."]
    assert seen["replies"][0]["author"] == {"kind": "staff", "staff_id": sarah.staff_id, "name": sarah.name}
    # Only managers reassign.
    assert sarah.post(f"{T}/{id}/assignment", {"staff_id": bob.staff_id}).status == 403
    assert manager.post(f"{T}/{id}/assignment", {"staff_id": bob.staff_id}, expect=200)
    assert sarah.get(f"{T}/{id}", expect=404)


def test_engineers_see_escalated_tickets_and_comment_only(hire, ticket):
    id, slug, sarah, _ = ticket
    engineer = hire("engineer", slug)
    engineer.get(f"{T}/{id}", expect=404)
    after = sarah.post(f"{T}/{id}/escalation", {"level": "L2", "reason": "It needs a log."}, expect=200).json
    assert (after["level"], after["status"]) == ("L2", "in_progress")
    assert engineer.get(f"{T}/{id}").json["level"] == "L2"
    assert engineer.post(f"{T}/{id}/notes", {"body": "Fixed in the next build."}, expect=201)
    for method, path, body in [
        ("POST", "/reply", {"message": "Hello"}),
        ("PATCH", "", {"status": "resolved"}),
        ("POST", "/assignment", {"staff_id": "me"}),
        ("POST", "/escalation", {"level": "manager"}),
    ]:
        assert engineer.call(method, f"{T}/{id}{path}", body).status == 403, path
    assert [n["body"] for n in sarah.get(f"{T}/{id}").json["notes"]] == ["Fixed in the next build."]
    assert sarah.post(f"{T}/{id}/escalation", {"level": "L1"}).status == 403  # a manager brings it back
    sarah.post(f"{T}/{id}/escalation", {"level": "manager"}, expect=200)
    engineer.get(f"{T}/{id}", expect=404)


def test_managers_see_all_and_reassign(manager, ticket):
    id, slug, sarah, bob = ticket
    for agent in (sarah, bob):
        after = manager.post(f"{T}/{id}/assignment", {"staff_id": agent.staff_id}, expect=200).json
        assert after["assigned_staff"]["staff_id"] == agent.staff_id
    back = manager.post(f"{T}/{id}/assignment", {"department": slug}, expect=200).json
    assert back["assigned_staff"] is None


# --- handover, and one life with the conversation ---


def test_a_handover_opens_a_ticket_that_lives_with_the_conversation(manager, admin, team, waiting_chat):
    slug, sarah, _ = team
    customer = waiting_chat(slug, "My parcel is lost", email="john@example.org")
    opened = ticket_of(manager, customer.conversation_id)
    assert opened["source"] == "handover" and opened["description"] == "My parcel is lost"
    until(
        lambda: (ticket_of(manager, customer.conversation_id)["department"] or {}).get("slug") == slug,
        "its department",
    )
    id = opened["ticket_id"]
    again = admin.post(f"/api/v1/conversations/{customer.conversation_id}/ticket", expect=200)
    assert again["ticket_id"] == id  # one open ticket per conversation

    answer = sarah.post(f"{T}/{id}/reply", {"message": "I am looking for it."}, expect=201).json
    assert answer["ticket"]["status"] == "in_progress"
    assert answer["ticket"]["assigned_staff"]["staff_id"] == sarah.staff_id
    state = sarah.conversation(customer.conversation_id)
    assert (state["status"], state["assigned_staff"]["staff_id"]) == ("active", sarah.staff_id)
    assert "I am looking for it." in [m["message"] for m in customer.get(customer.path + "/messages")["items"]]
    said = [(r["author"]["kind"], r["message"]) for r in sarah.get(f"{T}/{id}").json["replies"]]
    assert ("customer", "My parcel is lost") in said and said[-1] == ("staff", "I am looking for it.")

    sarah.patch(f"{T}/{id}", {"status": "waiting_customer"}, expect=200)
    customer.say("Here is the number: 42")
    until(lambda: sarah.get(f"{T}/{id}").json["status"] == "in_progress", "the customer's answer to be noticed")

    # "Close Ticket" on the chat screen resolves both.
    sarah.act(customer.conversation_id, "resolution", {"resolution": "Found"})
    until(lambda: sarah.get(f"{T}/{id}").json["status"] == "resolved", "the ticket to end with its conversation")
    customer.say("It is lost again")
    until(lambda: sarah.get(f"{T}/{id}").json["status"] == "in_progress", "the ticket to be open again")
    # And resolving one's ticket resolves one's chat.
    sarah.patch(f"{T}/{id}", {"status": "resolved", "resolution": "Found again"}, expect=200)
    assert sarah.conversation(customer.conversation_id)["status"] == "resolved"


def test_a_chat_of_somebody_else_is_left_alone(manager, hire, team, waiting_chat):
    slug, sarah, bob = team
    customer = waiting_chat(slug)
    id = ticket_of(manager, customer.conversation_id)["ticket_id"]
    sarah.act(customer.conversation_id, "takeover")
    until(lambda: manager.get(f"{T}/{id}").json["assigned_staff"], "the ticket to follow the takeover")
    refused = manager.post(f"{T}/{id}/reply", {"message": "Hello"})
    assert refused.status == 409 and sarah.name in refused["detail"]
    manager.patch(f"{T}/{id}", {"status": "resolved"}, expect=200)
    assert sarah.conversation(customer.conversation_id)["status"] == "active"


# --- working with tickets ---


def test_two_people_who_change_at_once(ticket):
    id, _, sarah, bob = ticket
    version = sarah.get(f"{T}/{id}").json["version"]
    sarah.patch(f"{T}/{id}", {"version": version, "priority": "high"}, expect=200)
    late = bob.patch(f"{T}/{id}", {"version": version, "priority": "low"})
    assert late.status == 409 and late["current"]["priority"] == "high"
    bob.patch(f"{T}/{id}", {"version": late["current"]["version"], "tags": ["refund"]}, expect=200)
    assert bob.get(T, tag="refund", q=id)["items"][0]["tags"] == ["refund"]


def test_history_names_every_change(ticket):
    id, _, sarah, _ = ticket
    sarah.patch(f"{T}/{id}", {"status": "In Progress", "priority": "high", "category": "billing"}, expect=200)
    assert sarah.patch(f"{T}/{id}", {"status": "in_progress"}, expect=200)["version"] == 2  # nothing changed
    sarah.patch(f"{T}/{id}", {"status": "On Hold"}, expect=200)
    rows = [(h["field"], h["before"], h["after"]) for h in sarah.get(f"{T}/{id}/history").json["items"]]
    assert rows[1:] == [
        ("status", "open", "in_progress"),
        ("priority", "normal", "high"),
        ("category", "delivery", "billing"),  # what its words say, at first
        ("status", "in_progress", "on_hold"),
    ]
    assert sarah.patch(f"{T}/{id}", {"status": "open"}).status == 409
    assert sarah.patch(f"{T}/{id}", {"status": "done"}).fields() == {"status"}


def test_merging_linking_following(manager, hire, team):
    slug, sarah, _ = team
    one, two, three = (
        manager.post(T, {"subject": f"Ticket {n}", "department": slug}, expect=201)["ticket_id"] for n in range(3)
    )
    sarah.post(f"{T}/{one}/links", {"ticket_id": three, "kind": "blocks"}, expect=200)
    assert sarah.get(f"{T}/{three}").json["links"] == [{"ticket_id": one, "kind": "blocked_by"}]
    sarah.post(f"{T}/{one}/notes", {"body": "a note"}, expect=201)
    assert sarah.call("PUT", f"{T}/{one}/followers/me")["followers"][0]["staff_id"] == sarah.staff_id
    other = hire("agent", slug)
    assert sarah.call("PUT", f"{T}/{one}/followers/{other.staff_id}").status == 403
    assert manager.call("PUT", f"{T}/{one}/followers/{other.staff_id}").status == 200
    assert manager.call("DELETE", f"{T}/{one}/followers/{other.staff_id}")["followers"][0]["staff_id"] == sarah.staff_id
    whole = manager.post(f"{T}/{one}/merge", {"into": two}, expect=200).json
    assert whole["ticket_id"] == two
    merged = manager.get(f"{T}/{one}").json
    assert (merged["status"], merged["merged_into"]) == ("closed", two)
    kept = manager.get(f"{T}/{two}").json
    assert [n["body"] for n in kept["notes"]] == ["a note"] and kept["history"][-1]["field"] == "merged"
    assert [f["staff_id"] for f in kept["followers"]] == [sarah.staff_id]
    assert manager.post(f"{T}/{one}/merge", {"into": two}).status == 409
    assert manager.post(f"{T}/{two}/merge", {"into": two}).status == 422
    assert manager.patch(f"{T}/{one}", {"status": "in_progress"}).status == 409


def test_a_retried_reply_is_one_reply(ticket):
    id, _, sarah, _ = ticket
    body = {"message": "Once", "client_message_id": "c-1"}
    first, second = (sarah.post(f"{T}/{id}/reply", body, expect=201)["reply"] for _ in range(2))
    assert first["reply_id"] == second["reply_id"]
    assert len(sarah.get(f"{T}/{id}").json["replies"]) == 1


def test_pages_of_the_list(manager, team):
    slug, sarah, _ = team
    made = [manager.post(T, {"subject": f"T{n}", "department": slug}, expect=201)["ticket_id"] for n in range(5)]
    assert [t["ticket_id"] for t in sarah.items(T, department=slug, limit=2)] == made[::-1]
    assert sarah.get(T, status="In Progress", department=slug)["items"] == []
    assert sarah.get(T, status="nonsense", expect=422).fields() == {"status"}


# --- live ---


def test_tickets_live(manager, hire, team, listen):
    slug, sarah, bob = team
    engineer = hire("engineer")
    sockets = {name: listen(api, "tickets") for name, api in (("sarah", sarah), ("bob", bob), ("engineer", engineer))}
    id = manager.post(T, {"subject": "Live", "department": slug}, expect=201)["ticket_id"]

    def told(name, type, check):
        return until(
            lambda: [e for e in sockets[name].events if e["type"] == type and e["data"].get("ticket_id") == id and check(e["data"])],
            f"{type} at {name}",
        )

    told("sarah", "ticket.new", lambda d: d["status"] == "open")
    told("bob", "ticket.new", lambda d: True)
    sarah.post(f"{T}/{id}/assignment", {"staff_id": "me"}, expect=200)
    told("bob", "ticket.update", lambda d: d.get("visible") is False)
    sarah.post(f"{T}/{id}/escalation", {"level": "L2"}, expect=200)
    told("engineer", "ticket.update", lambda d: d.get("level") == "L2")
    sarah.post(f"{T}/{id}/escalation", {"level": "manager"}, expect=200)
    told("engineer", "ticket.update", lambda d: d.get("visible") is False)
    seen = [e["data"] for e in sockets["bob"].events if e["data"].get("ticket_id") == id]
    assert all(d.get("visible") is False or d["assigned_staff"] is None for d in seen)
    # The event log keeps to what one may see now.
    for api in (bob, engineer):
        past = [e["data"] for e in api.events() if e["type"].startswith("ticket.") and e["data"].get("ticket_id") == id]
        assert past and all(d == {"ticket_id": id, "visible": False} for d in past)


def test_the_customer_is_told(manager, team, waiting_chat, listen):
    slug, sarah, _ = team
    customer = waiting_chat(slug)
    live = listen(customer)
    id = ticket_of(manager, customer.conversation_id)["ticket_id"]
    sarah.post(f"{T}/{id}/reply", {"message": "Good morning"}, expect=201)
    event = until(
        lambda: [e for e in live.events if e["type"] == "ticket.update" and e["data"]["status"] == "in_progress"],
        "ticket.update at the customer",
    )[0]
    assert set(event["data"]) == {
        "ticket_id", "subject", "status", "status_text", "assigned_staff", "created_at", "updated_at",
    }
