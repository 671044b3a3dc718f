"""Events after a conversation: signed, stored once, joined with what arrived live."""

import http.client
import json
import socket
import time
import uuid

import pytest

from harness import elevenlabs as el
from harness.server import Server
from harness.api import Api, StaffApi, SyncApi, new_name
from harness import server as settings
from harness.waiting import until

LINES = [
    ("agent", "Hi John, how can I help?"),
    ("user", "I have ID and transcripts but no bank statements"),
    ("agent", "Let me see what else is accepted."),
    ("user", "Thank you"),
]


@pytest.fixture(scope="module")
def centre():
    with Server(ELEVENLABS_WEBHOOK_SECRET=f"wsec_older,{el.SECRET}") as running:
        yield running


@pytest.fixture(scope="module")
def boss(centre):
    return StaffApi(centre.port, settings.ADMIN_EMAIL, settings.ADMIN_PASSWORD)


def new_session():
    return "conv_" + uuid.uuid4().hex


def deliver(centre, event, **how):
    status, answer = el.post_event(centre.port, event, **how)
    assert (status, answer) == (200, {"received": True})


def processed(centre, session, count=1):
    """The rows of its events, once all are processed."""

    def all_done():
        rows = centre.sql(
            "SELECT conversation_id, result FROM elevenlabs_event WHERE session = %s AND processed_at IS NOT NULL "
            "ORDER BY event_id",
            (session,),
        )
        return rows if len(rows) >= count else None

    return until(all_done, f"the events of {session} to be processed")


def said(boss, conversation):
    return [(m["role"], m["message"]) for m in boss.messages(conversation)]


def spoken(lines):
    return [("user" if line[0] == "user" else "ai", line[1]) for line in lines]


def test_bad_signatures_are_refused_and_nothing_is_stored(centre):
    event = el.transcript(new_session(), LINES)
    body = json.dumps(event).encode()
    now = int(time.time())
    good = el.signature(body)
    for header in (
        "",
        "t=1,v0=",
        good.upper(),
        good[:-1],
        el.signature(body, "wsec_other"),
        el.signature(body + b" "),
        el.signature(body, at=now - 1900),
        el.signature(body, at=now + 400),
    ):
        status, answer = el.post_event(centre.port, body, header=header)
        assert status == 401, (header, answer)
    assert centre.sql("SELECT count(*) FROM elevenlabs_event WHERE session = %s", (event["data"]["conversation_id"],)) == [(0,)]


def test_both_secrets_chunks_and_odd_events(centre):
    deliver(centre, el.transcript(new_session(), LINES), secret="wsec_older")
    deliver(centre, el.transcript(new_session(), LINES), chunks=100)
    audio = {"type": "post_call_audio", "event_timestamp": 1761065915, "data": {"conversation_id": new_session(), "full_audio": "SUQz"}}
    deliver(centre, audio)
    deliver(centre, {"type": "voice_removed", "event_timestamp": "1761065915"})
    deliver(centre, {"type": "something_new", "data": ["?"]})
    deliver(centre, {"type": "post_call_transcription", "data": {"transcript": 7}})
    deliver(centre, {"type": "post_call_transcription", "data": "?"})
    failure = {"type": "call_initiation_failure", "event_timestamp": 1759931652,
               "data": {"agent_id": "xyz", "conversation_id": new_session(), "failure_reason": "busy"}}
    deliver(centre, failure)
    rows = processed(centre, failure["data"]["conversation_id"])
    assert rows[0][1]["failure_reason"] == "busy"
    until(lambda: centre.sql("SELECT count(*) FROM elevenlabs_event WHERE processed_at IS NULL") == [(0,)], "all to be processed")
    assert el.post_event(centre.port, b"not json")[0] == 400
    assert el.post_event(centre.port, b"[" * 5000)[0] == 400
    assert el.post_event(centre.port, b'{"type":""}')[0] == 400
    connection = http.client.HTTPConnection("127.0.0.1", centre.port, timeout=30)
    connection.putrequest("POST", "/webhooks/elevenlabs")
    connection.putheader("Content-Length", "5000000")
    connection.endheaders()
    assert connection.getresponse().status == 413, "recordings are switched off"
    connection.close()


