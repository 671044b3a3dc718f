"""Starting: what a newcomer sees, and one clear line and a non-zero exit when something is in the way."""

import os
import re
import signal
import socket
import subprocess

import pytest

from harness import server as settings
from harness.api import Api, StaffApi, SyncApi, new_name
from harness.server import BINARY, ROOT, Server
from harness.waiting import until


def failing(server, timeout=90):
    """Starts it, and returns (exit code, what it said)."""
    server.launch()
    try:
        code = server.process.wait(timeout)
    except subprocess.TimeoutExpired:
        server.kill()
        raise AssertionError(f"it should have given up:\n{server.log()}") from None
    server.process = None
    return code, server.log()


def one_clear_line(result, *words):
    code, said = result
    assert 0 < code < 128, f"{code}: {said}"
    for sign in (
        "terminate called",
        "what():",
        "Assertion",
        "core dumped",
        "Sanitizer",
        "backtrace",
        " at 0x",
    ):
        assert sign not in said, said
    lines = [line for line in said.splitlines() if all(word.lower() in line.lower() for word in words)]
    assert len(lines) == 1, f"one line with {words}, not {len(lines)}:\n{said}"


@pytest.fixture
def unstarted():
    made = []

    def make(**environment):
        made.append(Server(**environment))
        return made[-1]

    yield make
    for server in made:
        server.__exit__()


def test_a_port_that_is_taken(unstarted):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        one_clear_line(failing(unstarted(port=port)), str(port), "taken")


def test_a_database_that_does_not_answer(unstarted):
    one_clear_line(
        failing(unstarted(database_url="postgresql://x:secret-word@127.0.0.1:1/none")), "PostgreSQL"
    )


def test_the_password_of_the_database_is_not_printed(unstarted):
    _, said = failing(unstarted(database_url="postgresql://x:secret-word@127.0.0.1:1/none"))
    assert "secret-word" not in said


@pytest.mark.parametrize("url", ["nonsense", "mysql://localhost/x", "host=", "postgresql://[::1"])
def test_a_database_url_that_is_none(unstarted, url):
    code, said = failing(unstarted(database_url=url))
    assert 0 < code < 128 and "terminate called" not in said, said


def test_a_database_user_without_rights(server, unstarted):
    role = new_name("role").replace("-", "_")
    server.sql(f"CREATE ROLE {role} LOGIN")
    url = (
        server.database_url()
        .replace("user=chat_centre", f"user={role}")
        .replace("dbname=chat_centre", "dbname=postgres")
    )
    try:
        one_clear_line(failing(unstarted(database_url=url)), "rights")
    finally:
        server.sql(f"DROP ROLE {role}")


@pytest.mark.parametrize(
    "name, value",
    [
        ("PORT", "many"),
        ("PORT", "70000"),
        ("LOG_LEVEL", "shout"),
        ("LOG_FORMAT", "xml"),
        ("AI_INTENT_CONFIDENCE_THRESHOLD", "7"),
        ("RATE_LIMIT_SCALE", "-1"),
        ("HOST", "not a host"),
        ("ADMIN_PASSWORD", "short"),
        ("SYNC_API_KEY", "short"),
        ("BUSINESS_HOURS_END", "08:00"),
    ],
)
def test_a_bad_setting_is_named(unstarted, name, value):
    code, said = failing(unstarted(**{name: value}))
    assert 0 < code < 128 and name in said and "terminate called" not in said, said


