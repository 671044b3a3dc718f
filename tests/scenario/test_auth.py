"""Signing in, staying signed in, and losing access within seconds. PyJWT judges the tokens independently."""

import base64
import json
import time

import jwt
import pytest

from harness import server as settings
from harness.api import Api, StaffApi, new_name

LOGIN = "/api/v1/auth/login"
REFRESH = "/api/v1/auth/refresh"
LOGOUT = "/api/v1/auth/logout"


@pytest.fixture
def signing_key(server, admin):
    """The key that signed the admin's token, so that an independent library can judge and make tokens."""
    ((stored,),) = server.sql("SELECT value FROM setting WHERE name = 'access_token_keys'")
    wanted = jwt.get_unverified_header(admin.token)["kid"]
    text = next(key["key"] for key in json.loads(stored) if key["kid"] == wanted)
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def claims_of(token):
    return jwt.decode(token, options={"verify_signature": False})


@pytest.mark.short
def test_signing_in(server):
    reply = Api(server.port).post(
        LOGIN, {"email": settings.ADMIN_EMAIL.upper(), "password": settings.ADMIN_PASSWORD}, expect=200
    )
    body = reply.json
    assert body["token_type"] == "Bearer" and body["expires_in"] == 900
    assert body["staff"]["role"] == "admin" and "password" not in json.dumps(body)
    cookie = reply.headers["Set-Cookie"]
    assert cookie.startswith("cc_refresh=")
    for part in ("HttpOnly", "SameSite=Strict", "Path=/api/v1/auth"):
        assert part.lower() in cookie.lower(), cookie
    me = Api(server.port, {"Authorization": f"Bearer {body['access_token']}"}).get("/api/v1/me").json
    assert me["staff_id"] == body["staff"]["staff_id"] and "staff.write" in me["permissions"]


@pytest.mark.short
@pytest.mark.parametrize(
    "body, status",
    [
        ({"email": settings.ADMIN_EMAIL, "password": "wrong password here"}, 401),
        ({"email": "nobody@example.org", "password": settings.ADMIN_PASSWORD}, 401),
        ({"email": settings.ADMIN_EMAIL}, 422),
        ({"email": 1, "password": 2}, 422),
        ({"email": settings.ADMIN_EMAIL, "password": "p" * 5000}, (401, 422)),
        ({}, 422),
    ],
)
def test_signing_in_wrongly(server, body, status):
    reply = Api(server.port).post(LOGIN, body)
    assert reply.status in (status if isinstance(status, tuple) else (status,)), reply
    assert "Set-Cookie" not in reply.headers


@pytest.mark.short
def test_known_and_unknown_accounts_get_one_answer(server):
    answers = [
        Api(server.port).post(LOGIN, {"email": email, "password": "wrong password here"}).json
        for email in (settings.ADMIN_EMAIL, "nobody@example.org")
    ]
    for answer in answers:
        answer.pop("request_id")
    assert answers[0] == answers[1]


