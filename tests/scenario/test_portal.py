"""The requester's side of a ticket: the mail with its link, and what the link shows and takes."""

import re

import pytest

from harness.api import Api, CustomerApi, StaffApi, new_name
from harness.server import ADMIN_EMAIL, ADMIN_PASSWORD, Server
from harness.sinks import MailSink
from harness.waiting import until

pytestmark = pytest.mark.short

T = "/api/v1/tickets"
PORTAL = "/api/v1/portal/tickets/"


@pytest.fixture(scope="module")
def mails():
    with MailSink() as running:
        yield running


@pytest.fixture(scope="module")
def own(mails):
    with Server(
        SMTP_URL=mails.url,
        MAIL_FROM="Help Desk <desk@example.org>",
        PUBLIC_URL="https://chat.example.org",
        COMPANY_NAME="مركز المحادثة",
        COMPANY_NAME_EN="Chat Centre",
    ) as running:
        running.admin = StaffApi(running.port, ADMIN_EMAIL, ADMIN_PASSWORD)
        yield running


def address():
    return new_name("john") + "@example.org"


def ask(server, **fields):
    body = {"name": "John", "email": address(), "subject": "Where is my order?"} | fields
    return Api(server.port).post("/tickets", body, expect=201)


def text_of(mail):
    return mail.get_content()


def mail_to(mails, recipient, n=1):
    return until(lambda: m if len(m := mails.to(recipient)) >= n else None, f"mail {n} to {recipient}")[n - 1]


def token_of(mail):
    return re.search(r"https://chat\.example\.org/portal/#([A-Za-z0-9_-]{43})\s", text_of(mail)).group(1)


def portal(server, token, expect=200):
    return Api(server.port).get(PORTAL + token, expect=expect)


def write(server, token, message, expect=201, **more):
    return Api(server.port).post(PORTAL + token, {"message": message} | more, expect=expect)


def test_the_form_gives_a_link_once_and_mails_another(own, mails):
    email = address()
    made = ask(own, email=email, description="I have waited a week.", language="en")
    assert made["portal_path"] == "/portal/#" + made["portal_token"]
    shown = portal(own, made["portal_token"]).json
    assert (shown["ticket_id"], shown["status"], shown["can_reply"]) == (made["ticket_id"], "open", True)
    assert shown["description"] == "I have waited a week." and shown["replies"] == []
    mail = mail_to(mails, email)
    assert mail["Subject"] == f"[Chat Centre] We have your request {made['ticket_id']}"
    assert made["ticket_id"] in text_of(mail) and "waited a week" not in text_of(mail)
    assert token_of(mail) != made["portal_token"]
    assert portal(own, token_of(mail)).json == shown
    again = own.admin.get(f"{T}/{made['ticket_id']}").json
    assert "portal_token" not in again and made["portal_token"] not in str(again)


def test_arabic_by_what_the_requester_reads(own, mails):
    for fields in ({"language": "ar"}, {"subject": "أين طلبي؟"}):
        email = address()
        made = ask(own, email=email, **fields)
        mail = mail_to(mails, email)
        assert mail["Subject"] == f"[مركز المحادثة] وصلنا طلبك {made['ticket_id']}"
        assert portal(own, token_of(mail))["language"] == "ar"
    email = address()
    ask(own, email=email, subject="أين طلبي؟", language="en")
    assert mail_to(mails, email)["Subject"].startswith("[Chat Centre] We have")
    assert Api(own.port).post("/tickets", {"email": email, "subject": "x", "language": "fr"}).fields() == {"language"}


