"""Canned replies and macros: several things in one step, recorded, and undone as far as that goes."""

import pytest

from harness.api import new_name

pytestmark = pytest.mark.short


@pytest.fixture
def desk(hire, department, waiting_chat):
    """A department, its agent, and a chat that the agent has taken."""
    slug = department()
    sarah = hire("agent", slug, name="Sarah Johnson")
    john = waiting_chat(slug, name="John Doe")
    sarah.act(john.conversation_id, "takeover")
    return slug, sarah, john


def by_shortcut(api, shortcut):
    return next(t for t in api.items("/api/v1/templates") if t["shortcut"] == shortcut)


def text_of(api, template, conversation, expect=200):
    return api.post(
        f"/api/v1/templates/{template['template_id']}/text", {"conversation_id": conversation}, expect=expect
    ).json


# --- templates ---


def test_shipped_templates_are_in_both_languages(hire):
    shipped = [t for t in hire("agent").items("/api/v1/templates") if t["uses"] >= 0 and t["shortcut"]]
    assert {t["shortcut"] for t in shipped} >= {"hi", "docs", "await", "bye", "follow"}
    for one in shipped:
        if one["shortcut"] in ("hi", "docs", "await", "bye", "follow", "send", "wait", "sorry"):
            assert one["body_en"] and one["body_ar"], one
    docs = by_shortcut(hire("agent"), "docs")["body_en"]
    for alternative in ("payslips", "Employer letter", "Business registration"):
        assert alternative in docs


def test_the_greeting_names_everybody(desk):
    slug, sarah, john = desk
    made = text_of(sarah, by_shortcut(sarah, "hi"), john.conversation_id)
    assert made["text"] == f"Hi John Doe, I'm Sarah Johnson from {slug.title()} team. How can I help you?"
    assert made["language"] == "en" and made["unknown"] == [] and made["empty"] == []


def test_the_conversations_language_decides(hire, department, waiting_chat):
    slug = department()
    sarah = hire("agent", slug)
    ahmed = waiting_chat(slug, name="أحمد", language="ar")
    sarah.act(ahmed.conversation_id, "takeover")
    made = text_of(sarah, by_shortcut(sarah, "wait"), ahmed.conversation_id)
    assert made["language"] == "ar" and made["text"] == "لحظة من فضلك أحمد، أنا أتحقق من الأمر."


def test_what_cannot_be_filled_is_named(manager, desk):
    _, sarah, john = desk
    made = manager.post(
        "/api/v1/templates",
        {"name": new_name("t"), "body_en": "{{customer.phone}} {{customer.nmae}} {{company}}"},
        expect=201,
    ).json
    text = text_of(sarah, made, john.conversation_id)
    assert text["empty"] == ["customer.phone"] and text["unknown"] == ["customer.nmae"]
    assert text["text"].startswith("{{customer.phone}} {{customer.nmae}} ")


def test_making_and_changing_a_template(manager, admin, hire):
    shortcut = new_name("s")
    body = {"name": "Visa", "shortcut": shortcut, "body_en": "Your visa", "department": "education", "tags": ["visa"]}
    made = manager.post("/api/v1/templates", body, expect=201).json
    path = f"/api/v1/templates/{made['template_id']}"
    assert made["department"] == "education" and made["tags"] == ["visa"]
    assert manager.post("/api/v1/templates", body | {"shortcut": shortcut.upper()}).status == 409
    changed = manager.patch(path, {"body_ar": "تأشيرتك", "department": "", "tags": []}, expect=200).json
    assert (changed["body_en"], changed["body_ar"], changed["department"]) == ("Your visa", "تأشيرتك", None)
    assert hire("agent").get(path).json == changed
    assert [t["template_id"] for t in manager.items("/api/v1/templates", q="تأشيرتك")] == [made["template_id"]]
    assert "body_en" in manager.patch(path, {"body_en": "", "body_ar": " "}, expect=422).fields()
    assert "department" in manager.patch(path, {"department": "none-such"}, expect=422).fields()
    assert "shortcut" in manager.patch(path, {"shortcut": "two words"}, expect=422).fields()
    assert hire("agent").patch(path, {"name": "Mine"}).status == 403
    manager.delete(path, expect=204)
    assert manager.get(path, expect=None).status == 404
    actions = {row["action"] for row in admin.items("/api/v1/audit", target=made["template_id"])}
    assert actions == {"template.create", "template.change", "template.delete"}


