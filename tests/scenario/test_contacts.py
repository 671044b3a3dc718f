"""Contacts: who they are, who may see them, what happened with them, and two records that are one person."""

import random

import pytest

from harness.api import new_name
from harness.waiting import until

pytestmark = pytest.mark.short

CONTACTS = "/api/v1/contacts"


def new_number():
    return "+26377" + "".join(random.choice("0123456789") for _ in range(7))


@pytest.fixture
def make(admin):
    """make(**fields): a contact."""
    return lambda **fields: admin.post(CONTACTS, {"name": "Sarah Johnson"} | fields, expect=201).json


def test_create_find_and_change(admin):
    number, address = new_number(), new_name() + "@example.org"
    spaced = f"{number[:4]} {number[4:6]}-{number[6:9]} {number[9:]}"
    body = {"name": "أحمد محمد", "phone": spaced, "email": address.upper(), "language": "ar"}
    made = admin.post(CONTACTS, body | {"custom": {"size": "m"}, "consent": {"mail": True}}, expect=201).json
    assert made["contact_id"].startswith("CUST-")
    assert (made["phone"], made["phone_as_given"], made["name"]) == (number, spaced, "أحمد محمد")
    assert (made["custom"], made["consent"], made["vip"]) == ({"size": "m"}, {"mail": True}, False)
    assert made["lead"] is None and made["conversations"] == 0 and made["open_tickets"] == 0

    # The same person again, by number or by address: found, and only blanks are filled in.
    again = admin.post(CONTACTS, {"phone": number[1:], "name": "A.", "company": "BGF"}, expect=200).json
    assert again["contact_id"] == made["contact_id"]
    assert (again["name"], again["company"]) == ("أحمد محمد", "BGF")
    assert (
        admin.post(CONTACTS, {"email": address.lower()}, expect=200)["contact_id"] == made["contact_id"]
    )

    path = f"{CONTACTS}/{made['contact_id']}"
    changed = admin.patch(
        path, {"vip": True, "custom": {"size": None, "shoe": 38}, "consent": {"mail": False}}, expect=200
    ).json
    assert changed["vip"] is True and changed["custom"] == {"shoe": 38} and changed["consent"] == {"mail": False}
    assert admin.get(path).json == changed
    record = admin.get("/api/v1/audit", target=made["contact_id"], action="contact.change")["items"][0]
    assert set(record["detail"]["fields"]) == {"vip", "custom", "consent"}
    assert admin.get(f"{CONTACTS}/CUST-999999999", expect=404)


def test_what_is_refused(admin):
    assert admin.post(CONTACTS, {}).fields() == {"name"}
    assert admin.post(CONTACTS, {"phone": "five"}).fields() == {"phone"}
    assert admin.post(CONTACTS, {"phone": "0771234567"}).fields() == {"phone"}  # of which country?
    assert admin.post(CONTACTS, {"phone": "+966 50 123 4567 8"}).fields() == {"phone"}
    assert admin.post(CONTACTS, {"name": "x", "email": "x@y"}).fields() == {"email"}
    assert admin.post(CONTACTS, {"name": "x", "consent": {"mail": "yes"}}).fields() == {"consent.mail"}
    assert admin.post(CONTACTS, {"name": "x", "id": 1}).fields() == {"id"}
    assert admin.get(CONTACTS, expect=422, cursor="nonsense")
    assert admin.get(CONTACTS, expect=422, vip="maybe")


def test_one_number_another_address(admin, make):
    one, other = make(phone=new_number()), make(email=new_name() + "@example.org")
    reply = admin.post(CONTACTS, {"phone": one["phone"], "email": other["email"]}, expect=409)
    assert reply["candidates"] == [one["contact_id"], other["contact_id"]]


def test_national_numbers_with_a_country(admin):
    national = "077" + new_number()[6:]
    made = admin.post(CONTACTS, {"phone": national, "country": "ZW"}, expect=201).json
    assert made["phone"] == "+263" + national[1:]


def test_searching(admin, make):
    word = new_name("name")
    a = make(name=f"{word} One", phone=new_number(), vip=True)
    b = make(name=f"{word} Two", email=f"{word}@example.org")
    find = lambda **query: [c["contact_id"] for c in admin.items(CONTACTS, **query)]  # noqa: E731
    assert find(q=word) == [b["contact_id"], a["contact_id"]]
    assert find(q=word, vip="true") == [a["contact_id"]]
    assert find(q=a["phone"]) == [a["contact_id"]]
    assert find(q=a["phone"][4:]) == [a["contact_id"]]
    assert find(q=f"{word}@EXAMPLE.org") == [b["contact_id"]]
    assert find(q=a["contact_id"]) == [a["contact_id"]]
    assert a["contact_id"] not in find(q="%")  # a wildcard is that character
    assert find(q=word, limit=1) == [b["contact_id"], a["contact_id"]]  # page by page


