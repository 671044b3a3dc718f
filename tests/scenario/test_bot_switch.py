"""The bot switch of document 003 (lines 65-66): by telephone number in any notation, and by conversation."""

import random

import pytest

from harness.api import Api
from harness.waiting import until

pytestmark = pytest.mark.short


@pytest.fixture
def chat(server):
    """(number, conversation) of somebody on WhatsApp with whom the assistant talks."""
    number = "26377" + "".join(random.choice("0123456789") for _ in range(7))
    body = {
        "event": "messages.upsert",
        "data": {
            "key": {"remoteJid": f"{number}@s.whatsapp.net", "fromMe": False, "id": "first"},
            "message": {"conversation": "Good morning"},
        },
    }
    told = Api(server.port).post("/webhook", body, expect=200).json
    return number, told["messages"][0]["conversation_id"]


def test_status_in_any_notation(admin, sync, chat):
    number, conversation = chat
    assert admin.get(f"/api/bot/status/{number}").json == {
        "phone_number": "+" + number,
        "bot_enabled": True,
        "conversation_id": conversation,
        "status": "bot",
        "handler": "bot",
        "channel": "whatsapp",
        "handover_requested": False,
    }
    for written in (f"%2B{number}", f"00{number}", f"%2B{number[:3]}-{number[3:6]}-{number[6:]}", f"+{number[:3]}%20({number[3:5]})%20{number[5:]}"):
        for api in (admin, sync):
            assert api.get(f"/api/bot/status/{written}")["conversation_id"] == conversation, written
    assert admin.get(f"/api/v1/bot/status/{number}")["conversation_id"] == conversation


def test_unknown_numbers(admin, sync):
    for api in (admin, sync):
        for written in ("263770000001", "nobody", "%2B1"):
            answer = api.get(f"/api/bot/status/{written}", expect=404)
            assert "number" in answer["detail"]
            assert api.post(f"/api/bot/toggle/{written}").status == 404


def test_staff_switch_it_off_and_on(hire, chat):
    number, conversation = chat
    sarah, bob = hire("manager"), hire("agent")  # what the assistant has, agents do not see
    off = sarah.post(f"/api/bot/toggle/{number}", {"enabled": False}, expect=200).json
    assert (off["bot_enabled"], off["status"], off["handler"]) == (False, "active", "staff")
    assert sarah.conversation(conversation)["assigned_staff"]["staff_id"] == sarah.staff_id
    assert sarah.post(f"/api/bot/toggle/{number}", {"enabled": False}, expect=200)["bot_enabled"] is False
    assert bob.post(f"/api/bot/toggle/{number}", {"enabled": True}).status == 404  # not his to see
    on = sarah.post(f"/api/bot/toggle/{number}", {"enabled": True}, expect=200).json
    assert (on["bot_enabled"], on["status"], on["handler"], on["handover_requested"]) == (True, "bot", "bot", False)


def test_a_plain_toggle_turns_it_round(sync, chat):
    number, _ = chat
    path = f"/api/bot/toggle/{number}"
    assert sync.call("POST", path, expect=200)["bot_enabled"] is False
    assert sync.call("POST", path, expect=200)["bot_enabled"] is True


def test_a_program_switches_it_off_and_nothing_else(server, admin, sync, chat):
    number, conversation = chat
    said = lambda: [(m["role"], m["message"]) for m in admin.messages(conversation)]  # noqa: E731
    until(lambda: len(said()) == 2, "the assistant's greeting")
    before = said()
    for body in ({"enabled": False}, {"bot_enabled": False}):  # twice is once
        off = sync.post(f"/api/bot/toggle/{number}", body, expect=200).json
        assert (off["bot_enabled"], off["status"], off["handler"], off["handover_requested"]) == (False, "active", "staff", False)
    turns = admin.conversation(conversation)["turns"]
    assert [t["reason_ar"] for t in turns] == ["أُوقف المساعد."]
    entry = admin.get("/api/v1/audit", target=conversation, action="conversation.silence")["items"][0]
    assert entry["actor"].startswith("KEY-")
    say(server, number, "is anybody there?")
    until(lambda: len(said()) > len(before), "the customer's words")
    assert [role for role, _ in said()[len(before) :]] == ["user"], "nothing is said to the customer"
    contact = admin.conversation(conversation)["contact_id"]
    assert admin.get("/api/v1/leads", contact=contact)["items"] == []
    assert admin.get("/api/v1/tickets", conversation=conversation)["items"] == []
    on = sync.post(f"/api/bot/toggle/{number}", {"enabled": True}, expect=200).json
    assert (on["bot_enabled"], on["status"]) == (True, "bot")
    sync.post(f"/api/bot/toggle/{number}", {"enabled": False}, expect=200)
    admin.act(conversation, "takeover")
    refused = sync.post(f"/api/bot/toggle/{number}", {"enabled": True})
    assert refused.status == 409, "a program takes nothing away from staff"
    admin.act(conversation, "handback")
    assert sync.get(f"/api/bot/status/{number}")["bot_enabled"] is True


def test_while_it_is_off_the_assistant_is_silent(admin, sync, server, chat):
    number, conversation = chat
    sync.post(f"/api/bot/toggle/{number}", {"enabled": False}, expect=200)
    said = lambda: [m for m in admin.messages(conversation) if m["role"] == "ai"]  # noqa: E731
    before = len(said())
    Api(server.port).post(
        "/webhook",
        {
            "event": "messages.upsert",
            "data": {"key": {"remoteJid": f"{number}@s.whatsapp.net", "id": "second"}, "message": {"conversation": "hello?"}},
        },
        expect=200,
    )
    admin.act(conversation, "takeover")
    admin.post(f"/api/v1/conversations/{conversation}/messages", {"message": "Sarah here"}, expect=201)
    assert len(said()) <= before + 1  # what it was saying as it was switched off
    assert admin.messages(conversation)[-1]["role"] == "staff"


def test_by_conversation(admin, start_chat):
    customer = start_chat()
    path = f"/api/v1/conversations/{customer.conversation_id}/bot"
    state = admin.get(path).json
    assert state["bot_enabled"] and state["phone_number"] == "" and state["channel"] == "widget"
    assert admin.post(path, {"enabled": False}, expect=200)["handler"] == "staff"
    assert admin.post(path, {"enabled": True}, expect=200)["handler"] == "bot"
    assert admin.post(path, {"enabled": "yes"}).fields() == {"enabled"}
    assert customer.get(path, expect=403)
    assert admin.get("/api/v1/conversations/CONV-999999999/bot", expect=404)


def test_the_conversation_that_goes_on_is_meant(admin, gateway_free, chat):
    """Somebody with an ended conversation and one that goes on: the switch is the latter's."""
    number, conversation = chat
    admin.act(conversation, "takeover")
    admin.act(conversation, "resolution", {"close": True})
    again = gateway_free(number, "here I am again")
    assert again != conversation
    assert admin.get(f"/api/bot/status/{number}")["conversation_id"] == again


def say(server, number, text):
    body = {
        "event": "messages.upsert",
        "data": {"key": {"remoteJid": f"{number}@s.whatsapp.net", "id": text}, "message": {"conversation": text}},
    }
    return Api(server.port).post("/webhook", body, expect=200)["messages"][0]["conversation_id"]


@pytest.fixture
def gateway_free(server):
    return lambda number, text: say(server, number, text)
