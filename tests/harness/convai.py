"""The other side of /convai/ws: what ElevenLabs' widget and client library send, and what they would show."""

from .live import LiveSocket, RawSocket


class Visitor(LiveSocket):
    """A widget with a conversation. say() is what its customer types; lines() is what they would see from us."""

    def __init__(self, port, query="", path="/convai/ws", subprotocols=("convai",), headers=None, begin=True, **first):
        self.follow(RawSocket(port, path + query, subprotocols=list(subprotocols), headers=headers))
        if begin:
            self.begin(**first)

    def begin(self, **first):
        self.send({"type": "conversation_initiation_client_data"} | first)
        self.metadata = self.wait_type("conversation_initiation_metadata")["conversation_initiation_metadata_event"]
        self.session_id = self.metadata["conversation_id"]

    def say(self, text):
        self.send({"type": "user_message", "text": text})

    def types(self):
        return [f["type"] for f in list(self.frames)]

    def responses(self):
        return [f["agent_response_event"] for f in list(self.frames) if f["type"] == "agent_response"]

    def lines(self):
        return [r["agent_response"] for r in self.responses()]

    def wait_line(self, part, start=0):
        """The first line that holds this text."""
        return self.wait(
            lambda f: f["type"] == "agent_response" and part in f["agent_response_event"]["agent_response"],
            f"line with {part!r}",
            start,
        )["agent_response_event"]

    def wait_type(self, type, start=0):
        return self.wait(lambda f: f["type"] == type, type, start)

    def wait_ended(self):
        """(code, reason) of the close frame."""
        self.wait_closed()
        return self.close_code, self.close_reason
