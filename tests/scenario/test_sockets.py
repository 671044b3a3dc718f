"""The live sockets: greeting, topics, resume, resync, what a client may send, and who is there."""

import asyncio
import json

import pytest

from harness.api import Api, new_name
from harness.live import RawSocket, Refused
from harness.waiting import until

pytestmark = [pytest.mark.threads, pytest.mark.short]

# What a customer may know of their conversation.
PUBLIC = {
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


def test_hello(admin, listen):
    hello = listen(admin).hello
    assert hello["head"] >= 0 and hello["heartbeat_seconds"] == 15
    assert hello["you"]["staff_id"] == admin.staff_id and hello["you"]["role"] == "admin"


def test_the_protocol_by_an_independent_library(server, admin, sync):
    websockets = pytest.importorskip("websockets")

    async def talk():
        protocols = ["chat-centre.v1", f"bearer.{admin.token}"]
        async with websockets.connect(f"ws://127.0.0.1:{server.port}/ws", subprotocols=protocols) as live:
            assert live.subprotocol == "chat-centre.v1"
            assert json.loads(await live.recv())["type"] == "hello"
            await live.send(json.dumps({"type": "subscribe", "topics": ["all"]}))
            assert json.loads(await live.recv())["type"] == "subscribed"
            text = new_name("text")
            await asyncio.get_running_loop().run_in_executor(None, sync.send, new_name(), text)
            while text not in await asyncio.wait_for(live.recv(), 30):
                pass
            await (await live.ping())

    asyncio.run(talk())


def test_the_authorization_header_works_too(server, admin):
    raw = RawSocket(server.port, headers={"Authorization": f"Bearer {admin.token}"})
    assert json.loads(raw.read_frame()[1])["type"] == "hello"
    assert raw.headers.get("sec-websocket-protocol") == "chat-centre.v1"
    raw.close()


@pytest.mark.parametrize(
    "how, status",
    [
        ({}, 401),
        ({"token": "nonsense"}, 401),
        ({"token": "x" * 4000}, 401),
        ({"headers": {"Authorization": "Bearer nonsense"}}, 401),
        ({"path": "/ws?token=abc"}, 401),
        ({"path": "/ws/CONV-1"}, 401),
        ({"path": "/ws/no-such-thing"}, (401, 404)),
        ({"path": "/api/v1/me"}, (400, 401, 404, 426)),
    ],
)
def test_refused_handshakes(server, how, status):
    with pytest.raises(Refused) as refused:
        RawSocket(server.port, **how)
    assert refused.value.status in (status if isinstance(status, tuple) else (status,))


def test_a_token_in_the_query_string_is_no_token(server, admin):
    with pytest.raises(Refused):
        RawSocket(server.port, path=f"/ws?token={admin.token}")


def test_a_plain_get_of_the_socket_path(admin):
    assert admin.get("/ws", expect=None).status in (400, 404, 426)


def test_a_new_message_arrives(sync, admin, listen):
    live = listen(admin, "all")
    text = new_name("text")
    reply = sync.send(new_name(), text).json
    event = live.wait_event("message.new", lambda e: e["data"]["message"] == text)
    data = event["data"]
    assert event["conversation_id"] == data["conversation_id"] == reply["conversation_id"]
    assert (data["seq"], data["role"], data["message_id"]) == (1, "user", reply["message_id"])
    assert data == admin.messages(reply["conversation_id"])[0] | {k: data[k] for k in data if k not in data}
    assert event["id"] > 0 and event["at"].endswith("Z")
    live.wait_event("conversation.new", lambda e: e["conversation_id"] == reply["conversation_id"])


def test_subscribed_topics_come_back_and_unsubscribing_ends_them(sync, admin, listen):
    live = listen(admin)
    conversation = sync.send(user := new_name(), "one").json["conversation_id"]
    topic = f"conversation:{conversation}"
    answer = live.subscribe(topic, "staff")
    assert set(answer["topics"]) == {topic, "staff"} and answer["head"] >= live.hello["head"]
    sync.send(user, "two")
    live.wait_event("message.new", lambda e: e["data"]["message"] == "two")
    live.send({"type": "unsubscribe", "topics": [topic]})
    live.barrier()
    sync.send(user, "three")
    other = listen(admin, topic, since=0)
    other.wait_event("message.new", lambda e: e["data"]["message"] == "three")
    live.barrier()
    assert "three" not in [e["data"].get("message") for e in live.of_type("message.new")]


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "no-such-type"},
        {"type": 7},
        {},
        {"type": "subscribe"},
        {"type": "subscribe", "topics": "queue"},
        {"type": "subscribe", "topics": ["weather"]},
        {"type": "subscribe", "topics": ["conversation:CONV-999999999"]},
        {"type": "subscribe", "topics": ["conversation:12"]},
        {"type": "subscribe", "topics": ["queue"], "since": "x"},
        {"type": "message", "conversation_id": "CONV-999999999", "message": "x"},
        {"type": "typing"},
        {"type": "viewing", "conversation_id": 5},
        {"type": "auth", "token": "nonsense"},
    ],
    ids=lambda frame: json.dumps(frame)[:40],
)
def test_a_bad_frame_is_an_error_frame_never_a_close(admin, listen, frame):
    live = listen(admin)
    answer = live.request(frame)
    assert answer["type"] == "error" and answer["code"] and answer["message"], answer
    live.barrier()


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"x"', "[" * 1000, '{"type":"ping","x":"\\u0000"}'])
def test_text_that_is_no_frame_is_an_error_frame(admin, listen, text):
    live = listen(admin)
    start = len(live.frames)
    live.raw.send_frame(1, text)
    assert live.wait(lambda f: f["type"] == "error", "error", start)
    live.barrier()


