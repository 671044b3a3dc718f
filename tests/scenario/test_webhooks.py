"""Outgoing webhooks as a receiver sees them, with a receiver's own implementation of the signature."""

import base64
import hashlib
import hmac
import json
import ssl
import subprocess
import threading
import time

import pytest

from harness.api import CustomerApi, StaffApi, SyncApi, new_name
from harness.server import ADMIN_EMAIL, ADMIN_PASSWORD, Server
from harness.sinks import HttpSink
from harness.waiting import until

pytestmark = pytest.mark.short


@pytest.fixture(scope="module")
def sink():
    with HttpSink() as running:
        yield running


@pytest.fixture(scope="module")
def own(sink):
    """A server that may reach the sink, with its admin."""
    with Server(OUTBOUND_ALLOW="127.0.0.0/8,::1/128") as running:  # localhost may be either
        running.admin = StaffApi(running.port, ADMIN_EMAIL, ADMIN_PASSWORD)
        yield running


def sign(secret, post):
    key = base64.b64decode(secret.removeprefix("whsec_"))
    text = f"{post.headers['webhook-id']}.{post.headers['webhook-timestamp']}.".encode() + post.body
    return "v1," + base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()


def signatures(post):
    return post.headers["webhook-signature"].split(" ")


@pytest.fixture
def hook(own, sink):
    """hook(*events): a new webhook on a path of its own: (webhook, path)."""
    made = []

    def make(*events, **more):
        path = "/" + new_name("hook")
        body = {"url": sink.url + path, "events": list(events)} | more
        webhook = own.admin.post("/api/v1/webhooks", body, expect=201).json
        made.append(webhook["webhook_id"])
        return webhook, path

    yield make
    for webhook_id in made:
        own.admin.delete(f"/api/v1/webhooks/{webhook_id}")


def deliveries(own, webhook):
    return own.admin.items(f"/api/v1/webhooks/{webhook['webhook_id']}/deliveries")


def now_due(own):
    """What waits for its next attempt need not wait any longer."""
    own.sql("UPDATE job SET due_at = now() WHERE kind LIKE 'outbox.%%' AND dead_at IS NULL")


def test_delivery(own, sink, hook):
    webhook, path = hook("conversation.new", "message.new", "handover.requested")
    assert webhook["secret"].startswith("whsec_") and webhook["active"]
    assert own.admin.get(f"/api/v1/webhooks/{webhook['webhook_id']}")["secret"] is None
    customer = CustomerApi(own.port, name="John", language="en")
    customer.say("good morning")
    own.admin.act(customer.conversation_id, "handover", {"reason": "asked"})

    def arrived():
        types = [json.loads(p.body)["type"] for p in sink.at(path)]
        return {"conversation.new", "message.new", "handover.requested"} <= set(types)

    until(arrived, "the events to arrive")
    posts = sink.at(path)
    assert len({p.id for p in posts}) == len(posts), "an event was sent twice without need"
    for post in posts:
        assert abs(int(post.headers["webhook-timestamp"]) - time.time()) < 60
        assert post.headers["Content-Type"] == "application/json"
        assert signatures(post) == [sign(webhook["secret"], post)]
        body = json.loads(post.body)
        assert set(body) == {"type", "timestamp", "event_id", "data"}
    said = [
        body["data"]
        for body in (json.loads(p.body) for p in posts)
        if body["type"] == "message.new" and body["data"]["message"] == "good morning"
    ]
    assert [d["conversation_id"] for d in said] == [customer.conversation_id]
    log = until(
        lambda: [d for d in deliveries(own, webhook) if d["state"] == "sent"], "deliveries to be marked"
    )
    assert {d["message_id"] for d in log} <= {p.id for p in sink.at(path)}
    assert log[0]["attempts"][0]["status"] == 200
    assert own.sql("SELECT 1 FROM webhook WHERE secret LIKE '%%whsec%%'") == [], "sealed in the database"


def test_what_happened_before_is_not_sent(own, sink, hook):
    CustomerApi(own.port, name="Early")
    webhook, path = hook("conversation.new")
    later = CustomerApi(own.port, name="Late")
    until(lambda: sink.at(path), "the event to arrive")
    got = [json.loads(p.body)["data"]["conversation_id"] for p in sink.at(path)]
    assert got == [later.conversation_id]


def test_an_endpoint_that_hangs_does_not_hold_up_the_others(own, sink, hook, figure):
    (stuck, stuck_path), (healthy, path) = hook("conversation.new"), hook("conversation.new")
    hung = threading.Event()
    under_way, most = [], []

    def hang(post):
        under_way.append(post)
        most.append(len(under_way))
        hung.wait(60)
        under_way.remove(post)
        return 200

    sink.answers[stuck_path] = hang
    try:
        for n in range(12):
            CustomerApi(own.port, name=f"C{n}")
        until(lambda: len(most) >= 2, "the hanging one to be busy")
        began = time.monotonic()
        last = CustomerApi(own.port, name="Last")
        until(
            lambda: last.conversation_id in [json.loads(p.body)["data"]["conversation_id"] for p in sink.at(path)],
            "the healthy one to be told",
        )
        took = time.monotonic() - began
        # Two are on their way at a time, so the last may arrive before the one before it.
        until(lambda: len(sink.at(path)) >= 13, "the healthy one to be told of all")
        assert len(sink.at(path)) == 13
        assert took < 10, "it waited for the other's time-out"
        assert max(most) == 2, "as many at a time as one endpoint gets"
        figure(f"a healthy webhook beside one that hangs: {took * 1000:.0f} ms")
    finally:
        hung.set()


