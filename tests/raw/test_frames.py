"""Frames that no honest client sends: the socket is closed with a reason, the process stands, others do not notice."""

import json
import random
import socket
import struct

import pytest

from harness.api import Api
from harness.live import BINARY, CLOSE, PING, PONG, TEXT, RawSocket, encode_frame
from harness.waiting import PATIENCE, until

pytestmark = [pytest.mark.short, pytest.mark.threads]


@pytest.fixture
def raw(server, admin):
    made = RawSocket(server.port, token=admin.token)
    assert json.loads(made.read_frame()[1])["type"] == "hello"
    yield made
    made.close()


@pytest.fixture(autouse=True)
def others_do_not_notice(server, admin, listen):
    live = listen(admin, "queue")
    pid = server.process.pid
    yield
    live.barrier()
    assert server.process.poll() is None and server.process.pid == pid


def end_of(raw):
    """The close code; None when the connection just ended."""
    raw.socket.settimeout(PATIENCE)
    try:
        while True:
            opcode, payload = raw.read_frame()
            if opcode == CLOSE:
                return struct.unpack(">H", payload[:2])[0] if len(payload) >= 2 else 1005
    except TimeoutError:
        raise AssertionError("the socket is still open") from None
    except (ConnectionError, OSError):
        return None


def send(raw, data):
    try:
        raw.socket.sendall(data)
    except OSError:
        pass  # closed while it was still arriving


PROTOCOL = (1002, None)
TOO_BIG = (1009, 1002, None)

