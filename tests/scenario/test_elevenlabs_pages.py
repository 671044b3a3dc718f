"""What an agent's tools, telephony and pages with the widget ask for, and how admins set it up."""

import json
import time
import uuid
from urllib.parse import parse_qs, urlparse

import pytest

from harness import elevenlabs as el
from harness.api import Api, new_name
from harness.convai import Visitor
from harness.waiting import until

TOOLS = "/api/elevenlabs/tools"


@pytest.fixture(scope="module")
def tools(server, admin):
    key = admin.post("/api/v1/api-keys", {"name": "tools", "scopes": ["tools"]}, expect=201)["key"]
    return Api(server.port, {"Authorization": f"Bearer {key}"})


@pytest.fixture(scope="module")
def open_page(server):
    """open_page(token=...): what a page is given, and a client with its token."""

    def make(token=None, **headers):
        query = {"token": token} if token else {}
        given = Api(server.port, headers).get("/api/elevenlabs/signed-url", **query).json
        return given, Api(server.port, {"Authorization": f"Bearer {given['page_token']}"} | headers)

    return make


def new_session():
    return "conv_" + uuid.uuid4().hex


def report(page, given, session, message, sender="user", n=1, expect=200, **more):
    body = {"user_id": given["user_id"], "message": message, "sender": sender,
            "elevenlabs_conversation_id": session, "occurrence": n}
    return page.post("/api/chat/sync", body | more, expect=expect)


# --- tools ---


def test_asking_for_staff_again_and_again_is_one_request(admin, sync, tools):
    session, user = new_session(), new_name()
    live = sync.send(user, "I miss the bank statements", session_id=session)
    body = {"conversation_id": session, "agent_id": "agent_1", "issue_type": "education_scholarship",
            "priority": "High", "summary": "Missing bank statements", "something_new": {"a": 1}}
    first = tools.post(f"{TOOLS}/request-staff", body, expect=200).json
    assert first["ok"] and first["conversation_id"] == live["conversation_id"] and first["status"] == "queued"
    assert first["ticket"]["id"].startswith("TKT_") and first["position"] >= 1
    conversation = admin.conversation(first["conversation_id"])
    assert conversation["status"] == "pending" and conversation["priority"] == "high"
    assert conversation["category"] == "education_scholarship"
    head = len(admin.messages(first["conversation_id"]))
    for _ in range(3):
        again = tools.post(f"{TOOLS}/request-staff", body, expect=200).json
        assert again["ticket"] == first["ticket"] and again["conversation_id"] == first["conversation_id"]
    tickets = [t for t in admin.items("/api/v1/tickets", conversation=first["conversation_id"])]
    assert [t["ticket_id"] for t in tickets] == [first["ticket"]["id"]]
    assert len(admin.messages(first["conversation_id"])) == head
    admin.act(first["conversation_id"], "takeover", {})
    assert tools.post(f"{TOOLS}/request-staff", body, expect=200)["status"] == "with_staff"


def test_a_conversation_that_nobody_saw_begins_with_the_request(admin, tools):
    session = new_session()
    body = {"conversation_id": session, "summary": "Wants to know about fees", "user_name": "Bob", "priority": "?!"}
    answers = [tools.post(f"{TOOLS}/request-staff", body, expect=200).json for _ in range(2)]
    assert answers[0]["conversation_id"] == answers[1]["conversation_id"]
    conversation = admin.conversation(answers[0]["conversation_id"])
    assert conversation["status"] == "pending" and conversation["handover"]["reason"] == body["summary"] if "handover" in conversation else True
    assert [m["message"] for m in admin.messages(answers[0]["conversation_id"])] == [body["summary"]]
    assert tools.post(f"{TOOLS}/request-staff", {"summary": "x"}).fields() == {"conversation_id"}


def test_a_tool_without_its_variables_is_told_so(tools):
    for name in ("{{system__conversation_id}}", "system__conversation_id", "None"):
        body = {"conversation_id": name, "cc_session": name, "issue_type": "other", "summary": "help"}
        assert tools.post("/api/elevenlabs/tools/request-staff", body).status == 422
        found = tools.post("/api/elevenlabs/tools/lookup", {"conversation_id": name}, expect=200).json
        assert found["found"] is False


