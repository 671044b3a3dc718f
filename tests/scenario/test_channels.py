"""Channels that an admin describes: a mapping tried on a sample, what comes in by it, and replies by a template."""

import json
import urllib.parse

import pytest

from harness.api import Api, StaffApi, new_name
from harness.server import ADMIN_EMAIL, ADMIN_PASSWORD, Server
from harness.sinks import HttpSink
from harness.waiting import until

pytestmark = pytest.mark.short

MAPPING = {
    "text": "/message/text",
    "user_id": "/message/chat/id",
    "message_id": "/update_id",
    "name": "/message/from/first_name",
    "timestamp": "/message/date",
    "only_when": [{"place": "/message/chat/type", "equals": "private"}],
}


def update(chat, text, number=None, kind="private"):
    return {
        "update_id": number or new_name("u"),
        "message": {
            "date": 1732096800,
            "text": text,
            "chat": {"id": chat, "type": kind},
            "from": {"first_name": "Sarah Johnson"},
        },
    }


@pytest.fixture(scope="module")
def sink():
    with HttpSink() as running:
        yield running


@pytest.fixture(scope="module")
def own(sink):
    with Server(OUTBOUND_ALLOW="127.0.0.0/8") as running:
        running.admin = StaffApi(running.port, ADMIN_EMAIL, ADMIN_PASSWORD)
        yield running


@pytest.fixture
def channel(own, sink):
    """channel(**more): a new channel: (name, secret, Api that posts with it)."""

    def make(send=True, **more):
        name = new_name("ch")
        body = {"name": name, "name_en": "Telegram", "name_ar": "تيليجرام", "mapping": MAPPING}
        if send:
            body["send"] = {
                "url": f"{sink.url}/{name}",
                "headers": {"X-Key": "secret of the other side"},
                "body": '{"chat_id":"{{to}}","text":"{{text}}","from":"{{sender}}"}',
            } | (send if isinstance(send, dict) else {})
        made = own.admin.post("/api/v1/channels", body | more, expect=201).json
        return name, made["secret"], Api(own.port, {"X-Channel-Secret": made["secret"]})

    return make


def test_the_list_of_channels(own, channel):
    name, _, _ = channel(send=False)
    listed = {c["name"]: c for c in own.admin.get("/api/v1/channels")["items"]}
    assert {"widget", "portal", "elevenlabs", "whatsapp", "call", name} <= set(listed)
    assert listed["whatsapp"]["kind"] == "whatsapp" and listed["whatsapp"]["name_ar"] == "واتساب"
    assert listed["widget"]["kind"] == "built_in" and listed["widget"]["own_assistant"] is True
    assert listed["elevenlabs"]["own_assistant"] is False
    assert (listed[name]["kind"], listed[name]["name_en"], listed[name]["sends"]) == ("json", "Telegram", False)
    assert all(c["name_en"] and c["name_ar"] and c["icon"] for c in listed.values())


def test_a_mapping_is_tried_before_it_is_saved(own):
    preview = lambda mapping, sample: own.admin.post(  # noqa: E731
        "/api/v1/channels/preview", {"mapping": mapping, "sample": sample}, expect=200
    ).json
    good = preview(MAPPING, update(42, "hello", "u1"))
    assert good["missing"] == [] and good["ignored"] == 0
    assert good["messages"][0] | {"at": None} == {
        "user_id": "42",
        "text": "hello",
        "message_id": "u1",
        "name": "Sarah Johnson",
        "phone": "",
        "email": "",
        "session": "",
        "at": None,
    }
    wrong = preview(MAPPING | {"text": "/message/body"}, update(42, "hello"))
    assert wrong["messages"] == [] and [m["field"] for m in wrong["missing"]] == ["text"]
    assert "/message/body" in wrong["missing"][0]["message"]
    assert preview(MAPPING, update(42, "hello", kind="group"))["ignored"] == 1
    bad = own.admin.post("/api/v1/channels/preview", {"mapping": {"text": "message"}, "sample": {}})
    assert bad.fields() == {"mapping.text", "mapping.user_id"}
    assert own.admin.post("/api/v1/channels/preview", {"mapping": MAPPING}).fields() == {"sample"}


def test_what_comes_in(own, channel):
    name, secret, other_side = channel(send=False)
    told = other_side.post(f"/channels/{name}", update(42, "hello", "u1"), expect=200).json
    assert (told["stored"], told["messages"][0]["handler"]) == (1, "bot")
    conversation = own.admin.conversation(told["messages"][0]["conversation_id"])
    assert (conversation["channel"], conversation["user_id"], conversation["user_name"]) == (name, "42", "Sarah Johnson")
    assert conversation["own_assistant"]
    assert other_side.post(f"/channels/{name}", update(42, "hello", "u1"), expect=200)["duplicates"] == 1
    until(
        lambda: any(m["role"] == "ai" for m in own.admin.messages(conversation["conversation_id"])),
        "the assistant to answer",
    )
    assert other_side.post(f"/channels/{name}", update(42, "hi", kind="group"), expect=200)["ignored"] == 1
    lost = other_side.post(f"/channels/{name}", {"message": {"chat": {"type": "private"}}})
    assert lost.status == 422 and lost.fields() == {"text", "user_id"}
    rows = own.admin.items("/api/v1/conversations", channel=name)
    assert [r["conversation_id"] for r in rows] == [conversation["conversation_id"]]


