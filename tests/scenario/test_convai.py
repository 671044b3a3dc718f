"""The socket of ElevenLabs' widget: every rule of its protocol that the official client relies on, and what happens to a
conversation that is held there."""

import asyncio
import base64
import json
import uuid

import pytest

from harness import server as settings
from harness.api import Api, StaffApi, SyncApi, new_name
from harness.convai import Visitor
from harness.live import BINARY, RawSocket, Refused
from harness.waiting import until

pytestmark = pytest.mark.short

ASK = "I want to talk to a person"


@pytest.fixture
def visit(server):
    """visit(**first frame): an open widget, closed after the test."""
    opened = []

    def make(*args, port=server.port, **more):
        opened.append(Visitor(port, *args, **more))
        return opened[-1]

    yield make
    for visitor in opened:
        visitor.close()


@pytest.fixture(scope="module")
def strict():
    """A server that only lets visitors in whom a site vouches for, from one site, and tells those who wait every second."""
    with settings.Server(
        WIDGET_ORIGINS="https://shop.example.org, http://localhost:3000/",
        CONVAI_TOKEN_REQUIRED="true",
        CONVAI_WAITING_NOTICE_SECONDS="1",
        CONVAI_STAFF_NAMES="false",
    ) as running:
        yield running


def vouch(port, user_id, **more):
    return SyncApi(port).post("/api/v1/convai/sessions", {"user_id": user_id} | more, expect=201).json


def conversation_of(admin, visitor):
    """The conversation that holds this session's first message."""
    return until(
        lambda: next(
            (
                c
                for c in admin.get("/api/v1/conversations", limit=100, channel="elevenlabs").json["items"]
                if c["user_id"] == visitor.user
            ),
            None,
        ),
        "the conversation",
    )


def known(visitor, user):
    visitor.user = user
    return visitor


@pytest.fixture
def chat(visit, server, admin):
    """chat(first message): a visitor vouched for, who has said something and has been answered; (visitor, CONV-...)."""

    def make(text="Good morning", user=None, **first):
        user = user or new_name()
        visitor = known(visit("?t=" + vouch(server.port, user)["token"], **first), user)
        visitor.say(text)
        return visitor, conversation_of(admin, visitor)["conversation_id"]

    return make


# --- the handshake and the first frames


@pytest.mark.parametrize("path", ["/convai/ws", "/v1/convai/conversation"])
def test_the_handshake(visit, path):
    visitor = visit("?agent_id=agent_x&source=js_sdk&version=1.25.0", path=path, user_id=new_name())
    assert visitor.raw.headers["sec-websocket-protocol"] == "convai"
    assert visitor.session_id.startswith("conv_")
    assert visitor.metadata["agent_output_audio_format"] == visitor.metadata["user_input_audio_format"] == "pcm_16000"


def test_a_self_hosted_orchestrator_offers_no_subprotocol(visit):
    visitor = visit(subprotocols=[], begin=False)
    assert "sec-websocket-protocol" not in visitor.raw.headers
    visitor.send({"type": "enclave_setup_config", "agent_config_dict": None, "tools_config_list": None})
    visitor.begin(user_id=new_name())
    assert visitor.types()[0] == "conversation_initiation_metadata"


def test_the_protocol_by_an_independent_library(server):
    websockets = pytest.importorskip("websockets")

    async def talk():
        address = f"ws://127.0.0.1:{server.port}/convai/ws?agent_id=agent_x"
        async with websockets.connect(address, subprotocols=["convai"]) as live:
            assert live.subprotocol == "convai"
            await live.send(json.dumps({"type": "conversation_initiation_client_data"}))
            assert json.loads(await live.recv())["type"] == "conversation_initiation_metadata"
            await live.send(json.dumps({"type": "user_message", "text": "Good morning"}))
            while json.loads(await asyncio.wait_for(live.recv(), 30))["type"] != "agent_response":
                pass

    asyncio.run(talk())


def test_what_page_says_first_need_not_be_the_start(visit):
    """A message before any start begins the session by itself."""
    visitor = visit(begin=False)
    visitor.say("Good morning")
    visitor.wait_type("agent_response")
    assert visitor.types()[0] == "conversation_initiation_metadata"