def test_the_all_topic_is_for_managers(team, manager, listen):
    _, sarah, _ = team
    assert listen(sarah).request({"type": "subscribe", "topics": ["all"]})["type"] == "error"
    assert listen(manager).subscribe("all")["type"] == "subscribed"


def test_resume_brings_what_was_missed_and_goes_on_live(sync, admin, listen):
    user = new_name()
    conversation = sync.send(user, "0").json["conversation_id"]
    topic = f"conversation:{conversation}"
    first = listen(admin, topic)
    sync.send(user, "1")
    seen = first.wait_event("message.new", lambda e: e["data"]["message"] == "1")["id"]
    first.close()
    for i in range(2, 30):
        sync.send(user, str(i))
    second = listen(admin)
    second.send({"type": "subscribe", "topics": [topic], "since": seen})
    for i in range(30, 60):
        sync.send(user, str(i))
    second.until(lambda: len(second.of_type("message.new")) >= 58, "58 messages")
    assert [e["data"]["message"] for e in second.of_type("message.new")] == [str(i) for i in range(2, 60)]
    ids = [e["id"] for e in second.events if e["id"]]
    assert ids == sorted(set(ids)) and ids[0] > seen


def test_a_message_read_again_says_what_it_said_live(team, waiting_chat, listen, sync, admin):
    """Live it is made from memory, later from the stored message: the same words, to the letter."""
    slug, sarah, _ = team
    john = waiting_chat(slug)
    user = admin.conversation(john.conversation_id)["user_id"]
    topic = f"conversation:{john.conversation_id}"
    live = listen(admin)
    start = live.subscribe(topic)["head"]  # the notice about the handover may come before it, or after
    named = {"conversation_id": john.conversation_id}
    sync.send(user, 'quotes " and \\ and \n and \u2028 and مرحبا 🦉', message_id=new_name("m"), **named)
    sync.send(user, "bot words", sender="ai", message_id=new_name("m"), timestamp="2024-02-29T23:59:59.9996Z", **named)
    sarah.act(john.conversation_id, "takeover")
    sarah.post(
        f"/api/v1/conversations/{john.conversation_id}/messages",
        {"message": "hello", "client_message_id": new_name("c")},
        expect={200, 201},
    )


    def heard(socket):  # up to our last one; the assistant's notice may stand between or follow
        events = socket.of_type("message.new")
        last = [i for i, e in enumerate(events) if e["data"]["message"] == "hello"]
        return events[: last[0] + 1] if last else None

    live.until(lambda: heard(live), "the last message")
    again = listen(admin)
    again.send({"type": "subscribe", "topics": [topic], "since": start})
    again.until(lambda: heard(again), "the last message again")
    assert len(heard(live)) >= 3 and heard(again) == heard(live)


