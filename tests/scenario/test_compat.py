"""Document 000's shapes as SQL views in the schema compat, so that a report written against the document runs."""

import pytest

from harness.api import new_name

pytestmark = pytest.mark.short


def test_the_documented_conversations_table(server, sync, admin, hire):
    user = new_name()
    reply = sync.send(
        user,
        "I need help",
        user_name="John",
        issue_type="education_scholarship",
        timestamp="2024-10-21 16:45:00",
        user_email="john@example.org",
        user_phone="+263123456",
    ).json
    sync.send(user, "Which documents do you have?", sender="bibiana")
    conversation = reply["conversation_id"]
    sarah = hire("manager", name="Sarah Johnson")
    sarah.act(conversation, "takeover")
    sarah.post(f"/api/v1/conversations/{conversation}/messages", {"message": "Hello John"}, expect=201)
    sarah.act(
        conversation,
        "resolution",
        {"resolution": "Provided alternative documents list", "outcome": "awaiting_documents"},
    )

    # The columns of document 000's CREATE TABLE, in its words.
    rows = server.sql(
        "SELECT id, user_id, user_name, issue_type, status, assigned_staff, created_at, messages, resolution,"
        " satisfaction_rating FROM compat.conversations WHERE user_id = %s",
        (user,),
    )
    assert len(rows) == 1
    row = rows[0]
    assert (
        row[0] == conversation and row[1] == user and row[2] == "John" and row[3] == "education_scholarship"
    )
    assert row[4] == "resolved" and row[5] == "Sarah Johnson"
    assert row[8] == "Provided alternative documents list" and row[9] is None
    messages = row[7]
    assert [(m["role"], m["message"]) for m in messages] == [
        ("user", "I need help"),
        ("ai", "Which documents do you have?"),
        ("staff", "Hello John"),
    ]
    assert (
        messages[0]["sender"] == "John"
        and messages[1]["sender"] == "bibiana"
        and messages[2]["sender"] == "Sarah Johnson"
    )
    assert messages[0]["timestamp"] == "2024-10-21 16:45:00"
    assert all(set(m) >= {"timestamp", "sender", "role", "message"} for m in messages)


def test_the_document_form_has_the_other_fields_too(server):
    columns = {
        name
        for (name,) in server.sql(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'compat' AND table_name = 'conversations'"
        )
    }
    assert columns >= {
        "id",
        "user_id",
        "user_name",
        "user_email",
        "user_phone",
        "issue_type",
        "priority",
        "status",
        "created_at",
        "updated_at",
        "duration_minutes",
        "assigned_staff",
        "messages",
        "resolution",
        "satisfaction_rating",
        "notes",
    }


def test_documented_statuses_only(server):
    statuses = {s for (s,) in server.sql("SELECT DISTINCT status FROM compat.conversations")}
    assert statuses <= {"bot", "pending", "active", "resolved", "closed"}
