"""POST /api/chat/sync: every message of any channel comes in here."""

import json
import re

import pytest

from harness.api import Api, new_name

pytestmark = pytest.mark.short

DOCUMENTED = {
    "message": "I need help with my scholarship application",
    "sender": "user",
    "timestamp": "2024-10-21 16:45:00",
}


def test_the_documented_four_fields_alone(sync):
    reply = sync.post("/api/chat/sync", DOCUMENTED | {"user_id": new_name()}, expect=200)
    body = reply.json
    assert body["success"] is True and body["saved"] is True and body["duplicate"] is False
    assert re.fullmatch(r"CONV-[1-9]\d*", body["conversation_id"])
    assert body["message_id"]
    assert (body["seq"], body["status"], body["handler"]) == (1, "bot", "bot")
    assert "Idempotent-Replayed" not in reply.headers


def test_the_canonical_path_and_both_ways_to_send_the_key(server, sync):
    key = sync.headers["Authorization"].split()[1]
    for path in ("/api/chat/sync", "/api/v1/chat/sync"):
        for headers in ({"Authorization": f"Bearer {key}"}, {"X-API-Key": key}):
            body = {"user_id": new_name(), "message": "hello", "sender": "user"}
            assert Api(server.port, headers).post(path, body, expect=200)["saved"] is True


@pytest.mark.parametrize(
    "given, stored",
    [
        ("2024-10-21 16:45:00", "2024-10-21T16:45:00.000Z"),
        ("2024-10-21T16:45:00", "2024-10-21T16:45:00.000Z"),
        ("2024-10-21T18:45:00+02:00", "2024-10-21T16:45:00.000Z"),
        ("2024-10-21T16:45:00.250Z", "2024-10-21T16:45:00.250Z"),
        ("1729529100", "2024-10-21T16:45:00.000Z"),
        (1729529100, "2024-10-21T16:45:00.000Z"),
    ],
)
def test_timestamps(sync, admin, given, stored):
    reply = sync.send(new_name(), "when", timestamp=given).json
    (message,) = admin.messages(reply["conversation_id"])
    assert message["at"] == stored
    assert message["received_at"] > "2025", "the server's own clock stands beside the claimed time"


@pytest.mark.parametrize(
    "sender, role",
    [
        ("user", "user"),
        ("bibiana", "ai"),
        ("ai", "ai"),
        ("assistant", "ai"),
        ("bot", "ai"),
        ("staff", "staff"),
    ],
)
def test_senders(sync, admin, sender, role):
    reply = sync.send(new_name(), "hello", sender=sender).json
    (message,) = admin.messages(reply["conversation_id"])
    assert message["role"] == role
    assert message["message"] == "hello"


def test_every_optional_field(sync, admin):
    user, message_id = new_name(), new_name("message")
    optional = {
        "timestamp": "2024-10-21T16:45:00Z",
        "message_id": message_id,
        "session_id": new_name("session"),
        "user_name": "John",
        "user_email": "john@example.org",
        "user_phone": "+263123456",
        "issue_type": "education_scholarship",
        "priority": "high",
        "channel": "elevenlabs",
        "metadata": {"agent": "bibiana", "nested": {"turn": 3}},
    }
    reply = sync.send(user, "I need help", **optional).json
    assert reply["message_id"] == message_id
    conversation = admin.conversation(reply["conversation_id"])
    for name in ("session_id", "user_name", "user_email", "priority", "channel"):
        assert conversation[name] == optional[name], name
    assert conversation["user_phone"].lstrip("+") == "263123456"
    assert conversation["category"] == "education_scholarship"
    assert conversation["user_id"] == user

    again = sync.send(user, "One more thing", conversation_id=reply["conversation_id"]).json
    assert (again["conversation_id"], again["seq"]) == (reply["conversation_id"], 2)


def test_a_user_keeps_their_conversation_and_a_new_session_is_another(sync):
    user = new_name()
    first = sync.send(user, "one", session_id="s1-" + user).json
    second = sync.send(user, "two", session_id="s1-" + user).json
    third = sync.send(user, "three", session_id="s2-" + user).json
    assert second["conversation_id"] == first["conversation_id"]
    assert third["conversation_id"] != first["conversation_id"]
    plain = new_name()
    assert sync.send(plain, "one").json["conversation_id"] == sync.send(plain, "two").json["conversation_id"]


