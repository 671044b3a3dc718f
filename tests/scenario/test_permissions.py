"""Every route and every role. The two tables below are written by hand: they are what the product promises; the
routes come from the server's own OpenAPI document, so that a new one without a row fails here."""

import pytest

from harness.api import Api, new_name

pytestmark = pytest.mark.short

STAFF = {"agent", "engineer", "manager", "admin"}

# Permission -> who has it.
ALLOWED = {
    "open": STAFF | {"customer", "key", "nobody"},
    "signed_in": STAFF,
    "sync.write": {"key", "admin"},
    "conversation.read": STAFF | {"customer"},
    "conversation.write": {"agent", "manager", "admin", "customer"},
    "conversation.rate": {"customer"},
    "conversation.note": STAFF,
    "conversation.take": {"agent", "manager", "admin"},
    "conversation.reassign": {"manager", "admin"},
    "queue.read": STAFF,
    "staff.read": STAFF,
    "staff.write": {"manager", "admin"},
    "department.write": {"manager", "admin"},
    "api_key.write": {"admin"},
    "audit.read": {"admin"},
    "events.all": {"manager", "admin"},
    "analysis.read": STAFF,
    "ticket.read": STAFF,
    "ticket.comment": STAFF,
    "ticket.write": {"agent", "manager", "admin"},
    "ticket.reassign": {"manager", "admin"},
    "contact.read": STAFF,
    "contact.write": {"agent", "manager", "admin"},
    "search.read": STAFF,
    "export.data": {"admin"},
    "template.read": STAFF,
    "template.write": {"manager", "admin"},
    "desk.read": STAFF,
    "desk.write": {"manager", "admin"},
    "webhook.write": {"admin"},
    "notification.own": STAFF,
    "supervise": {"manager", "admin"},
    "quality.read": {"manager", "admin"},
    "quality.write": {"manager", "admin"},
    "bot.switch": {"agent", "manager", "admin", "key"},
    # Keys have these by their scopes; the one here is for syncing only.
    "assistant.use": {"admin"},
    "tool.use": {"admin"},
}

