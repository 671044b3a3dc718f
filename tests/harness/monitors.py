"""ElevenLabs' monitor sockets: what staff say through them is kept, and what they tell is decided by the test."""

import asyncio
import json
import threading
from http import HTTPStatus

from .waiting import until

KEY = "xi-key-of-the-tests"


class Connection:
    def __init__(self, session, key, socket):
        self.session, self.key, self.socket = session, key, socket
        self.heard = []
        self.closed = False

    def types(self):
        return [f["command_type"] for f in list(self.heard)]

    def texts(self):
        return [f["parameters"]["text"] for f in list(self.heard) if f["command_type"] == "send_human_message"]


class Monitors:
    """A context manager. connections: in order. refused: HTTP status for a session, or for all of them under None."""

    def __init__(self):
        self.connections = []
        self.refused = {}
        self.attempts = []
        self.events = {}  # by session: what each new connection is told at once, as ElevenLabs repeats the last hundred
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)

    def __enter__(self):
        from websockets.legacy.server import serve as listen

        async def serve():
            return await listen(self.talk, "127.0.0.1", 0, process_request=self.answer)

        self.thread.start()
        self.server = self.do(serve())
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_):
        self.server.close()
        self.do(self.server.wait_closed())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)

    def do(self, work):
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(10)

    @staticmethod
    def session_in(path):
        parts = path.split("/")
        return parts[-2] if path.startswith("/v1/convai/conversations/") and parts[-1] == "monitor" else None

    async def answer(self, path, headers):
        session = self.session_in(path)
        if session is None:
            return HTTPStatus.NOT_FOUND, [], b"{}"
        self.attempts.append(session)
        status = self.refused.get(session, self.refused.get(None))
        if headers.get("xi-api-key") != KEY:
            status = 401
        return (HTTPStatus(status), [], b"{}") if status else None

    async def talk(self, socket, path=None):
        connection = Connection(self.session_in(socket.path), socket.request_headers.get("xi-api-key"), socket)
        self.connections.append(connection)
        for frame in list(self.events.get(connection.session, [])):
            await socket.send(json.dumps(frame))
        try:
            async for text in socket:
                connection.heard.append(json.loads(text))
        except Exception:
            pass
        connection.closed = True

    # --- what happens there ---

    def say(self, session, side, text, event):
        """The customer (user) or the agent says something; whoever is connected hears it, and so does who comes later."""
        frame = (
            {"type": "user_transcript", "user_transcription_event": {"user_transcript": text, "event_id": event}}
            if side == "user"
            else {"type": "agent_response", "agent_response_event": {"agent_response": text, "event_id": event}}
        )
        self.tell(session, frame)

    def tell(self, session, frame):
        self.events.setdefault(session, []).append(frame)
        for connection in self.of(session):
            if not connection.closed:
                self.do(connection.socket.send(json.dumps(frame)))

    def of(self, session):
        return [c for c in list(self.connections) if c.session == session]

    def wait_connection(self, session, number=1):
        return until(lambda: len(self.of(session)) >= number and self.of(session)[number - 1], "a monitor connection")

    def wait_types(self, connection, *types):
        return until(lambda: connection.types()[: len(types)] == list(types), f"{types} at the monitor")

    def break_off(self, session, code=1011):
        for connection in self.of(session):
            if not connection.closed:
                self.do(connection.socket.close(code))
