"""WhatsApp: document 003's calls as they are written there, and replies as the gateway gets them."""

import json
import random
import subprocess
import threading

import pytest

from harness.api import Api, StaffApi, SyncApi, new_name
from harness.server import ADMIN_EMAIL, ADMIN_PASSWORD, Server
from harness.sinks import HttpSink
from harness.waiting import until

pytestmark = pytest.mark.short

TRIGGER = "I need to speak with a human"
TOKEN = "token-of-the-gateway-0123456789"


def number():
    return "26377" + "".join(random.choice("0123456789") for _ in range(7))


def entry(who, text, message_id=None, **more):
    key = {"remoteJid": f"{who}@s.whatsapp.net", "fromMe": False, "id": message_id or new_name("WAMID")}
    return {"key": key, "message": {"conversation": text} if isinstance(text, str) else text} | more


def upsert(*entries):
    return {"event": "messages.upsert", "data": {"messages": list(entries)}}


@pytest.fixture(scope="module")
def gateway(server):
    """The gateway on the same machine as a fresh server: no token."""
    return Api(server.port)


def say(gateway, who, text, expect=200, **more):
    return gateway.post("/webhook", upsert(entry(who, text, **more)), expect=expect).json


def texts(api, conversation):
    return [(m["role"], m["message"]) for m in api.messages(conversation)]


# --- in -----------------------------------------------------------------------------------------------------------


def test_the_documented_curls(server, admin):
    """Word for word but for the port, as a shell would run them."""
    webhook = """curl -sS -X POST http://localhost:5001/webhook \\
  -H "Content-Type: application/json" \\
  -d '{
    "event": "messages.upsert",
    "data": {
      "messages": [{
        "key": {
          "remoteJid": "test@s.whatsapp.net",
          "fromMe": false,
          "id": "test_id"
        },
        "message": {
          "conversation": "I need to speak with a human"
        }
      }]
    }
  }'"""
    run = lambda line: json.loads(  # noqa: E731
        subprocess.check_output(["bash", "-c", line.replace("localhost:5001", f"127.0.0.1:{server.port}")], timeout=30)
    )
    first = run(webhook)
    assert (first["success"], first["received"], first["stored"]) == (True, 1, 1)
    told = first["messages"][0]
    assert (told["status"], told["handler"]) == ("pending", "queue")
    assert run(webhook)["duplicates"] == 1
    conversation = admin.conversation(told["conversation_id"])
    assert (conversation["channel"], conversation["user_id"]) == ("whatsapp", "test")
    assert [text for role, text in texts(admin, told["conversation_id"]) if role == "user"] == [TRIGGER]

    example = json.loads(
        """{"event": "messages.upsert", "data": {"messages": [{"key": {"remoteJid": "1234567890@s.whatsapp.net",
        "fromMe": false, "id": "message_id"}, "message": {"conversation": "I need to speak with a human"}}]}}"""
    )
    Api(server.port).post("/webhook", example, expect=200)
    status = run("curl -sS http://localhost:5001/api/bot/status/1234567890")
    assert (status["phone_number"], status["bot_enabled"], status["handover_requested"]) == ("1234567890", False, True)


def test_the_triggers_of_document_003(admin, gateway):
    """Contact, lead, activity and the turn, all by the webhook alone."""
    who = number()
    say(gateway, who, "Hello", pushName="John")
    told = say(gateway, who, TRIGGER)["messages"][0]
    assert (told["status"], told["handler"]) == ("pending", "queue")
    find = lambda: admin.get("/api/v1/contacts", q="+" + who)["items"]  # noqa: E731
    contact = until(lambda: (lambda c: c if c and c[0]["lead"] else None)(find()), "the lead is made")[0]
    assert (contact["name"], contact["phone"]) == ("John", "+" + who)
    assert contact["last_contact_at"] is not None
    assert contact["identities"] == [{"channel": "whatsapp", "external_id": who, "verified": True}]
    lead = contact["lead"]
    assert (lead["status"], lead["score"], lead["priority"], lead["source"]) == ("qualified", 25, "high", "whatsapp")
    assert lead["handover_trigger"] == TRIGGER
    activities = admin.items("/api/v1/activities", contact=contact["contact_id"])
    assert [(a["type"], a["text"]) for a in activities] == [("handover", TRIGGER)]
    assert activities[0]["metadata"]["channel"] == "whatsapp"
    conversation = admin.conversation(told["conversation_id"])
    assert conversation["user_phone"] == "+" + who and conversation["own_assistant"]


