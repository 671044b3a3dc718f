"""Search: what is found, by whom, and how soon. Every test uses words of its own."""

import random
import time

import pytest

from harness.api import new_name
from harness.waiting import until

pytestmark = pytest.mark.short

LETTERS = "bcdfghjklmnpqrstvwxz"


def new_word(length=9):
    """A word that no other test writes, and that looks like none of theirs."""
    return "".join(random.sample(LETTERS, length))


def found(api, q, **query):
    return api.get("/api/v1/search", q=q, **query).json["items"]


def soon(api, q, count=1, **query):
    return until(
        lambda: (lambda items: items if len(items) >= count else None)(found(api, q, **query)),
        f"{count} hits for {q}",
        10,
    )


def conversations(items):
    return {item["conversation_id"] for item in items if item["type"] != "ticket"}


def indexed(api, q, expected):
    """Waits until a message of each of these conversations is found: a number of hits may be reached by hits of another
    kind, such as the ticket that a handover opens."""
    until(lambda: conversations(found(api, q, types="messages")) == expected, f"{q} in {expected}", 10)


def test_a_message_is_found_within_a_second_or_so(sync, admin, figure):
    word = new_word()
    conversation = sync.send(new_name(), f"My {word} has not arrived")["conversation_id"]
    sent = time.monotonic()
    item = soon(admin, word)[0]
    figure(f"from the answer to a post until search finds it: {time.monotonic() - sent:.2f} s")
    assert item["type"] == "message" and item["conversation_id"] == conversation and item["seq"] == 1
    assert item["snippet"] == f"My [[{word}]] has not arrived"
    assert item["score"] == 1.0
    reply = admin.get("/api/v1/search", q=word).json
    assert reply["took_ms"] >= 0 and reply["behind"] >= 0 and reply["tolerant"] is False
    assert reply["next_cursor"] is None


def test_arabic_words_with_and_without_their_article(admin):
    for q in ("منحة دراسية", "المنحة الدراسية", "للمنحة الدراسية"):
        items = soon(admin, q, types="articles")
        assert any("المنحة الدراسية" in item["title"] for item in items), q


def test_beginnings_forms_and_typing_mistakes(sync, admin):
    word = new_word(10)
    sync.send(new_name(), f"two {word}s were broken")
    soon(admin, word + "s")
    for typed in (word[:6], word, f"{word}s broken", f"BROKEN {word.upper()}S"):
        assert found(admin, typed), typed
    swapped = word[:4] + word[5] + word[4] + word[6:] + "s"
    dropped = word[:7] + word[8:] + "s"
    for typed in (swapped, dropped):
        reply = admin.get("/api/v1/search", q=typed).json
        assert reply["tolerant"] is True, typed
        assert reply["items"][0]["score"] < 1, typed
    assert not found(admin, f"{word}s {new_word()}"), "every word must be there"


def test_arabic(sync, admin):
    who = new_name()
    text = "أريد استرداد رسوم المَدْرَسَةِ الثانوية في إربد"
    conversation = sync.send(who, text)["conversation_id"]
    # Not the first hit of any kind: before it is indexed, the town's name is a typing mistake of "أريد" in other chats.
    until(lambda: conversation in conversations(found(admin, "إربد")), "the message to be found", 10)
    for typed in ("المدرسة الثانويه اربد", "استرداد رسوم اربد", "اربد المدر", "أربد الثانوية"):
        assert conversation in conversations(found(admin, typed)), typed
    item = next(i for i in found(admin, "المدرسة اربد") if i["conversation_id"] == conversation)
    assert "[[المَدْرَسَةِ]]" in item["snippet"], "the marks stand around what was written"
    # A letter wrong in a word of eight.
    assert conversation in conversations(found(admin, "استرداط رسوم اربد"))