def test_an_access_token_as_an_independent_library_sees_it(admin, signing_key):
    header = jwt.get_unverified_header(admin.token)
    assert header["alg"] == "HS256" and header["typ"] == "at+jwt" and header["kid"]
    claims = claims_of(admin.token)
    for name in ("iss", "aud", "sub", "iat", "exp", "jti"):
        assert claims[name], name
    assert claims["exp"] - claims["iat"] == 900
    assert claims["sub"] == admin.staff_id

    judged = jwt.decode(
        admin.token, signing_key, algorithms=["HS256"], audience=claims["aud"], issuer=claims["iss"]
    )
    assert judged == claims

    # A token of ours, made by the library, is accepted; with one thing changed it is not.
    def answer(payload=claims, key=signing_key, head=header, algorithm="HS256"):
        extra = {k: v for k, v in head.items() if k != "alg"}
        made = jwt.encode(payload, key, algorithm=algorithm, headers=extra)
        return Api(admin.port, {"Authorization": f"Bearer {made}"}).get("/api/v1/me", expect=None).status

    assert answer() == 200
    now = int(time.time())
    for what, change in (
        ("expired", {"exp": now - 5, "iat": now - 800}),
        ("longer than allowed", {"exp": now + 86400}),
        ("no end", {"exp": None}),
        ("end as text", {"exp": str(now + 500)}),
        ("not yet", {"nbf": now + 300}),
        ("issued in the future", {"iat": now + 300, "exp": now + 900}),
        ("other audience", {"aud": "somebody-else"}),
        ("other issuer", {"iss": "somebody-else"}),
        ("no subject", {"sub": None}),
        ("subject of another kind", {"sub": "CONV-1"}),
        ("a staff member who does not exist", {"sub": "STF-999999"}),
        ("another sign-in", {"sid": "nonsense"}),
        ("no id", {"jti": None}),
    ):
        payload = {k: v for k, v in (claims | change).items() if v is not None}
        assert answer(payload) == 401, what
    assert answer(key=b"\0" * 32) == 401
    assert answer(head=header | {"kid": "../../dev/null"}) == 401
    assert answer(head=header | {"kid": "' OR 1=1 --"}) == 401
    assert answer(head=header | {"typ": "JWT"}) == 401
    assert answer(head=header | {"jku": "http://127.0.0.1/keys"}) == 401
    assert answer(algorithm="HS384") == 401


def test_forged_tokens(admin):
    head, payload, mac = admin.token.split(".")

    def encode(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    claims = claims_of(admin.token)
    forged = {
        "alg none": f"{encode({'alg': 'none', 'typ': 'at+jwt'})}.{payload}.",
        "alg None": f"{encode({'alg': 'None', 'typ': 'at+jwt'})}.{payload}.",
        "no signature": f"{head}.{payload}.",
        "short signature": f"{head}.{payload}.{mac[:-4]}",
        "padded": f"{head}.{payload}.{mac}=",
        "one bit": f"{head}.{payload}.{'A' if mac[0] != 'A' else 'B'}{mac[1:]}",
        "other claims": f"{head}.{encode(claims | {'sub': 'STF-2'})}.{mac}",
        "extra part": f"{admin.token}.{mac}",
        "two parts": f"{head}.{payload}",
        "empty parts": "..",
        "very long": head + "." + "A" * 8000 + "." + mac,
        "white space": f"{head}.{payload}. {mac}",
        "only words": "nonsense",
    }
    for what, token in forged.items():
        status = Api(admin.port, {"Authorization": f"Bearer {token}"}).get("/api/v1/me", expect=None).status
        assert status in (401, 400, 431), what
    assert Api(admin.port).get(f"/api/v1/me?token={admin.token}", expect=401)
    assert Api(admin.port).get(f"/api/v1/me?access_token={admin.token}", expect=401)


# --- refreshing ---


def cookie_of(reply):
    return reply.headers["Set-Cookie"].split(";")[0]


@pytest.mark.short
def test_refresh_rotates(server, hire):
    sarah = hire("agent")
    api = Api(server.port)
    first = api.post(REFRESH, {}, headers={"Cookie": sarah.cookie}, expect=200)
    second = cookie_of(first)
    assert second != sarah.cookie and first["access_token"] != sarah.token
    assert (
        api.post(REFRESH, {}, headers={"Cookie": second}, expect=200)["staff"]["staff_id"] == sarah.staff_id
    )


@pytest.mark.short
def test_refresh_by_body(server, hire):
    sarah = hire("agent")
    token = sarah.cookie.split("=", 1)[1]
    assert Api(server.port).post(REFRESH, {"refresh_token": token}, expect=200)["access_token"]


@pytest.mark.short
def test_a_used_refresh_token_ends_the_sign_in(server, hire, listen):
    sarah = hire("agent")
    live = listen(sarah, "queue")
    api = Api(server.port)
    second = cookie_of(api.post(REFRESH, {}, headers={"Cookie": sarah.cookie}, expect=200))
    third = api.post(REFRESH, {}, headers={"Cookie": second}, expect=200)
    # A thief, or the owner after a thief: the first token comes again.
    assert api.post(REFRESH, {}, headers={"Cookie": sarah.cookie}).status == 401
    assert (
        api.post(REFRESH, {}, headers={"Cookie": cookie_of(third)}).status == 401
    ), "the whole family is dead"
    stolen = Api(server.port, {"Authorization": f"Bearer {third['access_token']}"})
    assert stolen.get("/api/v1/me", expect=None).status == 401
    assert live.wait_closed() == 4401


@pytest.mark.short
@pytest.mark.parametrize(
    "cookie", ["", "cc_refresh=", "cc_refresh=nonsense", "cc_refresh=" + "A" * 3000, "other=1"]
)
def test_refresh_with_nonsense(server, cookie):
    assert Api(server.port).post(REFRESH, {}, headers={"Cookie": cookie}).status == 401


@pytest.mark.short
def test_the_cookie_works_only_for_our_own_pages(server, hire):
    sarah = hire("agent")
    api = Api(server.port)
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
    ):
        for path in (REFRESH, LOGOUT):
            assert api.post(path, {}, headers={"Cookie": sarah.cookie} | headers).status in (
                403,
                415,
            ), headers
    for site in ("same-origin", "none"):
        reply = api.post(REFRESH, {}, headers={"Cookie": sarah.cookie, "Sec-Fetch-Site": site}, expect=200)
        sarah.cookie = cookie_of(reply)
    # And it opens nothing else.
    assert api.get("/api/v1/me", headers={"Cookie": sarah.cookie}, expect=401)