def test_our_assistant_answers_and_says_that_somebody_comes(admin, gateway):
    who = number()
    conversation = say(gateway, who, "Good morning, I wonder about something")["messages"][0]["conversation_id"]
    until(lambda: any(role == "ai" for role, _ in texts(admin, conversation)), "the assistant to answer")
    say(gateway, who, TRIGGER)
    until(lambda: texts(admin, conversation)[-1][0] == "system", "the notice that a person is coming")


def test_a_known_number_is_the_known_contact(admin, gateway):
    who = number()
    made = admin.post("/api/v1/contacts", {"name": "Sarah Johnson", "phone": "+" + who}, expect=201).json
    conversation = say(gateway, who, "hello")["messages"][0]["conversation_id"]
    assert admin.conversation(conversation)["contact_id"] == made["contact_id"]


def test_shapes_of_messages(admin, gateway):
    who = number()
    said = [
        {"extendedTextMessage": {"text": "with a link"}},
        {"imageMessage": {"caption": "my receipt"}},
        {"audioMessage": {"ptt": True}},
        {"buttonsResponseMessage": {"selectedDisplayText": "Yes"}},
        {"ephemeralMessage": {"message": {"conversation": "gone soon"}}},
    ]
    told = gateway.post("/webhook", upsert(*(entry(who, m) for m in said)), expect=200).json
    assert told["stored"] == 5
    single = {"event": "MESSAGES_UPSERT", "data": entry(who, "alone", messageTimestamp="1732096800")}
    gateway.post("/webhook", single, expect=200)
    found = admin.messages(told["messages"][0]["conversation_id"])
    assert [m["message"] for m in found if m["role"] == "user"] == [
        "with a link",
        "my receipt",
        "[Voice message / رسالة صوتية]",
        "Yes",
        "gone soon",
        "alone",
    ]
    assert [m["at"] for m in found if m["message"] == "alone"] == ["2024-11-20T10:00:00.000Z"]


def test_what_is_nothing_to_us_is_answered(gateway):
    who = number()
    group = entry(who, "hi all")
    group["key"]["remoteJid"] = "123-456@g.us"
    status = entry(who, "look")
    status["key"]["remoteJid"] = "status@broadcast"
    reaction = entry(who, {"reactionMessage": {"text": "👍"}})
    told = gateway.post("/webhook", upsert(group, status, reaction), expect=200).json
    assert (told["stored"], told["ignored"], told["messages"]) == (0, 3, [])
    for event in ("connection.update", "messages.update", "qrcode.updated"):
        assert gateway.post("/webhook", {"event": event, "data": {"state": "open"}}, expect=200)["stored"] == 0


def test_a_batch_is_stored_in_order_and_bad_entries_do_not_stop_it(admin, gateway):
    who = number()
    told = gateway.post(
        "/webhook",
        upsert(entry(who, "one", "m1"), {"key": {}}, 5, entry(who, "two", "m2"), entry(who, "one", "m1"), entry(who, "three", "m3")),
        expect=200,
    ).json
    assert (told["received"], told["stored"], told["duplicates"], told["refused"]) == (6, 3, 1, 2)
    conversation = told["messages"][0]["conversation_id"]
    assert [t for role, t in texts(admin, conversation) if role == "user"] == ["one", "two", "three"]
    # The same id with another text is the gateway's mistake: nothing new, and the gateway need not come again.
    again = gateway.post("/webhook", upsert(entry(who, "changed", "m2"), entry(who, "four", "m4")), expect=200).json
    assert (again["refused"], again["stored"]) == (1, 1)
    # Another person's message of the same id is another message.
    assert say(gateway, number(), "hello", message_id="m1")["stored"] == 1


def test_repetitions_from_many_connections_are_one(admin, server):
    who, answers = number(), []
    body = upsert(entry(who, "only once", "same"))
    threads = [
        threading.Thread(target=lambda: answers.append(Api(server.port).post("/webhook", body, expect=200).json))
        for _ in range(8)
    ]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert sum(a["stored"] for a in answers) == 1 and sum(a["duplicates"] for a in answers) == 7
    conversation = {a["messages"][0]["conversation_id"] for a in answers}
    assert len(conversation) == 1
    assert [t for role, t in texts(admin, conversation.pop()) if role == "user"] == ["only once"]