def test_people_are_found_by_name_mail_and_phone(sync, admin):
    name, phone = new_word(8).title(), "+26377" + "".join(random.choice("0123456789") for _ in range(7))
    mail = name.lower() + "@example.org"
    conversation = sync.send(
        new_name(), "Good morning", user_name=f"{name} Moyo", user_email=mail, user_phone=phone
    )["conversation_id"]
    soon(admin, name, types="contacts,conversations", count=2)
    for typed in (name, f"{name} moyo", mail, phone, "0" + phone[4:], phone[4:], f"{phone[:4]} {phone[4:6]} {phone[6:]}"):
        kinds = {i["type"] for i in found(admin, typed) if name in i["title"]}
        assert kinds == {"contact", "conversation"}, typed
    assert conversation in conversations(found(admin, conversation, types="conversations"))
    # Corrected by staff: found under the new name, no longer under the old one.
    other = new_word(8).title()
    admin.patch(f"/api/v1/conversations/{conversation}", {"user_name": other}, expect=200)
    soon(admin, other, types="conversations")
    assert not found(admin, name + " moyo", types="conversations")


def test_filters(sync, admin, team, waiting_chat):
    slug, sarah, bob = team
    word, tag = new_word(), new_name("tag")
    first = waiting_chat(slug, f"{word} one")
    second = waiting_chat(slug, f"{word} two")
    elsewhere = sync.send(new_name(), f"{word} three")["conversation_id"]
    sarah.act(first.conversation_id, "takeover")
    sarah.patch(first.path, {"tags": [tag], "category": "billing"}, expect=200)
    everything = {first.conversation_id, second.conversation_id, elsewhere}
    indexed(admin, word, everything)
    a, b = {first.conversation_id}, {second.conversation_id}
    for query, expected in (
        ({}, everything),
        ({"department": slug}, a | b),
        ({"department": "none-such"}, set()),
        ({"assigned": sarah.staff_id}, a),
        ({"assigned": "none", "department": slug}, b),
        ({"status": "pending"}, b),
        ({"status": "pending,active"}, a | b),
        ({"tag": tag}, a),
        ({"category": "billing"}, a),
        ({"channel": "elevenlabs"}, {elsewhere}),
        ({"from": "2020-01-01"}, everything),
        ({"from": "2099-01-01"}, set()),
        ({"to": "2020-01-01T00:00:00Z"}, set()),
        ({"rating": 5}, set()),
        ({"types": "messages"}, everything),
        ({"types": "contacts,tickets"}, set()),
        ({"tag": tag, "status": "resolved"}, set()),
    ):
        assert conversations(found(admin, word, **query)) == expected, query
    sarah.act(first.conversation_id, "resolution")
    first.post(f"{first.path}/rating", {"score": 5}, expect=200)
    assert conversations(found(admin, word, rating=5)) == a
    for wrong in ({"status": "x"}, {"types": "x"}, {"assigned": "x"}, {"rating": 9}, {"from": "x"}, {"limit": 0}):
        assert admin.get("/api/v1/search", q=word, expect=422, **wrong).fields() == set(wrong)
    assert admin.get("/api/v1/search", expect=422).fields() == {"q"}
    assert admin.get("/api/v1/search", q="?!", expect=422).fields() == {"q"}


def test_conversations_are_found_by_the_words_of_a_filter(admin, team, hire, department, waiting_chat):
    slug, sarah, bob = team
    tag = new_name("tag")
    chat = waiting_chat(slug, "Good morning")
    sarah.act(chat.conversation_id, "takeover")
    sarah.patch(chat.path, {"tags": [tag], "category": "billing"}, expect=200)
    of = {"types": "conversations", "tag": tag}
    assert conversations(soon(admin, "billing", **of)) == {chat.conversation_id}
    assert conversations(found(admin, chat.conversation_id, category="billing", **of)) == {chat.conversation_id}
    assert not found(admin, chat.conversation_id, category="delivery", **of)
    assert not found(admin, "account", **of)
    assert found(sarah, "billing", **of)
    for api in (bob, hire("agent", department()), hire("engineer", slug)):
        assert not found(api, "billing", **of), "the index knows it, this person may not"
        assert not found(api, "bil", **of)
    # What the list of the inbox finds by words is seen by the same people.
    listed = {"q": chat.conversation_id, "limit": 200}
    assert chat.conversation_id in {c["conversation_id"] for c in sarah.items("/api/v1/conversations", **listed)}
    assert chat.conversation_id not in {c["conversation_id"] for c in bob.items("/api/v1/conversations", **listed)}


def test_codes_that_begin_like_a_word(sync, admin):
    word = new_word()
    sync.send(new_name(), f"{word} arrived")
    conversation = sync.send(new_name(), f"{word}77 did not")["conversation_id"]
    soon(admin, f"{word}77")
    assert conversation in conversations(found(admin, word)), "little was found, so codes are looked for, too"


