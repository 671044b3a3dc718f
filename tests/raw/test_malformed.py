"""Requests in which two parsers could disagree, or which only an attacker sends, over plain sockets. Each row states
the answer; where the connection must be closed nothing behind the request may be taken for another one."""

import json
import socket
import time

import pytest

from harness.api import Api
from harness.server import SYNC_KEY
from harness.waiting import PATIENCE

pytestmark = pytest.mark.short

# Rides behind every request: an answer to it means that a body was taken for a request.
SMUGGLED = b"GET /health/live HTTP/1.1\r\nHost: a\r\nX-Request-Id: smuggled\r\n\r\n"

GET = b"GET /health/live HTTP/1.1\r\n"
POST = b"POST /api/chat/sync HTTP/1.1\r\n"
HOST = b"Host: a\r\n"
END = b"\r\n"
BODY = b'{"a":1}'
CHUNKED = b"Transfer-Encoding: chunked\r\n"
ONE_CHUNK = b"7\r\n" + BODY + b"\r\n0\r\n\r\n"


def length(value):
    return b"Content-Length: " + value + b"\r\n"


MALFORMED = [
    # What ends a body
    ("length and chunked", POST + HOST + length(b"7") + CHUNKED + END + ONE_CHUNK, 400),
    ("chunked and length", POST + HOST + CHUNKED + length(b"7") + END + ONE_CHUNK, 400),
    ("two different lengths", POST + HOST + length(b"7") + length(b"5") + END + BODY, 400),
    ("two equal lengths", POST + HOST + length(b"7") + length(b"7") + END + BODY, 400),
    ("a list of lengths", POST + HOST + length(b"7, 7") + END + BODY, 400),
    ("length with a plus", POST + HOST + length(b"+7") + END + BODY, 400),
    ("negative length", POST + HOST + length(b"-1") + END, 400),
    ("length in hexadecimal", POST + HOST + length(b"0x7") + END + BODY, 400),
    ("length over 64 bits", POST + HOST + length(b"18446744073709551623") + END + BODY, 400),
    ("length that is empty", POST + HOST + length(b"") + END, 400),
    ("length with text behind", POST + HOST + length(b"7abc") + END + BODY, 400),
    ("blank before the colon of length", POST + HOST + b"Content-Length : 7\r\n" + END + BODY, 400),
    ("gzip coding alone", POST + HOST + b"Transfer-Encoding: gzip\r\n" + END, 400),
    (
        "gzip coding, then length",
        POST + HOST + b"Transfer-Encoding: gzip\r\n" + length(b"7") + END + BODY,
        400,
    ),
    (
        "identity coding and length",
        POST + HOST + b"Transfer-Encoding: identity\r\n" + length(b"7") + END + BODY,
        400,
    ),
    (
        "unknown coding and length",
        POST + HOST + b"Transfer-Encoding: xchunked\r\n" + length(b"7") + END + BODY,
        400,
    ),
    ("chunked, identity", POST + HOST + b"Transfer-Encoding: chunked, identity\r\n" + END + ONE_CHUNK, 400),
    ("gzip, chunked", POST + HOST + b"Transfer-Encoding: gzip, chunked\r\n" + END + ONE_CHUNK, 400),
    ("chunked twice", POST + HOST + CHUNKED + CHUNKED + END + ONE_CHUNK, 400),
    ("chunked in quotes", POST + HOST + b'Transfer-Encoding: "chunked"\r\n' + END + ONE_CHUNK, 400),
    (
        "vertical tab before chunked",
        POST + HOST + b"Transfer-Encoding: \x0bchunked\r\n" + END + ONE_CHUNK,
        400,
    ),
    ("folded coding", POST + HOST + b"Transfer-Encoding:\r\n chunked\r\n" + END + ONE_CHUNK, 400),
    ("folded line", GET + HOST + b"X-A: 1\r\n two\r\n" + END, 400),
    ("folded line with a tab", GET + HOST + b"X-A: 1\r\n\ttwo\r\n" + END, 400),
    ("chunked in HTTP/1.0", b"POST /api/chat/sync HTTP/1.0\r\n" + HOST + CHUNKED + END + ONE_CHUNK, 400),
    # Chunks
    ("chunk size that is no number", POST + HOST + CHUNKED + END + b"zz\r\n" + BODY + b"\r\n0\r\n\r\n", 400),
    ("chunk size with a sign", POST + HOST + CHUNKED + END + b"+7\r\n" + BODY + b"\r\n0\r\n\r\n", 400),
    (
        "chunk size over 64 bits",
        POST + HOST + CHUNKED + END + b"1" + b"0" * 16 + b"7\r\n" + BODY + b"\r\n",
        (400, 413),
    ),
    ("chunk longer than its size", POST + HOST + CHUNKED + END + b"3\r\n" + BODY + b"\r\n0\r\n\r\n", 400),
    (
        "chunk extension of 20 KB",
        POST + HOST + CHUNKED + END + b"7;a=" + b"x" * 20_000 + b"\r\n" + BODY + b"\r\n0\r\n\r\n",
        (400, 431),
    ),
    (
        "many chunk extensions",
        POST + HOST + CHUNKED + END + (b"1;" + b"x" * 100 + b"\r\na\r\n") * 200 + b"0\r\n\r\n",
        (400, 431),
    ),
    (
        "trailer of 20 KB",
        POST + HOST + CHUNKED + END + b"7\r\n" + BODY + b"\r\n0\r\nX-A: " + b"x" * 20_000 + b"\r\n\r\n",
        (400, 431),
    ),
    # Host
    ("no host", GET + END, 400),
    ("two hosts", GET + HOST + b"Host: b\r\n" + END, 400),
    ("two equal hosts", GET + HOST + HOST + END, 400),
    ("host with a blank", GET + b"Host: a b\r\n" + END, 400),
    ("host with a path", GET + b"Host: a/b\r\n" + END, 400),
    ("host with a user", GET + b"Host: user@a\r\n" + END, 400),
    ("empty host", GET + b"Host: \r\n" + END, 400),
    (
        "absolute form with another host",
        b"GET http://evil.example/health/live HTTP/1.1\r\n" + HOST + END,
        400,
    ),
    # The request line
    ("no target", b"GET HTTP/1.1\r\n" + HOST + END, 400),
    ("nothing but a word", b"nonsense\r\n\r\n", 400),
    ("lower-case version", b"GET /health/live http/1.1\r\n" + HOST + END, 400),
    ("HTTP/1.9", b"GET /health/live HTTP/1.9\r\n" + HOST + END, (400, 505)),
    ("HTTP/2.0", b"GET /health/live HTTP/2.0\r\n" + HOST + END, (400, 505)),
    ("HTTP/0.9", b"GET /health/live\r\n\r\n", 400),
    ("target without a slash", b"GET health/live HTTP/1.1\r\n" + HOST + END, 400),
    ("control character in the target", b"GET /health\x01/live HTTP/1.1\r\n" + HOST + END, 400),
    ("NUL in the target", b"GET /health\x00/live HTTP/1.1\r\n" + HOST + END, 400),
    ("encoded NUL in the target", b"GET /health%00/live HTTP/1.1\r\n" + HOST + END, 400),
    ("bare percent in the target", b"GET /health/%zz HTTP/1.1\r\n" + HOST + END, 400),
    ("blank in the target", b"GET /health /live HTTP/1.1\r\n" + HOST + END, 400),
    ("raw bytes over 127 in the target", b"GET /\xff\xfe HTTP/1.1\r\n" + HOST + END, 400),
    ("method with a colon", b"GE:T /health/live HTTP/1.1\r\n" + HOST + END, 400),
    ("tab instead of a blank", b"GET\t/health/live\tHTTP/1.1\r\n" + HOST + END, 400),
    ("unknown method", b"BREW /health/live HTTP/1.1\r\n" + HOST + END, (405, 501)),
    ("TRACE", b"TRACE /health/live HTTP/1.1\r\n" + HOST + END, (405, 501)),
    ("CONNECT", b"CONNECT a:80 HTTP/1.1\r\n" + HOST + END, (400, 405, 501)),
    # Header lines
    ("bare line feeds", b"GET /health/live HTTP/1.1\nHost: a\n\n", 400),
    ("bare line feed in between", GET + b"Host: a\nX-A: 1\r\n" + END, 400),
    ("bare carriage return", GET + HOST + b"X-A: 1\rX-B: 2\r\n" + END, 400),
    ("NUL in a value", GET + HOST + b"X-A: a\x00b\r\n" + END, 400),
    ("control character in a value", GET + HOST + b"X-A: a\x07b\r\n" + END, 400),
    ("name with a blank", GET + HOST + b"X A: 1\r\n" + END, 400),
    ("name that is empty", GET + HOST + b": 1\r\n" + END, 400),
    ("line without a colon", GET + HOST + b"X-A\r\n" + END, 400),
    ("name with brackets", GET + HOST + b"X(A): 1\r\n" + END, 400),
    ("first line starts with a blank", GET + b" X-A: 1\r\n" + HOST + END, 400),
    # Limits
    ("URL of 9 KB", b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n" + HOST + END, 414),
    ("URL of 20 KB", b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n" + HOST + END, (414, 431)),
    ("header block of 17 KB", GET + HOST + (b"X-A: " + b"a" * 1000 + b"\r\n") * 17 + END, 431),
    ("one header of 20 KB", GET + HOST + b"X-A: " + b"a" * 20_000 + b"\r\n" + END, 431),
    ("101 headers", GET + HOST + b"".join(b"X-%d: 1\r\n" % i for i in range(101)) + END, 431),
    ("body announced at 300 KB", POST + HOST + length(b"300000") + END, 413),
    (
        "chunked body of 300 KB",
        POST + HOST + CHUNKED + END + (b"1000\r\n" + b"x" * 4096 + b"\r\n") * 75 + b"0\r\n\r\n",
        413,
    ),
    ("unknown expectation", POST + HOST + b"Expect: a-miracle\r\n" + length(b"7") + END + BODY, 417),
    ("compressed body", POST + HOST + b"Content-Encoding: gzip\r\n" + length(b"7") + END + BODY, 415),
    # Not HTTP at all
    ("TLS greeting", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 50 + b"\r\n\r\n", 400),
    ("HTTP/2 preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", (400, 405, 501, 505)),
]


class Exchange:
    """What came back for some bytes: the answers in order, and whether the server ended the connection."""

    def __init__(self, port, data, wait=PATIENCE, finish=False):
        self.statuses, self.bodies, self.rest, self.closed = [], [], b"", False
        with socket.create_connection(("127.0.0.1", port), timeout=wait) as connection:
            try:
                connection.sendall(data)
                if finish:
                    connection.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # refused while it was still arriving
            try:
                while chunk := connection.recv(65536):
                    self.rest += chunk
                    if not finish and b"smuggled" in self.rest:
                        break
                else:
                    self.closed = True
            except ConnectionResetError:
                self.closed = True
            except TimeoutError:
                pass
        self.split()

    def split(self):
        while b"\r\n\r\n" in self.rest:
            head, self.rest = self.rest.split(b"\r\n\r\n", 1)
            lines = head.decode().split("\r\n")
            headers = {n.lower(): v.strip() for n, _, v in (line.partition(":") for line in lines[1:])}
            size = int(headers.get("content-length", 0))
            self.statuses.append(int(lines[0].split()[1]))
            self.bodies.append((headers, self.rest[:size]))
            self.rest = self.rest[size:]


@pytest.mark.parametrize("name, request_bytes, status", MALFORMED, ids=[row[0] for row in MALFORMED])
def test_refused_and_closed(server, name, request_bytes, status):
    assert len(MALFORMED) >= 34
    result = Exchange(server.port, request_bytes + SMUGGLED)
    expected = status if isinstance(status, tuple) else (status,)
    assert len(result.statuses) == 1, f"one answer and no more, not {result.statuses}"
    assert result.statuses[0] in expected
    headers, body = result.bodies[0]
    assert headers["connection"] == "close" and result.closed
    assert headers["content-type"].startswith("application/problem+json")
    problem = json.loads(body)
    assert problem["status"] == result.statuses[0] and problem["detail"]


KEY = b"Authorization: Bearer " + SYNC_KEY.encode() + b"\r\nContent-Type: application/json\r\n"
MESSAGE = b'{"user_id":"raw","message":"hello","sender":"user"}'
TWO = b"GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

ACCEPTED = [
    ("plain", GET + HOST + END, 200),
    ("HTTP/1.0 without a host", b"GET /health/live HTTP/1.0\r\n" + b"Connection: keep-alive\r\n" + END, 200),
    ("absolute form with our host", b"GET http://a/health/live HTTP/1.1\r\n" + HOST + END, 200),
    ("empty line in front", b"\r\n" + GET + HOST + END, 200),
    ("names in any case", GET + b"hOsT: a\r\n" + END, 200),
    ("no blank after the colon", GET + b"Host:a\r\n" + END, 200),
    ("blanks around a value", GET + b"Host: \t a \t \r\n" + END, 200),
    ("encoded letters in the path", b"GET /%68ealth/live HTTP/1.1\r\n" + HOST + END, 200),
    (
        "chunked",
        POST + HOST + KEY + CHUNKED + END + b"%x\r\n" % len(MESSAGE) + MESSAGE + b"\r\n0\r\n\r\n",
        200,
    ),
    (
        "chunked in capitals",
        POST
        + HOST
        + KEY
        + b"Transfer-Encoding: CHUNKED\r\n"
        + END
        + b"%x\r\n" % len(MESSAGE)
        + MESSAGE
        + b"\r\n0\r\n\r\n",
        200,
    ),
    (
        "one byte a chunk",
        POST + HOST + KEY + CHUNKED + END + b"".join(b"1\r\n%c\r\n" % c for c in MESSAGE) + b"0\r\n\r\n",
        200,
    ),
    (
        "a small trailer",
        POST + HOST + KEY + CHUNKED + END + b"%x\r\n" % len(MESSAGE) + MESSAGE + b"\r\n0\r\nX-A: 1\r\n\r\n",
        200,
    ),
    ("a body with length", POST + HOST + KEY + length(b"%d" % len(MESSAGE)) + END + MESSAGE, 200),
    ("a GET with a body", GET + HOST + length(b"7") + END + BODY, 200),
]


@pytest.mark.parametrize("name, request_bytes, status", ACCEPTED, ids=[row[0] for row in ACCEPTED])
def test_accepted_and_the_next_request_is_found(server, name, request_bytes, status):
    """Strict, not brittle: what RFC 9112 allows works, and the request behind it starts where it should."""
    result = Exchange(server.port, request_bytes + TWO)
    assert result.statuses == [status, 200], result.bodies


def test_expect_continue(server):
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as connection:
        connection.sendall(
            POST + HOST + KEY + length(b"%d" % len(MESSAGE)) + b"Expect: 100-continue\r\n" + END
        )
        assert connection.recv(100).startswith(b"HTTP/1.1 100")
        connection.sendall(MESSAGE)
        assert connection.recv(4096).startswith(b"HTTP/1.1 200")


def test_a_pipeline_is_answered_in_order(server):
    many = (
        b"".join(b"GET /health/live HTTP/1.1\r\nHost: a\r\nX-Request-Id: r%d\r\n\r\n" % i for i in range(50))
        + TWO
    )
    result = Exchange(server.port, many)
    assert result.statuses == [200] * 51
    assert [headers["x-request-id"] for headers, _ in result.bodies[:50]] == [f"r{i}" for i in range(50)]


def test_one_byte_at_a_time(server):
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in POST + HOST + KEY + length(b"%d" % len(MESSAGE)) + END + MESSAGE:
            connection.send(bytes([byte]))
        assert connection.recv(4096).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"G",
        GET,
        GET + HOST,
        POST + HOST + length(b"100") + END + b"only some",
        POST + HOST + CHUNKED + END + b"5\r\nab",
    ],
    ids=["nothing", "a letter", "a line", "half a head", "half a body", "half a chunk"],
)
def test_a_client_that_goes_away(server, data):
    result = Exchange(server.port, data, finish=True)
    assert result.closed and result.statuses in ([], [400], [408])
    assert Api(server.port).get("/health/live").status == 200


