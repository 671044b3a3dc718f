"""The audit log tells of an edit made in the database, by whoever could switch its triggers off."""

import subprocess

import pytest

from harness.server import BINARY, ROOT, Server
from harness.api import StaffApi, new_name
from harness.server import ADMIN_EMAIL, ADMIN_PASSWORD
from harness.waiting import until

pytestmark = pytest.mark.short


@pytest.fixture(scope="module")
def centre():
    """A server of its own: these tests damage the log."""
    with Server() as running:
        api = StaffApi(running.port, ADMIN_EMAIL, ADMIN_PASSWORD)
        for _ in range(12):
            slug = new_name("dep")
            api.post("/api/v1/departments", {"slug": slug, "name_en": slug, "name_ar": "قسم"}, expect=201)
        yield running, api


def verify(server, *options):
    done = subprocess.run(
        [str(BINARY), "audit", "verify", *options],
        env=server.environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stdout + done.stderr


def sealed(server):
    return until(
        lambda: server.sql("SELECT count(*) FROM audit")[0] == server.sql("SELECT count(*) FROM audit_seal")[0],
        "every row to be sealed",
    )


def edit(server, statement):
    server.sql("SET session_replication_role = replica; " + statement)


def test_whole_and_shown(centre):
    server, api = centre
    sealed(server)
    code, said = verify(server)
    assert code == 0 and "The chain is whole." in said, said
    head = said.split("Head: ")[1].split()[0]
    assert server.sql("SELECT hash FROM audit_seal ORDER BY seal_no DESC LIMIT 1")[0][0] == head
    newest = api.get("/api/v1/audit").json["items"][0]
    assert len(newest["hash"]) == 64
    assert verify(server, "--head", head)[0] == 0
    code, said = verify(server, "--head", "a" * 64)
    assert code == 1 and "cut or made anew" in said


@pytest.mark.parametrize(
    "damage, mend, told",
    [
        (
            "UPDATE audit SET actor_name = 'Somebody else' WHERE audit_id = 5",
            "UPDATE audit SET actor_name = (SELECT actor_name FROM kept) WHERE audit_id = 5",
            "First fault: row 5 was changed",
        ),
        (
            "DELETE FROM audit WHERE audit_id = 5",
            "INSERT INTO audit OVERRIDING SYSTEM VALUE SELECT * FROM kept",
            "First fault: row 5 is missing",
        ),
        (
            "INSERT INTO audit (audit_id, actor_kind, action) OVERRIDING SYSTEM VALUE VALUES (0, 'system', 'staff.create')",
            "DELETE FROM audit WHERE audit_id = 0; DELETE FROM audit_seal WHERE audit_id = 0",
            "First fault: row 0 was not written by this program (staff.create)",
        ),
    ],
)
def test_an_edit_by_a_superuser_is_named(centre, damage, mend, told):
    server, api = centre
    sealed(server)
    with pytest.raises(Exception, match="append-only"):
        server.sql("UPDATE audit SET actor_name = 'x' WHERE audit_id = 5")
    server.sql("DROP TABLE IF EXISTS kept; CREATE TABLE kept AS SELECT * FROM audit WHERE audit_id = 5")
    assert verify(server)[0] == 0
    edit(server, damage)
    code, said = verify(server)
    assert code == 1 and told in said, said
    edit(server, mend)
    code, said = verify(server)
    assert code == 0, said


def test_verify_without_a_server(centre):
    server, api = centre
    api.post("/api/v1/departments", {"slug": new_name("dep"), "name_en": "x", "name_ar": "س"}, expect=201)
    assert server.stop() == 0
    code, said = verify(server)
    assert code == 0 and " 0 not yet" in said, said
    server.start()
