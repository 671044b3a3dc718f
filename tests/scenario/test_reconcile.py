"""What the post-call webhook missed is found by looking at ElevenLabs' list of conversations."""

import time
import uuid

import pytest

from harness import elevenlabs as el
from harness import server as settings
from harness.account import KEY, Account
from harness.api import StaffApi, SyncApi, new_name
from harness.waiting import until

SETTINGS = "/api/v1/integrations/elevenlabs"
LINES = [("agent", "Hi, how can I help?"), ("user", "Which documents do I need?"), ("agent", "An ID.")]


def call(user=None, lines=LINES, **more):
    return el.transcript("conv_" + uuid.uuid4().hex, lines, user_id=user or new_name(), **more)


def spoken(lines=LINES):
    return [("user" if line[0] == "user" else "ai", line[1]) for line in lines]


@pytest.fixture
def account():
    with Account() as running:
        yield running


@pytest.fixture
def centre(account):
    with settings.Server(
        ELEVENLABS_WEBHOOK_SECRET=el.SECRET,
        ELEVENLABS_API_URL=f"http://127.0.0.1:{account.port}",
        OUTBOUND_ALLOW="127.0.0.0/8",
    ) as running:
        yield running


@pytest.fixture
def boss(centre):
    return StaffApi(centre.port, settings.ADMIN_EMAIL, settings.ADMIN_PASSWORD)


def look(boss, account, **change):
    """Has the server look now, as a change of the settings does, and waits until it has."""
    before = account.lists()
    boss.put(SETTINGS, change, expect=200)
    until(lambda: account.lists() > before, "a look at the list")


def conversation_of(centre, session):
    found = centre.sql("SELECT conversation_id FROM thread WHERE channel = 'elevenlabs' AND key = %s", ("s:" + session,))
    return f"CONV-{found[0][0]}" if found else None


def said(boss, conversation):
    return [(m["role"], m["message"]) for m in boss.messages(conversation)]


def test_missed_delivered_and_unfinished_calls(centre, boss, account):
    agent = call()["data"]["agent_id"]
    missed = [account.add(call()) for _ in range(5)]  # three pages
    failed = account.add(call(), status="failed")
    going_on = account.add(call(), status="in-progress")
    delivered = call()
    account.add(delivered)
    assert el.post_event(centre.port, delivered)[0] == 200
    live, user = call(), new_name()
    live["data"]["user_id"] = user
    account.add(live)
    SyncApi(centre.port).send(user, LINES[1][1], session_id=live["data"]["conversation_id"])
    other = call()
    other["data"]["agent_id"] = "agent_of_somebody_else"
    account.add(other)

    look(boss, account, api_key=KEY, agent_id=agent)
    wanted = [*missed, failed, delivered["data"]["conversation_id"]]
    for session in wanted:
        conversation = until(lambda s=session: conversation_of(centre, s), f"the call {session}")
        until(lambda c=conversation: said(boss, c) == spoken(), "its three lines, once each")
        assert boss.conversation(conversation)["status"] == "closed"
    assert account.fetched(delivered["data"]["conversation_id"]) == 0, "it had come by itself"
    assert [account.fetched(s) for s in [*missed, failed]] == [1] * 6
    assert conversation_of(centre, going_on) is None and account.fetched(going_on) == 0
    assert conversation_of(centre, other["data"]["conversation_id"]) is None
    joined = until(lambda: conversation_of(centre, live["data"]["conversation_id"]), "the one that was seen live")
    until(lambda: sorted(said(boss, joined)) == sorted(spoken()), "what was missing of it")
    assert boss.conversation(joined)["status"] == "bot", "it goes on"

    # Once more, with one that has ended since, and one whose webhook comes late.
    account.conversations[going_on]["status"] = "done"
    late = {"type": "post_call_transcription", "event_timestamp": int(time.time()), "data": account.conversations[missed[0]]}
    assert el.post_event(centre.port, late)[0] == 200
    look(boss, account, agent_id="")
    look(boss, account, agent_id=agent)
    until(lambda: conversation_of(centre, going_on), "the one that has ended")
    until(lambda: centre.sql("SELECT count(*) FROM elevenlabs_event WHERE processed_at IS NULL") == [(0,)], "all to be done")
    assert [account.fetched(s) for s in [*missed, failed]] == [1] * 6
    for session in wanted:
        assert said(boss, conversation_of(centre, session)) == spoken()


def test_an_api_that_fails_is_asked_again(centre, boss, account):
    first, second = account.add(call()), account.add(call())
    account.failing = {"list": 503}
    look(boss, account, api_key=KEY)
    job = "SELECT attempts, extract(epoch FROM due_at - now()) FROM job WHERE kind = 'reconcile.elevenlabs'"

    def waits():
        rows = centre.sql(job)
        return rows and rows[0][0] >= 1 and rows[0]

    attempts, seconds = until(waits, "the job to wait for its next attempt")
    assert 20 < float(seconds) <= 60 * attempts
    # One that cannot be had holds up no other, and is had later.
    account.failing = {first: 404}
    look(boss, account, agent_id=account.conversations[first]["agent_id"])
    until(lambda: conversation_of(centre, second), "the second")
    account.failing = {}
    look(boss, account, agent_id="")
    until(lambda: conversation_of(centre, first), "the first")
    # A key that is refused is no reason to forget what is missing.
    third = account.add(call())
    look(boss, account, api_key="another-key")
    look(boss, account, api_key=KEY)
    until(lambda: conversation_of(centre, third), "the third")
