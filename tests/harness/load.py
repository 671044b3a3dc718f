"""Senders that never give up: each message is sent again under its own message_id until it is acknowledged, and what
was acknowledged is written down."""

import http.client
import threading
import time

from .api import SyncApi


class Senders:
    """Threads that post to conversations of their own, until finish(). A context manager."""

    def __init__(self, port, channel, threads=8, users=4, pause=0.0):
        self.port, self.channel, self.users, self.pause = port, channel, users, pause
        self.acknowledged = {}  # message_id -> (conversation_id, seq)
        self.wrong = []  # answers that no honest retry may get
        self.retries = 0
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self.run, args=(n,), daemon=True) for n in range(threads)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()

    def finish(self, timeout=120):
        """Lets every message under way be acknowledged, and ends."""
        self.stopping.set()
        for thread in self.threads:
            thread.join(timeout)
            assert not thread.is_alive(), "a sender got no answer"

    def run(self, number):
        api = SyncApi(self.port)
        count = 0
        while not self.stopping.is_set():
            message_id = f"{number}-{count}"
            user = f"{self.channel}-{number}-{count % self.users}"
            count += 1
            self.send_until_acknowledged(api, user, message_id)
            if self.pause:
                time.sleep(self.pause)

    def send_until_acknowledged(self, api, user, message_id):
        while True:
            try:
                reply = api.send(
                    user, f"text of {message_id}", message_id=message_id, channel=self.channel, expect=None
                )
            except (OSError, http.client.HTTPException):
                self.retries += 1
                time.sleep(0.02)
                continue
            if reply.status == 200:
                body = reply.json
                self.acknowledged[message_id] = (body["conversation_id"], body["seq"])
                return
            self.retries += 1
            if reply.status != 503:
                self.wrong.append((message_id, reply))
                return
            time.sleep(0.02)