@pytest.mark.short
def test_signing_out(server, hire, listen):
    sarah = hire("agent")
    live = listen(sarah, "queue")
    Api(server.port).post(LOGOUT, {}, headers={"Cookie": sarah.cookie}, expect=204)
    assert live.wait_closed() == 4401
    assert sarah.get("/api/v1/me", expect=None).status == 401
    assert Api(server.port).post(REFRESH, {}, headers={"Cookie": sarah.cookie}).status == 401


# --- losing access ---


def seconds_until_cut_off(api):
    """The promise is five seconds; a test waits longer and says how long it took."""
    start = time.monotonic()
    while api.get("/api/v1/me", expect=None).status != 401:
        assert time.monotonic() - start < 30, "access was never cut"
        time.sleep(0.05)
    return time.monotonic() - start


@pytest.mark.short
@pytest.mark.parametrize("change", [{"active": False}, {"password": "another password of hers"}], ids=str)
def test_a_change_by_an_admin_cuts_access(server, admin, hire, listen, figure, change):
    sarah = hire("agent")
    live = listen(sarah, "queue")
    admin.patch(f"/api/v1/staff/{sarah.staff_id}", change, expect=200)
    figure(
        f"access cut {seconds_until_cut_off(sarah):.2f} s after a change of {next(iter(change))} (promised: 5 s)"
    )
    assert live.wait_closed() == 4401
    assert Api(server.port).post(REFRESH, {}, headers={"Cookie": sarah.cookie}).status == 401
    reply = Api(server.port).post(LOGIN, {"email": sarah.email, "password": sarah.password})
    assert reply.status == 401


@pytest.mark.short
def test_a_new_role_counts_at_once(admin, hire):
    sarah = hire("manager")
    assert sarah.post("/api/v1/api-keys", {}).status == 403
    admin.patch(f"/api/v1/staff/{sarah.staff_id}", {"role": "engineer"}, expect=200)
    status = sarah.get("/api/v1/me", expect=None)
    if status.status == 401:  # the old token ended with the old role
        sarah.sign_in()
        status = sarah.get("/api/v1/me")
    assert status["role"] == "engineer"
    assert "conversation.take" not in status["permissions"]