def test_a_call_never_seen_is_recorded_whole_and_makes_no_work(centre, boss):
    session, start = new_session(), int(time.time()) - 86400 * 3
    event = el.transcript(session, LINES, user_id=new_name(), start=start)
    before = boss.get("/api/v1/queue").json
    head = boss.get("/api/v1/events", after=0, limit=1).json["head"]
    for _ in range(3):
        deliver(centre, event)
    (row,) = processed(centre, session)
    conversation = f"CONV-{row[0]}"
    assert said(boss, conversation) == spoken(LINES)
    whole = boss.conversation(conversation)
    assert whole["status"] == "closed" and whole["channel"] == "elevenlabs" and whole["user_name"] == "John Doe"
    times = [m["at"] for m in boss.messages(conversation)]
    assert times == sorted(times) and times[0].startswith(time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(start)))
    assert whole["created_at"] == times[0]
    after = boss.get("/api/v1/queue").json
    assert after["waiting"] == before["waiting"]
    kinds = {e["type"] for e in boss.events(head) if e["conversation_id"] == conversation}
    assert kinds <= {"conversation.new", "message.new"}, kinds
    # What the customer writes next, live, begins anew.
    sync = SyncApi(centre.port)
    fresh = sync.send(event["data"]["user_id"], "Hello again")
    assert fresh["conversation_id"] != conversation and fresh["status"] == "bot"


def test_what_arrived_live_is_not_stored_again(centre, boss):
    session, user = new_session(), new_name()
    sync = SyncApi(centre.port)
    first = sync.send(user, LINES[0][1], "bibiana", session_id=session)
    sync.send(user, LINES[1][1], session_id=session)
    boss.act(first["conversation_id"], "takeover", {})
    boss.post(f"/api/v1/conversations/{first['conversation_id']}/messages", {"message": "A letter of your bank will do."}, expect=201)
    lines = LINES[:2] + [
        ("agent", "A letter of your bank  will do"),  # theirs: staff have no role of their own
        ("user", "Thank you", {"feedback": None}),
        ("agent", "Any time."),
    ]
    event = el.transcript(session, lines, user_id=user)
    event["data"]["transcript"][0]["feedback"] = {"score": "like", "time_in_call_secs": 2}
    deliver(centre, event)
    (row,) = processed(centre, session)
    assert f"CONV-{row[0]}" == first["conversation_id"] and row[1]["known"] == 3 and row[1]["added"] == 2
    messages = boss.messages(first["conversation_id"])
    assert [(m["role"], m["message"]) for m in messages] == spoken(LINES[:2]) + [
        ("staff", "A letter of your bank will do."),
        ("user", "Thank you"),
        ("ai", "Any time."),
    ]
    assert messages[0]["feedback"] == "up"
    now = boss.conversation(first["conversation_id"])
    assert now["status"] == "active" and now["handler"] == "staff", "history changes no turn"


def test_partial_then_whole_then_late_and_again(centre, boss):
    session, user = new_session(), new_name()
    start = int(time.time()) - 120
    partial = el.transcript(session, LINES[:2], user_id=user, start=start)
    whole = el.transcript(session, LINES + [("user", "Thank you")], user_id=user, start=start)
    deliver(centre, partial)
    processed(centre, session)
    deliver(centre, whole)
    deliver(centre, partial)
    rows = processed(centre, session, 2)
    assert len({r[0] for r in rows}) == 1 and len(rows) == 2
    assert said(boss, f"CONV-{rows[0][0]}") == spoken(LINES) + [("user", "Thank you")]


def test_the_whole_first_and_the_part_later(centre, boss):
    session, user, start = new_session(), new_name(), int(time.time()) - 120
    deliver(centre, el.transcript(session, LINES, user_id=user, start=start))
    deliver(centre, el.transcript(session, LINES[2:], user_id=user, start=start))
    rows = processed(centre, session, 2)
    assert len({r[0] for r in rows}) == 1
    assert sorted(said(boss, f"CONV-{rows[0][0]}")) == sorted(spoken(LINES))


