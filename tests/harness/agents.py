"""ElevenLabs, as far as relay mode needs it: the call that gives a signed address, and an agent on a WebSocket. What the
agent says is decided by the test; what it hears is kept."""

import asyncio
import json
import threading
from http import HTTPStatus

from .waiting import until


class Agents:
    """A context manager. sessions: what each session heard, in order. say(): the newest one speaks."""

    def __init__(self):
        self.sessions = []
        self.addresses = []
        self.refuse = False  # or an HTTP status, for the call that gives an address
        self.expired = 0  # so many addresses are refused when they are opened
        self.open = []
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)

    def __enter__(self):
        from websockets.legacy.server import serve as listen  # its newer interface has other names in each release

        async def serve():
            return await listen(
                self.talk, "127.0.0.1", 0, subprotocols=["convai"], process_request=self.answer
            )

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

    async def answer(self, path, headers):
        if not path.startswith("/v1/convai/conversation/get-signed-url"):
            if self.expired == 0:
                return None
            self.expired -= 1
            return HTTPStatus.FORBIDDEN, [], b"{}"
        self.addresses.append((path, headers.get("xi-api-key")))
        if self.refuse:
            return HTTPStatus(500 if self.refuse is True else self.refuse), [], b"{}"
        body = json.dumps({"signed_url": f"ws://127.0.0.1:{self.port}/v1/convai/conversation?token=x"}).encode()
        return HTTPStatus.OK, [("Content-Type", "application/json")], body

    async def talk(self, socket, path=None):
        heard = []
        self.sessions.append(heard)
        self.open.append(socket)
        number = len(self.sessions)
        await socket.send(
            json.dumps(
                {
                    "type": "conversation_initiation_metadata",
                    "conversation_initiation_metadata_event": {
                        "conversation_id": f"conv_agents{self.port}n{number}",
                        "agent_output_audio_format": "pcm_16000",
                        "user_input_audio_format": "pcm_16000",
                    },
                }
            )
        )
        await socket.send(json.dumps({"type": "ping", "ping_event": {"event_id": 1}}))
        try:
            async for text in socket:
                frame = json.loads(text)
                heard.append(frame)
        except Exception:
            pass

    def say(self, text, event=1):
        self.send({"type": "agent_response", "agent_response_event": {"agent_response": text, "event_id": event}})

    def send(self, frame):
        self.do(self.open[-1].send(json.dumps(frame)))

    def end(self, code, reason=""):
        self.do(self.open[-1].close(code, reason))

    def wait_heard(self, wanted, session=-1):
        return until(lambda: next((f for f in list(self.sessions[session]) if wanted(f)), None), "a frame at the agent")

    def types(self, session=-1):
        return [f.get("type") for f in list(self.sessions[session])]