# Route -> permission.
ROUTES = {
    "POST /api/v1/auth/login": "open",
    "POST /api/v1/auth/refresh": "open",
    "POST /api/v1/auth/logout": "open",
    "GET /api/v1/me": "signed_in",
    "PATCH /api/v1/me": "signed_in",
    "GET /api/v1/staff": "staff.read",
    "GET /api/v1/staff/{id}": "staff.read",
    "POST /api/v1/staff": "staff.write",
    "PATCH /api/v1/staff/{id}": "staff.write",
    "GET /api/v1/departments": "staff.read",
    "POST /api/v1/departments": "department.write",
    "PATCH /api/v1/departments/{slug}": "department.write",
    "GET /api/v1/api-keys": "api_key.write",
    "POST /api/v1/api-keys": "api_key.write",
    "DELETE /api/v1/api-keys/{id}": "api_key.write",
    "POST /api/chat/sync": "sync.write",
    "POST /api/v1/chat/sync": "sync.write",
    "GET /api/v1/conversations": "queue.read",
    "POST /api/v1/conversations/start": "open",
    "GET /api/v1/conversations/{id}": "conversation.read",
    "PATCH /api/v1/conversations/{id}": "conversation.take",
    "GET /api/v1/conversations/{id}/messages": "conversation.read",
    "POST /api/v1/conversations/{id}/messages": "conversation.write",
    "POST /api/v1/conversations/{id}/notes": "conversation.note",
    "POST /api/v1/conversations/{id}/takeover": "conversation.take",
    "POST /api/v1/conversations/{id}/handback": "conversation.take",
    "POST /api/v1/conversations/{id}/assignment": "conversation.take",
    "POST /api/v1/conversations/{id}/handover": "conversation.write",
    "POST /api/v1/conversations/{id}/resolution": "conversation.take",
    "POST /api/v1/conversations/{id}/hold": "conversation.take",
    "DELETE /api/v1/conversations/{id}/hold": "conversation.take",
    "POST /api/v1/conversations/{id}/reopening": "conversation.take",
    "POST /api/v1/conversations/{id}/rating": "conversation.rate",
    "PUT /api/v1/conversations/{id}/read": "conversation.note",
    "PUT /api/v1/conversations/{id}/draft": "conversation.note",
    "PUT /api/v1/messages/{id}/feedback": "conversation.read",
    "GET /api/v1/tickets": "ticket.read",
    "GET /tickets": "ticket.read",
    "POST /api/v1/tickets": "ticket.write",
    "POST /tickets": "open",
    "GET /api/v1/tickets/{id}": "ticket.read",
    "GET /tickets/{id}": "ticket.read",
    "PATCH /api/v1/tickets/{id}": "ticket.write",
    "PATCH /tickets/{id}": "ticket.write",
    "POST /api/v1/tickets/{id}/reply": "ticket.write",
    "POST /tickets/{id}/reply": "ticket.write",
    "POST /api/v1/tickets/{id}/notes": "ticket.comment",
    "POST /api/v1/tickets/{id}/assignment": "ticket.write",
    "POST /api/v1/tickets/{id}/escalation": "ticket.write",
    "POST /api/v1/tickets/{id}/merge": "ticket.write",
    "POST /api/v1/tickets/{id}/links": "ticket.write",
    "PUT /api/v1/tickets/{id}/followers/{staff_id}": "ticket.read",
    "DELETE /api/v1/tickets/{id}/followers/{staff_id}": "ticket.read",
    "GET /api/v1/tickets/{id}/history": "ticket.read",
    "POST /api/v1/conversations/{id}/ticket": "ticket.write",
    "GET /api/v1/portal/tickets/{token}": "open",
    "POST /api/v1/portal/tickets/{token}": "open",
    "GET /api/v1/sla-policies": "desk.read",
    "POST /api/v1/sla-policies": "desk.write",
    "GET /api/v1/sla-policies/{id}": "desk.read",
    "PATCH /api/v1/sla-policies/{id}": "desk.write",
    "DELETE /api/v1/sla-policies/{id}": "desk.write",
    "GET /api/v1/articles": "template.read",
    "POST /api/v1/articles": "template.write",
    "GET /api/v1/articles/suggestions": "template.read",
    "POST /api/v1/articles/preview": "template.read",
    "POST /api/v1/articles/import": "template.write",
    "GET /api/v1/articles/{id}": "template.read",
    "PATCH /api/v1/articles/{id}": "template.write",
    "DELETE /api/v1/articles/{id}": "template.write",
    "GET /api/v1/articles/{id}/versions": "template.read",
    "POST /api/v1/articles/{id}/versions/{version}/restoration": "template.write",
    "GET /api/v1/articles/{id}/days": "template.read",
    "POST /api/v1/articles/{id}/uses": "template.read",
    "POST /api/v1/articles/{id}/flags": "template.read",
    "GET /api/v1/article-flags": "template.read",
    "POST /api/v1/article-flags": "template.read",
    "POST /api/v1/article-flags/{id}/resolution": "template.write",
    "GET /api/v1/help/suggestions": "open",
    "POST /api/v1/help/articles/{slug}/feedback": "open",
    "GET /help": "open",
    "GET /help/": "open",
    "GET /help/style.css": "open",
    "GET /help/{language}": "open",
    "GET /help/{language}/{slug}": "open",
    "POST /help/{language}/{slug}/feedback": "open",
    "GET /api/v1/queue": "queue.read",
    "GET /api/v1/events": "conversation.read",
    "GET /api/v1/audit": "audit.read",
    "POST /api/v1/analysis": "analysis.read",
    "GET /api/v1/contacts": "contact.read",
    "POST /api/v1/contacts": "contact.write",
    "GET /api/v1/contacts/{id}": "contact.read",
    "PATCH /api/v1/contacts/{id}": "contact.write",
    "GET /api/v1/contacts/{id}/timeline": "contact.read",
    "GET /api/v1/contacts/{id}/duplicates": "contact.read",
    "POST /api/v1/contacts/{id}/merge": "contact.write",
    "PUT /api/v1/contacts/{id}/identities": "contact.write",
    "POST /api/v1/contact-merges/{id}/undo": "contact.write",
    "GET /api/v1/leads": "contact.read",
    "POST /api/v1/leads": "contact.write",
    "PATCH /api/v1/leads/{id}": "contact.write",
    "GET /api/v1/activities": "contact.read",
    "POST /api/v1/activities": "contact.write",
    "GET /api/v1/tasks": "contact.read",
    "POST /api/v1/tasks": "contact.write",
    "PATCH /api/v1/tasks/{id}": "contact.write",
    "GET /api/v1/handover-report": "quality.read",
    "GET /api/v1/notifications": "notification.own",
    "PUT /api/v1/notifications/read": "notification.own",
    "POST /api/v1/notifications/{id}/acknowledgement": "notification.own",
    "GET /api/v1/me/notification-preferences": "notification.own",
    "PUT /api/v1/me/notification-preferences": "notification.own",
    "GET /api/v1/webhooks": "webhook.write",
    "POST /api/v1/webhooks": "webhook.write",
    "GET /api/v1/webhooks/{id}": "webhook.write",
    "PATCH /api/v1/webhooks/{id}": "webhook.write",
    "DELETE /api/v1/webhooks/{id}": "webhook.write",
    "POST /api/v1/webhooks/{id}/secret": "webhook.write",
    "POST /api/v1/webhooks/{id}/test": "webhook.write",
    "GET /api/v1/webhooks/{id}/deliveries": "webhook.write",
    "POST /api/v1/webhook-deliveries/{id}/replay": "webhook.write",
    "GET /api/v1/integrations": "desk.write",
    "POST /api/v1/integrations": "desk.write",
    "PATCH /api/v1/integrations/{id}": "desk.write",
    "DELETE /api/v1/integrations/{id}": "desk.write",
    "POST /api/v1/integrations/{id}/test": "desk.write",
    "GET /api/v1/outbox": "desk.write",
    "GET /api/v1/outbox/{id}": "desk.write",
    "POST /api/v1/outbox/{id}/retry": "desk.write",
    "GET /api/v1/mail/status": "desk.write",
    "POST /api/v1/mail/test": "desk.write",
    "GET /api/v1/rules": "desk.read",
    "POST /api/v1/rules": "desk.write",
    "POST /api/v1/rules/try": "desk.read",
    "GET /api/v1/rules/{id}": "desk.read",
    "PATCH /api/v1/rules/{id}": "desk.write",
    "DELETE /api/v1/rules/{id}": "desk.write",
    "GET /api/v1/categories": "desk.read",
    "POST /api/v1/categories": "desk.write",
    "PATCH /api/v1/categories/{slug}": "desk.write",
    "GET /api/v1/scenarios": "desk.read",
    "POST /api/v1/scenarios": "desk.write",
    "GET /api/v1/scenarios/{slug}": "desk.read",
    "PATCH /api/v1/scenarios/{slug}": "desk.write",
    "GET /api/v1/scenarios/{slug}/branding": "open",
    "GET /api/v1/departments/{slug}/desk": "desk.read",
    "PUT /api/v1/departments/{slug}/desk": "desk.write",
    "GET /api/v1/staff/{id}/skills": "desk.read",
    "PUT /api/v1/staff/{id}/skills": "desk.write",
    "GET /api/v1/conversations/{id}/decisions": "desk.read",
    "GET /api/v1/me/offers": "conversation.take",
    "POST /api/v1/conversations/{id}/acceptance": "conversation.take",
    "GET /api/v1/search": "search.read",
    "GET /api/v1/views": "search.read",
    "POST /api/v1/views": "search.read",
    "PATCH /api/v1/views/{id}": "search.read",
    "DELETE /api/v1/views/{id}": "search.read",
    "GET /api/v1/export/{what}": "export.data",
    "GET /api/v1/conversations/{id}/transcript": "conversation.read",
    "GET /health/live": "open",
    "GET /health/ready": "open",
    "GET /metrics": "open",
    "GET /api/openapi.json": "open",
    "GET /docs": "open",
    "GET /redoc": "open",
    "GET /ws": "open",
    "GET /ws/{conversation_id}": "open",
    "GET /": "open",
    "GET /admin": "open",
    "GET /widget/demo": "open",
}