def test_hostile_bodies(gateway):
    assert gateway.post("/webhook", {}, expect=200)["stored"] == 0
    for body, expected in [
        (b"not json", 400),
        (b"[" * 100_000, 400),
        (b'{"event":"messages.upsert","data":' + b"[" * 40 + b"]" * 40 + b"}", 400),
        (b'{"event":"messages.upsert","data":{"key":{"remoteJid":"1@s.whatsapp.net","id":"x"},"message":{"conversation":"a\\u0000b"}}}', 400),
        (b'{"event":"messages.upsert","data":null}', 422),
        (b'{"event":"messages.upsert","data":{"messages":[1]}}', 422),
        (b"\xff\xfe", 400),
    ]:
        assert gateway.call("POST", "/webhook", raw=body).status == expected, body[:60]
    plain = gateway.call("POST", "/webhook", raw=b"{}", headers={"Content-Type": "text/plain"})
    assert plain.status == 415
    big = upsert(entry(number(), "x" * 40_000))
    assert gateway.post("/webhook", big, expect=200)["stored"] == 3  # in parts that can be stored


def test_only_this_machine_posts_without_a_token(gateway):
    body = upsert(entry(number(), "hello"))
    for headers in (
        {"X-Forwarded-For": "203.0.113.7"},
        {"Origin": "https://evil.example"},
        {"Forwarded": "for=203.0.113.7"},
        {"Host": "chat.example.org"},
    ):
        assert gateway.post("/webhook", body, headers=headers).status == 401, headers
        assert gateway.get("/api/bot/status/1234567890", expect=401, headers=headers)


# --- out ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sink():
    with HttpSink() as running:
        yield running


@pytest.fixture(scope="module")
def own(sink):
    """A server with a gateway: token, send address."""
    with Server(
        OUTBOUND_ALLOW="127.0.0.0/8",
        WHATSAPP_WEBHOOK_TOKEN=TOKEN,
        WHATSAPP_SEND_URL=sink.url + "/send",
        WHATSAPP_SEND_TOKEN="key of the gateway",
    ) as running:
        running.admin = StaffApi(running.port, ADMIN_EMAIL, ADMIN_PASSWORD)
        running.gateway = Api(running.port, {"apikey": TOKEN})
        yield running


def sent(sink, who, path="/send"):
    return [p for p in sink.at(path) if json.loads(p.body)["number"] == who]


def sent_texts(sink, who):
    return [json.loads(p.body)["text"] for p in sent(sink, who)]


def said_by_us(own, conversation):
    return [text for role, text in texts(own.admin, conversation) if role != "user"]


def now_due(own):
    own.sql("UPDATE job SET due_at = now() WHERE kind = 'channel.send' AND dead_at IS NULL")


def test_the_token(own):
    body = upsert(entry(number(), "hello"))
    bare = Api(own.port)
    assert bare.post("/webhook", body).status == 401
    assert bare.post("/webhook", body, headers={"apikey": TOKEN + "x"}).status == 401
    assert bare.post("/webhook", body, headers={"Authorization": f"Bearer {TOKEN}"}).status == 200
    assert bare.post(f"/webhook?token={TOKEN}", body).status == 200
    assert SyncApi(own.port).post("/webhook", body).status == 200
    assert TOKEN not in own.log()


def test_replies_leave_in_order(own, sink):
    who = number()
    conversation = say(own.gateway, who, "Good morning, I wonder about something")["messages"][0]["conversation_id"]
    until(lambda: sent(sink, who), "the assistant's answer to leave")
    own.admin.act(conversation, "takeover")
    for n in range(5):
        own.admin.post(f"/api/v1/conversations/{conversation}/messages", {"message": f"line {n}"}, expect=201)
    until(lambda: len(sent(sink, who)) >= len(said_by_us(own, conversation)), "everything to leave")
    assert sent_texts(sink, who) == said_by_us(own, conversation)
    first = sent(sink, who)[0]
    assert first.headers["Authorization"] == "Bearer key of the gateway"
    assert first.headers["apikey"] == "key of the gateway"
    assert first.headers["Content-Type"] == "application/json"
    ids = [p.headers["Idempotency-Key"] for p in sent(sink, who)]
    assert ids == [m["message_id"] for m in own.admin.messages(conversation) if m["role"] != "user"]
    states = until(
        lambda: (lambda s: s if all(d["state"] == "sent" for d in s) else None)(
            own.admin.get(f"/api/v1/conversations/{conversation}/deliveries")["items"]
        ),
        "all to be marked",
    )
    assert len(states) == len(ids)