def test_suggestions_while_typing(manager, desk):
    slug, sarah, john = desk
    word = new_name("zebra").replace("-", "")
    ours = manager.post(
        "/api/v1/templates", {"name": "Ours " + word, "body_en": "x", "department": slug}, expect=201
    ).json
    general = manager.post("/api/v1/templates", {"name": "All " + word, "body_en": "x"}, expect=201).json
    found = sarah.get(
        "/api/v1/templates/suggestions", q=word[:8], conversation_id=john.conversation_id
    ).json["items"]
    assert [t["template_id"] for t in found] == [ours["template_id"], general["template_id"]]
    assert sarah.get("/api/v1/templates/suggestions", q="/docs").json["items"][0]["shortcut"] == "docs"
    assert len(sarah.get("/api/v1/templates/suggestions", q="", limit=3).json["items"]) == 3
    assert sarah.get("/api/v1/templates/suggestions", q="no such words at all").json["items"] == []


def test_nobody_renders_for_a_conversation_they_do_not_see(desk, hire):
    _, sarah, john = desk
    text_of(hire("agent"), by_shortcut(sarah, "hi"), john.conversation_id, expect=404)


# --- macros ---


def make_macro(manager, *steps):
    body = {"name": new_name("macro"), "steps": [{"do": do, "value": value} for do, value in steps]}
    return manager.post("/api/v1/macros", body, expect=201).json["macro_id"]


def run(api, macro, john, expect=200):
    return api.post(f"/api/v1/macros/{macro}/run", {"conversation_id": john.conversation_id}, expect=expect).json


def undo(api, done, expect=200):
    return api.post(f"/api/v1/macro-runs/{done['run_id']}/undo", expect=expect).json


def test_one_step_for_many(manager, admin, desk):
    _, sarah, john = desk
    macro = make_macro(
        manager,
        ("send", "Hi {{customer.first_name}}, we wait for your papers."),
        ("note", "told {{customer.name}}"),
        ("tag", "awaiting"),
        ("priority", "low"),
        ("category", "education_scholarship"),
        ("status", "resolved:awaiting_documents"),
    )
    done = run(sarah, macro, john)
    assert [step["do"] for step in done["done"]] == ["send", "note", "tag", "priority", "category", "status"]
    assert done["failed"] is None
    after = sarah.conversation(john.conversation_id)
    assert (after["status"], after["outcome"]) == ("resolved", "awaiting_documents")
    assert (after["priority"], after["category"], after["tags"]) == ("low", "education_scholarship", ["awaiting"])
    assert after["notes"][-1]["body"] == "told John Doe"
    assert john.messages(john.conversation_id)[-1]["message"] == "Hi John, we wait for your papers."
    assert done["conversation"]["status"] == "resolved"
    assert "macro.run" in {row["action"] for row in admin.items("/api/v1/audit", target=john.conversation_id)}

    undone = undo(sarah, done)
    assert [step["do"] for step in undone["not_undone"]] == ["send"] and undone["not_undone"][0]["why"]
    assert {step["do"] for step in undone["undone"]} == {"note", "tag", "priority", "category", "status"}
    before = sarah.conversation(john.conversation_id)
    assert (before["status"], before["priority"], before["category"]) == ("active", "normal", None)
    assert before["tags"] == [] and before["notes"] == [] and before["outcome"] is None
    assert before["assigned_staff"]["staff_id"] == sarah.staff_id
    assert undo(sarah, done, expect=409)["detail"]


def test_the_shipped_macros_work(desk):
    _, sarah, john = desk
    macros = {m["name"]: m["macro_id"] for m in sarah.items("/api/v1/macros")}
    done = run(sarah, macros["Resolved - awaiting documents"], john)
    assert done["failed"] is None
    assert done["conversation"]["outcome"] == "awaiting_documents"
    assert john.conversation_id in john.messages(john.conversation_id)[-1]["message"]