# Canned replies, macros, quality, supervision.
ROUTES |= {
    "GET /api/v1/templates": "template.read",
    "POST /api/v1/templates": "template.write",
    "GET /api/v1/templates/suggestions": "template.read",
    "GET /api/v1/templates/{id}": "template.read",
    "PATCH /api/v1/templates/{id}": "template.write",
    "DELETE /api/v1/templates/{id}": "template.write",
    "POST /api/v1/templates/{id}/text": "template.read",
    "GET /api/v1/macros": "template.read",
    "POST /api/v1/macros": "template.write",
    "PATCH /api/v1/macros/{id}": "template.write",
    "DELETE /api/v1/macros/{id}": "template.write",
    "POST /api/v1/macros/{id}/run": "conversation.take",
    "POST /api/v1/macro-runs/{id}/undo": "conversation.take",
    "GET /api/v1/scorecards": "quality.read",
    "POST /api/v1/scorecards": "quality.write",
    "PATCH /api/v1/scorecards/{id}": "quality.write",
    "GET /api/v1/reviews": "quality.read",
    "POST /api/v1/reviews": "quality.write",
    "GET /api/v1/reviews/summary": "quality.read",
    "GET /api/v1/conversations/{id}/reviews": "quality.read",
    "GET /api/v1/calibrations": "quality.read",
    "POST /api/v1/conversations/{id}/example": "quality.write",
    "GET /api/v1/examples": "quality.read",
    "DELETE /api/v1/examples/{id}": "quality.write",
    "GET /api/v1/faq-candidates": "quality.read",
    "POST /api/v1/faq-candidates/{id}/approve": "quality.write",
    "POST /api/v1/faq-candidates/{id}/reject": "quality.write",
    "GET /api/v1/training-examples": "quality.read",
    "POST /api/v1/training-examples": "quality.write",
    "DELETE /api/v1/training-examples/{id}": "quality.write",
    "POST /api/v1/conversations/{id}/suggestion-outcomes": "conversation.take",
    "GET /api/v1/evaluations": "quality.read",
    "GET /api/v1/conversations/{id}/supervision": "supervise",
    "POST /api/v1/conversations/{id}/watch": "supervise",
    "DELETE /api/v1/conversations/{id}/watch": "supervise",
    "POST /api/v1/conversations/{id}/whisper": "supervise",
    "POST /api/v1/conversations/{id}/barge": "supervise",
    "DELETE /api/v1/conversations/{id}/barge": "supervise",
}