def test_retry_after_a_failure_and_replay(own, sink, hook):
    webhook, path = hook("conversation.new")
    sink.answers[path] = [500, 302, 200]
    sink.headers = {"Location": sink.url + "/elsewhere"}
    CustomerApi(own.port, name="John")
    first = until(lambda: sink.at(path), "the first attempt")[0]
    waiting = until(
        lambda: [d for d in deliveries(own, webhook) if d["attempts"]], "the failure to be written down"
    )[0]
    assert waiting["state"] == "waiting" and waiting["attempts"][0]["status"] == 500
    until(lambda: len(sink.at(path)) > 1, "the second attempt, five seconds later")
    second = sink.at(path)[1]
    assert 4.9 < second.at - first.at < 20
    assert own.admin.get(f"/api/v1/webhooks/{webhook['webhook_id']}")["failing_since"]

    def third():
        now_due(own)
        return len(sink.at(path)) > 2

    until(third, "the third attempt")
    assert sink.at("/elsewhere") == [], "a redirect was followed"
    sink.headers = {}
    sent = until(lambda: [d for d in deliveries(own, webhook) if d["state"] == "sent"], "success")[0]
    assert [a["status"] for a in sent["attempts"]] == [500, 302, 200]
    assert {p.id for p in sink.at(path)} == {sent["message_id"]}
    timestamps = [int(p.headers["webhook-timestamp"]) for p in sink.at(path)]
    assert timestamps[1] > timestamps[0], "the timestamp is the attempt's"
    assert own.admin.get(f"/api/v1/webhooks/{webhook['webhook_id']}")["failing_since"] is None

    own.admin.post(f"/api/v1/webhook-deliveries/{sent['delivery_id']}/replay", expect=202)
    until(lambda: len(sink.at(path)) == 4, "the replay")
    assert sink.at(path)[3].id == sent["message_id"]
    assert sink.at(path)[3].body == first.body


def test_rotation(own, sink, hook):
    webhook, path = hook("conversation.new")
    changed = own.admin.post(f"/api/v1/webhooks/{webhook['webhook_id']}/secret", expect=200).json
    assert changed["secret"] != webhook["secret"] and changed["former_secret_until"]
    CustomerApi(own.port, name="John")
    post = until(lambda: sink.at(path), "the event")[0]
    assert signatures(post) == [sign(changed["secret"], post), sign(webhook["secret"], post)]
    own.sql("UPDATE webhook SET former_until = now() - interval '1 second'")
    CustomerApi(own.port, name="John")
    post = until(lambda: sink.at(path)[1:], "the event a day later")[0]
    assert signatures(post) == [sign(changed["secret"], post)]


def test_long_failure_switches_it_off_and_tells_admins(own, sink, hook):
    webhook, path = hook("conversation.new")
    address = f"/api/v1/webhooks/{webhook['webhook_id']}"
    sink.answers[path] = lambda post: 503
    CustomerApi(own.port, name="John")
    until(lambda: own.admin.get(address)["failing_since"], "the failure")
    assert own.admin.get(address)["active"]
    own.sql("UPDATE webhook SET failing_since = failing_since - interval '5 days'")
    now_due(own)
    until(lambda: not own.admin.get(address)["active"], "it to be switched off")
    assert "503" in own.admin.get(address)["disabled_reason"]
    told = until(
        lambda: [n for n in own.admin.items("/api/v1/notifications") if n["kind"] == "webhook.disabled"],
        "the admin to be told",
    )
    assert "127.0.0.1" in told[0]["title"] and told[0]["level"] == "warning"
    delivery = deliveries(own, webhook)[0]
    refused = own.admin.post(f"/api/v1/webhook-deliveries/{delivery['delivery_id']}/replay")
    assert refused.status == 409

    # Switched on again, it gets what happens from then on.
    CustomerApi(own.port, name="Meanwhile")
    sink.answers.pop(path)
    own.admin.patch(address, {"active": True}, expect=200)
    seen = len(sink.at(path))
    later = CustomerApi(own.port, name="Later")
    until(lambda: len(sink.at(path)) > seen, "the next event")
    got = [json.loads(p.body)["data"]["conversation_id"] for p in sink.at(path)[seen:]]
    assert later.conversation_id in got


def test_gone_means_gone(own, sink, hook):
    webhook, path = hook("conversation.new")
    sink.answers[path] = [410]
    CustomerApi(own.port, name="John")
    until(
        lambda: not own.admin.get(f"/api/v1/webhooks/{webhook['webhook_id']}")["active"],
        "it to be switched off",
    )
    assert [d["state"] for d in deliveries(own, webhook)] == ["dead"]


