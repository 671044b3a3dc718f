"""Clients whose connection is cut again and again while messages flow, and which resume: nothing is missing and
nothing comes twice. CUTS (100) in the environment makes it shorter or longer."""

import json
import os
import random
import socket
import threading
import time

from harness.api import new_name
from harness.live import CLOSE, PING, PONG, TEXT, RawSocket
from harness.load import Senders
from harness.waiting import until

CUTS = int(os.environ.get("CUTS", 100))
KINDS = ("RST", "FIN", "blackhole")


class Resumer:
    """Follows a topic and remembers the id of the last event; cuts its own connection at random moments."""

    def __init__(self, port, path, token, topic, seed, cuts):
        self.port, self.path, self.token, self.topic = port, path, token, topic
        self.random = random.Random(seed)
        self.cuts_left = cuts
        self.last = None
        self.received = []  # ids, in the order in which they came
        self.messages = []  # (conversation, seq) of messages
        self.by_kind = dict.fromkeys(KINDS, 0)
        self.resyncs = 0
        self.abandoned = []
        self.failure = None
        self.done = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def run(self):
        try:
            while not self.done.is_set():
                self.connection()
        except Exception as e:  # shown by the test
            self.failure = e

    def connection(self):
        raw = RawSocket(self.port, self.path, self.token)
        raw.socket.settimeout(60)
        kind, patience = None, None
        if self.cuts_left > 0:
            self.cuts_left -= 1
            kind = self.random.choice(KINDS)
            self.by_kind[kind] += 1
            # Sometimes in the middle of the replay, sometimes long after it went live.
            patience = self.random.choice((0, 1, 3, 10, 40))
            if kind != "blackhole":
                cut = raw.reset if kind == "RST" else lambda: self.finish(raw)
                timer = threading.Timer(self.random.uniform(0, 0.5), cut)
                timer.daemon = True
                timer.start()
        try:
            raw.send(
                {"type": "subscribe", "topics": [self.topic]}
                | ({} if self.last is None else {"since": self.last})
            )
            frames = 0
            while not self.done.is_set():
                opcode, payload = raw.read_frame()
                frames += 1
                if opcode == PING:
                    raw.send_frame(PONG, payload)
                elif opcode == CLOSE:
                    return
                elif opcode == TEXT:
                    self.take(payload)
                if kind == "blackhole" and frames > patience:
                    self.abandoned.append(raw)  # open, and never read again
                    return
        except (OSError, ConnectionError, ValueError):
            pass  # cut

    @staticmethod
    def finish(raw):
        try:
            raw.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def take(self, payload):
        frame = json.loads(payload)
        if frame["type"] == "resync":
            self.resyncs += 1
        if frame["type"] == "subscribed" and self.last is None:
            self.last = frame["head"]
        if frame["type"] != "events":
            return
        for event in frame["events"]:
            if event["id"] == 0:
                continue
            self.received.append(event["id"])
            self.last = event["id"]
            if event["type"] == "message.new":
                self.messages.append((event["conversation_id"], event["data"]["seq"]))


def test_a_hundred_cuts(server, admin, start_chat, figure):
    channel = new_name("cuts")
    john = start_chat(name="John")
    john_seen_from = john.state()["last_seq"]
    resumers = [
        Resumer(server.port, "/ws", admin.token, "all", 100 + n, CUTS // 5 + (n < CUTS % 5)) for n in range(4)
    ]
    customer = Resumer(
        server.port,
        f"/ws/{john.conversation_id}",
        john.token,
        f"conversation:{john.conversation_id}",
        99,
        CUTS // 5,
    )
    everyone = resumers + [customer]
    for resumer in everyone:
        resumer.thread.start()
    until(lambda: all(r.last is not None or r.failure for r in everyone), "the clients to be subscribed")

    with Senders(server.port, channel, threads=3, users=3, pause=0.01) as senders:
        while any(r.cuts_left > 0 and not r.failure for r in everyone):
            john.say(new_name("text"))
            time.sleep(0.02)
        senders.finish()
    head = server.sql("SELECT max(event_id) FROM event")[0][0]
    mine = server.sql(
        "SELECT max(event_id) FROM event WHERE conversation_id = %s AND type = 'message.new'",
        (john.conversation_id.split("-")[1],),
    )[0][0]

    def caught_up():
        return any(r.failure for r in everyone) or (
            all(r.last >= head for r in resumers) and customer.last >= mine
        )

    until(caught_up, "the clients to catch up", timeout=120)
    for resumer in everyone:
        resumer.done.set()
        assert not resumer.failure, resumer.failure

    sent = {(conversation, seq) for conversation, seq in senders.acknowledged.values()}
    wanted = {
        (john.conversation_id, m["seq"])
        for m in john.messages(john.conversation_id)
        if m["seq"] > john_seen_from
    }
    for resumer in everyone:
        assert resumer.received == sorted(resumer.received), "ids went back"
        assert len(set(resumer.received)) == len(resumer.received), "an event came twice"
        assert resumer.resyncs == 0
    for resumer in resumers:
        seen = resumer.messages
        assert len(set(seen)) == len(seen)
        assert sent <= set(seen), f"{len(sent - set(seen))} messages missing"
        assert wanted <= set(seen)
    assert set(customer.messages) >= wanted and all(c == john.conversation_id for c, _ in customer.messages)
    for raw in (raw for r in everyone for raw in r.abandoned):
        raw.close()
    by_kind = {kind: sum(r.by_kind[kind] for r in everyone) for kind in KINDS}
    figure(
        f"{sum(by_kind.values())} cuts ({', '.join(f'{n} {kind}' for kind, n in by_kind.items())}) of {len(everyone)} clients while"
        f" {len(sent) + len(wanted)} messages flowed: 0 missing, 0 twice, no resync"
    )
