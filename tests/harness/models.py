"""A language model behind the OpenAI-compatible interface, on loopback, that behaves as a test says."""

import json
import threading
import time
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MODES = {
    "well": "streams its answer in pieces cut anywhere",
    "plain": "answers in one JSON document",
    "slow": "lets time pass between pieces",
    "fail": "500",
    "busy": "429 with Retry-After",
    "refused": "401",
    "page": "an HTML page with status 200",
    "malformed": "events that are not JSON",
    "empty": "a stream that says nothing",
    "silent": "takes the request and says nothing at all",
    "stuck": "stops in the middle, with the connection open",
    "broken": "closes in the middle",
    "huge": "never stops",
    "endless": "one line without end",
}


class EmbeddingPart:
    """Vectors for texts: those that mention the same of `meanings` (sets of words) are alike, all others are not.
    mode: well, slow (takes `delay` seconds), fail (500), shorter (another dimension), malformed."""

    def __init__(self):
        self.mode = "well"
        self.delay = 2.0
        self.dimension = 32
        self.meanings = []
        self.texts = []  # every one that was asked for
        self.keys = []

    def vector(self, text, dimension):
        out = [0.05] * dimension
        for axis, words in enumerate(self.meanings):
            if any(word in text.lower() for word in words):
                out[axis] = 2.0
                return out
        out[len(self.meanings) + zlib.crc32(text.encode()) % (dimension - len(self.meanings))] = 1.0
        return out

    def answer(self, body, key, ended):
        self.texts += body["input"]
        self.keys.append(key)
        if self.mode == "slow":
            ended.wait(self.delay)
        if self.mode == "fail":
            return 500, "application/json", b'{"error":{"code":"server_error"}}'
        if self.mode == "malformed":
            return 200, "application/json", b'{"data":[{"embedding":"oops"}]}'
        dimension = self.dimension - 5 if self.mode == "shorter" else self.dimension
        data = [{"index": n, "embedding": self.vector(t, dimension)} for n, t in enumerate(body["input"])]
        return 200, "application/json", json.dumps({"model": body["model"], "data": data[::-1]}).encode()


class ModelServer:
    """Answers POST .../chat/completions, and .../embeddings as EmbeddingPart says. `mode` is one of MODES, or a list of them, one for each request, the last of which stays. `reply`: what it says, or
    a function of the request's body. `requests` holds the bodies."""

    def __init__(self, mode="well", reply="You need your national identity card and the school's letter."):
        self.mode = mode
        self.reply = reply
        self.requests = []
        self.keys = []
        self.delay = 0.3  # between pieces, when slow
        self.ended = threading.Event()
        self.embeddings = EmbeddingPart()
        model = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
                if self.path.endswith("/embeddings"):
                    self.close_connection = True
                    try:
                        self.whole(*model.embeddings.answer(body, self.headers.get("Authorization"), model.ended))
                    except OSError:
                        pass  # the other side has given up
                    return
                model.requests.append(body)
                model.keys.append(self.headers.get("Authorization"))
                self.close_connection = True
                mode = model.take_mode()
                text = model.reply(body) if callable(model.reply) else model.reply
                try:
                    getattr(self, mode)(text)
                except OSError:
                    pass  # the other side has given up

            def whole(self, status, kind, data, **headers):
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(data)))
                for name, value in headers.items():
                    self.send_header(name.replace("_", "-"), value)
                self.end_headers()
                self.wfile.write(data)

            def begin(self):
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream; charset=utf-8")
                self.send_header("Connection", "close")
                self.end_headers()

            def event(self, delta, finish=None):
                chunk = {
                    "id": "chatcmpl-1",
                    "object": "chat.completion.chunk",
                    "model": "test-model-1",
                    "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
                }
                return b"data: " + json.dumps(chunk, ensure_ascii=False).encode() + b"\n\n"

            def finish(self):
                usage = {"choices": [], "usage": {"prompt_tokens": 120, "completion_tokens": 30}}
                return self.event({}, "stop") + b"data: " + json.dumps(usage).encode() + b"\n\ndata: [DONE]\n\n"

            def well(self, text, pause=0.0):
                self.begin()
                data = self.event({"role": "assistant", "content": ""})
                for at in range(0, len(text), 7):
                    data += self.event({"content": text[at : at + 7]})
                data += self.finish()
                size = 11 if not pause else max(len(data) // 6, 1)
                for at in range(0, len(data), size):
                    self.wfile.write(data[at : at + size])
                    self.wfile.flush()
                    if pause:
                        time.sleep(pause)

            def slow(self, text):
                self.well(text, model.delay)

            def plain(self, text):
                answer = {
                    "model": "test-model-1",
                    "choices": [
                        {"message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
                    ],
                    "usage": {"prompt_tokens": 120, "completion_tokens": 30},
                }
                self.whole(200, "application/json", json.dumps(answer).encode())

            def fail(self, _):
                self.whole(500, "application/json", b'{"error":{"message":"boom","type":"server_error"}}')

            def busy(self, _):
                self.whole(429, "application/json", b'{"error":{"code":"rate_limit_exceeded"}}', Retry_After="1")

            def refused(self, _):
                self.whole(401, "application/json", b'{"error":{"code":"invalid_api_key"}}')

            def page(self, _):
                self.whole(200, "text/html", b"<html><body>Welcome to the hotel's network</body></html>")

            def malformed(self, _):
                self.begin()
                self.wfile.write(b"data: {oops\n\ndata: [DONE]\n\n")

            def empty(self, _):
                self.begin()
                self.wfile.write(b"data: [DONE]\n\n")

            def silent(self, _):
                model.ended.wait(120)

            def stuck(self, text):
                self.begin()
                self.wfile.write(self.event({"content": text[: len(text) // 2]}))
                self.wfile.flush()
                model.ended.wait(120)

            def broken(self, text):
                self.begin()
                self.wfile.write(self.event({"content": text[: len(text) // 2]}))

            def huge(self, text):
                self.begin()
                while not model.ended.is_set():
                    self.wfile.write(self.event({"content": text}))

            def endless(self, _):
                self.begin()
                while not model.ended.is_set():
                    self.wfile.write(b"data: " + b"x" * 65536)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    def take_mode(self):
        if isinstance(self.mode, str):
            return self.mode
        return self.mode.pop(0) if len(self.mode) > 1 else self.mode[0]

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}/v1"

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.server.shutdown()
        self.server.server_close()