def test_dead_letters_can_be_tried_again(own, sink, hook):
    webhook, path = hook("conversation.new")
    sink.answers[path] = lambda post: 500
    CustomerApi(own.port, name="John")
    until(lambda: sink.at(path), "the first attempt")

    def dead():
        # As after three days: the ninth retry is the last. Not of an attempt that is under way: its outcome would be
        # taken for that of an earlier one, and the next would wait until its lease has ended.
        own.sql(
            "UPDATE job SET due_at = now(), attempts = 9 WHERE kind = 'outbox.webhook' AND lease_until IS NULL"
        )
        return own.admin.items("/api/v1/outbox", state="dead", kind="webhook")

    letters = until(dead, "the attempts to end")
    letter = next(x for x in letters if x["message_id"] == sink.at(path)[0].id)
    assert letter["last_status"] == 500 and letter["subject"] == "conversation.new"
    sink.answers.pop(path)
    own.admin.post(f"/api/v1/outbox/{letter['outbox_id']}/retry", expect=202)
    item = f"/api/v1/outbox/{letter['outbox_id']}"
    until(lambda: own.admin.get(item)["state"] == "sent", "it to arrive")
    assert {p.id for p in sink.at(path)} == {letter["message_id"]}
    assert own.admin.post(f"{item}/retry").status == 409


def test_the_test_button(own, sink, hook):
    webhook, path = hook("ticket.new")
    made = own.admin.post(f"/api/v1/webhooks/{webhook['webhook_id']}/test", expect=202).json
    post = until(lambda: sink.at(path), "the test event")[0]
    assert json.loads(post.body)["type"] == "test"
    assert signatures(post) == [sign(webhook["secret"], post)]
    until(lambda: own.admin.get(f"/api/v1/outbox/{made['outbox_id']}")["state"] == "sent", "it to be marked")


@pytest.mark.parametrize(
    "body, field",
    [
        ({"url": "https://example.org/x", "events": []}, "events"),
        ({"url": "https://example.org/x", "events": ["nothing.new"]}, "events[0]"),
        ({"url": "example.org", "events": ["message.new"]}, "url"),
        ({"url": "ftp://example.org", "events": ["message.new"]}, "url"),
        ({"url": "http://8.8.8.8/x", "events": ["message.new"]}, "url"),
        ({"url": "https://10.0.0.1/x", "events": ["message.new"]}, "url"),
        ({"url": "https://169.254.169.254/latest", "events": ["message.new"]}, "url"),
        ({"url": "https://u:p@example.org/x", "events": ["message.new"]}, "url"),
    ],
)
def test_what_is_refused(own, body, field):
    reply = own.admin.post("/api/v1/webhooks", body)
    assert reply.status == 422 and field in reply.fields(), reply


def test_a_name_that_leads_inside_is_refused_when_it_is_connected_to(server, admin):
    """The ordinary server allows nothing: localhost passes as a name, and goes nowhere."""
    body = {"url": "https://localhost:1/hook", "events": ["ticket.new"]}
    webhook = admin.post("/api/v1/webhooks", body, expect=201).json
    admin.post(f"/api/v1/webhooks/{webhook['webhook_id']}/test", expect=202)
    log = f"/api/v1/webhooks/{webhook['webhook_id']}/deliveries"
    tried = until(lambda: [d for d in admin.items(log) if d["attempts"]], "the attempt")[0]
    assert "not on the public internet" in tried["attempts"][0]["error"]
    admin.delete(f"/api/v1/webhooks/{webhook['webhook_id']}", expect=204)


def test_a_certificate_that_nobody_vouches_for_is_refused(own, tmp_path, hook):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=localhost"]
    subprocess.run(command, check=True, capture_output=True)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    with HttpSink(tls) as secret_sink:
        webhook, path = hook("ticket.new", url=secret_sink.url.replace("127.0.0.1", "localhost") + "/tls")
        own.admin.post(f"/api/v1/webhooks/{webhook['webhook_id']}/test", expect=202)
        tried = until(lambda: [d for d in deliveries(own, webhook) if d["attempts"]], "the attempt")[0]
        assert "certificate" in tried["attempts"][0]["error"] and tried["attempts"][0]["status"] == 0
        assert secret_sink.posts == []


def test_many_events_each_once(own, sink, hook, figure):
    webhook, path = hook("message.new")
    sync = SyncApi(own.port)
    start = time.monotonic()
    ids = {sync.send(new_name(), f"text {n}").json["message_id"] for n in range(100)}

    def all_there():
        return {json.loads(p.body)["data"]["message_id"] for p in sink.at(path)} >= ids

    until(all_there, "a hundred events", timeout=120)
    posts = sink.at(path)
    assert len({p.id for p in posts}) == len(posts)
    figure(f"webhooks: 100 messages delivered and signed in {time.monotonic() - start:.1f} s")
