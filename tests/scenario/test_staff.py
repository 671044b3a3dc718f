"""Staff, departments and the audit log."""

import time

import psycopg2
import pytest

from harness.api import new_name

pytestmark = pytest.mark.short


def test_hiring(admin, department):
    slug, email = department(), new_name() + "@example.org"
    profile = {
        "name": "Sarah Johnson",
        "email": email,
        "password": "green lantern by the river",
        "role": "agent",
        "departments": [slug],
        "languages": ["en", "ar"],
        "capacity": 7,
    }
    made = admin.post("/api/v1/staff", profile, expect=201).json
    assert made["staff_id"].startswith("STF-")
    for name in ("name", "email", "role", "departments", "languages", "capacity"):
        assert made[name] == profile[name], name
    assert made["active"] is True and made["open_conversations"] == 0
    listed = next(s for s in admin.items("/api/v1/staff") if s["staff_id"] == made["staff_id"])
    assert listed == made

    assert admin.post("/api/v1/staff", profile | {"email": email.upper()}).status == 409
    changed = admin.patch(
        f"/api/v1/staff/{made['staff_id']}", {"capacity": 3, "languages": ["en"]}, expect=200
    ).json
    assert (changed["capacity"], changed["languages"], changed["name"]) == (3, ["en"], "Sarah Johnson")


@pytest.mark.parametrize(
    "change, field",
    [
        ({"name": ""}, "name"),
        ({"email": "no address"}, "email"),
        ({"role": "king"}, "role"),
        ({"departments": ["no-such-department"]}, "departments"),
        ({"departments": "reception"}, "departments"),
        ({"capacity": -1}, "capacity"),
        ({"nonsense": 1}, "nonsense"),
    ],
)
def test_hiring_wrongly(admin, change, field):
    profile = {
        "name": "X",
        "email": new_name() + "@example.org",
        "password": "green lantern by the river",
        "role": "agent",
    }
    reply = admin.post("/api/v1/staff", profile | change)
    assert reply.status == 422, reply
    assert any(name.startswith(field) for name in reply.fields()), reply


def test_departments(admin, hire):
    shipped = {d["slug"] for d in hire("agent").items("/api/v1/departments")}
    assert shipped >= {
        "reception",
        "sales",
        "complaints",
        "billing",
        "tech-support",
        "account",
        "education",
        "medical",
        "goodsam",
        "scholarship",
    }
    slug = new_name("dep")
    body = {"slug": slug, "name_en": "Visas", "name_ar": "التأشيرات"}
    admin.post("/api/v1/departments", body, expect=201)
    assert admin.post("/api/v1/departments", body).status == 409
    assert (
        admin.patch(f"/api/v1/departments/{slug}", {"name_en": "Visa desk"}, expect=200)["name_en"]
        == "Visa desk"
    )
    assert admin.patch("/api/v1/departments/no-such-one", {"name_en": "X"}).status == 404
    for bad in ("", "Has Blanks", "ü", "x" * 200):
        assert "slug" in admin.post("/api/v1/departments", body | {"slug": bad}).fields()


# --- audit ---


def audit(admin, **query):
    return admin.items("/api/v1/audit", **query)


def test_what_staff_do_is_an_audit_row(admin, team, waiting_chat):
    slug, sarah, bob = team
    john = waiting_chat(slug)
    conversation = john.conversation_id
    sarah.act(conversation, "takeover")
    sarah.act(conversation, "hold")
    sarah.delete(f"{john.path}/hold", expect=200)
    sarah.patch(john.path, {"priority": "high"}, expect=200)
    sarah.act(conversation, "assignment", {"staff_id": bob.staff_id})
    bob.act(conversation, "handback")
    bob.act(conversation, "takeover") if bob.get(john.path, expect=None).status == 200 else admin.act(
        conversation, "takeover"
    )
    admin.patch(f"/api/v1/staff/{bob.staff_id}", {"capacity": 9}, expect=200)

    rows = audit(admin, target=conversation)
    actions = [row["action"] for row in rows]
    print(actions)
    for word in ("takeover", "hold", "assign", "handback"):
        assert any(word in action.replace("transfer", "assign") for action in actions), (word, actions)
    by_sarah = [row for row in rows if sarah.staff_id in str(row)]
    assert len(by_sarah) >= 5
    assert any("staff" in row["action"] for row in audit(admin, target=bob.staff_id))


def test_sign_ins_are_audited(admin, hire):
    sarah = hire("agent")
    rows = [row for row in audit(admin, actor=sarah.staff_id)] + [
        row for row in audit(admin, target=sarah.staff_id)
    ]
    assert any("login" in row["action"] or "sign" in row["action"] for row in rows), rows


def test_the_audit_log_cannot_be_changed(server):
    for statement in ("UPDATE audit SET action = 'nothing'", "DELETE FROM audit"):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            server.sql(statement)


def test_the_audit_log_holds_no_secrets(server, admin):
    from harness import server as settings

    everything = str(server.sql("SELECT * FROM audit"))
    for secret in (settings.ADMIN_PASSWORD, settings.SYNC_KEY, admin.token):
        assert secret not in everything


def test_times_are_utc_with_milliseconds(sync, admin):
    import re

    conversation = admin.conversation(sync.send(new_name(), "hello").json["conversation_id"])
    for name in ("created_at", "updated_at"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", conversation[name])
        assert conversation[name][:10] in (
            time.strftime("%Y-%m-%d", time.gmtime()),
            time.strftime("%Y-%m-%d", time.gmtime(time.time() - 60)),
        )