def test_the_secret(own, channel):
    name, secret, _ = channel(send=False)
    path, body, bare = f"/channels/{name}", update(1, "hello"), Api(own.port)
    assert bare.post(path, body).status == 401
    assert bare.post(path, body, headers={"X-Channel-Secret": secret + "x"}).status == 401
    assert bare.post("/channels/none-such", body, headers={"X-Channel-Secret": secret}).status == 401
    assert bare.post("/channels/whatsapp", body, headers={"X-Channel-Secret": secret}).status == 401
    assert bare.post(f"{path}?token={secret}", body).status == 200
    assert bare.post(path, body, headers={"Authorization": f"Bearer {secret}"}).status == 200
    renewed = own.admin.post(f"/api/v1/channels/{name}/secret", expect=200)["secret"]
    assert bare.post(path, body, headers={"X-Channel-Secret": secret}).status == 401
    assert bare.post(path, body, headers={"X-Channel-Secret": renewed}).status == 200
    chosen = {"secret": "a secret of their choice"}
    own.admin.post(f"/api/v1/channels/{name}/secret", chosen, expect=200)
    own.admin.patch(f"/api/v1/channels/{name}", {"secret_header": "X-Telegram-Bot-Api-Secret-Token"}, expect=200)
    assert bare.post(path, body, headers={"x-telegram-bot-api-secret-token": chosen["secret"]}).status == 200
    shown = own.admin.get(f"/api/v1/channels/{name}").json
    assert shown["secret"] is None and shown["has_secret"]
    stored = own.sql("SELECT secret FROM channel WHERE name = %s", (name,))[0][0]
    assert chosen["secret"] not in stored and chosen["secret"] not in own.log()


def test_replies_by_the_template(own, sink, channel):
    name, _, other_side = channel()
    told = other_side.post(f"/channels/{name}", update(77, "Good morning"), expect=200).json
    conversation = told["messages"][0]["conversation_id"]
    until(lambda: sink.at(f"/{name}"), "the assistant's answer")
    own.admin.act(conversation, "takeover")
    text = 'with "quotes", {{name}} and\na line'
    own.admin.post(f"/api/v1/conversations/{conversation}/messages", {"message": text}, expect=201)
    until(lambda: len(sink.at(f"/{name}")) == 2, "staff's reply")
    post = sink.at(f"/{name}")[1]
    assert json.loads(post.body) == {"chat_id": "77", "text": text, "from": own.admin.name}
    assert post.headers["X-Key"] == "secret of the other side"
    shown = own.admin.get(f"/api/v1/channels/{name}").json["send"]
    assert (shown["host"], shown["header_names"]) == ("127.0.0.1", ["X-Key"])
    raw = own.sql("SELECT send_url, send_headers FROM channel WHERE name = %s", (name,))[0]
    assert sink.url not in raw[0] and "secret of" not in raw[1]


def test_what_was_said_before_there_was_an_address_is_not_sent(own, sink, channel):
    name, _, other_side = channel(send=False)
    told = other_side.post(f"/channels/{name}", update(5, "hello"), expect=200).json
    conversation = told["messages"][0]["conversation_id"]
    until(lambda: any(m["role"] == "ai" for m in own.admin.messages(conversation)), "the assistant to answer")
    own.admin.patch(f"/api/v1/channels/{name}", {"send": {"url": f"{sink.url}/{name}"}}, expect=200)
    own.admin.act(conversation, "takeover")
    own.admin.post(f"/api/v1/conversations/{conversation}/messages", {"message": "only this"}, expect=201)
    until(lambda: sink.at(f"/{name}"), "the reply")
    assert [json.loads(p.body)["text"] for p in sink.at(f"/{name}")] == ["only this"]
    own.admin.patch(f"/api/v1/channels/{name}", {"stop_sending": True}, expect=200)
    own.admin.post(f"/api/v1/conversations/{conversation}/messages", {"message": "stays here"}, expect=201)
    own.admin.post(f"/api/v1/channels/{name}/test", {"to": "5"}, expect=409)
    assert len(sink.at(f"/{name}")) == 1


def test_a_test_message(own, sink, channel):
    name, _, _ = channel()
    good = own.admin.post(f"/api/v1/channels/{name}/test", {"to": "42", "text": "it works"}, expect=200).json
    assert good["delivered"] and good["status"] == 200
    assert json.loads(sink.at(f"/{name}")[0].body)["text"] == "it works"
    sink.answers[f"/{name}"] = [403]
    bad = own.admin.post(f"/api/v1/channels/{name}/test", {"to": "42"}, expect=200).json
    assert (bad["delivered"], bad["status"], bad["error"]) == (False, 403, "answered 403")


