"""Exports and transcripts: complete, harmless, streamed, written down."""

import csv
import io
import json
import socket

import pytest

from harness.api import new_name
from harness.waiting import until

pytestmark = pytest.mark.short


def json_lines(text):
    """Of JSON Lines only a line feed ends one; str.splitlines() would also cut at U+2028 inside a message."""
    return [line for line in text.split("\n") if line]


def export(api, what, **query):
    reply = api.get(f"/api/v1/export/{what}", **query)
    return reply, reply.body.decode()


def rows(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_csv_is_whole_and_harmless(sync, admin):
    who = new_name()
    texts = ["=1+1", "+263 77", "-5", "@SUM(A1)", "\t=1", 'say "hi", please', "two\nlines", "مرحبا", "plain"]
    for text in texts:
        conversation = sync.send(who, text, user_name="=cmd|' /C calc'!A0")["conversation_id"]
    reply, text = export(admin, "messages")
    assert reply.headers["Content-Type"].startswith("text/csv")
    assert reply.headers["Transfer-Encoding"] == "chunked"
    assert reply.headers["Content-Disposition"] == 'attachment; filename="messages.csv"'
    table = rows(text)
    assert len(table) == int(reply.headers["X-Total-Count"])
    mine = [r for r in table if r["conversation_id"] == conversation]
    guarded = ["'" + t if t[0] in "=+-@\t" else t for t in texts]
    assert [r["message"] for r in mine] == guarded
    assert [int(r["seq"]) for r in mine] == list(range(1, len(texts) + 1))
    assert text.count("\r\n") >= len(table) + 1, "RFC 4180: lines end with CRLF"
    _, text = export(admin, "conversations", channel="elevenlabs")
    row = next(r for r in rows(text) if r["conversation_id"] == conversation)
    assert row["user_name"].startswith("'=cmd") and row["channel"] == "elevenlabs"


def test_json_lines_and_filters(sync, admin, team, waiting_chat):
    slug, sarah, _ = team
    customer = waiting_chat(slug, "Please call me")
    sarah.act(customer.conversation_id, "takeover")
    for what, key in (("conversations", "conversation_id"), ("messages", "message_id"), ("contacts", "contact_id")):
        query = {} if what == "contacts" else {"department": slug, "assigned": sarah.staff_id}
        reply, text = export(admin, what, format="jsonl", **query)
        lines = [json.loads(line) for line in json_lines(text)]
        assert len(lines) == int(reply.headers["X-Total-Count"]) > 0
        assert all(line[key] for line in lines)
        if query:
            assert {line["conversation_id"] for line in lines} == {customer.conversation_id}
    assert export(admin, "conversations", department="none-such")[1] == ""
    assert export(admin, "conversations", bom="true")[0].body.startswith(b"\xef\xbb\xbf")
    assert admin.get("/api/v1/export/staff", expect=404)
    assert admin.get("/api/v1/export/messages", format="xml", expect=422).fields() == {"format"}


def test_more_than_one_piece(sync, server, admin):
    """Pieces of 500 rows meet without a gap or a row twice."""
    who = new_name()
    conversation = sync.send(who, "first")["conversation_id"]
    number = int(conversation.split("-")[1])
    server.sql(
        "INSERT INTO message (conversation_id, seq, channel, message_id, body_hash, role, sender, body, at, received_at) "
        "SELECT %s, s, 'test', %s || s, 0, 'user', 'x', 'row ' || s, now(), now() FROM generate_series(2, 2300) s",
        (number, who),
    )
    reply, text = export(admin, "messages", format="jsonl")
    seqs = [r["seq"] for r in map(json.loads, json_lines(text)) if r["conversation_id"] == conversation]
    assert seqs == list(range(1, 2301))
    server.sql("DELETE FROM message WHERE conversation_id = %s AND seq > 1", (number,))


def test_only_admins_and_it_is_written_down(server, admin, manager, hire):
    for api in (manager, hire("agent"), hire("engineer")):
        assert api.get("/api/v1/export/messages", expect=403)
    export(admin, "contacts", format="jsonl", **{"from": "2020-01-01"})
    def written():
        found = [r for r in admin.get("/api/v1/audit", action="export").json["items"] if r["target"] == "contacts"]
        return found if [r["action"] for r in found[:2]] == ["export.finish", "export.start"] else None

    # That it is finished is written after the last byte was sent.
    found = until(written, "the audit rows")
    assert found[1]["detail"]["filters"] == {"from": "2020-01-01"}
    assert found[0]["detail"]["rows"] == found[1]["detail"]["rows"]


def test_a_client_that_goes_away(server, sync, admin):
    """The export ends with its reader; the server goes on."""
    who = new_name()
    number = int(sync.send(who, "first")["conversation_id"].split("-")[1])
    server.sql(
        "INSERT INTO message (conversation_id, seq, channel, message_id, body_hash, role, sender, body, at, received_at) "
        "SELECT %s, s, 'test', %s || s, 0, 'user', 'x', repeat('long ', 400), now(), now() "
        "FROM generate_series(2, 20000) s",
        (number, who),
    )
    with socket.create_connection(("127.0.0.1", server.port)) as raw:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        raw.sendall(
            f"GET /api/v1/export/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {admin.token}\r\n\r\n".encode()
        )
        assert b"200 OK" in raw.recv(4096)
    unfinished = admin.get("/api/v1/audit", action="export.start").json["items"][0]
    assert unfinished["detail"]["rows"] >= 20000
    assert server.status_of("/health/ready") == 200
    finished = admin.get("/api/v1/audit", action="export.finish").json["items"]
    assert not [r for r in finished if r["audit_id"] > unfinished["audit_id"]]
    server.sql("DELETE FROM message WHERE conversation_id = %s AND seq > 1", (number,))


def test_http_1_0_gets_the_same_bytes(server, admin):
    with socket.create_connection(("127.0.0.1", server.port)) as raw:
        raw.sendall(
            f"GET /api/v1/export/contacts HTTP/1.0\r\nHost: x\r\nAuthorization: Bearer {admin.token}\r\n\r\n".encode()
        )
        answer = b""
        while piece := raw.recv(65536):
            answer += piece
    head, body = answer.split(b"\r\n\r\n", 1)
    assert b"Transfer-Encoding" not in head and b"Connection: close" in head
    assert len(rows(body.decode())) == int(head.split(b"X-Total-Count: ")[1].split(b"\r\n")[0])


def test_transcripts(admin, hire, team, waiting_chat, department):
    slug, sarah, _ = team
    customer = waiting_chat(slug, "<script>alert(1)</script> & more", name="<b>Bob</b>")
    sarah.act(customer.conversation_id, "takeover")
    admin.post(f"{customer.path}/notes", {"body": "an internal secret"}, expect=201)
    page = sarah.get(f"{customer.path}/transcript")
    text = page.body.decode()
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "style-src 'sha256-" in page.headers["Content-Security-Policy"]
    assert "<script>" not in text and "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in text
    assert "<b>Bob" not in text and text.rstrip().endswith("</html>")
    assert "@media print" in text and "internal secret" not in text
    plain = sarah.get(f"{customer.path}/transcript", format="txt").body.decode()
    assert "<script>alert(1)</script> & more" in plain and "internal secret" not in plain
    assert 'dir="rtl"' in sarah.get(f"{customer.path}/transcript", language="ar").body.decode()
    assert customer.get(f"{customer.path}/transcript").status == 200, "the customer's own"
    assert hire("agent", department()).get(f"{customer.path}/transcript", expect=404)
    assert admin.get("/api/v1/audit", action="transcript", target=customer.conversation_id).json["items"]