# Channels.
ROUTES |= {
    "GET /api/v1/channels": "signed_in",
    "POST /api/v1/channels": "webhook.write",
    "POST /api/v1/channels/preview": "webhook.write",
    "GET /api/v1/channels/{name}": "webhook.write",
    "PATCH /api/v1/channels/{name}": "webhook.write",
    "DELETE /api/v1/channels/{name}": "webhook.write",
    "POST /api/v1/channels/{name}/secret": "webhook.write",
    "POST /api/v1/channels/{name}/test": "webhook.write",
    "GET /api/v1/channel-deliveries": "desk.write",
    "POST /api/v1/channel-deliveries/{id}/retry": "desk.write",
    "GET /api/v1/conversations/{id}/deliveries": "conversation.note",
    "POST /webhook": "open",
    "POST /channels/{name}": "open",
    "GET /api/bot/status/{phone}": "open",
    "GET /api/v1/bot/status/{phone}": "open",
    "POST /api/bot/toggle/{phone}": "bot.switch",
    "POST /api/v1/bot/toggle/{phone}": "bot.switch",
    "GET /api/v1/conversations/{id}/bot": "bot.switch",
    "POST /api/v1/conversations/{id}/bot": "bot.switch",
}

# The guided intake and its prompts.
ROUTES |= {
    "POST /api/v1/intake/start": "open",
    "GET /api/v1/intake/features": "open",
    "GET /api/v1/intake": "queue.read",
    "GET /api/v1/intake/{id}": "conversation.read",
    "POST /api/v1/intake/{id}/input": "conversation.write",
    "GET /api/v1/intake/{id}/transcript": "conversation.read",
    "POST /api/v1/intake/{id}/language": "conversation.write",
    "POST /api/v1/intake/{id}/hold": "conversation.write",
    "POST /api/v1/intake/{id}/mute": "conversation.take",
    "POST /api/v1/intake/{id}/transfer": "conversation.write",
    "POST /api/v1/intake/{id}/end": "conversation.write",
    "GET /api/v1/prompts": "desk.read",
    "GET /api/v1/prompts/{department}/{key}/{language}": "desk.read",
    "PUT /api/v1/prompts/{department}/{key}/{language}": "desk.write",
    "DELETE /api/v1/prompts/{department}/{key}/{language}": "desk.write",
    "POST /api/v1/prompts/{department}/{key}/{language}/preview": "desk.read",
}

