"""Staff in conversations that an agent at ElevenLabs holds with its own widget: through its monitor socket."""

import contextlib
import uuid

import pytest

from harness import elevenlabs as el
from harness import server as settings
from harness.api import Api, StaffApi, SyncApi, new_name
from harness.convai import Visitor
from harness.monitors import KEY, Monitors
from harness.waiting import until

pytest.importorskip("websockets")

TAKE, SAY, GIVE = "enable_human_takeover", "send_human_message", "disable_human_takeover"


@pytest.fixture(scope="module")
def there():
    with Monitors() as running:
        yield running


def centre_with(there, **more):
    return settings.Server(
        ELEVENLABS_API_KEY=KEY,
        ELEVENLABS_AGENT_ID="agent_x",
        ELEVENLABS_API_URL=f"http://127.0.0.1:{there.port}",
        ELEVENLABS_WEBHOOK_SECRET=el.SECRET,
        OUTBOUND_ALLOW="127.0.0.0/8",
        **more,
    )


@pytest.fixture(scope="module")
def centre(there):
    with centre_with(there, ELEVENLABS_MONITOR="on") as running:
        yield running


@pytest.fixture(scope="module")
def boss(centre):
    return StaffApi(centre.port, settings.ADMIN_EMAIL, settings.ADMIN_PASSWORD)


@pytest.fixture
def chat(centre):
    """chat(): a customer with an agent of theirs, reported by their page: (session, CONV-..., user)."""

    def make(*texts, port=centre.port):
        session, user = "conv_" + uuid.uuid4().hex, new_name()
        sync = SyncApi(port)
        for text in texts or ("I need help",):
            got = sync.send(user, text, session_id=session, occurrence=1)
        return session, got["conversation_id"], user

    return make


def write(boss, conversation, text):
    return boss.post(f"/api/v1/conversations/{conversation}/messages", {"message": text}, expect=201).json


def states(boss, conversation):
    """What became of each message of staff, oldest first."""
    return [d["state"] for d in reversed(boss.get(f"/api/v1/conversations/{conversation}/deliveries").json["items"])]


def said(boss, conversation):
    return [(m["role"], m["message"]) for m in boss.messages(conversation)]


def noted(boss, part):
    items = boss.get("/api/v1/integrations/elevenlabs/checklist").json["items"]
    return next(i for i in items if i["part"] == part)


def test_takeover_messages_in_order_and_hand_back(there, boss, chat):
    session, conversation, _ = chat()
    boss.act(conversation, "takeover")
    line = there.wait_connection(session)
    assert line.key == KEY
    there.wait_types(line, TAKE)
    texts = [f"number {n}: مرحبا" for n in range(12)]
    for text in texts:
        write(boss, conversation, text)
    until(lambda: line.texts() == texts, "all of them in order")
    until(lambda: states(boss, conversation) == ["sent"] * 12, "all of them to count as sent")
    boss.act(conversation, "handback")
    until(lambda: line.closed, "the end of the connection")
    assert line.types() == [TAKE] + [SAY] * 12 + [GIVE]
    assert noted(boss, "monitor")["count"] >= 1
    # Taken again: a new connection, and nothing is said twice.
    boss.act(conversation, "takeover")
    again = there.wait_connection(session, 2)
    write(boss, conversation, "I am back")
    until(lambda: again.texts() == ["I am back"], "the new one only")
    boss.act(conversation, "resolution", {"outcome": "solved"})
    until(lambda: again.closed, "the end of the connection")
    assert again.types() == [TAKE, SAY, GIVE]