def test_who_sees_whom(admin, hire, team, waiting_chat, make):
    slug, first, second = team
    customer = waiting_chat(slug, phone=new_number())
    contact = admin.conversation(customer.conversation_id)
    found = until(
        lambda: admin.get(CONTACTS, q=contact["user_phone"])["items"], "the number is made out"
    )[0]
    path = f"{CONTACTS}/{found['contact_id']}"
    stranger, engineer, manager = hire("agent", "sales"), hire("engineer"), hire("manager")
    assert first.get(path).json["contact_id"] == found["contact_id"]  # waits in their department
    assert manager.get(path)
    stranger.get(path, expect=404)
    engineer.get(path, expect=404)
    stranger.patch(path, {"vip": True}, expect=404)
    stranger.get(f"{path}/timeline", expect=404)
    assert found["contact_id"] not in [c["contact_id"] for c in stranger.items(CONTACTS, q="John")]
    # Whoever is given the whole number on the phone finds its owner, and may open the record with it.
    assert [c["contact_id"] for c in stranger.items(CONTACTS, q=found["phone"])] == [found["contact_id"]]
    assert stranger.items(CONTACTS, q=found["phone"][:-1]) == []
    assert stranger.get(path, known=found["phone"])["contact_id"] == found["contact_id"]
    stranger.get(path, known=found["phone"][:-1], expect=404)
    # It stays with who takes it.
    first.act(customer.conversation_id, "takeover")
    until(lambda: second.call("GET", path).status == 404, "the ticket went to them as well")
    assert first.get(path)


def test_the_timeline(admin, team, waiting_chat):
    slug, first, second = team
    customer = waiting_chat(slug, "Where is my parcel?", phone=new_number())
    conversation = customer.conversation_id
    first.act(conversation, "takeover")
    first.post(f"/api/v1/conversations/{conversation}/notes", {"body": "Asked the depot"}, expect=201)
    phone = admin.conversation(conversation)["user_phone"]
    contact = until(lambda: admin.get(CONTACTS, q=phone)["items"], "the number is made out")[0]["contact_id"]
    path = f"{CONTACTS}/{contact}/timeline"
    first.post(
        "/api/v1/activities",
        {"contact_id": contact, "type": "call", "text": "Called back", "conversation_id": conversation},
        expect=201,
    )
    first.post("/api/v1/tasks", {"title": "Call the depot", "contact_id": contact}, expect=201)
    first.act(conversation, "resolution", {"resolution": "Sent again"})
    customer.post(f"{customer.path}/rating", {"score": 5, "comment": "Thank you"}, expect=(200, 201))
    kinds = {"conversation", "note", "activity", "task", "rating", "ticket"}

    def written():  # the handover's activity and its ticket, each by a follower of its own
        entries = first.items(path)
        return entries if {e["type"] for e in entries} == kinds and any(e["state"] == "handover" for e in entries) else None

    entries = until(written, "everything that happened")
    by_type = {e["type"]: e for e in entries if e["state"] != "handover"}
    assert by_type["conversation"]["text"] == "Sent again"
    assert by_type["conversation"]["conversation_id"] == conversation
    assert by_type["note"]["text"] == "Asked the depot" and by_type["note"]["staff"]["name"] == first.name
    assert by_type["activity"]["text"] == "Called back" and by_type["activity"]["state"] == "call"
    assert by_type["rating"]["title"] == "5" and by_type["rating"]["text"] == "Thank you"
    assert by_type["task"]["title"] == "Call the depot"
    assert [e["at"] for e in entries] == sorted((e["at"] for e in entries), reverse=True)
    assert [e["id"] for e in first.items(path, limit=1)] == [e["id"] for e in entries]  # page by page

    # A colleague who has a task for the contact sees that there was a conversation, but none of its words.
    first.post(
        "/api/v1/tasks",
        {"title": "Send flowers", "contact_id": contact, "owner": second.staff_id},
        expect=201,
    )
    seen = [e for e in second.items(path) if e["type"] != "ticket"]  # the ticket is in their department's list
    assert {e["type"] for e in seen} == {"conversation", "task"}
    told = next(e for e in seen if e["type"] == "conversation")
    assert told["text"] == "" and told["conversation_id"] is None