@pytest.mark.slow
def test_a_head_that_does_not_arrive(server, figure):
    """The deadline for the head is absolute: a byte now and then does not extend it."""
    start = time.monotonic()
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        connection.sendall(GET + HOST + b"X-A: ")
        connection.settimeout(0.5)
        answer = b""
        while time.monotonic() - start < 60:
            try:
                connection.sendall(b"a")
                chunk = connection.recv(4096)
            except TimeoutError:
                continue
            except OSError:
                break
            if not chunk:
                break
            answer += chunk
    took = time.monotonic() - start
    figure(f"a head that does not arrive: cut off after {took:.1f} s (limit: 10 s)")
    assert answer.startswith(b"HTTP/1.1 408") and took < 60


# --- bodies ---


def post(server, raw):
    return Api(server.port, {"Authorization": f"Bearer {SYNC_KEY}"}).call("POST", "/api/chat/sync", raw=raw)


NAMED = b'{"user_id":"u","message":"m","sender":"user","metadata":%s}'
HOSTILE = [
    ("100,000 brackets", b"[" * 100_000 + b"]" * 100_000, 400),
    ("100,000 braces", b'{"a":' * 40_000 + b"1" + b"}" * 40_000, 400),
    ("brackets that never close", b"[" * 200_000, 400),
    ("33 deep in a field", NAMED % (b'{"a":' * 33 + b"1" + b"}" * 33), 400),
    ("11,000 values", NAMED % (b'{"a":[' + b",".join([b"1"] * 11_000) + b"]}"), 400),
    ("a NUL character", b'{"user_id":"u","message":"a\\u0000b","sender":"user"}', 400),
    ("a NUL byte", b'{"user_id":"u","message":"a\x00b","sender":"user"}', 400),
    ("a NUL in a name", b'{"user_id":"u","message":"m","sender":"user","metadata":{"a\\u0000":1}}', 400),
    ("invalid UTF-8", b'{"user_id":"u","message":"\xc3\x28","sender":"user"}', 400),
    ("overlong UTF-8", b'{"user_id":"u","message":"\xc0\xaf","sender":"user"}', 400),
    ("UTF-8 of a surrogate", b'{"user_id":"u","message":"\xed\xa0\x80","sender":"user"}', 400),
    ("half a surrogate pair", b'{"user_id":"u","message":"\\ud800","sender":"user"}', 400),
    ("a huge number", NAMED % b'{"a":1e999}', (200, 400)),
    ("a number of 10,000 digits", NAMED % (b'{"a":' + b"9" * 10_000 + b"}"), (200, 400)),
    ("NaN", NAMED % b'{"a":NaN}', 400),
    ("a byte order mark", b"\xef\xbb\xbf" + MESSAGE, (200, 400)),
    ("a comment", b'{"user_id":"u"/* no */,"message":"m","sender":"user"}', 400),
    ("text behind", MESSAGE + b"garbage", 400),
    ("UTF-16", MESSAGE.decode().encode("utf-16"), 400),
]


@pytest.mark.parametrize("name, raw, status", HOSTILE, ids=[row[0] for row in HOSTILE])
def test_hostile_bodies(server, name, raw, status):
    pid = server.process.pid
    reply = post(server, raw)
    assert reply.status in (status if isinstance(status, tuple) else (status,)), reply
    assert Api(server.port).get("/health/live").status == 200
    assert server.process.poll() is None and server.process.pid == pid


def test_the_deepest_body_that_is_allowed(server):
    inner = b'{"a":' * 30 + b"1" + b"}" * 30
    assert post(server, NAMED % inner).status == 200


def test_a_thousand_connections_that_say_nothing(server):
    silent = []
    try:
        for _ in range(1000):
            silent.append(socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE))
        assert post(server, MESSAGE.replace(b"raw", b"raw2")).status == 200
    finally:
        for connection in silent:
            connection.close()