def test_what_is_said_there_is_stored_once(there, centre, boss, chat):
    session, conversation, user = chat("I need help")
    there.say(session, "agent", "Hello, how can I help?", 1)  # nobody reported it
    there.say(session, "user", "I need help", 2)  # their page did
    boss.act(conversation, "takeover")
    line = there.wait_connection(session)
    there.wait_types(line, TAKE)
    write(boss, conversation, "This is a colleague")
    until(lambda: line.texts(), "the message")
    there.say(session, "agent", "This is a colleague", 3)  # as their agent's, which staff are to them
    there.say(session, "user", "Thank you", 4)
    there.say(session, "user", "Thank you", 5)  # said twice
    there.tell(session, {"type": "user_transcript", "user_transcription_event": {"event_id": 6}})
    there.tell(session, {"type": "something_new", "x": []})
    there.say(session, "user", "Goodbye", "7")
    until(lambda: ("user", "Goodbye") in said(boss, conversation), "what was said there")
    SyncApi(centre.port).send(user, "Goodbye", session_id=session, occurrence=1)  # their page is slow today
    expected = [
        ("user", "I need help"),
        ("ai", "Hello, how can I help?"),
        ("staff", "This is a colleague"),
        ("user", "Thank you"),
        ("user", "Thank you"),
        ("user", "Goodbye"),
    ]
    assert sorted(said(boss, conversation)) == sorted(expected)
    assert boss.conversation(conversation)["handler"] == "staff"
    # It breaks: everything is repeated.
    there.break_off(session)
    again = there.wait_connection(session, 2)
    there.wait_types(again, TAKE)
    there.say(session, "user", "One more thing", 8)
    until(lambda: ("user", "One more thing") in said(boss, conversation), "what is new")
    expected.append(("user", "One more thing"))
    assert sorted(said(boss, conversation)) == sorted(expected)
    # And the transcript of it all.
    lines = [("agent", "Hello, how can I help?"), ("user", "I need help"), ("agent", "This is a colleague")]
    lines += [("user", t) for t in ("Thank you", "Thank you", "Goodbye", "One more thing")]
    assert el.post_event(centre.port, el.transcript(session, lines, user_id=user))[0] == 200
    done = "SELECT result FROM elevenlabs_event WHERE session = %s AND processed_at IS NOT NULL"
    ((result,),) = until(lambda: centre.sql(done, (session,)), "the transcript to be processed")
    assert (result["known"], result["added"]) == (7, 0)
    assert sorted(said(boss, conversation)) == sorted(expected)
    boss.act(conversation, "handback")


def test_what_staff_write_while_it_is_broken_is_sent_afterwards(there, boss, chat):
    session, conversation, _ = chat()
    boss.act(conversation, "takeover")
    line = there.wait_connection(session)
    write(boss, conversation, "first")
    until(lambda: states(boss, conversation) == ["sent"], "the first")
    there.refused[session] = 503
    there.break_off(session)
    write(boss, conversation, "second")
    until(lambda: there.attempts.count(session) >= 2, "attempts")
    write(boss, conversation, "third")
    del there.refused[session]
    again = there.wait_connection(session, 2)
    until(lambda: again.texts() == ["second", "third"], "both, in order")
    assert again.types()[0] == TAKE and line.texts() == ["first"]
    until(lambda: states(boss, conversation) == ["sent"] * 3, "all to count as sent")
    boss.act(conversation, "handback")
    there.wait_types(again, TAKE, SAY, SAY, GIVE)


def test_what_was_handed_back_meanwhile_is_undone(there, boss, chat):
    session, conversation, _ = chat()
    boss.act(conversation, "takeover")
    there.wait_types(there.wait_connection(session), TAKE)
    there.refused[session] = 503
    there.break_off(session)
    boss.act(conversation, "handback")
    del there.refused[session]
    again = there.wait_connection(session, 2)
    there.wait_types(again, GIVE)


def test_a_custom_llm_does_not_repeat_it(there, centre, boss):
    """Our assistant speaks there, and staff through the monitor: after the hand-back only the assistant answers."""
    key = boss.post("/api/v1/api-keys", {"name": "agent", "scopes": ["assistant"]}, expect=201)["key"]
    session = "conv_" + uuid.uuid4().hex

    def ask(*texts):
        body = {"messages": [{"role": "user", "content": text} for text in texts], "stream": False}
        headers = {"Authorization": f"Bearer {key}", "X-EL-Conversation-Id": session}
        return Api(centre.port).call("POST", "/v1/chat/completions", body, headers=headers, expect=200)["choices"][0]

    assert ask("Good morning")["message"]["content"]
    number = centre.sql("SELECT conversation_id FROM thread WHERE key = %s", ("s:" + session,))[0][0]
    conversation = f"CONV-{number}"
    boss.act(conversation, "takeover")
    line = there.wait_connection(session)
    write(boss, conversation, "From a colleague")
    until(lambda: states(boss, conversation) == ["sent"], "the message")
    boss.act(conversation, "handback")
    until(lambda: line.closed, "the end of the connection")
    answer = ask("Good morning", "Which documents do I need?")["message"]["content"]
    assert answer and "From a colleague" not in answer


def test_a_refusal_is_seen_and_nothing_is_lost(there, boss, chat):
    session, conversation, _ = chat()
    there.refused[session] = 403
    boss.act(conversation, "takeover")
    until(lambda: noted(boss, "monitor_refused")["detail"] == "ElevenLabs answered 403", "the checklist to say so")
    assert noted(boss, "monitor_refused")["detail_ar"] == "أجاب ElevenLabs برمز 403"
    write(boss, conversation, "Can you read this?")
    until(lambda: states(boss, conversation) == ["dead"], "staff to see that it did not arrive")
    told = boss.get(f"/api/v1/conversations/{conversation}/deliveries").json["items"][0]
    assert told["last_error"] == "ElevenLabs answered 403"
    del there.refused[session]
    line = there.wait_connection(session)
    until(lambda: line.texts() == ["Can you read this?"], "the message")
    until(lambda: states(boss, conversation) == ["sent"], "it to count as sent")
    boss.act(conversation, "handback")


