"""16 writers on one conversation: a dense seq, and one order for every reader."""

import threading

import pytest

from harness.api import SyncApi, new_name

pytestmark = [pytest.mark.threads, pytest.mark.short]

WRITERS, EACH = 16, 125


def test_every_reader_sees_one_order(server, sync, admin, manager, listen):
    user = new_name()
    first = sync.send(user, "opening").json
    conversation = first["conversation_id"]
    readers = [listen(api, f"conversation:{conversation}") for api in (admin, manager)]
    acknowledged = []

    def writer(number):
        api = SyncApi(server.port)
        previous = 0
        for i in range(EACH):
            reply = api.send(
                user, f"{number}/{i}", conversation_id=conversation, message_id=new_name("m")
            ).json
            assert reply["seq"] > previous, "acked before the next was sent, so its seq is lower"
            previous = reply["seq"]
            acknowledged.append((reply["seq"], f"{number}/{i}"))

    threads = [threading.Thread(target=writer, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    total = WRITERS * EACH + 1
    listed = [(m["seq"], m["message"]) for m in admin.messages(conversation)]
    assert [seq for seq, _ in listed] == list(range(1, total + 1))
    assert sorted(acknowledged) == listed[1:]
    for reader in readers:
        reader.until(lambda reader=reader: len(reader.of_type("message.new")) >= total - 1, "all messages")
        live = [(e["data"]["seq"], e["data"]["message"]) for e in reader.of_type("message.new")]
        assert live == listed[1:]
        ids = [e["id"] for e in reader.events if e["id"]]
        assert ids == sorted(set(ids)), "event ids increase and none comes twice"


def test_paging_forwards_and_backwards(sync, admin):
    user = new_name()
    for i in range(1, 26):
        conversation = sync.send(user, f"message {i}").json["conversation_id"]
    path = f"/api/v1/conversations/{conversation}/messages"
    assert [m["seq"] for m in admin.get(path, after_seq=10, limit=5)["items"]] == [11, 12, 13, 14, 15]
    assert sorted(m["seq"] for m in admin.get(path, before_seq=10, limit=5)["items"]) == [5, 6, 7, 8, 9]
    assert admin.get(path, after_seq=25)["items"] == []
    assert admin.get(path, limit=501, expect=422).fields() == {"limit"}
    assert admin.get(path, after_seq="x", expect=422).fields() == {"after_seq"}