def test_a_send_address_that_fails_is_tried_again_in_order(own, sink):
    who = number()
    conversation = say(own.gateway, who, TRIGGER)["messages"][0]["conversation_id"]
    until(lambda: sent(sink, who), "the notice to leave")
    own.admin.act(conversation, "takeover")
    sink.answers["/send"] = lambda post: 503 if json.loads(post.body)["number"] == who and not healthy.is_set() else 200
    healthy = threading.Event()
    try:
        before = len(sent(sink, who))
        for text in ("first", "second", "third"):
            own.admin.post(f"/api/v1/conversations/{conversation}/messages", {"message": text}, expect=201)
        until(lambda: len(sent(sink, who)) >= before + 2, "it is tried again")
        assert set(sent_texts(sink, who)[before:]) == {"first"}, "the second waits for the first"
        tried = [d for d in own.admin.get(f"/api/v1/conversations/{conversation}/deliveries")["items"] if d["attempts"]]
        assert ("waiting", 503) in [(d["state"], d["last_status"]) for d in tried]
        # Others do not wait for it.
        other = number()
        say(own.gateway, other, TRIGGER)
        until(lambda: sent(sink, other), "another conversation's notice")
        healthy.set()
        now_due(own)
        until(lambda: sent_texts(sink, who)[-1] == "third", "the rest to leave")
        tail = [t for i, t in enumerate(sent_texts(sink, who)[before:]) if i == 0 or t != "first"]
        assert tail in (["first", "second", "third"], ["second", "third"]) or tail[-2:] == ["second", "third"]
        same = {p.headers["Idempotency-Key"] for p in sent(sink, who) if json.loads(p.body)["text"] == "first"}
        assert len(same) == 1, "a repetition carries the same id"
    finally:
        sink.answers.pop("/send", None)


def test_what_cannot_be_delivered_is_a_dead_letter(own, sink):
    who = number()
    conversation = say(own.gateway, who, TRIGGER)["messages"][0]["conversation_id"]
    until(lambda: sent(sink, who), "the notice to leave")
    own.admin.act(conversation, "takeover")
    planned = [400]

    def answer(post):  # the notice before it may still be on its way
        body = json.loads(post.body)
        return planned.pop() if planned and (body["number"], body["text"]) == (who, "refused") else 200

    sink.answers["/send"] = answer
    try:
        for text in ("refused", "after it"):
            own.admin.post(f"/api/v1/conversations/{conversation}/messages", {"message": text}, expect=201)
        until(lambda: sent_texts(sink, who)[-1] == "after it", "the next one to leave")
        find = lambda: [  # noqa: E731
            d
            for d in own.admin.items("/api/v1/channel-deliveries", state="dead", channel="whatsapp")
            if d["conversation_id"] == conversation
        ]
        dead = until(find, "the dead letter")[0]
        assert (dead["message"], dead["last_status"], dead["attempts"]) == ("refused", 400, 1)
        own.admin.post(f"/api/v1/channel-deliveries/{dead['delivery_id']}/retry", expect=202)
        until(lambda: sent_texts(sink, who)[-1] == "refused", "it to be sent again")
        until(lambda: not find(), "it to be marked")
        assert own.admin.post(f"/api/v1/channel-deliveries/{dead['delivery_id']}/retry").status == 409
    finally:
        sink.answers.pop("/send", None)


def test_a_day_without_an_answer_ends_it(own, sink):
    who = number()
    sink.answers["/send"] = lambda post: 500 if json.loads(post.body)["number"] == who else 200
    try:
        conversation = say(own.gateway, who, TRIGGER)["messages"][0]["conversation_id"]
        until(lambda: sent(sink, who), "the first attempt")
        own.sql(
            "UPDATE channel_delivery SET since = now() - interval '25 hours' WHERE conversation_id = %s",
            (int(conversation.removeprefix("CONV-")),),
        )

        def given_up():
            now_due(own)
            states = own.admin.get(f"/api/v1/conversations/{conversation}/deliveries")["items"]
            return states and states[-1]["state"] == "dead"

        until(given_up, "it to be given up")
    finally:
        sink.answers.pop("/send", None)


