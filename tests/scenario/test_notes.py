"""Internal notes never reach the customer, by any way."""

import json

import pytest

from harness.api import new_name

pytestmark = pytest.mark.short


def test_notes_stay_inside(team, waiting_chat, listen, server):
    slug, sarah, _ = team
    john = waiting_chat(slug)
    conversation = john.conversation_id
    secret = new_name("secret")
    customer_socket = listen(john, f"conversation:{conversation}")
    sarah.act(conversation, "takeover")
    staff_socket = listen(sarah, f"conversation:{conversation}")

    note = sarah.post(f"{john.path}/notes", {"body": f"{secret} in a note"}, expect=201).json
    assert note["body"].startswith(secret) and note["note_id"] and note["name"] == sarah.name
    sarah.act(conversation, "hold")
    sarah.delete(f"{john.path}/hold", expect=200)
    sarah.put(
        f"{john.path}/draft", {"kind": "note", "body": f"{secret} in a draft", "version": 0}, expect=200
    )
    sarah.patch(john.path, {"tags": [secret]}, expect=200)
    sarah.act(conversation, "resolution", {"resolution": f"{secret} in the resolution", "outcome": "solved"})
    john.say("thank you")

    assert staff_socket.wait_event("note.new")["data"]["body"].startswith(secret)
    assert [n["body"] for n in sarah.conversation(conversation)["notes"]] == [f"{secret} in a note"]

    # Everything the customer can ask for.
    for path in (john.path, f"{john.path}/messages", f"{john.path}/messages?after_seq=0&limit=500"):
        assert secret not in john.get(path).body.decode()
    assert secret not in str(john.events())
    assert john.get(f"{john.path}/notes", expect=None).status in (403, 404, 405)
    assert john.post(f"{john.path}/notes", {"body": "mine"}).status == 403
    customer_socket.wait_event("message.new", lambda e: e["data"]["message"] == "thank you")
    customer_socket.barrier()
    assert secret not in json.dumps(customer_socket.frames)

    # And everything they can replay.
    again = listen(john)
    again.subscribe(f"conversation:{conversation}", since=0)
    again.barrier()
    assert secret not in json.dumps(again.frames)
    assert not [e for e in again.events if e["type"].startswith("note")]

    # The message table has no trace of it either: notes have a table of their own.
    assert server.sql("SELECT count(*) FROM message WHERE body LIKE %s", (f"%{secret}%",)) == [(0,)]


def test_the_customers_view_has_only_what_it_needs(team, waiting_chat):
    slug, sarah, _ = team
    john = waiting_chat(slug)
    sarah.act(john.conversation_id, "takeover")
    allowed = {
        "conversation_id",
        "status",
        "handler",
        "created_at",
        "updated_at",
        "rating",
        "assigned_staff",
        "last_seq",
        "queue_position",
        "estimated_wait_seconds",
    }
    assert set(john.state()) <= allowed
    assert set(john.state()["assigned_staff"]) == {"name"}


def test_a_note_needs_a_text(team, waiting_chat):
    slug, sarah, _ = team
    john = waiting_chat(slug)
    for body in ({}, {"body": ""}, {"body": "  "}, {"body": 5}):
        assert sarah.post(f"{john.path}/notes", body).fields() == {"body"}