def test_business_hours_hold_where_a_department_has_none(unstarted):
    server = unstarted(
        BUSINESS_HOURS_START="08:30", BUSINESS_HOURS_END="17:00", TIME_ZONE="Africa/Harare"
    ).start()
    admin = StaffApi(server.port, settings.ADMIN_EMAIL, settings.ADMIN_PASSWORD)
    path = "/api/v1/departments/sales/desk"
    desk = admin.get(path).json
    every_day = [{"day": day, "from": "08:30", "to": "17:00"} for day in range(1, 8)]
    company = {"time_zone": "Africa/Harare", "hours": every_day}
    assert desk["hours"] == [] and desk["time_zone"] == "Africa/Harare"
    assert desk["in_force"] == {"from": "company"} | company and desk["company_hours"] == company
    own = [{"day": 1, "from": "10:00", "to": "12:00"}]
    desk = admin.put(path, {"hours": own, "time_zone": "Asia/Riyadh"}, expect=200).json
    assert desk["in_force"] == {"from": "department", "time_zone": "Asia/Riyadh", "hours": own}
    made = new_name("d").lower()
    admin.post("/api/v1/departments", {"slug": made, "name_en": made, "name_ar": made}, expect=201)
    assert admin.get(f"/api/v1/departments/{made}/desk")["in_force"] == {"from": "company"} | company
    assert server.stop() == 0
    del server.environment["BUSINESS_HOURS_START"], server.environment["BUSINESS_HOURS_END"]
    server.start()
    admin = StaffApi(server.port, settings.ADMIN_EMAIL, settings.ADMIN_PASSWORD)
    assert admin.get(path)["in_force"]["from"] == "department"
    desk = admin.get(f"/api/v1/departments/{made}/desk").json
    assert desk["in_force"]["from"] == "always" and desk["company_hours"] is None