def test_all_or_nothing_before_a_message_is_sent(manager, desk):
    _, sarah, john = desk
    macro = make_macro(manager, ("tag", "first"), ("department", "none-such"))
    sarah.post(f"/api/v1/macros/{macro}/run", {"conversation_id": john.conversation_id}, expect=422)
    assert sarah.conversation(john.conversation_id)["tags"] == []
    # A message that cannot go out takes back what was done for it.
    sarah.act(john.conversation_id, "resolution")
    macro = make_macro(manager, ("tag", "first"), ("send", "hello"))
    sarah.post(f"/api/v1/macros/{macro}/run", {"conversation_id": john.conversation_id}, expect=409)
    assert sarah.conversation(john.conversation_id)["tags"] == []


def test_what_went_out_is_told_when_the_rest_fails(manager, desk):
    _, sarah, john = desk
    macro = make_macro(manager, ("send", "hello"), ("department", "none-such"))
    done = run(sarah, macro, john)
    assert [step["do"] for step in done["done"]] == ["send"] and done["failed"]
    assert john.messages(john.conversation_id)[-1]["message"] == "hello"


def test_a_text_that_cannot_be_filled_is_not_sent(manager, desk):
    _, sarah, john = desk
    macro = make_macro(manager, ("tag", "x"), ("send", "Call {{customer.phone}}"))
    sarah.post(f"/api/v1/macros/{macro}/run", {"conversation_id": john.conversation_id}, expect=422)
    assert sarah.conversation(john.conversation_id)["tags"] == []


def test_undo_leaves_what_others_changed(manager, desk):
    _, sarah, john = desk
    macro = make_macro(manager, ("tag", "a"), ("priority", "high"), ("status", "on_hold"))
    done = run(sarah, macro, john)
    sarah.patch(john.path, {"priority": "low", "tags": []}, expect=200)
    undone = undo(sarah, done)
    assert {step["do"] for step in undone["not_undone"]} == {"tag", "priority"}
    assert [step["do"] for step in undone["undone"]] == ["status"]
    after = sarah.conversation(john.conversation_id)
    assert (after["priority"], after["on_hold"]) == ("low", False)


def test_undo_of_a_transfer_gets_the_conversation_back(manager, desk, hire):
    slug, sarah, john = desk
    bob = hire("agent", slug)
    macro = make_macro(manager, ("tag", "for-bob"), ("assign", bob.staff_id))
    done = run(sarah, macro, john)
    assert done["conversation"] is None  # sarah does not see it any more
    assert bob.conversation(john.conversation_id)["tags"] == ["for-bob"]
    assert undo(bob, done)["conversation"] is None
    assert sarah.conversation(john.conversation_id)["assigned_staff"]["staff_id"] == sarah.staff_id


def test_nobody_else_undoes_what_they_cannot_see(manager, desk, hire):
    _, sarah, john = desk
    done = run(sarah, make_macro(manager, ("tag", "a")), john)
    undo(hire("agent"), done, expect=404)


def test_bad_macros_are_refused(manager, hire):
    for steps, field in (
        ([], "steps"),
        ([{"do": "dance", "value": "x"}], "steps[0].do"),
        ([{"do": "tag"}], "steps[0].value"),
        ([{"do": "priority", "value": "urgent"}], "steps[0].value"),
        ([{"do": "status", "value": "closed"}, {"do": "tag", "value": "x"}], "steps[0].value"),
        ([{"do": "tag", "value": "x", "more": 1}], "steps[0].more"),
    ):
        reply = manager.post("/api/v1/macros", {"name": new_name(), "steps": steps}, expect=422)
        assert field in reply.fields(), (steps, reply)
    macro = make_macro(manager, ("tag", "x"))
    assert hire("agent").delete(f"/api/v1/macros/{macro}").status == 403
    changed = manager.patch(f"/api/v1/macros/{macro}", {"steps": [{"do": "untag", "value": "x"}]}, expect=200).json
    assert changed["steps"] == [{"do": "untag", "value": "x"}]
    manager.delete(f"/api/v1/macros/{macro}", expect=204)
    manager.delete(f"/api/v1/macros/{macro}", expect=404)