# ElevenLabs.
ROUTES |= {
    "POST /api/v1/convai/sessions": "sync.write",
    "POST /webhooks/elevenlabs": "open",
    "POST /v1/chat/completions": "assistant.use",
    "POST /chat/completions": "assistant.use",
    "POST /api/elevenlabs/tools/request-staff": "tool.use",
    "POST /api/elevenlabs/tools/lookup": "tool.use",
    "POST /api/elevenlabs/conversation-init": "tool.use",
    "GET /api/elevenlabs/signed-url": "open",
    "GET /api/v1/integrations/elevenlabs": "webhook.write",
    "PUT /api/v1/integrations/elevenlabs": "webhook.write",
    "POST /api/v1/integrations/elevenlabs/test": "webhook.write",
    "GET /api/v1/integrations/elevenlabs/checklist": "webhook.write",
    "GET /api/v1/conversations/{id}/facts": "conversation.note",
}

# Calling these with an empty body as their owner ends the session that later cells need, or is no JSON call.
NOT_CALLED = {"POST /api/v1/auth/logout", "GET /ws", "GET /ws/{id}"}


@pytest.fixture(scope="module")
def operations(server):
    document = Api(server.port).get("/api/openapi.json").json
    return {
        f"{method.upper()} {path}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in ("get", "post", "put", "patch", "delete")
    }


@pytest.fixture(scope="module")
def callers(server, hire, sync, start_chat):
    staff = {role: hire(role) for role in sorted(STAFF)}
    return staff | {"customer": start_chat(), "key": sync, "nobody": Api(server.port)}


def normal(route):
    """{id}, {conversation_id} and {slug} are all one thing to the table."""
    method, path = route.split(" ", 1)
    parts = ["{}" if part.startswith("{") else part for part in path.split("/")]
    return f"{method} {'/'.join(parts)}"


def test_every_route_has_a_row(operations):
    expected = {normal(route): permission for route, permission in ROUTES.items()}
    unknown = {r: o["x-permission"] for r, o in operations.items() if normal(r) not in expected}
    assert unknown == {}, "routes without a row in this table"
    wrong = {
        r: (o["x-permission"], expected[normal(r)])
        for r, o in operations.items()
        if o["x-permission"] != expected[normal(r)]
    }
    assert wrong == {}, "permission of the route, and what the table says"


def test_the_documented_routes_exist(operations):
    existing = {normal(r) for r in operations}
    pages = {"GET /docs", "GET /redoc", "GET /", "GET /admin", "GET /widget/demo"}
    later = {"POST /api/v1/analysis", "GET /api/v1/staff/{id}"}
    assert {r for r in ROUTES if normal(r) not in existing} <= pages | later


def test_every_route_and_every_role(operations, callers, figure):
    """A caller without the permission gets 401 (no credential) or 403, whatever else is wrong with the call; a caller
    with it gets anything but that. Ids do not exist and bodies are empty, so nothing is changed."""
    wrong, cells = [], 0
    for route, operation in operations.items():
        if route in NOT_CALLED:
            continue
        method, path = route.split(" ", 1)
        for name in ("{id}", "{conversation_id}"):
            path = path.replace(name, "MSG-0" if "messages" in path.split("{")[0] else "CONV-999999999")
        path = "/".join("none-such" if part.startswith("{") else part for part in path.split("/"))
        for role, api in callers.items():
            body = {} if method in ("POST", "PUT", "PATCH") else None
            status = api.call(method, path, body).status
            allowed = role in ALLOWED[operation["x-permission"]]
            refused = status == (401 if role == "nobody" else 403)
            cells += 1
            if status >= 500 or (not allowed and not refused) or (allowed and status == 403):
                wrong.append((route, role, status, "allowed" if allowed else "refused"))
    figure(f"permission table: {cells} cells of {len(operations)} routes and {len(callers)} callers")
    assert not wrong


def test_what_the_server_says_one_may_do(callers):
    for role in sorted(STAFF):
        said = set(callers[role].get("/api/v1/me").json["permissions"])
        assert said == {p for p, who in ALLOWED.items() if role in who and p != "open"}, role


