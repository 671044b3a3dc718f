"""The server as the language model of an ElevenLabs agent: turns stored once, answers from the log, silence for staff."""

import json
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness import elevenlabs as el
from harness.api import Api, new_name
from harness.waiting import until

PATH = "/v1/chat/completions"
SKIP = [{"type": "function", "function": {"name": "skip_turn", "parameters": {}}}]


@pytest.fixture(scope="module")
def agent(server, admin):
    key = admin.post("/api/v1/api-keys", {"name": "agent", "scopes": ["assistant"]}, expect=201)["key"]
    return Api(server.port, {"Authorization": f"Bearer {key}"})


def new_session():
    return "conv_" + uuid.uuid4().hex


def body_of(history, stream=False, tools=None, **more):
    """history: (role, text) with u for user and a for assistant."""
    roles = {"u": "user", "a": "assistant", "s": "system"}
    messages = [{"role": "system", "content": "You are Bibiana."}]
    messages += [{"role": roles[role], "content": text} for role, text in history]
    return {"messages": messages, "model": "m", "stream": stream} | ({"tools": tools} if tools else {}) | more


def ask(agent, session, history, expect=200, **more):
    """(text, finish_reason) of an answer."""
    headers = {"X-EL-Conversation-Id": session} if session else {}
    reply = agent.call("POST", PATH, body_of(history, **more), headers=headers, expect=expect)
    if not more.get("stream"):
        choice = reply.json["choices"][0]
        return choice["message"]["content"] or "", choice["finish_reason"]
    assert reply.headers["Content-Type"] == "text/event-stream"
    events = [line[6:] for line in reply.body.decode().split("\n") if line.startswith("data: ")]
    assert events.pop() == "[DONE]"
    chunks = [json.loads(e) for e in events]
    assert chunks[0]["choices"][0]["delta"]["role"] == "assistant"
    text = "".join(c["choices"][0]["delta"].get("content", "") for c in chunks)
    return text, chunks[-1]["choices"][0]["finish_reason"]


def conversation_of(server, session):
    rows = server.sql("SELECT conversation_id FROM thread WHERE channel = 'elevenlabs' AND key = %s", ("s:" + session,))
    return f"CONV-{rows[0][0]}"


def said(admin, conversation):
    return [(m["role"], m["message"]) for m in admin.messages(conversation)]


def test_turns_are_stored_once_and_answered_the_same(server, admin, agent):
    session = new_session()
    history = [("u", "Which documents do I need?")]
    first, reason = ask(agent, session, history, stream=True)
    assert first and reason == "stop"
    assert ask(agent, session, history)[0] == first, "a retry"
    conversation = conversation_of(server, session)
    assert said(admin, conversation) == [("user", history[0][1]), ("ai", first)]
    history += [("a", first), ("u", "And a letter of my bank?")]
    second, _ = ask(agent, session, history, stream=True)
    assert second and ask(agent, session, history)[0] == second
    assert said(admin, conversation)[2:] == [("user", history[2][1]), ("ai", second)]
    shown = admin.conversation(conversation)
    assert shown["own_assistant"] is True and shown["channel"] == "elevenlabs"


def test_many_retries_at_once_are_one_turn(server, admin, agent):
    session = new_session()
    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(lambda _: ask(agent, session, [("u", "Hello there")]), range(8)))
    assert len(answers) == 1
    assert len(admin.messages(conversation_of(server, session))) == 2


def test_missing_turns_trimmed_and_revised_histories(server, admin, agent):
    session = new_session()
    ask(agent, session, [("u", "one"), ("a", "?"), ("u", "two")])
    conversation = conversation_of(server, session)
    words = lambda: [m["message"] for m in admin.messages(conversation) if m["role"] == "user"]
    assert words() == ["one", "two"]
    ask(agent, session, [("u", "two"), ("a", "?"), ("u", "three")])
    assert words() == ["one", "two", "three"], "the beginning was trimmed"
    ask(agent, session, [("u", "one")])
    assert words() == ["one", "two", "three"], "withdrawn"
    ask(agent, session, [("u", "one"), ("u", "two"), ("u", "three hundred")])
    assert words() == ["one", "two", "three", "three hundred"], "revised: what was said stays, what is said now comes"
    ask(agent, session, [("u", "one"), ("u", "two"), ("u", "three hundred"), ("u", "one")])
    assert words()[-1] == "one" and len(words()) == 5, "the same words again are said again"


def test_how_a_conversation_is_named(server, admin, agent):
    visit, user = "ccs_" + uuid.uuid4().hex, new_name()
    ask(agent, None, [("u", "by our session")], elevenlabs_extra_body={"cc_session": visit, "x": 1})
    assert said(admin, conversation_of(server, visit))[0] == ("user", "by our session")
    session = new_session()
    agent.post(PATH, {"messages": [{"role": "system", "content": f"Be kind.\n\ncc-conversation-id: {session}"},
                                   {"role": "user", "content": [{"type": "text", "text": "by the prompt"}]}]}, expect=200)
    assert said(admin, conversation_of(server, session))[0] == ("user", "by the prompt")
    ask(agent, None, [("u", "by the user")], user_id=user)
    ask(agent, None, [("u", "by the user"), ("u", "and more")], user_id=user)
    rows = server.sql("SELECT conversation_id FROM thread WHERE key = %s", ("u:" + user,))
    assert [t for r, t in said(admin, f"CONV-{rows[0][0]}") if r == "user"] == ["by the user", "and more"]
    # A later session of the same user goes on in the open conversation.
    session = new_session()
    ask(agent, session, [("u", "I am back")], user_id=user)
    assert conversation_of(server, session) == f"CONV-{rows[0][0]}"
    assert agent.post(PATH, body_of([("u", "whose?")])).status == 422
    assert agent.post("/chat/completions", body_of([("u", "short path")], user_id=user), expect=200)


