"""kill -9 on the server and on PostgreSQL under load: what was acknowledged is there, once, in a dense order.

ROUNDS (30) and DATABASE_ROUNDS (10) in the environment make it shorter or longer."""

import os
import random
import signal
import time
from pathlib import Path

import pytest

from harness.api import new_name
from harness.load import Senders
from harness.server import Server
from harness.waiting import until

ROUNDS = int(os.environ.get("ROUNDS", 30))
DATABASE_ROUNDS = int(os.environ.get("DATABASE_ROUNDS", min(10, ROUNDS)))


@pytest.fixture(scope="module")
def server():
    with Server() as running:
        yield running


def children_of(pid):
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except (OSError, IndexError):
                continue
            if parent == pid:
                found.append(int(entry.name))
    return found


def kill_server(server):
    server.kill()
    server.start()


def kill_database(server):
    """The postmaster and every process of it, with nothing left to write anything out."""
    postmaster = server.postmaster_pid()
    for pid in [postmaster] + children_of(postmaster):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    until(
        lambda: server.postmaster_pid() not in (None, postmaster),
        "PostgreSQL to be started again",
        timeout=120,
    )


def check(server, senders):
    """Compares what the senders were told with what the database holds."""
    assert not senders.wrong, senders.wrong[0]
    rows = server.sql(
        "SELECT message_id, conversation_id, seq FROM message WHERE channel = %s ORDER BY conversation_id, seq",
        (senders.channel,),
    )
    stored = {}
    for message_id, conversation, seq in rows:
        stored.setdefault(message_id, []).append((f"CONV-{conversation}", seq))
    lost = [m for m in senders.acknowledged if m not in stored]
    moved = [m for m, place in senders.acknowledged.items() if m in stored and place not in stored[m]]
    twice = [m for m, places in stored.items() if len(places) > 1]
    unknown = [m for m in stored if m not in senders.acknowledged]
    seqs = {}
    for _, conversation, seq in rows:
        seqs.setdefault(conversation, []).append(seq)
    holes = [c for c, found in seqs.items() if found != list(range(1, len(found) + 1))]

    # The log tells of each message once, and its ids have no hole: a follower can neither skip nor repeat.
    events = server.sql(
        "SELECT count(*), coalesce(max(event_id), 0) - coalesce(min(event_id), 1) + 1 FROM event"
    )
    told = server.sql(
        "SELECT count(*), count(DISTINCT (e.conversation_id, e.message_seq)) FROM event e"
        " JOIN conversation c USING (conversation_id) WHERE e.type = 'message.new' AND c.channel = %s",
        (senders.channel,),
    )
    assert (lost, moved, twice, unknown, holes) == ([], [], [], [], [])
    assert events[0][0] == events[0][1], "event ids have holes"
    assert told == [(len(rows), len(rows))], "messages without their event, or with two"
    return len(rows), len(seqs)


@pytest.mark.parametrize(
    "what, kill, rounds",
    [("server", kill_server, ROUNDS), ("PostgreSQL", kill_database, DATABASE_ROUNDS)],
    ids=["server", "database"],
)
def test_nothing_acknowledged_is_lost_and_nothing_is_stored_twice(server, figure, what, kill, rounds):
    generator = random.Random(rounds)
    start = time.monotonic()
    with Senders(server.port, new_name("crash")) as senders:
        for number in range(rounds):
            # Each round begins when posts are accepted again, so that every kill hits work under way.
            before = len(senders.acknowledged)
            until(
                lambda: len(senders.acknowledged) > before + 20 or senders.wrong,
                "posts to be accepted",
                timeout=120,
            )
            time.sleep(generator.uniform(0.02, 1))
            kill(server)
        senders.finish()
    rows, conversations = check(server, senders)
    figure(
        f"kill -9 on the {what}: {rounds} rounds in {time.monotonic() - start:.0f} s, {len(senders.acknowledged)} acknowledged"
        f" after {senders.retries} retries, {rows} stored in {conversations} conversations: 0 lost, 0 twice, no hole"
    )
