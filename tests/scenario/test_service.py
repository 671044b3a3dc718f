"""What operators and browsers rely on besides the API: health, metrics, documents, pages, headers, limits."""

import json
import re

import pytest

from harness.api import Api, new_name
from harness.server import Server

pytestmark = pytest.mark.short


@pytest.fixture
def anybody(server):
    return Api(server.port)


def test_health(anybody):
    for path in ("/health/live", "/health/ready"):
        assert anybody.get(path).status == 200
    assert anybody.call("HEAD", "/health/live").status == 200


def test_metrics(anybody, sync):
    sync.send(new_name(), "hello")
    reply = anybody.get("/metrics")
    assert reply.headers["Content-Type"].startswith("text/plain")
    text = reply.body.decode()
    assert re.search(r"^# TYPE \w+ (counter|gauge|histogram)$", text, re.M)
    for line in text.splitlines():
        assert line.startswith("#") or re.fullmatch(
            r"[a-zA-Z_:][\w:]*(\{[^}]*\})? [-+.\deE]+(NaN|Inf)?", line
        ), line


def test_the_openapi_document(anybody):
    document = anybody.get("/api/openapi.json").json
    assert document["openapi"].startswith("3.")
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert operation["operationId"] and operation["summary"] and operation["responses"], (
                method,
                path,
            )
    references = set(re.findall(r'"\$ref": "#/components/schemas/(\w+)"', json.dumps(document)))
    assert references <= set(document["components"]["schemas"])


@pytest.mark.parametrize(
    "path", ["/docs", "/redoc", "/admin/", "/admin/conversations/CONV-1", "/widget/demo"]
)
def test_pages(anybody, path):
    reply = anybody.get(path, expect=None)
    if reply.status in (301, 302, 307, 308):
        reply = anybody.get(reply.headers["Location"])
    assert reply.status == 200 and "text/html" in reply.headers["Content-Type"]
    policy = reply.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe-inline" not in policy.split("style-src")[0]
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    body = reply.body.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", body), "no inline script"
    for other in re.findall(r'(?:src|href)="(https?://[^"]+)"', body):
        raise AssertionError(f"{path} loads from another host: {other}")


def test_the_root_leads_to_the_dashboard(anybody):
    reply = anybody.get("/", expect=None)
    assert reply.status in (301, 302, 303, 307, 308) and reply.headers["Location"].endswith("/admin/")


def test_static_files_are_cached_and_compressed(anybody):
    page = anybody.get("/admin/").body.decode()
    script = re.search(r'(?:src|href)="(/admin/[^"]+\.(?:js|css))"', page)[1]
    plain = anybody.get(script)
    assert plain.headers["ETag"]
    assert anybody.get(script, headers={"If-None-Match": plain.headers["ETag"]}, expect=304).body == b""
    for coding in ("gzip", "br"):
        packed = anybody.get(script, headers={"Accept-Encoding": coding})
        assert packed.headers["Content-Encoding"] == coding and len(packed.body) < len(plain.body)
        assert "Accept-Encoding" in packed.headers["Vary"]


@pytest.mark.parametrize(
    "path",
    [
        "/admin/../../etc/passwd",
        "/admin/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2fetc/passwd",
        "/admin/..%5c..%5cetc/passwd",
        "/admin/%00",
        "//etc/passwd",
        "/admin/....//....//etc/passwd",
        "/admin/%252e%252e/etc/passwd",
        "/widget/..%2f..%2f.env",
    ],
)
def test_no_way_out_of_the_static_files(anybody, path):
    reply = anybody.get(path, expect=None)
    assert b"root:" not in reply.body
    assert reply.status in (200, 301, 302, 307, 308, 400, 404)
    if reply.status == 200:
        assert b"<html" in reply.body.lower(), "only the dashboard's own page"


