"""What ElevenLabs sends, made here: signed events, custom LLM requests, and their answers read back."""

import copy
import hashlib
import hmac
import http.client
import json
import time
from pathlib import Path

from .server import ROOT

SAMPLES = ROOT / "tests/channel/elevenlabs"
SECRET = "wsec_" + "0123456789abcdef" * 4


def sample(name):
    return json.loads((SAMPLES / name).read_text())


def signature(body, secret=SECRET, at=None):
    at = int(time.time()) if at is None else at
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v0={digest}"


def post_event(port, event, secret=SECRET, at=None, header=None, chunks=0, path="/webhooks/elevenlabs"):
    """(status, JSON) of one delivery; chunks: sent with Transfer-Encoding: chunked in pieces of that size."""
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    headers = {"Content-Type": "application/json"}
    signed = signature(body, secret, at) if header is None else header
    if signed:
        headers["ElevenLabs-Signature"] = signed
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        if chunks:
            pieces = (body[i : i + chunks] for i in range(0, len(body), chunks))
            connection.request("POST", path, pieces, headers, encode_chunked=True)
        else:
            connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read() or b"null")
    finally:
        connection.close()


def transcript(session, lines, user_id=None, cc_session=None, start=None, **analysis):
    """A post_call_transcription of (role, text) or (role, text, more) lines, three seconds apart."""
    event = copy.deepcopy(sample("post_call_transcription.json"))
    start = int(time.time()) - 60 if start is None else start
    data = event["data"]
    event["event_timestamp"] = start + 3 * len(lines) + 30
    data["conversation_id"] = session
    data["user_id"] = user_id
    client = data["conversation_initiation_client_data"]
    client["user_id"] = user_id
    client["custom_llm_extra_body"] = {"cc_session": cc_session} if cc_session else {}
    client["dynamic_variables"] = {"user_name": "John Doe"} | ({"cc_session": cc_session} if cc_session else {})
    data["metadata"] |= {"start_time_unix_secs": start, "call_duration_secs": 3 * len(lines)}
    data["analysis"] |= analysis
    blank = data["transcript"][0] | {"feedback": None}
    data["transcript"] = [
        blank | {"role": line[0], "message": line[1], "time_in_call_secs": 3 * i} | (line[2] if len(line) > 2 else {})
        for i, line in enumerate(lines)
    ]
    return event
