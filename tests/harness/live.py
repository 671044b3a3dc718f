"""A WebSocket client on a plain socket, with a thread that reads: tests can wait for a frame, send broken ones, and
cut the connection in ways a library would not allow. python3-websockets judges the protocol in one test of its own."""

import base64
import json
import os
import socket
import struct
import threading
import time

from .waiting import PATIENCE

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


class Refused(Exception):
    """The handshake was answered with another status than 101."""

    def __init__(self, status, body):
        super().__init__(f"{status}: {body[:300]!r}")
        self.status = status
        self.body = body


def encode_frame(opcode, payload, mask=True, fin=True, reserved=0):
    payload = payload.encode() if isinstance(payload, str) else payload
    head = bytes([(0x80 if fin else 0) | reserved << 4 | opcode])
    bit = 0x80 if mask else 0
    if len(payload) < 126:
        head += bytes([bit | len(payload)])
    elif len(payload) < 1 << 16:
        head += bytes([bit | 126]) + struct.pack(">H", len(payload))
    else:
        head += bytes([bit | 127]) + struct.pack(">Q", len(payload))
    if not mask:
        return head + payload
    key = os.urandom(4)
    pattern = (key * (len(payload) // 4 + 1))[: len(payload)]
    masked = (int.from_bytes(payload, "big") ^ int.from_bytes(pattern, "big")).to_bytes(len(payload), "big")
    return head + key + masked


class RawSocket:
    """The handshake and single frames."""

    def __init__(self, port, path="/ws", token=None, headers=None, subprotocols=None, receive_buffer=None):
        if subprotocols is None:
            subprotocols = ["chat-centre.v1"] + ([f"bearer.{token}"] if token else [])
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(("127.0.0.1", port))
        lines = [
            f"GET {path} HTTP/1.1",
            f"Host: 127.0.0.1:{port}",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: " + base64.b64encode(os.urandom(16)).decode(),
        ]
        if subprotocols:
            lines.append("Sec-WebSocket-Protocol: " + ", ".join(subprotocols))
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        self.reader = self.socket.makefile("rb")
        self.status = int(self.reader.readline().split()[1])
        self.headers = {}
        while line := self.reader.readline().strip():
            name, _, value = line.decode().partition(":")
            self.headers[name.lower()] = value.strip()
        if self.status != 101:
            body = self.reader.read(int(self.headers.get("content-length", 0)))
            self.close()
            raise Refused(self.status, body)

    def send_frame(self, opcode, payload=b"", **how):
        self.socket.sendall(encode_frame(opcode, payload, **how))

    def send(self, message):
        self.send_frame(TEXT, json.dumps(message, ensure_ascii=False))

    def read_frame(self):
        """(opcode, payload); ConnectionError at the end of the stream."""
        head = self.read_exactly(2)
        assert head[0] & 0x70 == 0, "reserved bits set by the server"
        assert not head[1] & 0x80, "a server must not mask"
        length = head[1] & 0x7F
        if length == 126:
            (length,) = struct.unpack(">H", self.read_exactly(2))
        elif length == 127:
            (length,) = struct.unpack(">Q", self.read_exactly(8))
        return head[0] & 0x0F, self.read_exactly(length)

    def read_exactly(self, size):
        data = self.reader.read(size)
        if data is None or len(data) < size:
            raise ConnectionError("the connection ended")
        return data

    def close(self):
        self.reader.close()
        self.socket.close()

    def reset(self):
        """Ends with RST: what was not yet read or sent is lost."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        try:
            self.socket.shutdown(socket.SHUT_RD)  # wakes a reader without sending FIN
        except OSError:
            pass
        self.close()


class LiveSocket:
    """Reads in the background, answers pings, and keeps every frame."""

    def __init__(self, port, token, path="/ws", **how):
        self.follow(RawSocket(port, path, token, **how))
        self.hello = self.wait(lambda f: f["type"] == "hello", "hello")

    def follow(self, raw):
        self.raw = raw
        self.raw.socket.settimeout(None)
        self.changed = threading.Condition()
        self.frames = []
        self.events = []
        self.close_code = None
        self.close_reason = ""
        self.ended = False
        self.references = 0
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        try:
            while True:
                opcode, payload = self.raw.read_frame()
                if opcode == PING:
                    self.raw.send_frame(PONG, payload)
                elif opcode == CLOSE:
                    code = struct.unpack(">H", payload[:2])[0] if len(payload) >= 2 else 1005
                    with self.changed:
                        self.close_code = code
                        self.close_reason = payload[2:].decode()
                    self.raw.send_frame(CLOSE, payload[:2])
                    break
                elif opcode == TEXT:
                    frame = json.loads(payload)
                    with self.changed:
                        self.frames.append(frame)
                        if frame["type"] == "events":
                            self.events += frame["events"]
                        self.changed.notify_all()
        except (OSError, ConnectionError, ValueError):
            pass
        with self.changed:
            self.ended = True
            self.changed.notify_all()

    def until(self, condition, what, timeout=PATIENCE):
        """Waits until condition() is true, looking again after every frame."""
        deadline = time.monotonic() + timeout
        with self.changed:
            while True:
                result = condition()
                if result:
                    return result
                left = deadline - time.monotonic()
                if left <= 0 or self.ended:
                    state = f"closed with {self.close_code}" if self.ended else "still open"
                    raise AssertionError(
                        f"no {what} within {timeout:.0f} s ({state}); last frames: {self.frames[-5:]}"
                    )
                self.changed.wait(left)

    def wait(self, wanted, what="such frame", start=0, timeout=PATIENCE):
        return self.until(lambda: next((f for f in self.frames[start:] if wanted(f)), None), what, timeout)

    def wait_event(self, type, wanted=lambda event: True, timeout=PATIENCE):
        """The first event of this type for which wanted(event) holds."""
        return self.until(
            lambda: next((e for e in list(self.events) if e["type"] == type and wanted(e)), None),
            f"{type} event",
            timeout,
        )

    def wait_closed(self, timeout=PATIENCE):
        deadline = time.monotonic() + timeout
        with self.changed:
            while not self.ended:
                assert self.changed.wait(
                    deadline - time.monotonic()
                ), f"the socket was not closed within {timeout} s"
        return self.close_code

    def send(self, message):
        self.raw.send(message)

    def request(self, message, timeout=PATIENCE):
        """Sends with a reference and returns the frame that answers it."""
        self.references += 1
        reference = f"r{self.references}"
        start = len(self.frames)
        self.send(message | {"ref": reference})
        return self.wait(lambda f: f.get("ref") == reference, f"answer to {message}", start, timeout)

    def subscribe(self, *topics, since=None):
        """Returns the answer, when everything since that event has arrived."""
        start = len(self.frames)
        self.send({"type": "subscribe", "topics": list(topics)} | ({} if since is None else {"since": since}))
        return self.wait(
            lambda f: f["type"] in ("subscribed", "error", "resync"), "answer to subscribe", start
        )

    def barrier(self):
        """Returns when everything sent to this socket before now has arrived."""
        start = len(self.frames)
        self.send({"type": "ping"})
        return self.wait(lambda f: f["type"] == "pong", "pong", start)

    def of_type(self, type):
        return [e for e in list(self.events) if e["type"] == type]

    def close(self):
        if not self.ended:
            try:
                self.raw.send_frame(CLOSE, struct.pack(">H", 1000))
                self.raw.socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.thread.join(5)
        self.raw.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