BAD_FRAMES = [
    ("not masked", encode_frame(TEXT, "{}", mask=False), PROTOCOL),
    ("reserved bit 1", encode_frame(TEXT, "{}", reserved=4), PROTOCOL),
    ("reserved bit 2", encode_frame(TEXT, "{}", reserved=2), PROTOCOL),
    ("reserved bit 3", encode_frame(TEXT, "{}", reserved=1), PROTOCOL),
    ("reserved opcode 3", encode_frame(3, "{}"), PROTOCOL),
    ("reserved opcode 11", encode_frame(11, "{}"), PROTOCOL),
    ("a ping of 126 bytes", encode_frame(PING, b"x" * 126), PROTOCOL),
    ("a ping in pieces", encode_frame(PING, b"x", fin=False), PROTOCOL),
    ("a close frame of one byte", encode_frame(CLOSE, b"\x03"), PROTOCOL),
    ("a close code that may not be sent", encode_frame(CLOSE, struct.pack(">H", 1005)), PROTOCOL),
    ("a continuation of nothing", encode_frame(0, "{}"), PROTOCOL),
    ("a new message within another", encode_frame(TEXT, "{", fin=False) + encode_frame(TEXT, "}"), PROTOCOL),
    ("invalid UTF-8", encode_frame(TEXT, b"\xc3\x28"), (1007, 1002, None)),
    ("one frame of 1 MB", encode_frame(TEXT, b"x" * 1_000_000), TOO_BIG),
    (
        "a frame announced at 2^62 bytes",
        b"\x81\xff" + struct.pack(">Q", 1 << 62) + b"\0" * 4 + b"x" * 1000,
        TOO_BIG,
    ),
    (
        "a frame announced at 2^63 bytes",
        b"\x81\xff" + struct.pack(">Q", 1 << 63) + b"\0" * 4 + b"x" * 1000,
        TOO_BIG,
    ),
    (
        "100 KB in small pieces",
        encode_frame(TEXT, b"x" * 1000, fin=False) + encode_frame(0, b"x" * 1000, fin=False) * 100,
        TOO_BIG,
    ),
    ("HTTP after the handshake", b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", PROTOCOL),
]


@pytest.mark.parametrize("name, data, codes", BAD_FRAMES, ids=[row[0] for row in BAD_FRAMES])
def test_closed(raw, name, data, codes):
    send(raw, data)
    assert end_of(raw) in codes


def test_pieces_that_never_end(raw):
    """Endless fragments of one message: memory for one socket is bounded, so it is closed."""
    send(raw, encode_frame(TEXT, b"x", fin=False))
    piece = encode_frame(0, b"x" * 1000, fin=False)
    raw.socket.settimeout(PATIENCE)
    try:
        for _ in range(100_000):
            raw.socket.sendall(piece)
    except OSError:
        pass
    else:
        raise AssertionError("100 MB of fragments were taken")


def test_empty_pieces_that_never_end(raw):
    send(raw, encode_frame(TEXT, b"", fin=False))
    for _ in range(2000):
        send(raw, encode_frame(0, b"", fin=False) * 10)
    # Whether it closes or waits, it must go on answering others (see the fixture) and not grow.


def test_a_message_in_pieces_with_a_ping_between(raw):
    text = json.dumps({"type": "ping", "ref": "pieces"}).encode()
    raw.socket.sendall(
        encode_frame(TEXT, text[:5], fin=False) + encode_frame(PING, b"hello") + encode_frame(0, text[5:])
    )
    seen = {}
    while set(seen) != {"pong frame", "pong"}:
        opcode, payload = raw.read_frame()
        if opcode == PONG:
            assert payload == b"hello"
            seen["pong frame"] = True
        elif opcode == TEXT and json.loads(payload)["type"] == "pong":
            assert json.loads(payload)["ref"] == "pieces"
            seen["pong"] = True


def test_a_binary_frame_is_no_frame_of_ours(raw):
    raw.send_frame(BINARY, b"\x00\x01")
    opcode, payload = raw.read_frame()
    assert (opcode == CLOSE and payload[:2] == struct.pack(">H", 1003)) or json.loads(payload)[
        "type"
    ] == "error"


def test_a_flood_of_frames_is_slowed_down_not_served(raw):
    data = encode_frame(TEXT, json.dumps({"type": "ping"})) * 5000
    send(raw, data)
    pongs = errors = 0
    raw.socket.settimeout(PATIENCE)
    try:
        while pongs + errors < 5000:
            opcode, payload = raw.read_frame()
            if opcode == CLOSE:
                break
            if opcode == TEXT:
                kind = json.loads(payload)["type"]
                pongs += kind == "pong"
                errors += kind == "error"
                if errors and pongs:
                    break
    except (OSError, ConnectionError):
        pass
    assert pongs < 5000


def test_a_hundred_thousand_random_bytes(server, admin):
    generator = random.Random(7)
    for _ in range(50):
        raw = RawSocket(server.port, token=admin.token)
        send(raw, generator.randbytes(2000))
        raw.close()


def test_random_frames_well_formed_on_the_outside(server, admin):
    generator = random.Random(11)
    texts = [
        '{"type":"subscribe","topics":["queue"],"since":0}',
        '{"type":"typing"}',
        "[]",
        "{}",
        '{"type":null}',
        "\U0001f642" * 50,
    ]
    for _ in range(20):
        raw = RawSocket(server.port, token=admin.token)
        for _ in range(30):
            text = generator.choice(texts)
            cut = generator.randrange(len(text) + 1)
            send(
                raw, encode_frame(generator.choice((TEXT, TEXT, TEXT, PING, PONG)), text[:cut].encode()[:125])
            )
        raw.reset()


def test_connections_cut_in_the_middle_of_a_handshake(server, admin):
    head = (
        f"GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nAuthorization: Bearer {admin.token}\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    ).encode()
    for size in range(0, len(head), 10):
        with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as connection:
            connection.sendall(head[:size])
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@pytest.mark.parametrize(
    "change",
    [
        {"Sec-WebSocket-Version": "8"},
        {"Sec-WebSocket-Version": None},
        {"Sec-WebSocket-Key": None},
        {"Sec-WebSocket-Key": "short"},
        {"Connection": "close"},
        {"Upgrade": "h2c"},
    ],
    ids=str,
)
def test_bad_handshakes(server, admin, change):
    headers = {
        "Host": "a",
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Authorization": f"Bearer {admin.token}",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    } | change
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if value is not None)
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as connection:
        connection.sendall(f"GET /ws HTTP/1.1\r\n{lines}\r\n".encode())
        status = int(connection.recv(4096).split()[1])
    assert status in (400, 404, 426), status


def test_a_reader_that_does_not_read_is_dropped_and_the_rest_is_not(server, admin, sync, listen, figure):
    """A slow socket's queue is bounded: it is closed with 4408 and may resume; memory does not grow with it."""
    slow = RawSocket(server.port, token=admin.token, receive_buffer=4096)
    slow.send({"type": "subscribe", "topics": ["all"]})
    healthy = listen(admin, "all")
    before = resident_kb(server.process.pid)
    text, count = "x" * 8000, 0

    def dropped():
        nonlocal count
        for _ in range(50):
            sync.send("slow-reader", f"{count} {text}")
            count += 1
        metrics = metrics_of(server)
        return any("slow" in name and value > 0 for name, value in metrics.items())

    until(dropped, "the slow reader to be dropped", timeout=120, pause=0)
    healthy.until(lambda: len(healthy.of_type("message.new")) >= count, "every message", timeout=60)
    grown = resident_kb(server.process.pid) - before
    figure(f"a reader that does not read: dropped after {count} messages of 8 KB; memory grew by {grown} kB")
    # It may still read what the kernel kept, then the end.
    code = end_of(slow)
    assert code in (4408, None)
    slow.close()


def metrics_of(server):
    found = {}
    for line in Api(server.port).get("/metrics").body.decode().splitlines():
        if line and not line.startswith("#"):
            name, value = line.rsplit(" ", 1)
            found[name] = float(value)
    return found


def resident_kb(pid):
    with open(f"/proc/{pid}/status") as status:
        return int(next(line for line in status if line.startswith("VmRSS")).split()[1])
