"""Counts and lists: what waits, what is with whom, what was done today."""

import pytest

from harness.api import new_name

pytestmark = pytest.mark.short


def rows(api, **query):
    return api.items("/api/v1/conversations", **query)


def ids(conversations):
    return [c["conversation_id"] for c in conversations]


def test_the_queue_of_a_department(department, hire, waiting_chat, admin):
    slug = department()
    sarah = hire("agent", slug)

    def look():
        """The queue, with the rows of her department only: those of no department are everybody's."""
        queue = sarah.get("/api/v1/queue").json
        assert queue["waiting"] == len(queue["items"])
        return queue, [row for row in queue["items"] if (row["department"] or {}).get("slug") == slug]

    before, items = look()
    assert (before["active"], items, before["mine"]) == (0, [], [])

    bob, mark = waiting_chat(slug), waiting_chat(slug)
    urgent = waiting_chat(slug, "Fever not going down")
    admin.patch(urgent.path, {"priority": "emergency"}, expect=200)
    queue, items = look()
    assert queue["waiting"] == before["waiting"] + 3 and queue["active"] == 0
    assert ids(items) == [
        c.conversation_id for c in (urgent, bob, mark)
    ], "by priority, then the oldest first"
    assert items[0]["last_message"]["message"]
    assert all(row["waiting_since"] and row["waiting_seconds"] >= 0 for row in items)

    sarah.act(bob.conversation_id, "takeover")
    queue, items = look()
    assert (len(items), queue["active"]) == (2, 1)
    assert ids(queue["mine"]) == [bob.conversation_id]
    me = next(s for s in queue["staff"] if s["staff_id"] == sarah.staff_id)
    assert me["monitoring"] == 1

    sarah.act(bob.conversation_id, "resolution", {"outcome": "solved"})
    queue, items = look()
    assert (len(items), queue["active"], queue["resolved_today"], queue["mine"]) == (2, 0, 1, [])
    assert queue["average_wait_seconds"] >= 0
    assert queue["first_response_seconds"] is None or queue["first_response_seconds"] >= 0


def test_the_managers_counts_move_with_every_change(manager, department, waiting_chat):
    slug = department()

    def counts():
        queue = manager.get("/api/v1/queue").json
        return queue["waiting"], queue["active"], queue["resolved_today"], queue["conversations_today"]

    waiting, active, resolved, today = counts()
    john = waiting_chat(slug)
    assert counts() == (waiting + 1, active, resolved, today + 1)
    manager.act(john.conversation_id, "takeover")
    assert counts() == (waiting, active + 1, resolved, today + 1)
    manager.act(john.conversation_id, "resolution", {})
    assert counts() == (waiting, active, resolved + 1, today + 1)


def test_filters(department, waiting_chat, admin, manager, sync):
    slug = department()
    john, grace = waiting_chat(slug, name="John"), waiting_chat(slug, name="Grace")
    manager.act(grace.conversation_id, "takeover")
    manager.patch(grace.path, {"priority": "high"}, expect=200)
    both = {john.conversation_id, grace.conversation_id}
    assert set(ids(rows(admin, department=slug))) == both
    assert ids(rows(admin, department=slug, status="pending")) == [john.conversation_id]
    assert set(ids(rows(admin, department=slug, status="pending,active"))) == both
    assert ids(rows(admin, department=slug, assigned="none")) == [john.conversation_id]
    assert ids(rows(manager, department=slug, assigned="me")) == [grace.conversation_id]
    assert ids(rows(admin, department=slug, assigned=manager.staff_id)) == [grace.conversation_id]
    assert ids(rows(admin, department=slug, priority="high")) == [grace.conversation_id]
    created = manager.conversation(grace.conversation_id)["created_at"]
    assert set(ids(rows(admin, department=slug, **{"from": created[:10]}))) == both
    assert ids(rows(admin, department=slug, to="2001-01-01")) == []
    assert ids(rows(admin, department=slug, q="Grace")) == [grace.conversation_id]

    user = new_name()
    conversation = sync.send(user, "hello", channel="whatsapp").json["conversation_id"]
    assert conversation in ids(rows(admin, channel="whatsapp"))
    assert conversation not in ids(rows(admin, channel="elevenlabs", q=user))


def test_pages_have_every_row_once(department, waiting_chat, admin):
    slug = department()
    chats = [waiting_chat(slug).conversation_id for _ in range(7)]
    found = rows(admin, department=slug, limit=3)
    assert sorted(ids(found)) == sorted(chats) and len(found) == 7
    stamps = [row["updated_at"] for row in found]
    assert stamps == sorted(stamps, reverse=True), "newest change first"
    oldest_first = rows(admin, department=slug, status="pending", sort="waiting", limit=3)
    assert ids(oldest_first) == chats


@pytest.mark.parametrize(
    "query, field",
    [
        ({"status": "odd"}, "status"),
        ({"priority": "odd"}, "priority"),
        ({"limit": "0"}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"from": "yesterday"}, "from"),
        ({"assigned": "Bob"}, "assigned"),
        ({"sort": "colour"}, "sort"),
        ({"cursor": "%%%"}, "cursor"),
    ],
)
def test_bad_filters_are_named(admin, query, field):
    reply = admin.get("/api/v1/conversations", expect=None, **query)
    assert reply.status in (400, 422), reply
    assert field in reply.fields() or field in reply["detail"], reply


def test_a_search_text_is_only_a_text(admin):
    for text in ("%", "_", "'", '"; --', "\\", "a" * 200, "(", "*"):
        assert admin.get("/api/v1/conversations", q=text).status == 200
