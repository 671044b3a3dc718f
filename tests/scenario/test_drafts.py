"""Drafts live on the server, one per person, kind and conversation, and two windows do not overwrite each other."""

import pytest

pytestmark = pytest.mark.short


@pytest.fixture
def chat(team, waiting_chat):
    slug, sarah, bob = team
    john = waiting_chat(slug)
    return john, sarah, bob


def test_a_draft_is_kept(chat):
    john, sarah, bob = chat
    version = sarah.put(
        f"{john.path}/draft", {"kind": "reply", "body": "Dear John", "version": 0}, expect=200
    )["version"]
    assert sarah.conversation(john.conversation_id)["draft_reply"] == {
        "body": "Dear John",
        "version": version,
    }
    assert sarah.conversation(john.conversation_id)["draft_note"] is None
    assert sarah.conversation(john.conversation_id)["draft"] is True
    assert bob.conversation(john.conversation_id)["draft_reply"] is None, "a draft is its writer's own"


def test_the_older_window_gets_a_conflict_with_the_newer_text(chat):
    john, sarah, _ = chat
    path = f"{john.path}/draft"
    first = sarah.put(path, {"kind": "reply", "body": "one", "version": 0}, expect=200)["version"]
    second = sarah.put(path, {"kind": "reply", "body": "two", "version": first}, expect=200)["version"]
    assert second > first
    conflict = sarah.put(path, {"kind": "reply", "body": "stale", "version": first}, expect=409)
    assert conflict["current"] == {"body": "two", "version": second}
    assert sarah.conversation(john.conversation_id)["draft_reply"]["body"] == "two"


def test_reply_and_note_are_apart_and_an_empty_body_removes(chat):
    john, sarah, _ = chat
    path = f"{john.path}/draft"
    reply = sarah.put(path, {"kind": "reply", "body": "to John", "version": 0}, expect=200)["version"]
    sarah.put(path, {"kind": "note", "body": "about John", "version": 0}, expect=200)
    sarah.put(path, {"kind": "reply", "body": "", "version": reply}, expect=200)
    detail = sarah.conversation(john.conversation_id)
    assert detail["draft_note"]["body"] == "about John"
    assert detail["draft_reply"] is None or detail["draft_reply"]["body"] == ""


def test_bad_drafts(chat):
    john, sarah, _ = chat
    path = f"{john.path}/draft"
    assert sarah.put(path, {"kind": "letter", "body": "x", "version": 0}).fields() == {"kind"}
    assert sarah.put(path, {}).fields() == {"kind", "body", "version"}
    assert john.put(path, {"kind": "reply", "body": "x", "version": 0}).status == 403