@pytest.mark.short
def test_changing_ones_own_password(server, hire):
    sarah = hire("agent")
    assert sarah.patch("/api/v1/me", {"password": "a new password of mine"}).status in (403, 422)
    wrong = {"password": "a new password of mine", "current_password": "not this one at all"}
    assert sarah.patch("/api/v1/me", wrong).status in (401, 403, 422)
    sarah.patch(
        "/api/v1/me", {"password": "a new password of mine", "current_password": sarah.password}, expect=200
    )
    assert Api(server.port).post(LOGIN, {"email": sarah.email, "password": sarah.password}).status == 401
    StaffApi(server.port, sarah.email, "a new password of mine")


@pytest.mark.short
@pytest.mark.parametrize("password", ["short", "password1234", "p" * 129, "", 7])
def test_poor_passwords(admin, password):
    profile = {"name": "X", "email": new_name() + "@example.org", "password": password, "role": "agent"}
    assert admin.post("/api/v1/staff", profile).fields() >= {"password"}


def test_passwords_and_keys_are_stored_hashed(server, admin):
    key = admin.post("/api/v1/api-keys", {"name": new_name("key")}, expect=201)["key"]
    dump = json.dumps(
        server.sql("SELECT * FROM staff")
        + server.sql("SELECT * FROM api_key")
        + server.sql("SELECT * FROM session"),
        default=str,
    )
    for secret in (
        settings.ADMIN_PASSWORD,
        settings.SYNC_KEY,
        key,
        admin.cookie.split("=", 1)[1],
        admin.token,
    ):
        assert secret not in dump
    assert "$argon2id$v=19$m=19456,t=2,p=1$" in dump
    log = server.log()
    for secret in (settings.ADMIN_PASSWORD, settings.SYNC_KEY, key, admin.token):
        assert secret not in log


# --- API keys ---


@pytest.mark.short
def test_api_keys(server, admin):
    name = new_name("key")
    made = admin.post("/api/v1/api-keys", {"name": name, "scopes": ["sync"]}, expect=201).json
    api = Api(server.port, {"X-API-Key": made["key"]})
    body = {"user_id": new_name(), "message": "hello", "sender": "user"}
    api.post("/api/chat/sync", body, expect=200)
    assert api.get("/api/v1/conversations", expect=None).status == 403
    assert api.post("/api/v1/staff", {}).status == 403

    listed = next(k for k in admin.items("/api/v1/api-keys") if k["key_id"] == made["key_id"])
    assert listed["name"] == name and "key" not in listed and made["key"] not in json.dumps(listed)
    admin.delete(f"/api/v1/api-keys/{made['key_id']}", expect=(200, 204))
    start = time.monotonic()
    while api.post("/api/chat/sync", body).status != 401:
        assert time.monotonic() - start < 30
        time.sleep(0.05)


# --- slowing down guesses ---


def test_guessing_is_slowed_down_and_nobody_else_is(server, hire):
    sarah, bob = hire("agent"), hire("agent")
    api = Api(server.port)
    statuses = []
    for _ in range(12):
        reply = api.post(LOGIN, {"email": sarah.email, "password": "a wrong password"})
        statuses.append(reply.status)
        if reply.status == 429:
            break
    assert statuses[-1] == 429 and statuses.count(401) >= 4, statuses
    assert int(reply.headers["Retry-After"]) >= 1
    body = reply.json
    assert body["status"] == 429 and body["title"]
    # The right password does not shorten the wait, and others sign in as usual.
    assert api.post(LOGIN, {"email": sarah.email, "password": sarah.password}).status == 429
    StaffApi(server.port, bob.email, bob.password)
    # Her open session goes on.
    sarah.get("/api/v1/me", expect=200)
    # A delay, not a lock: it passes.
    deadline = time.monotonic() + 60
    while api.post(LOGIN, {"email": sarah.email, "password": sarah.password}).status != 200:
        assert time.monotonic() < deadline
        time.sleep(0.2)
