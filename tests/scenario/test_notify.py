"""Who is told of what, and how: the in-app centre, mail on a real SMTP server, Slack and Teams."""

import json
import re

import pytest

from harness.api import CustomerApi, StaffApi, new_name
from harness.live import LiveSocket
from harness.server import ADMIN_EMAIL, ADMIN_PASSWORD, Server
from harness.sinks import HttpSink, MailSink
from harness.waiting import until

pytestmark = pytest.mark.short

PASSWORD = "green lantern by the river"


@pytest.fixture(scope="module")
def mails():
    with MailSink() as running:
        yield running


@pytest.fixture(scope="module")
def chat():
    with HttpSink() as running:
        yield running


@pytest.fixture(scope="module")
def own(mails):
    with Server(
        SMTP_URL=mails.url,
        MAIL_FROM="Help Desk <desk@example.org>",
        MAIL_REPLY_TO="help@example.org",
        OUTBOUND_ALLOW="127.0.0.0/8",
        PUBLIC_URL="https://chat.example.org",
        COMPANY_NAME="مركز المحادثة",
        COMPANY_NAME_EN="Chat Centre",
    ) as running:
        running.admin = StaffApi(running.port, ADMIN_EMAIL, ADMIN_PASSWORD)
        yield running


def new_department(own):
    slug = new_name("dep")
    own.admin.post(
        "/api/v1/departments", {"slug": slug, "name_en": slug, "name_ar": "قسم"}, expect=201
    )
    return slug


def hire(own, role, *departments, language="en", name=None):
    email = new_name(role) + "@example.org"
    profile = {
        "name": name or email.split("@")[0],
        "email": email,
        "password": PASSWORD,
        "role": role,
        "departments": list(departments),
    }
    own.admin.post("/api/v1/staff", profile, expect=201)
    api = StaffApi(own.port, email, PASSWORD)
    if language != "en":
        api.patch("/api/v1/me", {"language": language}, expect=200)
    return api


def waiting_chat(own, slug, priority=None, name="John"):
    customer = CustomerApi(own.port, name=name, language="en")
    customer.say("good morning")
    if priority:
        own.admin.patch(customer.path, {"priority": priority}, expect=200)
    conversation = own.admin.act(customer.conversation_id, "assignment", {"department": slug})
    if conversation["status"] != "pending":
        own.admin.act(customer.conversation_id, "handover", {"reason": "asked"})
    return customer


def about(api, customer, kind=None):
    return [
        n
        for n in api.items("/api/v1/notifications")
        if n["conversation_id"] == customer.conversation_id and kind in (None, n["kind"])
    ]


def wait_for(api, customer, kind=None):
    return until(lambda: about(api, customer, kind), "a notification")[0]


def test_somebody_waits_and_the_department_hears_of_it(own):
    slug, other = new_department(own), new_department(own)
    sarah, bob, stranger = hire(own, "agent", slug), hire(own, "agent", slug), hire(own, "agent", other)
    with LiveSocket(own.port, sarah.token, "/ws") as live, LiveSocket(own.port, own.admin.token, "/ws") as other_live:
        live.subscribe("mine")
        other_live.subscribe("mine", "all")
        customer = waiting_chat(own, slug)
        told = wait_for(sarah, customer)
        assert told["kind"] == "handover" and told["level"] == "info" and told["read_at"] is None
        assert told["title"] == "John is waiting for a person"
        assert wait_for(bob, customer)["title"] == told["title"]
        event = live.until(lambda: live.of_type("notification"), "the event")[-1]
        assert event["data"]["notification_id"] == told["notification_id"]
        assert event["data"]["unread"] >= 1 and event["data"]["browser"] is True
        assert event["conversation_id"] is None
        # Sarah takes it: Bob needs to do nothing any more.
        sarah.act(customer.conversation_id, "takeover")
        until(lambda: about(bob, customer)[0]["settled"], "it to be settled")
        assert about(bob, customer)[0]["read_at"]
        live.until(lambda: live.of_type("notification.read"), "the new count")
        other_live.barrier()
        theirs = {e["data"].get("notification_id") for e in other_live.of_type("notification")}
        assert told["notification_id"] not in theirs, "another person's notification"
    assert about(stranger, customer) == []
    mine = sarah.events()
    assert any(e["type"] == "notification" for e in mine)
    assert not [e for e in stranger.events() if e["type"].startswith("notification")]