def test_lookups_tell_nothing_of_others(admin, sync, tools):
    session, other = new_session(), new_session()
    mine = sync.send(new_name(), "hello", session_id=session, user_email="John@Example.org")
    theirs = sync.send(new_name(), "hello", session_id=other, user_email="sarah@example.org", user_phone="+263771234567")
    for s in (session, other):
        tools.post(f"{TOOLS}/request-staff", {"conversation_id": s, "summary": "x"}, expect=200)
    ticket = tools.post(f"{TOOLS}/request-staff", {"conversation_id": other}, expect=200)["ticket"]["id"]

    def look(**body):
        return tools.post(f"{TOOLS}/lookup", body, expect=200).json

    own = look(conversation_id=session)
    assert own["found"] and own["reference"] == mine["conversation_id"] and own["status"] == "pending"
    assert len(own["open_tickets"]) == 1 and own["position"] >= 1
    nothing = look(conversation_id=session, reference="TKT_20200101_AAAA")
    assert not nothing["found"]
    for reference in (ticket, theirs["conversation_id"]):
        assert look(conversation_id=session, reference=reference) == nothing, "others' things look like none"
        assert look(reference=reference, email="john@example.org") == nothing
        assert look(reference=reference, email="") == nothing
        assert look(conversation_id=session, reference=reference.lower(), email="SARAH@example.org")["found"]
        assert look(reference=reference, phone="+263 77 123 4567")["found"]
    assert look(conversation_id=other, reference=ticket)["kind"] == "ticket"
    assert look() == look(conversation_id="conv_unknown") == nothing
    for odd in ("'; DROP TABLE ticket; --", "CONV-0", "CONV-99999999999999999999", "%", "TKT_%"):
        assert look(conversation_id=session, reference=odd) == nothing


def test_a_call_is_answered_with_every_variable(admin, tools, sync):
    phone = "+26377" + str(uuid.uuid4().int)[:7]
    admin.post("/api/v1/contacts", {"name": "Sarah Johnson", "phone": phone}, expect=(200, 201))
    body = {"caller_id": phone, "agent_id": "agent_1", "called_number": "+263242700800", "call_sid": "CA" + uuid.uuid4().hex}
    begin = time.monotonic()
    known = tools.post("/api/elevenlabs/conversation-init", body, expect=200).json
    assert time.monotonic() - begin < 1
    variables = {"user_name", "cc_session", "open_ticket", "last_interaction", "known_customer"}
    assert known["type"] == "conversation_initiation_client_data"
    assert set(known["dynamic_variables"]) == variables and known["dynamic_variables"]["user_name"] == "Sarah Johnson"
    assert tools.post("/api/elevenlabs/conversation-init", body, expect=200).json == known, "the same call"
    for odd in ({}, {"caller_id": "anonymous"}, {"caller_id": None}, {"caller_id": "+999"}, {"more": [1]}):
        answer = tools.post("/api/elevenlabs/conversation-init", odd, expect=200).json
        assert set(answer["dynamic_variables"]) == variables and answer["dynamic_variables"]["user_name"] == ""
    assert sync.post("/api/elevenlabs/conversation-init", body).status == 403


# --- pages ---


def test_a_page_reports_what_is_said_once(admin, open_page):
    given, page = open_page()
    assert parse_qs(urlparse(given["signed_url"]).query)["t"] and given["cc_session"].startswith("ccs_")
    session = new_session()
    first = report(page, given, session, "I need help")
    assert report(page, given, session, " I  need help")["duplicate"] is True
    report(page, given, session, "How can I help?", "assistant")
    report(page, given, session, "I need help", n=2)
    assert [(m["role"], m["message"]) for m in admin.messages(first["conversation_id"])] == [
        ("user", "I need help"), ("ai", "How can I help?"), ("user", "I need help")]
    again, same = open_page(token=given["page_token"])
    assert again["user_id"] == given["user_id"] and again["cc_session"] == given["cc_session"]
    later = report(same, again, new_session(), "I am back")
    assert later["conversation_id"] == first["conversation_id"], "their conversation is still open"


