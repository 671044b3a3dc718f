"""10,000 messages, each sent three times from 8 connections at once, are 10,000 rows."""

import random
import threading
from collections import Counter

import pytest

from harness.api import SyncApi, new_name

MESSAGES, TIMES, CONNECTIONS, USERS = 10_000, 3, 8, 100


def test_each_message_is_stored_once(server, figure):
    channel = new_name("retry")
    sends = [number for number in range(MESSAGES) for _ in range(TIMES)]
    random.Random(1).shuffle(sends)
    results, failures = [], []

    def sender(share):
        api = SyncApi(server.port)
        for number in share:
            reply = api.send(
                f"{channel}-{number % USERS}",
                f"message {number}",
                message_id=f"m{number}",
                channel=channel,
                expect=None,
            )
            if reply.status == 200:
                body = reply.json
                results.append((number, body["conversation_id"], body["seq"], body["duplicate"]))
            else:
                failures.append(reply)

    threads = [threading.Thread(target=sender, args=(sends[i::CONNECTIONS],)) for i in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not failures, failures[0]
    assert len(results) == MESSAGES * TIMES
    first = Counter(number for number, _, _, duplicate in results if not duplicate)
    assert len(first) == MESSAGES and set(first.values()) == {
        1
    }, "exactly one answer of three says that it was new"
    places = {(number, conversation, seq) for number, conversation, seq, _ in results}
    assert len(places) == MESSAGES, "all three answers name the same place"

    rows = server.sql(
        "SELECT count(*), count(DISTINCT message_id) FROM message WHERE channel = %s", (channel,)
    )
    assert rows == [(MESSAGES, MESSAGES)]
    holes = server.sql(
        "SELECT conversation_id FROM message WHERE channel = %s"
        " GROUP BY conversation_id HAVING max(seq) <> count(*) OR min(seq) <> 1",
        (channel,),
    )
    assert holes == []
    assert server.sql(
        "SELECT count(DISTINCT conversation_id) FROM message WHERE channel = %s", (channel,)
    ) == [(USERS,)]
    figure(f"{len(sends)} sends from {CONNECTIONS} connections: {rows[0][0]} rows")


@pytest.mark.threads
def test_one_message_from_many_connections_at_the_same_moment(server):
    user, message_id = new_name(), new_name("message")
    start = threading.Barrier(16)
    replies = []

    def sender():
        api = SyncApi(server.port)
        start.wait()
        replies.append(api.send(user, "hello", message_id=message_id).json)

    threads = [threading.Thread(target=sender) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(reply["duplicate"] for reply in replies) == {False: 1, True: 15}
    assert len({(reply["conversation_id"], reply["seq"]) for reply in replies}) == 1