def test_reading(own):
    slug = new_department(own)
    sarah = hire(own, "agent", slug)
    customers = [waiting_chat(own, slug, name=f"John {n}") for n in range(3)]
    for customer in customers:
        wait_for(sarah, customer)
    until(lambda: sarah.get("/api/v1/notifications")["unread"] == 3, "all three")
    page = sarah.get("/api/v1/notifications", limit=2).json
    assert len(page["items"]) == 2 and page["next_cursor"] and page["unread"] == 3
    newest, middle = page["items"]
    assert sarah.put("/api/v1/notifications/read", {"ids": [newest["notification_id"]]}, expect=200)["unread"] == 2
    assert len(sarah.items("/api/v1/notifications", unread="true")) == 2
    up_to = {"up_to": middle["notification_id"]}
    assert sarah.put("/api/v1/notifications/read", up_to, expect=200)["unread"] == 0
    assert sarah.put("/api/v1/notifications/read", {}, expect=200)["unread"] == 0
    bob = hire(own, "agent", slug)
    stolen = bob.post(f"/api/v1/notifications/{newest['notification_id']}/acknowledgement")
    assert stolen.status == 404
    assert sarah.put("/api/v1/notifications/read", {"ids": ["CONV-1"]}).status == 422


def test_a_conversation_is_passed_on(own):
    slug = new_department(own)
    sarah, bob = hire(own, "agent", slug), hire(own, "agent", slug, language="ar")
    customer = waiting_chat(own, slug)
    sarah.act(customer.conversation_id, "takeover")
    sarah.act(customer.conversation_id, "assignment", {"staff_id": bob.staff_id})
    told = wait_for(bob, customer, "assigned")
    assert told["title"] == "حُوّلت إليك المحادثة مع John"
    assert about(sarah, customer, "assigned") == []


def test_mail_by_preference_in_both_languages(own, mails):
    slug = new_department(own)
    sarah = hire(own, "agent", slug, name="Sarah Johnson")
    salma = hire(own, "agent", slug, language="ar", name="سلمى")
    nobody = hire(own, "agent", slug)
    for api in (sarah, salma):
        chosen = api.put(
            "/api/v1/me/notification-preferences", {"kinds": {"handover": {"mail": True}}}, expect=200
        ).json
        assert chosen["kinds"]["handover"] == {"in_app": True, "browser": True, "mail": True}
        assert chosen["mail_available"] is True
    customer = waiting_chat(own, slug)
    english = until(lambda: mails.to(sarah.email), "Sarah's mail")[0]
    assert english["Subject"] == "[Chat Centre] John is waiting for a person"
    assert english["To"].addresses[0].display_name == "Sarah Johnson"
    assert english["From"] == "Help Desk <desk@example.org>" and english["Reply-To"] == "help@example.org"
    assert re.fullmatch(r"<cc-[\w-]+@example\.org>", english["Message-ID"])
    assert english["Auto-Submitted"] == "auto-generated"
    text = english.get_content()
    assert "Hello Sarah Johnson," in text
    assert f"https://chat.example.org/admin/c/{customer.conversation_id}" in text
    arabic = until(lambda: mails.to(salma.email), "Salma's mail")[0]
    assert arabic["Subject"] == "[مركز المحادثة] John بانتظار أحد الموظفين"
    assert "مرحبًا سلمى" in arabic.get_content() and arabic["Content-Language"] == "ar"
    assert mails.to(nobody.email) == []


def test_preferences(own):
    slug = new_department(own)
    sarah = hire(own, "agent", slug)
    path = "/api/v1/me/notification-preferences"
    default = sarah.get(path).json
    assert default["kinds"]["sla"] == {"in_app": True, "browser": True, "mail": True}
    assert default["quiet_from"] is None and default["time_zone"] == "UTC" and not default["chosen"]
    body = {"kinds": {"sla.breach": {"mail": False}}, "quiet_from": "22:00", "quiet_to": "07:00"}
    sarah.put(path, body, expect=200)
    assert sarah.get(path)["chosen"], "no longer as shipped"
    assert sarah.get(path)["kinds"]["sla.breach"] == {"in_app": True, "browser": True, "mail": False}
    assert sarah.put(path, {"quiet_from": "", "quiet_to": ""}, expect=200)["quiet_from"] is None
    for bad, field in (
        ({"quiet_from": "25:00"}, "quiet_from"),
        ({"quiet_from": "22:00"}, "quiet_to"),
        ({"kinds": {"sla": {"fax": True}}}, "kinds.sla.fax"),
        ({"kinds": {"sla": {"mail": 1}}}, "kinds.sla.mail"),
        ({"kinds": {"SLA!": {}}}, "kinds.SLA!"),
        ({"kinds": []}, "kinds"),
    ):
        reply = sarah.put(path, bad)
        assert reply.status == 422 and field in reply.fields(), reply