def test_both_ways(own, mails):
    email = address()
    made = ask(own, email=email)
    ticket, token = made["ticket_id"], made["portal_token"]
    own.admin.post(f"{T}/{ticket}/notes", {"body": "a secret remark"}, expect=201)
    own.admin.put(f"{T}/{ticket}/followers/me", expect=200)
    own.admin.post(f"{T}/{ticket}/reply", {"message": "It is on its way."}, expect=201)
    mail = mail_to(mails, email, 2)
    assert mail["Subject"] == f"[Chat Centre] An answer to your request {ticket}"
    assert "It is on its way." in text_of(mail)
    seen = portal(own, token_of(mail)).json
    assert seen["status"] == "in_progress"
    assert [(r["author"]["kind"], r["message"]) for r in seen["replies"]] == [("staff", "It is on its way.")]
    everything = str(seen)
    for hidden in ("a secret remark", ADMIN_EMAIL, "STF-", "CUST-", email, "followers", "notes", "history"):
        assert hidden not in everything, hidden

    said = write(own, token, "Thank you!", client_message_id="one")
    assert said["reply"]["author"] == {"kind": "customer", "name": "John"}
    again = write(own, token, "Thank you!", client_message_id="one", expect=200)
    assert again["reply"] == said["reply"] and again.headers["Idempotent-Replayed"] == "true"
    assert write(own, token, "Other words", client_message_id="one", expect=409)
    staff_view = own.admin.get(f"{T}/{ticket}").json
    assert [r["message"] for r in staff_view["replies"]] == ["It is on its way.", "Thank you!"]
    # Not any notice about the ticket: that it is new was told before.
    until(
        lambda: [
            n
            for n in own.admin.get("/api/v1/notifications")["items"]
            if n["ticket_id"] == ticket and "answered" in n["title"]
        ],
        "a notice that the customer answered",
    )


def test_an_answer_reopens_a_resolved_ticket(own, mails):
    email = address()
    made = ask(own, email=email)
    ticket, token = made["ticket_id"], made["portal_token"]
    own.admin.patch(f"{T}/{ticket}", {"status": "resolved"}, expect=200)
    mail = mail_to(mails, email, 2)
    assert mail["Subject"] == f"[Chat Centre] Resolved: your request {ticket}"
    shown = portal(own, token).json
    assert shown["status"] == "resolved" and shown["closes_at"] and shown["can_reply"]
    assert write(own, token, "Not quite")["status"] == "in_progress"
    own.admin.patch(f"{T}/{ticket}", {"status": "waiting_customer"}, expect=200)
    assert write(own, token, "Here you are")["status"] == "in_progress"
    own.admin.patch(f"{T}/{ticket}", {"status": "closed"}, expect=200)
    assert portal(own, token)["can_reply"] is False
    assert write(own, token, "One more", expect=409)
    assert [r["message"] for r in portal(own, token)["replies"]] == ["Not quite", "Here you are"]


def test_closed_at_once_is_said_too(own, mails):
    email = address()
    ticket = ask(own, email=email)["ticket_id"]
    own.admin.patch(f"{T}/{ticket}", {"status": "closed"}, expect=200)
    mail = mail_to(mails, email, 2)
    assert mail["Subject"] == f"[Chat Centre] Closed: your request {ticket}"
    assert portal(own, token_of(mail))["can_reply"] is False


def test_the_last_word_before_a_ticket_closes(own, mails):
    email = address()
    ticket = ask(own, email=email, language="ar")["ticket_id"]
    own.admin.patch(f"{T}/{ticket}", {"status": "resolved"}, expect=200)
    mail_to(mails, email, 2)
    own.sql("UPDATE job SET due_at = now() - interval '1 second' WHERE kind = 'ticket.nudge' AND key = %s", (ticket,))
    own.sql("SELECT pg_notify('chat_centre_job', '')")
    mail = mail_to(mails, email, 3)
    assert mail["Subject"] == f"[مركز المحادثة] يُغلق غدًا طلبك {ticket}"
    write(own, token_of(mail), "ما زالت لدي مشكلة")
    assert own.admin.get(f"{T}/{ticket}")["status"] == "in_progress"