def test_forged_posts_are_refused(admin, open_page, sync):
    given, page = open_page()
    other, theirs = open_page()
    session = new_session()
    victim = report(theirs, other, session, "secret words")
    body = {"user_id": given["user_id"], "message": "x", "sender": "user"}
    for forged in (
        {"user_id": other["user_id"]},
        {"sender": "staff"},
        {"conversation_id": victim["conversation_id"]},
        {"session_id": session},
        {"elevenlabs_conversation_id": session, "occurrence": 1},
        {"channel": "widget"},
    ):
        assert page.post("/api/chat/sync", body | forged).status == 403, forged
    assert page.post("/api/chat/sync", body | {"sender": "admin"}).status == 422
    # What a page may not set has no effect.
    quiet = page.post("/api/chat/sync", body | {"priority": "emergency", "issue_type": "x", "cc_session": other["cc_session"]}, expect=200)
    conversation = admin.conversation(quiet["conversation_id"])
    assert conversation["priority"] == "normal" and conversation["category"] is None
    assert quiet["conversation_id"] != victim["conversation_id"]
    # Another's message id is not theirs to repeat.
    known = sync.send(new_name(), "words of others", message_id="EL-known")
    mine = page.post("/api/chat/sync", body | {"message": "words of others", "message_id": "EL-known"}, expect=200)
    assert mine["conversation_id"] != known["conversation_id"]
    # A page token opens nothing else.
    for path in ("/api/v1/conversations", "/api/v1/me", f"/api/v1/conversations/{victim['conversation_id']}"):
        assert page.get(path, expect=(401, 403)).status in (401, 403)
    vouch = page.post("/api/v1/convai/sessions", {"user_id": other["user_id"]})
    assert vouch.status == 403, "vouching is for servers"
    for token in (given["page_token"][:-1], given["page_token"] + "A", "ccp_x", "ccp_."):
        assert Api(page.port, {"Authorization": f"Bearer {token}"}).post("/api/chat/sync", body).status == 401
    assert page.get("/api/elevenlabs/signed-url", user_id="somebody", expect=403)
    named = sync.get("/api/elevenlabs/signed-url", user_id="user_789")
    assert named["user_id"] == "user_789"


def test_pages_of_sites_that_are_not_listed(admin, open_page):
    try:
        admin.put("/api/v1/integrations/elevenlabs", {"allowed_origins": ["https://example.org"]}, expect=200)
        given, page = open_page(Origin="https://example.org")
        session = new_session()
        assert report(page, given, session, "hello").headers["Access-Control-Allow-Origin"] == "*"
        evil = {"Origin": "https://evil.example"}
        assert Api(page.port, evil).get("/api/elevenlabs/signed-url", expect=403)
        body = {"user_id": given["user_id"], "message": "x", "sender": "user"}
        assert page.post("/api/chat/sync", body, headers=evil).status == 403
    finally:
        admin.put("/api/v1/integrations/elevenlabs", {"allowed_origins": []}, expect=200)


def test_page_and_custom_llm_and_transcript_tell_of_one_conversation(server, admin, open_page):
    """Each reports the same words; they are stored once."""
    admin.put("/api/v1/integrations/elevenlabs", {"webhook_secrets": [el.SECRET]}, expect=200)
    key = admin.post("/api/v1/api-keys", {"name": "agent", "scopes": ["assistant"]}, expect=201)["key"]
    agent = Api(server.port, {"Authorization": f"Bearer {key}"})
    given, page = open_page()
    session = new_session()

    def ask(history):
        messages = [{"role": "user" if who == "user" else "assistant", "content": text} for who, text in history]
        body = {"messages": messages, "user_id": given["user_id"], "elevenlabs_extra_body": {"cc_session": given["cc_session"]}}
        answer = agent.call("POST", "/v1/chat/completions", body, headers={"X-EL-Conversation-Id": session}, expect=200)
        return answer.json["choices"][0]["message"]["content"]

    history = [("user", "Good morning")]
    report(page, given, session, "Good morning")  # the page is first
    answer = ask(history)
    assert report(page, given, session, answer, "assistant")["duplicate"] is True
    history += [("agent", answer), ("user", "And the fees?")]
    second = ask(history)
    late = report(page, given, session, "And the fees?")  # the page is late
    assert late["duplicate"] is True
    history += [("agent", second)]
    conversation = late["conversation_id"]
    expected = [("user" if who == "user" else "ai", text) for who, text in history]
    assert [(m["role"], m["message"]) for m in admin.messages(conversation)] == expected
    event = el.transcript(session, history, user_id=given["user_id"], cc_session=given["cc_session"], start=int(time.time()) - 5)
    assert el.post_event(server.port, event)[0] == 200
    until(lambda: server.sql("SELECT 1 FROM elevenlabs_event WHERE session = %s AND processed_at IS NOT NULL", (session,)), "the event")
    assert [(m["role"], m["message"]) for m in admin.messages(conversation)] == expected
    facts = admin.get(f"/api/v1/conversations/{conversation}/facts")["elevenlabs"]
    assert facts["title"] == "Scholarship documents" and facts["data"]["missing_document"] == "bank statements"


