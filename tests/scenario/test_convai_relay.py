"""Relay mode: an agent at ElevenLabs speaks in a widget that is connected to us, until staff take over."""

import pytest

from harness import server as settings
from harness.agents import Agents
from harness.api import StaffApi, SyncApi, new_name
from harness.convai import Visitor
from harness.live import Refused
from harness.waiting import until

pytest.importorskip("websockets")
pytestmark = pytest.mark.short

KEY = "xi-key-of-the-tests"


@pytest.fixture(scope="module")
def agents():
    with Agents() as running:
        yield running


@pytest.fixture(scope="module")
def relaying(agents):
    with settings.Server(
        ELEVENLABS_API_KEY=KEY,
        ELEVENLABS_AGENT_ID="agent_x",
        ELEVENLABS_API_URL=f"http://127.0.0.1:{agents.port}",
        ELEVENLABS_MODE="relay",
        OUTBOUND_ALLOW="127.0.0.0/8",
    ) as running:
        yield running


@pytest.fixture(scope="module")
def boss(relaying):
    return StaffApi(relaying.port, settings.ADMIN_EMAIL, settings.ADMIN_PASSWORD)


@pytest.fixture
def visit(relaying):
    opened = []

    def make(query="", **first):
        opened.append(Visitor(relaying.port, query, **first))
        return opened[-1]

    yield make
    for visitor in opened:
        visitor.close()


def conversation_of(boss, text):
    """The conversation whose first words of the customer are these."""

    def find():
        for c in boss.get("/api/v1/conversations", channel="elevenlabs").json["items"]:
            if text in [m["message"] for m in boss.messages(c["conversation_id"])]:
                return c["conversation_id"]
        return None

    return until(find, "the conversation")


def stored(boss, conversation):
    return [(m["role"], m["message"]) for m in boss.messages(conversation)]


def test_both_sides_pass_and_are_stored(visit, agents, boss, relaying):
    visitor = visit(user_id="user_789", dynamic_variables={"user_name": "John"})
    assert visitor.session_id.startswith("conv_agents")
    assert agents.addresses[-1][1] == KEY and "agent_id=agent_x" in agents.addresses[-1][0]
    first = agents.wait_heard(lambda f: f["type"] == "conversation_initiation_client_data")
    assert (first["user_id"], first["dynamic_variables"]) == ("user_789", {"user_name": "John"})
    agents.say("Welcome, John")
    visitor.wait_line("Welcome, John")
    text = new_name("question")
    visitor.say(text)
    agents.wait_heard(lambda f: f.get("text") == text)
    agents.send({"type": "agent_chat_response_part", "text_response_part": {"text": "x", "type": "start", "event_id": 4}})
    visitor.wait_type("agent_chat_response_part")
    agents.say("An answer of theirs", 4)
    visitor.wait_line("An answer of theirs")
    conversation = conversation_of(boss, text)
    until(lambda: len(stored(boss, conversation)) == 3, "all three")
    assert stored(boss, conversation) == [
        ("ai", "Welcome, John"),
        ("user", text),
        ("ai", "An answer of theirs"),
    ]
    assert boss.conversation(conversation)["own_assistant"] is False
    assert visitor.lines() == ["Welcome, John", "An answer of theirs"]  # once each, and nothing of ours
    visitor.send({"type": "feedback", "event_id": 4, "score": "like"})
    agents.wait_heard(lambda f: f["type"] == "feedback")
    until(lambda: boss.messages(conversation)[2]["feedback"] == "up", "feedback")


def test_takeover_and_hand_back(visit, agents, boss):
    visitor = visit()
    visitor.say(text := new_name("question"))
    agents.wait_heard(lambda f: f.get("text") == text)
    conversation = conversation_of(boss, text)
    boss.act(conversation, "takeover")
    visitor.wait_type("external_agent_connected")
    start = len(visitor.frames)
    heard = len(agents.types())
    agents.say("I talk over staff", 9)
    visitor.say("to staff only")
    until(lambda: ("user", "to staff only") in stored(boss, conversation), "the message")
    boss.post(f"/api/v1/conversations/{conversation}/messages", {"message": "We have solved it"}, expect=201)
    visitor.wait_line("We have solved it", start)
    assert not [t for t in agents.types()[heard:] if t != "pong"]
    assert "I talk over staff" not in visitor.lines()
    assert ("ai", "I talk over staff") not in stored(boss, conversation)

    boss.act(conversation, "handback")
    visitor.wait_type("external_agent_disconnected", start)
    update = agents.wait_heard(lambda f: f["type"] == "contextual_update")["text"]
    assert "Customer: to staff only" in update and f"{boss.name}: We have solved it" in update
    visitor.say("and now?")
    agents.wait_heard(lambda f: f.get("text") == "and now?")
    agents.say("I am back", 10)
    visitor.wait_line("I am back", start)