def test_a_data_folder_that_cannot_be(unstarted, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    code, said = failing(unstarted(DATA_DIR=str(tmp_path / "file" / "data")))
    assert 0 < code < 128 and "terminate called" not in said and str(tmp_path) in said, said


def test_an_edited_or_unknown_migration(unstarted):
    server = unstarted().start()
    assert server.stop() == 0
    for change, back, word in (
        (
            "UPDATE schema_migration SET checksum = 'x' || checksum WHERE number = 1",
            "UPDATE schema_migration SET checksum = substr(checksum, 2) WHERE number = 1",
            "edited",
        ),
        (
            "INSERT INTO schema_migration (number, name, checksum) VALUES (9999, '9999_from_the_future', 'x')",
            "DELETE FROM schema_migration WHERE number = 9999",
            "newer",
        ),
    ):
        other = unstarted(data_dir=server.data_dir, port=server.port).start()
        other.sql(change)
        assert other.stop() == 0
        refused = unstarted(data_dir=server.data_dir)
        one_clear_line(failing(refused), word)
        # Mend it by way of a cluster that we start ourselves, as an operator would.
        with_cluster = unstarted(data_dir=server.data_dir)
        mend(with_cluster, back)
        assert unstarted(data_dir=server.data_dir, port=server.port).start().stop() == 0


def mend(server, statement):
    """Runs a statement on a private cluster whose server is down."""
    folder = server.data_dir / "data" / "postgres"
    program = sorted(p for p in os.listdir("/usr/lib/postgresql"))[-1]
    single = [
        f"/usr/lib/postgresql/{program}/bin/postgres",
        "--single",
        "-D",
        str(folder / "data"),
        "chat_centre",
    ]
    if os.getuid() == 0:
        single = ["runuser", "-u", "postgres", "--"] + single
    subprocess.run(
        single,
        input=statement + "\n",
        text=True,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
    )


def test_first_start_prints_what_one_needs_and_only_once(unstarted):
    server = unstarted()
    for name in ("ADMIN_EMAIL", "ADMIN_PASSWORD", "SYNC_API_KEY"):
        del server.environment[name]
    server.start()
    said = server.log()
    assert f"127.0.0.1:{server.port}" in said and "/admin" in said
    assert "curl" in said and "/api/chat/sync" in said
    email = re.search(r"\b[\w.]+@[\w.]+\b", said)[0]
    words = set(re.findall(r"[A-Za-z0-9_-]{12,}", said))

    # What was printed works: one of the words is the password, one the key.
    key = next(
        w for w in words if Api(server.port, {"X-API-Key": w}).post("/api/chat/sync", {}).status == 422
    )
    password = None
    for word in sorted(words, key=lambda w: w.count("-"), reverse=True)[:15]:
        if Api(server.port).post("/api/v1/auth/login", {"email": email, "password": word}).status == 200:
            password = word
            break
    assert password, f"no printed word signs {email} in:\n{said}"

    assert server.stop() == 0
    server.log_path.unlink()
    server.start()
    assert password not in server.log() and key not in server.log()
    Api(server.port).post("/api/v1/auth/login", {"email": email, "password": password}, expect=200)
    assert server.stop() == 0


def test_a_killed_server_finds_its_database_again(unstarted):
    server = unstarted().start()
    first = SyncApi(server.port).send("u", "before").json
    pid = server.postmaster_pid()
    server.kill()
    assert os.path.exists(f"/proc/{pid}"), "the database outlives the server"
    server.start()
    assert server.postmaster_pid() == pid, "the running one is used"
    second = SyncApi(server.port).send("u", "after").json
    assert (second["conversation_id"], second["seq"]) == (first["conversation_id"], 2)
    assert server.stop() == 0
    until(lambda: not os.path.exists(f"/proc/{pid}"), "the database to end with the server")


def test_a_killed_database_comes_back_under_a_running_server(unstarted):
    server = unstarted().start()
    api = SyncApi(server.port)
    api.send("u", "before")
    pid = server.postmaster_pid()
    os.kill(pid, signal.SIGKILL)

    def accepted():
        reply = api.send("u", "after", message_id="after", expect=None)
        assert reply.status in (200, 503), reply
        if reply.status == 503:
            assert reply.headers["Retry-After"]
        return reply.status == 200

    until(accepted, "a post to be accepted again", timeout=90)
    # Backends outlive the postmaster for a moment, so the first post may still have met the old one.
    until(lambda: server.postmaster_pid() not in (None, pid), "PostgreSQL to be started again", timeout=90)
    until(
        lambda: api.send("u", "last", message_id="last", expect=None).status == 200,
        "a post to be accepted",
        timeout=90,
    )
    # Every connection finds back by itself, and each of them may still have met an old backend.
    admin = StaffApi(server.port, settings.ADMIN_EMAIL, settings.ADMIN_PASSWORD)
    until(
        lambda: all(admin.call("GET", "/api/v1/conversations").status == 200 for _ in range(8)),
        "the list to be shown",
        timeout=90,
    )
    (row,) = admin.get("/api/v1/conversations").json["items"]
    assert [m["message"] for m in admin.messages(row["conversation_id"])] == ["before", "after", "last"]
    assert server.stop() == 0


def test_the_last_admin_cannot_be_lost(unstarted):
    server = unstarted().start()
    admin = StaffApi(server.port, settings.ADMIN_EMAIL, settings.ADMIN_PASSWORD)
    for change in ({"role": "agent"}, {"active": False}):
        reply = admin.patch(f"/api/v1/staff/{admin.staff_id}", change)
        assert reply.status in (409, 422), reply
    assert admin.get("/api/v1/me").json["role"] == "admin"


def run(*arguments, **environment):
    return subprocess.run(
        [str(BINARY), *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=ROOT,
        env=os.environ | environment,
    )


def test_help_and_unknown_commands():
    helped = run("--help")
    assert helped.returncode == 0
    for command in ("serve", "migrate", "demo", "routes"):
        assert command in helped.stdout
    wrong = run("no-such-command")
    assert wrong.returncode != 0 and (wrong.stderr + wrong.stdout)


def test_routes_lists_every_route(server):
    listed = run("routes")
    assert listed.returncode == 0
    for path, methods in Api(server.port).get("/api/openapi.json").json["paths"].items():
        for method in methods:
            assert re.search(rf"{method.upper()}\s+{re.escape(path)}\s", listed.stdout), (method, path)


def test_migrate_is_repeatable(server):
    for _ in range(2):
        done = run("migrate", DATABASE_URL=server.database_url())
        assert done.returncode == 0, done.stderr