def test_pages(sync, admin):
    word, who = new_word(), new_name()
    for n in range(7):
        sync.send(who, f"{word} number {n}")
    soon(admin, word, count=7)
    seen = admin.items("/api/v1/search", q=word, limit=3)
    assert [i["seq"] for i in seen] == [7, 6, 5, 4, 3, 2, 1], "newest first, none twice, none left out"
    page = admin.get("/api/v1/search", q=word, limit=3).json
    sync.send(who, f"{word} meanwhile")
    soon(admin, word, count=8)
    second = admin.get("/api/v1/search", q=word, limit=3, cursor=page["next_cursor"]).json["items"]
    assert [i["seq"] for i in second] == [4, 3, 2]
    assert admin.get("/api/v1/search", q=word, cursor="nonsense", expect=422).fields() == {"cursor"}


def test_nobody_finds_what_they_may_not_see(admin, manager, hire, team, department, waiting_chat):
    slug, sarah, bob = team
    stranger, engineer = hire("agent", department()), hire("engineer", slug)
    word = new_word()
    waiting, taken = waiting_chat(slug, f"{word} waits"), waiting_chat(slug, f"{word} is taken")
    sarah.act(taken.conversation_id, "takeover")
    both = {waiting.conversation_id, taken.conversation_id}
    indexed(admin, word, both)
    for api, expected in (
        (admin, both),
        (manager, both),
        (sarah, both),
        (bob, {waiting.conversation_id}),
        (stranger, set()),
        (engineer, set()),
    ):
        assert conversations(found(api, word)) == expected, api.email
        assert conversations(found(api, word, types="messages")) == expected
        assert conversations(found(api, word[:5], types="messages")) == expected
    assert waiting.get("/api/v1/search", q=word, expect=403)
    admin.act(taken.conversation_id, "assignment", {"staff_id": bob.staff_id})
    assert conversations(found(sarah, word)) == {waiting.conversation_id}, "at once, whatever the index knows"


def test_views(admin, manager, hire):
    sarah, bob = hire("agent"), hire("agent")
    name = new_name("view")
    filters = {"area": "inbox", "status": ["pending"], "department": "reception"}
    mine = sarah.post("/api/v1/views", {"name": name, "filters": filters}, expect=201).json
    assert mine["filters"] == filters and mine["shared"] is False and mine["mine"] is True
    path = f"/api/v1/views/{mine['view_id']}"

    def names(api):
        return {v["view_id"] for v in api.items("/api/v1/views")}

    assert mine["view_id"] in names(sarah) and mine["view_id"] not in names(bob)
    assert bob.patch(path, {"name": "x"}).status == 404
    sarah.patch(path, {"shared": True}, expect=200)
    seen = next(v for v in bob.items("/api/v1/views") if v["view_id"] == mine["view_id"])
    assert seen["mine"] is False and seen["owner"]["name"] == sarah.name
    assert bob.patch(path, {"name": "x"}).status == 409
    assert bob.delete(path).status == 409
    assert manager.patch(path, {"name": "Everybody's"}, expect=200).json["name"] == "Everybody's"
    assert sarah.delete(path).status == 204
    assert sarah.delete(path).status == 404
    assert sarah.post("/api/v1/views", {"name": " ", "filters": []}).fields() == {"name", "filters"}
    assert sarah.post("/api/v1/views", {"name": "x", "filters": {"a": "b" * 5000}}).fields() == {"filters"}


def test_the_index_survives_a_restart(sync, server, admin):
    """What it has is not indexed twice, and what came meanwhile is not left out."""
    word = new_word()
    sync.send(new_name(), f"{word} before")
    soon(admin, word)
    rows = server.sql("SELECT count(*), count(DISTINCT (kind, ref, seq)) FROM search_document")[0]
    assert rows[0] == rows[1]
    until(lambda: server.sql("SELECT h.event_id = p.event_id FROM event_head h, search_progress p")[0][0], "the index")
    missing = server.sql(
        "SELECT count(*) FROM message m WHERE NOT EXISTS (SELECT FROM search_document d WHERE d.kind = 2 "
        "AND d.ref = m.conversation_id AND d.seq = m.seq)"
    )[0][0]
    assert missing == 0