@pytest.mark.parametrize("name", ["{{system__conversation_id}}", "system__conversation_id", "NULL", "undefined", "cc_session"])
def test_a_variable_that_was_not_filled_in_names_nobody(server, agent, name):
    """Else two customers would be in one conversation."""
    headers = {"X-EL-Conversation-Id": name, "X-CC-Session": name}
    body = body_of([("u", "whose is this?")], elevenlabs_extra_body={"cc_session": name})
    assert agent.call("POST", PATH, body, headers=headers).status == 422
    users = new_name(), new_name()
    for user in users:
        agent.call("POST", PATH, body | {"user_id": user}, headers=headers, expect=200)
    rows = server.sql("SELECT DISTINCT conversation_id FROM thread WHERE key = ANY (%s)", ([f"u:{u}" for u in users],))
    assert len(rows) == 2


def test_before_anything_is_said_the_assistant_greets(server, admin, agent):
    session = new_session()
    greeting, _ = ask(agent, session, [])
    assert greeting and ask(agent, session, [])[0] == greeting
    assert said(admin, conversation_of(server, session)) == [("ai", greeting)]


def test_silence_while_staff_have_it(server, admin, agent):
    session, history = new_session(), [("u", "Good morning")]
    greeting, _ = ask(agent, session, history)
    conversation = conversation_of(server, session)
    admin.act(conversation, "takeover", {})
    history += [("a", greeting), ("u", "Are you there?")]
    line, _ = ask(agent, session, history, stream=True)
    assert "colleague" in line
    assert ask(agent, session, history)[0] == line, "a retry"
    history += [("a", line), ("u", "Hello?")]
    assert ask(agent, session, history, tools=SKIP) == ("", "tool_calls"), "said once"
    assert ask(agent, session, history) == ("", "stop"), "the tool was not offered"
    for text in ("Hello John, this is Sarah.", "Send me the letter, please."):
        admin.post(f"/api/v1/conversations/{conversation}/messages", {"message": text}, expect=201)
    history += [("u", "Anybody?")]
    told, _ = ask(agent, session, history, stream=True, tools=SKIP)
    assert told == "Hello John, this is Sarah.\n\nSend me the letter, please."
    assert ask(agent, session, history, tools=SKIP)[0] == told, "a retry"
    history += [("a", told), ("u", "I will")]
    assert ask(agent, session, history, tools=SKIP) == ("", "tool_calls")
    taken_at = next(i for i, m in enumerate(said(admin, conversation)) if m == ("user", "Are you there?"))
    assert "ai" not in {role for role, _ in said(admin, conversation)[taken_at:]}
    # What the assistant had said before is not said again, either.
    assert ask(agent, session, history[:1], tools=SKIP)[0] != greeting
    admin.act(conversation, "handback", {})
    history += [("u", "Thank you. One more question")]
    answer, _ = ask(agent, session, history)
    assert answer and said(admin, conversation)[-1] == ("ai", answer)


def test_asking_for_a_person_says_so_and_then_waits(server, admin, agent):
    session = new_session()
    text, _ = ask(agent, session, [("u", "I want to talk to a human please")])
    conversation = conversation_of(server, session)
    assert admin.conversation(conversation)["status"] == "pending"
    assert said(admin, conversation)[-1] == ("system", text)
    line, _ = ask(agent, session, [("u", "I want to talk to a human please"), ("u", "ok")], tools=SKIP)
    assert "colleague" in line


def test_the_transcript_afterwards_adds_nothing(server, admin, agent):
    """Staff messages that were told in one go included."""
    session, history = new_session(), [("u", "Good evening")]
    a, _ = ask(agent, session, history)
    conversation = conversation_of(server, session)
    before = said(admin, conversation)
    from harness.server import Server

    # Events need the secret, which this server has from its settings.
    admin.put("/api/v1/integrations/elevenlabs", {"webhook_secrets": [el.SECRET]}, expect=200)
    event = el.transcript(session, [("user", "Good evening"), ("agent", a)])

    def delivered():
        return el.post_event(server.port, event)[0] == 200

    until(delivered, "the secret to be known")
    until(lambda: server.sql("SELECT 1 FROM elevenlabs_event WHERE session = %s AND processed_at IS NOT NULL", (session,)), "it")
    assert said(admin, conversation) == before


def test_hostile_requests(agent, sync):
    assert sync.post(PATH, body_of([("u", "x")], user_id="u")).status == 403, "a key for other things"
    assert Api(agent.port).post(PATH, body_of([("u", "x")])).status == 401
    for body in ([], {}, {"messages": "x"}, {"messages": [1], "user_id": "u"}, {"messages": [], "user_id": "u"}):
        assert agent.call("POST", PATH, body).status == 422, body
    assert agent.call("POST", PATH, raw=b"[" * 100000).status == 400
    assert agent.call("POST", PATH, raw=b'{"messages":[{"role":"user","content":"\\u0000"}],"user_id":"u"}').status == 400
    long = ask(agent, new_session(), [("u", "long " * 10000)])
    assert long[0]
    assert ask(agent, "x" * 300, [("u", "odd names do not count")], user_id=new_name())[0]