def test_duplicates_merge_and_undo(admin, sync):
    number = new_number()
    # Two records of one number come about when two channels bring it.
    for channel in ("whatsapp", "portal"):
        sync.send(new_name(), "Hello", user_name="Sarah Johnson", user_phone=number, channel=channel)
    one, other = until(
        lambda: (lambda found: found if len(found) == 2 else None)(admin.get(CONTACTS, q=number)["items"]),
        "both numbers are made out",
    )
    path = f"{CONTACTS}/{one['contact_id']}"
    found = admin.get(f"{path}/duplicates")["items"]
    assert [(d["contact"]["contact_id"], d["reasons"]) for d in found] == [(other["contact_id"], ["phone"])]

    preview = admin.post(f"{path}/merge", {"other_id": other["contact_id"], "preview": True}, expect=200).json
    assert preview["merge_id"] is None and preview["moved"]["conversations"] == 1
    assert preview["contact"]["conversations"] == 2
    assert admin.get(f"{CONTACTS}/{other['contact_id']}")["conversations"] == 1  # nothing happened yet

    done = admin.post(f"{path}/merge", {"other_id": other["contact_id"]}, expect=200).json
    assert done["merge_id"].startswith("MERGE-") and done["contact"]["conversations"] == 2
    assert {i["channel"] for i in done["contact"]["identities"]} == {"whatsapp", "portal"}
    # The old id leads to the one that stands for it now.
    assert admin.get(f"{CONTACTS}/{other['contact_id']}")["contact_id"] == one["contact_id"]
    assert len(admin.get(CONTACTS, q=number)["items"]) == 1
    admin.post(f"{path}/merge", {"other_id": other["contact_id"]}, expect=409)
    admin.post(f"{path}/merge", {"other_id": one["contact_id"]}, expect=409)
    assert admin.post(f"{path}/merge", {"other_id": "CUST-999999999"}).fields() == {"other_id"}
    assert "merge" in {e["type"] for e in admin.items(f"{path}/timeline")}

    # What the customer writes after the merge reaches the one record, also in a new conversation.
    identity = next(i for i in done["contact"]["identities"] if i["channel"] == "portal")
    old = sync.send(identity["external_id"], "And one more thing", channel="portal")["conversation_id"]
    admin.act(old, "resolution", {"resolution": "Done", "close": True})
    new = sync.send(identity["external_id"], "Hello again", channel="portal")["conversation_id"]
    assert new != old and admin.get(path)["conversations"] == 3

    undone = admin.post(f"/api/v1/contact-merges/{done['merge_id']}/undo", expect=200).json
    assert undone["moved"]["conversations"] == 1 and undone["other"]["conversations"] == 1
    assert undone["contact"]["conversations"] == 2  # what came since stays
    assert admin.get(f"{CONTACTS}/{other['contact_id']}")["contact_id"] == other["contact_id"]
    admin.post(f"/api/v1/contact-merges/{done['merge_id']}/undo", expect=409)
    admin.post("/api/v1/contact-merges/MERGE-999999999/undo", expect=404)


def test_a_merge_and_its_undoing_reach_open_screens(admin, sync, make, listen, hire):
    """Rows of the inbox and screens of tickets name their contact: whoever looks at them hears that it is another one."""
    other, kept = make(phone=new_number()), make(email=f"{new_name()}@example.org")
    user = new_name()
    conversation = sync.send(user, "Hello", channel="portal")["conversation_id"]
    admin.put(f"{CONTACTS}/{other['contact_id']}/identities", {"channel": "whatsapp", "external_id": user})
    before = admin.conversation(conversation)["contact_id"]
    ticket = admin.post("/api/v1/tickets", {"subject": "A matter", "contact_id": before}, expect=201)["ticket_id"]
    socket = listen(hire("manager"), "all", "tickets")

    def told(type, id_of, wanted):
        socket.wait_event(type, lambda e: e["data"].get(type.split(".")[0] + "_id") == id_of and wanted(e["data"]))

    done = admin.post(f"{CONTACTS}/{kept['contact_id']}/merge", {"other_id": before}, expect=200).json
    told("conversation.update", conversation, lambda d: d["contact_id"] == kept["contact_id"])
    told("ticket.update", ticket, lambda d: d["requester"]["contact_id"] == kept["contact_id"])
    admin.post(f"/api/v1/contact-merges/{done['merge_id']}/undo", expect=200)
    told("conversation.update", conversation, lambda d: d["contact_id"] == before)
    told("ticket.update", ticket, lambda d: d["requester"]["contact_id"] == before)


def test_a_ticket_finds_the_contact_that_stands_for_a_merged_one(admin, make):
    number, address = new_number(), f"{new_name()}@example.org"
    other, kept = make(phone=number), make(email=address)
    admin.post(f"{CONTACTS}/{kept['contact_id']}/merge", {"other_id": other["contact_id"]}, expect=200)
    path = "/api/v1/tickets"
    for given in ({"phone": number}, {"email": address.upper()}, {"contact_id": other["contact_id"]}):
        made = admin.post(path, {"subject": "A matter"} | given, expect=201)
        assert made["requester"]["contact_id"] == kept["contact_id"], given


def test_verified_identities_warn(admin, make):
    one, other = make(), make()
    for contact in (one, other):
        after = admin.put(
            f"{CONTACTS}/{contact['contact_id']}/identities",
            {"channel": "whatsapp", "external_id": new_number(), "verified": True},
            expect=200,
        ).json
        assert after["identities"][0]["verified"] is True
    preview = admin.post(
        f"{CONTACTS}/{one['contact_id']}/merge", {"other_id": other["contact_id"], "preview": True}, expect=200
    )
    assert preview["warnings"] == ["both_verified"]
    taken = admin.get(f"{CONTACTS}/{one['contact_id']}")["identities"][0]
    admin.put(
        f"{CONTACTS}/{other['contact_id']}/identities",
        {"channel": taken["channel"], "external_id": taken["external_id"]},
        expect=409,
    )


def test_changes_are_announced_without_names(admin, listen, make, hire):
    socket = listen(hire("agent"), "staff")
    contact = make(phone=new_number())
    event = socket.wait_event("contact.update", lambda e: e["data"]["contact_id"] == contact["contact_id"])
    assert event["data"] == {"contact_id": contact["contact_id"]}
