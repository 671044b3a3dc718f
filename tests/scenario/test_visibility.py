"""Who sees what: an agent sees the conversations assigned to them and the waiting lists of their departments; managers
and admins see everything; what one may not see is 404, and uncounted."""

import pytest

from harness.api import new_name

pytestmark = pytest.mark.short


@pytest.fixture
def chat(team, waiting_chat):
    """(customer, who holds it, a colleague of the same department)"""
    slug, sarah, bob = team
    return waiting_chat(slug), sarah, bob


def sees(api, conversation):
    """The same answer from every way to ask."""
    detail = api.get(f"/api/v1/conversations/{conversation}", expect=None).status
    messages = api.get(f"/api/v1/conversations/{conversation}/messages", expect=None).status
    assert detail == messages and detail in (200, 404)
    page = api.get("/api/v1/conversations", limit=200).json
    listed = conversation in [row["conversation_id"] for row in page["items"]]
    assert listed == (detail == 200), "list and detail agree"
    return detail == 200


def test_a_waiting_conversation(chat, hire, department, manager, admin):
    john, sarah, bob = chat
    stranger = hire("agent", department())
    for api, expected in ((sarah, True), (bob, True), (stranger, False), (manager, True), (admin, True)):
        assert sees(api, john.conversation_id) is expected, api.email


def test_a_taken_conversation(chat, hire, department, manager, admin):
    john, sarah, bob = chat
    sarah.act(john.conversation_id, "takeover")
    stranger = hire("agent", department())
    for api, expected in ((sarah, True), (bob, False), (stranger, False), (manager, True), (admin, True)):
        assert sees(api, john.conversation_id) is expected, api.email


def test_an_engineer_sees_escalated_work_only(chat, hire):
    """And comments only: a conversation cannot be given to one."""
    john, sarah, _ = chat
    engineer = hire("engineer")
    assert not sees(engineer, john.conversation_id)
    sarah.act(john.conversation_id, "takeover")
    reply = sarah.post(f"{john.path}/assignment", {"staff_id": engineer.staff_id})
    assert reply.status == 422 and reply.fields() == {"staff_id"}
    assert engineer.post(f"{john.path}/notes", {"body": "I looked at the log"}).status == 404
    for action in ("messages", "takeover", "resolution"):
        assert engineer.post(f"{john.path}/{action}", {"message": "hello John"}).status == 403, action


def test_every_action_on_an_invisible_conversation_is_404(chat, hire, department):
    john, sarah, _ = chat
    sarah.act(john.conversation_id, "takeover")
    stranger = hire("agent", department())
    path = john.path
    for method, action, body in (
        ("POST", "messages", {"message": "x"}),
        ("POST", "notes", {"body": "x"}),
        ("POST", "takeover", {}),
        ("POST", "handback", {}),
        ("POST", "assignment", {"staff_id": stranger.staff_id}),
        ("POST", "handover", {}),
        ("POST", "resolution", {}),
        ("POST", "hold", {}),
        ("DELETE", "hold", None),
        ("POST", "reopening", {}),
        ("PUT", "read", {"seq": 1}),
        ("PUT", "draft", {"kind": "reply", "body": "x", "version": 0}),
    ):
        assert stranger.call(method, f"{path}/{action}", body).status == 404, action
    assert stranger.patch(path, {"priority": "low"}).status == 404
    assert sarah.conversation(john.conversation_id)["assigned_staff"]["staff_id"] == sarah.staff_id


def test_a_customer_sees_their_own_conversation_only(start_chat):
    john, grace = start_chat(), start_chat()
    for path in (grace.path, f"{grace.path}/messages"):
        assert john.get(path, expect=None).status == 404
    assert john.post(f"{grace.path}/messages", {"message": "x"}).status == 404
    for path in (
        "/api/v1/conversations",
        "/api/v1/queue",
        "/api/v1/staff",
        "/api/v1/audit",
        "/api/v1/me",
    ):
        assert john.get(path, expect=None).status in (401, 403), path


def test_foreign_hits_are_not_counted(chat, hire, department):
    john, _, _ = chat
    stranger = hire("agent", department())
    assert stranger.get("/api/v1/conversations", q=john.conversation_id).json["items"] == []
    queue = stranger.get("/api/v1/queue").json
    assert queue["waiting"] == len(queue["items"]), "the count is of what one sees"
    assert john.conversation_id not in [row["conversation_id"] for row in queue["items"]]


def test_sockets_follow_the_same_rule(chat, hire, department, listen):
    john, sarah, bob = chat
    stranger = hire("agent", department())
    refused = listen(stranger).request(
        {"type": "subscribe", "topics": [f"conversation:{john.conversation_id}"]}
    )
    assert refused["type"] == "error", refused

    watchers = {api: listen(api, "queue") for api in (sarah, bob, stranger)}
    sarah.act(john.conversation_id, "takeover")
    watchers[sarah].wait_event(
        "conversation.update",
        lambda e: e["conversation_id"] == john.conversation_id and e["data"].get("status") == "active",
    )
    stub = watchers[bob].wait_event(
        "conversation.update",
        lambda e: e["conversation_id"] == john.conversation_id and e["data"].get("visible") is False,
    )
    assert stub["data"] == {"conversation_id": john.conversation_id, "visible": False}

    for text in ("one", "two"):
        john.say(text)
    sarah.post(f"{john.path}/messages", {"message": "three"}, expect=201)
    sarah.act(john.conversation_id, "hold")
    for live in watchers.values():
        live.barrier()
    after = [
        e
        for e in watchers[bob].events
        if e["conversation_id"] == john.conversation_id and e["id"] > stub["id"]
    ]
    assert after == [], "after the stub nothing more"
    assert [e for e in watchers[stranger].events if e["conversation_id"] == john.conversation_id] == []


def test_after_a_transfer_the_old_holder_gets_a_stub_and_then_nothing(chat, listen):
    john, sarah, bob = chat
    sarah.act(john.conversation_id, "takeover")
    live = listen(sarah, f"conversation:{john.conversation_id}", "queue", "mine")
    sarah.act(john.conversation_id, "assignment", {"staff_id": bob.staff_id})
    stub = live.wait_event("conversation.update", lambda e: e["data"].get("visible") is False)
    john.say("secret for Bob")
    bob.post(f"{john.path}/messages", {"message": "Bob here"}, expect=201)
    live.barrier()
    # Its ticket is the department's, and may be told of at any time.
    after = [e for e in live.events if e["conversation_id"] == john.conversation_id and e["id"] > stub["id"]]
    assert [e for e in after if e["type"] != "ticket.update"] == []
    assert "secret for Bob" not in str(live.frames)

    # The replay of the past follows the present rule as well.
    again = listen(sarah)
    again.subscribe("queue", "mine", since=stub["id"])
    again.barrier()
    assert "secret for Bob" not in str(again.frames)


def test_the_event_list_follows_the_rule(chat, hire, department):
    john, sarah, _ = chat
    stranger = hire("agent", department())
    sarah.act(john.conversation_id, "takeover")
    text = new_name("secret")
    john.say(text)
    assert text in str(sarah.events())
    assert text not in str(stranger.events())
    assert text not in str(hire("engineer").events())
    assert {e["conversation_id"] for e in john.events()} == {john.conversation_id}
    told = {"message.new", "conversation.new", "conversation.update", "ticket.new", "ticket.update"}
    assert {e["type"] for e in john.events()} <= told
    for event in john.events():  # of their ticket they get its state, nothing that staff say of it
        if event["type"].startswith("ticket."):
            assert not {"requester", "tags", "level", "sla", "description", "followers"} & set(event["data"])