# --- a message and its answer


def test_a_message_is_stored_and_answered_in_parts(chat, admin):
    visitor, conversation = chat("Good morning")
    answer = visitor.wait_type("agent_response")["agent_response_event"]
    parts = [f["text_response_part"] for f in visitor.frames if f["type"] == "agent_chat_response_part"]
    assert [p["type"] for p in parts if p["type"] != "delta"] == ["start", "stop"]
    assert parts[0]["type"] == "start" and parts[-1]["type"] == "stop"
    assert "".join(p["text"] for p in parts) == answer["agent_response"]
    assert {p["event_id"] for p in parts} == {answer["event_id"]}
    stored = admin.messages(conversation)
    assert [(m["role"], m["message"]) for m in stored] == [
        ("user", "Good morning"),
        ("ai", answer["agent_response"]),
    ]
    shown = admin.conversation(conversation)
    assert (shown["channel"], shown["own_assistant"]) == ("elevenlabs", True)


def test_the_page_may_say_who_its_customer_is(visit, admin):
    claimed = new_name()
    visitor = visit(
        user_id=claimed,
        dynamic_variables={"user_name": "John", "user_email": "john@example.org", "language": "ar", "secret__x": "y"},
    )

    def theirs():
        """By the id that they claim: other customers are called John, too."""
        items = admin.get("/api/v1/conversations", channel="elevenlabs", limit=100).json["items"]
        return next((c for c in items if claimed in c["user_id"]), None)

    visitor.say("Good morning")
    conversation = until(theirs, "John's conversation")
    assert (conversation["user_name"], conversation["user_email"]) == ("John", "john@example.org")
    # Anybody can claim an id: it is shown, and opens nothing.
    assert conversation["user_id"].startswith(f"web_{claimed}~")
    # What the page says of the language is worth more than what two words look like, also after the answer.
    visitor.wait_type("agent_response")
    assert theirs()["language"] == "ar"


def test_messages_keep_their_order(chat, admin):
    visitor, conversation = chat("number 0")
    for n in range(1, 10):
        visitor.say(f"number {n}")
    said = until(
        lambda: [m["message"] for m in admin.messages(conversation) if m["role"] == "user"][9:] and admin.messages(conversation),
        "ten messages",
    )
    assert [m["message"] for m in said if m["role"] == "user"] == [f"number {n}" for n in range(10)]


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "multimodal_message", "text": {"type": "user_message", "text": "look at this"}},
        {"type": "multimodal_message", "text": "look at this", "file": {"type": "file_input", "file_id": "f"}},
    ],
    ids=["text", "text and file"],
)
def test_the_text_of_a_multimodal_message(chat, admin, frame):
    visitor, conversation = chat()
    visitor.send(frame)
    until(lambda: "look at this" in [m["message"] for m in admin.messages(conversation)], "the text")
    if "file" in frame:
        visitor.wait_line("Files cannot be received here")


def test_audio_is_refused_once_and_politely(chat):
    visitor, _ = chat()
    for _ in range(5):
        visitor.send({"user_audio_chunk": base64.b64encode(b"\0" * 320).decode()})
    visitor.wait_line("This is a text chat")
    visitor.say("Good evening")
    visitor.until(lambda: len([t for t in visitor.types() if t == "agent_chat_response_part"]) > 3, "second answer")
    assert len([line for line in visitor.lines() if "text chat" in line]) == 1


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "no_such_type", "x": 1},
        {"type": "client_tool_result", "tool_call_id": "call_1", "result": "x", "is_error": False},
        {"type": "mcp_tool_approval_result", "tool_call_id": "call_1", "is_approved": True},
        {"type": "pong", "event_id": 77},
        {"type": "user_message", "text": None},
        {"type": "user_message", "text": "  "},
        {"type": "user_message", "text": 7},
        {"type": "multimodal_message"},
        {"type": "feedback", "event_id": "x", "score": "like"},
        {"type": "feedback", "event_id": 4711, "score": "like"},
        {"type": "conversation_initiation_client_data", "user_id": "somebody else"},
        {"type": "contextual_update", "text": "x" * 3000},
    ],
    ids=lambda frame: frame["type"],
)
def test_frames_of_no_use_are_ignored(chat, frame):
    visitor, _ = chat()
    visitor.wait_type("agent_response")
    start = len(visitor.frames)
    visitor.send(frame)
    visitor.say("Good evening")
    visitor.wait_type("agent_response", start)
    assert "error" not in visitor.types()


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"x"', "[" * 1000, '{"type":"pong","x":"\\u0000"}', '{"type":1}', "{}"])
def test_text_that_is_no_frame_is_an_error_frame(visit, text):
    visitor = visit()
    visitor.raw.send_frame(1, text)
    event = visitor.wait_type("error")["error_event"]
    assert event["code"] == 1008 and event["error_type"] == "invalid_message" and event["message"]
    visitor.say("Good morning")
    visitor.wait_type("agent_response")