def test_joined_by_our_session_or_by_user_and_time(centre, boss):
    sync, user, visit = SyncApi(centre.port), new_name(), "ccs_" + uuid.uuid4().hex
    live = sync.send(user, LINES[1][1], session_id=visit)
    session = new_session()
    deliver(centre, el.transcript(session, LINES, cc_session=visit))
    assert f"CONV-{processed(centre, session)[0][0]}" == live["conversation_id"]
    other = new_name()
    live = sync.send(other, LINES[1][1])
    session = new_session()
    deliver(centre, el.transcript(session, LINES, user_id=other))
    assert f"CONV-{processed(centre, session)[0][0]}" == live["conversation_id"]
    # An old call of somebody who has an open conversation today is a conversation of its own.
    session = new_session()
    deliver(centre, el.transcript(session, LINES, user_id=other, start=int(time.time()) - 7 * 86400))
    assert f"CONV-{processed(centre, session)[0][0]}" != live["conversation_id"]
    assert sync.send(other, "And today?")["conversation_id"] == live["conversation_id"]


def test_many_deliveries_at_once(centre, boss):
    from concurrent.futures import ThreadPoolExecutor

    session, user = new_session(), new_name()
    event = el.transcript(session, LINES, user_id=user)
    variants = [event | {"event_timestamp": event["event_timestamp"] + i % 4} for i in range(24)]
    with ThreadPoolExecutor(8) as pool:
        for status, _ in pool.map(lambda e: el.post_event(centre.port, e), variants):
            assert status == 200
    rows = processed(centre, session, 4)
    assert len(rows) == 4 and len({r[0] for r in rows}) == 1
    assert said(boss, f"CONV-{rows[0][0]}") == spoken(LINES)


def memory_mb(pid):
    for line in open(f"/proc/{pid}/status"):
        if line.startswith("VmHWM"):
            return int(line.split()[1]) // 1024
    return 0


def test_recordings_of_64_mb(record_property):
    limit = 64 * 1024 * 1024
    envelope = {"type": "post_call_audio", "event_timestamp": 1761065915, "data": {"agent_id": "a", "conversation_id": new_session()}}
    with Server(ELEVENLABS_WEBHOOK_SECRET=el.SECRET, ELEVENLABS_WEBHOOK_AUDIO="on") as own:
        small = json.dumps(envelope | {"data": envelope["data"] | {"full_audio": ""}})
        whole = (small[:-3] + "A" * (limit - len(small)) + '"}}').encode()
        assert len(whole) == limit
        before = memory_mb(own.process.pid)
        assert el.post_event(own.port, whole, chunks=1024 * 1024) == (200, {"received": True})
        done = "SELECT result, length(body) FROM elevenlabs_event WHERE session = %s AND processed_at IS NOT NULL"
        ((result, length),) = until(lambda: own.sql(done, (envelope["data"]["conversation_id"],)), "it to be processed")
        assert result == {"kept": True} and length == limit
        used = memory_mb(own.process.pid) - before
        record_property("figure", f"a recording of 64 MB took {used} MB of memory at most")
        assert used < 8 * 64, f"{used} MB for one recording"
        # One byte more: announced, it is refused before it is sent; in chunks, as soon as it is too much.
        connection = http.client.HTTPConnection("127.0.0.1", own.port, timeout=30)
        connection.putrequest("POST", "/webhooks/elevenlabs")
        connection.putheader("Content-Length", str(limit + 1))
        connection.endheaders()
        assert connection.getresponse().status == 413
        connection.close()
        sent = 0
        with socket.create_connection(("127.0.0.1", own.port), timeout=30) as raw:
            raw.sendall(b"POST /webhooks/elevenlabs HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            piece = b"100000\r\n" + b"A" * 0x100000 + b"\r\n"
            try:
                for _ in range(200):
                    raw.sendall(piece)
                    sent += 1
            except OSError:  # it has hung up on us
                pass
            else:
                raise AssertionError("200 MB were read")
        assert 64 <= sent <= 90
        assert memory_mb(own.process.pid) - before < 12 * 64
        assert el.post_event(own.port, el.transcript(new_session(), LINES))[0] == 200