def test_after_a_takeover_the_assistant_is_heard_no_more(own, sink):
    """What it said before is delivered, in its place; nothing that it would have said afterwards is."""
    who = number()
    blocked = threading.Event()

    def slow(post):
        if json.loads(post.body)["number"] == who:
            blocked.wait(20)
        return 200

    sink.answers["/send"] = slow
    try:
        conversation = say(own.gateway, who, "Good morning")["messages"][0]["conversation_id"]
        until(lambda: any(r == "ai" for r, _ in texts(own.admin, conversation)), "the assistant to answer")
        said = said_by_us(own, conversation)
        with own.follower_held("assistant"):
            say(own.gateway, who, "and another thing")  # the assistant is called, and is not quick enough
            own.admin.act(conversation, "takeover")
        own.admin.post(f"/api/v1/conversations/{conversation}/messages", {"message": "Sarah here"}, expect=201)
        say(own.gateway, who, "thank you")
        blocked.set()
        until(lambda: sent_texts(sink, who)[-1:] == ["Sarah here"], "staff's reply to leave")
        assert sent_texts(sink, who) == said + ["Sarah here"]
        assert [r for r, _ in texts(own.admin, conversation)].count("ai") == len(said)
    finally:
        blocked.set()
        sink.answers.pop("/send", None)


def test_echoes_of_our_own_messages_are_not_stored_again(own, sink):
    who = number()
    conversation = say(own.gateway, who, TRIGGER)["messages"][0]["conversation_id"]
    until(lambda: sent(sink, who), "the notice to leave")
    notice = sent_texts(sink, who)[0]
    echo = entry(who, notice)
    echo["key"]["fromMe"] = True
    before = texts(own.admin, conversation)
    assert own.gateway.post("/webhook", upsert(echo), expect=200)["ignored"] == 1
    assert texts(own.admin, conversation) == before


def test_what_a_colleague_types_on_the_phone(own, sink):
    """It is kept, it is not sent to the customer a second time, and the assistant does not speak in between."""
    who = number()
    conversation = say(own.gateway, who, "Good morning")["messages"][0]["conversation_id"]
    until(lambda: sent(sink, who), "the assistant's answer to leave")
    typed = entry(who, "I will call you in ten minutes")
    typed["key"]["fromMe"] = True
    assert own.gateway.post("/webhook", upsert(typed), expect=200)["stored"] == 1
    assert ("staff", "I will call you in ten minutes") in texts(own.admin, conversation)
    now = own.admin.conversation(conversation)
    assert (now["handler"], now["status"], now["handover"], now["assigned_staff"]) == ("staff", "active", None, None)
    before = texts(own.admin, conversation)
    say(own.gateway, who, "thanks")
    assert own.admin.get("/api/v1/tickets", conversation=conversation)["items"] == []
    assert own.admin.get("/api/v1/leads", contact=now["contact_id"])["items"] == []
    own.admin.act(conversation, "takeover")
    own.admin.post(f"/api/v1/conversations/{conversation}/messages", {"message": "Sarah here"}, expect=201)
    until(lambda: "Sarah here" in sent_texts(sink, who), "the reply to leave")
    assert "I will call you in ten minutes" not in sent_texts(sink, who)
    assert texts(own.admin, conversation) == before + [("user", "thanks"), ("staff", "Sarah here")]


def test_a_colleague_writes_first_on_the_phone(own):
    who = number()
    typed = entry(who, "Your parcel is here")
    typed["key"]["fromMe"] = True
    conversation = own.gateway.post("/webhook", upsert(typed), expect=200)["messages"][0]["conversation_id"]
    say(own.gateway, who, "thanks, I come at five")
    assert texts(own.admin, conversation) == [("staff", "Your parcel is here"), ("user", "thanks, I come at five")]
    assert own.admin.conversation(conversation)["handler"] == "staff"
    own.admin.act(conversation, "handback")
    say(own.gateway, who, "Good morning")
    until(lambda: texts(own.admin, conversation)[-1][0] == "ai", "the assistant to speak again")