def test_a_peer_that_only_sends_rubbish_is_closed(visit):
    visitor = visit()
    for _ in range(10):
        visitor.raw.send_frame(BINARY, b"\xff\xfe")
    assert visitor.wait_ended()[0] == 1008


def test_a_frame_that_is_too_large_ends_the_session(visit):
    visitor = visit()
    visitor.raw.send({"type": "user_message", "text": "x" * 70_000})
    assert visitor.wait_ended()[0] == 1009


def test_what_is_not_stored_is_said(chat, admin):
    visitor, conversation = chat()
    visitor.say("ä" * 16_001)
    visitor.wait_line("too long")
    for n in range(60):
        visitor.say(f"flood {n}")
    visitor.wait_line("sending too fast")
    assert not [m for m in admin.messages(conversation) if "ä" in m["message"]]


def test_context_goes_with_the_next_message(chat, server, admin):
    visitor, conversation = chat()
    visitor.wait_type("agent_response")
    visitor.send({"type": "contextual_update", "text": "opened the fees page", "context_id": "page"})
    visitor.say("What does it cost?")
    until(lambda: "What does it cost?" in [m["message"] for m in admin.messages(conversation)], "the message")
    number = int(conversation.removeprefix("CONV-"))
    rows = server.sql(
        "SELECT body, metadata FROM message WHERE conversation_id = %s AND role = 'user' ORDER BY seq", (number,)
    )
    assert json.loads(rows[0][1])["elevenlabs"]["session_id"] == visitor.session_id
    assert json.loads(rows[1][1]) == {"context": ["opened the fees page"]}


def test_feedback(chat, admin):
    visitor, conversation = chat()
    answer = visitor.wait_type("agent_response")["agent_response_event"]
    visitor.send({"type": "feedback", "event_id": answer["event_id"], "score": "dislike"})
    until(lambda: admin.messages(conversation)[1]["feedback"] == "down", "feedback")


def test_typing_shows_on_the_desk(chat, admin, listen):
    visitor, conversation = chat()
    desk = listen(admin, f"conversation:{conversation}")
    visitor.wait_type("agent_response")
    visitor.send({"type": "user_activity"})
    assert desk.wait_event("typing")["data"]["who"] == "customer"


# --- staff


def test_takeover_messages_hand_back_and_end(chat, admin, listen):
    visitor, conversation = chat()
    visitor.wait_type("agent_response")
    visitor.say(ASK)
    visitor.wait_line("I am connecting you with a colleague")
    assert admin.conversation(conversation)["status"] == "pending"

    admin.act(conversation, "takeover")
    visitor.wait_type("external_agent_connected")
    desk = listen(admin, f"conversation:{conversation}")
    desk.send({"type": "typing", "conversation_id": conversation, "typing": True})
    assert visitor.wait_type("agent_typing")["agent_typing_event"]["is_typing"] is True
    for text in ("Hello, how can I help?", "I am looking at your application."):
        admin.post(f"/api/v1/conversations/{conversation}/messages", {"message": text}, expect=201)
    first = visitor.wait_line("Hello, how can I help?")
    second = visitor.wait_line("I am looking at")
    assert first["agent_response"] == f"{admin.name}: Hello, how can I help?"
    assert second["agent_response"] == "I am looking at your application."
    assert second["event_id"] > first["event_id"]

    start = len(visitor.frames)
    visitor.say("Thank you")
    until(lambda: admin.messages(conversation)[-1]["message"] == "Thank you", "their answer")
    admin.act(conversation, "handback")
    visitor.wait_type("external_agent_disconnected", start)
    # The assistant was silent as long as staff had the turn, and speaks again.
    assert "agent_chat_response_part" not in visitor.types()[start:]
    visitor.say("One more question")
    visitor.wait_type("agent_chat_response_part", start)

    admin.act(conversation, "takeover")
    admin.act(conversation, "resolution", {"outcome": "solved"})
    end = visitor.wait_type("agent_tool_response")["agent_tool_response"]
    assert (end["tool_name"], end["tool_type"], end["is_error"]) == ("end_call", "system", False)
    assert "This conversation has ended." in visitor.lines()[-1]
    assert visitor.wait_ended() == (1000, visitor.lines()[-1])