def test_headers_of_every_answer(anybody, admin):
    for reply in (
        anybody.get("/health/live"),
        anybody.get("/no-such-page", expect=404),
        admin.get("/api/v1/me"),
        anybody.get("/admin/"),
    ):
        for name in (
            "X-Content-Type-Options",
            "Referrer-Policy",
            "Permissions-Policy",
            "Content-Security-Policy",
        ):
            assert reply.headers[name], name
        assert reply.headers["X-Request-Id"]
        assert "Server" not in reply.headers or "/" not in reply.headers["Server"], "no version to strangers"
    assert "no-store" in admin.get("/api/v1/me").headers["Cache-Control"]


def test_request_ids(anybody):
    assert (
        anybody.get("/health/live", headers={"X-Request-Id": "abc-123"}).headers["X-Request-Id"] == "abc-123"
    )
    for bad in ("a b", "x" * 65, "<script>", '{"level":"fatal"}'):
        assert anybody.get("/health/live", headers={"X-Request-Id": bad}).headers["X-Request-Id"] != bad


def test_the_log_has_no_forged_lines(server, anybody):
    anybody.get(
        "/api/v1/%0d%0a%7b%22level%22:%22fatal%22%7d",
        expect=None,
        headers={"User-Agent": "\x1b[31m{}{:n}%s%n"},
    )
    assert '\n{"level":"fatal"}' not in server.log() and "\x1b[31m" not in server.log()


def test_cross_origin(anybody):
    reply = anybody.call(
        "OPTIONS",
        "/api/v1/staff",
        headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"},
    )
    assert reply.headers.get("Access-Control-Allow-Origin") in (None, "*")
    assert "Access-Control-Allow-Credentials" not in reply.headers
    reply = anybody.get("/api/v1/me", headers={"Origin": "https://evil.example"}, expect=401)
    assert reply.headers.get("Access-Control-Allow-Origin") is None


def test_public_paths_are_limited_and_say_so(server):
    """A server with its limits turned down: the limits of the shared one are raised for the tests."""
    with Server(RATE_LIMIT_SCALE="0.1") as small:
        api = Api(small.port)
        for _ in range(400):
            reply = api.post("/api/v1/conversations/start", {"name": "John"})
            if reply.status != 201:
                break
            assert (
                reply.headers["RateLimit-Limit"]
                and reply.headers["RateLimit-Remaining"]
                and reply.headers["RateLimit-Reset"]
            )
        assert reply.status == 429, reply
        assert int(reply.headers["Retry-After"]) >= 1
        # The channel with a server key is not held up by that.
        key = {"Authorization": f"Bearer {small.environment['SYNC_API_KEY']}"}
        for i in range(50):
            body = {"user_id": new_name(), "message": f"{i}", "sender": "user"}
            assert api.post("/api/chat/sync", body, headers=key).status == 200


def test_starting_a_conversation(anybody, server):
    reply = anybody.post(
        "/api/v1/conversations/start",
        {
            "name": "John",
            "email": "john@example.org",
            "phone": "+263123456",
            "scenario": "ecommerce",
            "language": "ar",
            "message": "مرحبا",
        },
        expect=201,
    ).json
    assert reply["conversation_id"].startswith("CONV-") and reply["token"]
    assert reply["ws_url"].endswith(f"/ws/{reply['conversation_id']}")
    assert "مرحبا" in [m["message"] for m in reply["messages"]]
    assert anybody.post("/api/v1/conversations/start", {"email": 5}).fields() == {"email"}
    assert anybody.post("/api/v1/conversations/start", {"nonsense": 5}).status == 422


def test_a_conversation_token_is_not_guessable(start_chat, server):
    john, grace = start_chat(), start_chat()
    token = john.token
    for forged in (
        token[:-2] + ("AA" if token[-2:] != "AA" else "BB"),
        token.replace(token.split("_")[-1][:1], "9", 1),
        "",
        token + "x",
    ):
        reply = Api(server.port, {"Authorization": f"Bearer {forged}"}).get(john.path, expect=None)
        assert reply.status == 401, forged
    assert Api(server.port).get(john.path, expect=401)
