"""The life of a conversation, from the first question to the rating."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.api import new_name
from harness.waiting import until

pytestmark = pytest.mark.short


def turns(api, conversation):
    return [turn["kind"] for turn in api.conversation(conversation)["turns"]]


def test_takeover_reply_resolve_reopen(team, waiting_chat, start_chat):
    slug, sarah, _ = team
    john = waiting_chat(slug, "I have no bank statements for my scholarship")
    conversation = john.conversation_id
    assert john.state()["status"] == "pending"

    taken = sarah.act(conversation, "takeover")
    assert (taken["status"], taken["handler"]) == ("active", "staff")
    assert taken["assigned_staff"] == {"staff_id": sarah.staff_id, "name": sarah.name}
    assert taken["waiting_seconds"] == 0 and taken["waiting_since"] is None
    assert john.state()["assigned_staff"] == {"name": sarah.name}

    reply = sarah.post(
        f"/api/v1/conversations/{conversation}/messages",
        {"message": "I'm Sarah from Education team"},
        expect=201,
    ).json
    assert (reply["role"], reply["sender"], reply["staff_id"]) == ("staff", sarah.name, sarah.staff_id)
    assert [m["message"] for m in john.messages(conversation)][-1] == "I'm Sarah from Education team"

    resolved = sarah.act(
        conversation,
        "resolution",
        {"outcome": "awaiting_documents", "resolution": "Provided alternative documents list"},
    )
    assert resolved["status"] == "resolved"
    assert resolved["outcome"] == "awaiting_documents"
    assert resolved["resolution"] == "Provided alternative documents list"
    assert john.state()["status"] == "resolved"

    john.say("I have sent the documents")
    reopened = sarah.conversation(conversation)
    assert reopened["status"] in (
        "pending",
        "active",
    ), "a customer message on a resolved conversation reopens it"
    assert turns(sarah, conversation)[:2] == ["handover", "transfer"] or "handover" in turns(
        sarah, conversation
    )
    assert [k for k in turns(sarah, conversation) if k in ("takeover", "resolve", "reopen")] == [
        "takeover",
        "resolve",
        "reopen",
    ]


def test_the_divider_stands_where_staff_took_over(team, waiting_chat):
    slug, sarah, _ = team
    john = waiting_chat(slug)
    taken = sarah.act(john.conversation_id, "takeover")
    (divider,) = [t for t in sarah.conversation(john.conversation_id)["turns"] if t["kind"] == "takeover"]
    assert divider["after_seq"] == taken["last_seq"]
    assert divider["staff"] == {"staff_id": sarah.staff_id, "name": sarah.name}


def test_of_two_takeovers_at_once_one_wins(team, waiting_chat):
    slug, sarah, bob = team
    for _ in range(5):
        john = waiting_chat(slug)
        path = f"/api/v1/conversations/{john.conversation_id}/takeover"
        with ThreadPoolExecutor(2) as pool:
            replies = list(pool.map(lambda api: (api, api.post(path)), (sarah, bob)))
        assert sorted(reply.status for _, reply in replies) == [200, 409]
        winner = next(api for api, reply in replies if reply.status == 200)
        loser = next(reply for _, reply in replies if reply.status == 409)
        assert winner.name in loser["detail"], "the refusal names who has it"
        assert winner.conversation(john.conversation_id)["assigned_staff"]["staff_id"] == winner.staff_id


def test_taking_it_again_changes_nothing(team, waiting_chat):
    slug, sarah, _ = team
    john = waiting_chat(slug)
    sarah.act(john.conversation_id, "takeover")
    sarah.act(john.conversation_id, "takeover")
    assert turns(sarah, john.conversation_id).count("takeover") == 1


def test_a_manager_may_take_it_from_somebody_and_an_agent_may_not(team, waiting_chat, manager):
    slug, sarah, _ = team
    john = waiting_chat(slug)
    sarah.act(john.conversation_id, "takeover")
    path = f"/api/v1/conversations/{john.conversation_id}/takeover"
    assert manager.post(path).status == 409
    assert manager.post(path, {"force": True}, expect=200)["assigned_staff"]["staff_id"] == manager.staff_id
    assert sarah.post(path, {"force": True}).status in (403, 404, 409)


def test_only_the_holder_may_answer(team, waiting_chat):
    slug, sarah, bob = team
    john = waiting_chat(slug)
    path = f"/api/v1/conversations/{john.conversation_id}/messages"
    assert sarah.post(path, {"message": "too early"}).status == 409
    sarah.act(john.conversation_id, "takeover")
    sarah.post(path, {"message": "mine"}, expect=201)
    assert bob.post(path, {"message": "not mine"}).status in (404, 409)
    assert "not mine" not in [m["message"] for m in john.messages(john.conversation_id)]


def test_a_staff_reply_is_stored_once(team, waiting_chat):
    slug, sarah, _ = team
    john = waiting_chat(slug)
    sarah.act(john.conversation_id, "takeover")
    path = f"/api/v1/conversations/{john.conversation_id}/messages"
    body = {"message": "once", "client_message_id": new_name("c")}
    first = sarah.post(path, body, expect=201)
    again = sarah.post(path, body, expect=200)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json == first.json
    assert first["client_message_id"] == body["client_message_id"]
    assert [m["message"] for m in john.messages(john.conversation_id)].count("once") == 1
    assert sarah.post(path, body | {"message": "other"}).status == 409


def test_handback_gives_the_turn_to_the_assistant(team, waiting_chat):
    slug, sarah, _ = team
    john = waiting_chat(slug)
    sarah.act(john.conversation_id, "takeover")
    back = sarah.act(john.conversation_id, "handback")
    assert (back["status"], back["handler"], back["assigned_staff"]) == ("bot", "bot", None)


def test_transfer_to_a_person(team, waiting_chat):
    slug, sarah, bob = team
    john = waiting_chat(slug)
    sarah.act(john.conversation_id, "takeover")
    sarah.act(john.conversation_id, "assignment", {"staff_id": bob.staff_id, "note": "He knows the bank"})
    moved = bob.conversation(john.conversation_id)
    assert moved["assigned_staff"]["staff_id"] == bob.staff_id and moved["status"] == "active"
    (transfer,) = [t for t in moved["turns"] if t["kind"] == "transfer" and "staff_id" in (t["to"] or {})]
    assert transfer["to"] == {"staff_id": bob.staff_id, "name": bob.name}
    assert transfer["reason"] == "He knows the bank"
    assert sarah.get(
        f"/api/v1/conversations/{john.conversation_id}", expect=404
    ), "it is no longer hers to see"
    bob.post(f"/api/v1/conversations/{john.conversation_id}/messages", {"message": "Bob here"}, expect=201)


def test_transfer_to_a_department(team, waiting_chat, department, hire):
    slug, sarah, _ = team
    other = department()
    grace = hire("agent", other)
    john = waiting_chat(slug)
    sarah.act(john.conversation_id, "takeover")
    sarah.act(john.conversation_id, "assignment", {"department": other})
    moved = grace.conversation(john.conversation_id)
    assert moved["status"] == "pending" and moved["handler"] == "queue" and moved["assigned_staff"] is None
    assert moved["department"]["slug"] == other and moved["waiting_since"]
    assert john.conversation_id in [row["conversation_id"] for row in grace.get("/api/v1/queue")["items"]]
    sarah.get(f"/api/v1/conversations/{john.conversation_id}", expect=404)


@pytest.mark.parametrize(
    "body, fields",
    [
        ({}, None),
        ({"staff_id": "STF-999999"}, {"staff_id"}),
        ({"staff_id": "Bob"}, {"staff_id"}),
        ({"department": "no-such-department"}, {"department"}),
        ({"nonsense": 1}, None),
    ],
)
def test_a_transfer_to_nobody(team, waiting_chat, body, fields):
    slug, sarah, _ = team
    john = waiting_chat(slug)
    sarah.act(john.conversation_id, "takeover")
    reply = sarah.post(f"/api/v1/conversations/{john.conversation_id}/assignment", body)
    assert reply.status == 422 and (fields is None or reply.fields() == fields), reply


def test_hold(team, waiting_chat):
    slug, sarah, _ = team
    john = waiting_chat(slug)
    sarah.act(john.conversation_id, "takeover")
    assert sarah.act(john.conversation_id, "hold")["on_hold"] is True
    reply = sarah.delete(f"/api/v1/conversations/{john.conversation_id}/hold", expect=200)
    assert reply["on_hold"] is False
    assert [k for k in turns(sarah, john.conversation_id) if "hold" in k] == ["hold", "unhold"]


def test_a_closed_conversation_is_followed_by_a_new_one(team, sync, admin):
    slug, _, _ = team
    user = new_name()
    old = sync.send(user, "first question").json["conversation_id"]
    admin.act(old, "takeover")
    assert admin.act(old, "resolution", {"outcome": "solved", "close": True})["status"] == "closed"
    reply = sync.send(user, "a new question").json
    assert reply["conversation_id"] != old and reply["seq"] == 1
    assert admin.conversation(reply["conversation_id"])["previous_conversation_id"] == old


def test_a_message_to_a_closed_conversation_by_its_id(sync, admin):
    user = new_name()
    old = sync.send(user, "first question").json["conversation_id"]
    admin.act(old, "takeover")
    admin.act(old, "resolution", {"close": True})
    reply = sync.send(user, "a new question", conversation_id=old).json
    assert reply["conversation_id"] != old
    assert admin.conversation(reply["conversation_id"])["previous_conversation_id"] == old
    assert len(admin.messages(old)) <= 2


def test_a_synced_message_reopens_a_resolved_conversation(sync, admin):
    user = new_name()
    conversation = sync.send(user, "first question").json["conversation_id"]
    admin.act(conversation, "takeover")
    admin.act(conversation, "resolution", {"outcome": "awaiting_documents"})
    reply = sync.send(user, "here they are").json
    assert reply["conversation_id"] == conversation
    assert reply["status"] in ("pending", "active")


def test_reopening_by_staff(sync, admin):
    conversation = sync.send(new_name(), "question").json["conversation_id"]
    admin.act(conversation, "takeover")
    admin.act(conversation, "resolution", {})
    assert admin.act(conversation, "reopening")["status"] in ("pending", "active")
    assert turns(admin, conversation) == ["takeover", "resolve", "reopen"]
    admin.act(conversation, "reopening")
    assert turns(admin, conversation).count("reopen") == 1, "asking twice changes nothing"


def test_rating_is_the_customers_own(team, waiting_chat):
    slug, sarah, _ = team
    john = waiting_chat(slug)
    sarah.act(john.conversation_id, "takeover")
    sarah.act(john.conversation_id, "resolution", {"send_survey": True})
    assert sarah.post(f"{john.path}/rating", {"score": 5}).status == 403
    for bad in (0, 6, "5", 4.5, None):
        assert john.post(f"{john.path}/rating", {"score": bad}).status == 422, bad
    john.post(f"{john.path}/rating", {"score": 5, "comment": "Thank you for helping!"}, expect=(200, 201))
    detail = sarah.conversation(john.conversation_id)
    assert (detail["rating"], detail["rating_comment"]) == (5, "Thank you for helping!")
    assert john.state()["rating"] == 5


def test_editing(team, waiting_chat):
    slug, sarah, _ = team
    john = waiting_chat(slug)
    path = john.path
    sarah.act(john.conversation_id, "takeover")
    changed = sarah.patch(
        path, {"priority": "emergency", "tags": ["fever", "child"], "category": "Medical"}, expect=200
    )
    assert (changed["priority"], changed["tags"], changed["category"]) == (
        "emergency",
        ["fever", "child"],
        "Medical",
    )
    assert sarah.patch(path, {"priority": "very"}).fields() == {"priority"}
    assert sarah.patch(path, {"status": "closed"}).status == 422, "status is not a field to edit"
    assert sarah.patch(path, {"assigned_staff": "STF-1"}).status == 422
    assert sarah.conversation(john.conversation_id)["status"] == "active"


def test_read_marks_and_unread(team, waiting_chat):
    slug, sarah, _ = team
    john = waiting_chat(slug, "one")
    sarah.act(john.conversation_id, "takeover")
    john.say("two")
    assert sarah.conversation(john.conversation_id)["unread"] >= 2
    last = sarah.conversation(john.conversation_id)["last_seq"]
    assert sarah.put(f"{john.path}/read", {"seq": last}).status in (200, 204)
    assert sarah.conversation(john.conversation_id)["unread"] == 0
    john.say("three")
    assert sarah.conversation(john.conversation_id)["unread"] == 1


def test_feedback_on_a_message(start_chat, admin):
    john = start_chat(message="hello")
    message = until(
        lambda: [m for m in john.messages(john.conversation_id) if m["role"] == "ai"], "a greeting"
    )[0]
    path = f"/api/v1/messages/{message['message_id']}/feedback"
    assert john.put(path, {"feedback": "up", "comment": "kind"}).status in (200, 204)
    stored = next(m for m in admin.messages(john.conversation_id) if m["message_id"] == message["message_id"])
    assert stored["feedback"] == "up"
    assert john.put(path, {"feedback": "sideways"}).fields() == {"feedback"}
    assert start_chat().put(path, {"feedback": "down"}).status == 404, "another customer's message"


def test_the_handover_card(team, start_chat, admin):
    slug, sarah, _ = team
    john = start_chat(message="I have a problem with my scholarship: no bank statements")
    john.say("I want to speak with a human")
    admin.act(john.conversation_id, "assignment", {"department": slug})
    card = sarah.conversation(john.conversation_id)["handover_card"]
    assert card["status"] == "ready_for_staff"
    assert set(card) == {
        "status",
        "issue",
        "finding",
        "finding_ar",
        "recommended_action",
        "recommended_action_ar",
        "asked",
    }
    assert card["recommended_action_ar"] and card["recommended_action_ar"] != card["recommended_action"]
    sarah.act(john.conversation_id, "takeover")
    assert sarah.conversation(john.conversation_id)["handover_card"]["status"] == "with_staff"


def test_a_conversation_that_does_not_exist(admin):
    for bad in ("CONV-999999999", "CONV-0", "CONV-01", "CONV--1", "12", "STF-1", "CONV-99999999999999999999"):
        admin.get(f"/api/v1/conversations/{bad}", expect=404)
        assert admin.post(f"/api/v1/conversations/{bad}/takeover").status == 404