def test_unknown_fields_are_ignored(sync):
    assert sync.send(new_name(), "hello", something_new={"a": 1}, voice="calm").json["saved"] is True


def test_text_is_kept_as_it_came(sync, admin):
    text = (
        'Ünïcode 🙂 مرحبا "quotes" \\ <script>alert(1)</script>\nsecond line\ttab \'; DROP TABLE message; --'
    )
    reply = sync.send(new_name(), text).json
    assert admin.messages(reply["conversation_id"])[0]["message"] == text


# --- errors ---


def problem(reply, status):
    assert reply.status == status, reply
    assert reply.headers["Content-Type"].startswith("application/problem+json")
    body = reply.json
    assert body["status"] == status
    assert body["title"] and body["detail"] and body["request_id"]
    return body


def test_401_without_a_key_and_with_a_bad_one(server):
    body = {"user_id": "u", "message": "m", "sender": "user"}
    for headers in (
        {},
        {"Authorization": "Bearer nonsense"},
        {"X-API-Key": "nonsense"},
        {"Authorization": "Basic eDp5"},
    ):
        problem(Api(server.port, headers).post("/api/chat/sync", body), 401)


def test_403_for_a_member_of_staff(hire):
    problem(hire("agent").post("/api/chat/sync", {"user_id": "u", "message": "m", "sender": "user"}), 403)


def test_405_names_what_is_allowed(sync):
    reply = sync.get("/api/chat/sync", expect=None)
    problem(reply, 405)
    assert "POST" in reply.headers["Allow"]


def test_404_is_a_problem_too(sync):
    problem(sync.get("/api/v1/no-such-thing", expect=None), 404)


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", None])
def test_415(sync, content_type):
    raw = json.dumps({"user_id": "u", "message": "m", "sender": "user"}).encode()
    problem(sync.call("POST", "/api/chat/sync", raw=raw, headers={"Content-Type": content_type}), 415)


def test_415_for_a_compressed_body(sync):
    problem(sync.call("POST", "/api/chat/sync", raw=b"\x1f\x8b", headers={"Content-Encoding": "gzip"}), 415)


def test_413(sync):
    raw = json.dumps({"user_id": "u", "message": "m" * 300_000, "sender": "user"}).encode()
    problem(sync.call("POST", "/api/chat/sync", raw=raw), 413)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"nonsense",
        b'{"user_id":"u",}',
        b'{"user_id":"u"} {}',
        b'{"user_id":"\xff"}',
        b'{"user_id":"a\\u0000b"}',
    ],
)
def test_400_for_what_is_not_json(sync, raw):
    problem(sync.call("POST", "/api/chat/sync", raw=raw), 400)


@pytest.mark.parametrize(
    "change, fields",
    [
        ({"user_id": None, "message": None, "sender": None}, {"user_id", "message", "sender"}),
        ({"user_id": ""}, {"user_id"}),
        ({"user_id": 7}, {"user_id"}),
        ({"user_id": "u" * 5000}, {"user_id"}),
        ({"message": ""}, {"message"}),
        ({"message": "   \n "}, {"message"}),
        ({"message": ["a"]}, {"message"}),
        ({"sender": "somebody"}, {"sender"}),
        ({"sender": {}}, {"sender"}),
        ({"timestamp": "yesterday"}, {"timestamp"}),
        ({"timestamp": "2024-13-45 99:00:00"}, {"timestamp"}),
        ({"timestamp": True}, {"timestamp"}),
        ({"priority": "very"}, {"priority"}),
        ({"metadata": "text"}, {"metadata"}),
        ({"metadata": [1]}, {"metadata"}),
        ({"message_id": ""}, {"message_id"}),
        ({"message_id": "m" * 5000}, {"message_id"}),
        ({"session_id": 3}, {"session_id"}),
        ({"conversation_id": "12"}, {"conversation_id"}),
        ({"user_name": "n" * 5000}, {"user_name"}),
        ({"channel": "c" * 5000}, {"channel"}),
        ({"sender": "x", "priority": "y", "timestamp": "z"}, {"sender", "priority", "timestamp"}),
    ],
)
def test_422_names_each_bad_field(sync, change, fields):
    body = {"user_id": new_name(), "message": "hello", "sender": "user"} | change
    reply = sync.post("/api/chat/sync", {k: v for k, v in body.items() if v is not None})
    problem(reply, 422)
    assert reply.fields() == fields, reply
    assert all(error["message"] for error in reply["errors"])