def test_a_page_whose_posts_arrive_after_the_transcript(server, admin, open_page):
    admin.put("/api/v1/integrations/elevenlabs", {"webhook_secrets": [el.SECRET]}, expect=200)
    given, page = open_page()
    session = new_session()
    lines = [("agent", "Hello, how can I help?"), ("user", "yes"), ("agent", "Which one?"), ("user", "yes")]
    assert el.post_event(server.port, el.transcript(session, lines, user_id=given["user_id"]))[0] == 200
    until(lambda: server.sql("SELECT 1 FROM elevenlabs_event WHERE session = %s AND processed_at IS NOT NULL", (session,)), "the event")
    answers = [report(page, given, session, text, "user" if who == "user" else "assistant", n)
               for who, text, n in (("agent", lines[0][1], 1), ("user", "yes", 1), ("agent", "Which one?", 1), ("user", "yes", 2))]
    assert all(a["duplicate"] for a in answers)
    assert len(admin.messages(answers[0]["conversation_id"])) == 4


# --- set-up ---


def test_secrets_are_written_and_never_read(server, admin, hire):
    path = "/api/v1/integrations/elevenlabs"
    secret, key = "wsec_" + uuid.uuid4().hex, "sk_" + uuid.uuid4().hex
    body = {"webhook_secrets": [secret], "api_key": key, "agent_id": "agent_1", "mode": "relay"}
    shown = admin.put(path, body, expect=200)
    assert shown.json["api_key"] == {"set": True, "hint": "…" + key[-4:]}
    assert shown.json["webhook_secrets"] == [{"set": True, "hint": "…" + secret[-4:]}]
    for text in (shown.body, admin.get(path).body, json.dumps(server.sql("SELECT * FROM integration_setting"), default=str).encode(),
                 json.dumps(admin.items("/api/v1/audit")).encode(), server.log().encode()):
        assert secret.encode() not in text and key.encode() not in text
    assert any(r["action"] == "integration.change" for r in admin.items("/api/v1/audit"))
    assert admin.put(path, {"mode": "own"}, expect=200)["agent_id"] == "agent_1", "what is absent stays"
    assert admin.put(path, {"api_key": ""}, expect=200)["api_key"] == {"set": False, "hint": None}
    bad = {"mode": "other", "webhook_secrets": ["has space in it"], "allowed_origins": ["example.org"], "api_url": "file:///etc", "x": 1}
    assert admin.put(path, bad).fields() >= {"mode", "x"}
    for field in ("webhook_secrets", "allowed_origins", "api_url"):
        assert admin.put(path, {field: bad[field]}).fields() == {field}, field
    assert hire("manager").get(path, expect=403)
    admin.put(path, {"webhook_secrets": [], "agent_id": ""}, expect=200)


def test_a_trial_message_and_the_checklist(server, admin, open_page):
    tried = admin.post("/api/v1/integrations/elevenlabs/test", expect=200).json
    assert tried["ok"] and tried["reply"]
    assert [m["role"] for m in admin.messages(tried["conversation_id"])][-2:] == ["user", "ai"]
    open_page()
    found = admin.get("/api/v1/integrations/elevenlabs/checklist").json
    seen = {item["part"]: item for item in found["items"]}
    assert seen["signed_url"]["count"] >= 1 and seen["signed_url"]["at"]
    assert {"webhook", "webhook_refused", "page", "sync", "custom_llm", "tool", "conversation_init", "socket"} <= set(seen)

    def part(name):
        items = admin.get("/api/v1/integrations/elevenlabs/checklist").json["items"]
        return next(item for item in items if item["part"] == name)

    Visitor(server.port).close()
    until(lambda: part("socket")["count"] > seen["socket"]["count"], "the socket to be seen")
    assert el.post_event(server.port, {"type": "x"}, header="t=1")[0] == 401
    refused = until(lambda: part("webhook_refused")["detail"] and part("webhook_refused"), "the refusal")
    texts = {
        "no webhook secret is set": "لم يُضبط سر الخطاف",
        "the header is not t=<seconds>,v0=<hash>": "الترويسة ليست بالصيغة t=<seconds>,v0=<hash>",
    }
    assert texts[refused["detail"]] == refused["detail_ar"]