def test_a_ticket_of_a_chat_goes_on_in_the_chat(own, mails):
    email = address()
    john = CustomerApi(own.port, name="John", email=email, language="en")
    john.say("I want to speak with a human")
    mail = mail_to(mails, email)
    token = token_of(mail)
    shown = portal(own, token).json
    assert shown["description"] is None and [r["message"] for r in shown["replies"]] == ["I want to speak with a human"]
    own.admin.post(f"{T}/{shown['ticket_id']}/reply", {"message": "How can I help?"}, expect=201)
    write(own, token, "By mail, please", client_message_id="m1")
    write(own, token, "By mail, please", client_message_id="m1", expect=200)
    conversation = [(m["role"], m["message"]) for m in own.admin.messages(john.conversation_id)]
    assert conversation[-2:] == [("staff", "How can I help?"), ("user", "By mail, please")]
    assert [r["message"] for r in portal(own, token)["replies"]][-2:] == ["How can I help?", "By mail, please"]
    own.admin.act(john.conversation_id, "resolution", {"resolution": "done"})
    until(lambda: portal(own, token)["status"] == "resolved", "the ticket to follow its chat")
    assert write(own, token, "One question more")["status"] == "in_progress"
    assert own.admin.conversation(john.conversation_id)["status"] in ("pending", "active")


def test_a_link_opens_one_ticket_and_nothing_else(own):
    mine, other = ask(own), ask(own)
    token = mine["portal_token"]
    assert portal(own, token)["ticket_id"] == mine["ticket_id"]
    unknown = [
        "x",
        "A" * 43,
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        token + "A",
        other["ticket_id"],
        "A" * 5000,
    ]
    details = {portal(own, t, expect=404)["detail"] for t in unknown}
    assert len(details) == 1
    for t in unknown[:4]:
        assert write(own, t, "hello", expect=404)["detail"] in details
    # It is no credential for anything else.
    bearer = Api(own.port, {"Authorization": "Bearer " + token})
    for path in (f"{T}/{mine['ticket_id']}", "/tickets", "/api/v1/me"):
        assert bearer.get(path, expect=None).status == 401, path
    assert write(own, token, "", expect=422) and write(own, token, "x" * 17000, expect=(413, 422))


def test_tokens_are_nowhere_in_the_clear(own, mails):
    email = address()
    token = ask(own, email=email)["portal_token"]
    mailed = token_of(mail_to(mails, email))
    for t in (token, mailed):
        portal(own, t)
        write(own, t, "hello")
        assert Api(own.port).put(PORTAL + t, {}).status == 405
        assert t not in own.log()
        assert own.sql("SELECT 1 FROM ticket_access WHERE token_hash = %s", (t,)) == []
        for table, column in (("outbox", "payload"), ("event", "data"), ("audit", "detail")):
            found = own.sql(f"SELECT 1 FROM {table} WHERE position(%s in {column}::text) > 0", (t,))
            assert found == [], table


def test_nobody_is_flooded_with_mail_by_the_form(own, mails):
    email = address()
    for _ in range(8):
        ask(own, email=email)
    mail_to(mails, email, 5)
    last = address()
    ask(own, email=last)
    mail_to(mails, last)  # sent after the others: what should not come would have come
    assert len(mails.to(email)) == 5


def test_staff_make_a_ticket_for_somebody(own, mails):
    email = address()
    made = own.admin.post(
        T, {"subject": "Called us", "description": "sounded cross", "email": email, "name": "Bob"}, expect=201
    )
    assert "portal_token" not in made.json
    shown = portal(own, token_of(mail_to(mails, email))).json
    assert shown["subject"] == "Called us" and shown["description"] is None, "what staff wrote down is theirs"


def test_the_link_is_limited(mails):
    with Server(RATE_LIMIT_SCALE="0.05", SMTP_URL=mails.url, MAIL_FROM="desk@example.org") as server:
        statuses = [Api(server.port).get(PORTAL + "A" * 43, expect=None).status for _ in range(60)]
        assert 429 in statuses and set(statuses) == {404, 429}
