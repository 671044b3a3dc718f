"""SIGTERM: requests under way are answered, sockets close with 1012, exit code 0 within ten seconds."""

import os
import signal
import threading
import time

import pytest

from harness import server as settings
from harness.api import Reply, StaffApi, SyncApi, new_name
from harness.live import LiveSocket
from harness.server import Server

pytestmark = pytest.mark.threads


def test_a_graceful_stop_under_load(figure):
    with Server() as server:
        admin = StaffApi(server.port, settings.ADMIN_EMAIL, settings.ADMIN_PASSWORD)
        sockets = [LiveSocket(server.port, admin.token) for _ in range(50)]
        for live in sockets:
            live.subscribe("all")
        acknowledged, refused = [], []
        stopped = threading.Event()

        def sender(number):
            api = SyncApi(server.port)
            i = 0
            while not stopped.is_set():
                message_id = f"{number}-{i}"
                i += 1
                try:
                    reply = api.send(f"u{number}", "hello", message_id=message_id, expect=None)
                except OSError:
                    return  # no longer listening, or an idle connection closed before the request
                except Exception:  # http.client: closed without an answer
                    return
                (acknowledged if reply.status == 200 else refused).append((message_id, reply))

        threads = [threading.Thread(target=sender, args=(n,)) for n in range(8)]
        for thread in threads:
            thread.start()
        time.sleep(1)
        start = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        code = server.process.wait(30)
        took = time.monotonic() - start
        stopped.set()
        for thread in threads:
            thread.join()
        figure(
            f"SIGTERM under load: exit {code} after {took:.2f} s (promised: 10 s), {len(acknowledged)} posts accepted"
        )
        assert code == 0, server.log()[-3000:]
        assert all(isinstance(reply, Reply) and reply.status == 503 for _, reply in refused), refused[:3]
        assert {live.wait_closed() for live in sockets} == {1012}

        server.start()
        stored = {row[0] for row in server.sql("SELECT message_id FROM message")}
        assert {message_id for message_id, _ in acknowledged} <= stored


def test_a_second_signal_while_stopping_does_no_harm():
    with Server() as server:
        SyncApi(server.port).send(new_name(), "hello")
        server.process.send_signal(signal.SIGTERM)
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(30) in (0, -signal.SIGTERM)
        server.start()
        assert server.sql("SELECT count(*) FROM message") == [(1,)]


def test_interrupting_from_the_keyboard():
    with Server() as server:
        os.kill(server.process.pid, signal.SIGINT)
        assert server.process.wait(30) == 0
