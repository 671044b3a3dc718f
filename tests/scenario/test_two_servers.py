"""Two processes on one database are one service: what one does, the sockets and caches of the other know."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness import server as settings
from harness.api import Api, StaffApi, SyncApi, new_name
from harness.live import LiveSocket
from harness.server import Server

pytestmark = pytest.mark.threads


@pytest.fixture(scope="module")
def second(server):
    with Server(database_url=server.database_url()) as running:
        yield running


@pytest.fixture
def boss(second):
    return StaffApi(second.port, settings.ADMIN_EMAIL, settings.ADMIN_PASSWORD)


def test_an_event_of_one_reaches_the_sockets_of_the_other(server, second, sync, boss, admin):
    there, here = LiveSocket(second.port, boss.token), LiveSocket(server.port, admin.token)
    for live in (there, here):
        live.subscribe("all")
    text = new_name("text")
    sync.send(new_name(), text)
    other = new_name("text")
    SyncApi(second.port).send(new_name(), other)
    events = []
    for live in (there, here):
        for wanted in (text, other):
            live.wait_event("message.new", lambda e, wanted=wanted: e["data"]["message"] == wanted)
        events.append([e["id"] for e in live.events if e["id"]])
        assert events[-1] == sorted(set(events[-1]))
        live.close()


def test_one_order_over_two_servers(server, second, sync, boss):
    user = new_name()
    conversation = sync.send(user, "opening").json["conversation_id"]
    live = LiveSocket(second.port, boss.token)
    live.subscribe(f"conversation:{conversation}")
    errors = []

    def writer(port, number):
        api = SyncApi(port)
        for i in range(50):
            reply = api.send(
                user, f"{number}/{i}", conversation_id=conversation, message_id=new_name("m"), expect=None
            )
            if reply.status != 200:
                errors.append(reply)

    threads = [threading.Thread(target=writer, args=((server, second)[n % 2].port, n)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors, errors[0]
    live.until(
        lambda: len(live.of_type("message.new")) >= 400
        and live.of_type("message.new")[-1]["data"]["seq"] == 401,
        "all messages",
    )
    # The first message may come live too: the other server had not followed that far when the socket subscribed.
    seqs = [e["data"]["seq"] for e in live.of_type("message.new")]
    assert seqs in (list(range(2, 402)), list(range(1, 402)))
    assert [m["seq"] for m in boss.messages(conversation)] == list(range(1, 402))
    live.close()


def test_a_retry_at_the_other_server_is_a_duplicate(second, sync):
    user, message_id = new_name(), new_name("m")
    first = sync.send(user, "hello", message_id=message_id).json
    again = SyncApi(second.port).send(user, "hello", message_id=message_id).json
    assert again["duplicate"] and again["seq"] == first["seq"]


def test_of_two_takeovers_on_two_servers_one_wins(second, team, waiting_chat):
    slug, sarah, bob = team
    elsewhere = StaffApi(second.port, bob.email, bob.password)
    for _ in range(5):
        john = waiting_chat(slug)
        with ThreadPoolExecutor(2) as pool:
            replies = list(pool.map(lambda api: api.post(f"{john.path}/takeover").status, (sarah, elsewhere)))
        assert sorted(replies) == [200, 409]


def test_the_assistant_at_the_other_server_is_refused_too(second, sync, admin):
    user = new_name()
    conversation = sync.send(user, "question").json["conversation_id"]
    admin.act(conversation, "takeover")
    assert SyncApi(second.port).send(user, "late", sender="bibiana", expect=None).status == 409


def test_what_one_server_remembers_of_a_conversation_is_checked(second, sync, admin):
    """Each server keeps recent conversations in memory: a change at the other must count with the next message."""
    user, elsewhere = new_name(), SyncApi(second.port)
    first = sync.send(user, "1").json
    conversation = first["conversation_id"]
    assert elsewhere.send(user, "2").json["seq"] == 2
    assert sync.send(user, "3").json["seq"] == 3
    boss = StaffApi(second.port, settings.ADMIN_EMAIL, settings.ADMIN_PASSWORD)
    boss.act(conversation, "takeover")
    assert sync.send(user, "4").json["handler"] == "staff"
    assert sync.send(user, "late", sender="bibiana", expect=None).status == 409
    boss.act(conversation, "resolution", {})
    assert sync.send(user, "5").json["status"] == "active", "a message of the customer reopens it"
    boss.act(conversation, "resolution", {"close": True})
    following = sync.send(user, "6").json
    assert following["conversation_id"] != conversation and following["seq"] == 1
    assert elsewhere.send(user, "7").json["conversation_id"] == following["conversation_id"]


def test_a_new_session_begun_at_the_other_server_is_found(second, sync):
    """The same calls at one server and at two end in the same conversations."""

    def play(one, other):
        user = new_name()
        steps = [
            one.send(user, "1"),
            other.send(user, "2", session_id=f"{user}-a"),
            one.send(user, "3"),
            one.send(user, "4", session_id=f"{user}-a"),
            other.send(user, "5"),
        ]
        seen = [reply["conversation_id"] for reply in steps]
        return [seen.index(conversation) for conversation in seen]

    assert play(sync, SyncApi(second.port)) == play(sync, sync)


def test_disabling_somebody_at_one_cuts_them_off_at_the_other(second, admin, hire, figure):
    sarah = hire("agent")
    there = StaffApi(second.port, sarah.email, sarah.password)
    live = LiveSocket(second.port, there.token)
    live.subscribe("queue")
    admin.patch(f"/api/v1/staff/{sarah.staff_id}", {"active": False}, expect=200)
    start = time.monotonic()
    assert live.wait_closed() == 4401
    while there.get("/api/v1/me", expect=None).status != 401:
        assert time.monotonic() - start < 30
        time.sleep(0.05)
    figure(f"cut off at the other server after {time.monotonic() - start:.2f} s (promised: 5 s)")


def test_a_key_made_at_one_works_at_the_other_until_it_is_revoked(second, admin):
    made = admin.post("/api/v1/api-keys", {"name": new_name("key")}, expect=201).json
    api = Api(second.port, {"X-API-Key": made["key"]})

    def status():
        return api.post("/api/chat/sync", {"user_id": new_name(), "message": "m", "sender": "user"}).status

    def wait_for(wanted):
        deadline = time.monotonic() + 30
        while status() != wanted:
            assert time.monotonic() < deadline
            time.sleep(0.05)

    wait_for(200)
    admin.delete(f"/api/v1/api-keys/{made['key_id']}", expect=(200, 204))
    wait_for(401)