def test_nobody_makes_themselves_more(admin, hire):
    sarah = hire("agent")
    for body in (
        {"role": "admin"},
        {"departments": ["reception"]},
        {"active": True},
        {"staff_id": "STF-1"},
        {"capacity": 9},
    ):
        assert sarah.patch("/api/v1/me", body).status in (403, 422), body
    assert sarah.get("/api/v1/me").json["role"] == "agent"
    assert sarah.patch(f"/api/v1/staff/{sarah.staff_id}", {"role": "admin"}).status == 403
    profile = {
        "name": "X",
        "email": new_name() + "@example.org",
        "password": "a password of length",
        "role": "owner",
    }
    assert admin.post("/api/v1/staff", profile).fields() == {"role"}


def test_a_manager_makes_and_changes_staff(hire, department):
    manager, slug = hire("manager"), department()
    email = new_name() + "@example.org"
    profile = {"name": "Bob", "email": email, "password": "green lantern by the river", "departments": [slug]}
    made = manager.post("/api/v1/staff", profile, expect=201).json
    path = f"/api/v1/staff/{made['staff_id']}"
    manager.patch(path, {"role": "engineer", "capacity": 3, "password": "another lantern by it"}, expect=200)
    assert manager.patch(path, {"role": "manager", "active": False}, expect=200)["active"] is False
    body = {"slug": new_name("dep"), "name_en": "Visas", "name_ar": "التأشيرات"}
    manager.post("/api/v1/departments", body, expect=201)
    manager.patch(f"/api/v1/departments/{body['slug']}", {"name_en": "Visa desk"}, expect=200)


def test_a_manager_becomes_no_admin_by_any_path(admin, hire):
    """Not themselves, not through somebody else, not by taking an admin's account over or away."""
    manager, agent, boss = hire("manager"), hire("agent"), hire("admin")
    profile = {"name": "X", "email": new_name() + "@example.org", "password": "a password of length"}
    assert manager.post("/api/v1/staff", profile | {"role": "admin"}).status == 403
    assert profile["email"] not in [s["email"] for s in admin.items("/api/v1/staff")]
    for target in (manager.staff_id, agent.staff_id):
        assert manager.patch(f"/api/v1/staff/{target}", {"role": "admin"}).status == 403
        assert manager.patch(f"/api/v1/staff/{target}", {"role": "admin", "active": False}).status == 403
    for change in (
        {"password": "a password of mine"},
        {"active": False},
        {"role": "agent"},
        {"role": "admin"},
        {"name": "Y"},
        {"departments": []},
        {"capacity": 0},
        {},
    ):
        assert manager.patch(f"/api/v1/staff/{boss.staff_id}", change).status == 403, change
    assert boss.get("/api/v1/me", expect=200)["role"] == "admin", "their sign-in goes on"
    # One's own password needs the present one.
    assert manager.patch(f"/api/v1/staff/{manager.staff_id}", {"password": "a password of mine"}).status == 403
    assert manager.patch("/api/v1/me", {"password": "a password of mine"}).status == 422
    assert manager.post("/api/v1/api-keys", {"name": "mine"}).status == 403
    assert manager.get("/api/v1/api-keys", expect=403) and manager.delete("/api/v1/api-keys/KEY-1").status == 403
    # Somebody whom a manager promoted has a manager's rights, no more.
    manager.patch(f"/api/v1/staff/{agent.staff_id}", {"role": "manager"}, expect=200)
    assert admin.get(f"/api/v1/staff/{agent.staff_id}")["role"] == "manager"
    for caller in (agent, hire("engineer")):
        assert caller.patch(f"/api/v1/staff/{boss.staff_id}", {"active": False}).status in (401, 403)
    assert admin.get(f"/api/v1/staff/{boss.staff_id}")["active"] is True


def test_an_agent_changes_no_account(hire):
    sarah, bob = hire("agent"), hire("agent")
    profile = {"name": "X", "email": new_name() + "@example.org", "password": "a password of length"}
    assert sarah.post("/api/v1/staff", profile).status == 403
    assert sarah.patch(f"/api/v1/staff/{bob.staff_id}", {"active": False}).status == 403