def test_422_when_the_body_is_no_object(sync):
    for raw in (b"[]", b"1", b"null", b'"text"'):
        problem(sync.call("POST", "/api/chat/sync", raw=raw), 422)


def test_an_unknown_conversation(sync):
    reply = sync.send(new_name(), "hello", conversation_id="CONV-999999999", expect=(404, 422))
    problem(reply, reply.status)


def test_a_bad_post_stores_nothing(sync, server):
    user = new_name()
    sync.send(user, "hello", priority="very", expect=422)
    assert server.sql("SELECT count(*) FROM contact_identity WHERE external_id = %s", (user,)) == [(0,)]


# --- a retry is one message ---


def replayed(reply, first):
    assert reply.headers["Idempotent-Replayed"] == "true"
    body = reply.json
    assert body["duplicate"] is True and body["saved"] is True
    for name in ("conversation_id", "message_id", "seq"):
        assert body[name] == first[name], name


def test_the_same_message_id_is_stored_once(sync, admin):
    user, message_id = new_name(), new_name("message")
    first = sync.send(user, "hello", message_id=message_id).json
    replayed(sync.send(user, "hello", message_id=message_id), first)
    assert len(admin.messages(first["conversation_id"])) == 1


def test_the_same_message_id_with_another_text_is_refused(sync, admin):
    user, message_id = new_name(), new_name("message")
    first = sync.send(user, "hello", message_id=message_id).json
    problem(sync.send(user, "goodbye", message_id=message_id, expect=None), 409)
    assert [m["message"] for m in admin.messages(first["conversation_id"])] == ["hello"]


def test_message_ids_of_two_channels_are_different(sync):
    message_id = new_name("message")
    first = sync.send(new_name(), "hello", message_id=message_id, channel="elevenlabs").json
    second = sync.send(new_name(), "hello", message_id=message_id, channel="whatsapp").json
    assert not second["duplicate"] and second["conversation_id"] != first["conversation_id"]


def test_without_an_id_the_four_fields_are_the_identity(sync, admin):
    user = new_name()
    base = {"message": "hello", "timestamp": "2024-10-21 16:45:00"}
    first = sync.send(user, **base).json
    replayed(sync.send(user, **base), first)
    for change in ({"message": "hello!"}, {"timestamp": "2024-10-21 16:45:01"}, {"sender": "bibiana"}):
        assert not sync.send(user, **(base | change)).json["duplicate"], change
    assert not sync.send(new_name(), **base).json["duplicate"]
    assert len(admin.messages(first["conversation_id"])) == 4


def test_idempotency_key(sync, admin):
    user, key = new_name(), new_name("key")
    first = sync.send(user, "hello", headers={"Idempotency-Key": key}).json
    replayed(sync.send(user, "hello", headers={"Idempotency-Key": key}), first)
    problem(sync.send(user, "goodbye", headers={"Idempotency-Key": key}, expect=None), 409)
    assert len(admin.messages(first["conversation_id"])) == 1


def test_two_keys_are_two_messages_even_with_one_text(sync, admin):
    user = new_name()
    first = sync.send(user, "yes", message_id=new_name("m")).json
    second = sync.send(user, "yes", message_id=new_name("m")).json
    assert second["seq"] == first["seq"] + 1


def test_unrelated_bad_and_good_posts_at_once(sync):
    """A batch with a row that the database refuses must not fail its neighbours."""
    from concurrent.futures import ThreadPoolExecutor

    good, bad = [], []
    with ThreadPoolExecutor(8) as pool:
        for i in range(200):
            if i % 10 == 0:
                bad.append(
                    pool.submit(
                        sync.send, new_name(), "hello", "user", None, conversation_id="CONV-999999999"
                    )
                )
            else:
                good.append(pool.submit(sync.send, new_name(), "hello"))
    assert all(future.result()["saved"] for future in good)
    assert all(future.result().status in (404, 422) for future in bad)
