"""A language model as servers of OpenAI's interface offer one, on loopback: streams what it is told to, after a pause."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class FakeModel:
    """`answer(messages)` gives the text of the reply, or a status such as 500. delay: seconds until the first word."""

    def __init__(self, answer, delay=0.0):
        self.answer, self.delay = answer, delay
        self.asked = []  # the messages of each call
        model = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                model.asked.append(body["messages"])
                time.sleep(model.delay)
                reply = model.answer(body["messages"])
                try:
                    if isinstance(reply, int):
                        self.send_error(reply)
                        return
                    self.stream(reply)
                except OSError:
                    pass  # whoever asked has gone: a person took the turn

            def stream(self, text):
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Connection", "close")
                self.end_headers()
                for part in (text[: len(text) // 2], text[len(text) // 2 :]):
                    self.event({"model": "fake-1", "choices": [{"index": 0, "delta": {"content": part}}]})
                self.event({"model": "fake-1", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
                self.wfile.write(b"data: [DONE]\n\n")
                self.close_connection = True

            def event(self, data):
                self.wfile.write(b"data: " + json.dumps(data).encode() + b"\n\n")
                self.wfile.flush()

            def log_message(self, *_):
                pass

        class Listener(ThreadingHTTPServer):
            request_queue_size = 128
            daemon_threads = True

        self.listener = Listener(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.listener.serve_forever, daemon=True)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.listener.server_port}/v1"

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.listener.shutdown()
        self.listener.server_close()
        self.thread.join()
