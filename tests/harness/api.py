"""A small HTTP client: JSON in and out, one kept connection per thread, nothing retried behind a test's back."""

import http.client
import json
import threading
import time
import uuid
from urllib.parse import urlencode

from . import server as settings

IDLE_LIMIT = 30  # seconds; the server closes idle connections after 60


class Reply:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers  # email.message.Message: names without regard to case
        self.body = body

    @property
    def json(self):
        return json.loads(self.body) if self.body else None

    def __getitem__(self, name):
        return self.json[name]

    def fields(self):
        """The names of the fields that a 422 complains about."""
        return {error["field"] for error in self.json.get("errors", [])}

    def __repr__(self):
        return f"<{self.status} {self.body[:600]!r}>"


class Api:
    def __init__(self, port, headers=None):
        self.port = port
        self.headers = dict(headers or {})
        self.local = threading.local()

    def bearer(self):
        """Called before every request; a subclass that signs in renews its token here."""

    def call(self, method, path, body=None, headers=None, raw=None, expect=None):
        self.bearer()
        send = {"Accept": "application/json"} | self.headers
        if raw is not None:
            payload = raw
        elif body is not None:
            payload = json.dumps(body, ensure_ascii=False).encode()
        else:
            payload = None
        if payload is not None:
            send["Content-Type"] = "application/json"
        for name, value in (headers or {}).items():
            if value is None:
                send.pop(name, None)
            else:
                send[name] = value
        connection = self.connection()
        try:
            connection.request(method, path, payload, send)
            answer = connection.getresponse()
            reply = Reply(answer.status, answer.headers, answer.read())
        except Exception:
            connection.close()
            raise
        if reply.headers.get("Connection", "").lower() == "close":
            connection.close()
        if expect is not None:
            allowed = expect if isinstance(expect, (set, tuple, list)) else (expect,)
            assert reply.status in allowed, f"{method} {path}: expected {expect}, got {reply!r}"
        return reply

    def connection(self):
        now = time.monotonic()
        connection = getattr(self.local, "connection", None)
        if connection is None:
            connection = self.local.connection = http.client.HTTPConnection(
                "127.0.0.1", self.port, timeout=30
            )
        elif now - self.local.used > IDLE_LIMIT:
            connection.close()
        self.local.used = now
        return connection

    def get(self, path, expect=200, headers=None, **query):
        if query:
            path += "?" + urlencode(query)
        return self.call("GET", path, expect=expect, headers=headers)

    def post(self, path, body=None, expect=None, headers=None):
        return self.call("POST", path, body if body is not None else {}, expect=expect, headers=headers)

    def put(self, path, body=None, expect=None):
        return self.call("PUT", path, body if body is not None else {}, expect=expect)

    def patch(self, path, body=None, expect=None):
        return self.call("PATCH", path, body if body is not None else {}, expect=expect)

    def delete(self, path, expect=None):
        return self.call("DELETE", path, expect=expect)

    # --- what many tests do ---

    def conversation(self, conversation_id, expect=200):
        return self.get(f"/api/v1/conversations/{conversation_id}", expect=expect).json

    def messages(self, conversation_id):
        """All messages, page by page."""
        found, after = [], 0
        while True:
            page = self.get(f"/api/v1/conversations/{conversation_id}/messages", after_seq=after, limit=500)[
                "items"
            ]
            if not page:
                return found
            found += page
            after = page[-1]["seq"]

    def items(self, path, **query):
        """Everything of a list, over all its pages."""
        found, cursor = [], None
        while True:
            page = self.get(path, **query, **({"cursor": cursor} if cursor else {})).json
            found += page["items"]
            cursor = page["next_cursor"]
            if not cursor:
                return found

    def events(self, after=0):
        """The event log as this caller may read it, page by page."""
        found = []
        while True:
            page = self.get("/api/v1/events", after=after, limit=500).json
            found += page["events"]
            if page["reached"] >= page["head"]:
                return found
            after = page["reached"]

    def act(self, conversation_id, action, body=None, expect=200):
        """POST .../takeover and its kin; the conversation after it."""
        return self.post(f"/api/v1/conversations/{conversation_id}/{action}", body, expect=expect).json


class StaffApi(Api):
    """A signed-in staff member."""

    TOKEN_LIFE = 600  # seconds; the server's is 900

    def __init__(self, port, email, password):
        super().__init__(port)
        self.email, self.password = email, password
        self.signed_in_at = None
        self.lock = threading.Lock()
        self.sign_in()

    def sign_in(self):
        reply = Api(self.port).post(
            "/api/v1/auth/login", {"email": self.email, "password": self.password}, expect=200
        )
        self.token = reply["access_token"]
        self.staff = reply["staff"]
        self.staff_id = self.staff["staff_id"]
        self.name = self.staff["name"]
        self.cookie = reply.headers.get("Set-Cookie", "").split(";")[0]
        self.headers["Authorization"] = f"Bearer {self.token}"
        self.signed_in_at = time.monotonic()

    def bearer(self):
        with self.lock:
            if self.signed_in_at and time.monotonic() - self.signed_in_at > self.TOKEN_LIFE:
                self.sign_in()


class SyncApi(Api):
    """The channel's side: the sync key."""

    PATH = "/api/chat/sync"

    def __init__(self, port, key=settings.SYNC_KEY):
        super().__init__(port, {"Authorization": f"Bearer {key}"})

    def send(self, user_id, message, sender="user", expect=200, headers=None, **optional):
        body = {"user_id": user_id, "message": message, "sender": sender} | optional
        return self.post(self.PATH, body, expect=expect, headers=headers)


class CustomerApi(Api):
    """A customer in our own widget: a conversation and its token."""

    def __init__(self, port, **start):
        super().__init__(port)
        reply = self.post("/api/v1/conversations/start", start, expect=201).json
        self.conversation_id = reply["conversation_id"]
        self.token = reply["token"]
        self.ws_url = reply["ws_url"]
        self.greeting = reply["messages"]
        self.headers["Authorization"] = f"Bearer {self.token}"

    @property
    def path(self):
        return f"/api/v1/conversations/{self.conversation_id}"

    def say(self, message, expect=(200, 201), **more):
        return self.post(f"{self.path}/messages", {"message": message} | more, expect=expect).json

    def state(self):
        return self.get(self.path).json


def new_name(kind="user"):
    """A name that no other test uses."""
    return f"{kind}-{uuid.uuid4().hex[:10]}"