def test_forms_in_and_out(own, sink, channel):
    """A gateway for text messages that speaks forms: the same channel by another mapping."""
    name, secret, _ = channel(
        mapping={"text": "/Body", "user_id": "/From", "phone": "/From", "message_id": "/MessageSid"},
        send={"url": f"{sink.url}/sms", "format": "form", "body": '{"To":"+{{number}}","Body":"{{text}}"}'},
    )
    form = urllib.parse.urlencode({"Body": "Good morning & more", "From": "+263771234567", "MessageSid": "SM1"}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    told = Api(own.port).call("POST", f"/channels/{name}?token={secret}", raw=form, headers=headers, expect=200).json
    conversation = own.admin.conversation(told["messages"][0]["conversation_id"])
    assert conversation["user_phone"] == "+263771234567"
    post = until(lambda: sink.at("/sms"), "the reply")[0]
    assert post.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert urllib.parse.parse_qs(post.body.decode())["To"] == ["+263771234567"]


def test_what_is_refused(own, channel):
    make = lambda **more: own.admin.post(  # noqa: E731
        "/api/v1/channels",
        {"name": new_name("ch"), "name_en": "X", "name_ar": "س", "mapping": MAPPING} | more,
    )
    name, _, _ = channel(send=False)
    assert make(name=name).status == 409
    for taken in ("widget", "whatsapp", "preview"):
        assert make(name=taken).fields() == {"name"}
    for bad in ("Upper", "a b", "-x", "../x", "9x"):
        assert make(name=bad).fields() == {"name"}, bad
    assert make(mapping={}).fields() == {"mapping.text", "mapping.user_id"}
    assert make(secret_header="bad header").fields() == {"secret_header"}
    for url in ("ftp://x", "https://user:pw@example.org/", "http://169.254.169.254/", "https://10.0.0.1/", "javascript:alert(1)"):
        assert make(send={"url": url}).fields() == {"send.url"}, url
    assert make(send={"url": "https://example.org/", "body": '{"x":"{{secret}}"}'}).fields() == {"send.body"}
    for headers in ({"Host": "x"}, {"Content-Length": "1"}, {"X": "a\r\nY: b"}, {"X y": "z"}, {"X": 5}):
        assert make(send={"url": "https://example.org/", "headers": headers}).fields() == {"send.headers"}, headers
    assert own.admin.patch("/api/v1/channels/whatsapp", {"mapping": MAPPING}).fields() == {"mapping"}
    assert own.admin.delete("/api/v1/channels/whatsapp").status == 409
    assert own.admin.delete("/api/v1/channels/none-such").status == 404


def test_hostile_posts(own, channel):
    name, _, other_side = channel(send=False)
    for body, expected in [
        (b"", 400),
        (b"[" * 50_000, 400),
        (b'{"message":' * 40 + b"1" + b"}" * 40, 400),
        (json.dumps(update({"x": 1}, ["y"])).encode(), 422),
        (b'{"message":{"chat":{"id":1,"type":"private"},"text":"a\\u0000b"}}', 400),
        (b"5", 200),
    ]:
        assert other_side.call("POST", f"/channels/{name}", raw=body).status == expected, body[:60]


def test_a_change_counts_from_its_answer_on(own, channel):
    """Also while earlier changes are still being read by the server's own followers."""
    name, _, other_side = channel(send=False)
    for n in range(40):
        active = n % 2 == 1
        own.admin.patch(f"/api/v1/channels/{name}", {"active": active}, expect=200)
        assert other_side.post(f"/channels/{name}", update(1, "hello")).status == (200 if active else 404), n


def test_switched_off_and_removed(own, channel):
    name, secret, other_side = channel(send=False)
    own.admin.patch(f"/api/v1/channels/{name}", {"active": False}, expect=200)
    assert other_side.post(f"/channels/{name}", update(1, "hello")).status == 404
    own.admin.delete(f"/api/v1/channels/{name}", expect=204)
    assert other_side.post(f"/channels/{name}", update(1, "hello")).status == 401
    actions = [a["action"] for a in own.admin.items("/api/v1/audit", target=name)]
    assert {"channel.create", "channel.change", "channel.remove"} <= set(actions)


def test_whatsapp_is_set_up_by_hand(own, sink):
    """Without any variable of the environment: token and address from the settings page."""
    assert own.admin.get("/api/v1/channels/whatsapp")["has_secret"] is False
    token = own.admin.post("/api/v1/channels/whatsapp/secret", expect=200)["secret"]
    own.admin.patch(
        "/api/v1/channels/whatsapp",
        {"send": {"url": f"{sink.url}/wa", "headers": {"apikey": "of the gateway"}}},
        expect=200,
    )
    body = {
        "event": "messages.upsert",
        "data": {"key": {"remoteJid": "263779998877@s.whatsapp.net", "id": "1"}, "message": {"conversation": "hello"}},
    }
    assert Api(own.port).post("/webhook", body).status == 401, "with a token nobody posts without"
    assert Api(own.port).post("/webhook", body, headers={"apikey": token}).status == 200
    post = until(lambda: sink.at("/wa"), "the assistant's answer")[0]
    assert json.loads(post.body)["number"] == "263779998877" and post.headers["apikey"] == "of the gateway"