def test_a_reply_without_a_gateway_is_not_lost(admin, gateway):
    who = number()
    conversation = say(gateway, who, TRIGGER)["messages"][0]["conversation_id"]
    admin.act(conversation, "takeover")
    assert admin.conversation(conversation)["delivery"] == "not_configured"
    told = admin.post(f"/api/v1/conversations/{conversation}/messages", {"message": "Sarah here"}, expect=201).json
    assert told["delivery"] == "not_configured" and "gateway" in told["warning"] and told["warning_ar"]
    kept = admin.get(f"/api/v1/conversations/{conversation}/deliveries")["items"]
    assert [(d["seq"], d["state"], d["attempts"]) for d in kept] == [(told["seq"], "dead", 0)]
    dead = [d for d in admin.items("/api/v1/channel-deliveries", state="dead") if d["conversation_id"] == conversation]
    assert dead[0]["message"] == "Sarah here"
    assert admin.post(f"/api/v1/channel-deliveries/{dead[0]['delivery_id']}/retry").status == 409


def test_what_was_kept_leaves_once_there_is_a_gateway(own, sink):
    """A reply kept as given up without an attempt, as a channel without a gateway keeps it, is sent by a retry."""
    who = number()
    conversation = say(own.gateway, who, TRIGGER)["messages"][0]["conversation_id"]
    own.admin.act(conversation, "takeover")
    told = own.admin.post(f"/api/v1/conversations/{conversation}/messages", {"message": "kept"}, expect=201).json
    assert told["delivery"] == "queued" and told.get("warning") is None
    until(lambda: "kept" in sent_texts(sink, who), "the reply to leave")
    id = int(conversation.removeprefix("CONV-"))
    own.sql("UPDATE channel_delivery SET state = 'dead', attempts = 0 WHERE conversation_id = %s AND seq = %s", (id, told["seq"]))
    dead = [d for d in own.admin.items("/api/v1/channel-deliveries", state="dead") if d["conversation_id"] == conversation]
    own.admin.post(f"/api/v1/channel-deliveries/{dead[0]['delivery_id']}/retry", expect=202)
    until(lambda: sent_texts(sink, who).count("kept") == 2, "it to be sent")


def test_copies_that_another_system_posts_are_not_sent(own, sink):
    """A conversation that another system runs, copied here by the sync call, is that system's to deliver."""
    who = number()
    sync = SyncApi(own.port)
    sync.send(who, "hello", channel="whatsapp")
    sync.send(who, "How can I help you?", channel="whatsapp", sender="bibiana")
    later = number()
    say(own.gateway, later, TRIGGER)
    until(lambda: sent(sink, later), "a later reply to leave")
    assert sent(sink, who) == []


def test_long_replies_leave_in_parts(own, sink):
    who = number()
    conversation = say(own.gateway, who, TRIGGER)["messages"][0]["conversation_id"]
    own.admin.act(conversation, "takeover")
    text = "word " * 1500
    own.admin.post(f"/api/v1/conversations/{conversation}/messages", {"message": text.strip()}, expect=201)
    until(lambda: "".join(sent_texts(sink, who)).endswith(text.strip()), "both parts to leave")
    assert all(len(t) <= 4096 for t in sent_texts(sink, who))
    ids = [p.headers["Idempotency-Key"] for p in sent(sink, who)]
    assert len(ids) == len(set(ids))


def test_the_event_of_a_delivery(own, sink):
    who = number()
    before = own.admin.get("/api/v1/events", after=0, limit=1)["head"]
    conversation = say(own.gateway, who, TRIGGER)["messages"][0]["conversation_id"]
    told = until(
        lambda: [
            e["data"]
            for e in own.admin.events(before)
            if e["type"] == "message.delivery" and e["conversation_id"] == conversation
        ],
        "the event",
    )
    assert told[0]["state"] == "sent" and told[0]["conversation_id"] == conversation


def test_nothing_is_sent_to_private_addresses():
    with Server(WHATSAPP_WEBHOOK_TOKEN=TOKEN, WHATSAPP_SEND_URL="https://localhost:9/send") as running:
        admin = StaffApi(running.port, ADMIN_EMAIL, ADMIN_PASSWORD)
        gateway = Api(running.port, {"apikey": TOKEN})
        conversation = say(gateway, number(), TRIGGER)["messages"][0]["conversation_id"]
        states = until(
            lambda: [
                d
                for d in admin.get(f"/api/v1/conversations/{conversation}/deliveries")["items"]
                if d["last_error"]
            ],
            "the attempt",
        )
        assert "public internet" in states[0]["last_error"]