@pytest.mark.parametrize("since", [10**15, -5])
def test_an_impossible_cursor_is_a_resync_never_silence(admin, listen, since):
    live = listen(admin)
    answer = live.subscribe("all", since=since)
    assert answer["type"] in ("resync", "error"), answer
    if answer["type"] == "resync":
        assert answer["head"] >= live.hello["head"]
    live.barrier()


def test_a_message_over_the_socket(team, waiting_chat, listen):
    slug, sarah, _ = team
    john = waiting_chat(slug)
    sarah.act(john.conversation_id, "takeover")
    live = listen(sarah, f"conversation:{john.conversation_id}")
    frame = {
        "type": "message",
        "conversation_id": john.conversation_id,
        "message": "over the socket",
        "client_message_id": new_name("c"),
    }
    ack = live.request(frame)
    assert ack["type"] == "ack" and ack["message"]["message"] == "over the socket"
    assert ack["message"]["seq"] == john.state()["last_seq"], "stored before the ack"
    again = live.request(frame)
    assert again["type"] == "ack" and again["message"]["seq"] == ack["message"]["seq"]
    assert [m["message"] for m in john.messages(john.conversation_id)].count("over the socket") == 1
    echo = live.wait_event("message.new", lambda e: e["data"]["seq"] == ack["message"]["seq"])
    assert echo["data"]["client_message_id"] == frame["client_message_id"]


def test_the_customers_socket(team, waiting_chat, listen):
    slug, sarah, _ = team
    john = waiting_chat(slug)
    live = listen(john)
    live.subscribe(f"conversation:{john.conversation_id}")
    sarah.act(john.conversation_id, "takeover")
    update = live.wait_event("conversation.update", lambda e: e["data"]["status"] == "active")
    assert set(update["data"]) <= PUBLIC
    assert update["data"]["assigned_staff"] == {"name": sarah.name}
    sarah.post(f"{john.path}/messages", {"message": "hello John"}, expect=201)
    live.wait_event("message.new", lambda e: e["data"]["message"] == "hello John" and e["data"]["role"] == "staff")
    ack = live.request({"type": "message", "conversation_id": john.conversation_id, "message": "hello Sarah"})
    assert ack["type"] == "ack", ack
    assert sarah.messages(john.conversation_id)[-1]["message"] == "hello Sarah"
    assert sarah.messages(john.conversation_id)[-1]["role"] == "user"


def test_a_customer_may_not_listen_elsewhere(server, start_chat, listen):
    john, grace = start_chat(), start_chat()
    live = listen(john)
    for topic in ("queue", "mine", "all", "staff", f"conversation:{grace.conversation_id}"):
        assert live.request({"type": "subscribe", "topics": [topic]})["type"] == "error", topic
    answer = live.request({"type": "message", "conversation_id": grace.conversation_id, "message": "x"})
    assert answer["type"] == "error"
    with pytest.raises(Refused):
        RawSocket(server.port, f"/ws/{grace.conversation_id}", john.token)
    with pytest.raises(Refused):
        RawSocket(server.port, "/ws", john.token)


def test_typing_is_told_to_the_other_side(team, waiting_chat, listen):
    slug, sarah, bob = team
    john = waiting_chat(slug)
    topic = f"conversation:{john.conversation_id}"
    sarah.act(john.conversation_id, "takeover")
    staff, customer = listen(sarah, topic), listen(john, topic)

    staff.send({"type": "typing", "conversation_id": john.conversation_id, "typing": True, "kind": "reply"})
    seen = customer.wait_event("typing")
    assert seen["id"] == 0 and seen["data"]["who"] == "staff" and seen["data"]["typing"] is True
    customer.send({"type": "typing", "conversation_id": john.conversation_id, "typing": True})
    assert staff.wait_event("typing", lambda e: e["data"]["who"] == "customer")["data"]["typing"] is True

    # That somebody writes a note is nothing for the customer.
    customer.barrier()
    before = len(customer.of_type("typing"))
    staff.send({"type": "typing", "conversation_id": john.conversation_id, "typing": False, "kind": "reply"})
    customer.until(lambda: len(customer.of_type("typing")) > before, "end of typing")
    before = len(customer.of_type("typing"))
    staff.send({"type": "typing", "conversation_id": john.conversation_id, "typing": True, "kind": "note"})
    staff.barrier()
    customer.barrier()
    assert len(customer.of_type("typing")) == before


