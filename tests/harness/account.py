"""ElevenLabs' REST API, as far as looking for missed conversations needs it."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

KEY = "xi-key-of-the-tests"


class Account:
    """A context manager. conversations: `data` of a post-call event by id, newest last; two on a page of the list."""

    def __init__(self):
        self.conversations = {}
        self.failing = {}  # HTTP status by id; under "list" for the list
        self.asked = []
        account = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                status, body = account.answer(self.path, self.headers.get("xi-api-key"))
                text = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.port = self.http.server_port
        self.thread = threading.Thread(target=self.http.serve_forever, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.http.shutdown()
        self.http.server_close()

    def add(self, event, status="done"):
        """The conversation that this post-call event would have told of; returns its id."""
        data = event["data"] | {"status": status}
        self.conversations[data["conversation_id"]] = data
        return data["conversation_id"]

    def answer(self, path, key):
        at = urlsplit(path)
        self.asked.append(path)
        if key != KEY:
            return 401, {"detail": "who are you?"}
        if at.path == "/v1/convai/conversations":
            return (self.failing["list"], {}) if "list" in self.failing else (200, self.page(parse_qs(at.query)))
        session = unquote(at.path.removeprefix("/v1/convai/conversations/"))
        if session in self.failing:
            return self.failing[session], {}
        return (200, self.conversations[session]) if session in self.conversations else (404, {})

    def page(self, query):
        since = int(query["call_start_after_unix"][0])
        agent = query.get("agent_id", [None])[0]
        found = [
            c
            for c in self.conversations.values()
            if c["metadata"]["start_time_unix_secs"] >= since and agent in (None, c["agent_id"])
        ]
        start = int(query.get("cursor", ["0"])[0])
        more = start + 2 < len(found)
        return {
            "conversations": [
                {
                    "conversation_id": c["conversation_id"],
                    "agent_id": c["agent_id"],
                    "status": c["status"],
                    "start_time_unix_secs": c["metadata"]["start_time_unix_secs"],
                }
                for c in found[start : start + 2]
            ],
            "has_more": more,
            "next_cursor": str(start + 2) if more else None,
        }

    def fetched(self, session):
        return self.asked.count(f"/v1/convai/conversations/{session}")

    def lists(self):
        return len([path for path in list(self.asked) if "?" in path])