def test_a_customer_who_comes_back_goes_on_where_they_were(chat, admin):
    """The widget ends a quiet session by itself. What staff say meanwhile waits for the customer."""
    visitor, conversation = chat(ASK)
    admin.act(conversation, "takeover")
    visitor.wait_type("external_agent_connected")
    visitor.close()
    admin.post(f"/api/v1/conversations/{conversation}/messages", {"message": "Are you still there?"}, expect=201)
    again, same = chat("Yes, sorry", user=visitor.user)
    assert same == conversation
    again.wait_type("external_agent_connected")
    assert again.wait_line("Are you still there?")["agent_response"] == f"{admin.name}: Are you still there?"
    until(lambda: admin.messages(conversation)[-1]["message"] == "Yes, sorry", "their answer")
    assert again.session_id != visitor.session_id


def test_a_random_uuid_is_as_good_as_a_token_and_a_claimed_id_is_not(visit, admin):
    def holding(user, text):
        for c in admin.get("/api/v1/conversations", channel="elevenlabs", limit=100).json["items"]:
            if user in c["user_id"] and text in [m["message"] for m in admin.messages(c["conversation_id"])]:
                return c["conversation_id"]
        return None

    for user, same in ((str(uuid.uuid4()), True), (uuid.uuid4().hex, False), (new_name(), False)):
        found = []
        for text in ("first", "second"):
            visitor = visit(user_id=user)
            visitor.say(text)
            found.append(until(lambda: holding(user, text), "the conversation"))
            visitor.wait_type("agent_response")
            visitor.close()
        assert (found[0] == found[1]) is same, user


def test_a_closed_conversation_goes_on_in_a_new_one(chat, admin):
    visitor, conversation = chat()
    visitor.wait_type("agent_response")
    admin.act(conversation, "takeover")
    admin.act(conversation, "resolution", {"close": True})
    visitor.wait_ended()
    again, _ = chat("Good evening", user=visitor.user)
    until(
        lambda: [
            c
            for c in admin.get("/api/v1/conversations", channel="elevenlabs", limit=100).json["items"]
            if c["user_id"] == visitor.user and c["conversation_id"] != conversation
        ],
        "a new conversation",
    )
    again.wait_type("agent_chat_response_part")


def test_arabic(chat):
    visitor, _ = chat("أريد التحدث مع موظف")
    visitor.wait_line("سأوصلك بأحد زملائنا")
    visitor.send({"user_audio_chunk": ""})
    visitor.wait_line("هذه محادثة نصية")


# --- greetings


@pytest.mark.parametrize(
    "query, first, expected",
    [
        ("?source=widget&version=0.14.8", {}, [""]),
        ("?source=js_sdk", {}, []),
        ("?source=js_sdk", {"conversation_config_override": {"agent": {"first_message": "Welcome!"}}}, ["Welcome!"]),
        ("", {"source_info": {"source": "widget"}, "conversation_config_override": {"agent": {"first_message": None}}}, [""]),
    ],
)
def test_a_page_with_a_greeting_takes_the_first_line_for_it(visit, query, first, expected):
    visitor = visit(query, **first)
    visitor.say("Good morning")
    visitor.wait_type("agent_chat_response_part")
    assert [line for line in visitor.lines()[:1] if line in ("", "Welcome!")] == expected