def test_the_ladder(own, mails):
    """Nobody acknowledges what is urgent: the department's manager hears of it, then the admins; then it is settled."""
    slug = new_department(own)
    sarah, manager = hire(own, "agent", slug), hire(own, "manager", slug)
    customer = waiting_chat(own, slug, priority="emergency")
    told = wait_for(sarah, customer)
    assert told["level"] == "urgent" and about(manager, customer) == []
    step_up = "UPDATE job SET due_at = now() WHERE kind = 'notify.escalate'"
    own.sql(step_up)
    up = wait_for(manager, customer)
    assert up["escalated"] and "Nobody has acknowledged" in up["body"]
    assert about(own.admin, customer) == []
    own.sql(step_up)
    assert wait_for(own.admin, customer)["escalated"]
    waiting = own.sql("SELECT count(*) FROM job WHERE kind = 'notify.escalate'")
    assert waiting == [(0,)]
    manager.post(f"/api/v1/notifications/{up['notification_id']}/acknowledgement", expect=200)
    assert about(sarah, customer)[0]["settled"]


def test_acknowledged_in_time_goes_no_further(own):
    slug = new_department(own)
    sarah, manager = hire(own, "agent", slug), hire(own, "manager", slug)
    customer = waiting_chat(own, slug, priority="high")
    told = wait_for(sarah, customer)
    sarah.post(f"/api/v1/notifications/{told['notification_id']}/acknowledgement", expect=200)
    assert own.sql("SELECT count(*) FROM job WHERE kind = 'notify.escalate'") == [(0,)]
    assert about(manager, customer) == []


def test_slack_and_teams(own, chat):
    slug = new_department(own)
    hire(own, "agent", slug)
    made = {}
    for kind in ("slack", "teams"):
        body = {"kind": kind, "name": kind.title(), "url": f"{chat.url}/{kind}/secret", "events": ["handover"]}
        made[kind] = own.admin.post("/api/v1/integrations", body, expect=201).json
        assert made[kind]["url_host"] == "127.0.0.1" and "secret" not in json.dumps(made[kind])
    customer = waiting_chat(own, slug, name="John & Co")
    link = f"https://chat.example.org/admin/c/{customer.conversation_id}"
    slack = json.loads(until(lambda: chat.at("/slack/secret"), "Slack's message")[0].body)
    assert slack["text"] == "John &amp; Co is waiting for a person"
    assert f"<{link}|Open>" in slack["blocks"][0]["text"]["text"]
    teams = json.loads(until(lambda: chat.at("/teams/secret"), "Teams' message")[0].body)
    card = teams["attachments"][0]["content"]
    assert card["body"][0]["text"] == "John & Co is waiting for a person" and card["actions"][0]["url"] == link
    sent = own.admin.post(f"/api/v1/integrations/{made['slack']['integration_id']}/test", expect=202).json
    item = f"/api/v1/outbox/{sent['outbox_id']}"
    until(lambda: own.admin.get(item)["state"] == "sent", "the test message")
    assert own.sql("SELECT 1 FROM integration WHERE url LIKE '%%secret%%'") == [], "sealed in the database"
    for integration in made.values():
        path = f"/api/v1/integrations/{integration['integration_id']}"
        assert own.admin.patch(path, {"active": False}, expect=200)["active"] is False
        own.admin.delete(path, expect=204)


def test_mail_that_is_not_taken(own, mails):
    status = own.admin.get("/api/v1/mail/status").json
    assert status["configured"] and status["server"] == "127.0.0.1" and status["tls"] is False

    def send(to):
        return own.admin.post("/api/v1/mail/test", {"to": to}, expect=202)["outbox_id"]

    mails.answer = "451 later"
    item = f"/api/v1/outbox/{send('later@example.org')}"
    until(lambda: own.admin.get(item)["attempts"] >= 1, "the first attempt")
    failed = own.admin.get(item).json
    assert failed["state"] == "waiting" and failed["last_status"] == 451
    mails.answer = None
    mail = until(lambda: mails.to("later@example.org"), "the mail, at the next attempt")[0]
    assert mail["Message-ID"] == f"<{failed['message_id']}>"
    assert mail["Subject"] == "[Chat Centre] Test mail"
    until(lambda: own.admin.get(item)["state"] == "sent", "it to be marked")

    mails.answer = "550 no such mailbox"
    item = f"/api/v1/outbox/{send('nobody@example.org')}"
    until(lambda: own.admin.get(item)["state"] == "dead", "it to be given up at once")
    assert own.admin.get(item)["attempts"] == 1
    mails.answer = None
    assert own.admin.get("/api/v1/mail/status")["dead"] == 1
    letters = own.admin.items("/api/v1/outbox", state="dead", kind="mail")
    assert [x["recipient"] for x in letters] == ["nobody@example.org"]
    own.admin.post(f"{item}/retry", expect=202)
    until(lambda: own.admin.get(item)["state"] == "sent", "it to be taken")
    for bad in ("nobody", "a@b\r\nBcc: c@d", "a@example.org, b@example.org"):
        assert own.admin.post("/api/v1/mail/test", {"to": bad}).status == 422


def test_without_a_mail_server(admin):
    assert admin.get("/api/v1/mail/status")["configured"] is False
    assert admin.post("/api/v1/mail/test", {"to": "john@example.org"}).status == 409
