"""Receivers of what the server sends out: a real SMTP server and a small HTTP server, both on loopback."""

import email
import email.policy
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.controller import Controller

from .server import free_port


class MailSink:
    """Takes mail; `answer` is what it says to one: None takes it. `delay`: seconds between taking and saying so."""

    def __init__(self):
        self.mails = []  # (recipient, email.message.EmailMessage), in the order they were taken
        self.answer = None
        self.delay = 0
        self.controller = Controller(self, hostname="127.0.0.1", port=free_port())

    async def handle_DATA(self, server, session, envelope):
        import asyncio

        if self.answer:
            return self.answer
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.mails.append((envelope.rcpt_tos[0], mail))
        await asyncio.sleep(self.delay)
        return "250 taken"

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.controller.port}"

    def to(self, recipient):
        return [mail for to, mail in list(self.mails) if to == recipient]

    def __enter__(self):
        self.controller.start()
        return self

    def __exit__(self, *_):
        self.controller.stop()


class Post:
    def __init__(self, path, headers, body):
        self.path, self.headers, self.body = path, headers, body
        self.at = time.time()
        self.id = headers.get("webhook-id")


class HttpSink:
    """Keeps every POST. `answers` maps a path to a list of statuses, one for each post, then 200; a function instead of
    a list decides from the post. `delay`: seconds between taking and answering. tls: an ssl.SSLContext for https."""

    def __init__(self, tls=None):
        self.posts = []
        self.answers = {}
        self.headers = {}
        self.delay = 0
        sink = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                post = Post(self.path, self.headers, body)
                sink.posts.append(post)
                time.sleep(sink.delay)
                planned = sink.answers.get(self.path)
                status = planned(post) if callable(planned) else planned.pop(0) if planned else 200
                text = b"thank you"
                try:
                    self.send_response(status)
                    for name, value in sink.headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(text)))
                    self.end_headers()
                    self.wfile.write(text)
                except OSError:
                    pass  # the server was killed meanwhile: that is what some tests are about

            def handle(self):
                try:
                    super().handle()
                except OSError:
                    pass  # a handshake that the other side refused

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.scheme = "https" if tls else "http"
        if tls:  # the handshake belongs to the connection's own thread: a client that refuses it must not end the server
            self.server.socket = tls.wrap_socket(
                self.server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    @property
    def url(self):
        return f"{self.scheme}://127.0.0.1:{self.server.server_address[1]}"

    def at(self, path):
        return [post for post in list(self.posts) if post.path == path]

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