def test_colleagues_see_who_is_looking(team, waiting_chat, listen):
    slug, sarah, bob = team
    john = waiting_chat(slug)
    topic = f"conversation:{john.conversation_id}"
    first, second = listen(sarah, topic), listen(bob, topic)
    customer = listen(john, topic)
    first.send({"type": "viewing", "conversation_id": john.conversation_id, "viewing": True})
    seen = second.wait_event("viewing")
    assert seen["data"]["staff_id"] == sarah.staff_id and seen["data"]["viewing"] is True
    until(
        lambda: [v["staff_id"] for v in bob.conversation(john.conversation_id)["viewers"]]
        == [sarah.staff_id],
        "the viewer in the detail",
    )
    first.close()
    second.wait_event(
        "viewing", lambda e: e["data"]["staff_id"] == sarah.staff_id and not e["data"]["viewing"]
    )
    customer.barrier()
    assert not [e for e in customer.events if e["type"] == "viewing" and e["data"].get("who") == "staff"]


def test_a_handover_is_announced(department, hire, start_chat, admin, listen):
    slug = department()
    sarah = hire("agent", slug)
    live, boss = listen(sarah, "queue"), listen(admin, "queue")
    john = start_chat(name="James")
    john.say("I want to speak with a human")
    request = boss.wait_event(
        "handover.requested", lambda e: e["data"]["conversation_id"] == john.conversation_id
    )
    assert request["data"]["user_name"] == "James" and request["data"]["reason"] and request["data"]["by"]
    alert = boss.wait_event("alert", lambda e: e["data"]["conversation_id"] == john.conversation_id)
    assert alert["data"]["level"] in ("waiting", "urgent") and alert["data"]["text"]
    assert "بانتظار" in alert["data"]["text_ar"] or "حُوّلت" in alert["data"]["text_ar"]
    admin.act(john.conversation_id, "assignment", {"department": slug})
    live.wait_event("conversation.update", lambda e: e["conversation_id"] == john.conversation_id)
    boss.wait_event("queue.update", lambda e: e["data"]["waiting"] >= 1)


def test_presence(hire, admin, listen):
    watcher = listen(admin, "staff")
    sarah = hire("agent")
    live = listen(sarah, "queue")
    watcher.wait_event(
        "presence",
        lambda e: e["data"]["staff_id"] == sarah.staff_id and e["data"]["availability"] == "online",
    )
    sarah.patch("/api/v1/me", {"availability": "away"}, expect=200)
    event = watcher.wait_event(
        "presence", lambda e: e["data"]["staff_id"] == sarah.staff_id and e["data"]["availability"] == "away"
    )
    assert event["data"]["name"] == sarah.name
    live.close()
    watcher.wait_event(
        "presence",
        lambda e: e["data"]["staff_id"] == sarah.staff_id and e["data"]["availability"] == "offline",
        timeout=120,
    )


def test_the_same_events_over_http(sync, admin, listen):
    live = listen(admin, "all")
    text = new_name("text")
    sync.send(new_name(), text)
    event = live.wait_event("message.new", lambda e: e["data"]["message"] == text)
    assert event in admin.events(after=event["id"] - 1)
    page = admin.get("/api/v1/events", after=event["id"] - 1, limit=1).json
    assert page["reached"] == event["id"] and page["head"] >= event["id"]
    admin.get("/api/v1/events", after=10**15, expect=410)
    admin.get("/api/v1/events", after="x", expect=422)
    Api(admin.port).get("/api/v1/events", after=0, expect=401)


@pytest.mark.slow
def test_heartbeats_carry_the_head(admin, listen, sync):
    live = listen(admin, "queue")
    beat = live.wait(lambda f: f["type"] == "heartbeat", "heartbeat", timeout=40)
    assert beat["head"] >= live.hello["head"]
