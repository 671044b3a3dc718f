"""The demo: what a newcomer finds after its first burst, a second demo on the same server, its end, and its refusals."""

import os
import signal
import subprocess
import time

import pytest

from harness import server as settings
from harness.api import StaffApi
from harness.server import BINARY, ROOT, Server

ENVIRONMENT = ("ADMIN_EMAIL", "ADMIN_PASSWORD", "SYNC_API_KEY", "PORT", "HOST")


@pytest.fixture(scope="module")
def centre():
    with Server() as running:
        yield running


def command(server, *arguments):
    environment = {n: v for n, v in os.environ.items() if n not in ENVIRONMENT}
    environment |= {n: server.environment[n] for n in ENVIRONMENT if n in server.environment}
    return {"args": [str(BINARY), "demo", *arguments], "env": environment, "cwd": ROOT, "text": True}


def play(server, *arguments):
    return subprocess.run(**command(server, *arguments), capture_output=True, timeout=120)


def test_the_opening_is_the_documents_dashboard_and_comes_again(centre):
    admin = StaffApi(centre.port, settings.ADMIN_EMAIL, settings.ADMIN_PASSWORD)
    for resolved in (5, 20):  # a second demo resolves what the first has left open
        shown = play(centre, "--once")
        assert shown.returncode == 0, shown
        queue = admin.get("/api/v1/queue", expect=200).json
        assert (queue["active"], queue["waiting"]) == (8, 2)
        assert queue["resolved_today"] == resolved
        assert round(queue["satisfaction"], 1) == 4.8
        mine = {c["user_name"]: (c["priority"], c["last_message"]["message"]) for c in queue["mine"]}
        assert mine == {
            "Bob": ("emergency", "Fever not going down"),
            "Sarah": ("high", "When will I hear back?"),
            "Mark": ("normal", "Need clarification on funding"),
            "Lisa": ("normal", "Thank you for helping!"),
        }
        assert {c["user_name"] for c in queue["items"]} == {"James", "Grace"}
    line = next(text for text in shown.stdout.splitlines() if "sarah.johnson@demo.example" in text)
    sarah = StaffApi(centre.port, "sarah.johnson@demo.example", line.split()[-1])
    assert [c["user_name"] for c in sarah.get("/api/v1/queue", expect=200)["mine"]] == ["John"]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_traffic_flows_until_it_is_asked_to_end(centre, how):
    admin = StaffApi(centre.port, settings.ADMIN_EMAIL, settings.ADMIN_PASSWORD)
    before = admin.get("/api/v1/queue", expect=200)["conversations_today"]
    player = subprocess.Popen(**command(centre, "--rate", "20"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        deadline = time.monotonic() + 60
        while admin.get("/api/v1/queue", expect=200)["conversations_today"] < before + 25:
            assert time.monotonic() < deadline and player.poll() is None
            time.sleep(0.2)
        player.send_signal(how)
        said, _ = player.communicate(timeout=10)
    finally:
        player.kill()
    assert player.returncode == 0, said
    assert "taken over by staff" in said
    assert "refused" not in said


def test_a_demo_without_a_login_plays_without_staff(centre):
    run = command(centre, "--once")
    run["env"] = {n: v for n, v in run["env"].items() if not n.startswith("ADMIN_")}
    shown = subprocess.run(**run, capture_output=True, timeout=60)
    assert shown.returncode == 0, shown
    assert "without staff" in shown.stdout


@pytest.mark.parametrize(
    "arguments, words",
    [
        (("--url", "http://127.0.0.1:1"), ("no server at http://127.0.0.1:1", "scripts/run")),
        (("--key", "not-the-key-of-this-server"), ("sync key", "--key")),
        (("--password", "not the password at all"), ("did not let", "--password")),
        (("--url", "https://127.0.0.1"), ("HTTPS",)),
    ],
)
def test_a_refusal_is_one_line_that_says_what_to_do(centre, arguments, words):
    shown = play(centre, "--once", *arguments)
    assert shown.returncode == 1
    assert len(shown.stderr.splitlines()) == 1, shown.stderr
    for word in words:
        assert word in shown.stderr