def test_a_conversation_that_was_over_there(there, boss, centre, chat):
    session, conversation, _ = chat()
    there.refused[session] = 404
    boss.act(conversation, "takeover")
    write(boss, conversation, "Are you there?")
    until(lambda: session in there.attempts, "an attempt")
    boss.act(conversation, "handback")
    done = "SELECT done_at IS NOT NULL FROM elevenlabs_monitor WHERE conversation_id = %s"
    until(lambda: centre.sql(done, (int(conversation.removeprefix("CONV-")),)) == [(True,)], "it to be given up")
    assert states(boss, conversation) == ["dead"]
    told = boss.get(f"/api/v1/conversations/{conversation}/deliveries").json["items"][0]
    assert told["last_error"] == "The conversation at ElevenLabs was over before this could be sent."


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_a_restart_goes_on_where_it_was(there, chat, end):
    with centre_with(there, ELEVENLABS_MONITOR="on") as own:
        boss = StaffApi(own.port, settings.ADMIN_EMAIL, settings.ADMIN_PASSWORD)
        session, conversation, _ = chat(port=own.port)
        there.say(session, "agent", "Hello from their agent", 1)
        boss.act(conversation, "takeover")
        line = there.wait_connection(session)
        write(boss, conversation, "before")
        until(lambda: states(boss, conversation) == ["sent"], "the first")
        until(lambda: ("ai", "Hello from their agent") in said(boss, conversation), "their agent")
        there.refused[session] = 503
        getattr(own, end)()
        until(lambda: line.closed, "the socket to be gone")
        own.start()
        boss = StaffApi(own.port, settings.ADMIN_EMAIL, settings.ADMIN_PASSWORD)
        write(boss, conversation, "after")
        del there.refused[session]
        again = there.wait_connection(session, 2)
        until(lambda: again.texts() == ["after"], "the new one only")
        assert again.types()[0] == TAKE
        there.say(session, "user", "Now I see you", 2)
        until(lambda: ("user", "Now I see you") in said(boss, conversation), "what is new")
        assert said(boss, conversation).count(("ai", "Hello from their agent")) == 1
        boss.act(conversation, "handback")
        there.wait_types(again, TAKE, SAY, GIVE)


def test_two_processes_hold_one_socket(there, boss, centre, chat):
    with centre_with(there, ELEVENLABS_MONITOR="on", database_url=centre.database_url()) as second:
        session, conversation, _ = chat()
        boss.act(conversation, "takeover")
        line = there.wait_connection(session)
        elsewhere = StaffApi(second.port, settings.ADMIN_EMAIL, settings.ADMIN_PASSWORD)
        write(boss, conversation, "from the one")
        write(elsewhere, conversation, "from the other")
        until(lambda: line.texts() == ["from the one", "from the other"], "both")
        boss.act(conversation, "handback")
        there.wait_types(line, TAKE, SAY, SAY, GIVE)
        assert len(there.of(session)) == 1


def test_only_when_it_is_set_up_and_not_for_our_own_socket(there, boss, centre, chat):
    with centre_with(there) as plain:
        chief = StaffApi(plain.port, settings.ADMIN_EMAIL, settings.ADMIN_PASSWORD)
        session, conversation, _ = chat(port=plain.port)
        chief.act(conversation, "takeover")
        write(chief, conversation, "nobody there reads this")
        # Switched on by hand: what is written from now on arrives.
        settings_path = "/api/v1/integrations/elevenlabs"
        assert chief.put(settings_path, {"monitor": True}, expect=200).json["monitor"] is True
        line = there.wait_connection(session)
        assert len(there.attempts) and there.attempts.count(session) == 1
        write(chief, conversation, "this they do")
        until(lambda: line.texts() == ["this they do"], "the message")
        chief.put(settings_path, {"monitor": False}, expect=200)
        there.wait_types(line, TAKE, SAY, GIVE)
        until(lambda: line.closed, "the end")
    with contextlib.closing(Visitor(centre.port, "?mode=own")) as visitor:
        visitor.say(text := new_name("question"))

        def theirs():
            for c in boss.get("/api/v1/conversations", channel="elevenlabs", limit=100).json["items"]:
                if text in [m["message"] for m in boss.messages(c["conversation_id"])]:
                    return c["conversation_id"]
            return None

        conversation = until(theirs, "the conversation")
        boss.act(conversation, "takeover")
        write(boss, conversation, "by our own socket")
        visitor.wait_line("by our own socket")
        assert states(boss, conversation) == [] and visitor.session_id not in there.attempts