def test_an_agent_that_ended_meanwhile_is_called_again(visit, agents, boss):
    visitor = visit()
    visitor.say(text := new_name("question"))
    agents.wait_heard(lambda f: f.get("text") == text)
    conversation = conversation_of(boss, text)
    boss.act(conversation, "takeover")
    visitor.wait_type("external_agent_connected")
    sessions = len(agents.sessions)
    agents.end(1002, "timeout")
    boss.post(f"/api/v1/conversations/{conversation}/messages", {"message": "We have solved it"}, expect=201)
    visitor.wait_line("We have solved it")
    boss.act(conversation, "handback")
    until(lambda: len(agents.sessions) == sessions + 1, "a second session")
    agents.wait_heard(lambda f: f["type"] == "contextual_update" and "We have solved it" in f["text"])
    agents.say("Welcome back!")  # a greeting that nobody asked for
    visitor.say("one more thing")
    agents.wait_heard(lambda f: f.get("text") == "one more thing")
    agents.say("Yes?", 3)
    visitor.wait_line("Yes?")
    assert "Welcome back!" not in visitor.lines()


def test_an_agent_that_cannot_be_reached_is_replaced_by_people(visit, agents, boss):
    agents.refuse = True
    try:
        visitor = visit()
        visitor.wait_line("Our assistant cannot be reached right now.")
        visitor.say(text := new_name("question"))
        conversation = conversation_of(boss, text)
        shown = boss.conversation(conversation)
        assert shown["status"] == "pending"
        assert shown["handover"]["reason"] == "The assistant could not be reached."
        assert shown["handover"]["reason_ar"] == "تعذّر الوصول إلى المساعد."
    finally:
        agents.refuse = False
    boss.act(conversation, "takeover")
    visitor.wait_type("external_agent_connected")


def why_no_agent(boss):
    items = boss.get("/api/v1/integrations/elevenlabs/checklist").json["items"]
    found = next(i for i in items if i["part"] == "signed_url_refused")
    return found["detail"], found["detail_ar"]


def test_an_address_that_is_too_old_gets_a_fresh_one(visit, agents):
    agents.expired, asked = 1, len(agents.addresses)
    visitor = visit()
    assert visitor.session_id.startswith("conv_agents")
    assert len(agents.addresses) == asked + 2
    visitor.say(text := new_name("question"))
    agents.wait_heard(lambda f: f.get("text") == text)
    assert agents.types().count("conversation_initiation_client_data") == 1


def test_the_set_up_page_says_why_there_is_no_agent(visit, agents, boss, relaying):
    agents.refuse = 401
    try:
        visitor = visit()
        visitor.wait_line("Our assistant cannot be reached right now.")
        expected = ("ElevenLabs gave no signed URL: answered 401", "لم يعطِ ElevenLabs عنوانًا موقّعًا، وأجاب برمز 401")
        until(lambda: why_no_agent(boss) == expected, "the reason")
        # Pages that ask for ElevenLabs' own address get none, and the socket's all the same.
        given = boss.get("/api/elevenlabs/signed-url", expect=200).json
        assert given["elevenlabs_signed_url"] is None and "/convai/ws?" in given["signed_url"]
    finally:
        agents.refuse = False
    agents.expired = 2  # the second one, too
    widget = visit("?source=widget")
    widget.wait_line("Our assistant cannot be reached right now.")
    assert widget.lines()[0] == "", "a widget takes the first line for the greeting that it has drawn"
    until(lambda: why_no_agent(boss)[0] == "ElevenLabs answered 403", "the other reason")
    assert KEY not in relaying.log()
    given = boss.get("/api/elevenlabs/signed-url", expect=200).json
    assert given["elevenlabs_signed_url"] == f"ws://127.0.0.1:{agents.port}/v1/convai/conversation?token=x"


def test_the_agent_ends_the_conversation(visit, agents):
    visitor = visit()
    agents.send({"type": "agent_tool_response", "agent_tool_response": {"tool_name": "end_call", "event_id": 1}})
    visitor.wait_type("agent_tool_response")
    agents.end(1000)
    assert visitor.wait_ended()[0] == 1000


def test_a_token_of_ours_is_not_theirs_to_see(visit, agents, relaying):
    token = SyncApi(relaying.port).post("/api/v1/convai/sessions", {"user_id": new_name()}, expect=201)["token"]
    visitor = visit(custom_llm_extra_body={"cc_session": token, "x": 1})
    first = agents.wait_heard(lambda f: f["type"] == "conversation_initiation_client_data")
    assert first["custom_llm_extra_body"]["x"] == 1
    assert token not in str(first)
    visitor.close()


def test_the_page_may_ask_for_either(visit, agents, server):
    sessions = len(agents.sessions)
    visitor = visit("?mode=own")
    visitor.say("Good morning")
    visitor.wait_type("agent_chat_response_part")
    assert len(agents.sessions) == sessions
    with pytest.raises(Refused) as refused:
        Visitor(server.port, "?mode=relay")
    assert refused.value.status == 409