# --- who may connect


def test_the_allow_list_of_sites(strict):
    token = vouch(strict.port, new_name())["token"]

    def connect(origin):
        Visitor(strict.port, "?t=" + token, headers={"Origin": origin} if origin else None, begin=False).close()

    for origin in ("https://shop.example.org", "HTTPS://Shop.Example.org", "http://localhost:3000", None):
        connect(origin)
    for origin in ("https://example.org", "http://shop.example.org", "https://shop.example.org.evil.example", "null"):
        with pytest.raises(Refused) as refused:
            connect(origin)
        assert refused.value.status == 403


@pytest.mark.parametrize("token", ["x", "cvt_", "cvt_abc.def", "cct_1.x.y", "cvt_" + "A" * 5000])
def test_bad_tokens(server, strict, token):
    for port in (server.port, strict.port):
        with pytest.raises(Refused) as refused:
            Visitor(port, "?t=" + token, begin=False)
        assert refused.value.status == 401


def test_a_token_may_come_in_three_ways(strict, visit):
    token = vouch(strict.port, new_name())["token"]
    visit("?t=" + token, port=strict.port)
    visit(port=strict.port, subprotocols=["convai", "bearer." + token])
    visit(port=strict.port, custom_llm_extra_body={"cc_session": token})
    visit(port=strict.port, dynamic_variables={"cc_session": token})
    refused = visit(port=strict.port, begin=False)
    refused.send({"type": "conversation_initiation_client_data", "user_id": str(uuid.uuid4())})
    assert refused.wait_type("error")["error_event"]["error_type"] == "authorization"
    assert refused.wait_ended()[0] == 1008


def test_vouching(server, admin):
    sync = SyncApi(server.port)
    answer = vouch(server.port, new_name(), user_name="Bob", valid_seconds=60)
    assert answer["ws_url"] == f"ws://127.0.0.1:{server.port}/convai/ws?t={answer['token']}"
    assert answer["expires_at"].endswith("Z")
    assert sync.post("/api/v1/convai/sessions", {"user_id": ""}).status == 422
    assert sync.post("/api/v1/convai/sessions", {"user_id": "x", "valid_seconds": 10}).status == 422
    assert admin.post("/api/v1/convai/sessions", {"user_id": "x"}).status in (201, 403)
    assert Api(server.port).post("/api/v1/convai/sessions", {"user_id": "x"}).status == 401


def test_a_token_of_another_use_is_none(server, start_chat):
    with pytest.raises(Refused):
        Visitor(server.port, "?t=" + start_chat().token, begin=False)
    with pytest.raises(Refused):
        RawSocket(server.port, token=vouch(server.port, new_name())["token"])


# --- waiting


def test_who_waits_is_told_so_with_their_place(strict, visit):
    boss = StaffApi(strict.port, settings.ADMIN_EMAIL, settings.ADMIN_PASSWORD)
    visitor = visit("?t=" + vouch(strict.port, new_name(), language="en")["token"], port=strict.port)
    visitor.say(ASK)
    notice = visitor.wait_line("Thank you for waiting.")["agent_response"]
    visitor.wait_line("Your place in the queue: 1.")
    conversation = boss.get("/api/v1/conversations").json["items"][0]["conversation_id"]
    # Said, not stored: it is true for a moment only.
    assert notice not in [m["message"] for m in boss.messages(conversation)]
    boss.act(conversation, "takeover")
    start = len(visitor.frames)
    visitor.wait_line(f"Thank you for your patience. {boss.name} is still with you.", start)
    boss.post(f"/api/v1/conversations/{conversation}/messages", {"message": "Hello"}, expect=201)
    assert visitor.wait_line("Hello", start)["agent_response"] == "Hello"  # CONVAI_STAFF_NAMES=false
    boss.act(conversation, "handback")
    visitor.wait_type("external_agent_disconnected", start)


def test_who_comes_back_to_the_queue_is_told_soon(chat):
    visitor, _ = chat(ASK)
    visitor.wait_line("I am connecting you")
    visitor.close()
    again, _ = chat("Hello?", user=visitor.user)
    again.wait_line("Thank you for waiting.")
