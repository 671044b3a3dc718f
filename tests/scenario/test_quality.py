"""Reviews, calibration and trend, training examples, and supervisors in live conversations."""

import json

import pytest

from harness.api import new_name

pytestmark = pytest.mark.short


@pytest.fixture
def live(team, waiting_chat):
    """A conversation that the first of two agents has: (agent, colleague, customer)."""
    slug, sarah, bob = team
    john = waiting_chat(slug, name="John Doe")
    sarah.act(john.conversation_id, "takeover")
    return sarah, bob, john


def card_of(api):
    return next(s for s in api.items("/api/v1/scorecards") if s["name"] == "Conversation quality")


def review(api, john, scores, expect=201, **more):
    body = {"conversation_id": john.conversation_id, "scorecard_id": card_of(api)["scorecard_id"], "scores": scores}
    return api.post("/api/v1/reviews", body | more, expect=expect)


ALL = ("greeting", "understanding", "accuracy", "tone", "resolution")


# --- reviews ---


def test_scorecards(manager, hire):
    body = {
        "name": new_name("card"),
        "criteria": [{"id": "tone", "label_en": "Tone", "label_ar": "الأسلوب", "weight": 2, "scale": 10}],
    }
    made = manager.post("/api/v1/scorecards", body, expect=201).json
    assert made["criteria"][0] == {"id": "tone", "label_en": "Tone", "label_ar": "الأسلوب", "weight": 2, "scale": 10}
    assert manager.post("/api/v1/scorecards", body).status == 409
    path = f"/api/v1/scorecards/{made['scorecard_id']}"
    assert manager.patch(path, {"active": False}, expect=200)["active"] is False
    twice = [body["criteria"][0]] * 2
    assert "criteria[1].id" in manager.patch(path, {"criteria": twice}, expect=422).fields()
    assert "criteria" in manager.patch(path, {"criteria": []}, expect=422).fields()
    assert hire("agent").get("/api/v1/scorecards", expect=None).status == 403


def test_a_review_of_a_conversation(manager, admin, live):
    sarah, _, john = live
    made = review(manager, john, dict.fromkeys(ALL, 5), comment="Very good").json
    assert made["total"] == 100 and made["staff"]["staff_id"] == sarah.staff_id
    assert made["reviewer"]["staff_id"] == manager.staff_id
    # A second look replaces the first.
    again = review(manager, john, {"tone": 0, "accuracy": 5}).json
    assert again["review_id"] == made["review_id"] and again["total"] == 60
    listed = manager.get(f"{john.path}/reviews").json["items"]
    assert [r["review_id"] for r in listed] == [made["review_id"]]
    assert [r["total"] for r in manager.items("/api/v1/reviews", staff=sarah.staff_id)] == [60]
    assert manager.items("/api/v1/reviews", staff=sarah.staff_id, to="2020-01-01") == []
    assert "review.write" in {row["action"] for row in admin.items("/api/v1/audit", target=john.conversation_id)}


def test_bad_reviews_are_refused(manager, hire, live):
    sarah, _, john = live
    assert "scores" in review(manager, john, {}, expect=422).fields()
    assert "scores.tone" in review(manager, john, {"tone": 6}, expect=422).fields()
    assert "scores.charm" in review(manager, john, {"charm": 1}, expect=422).fields()
    assert "staff_id" in review(manager, john, {"tone": 1}, expect=422, staff_id="STF-999999").fields()
    review(manager, john, {"tone": 1}, expect=409, staff_id=manager.staff_id)
    body = {"conversation_id": john.conversation_id, "scorecard_id": "SCO-1", "scores": {"tone": 1}}
    assert sarah.post("/api/v1/reviews", body).status == 403


def test_calibration_shows_how_far_reviewers_are_apart(manager, hire, live):
    sarah, _, john = live
    other = hire("manager")
    review(manager, john, dict.fromkeys(ALL, 5))
    review(other, john, dict.fromkeys(ALL, 3))
    found = next(
        c for c in manager.items("/api/v1/calibrations") if c["conversation_id"] == john.conversation_id
    )
    assert (found["mean"], found["spread"]) == (80, 40)
    assert found["criterion_spread"]["tone"] == 2
    leaning = {r["reviewer"]["staff_id"]: r["leaning"] for r in found["reviews"]}
    assert leaning == {manager.staff_id: 20, other.staff_id: -20}
    assert found["staff"]["staff_id"] == sarah.staff_id


def test_improvement_over_the_months(manager, server, live, waiting_chat):
    sarah, _, john = live
    review(manager, john, dict.fromkeys(ALL, 5))
    number = int(sarah.staff_id.split("-")[1])
    server.sql(
        "INSERT INTO review (conversation_id, scorecard_id, criteria, staff_id, reviewer_id, scores, total, at) "
        "SELECT conversation_id, scorecard_id, criteria, staff_id, %s, scores, 80, at - interval '62 days' "
        "FROM review WHERE staff_id = %s RETURNING 1",
        (number, number),
    )
    found = manager.get("/api/v1/reviews/summary", staff=sarah.staff_id).json
    assert [m["average"] for m in found["months"]] == [80, 100]
    assert found["reviews"] == 2 and found["average"] == 90
    assert found["trend"] > 0
    assert found["staff"][0]["staff"]["staff_id"] == sarah.staff_id and found["staff"][0]["trend"] > 0


# --- training examples ---


def test_an_example_names_nobody(manager, hire, live):
    sarah, _, john = live
    john.say("I am John Doe, call me at +263 77 123 4567 or write to john@example.com, ID 63123456")
    sarah.post(f"{john.path}/messages", {"message": f"Hi John, I'm {sarah.name}"}, expect=201)
    made = manager.post(f"{john.path}/example", {"note": "How to ask John for papers"}, expect=201).json
    said = json.dumps(made["messages"])
    assert "I am [customer], call me at [phone] or write to [e-mail], ID [number]" in said
    assert "Hi [customer], I'm [staff]" in said
    assert made["note"] == "How to ask [customer] for papers" and made["language"] == "en"
    assert john.conversation_id not in json.dumps(made)
    # Once more makes it anew, not twice.
    again = manager.post(f"{john.path}/example", {"note": "again"}, expect=201).json
    assert again["example_id"] == made["example_id"]
    assert made["example_id"] in {e["example_id"] for e in manager.items("/api/v1/examples", q="[phone]")}
    manager.delete(f"/api/v1/examples/{made['example_id']}", expect=204)
    assert made["example_id"] not in {e["example_id"] for e in manager.items("/api/v1/examples")}
    assert sarah.post(f"{john.path}/example", {}).status == 403


# --- supervisors ---


def test_watching_is_silent(manager, listen, live):
    sarah, _, john = live
    topic = f"conversation:{john.conversation_id}"
    agent_socket = listen(sarah, topic)
    assert manager.post(f"{john.path}/watch", expect=200)["watching"] is True
    watcher = listen(manager, topic)
    watcher.send({"type": "viewing", "conversation_id": john.conversation_id, "viewing": True})
    watcher.send({"type": "typing", "conversation_id": john.conversation_id, "typing": True, "kind": "note"})
    watcher.barrier()
    john.say("hello from John")
    assert watcher.wait_event("message.new", lambda e: e["data"]["message"] == "hello from John")
    agent_socket.wait_event("message.new", lambda e: e["data"]["message"] == "hello from John")
    agent_socket.barrier()
    assert manager.staff_id not in json.dumps(agent_socket.frames)
    assert manager.staff_id not in {v["staff_id"] for v in sarah.conversation(john.conversation_id)["viewers"]}
    assert [w["staff_id"] for w in manager.get(f"{john.path}/supervision")["watching"]] == [manager.staff_id]
    # Not watching any more, they are seen like everybody.
    assert manager.delete(f"{john.path}/watch", expect=200)["watching"] is False
    watcher.send({"type": "viewing", "conversation_id": john.conversation_id, "viewing": True})
    agent_socket.wait(lambda f: manager.staff_id in json.dumps(f), "the manager among the viewers")


def test_a_whisper_reaches_the_holder_and_never_the_customer(manager, hire, listen, live):
    sarah, bob, john = live
    secret = new_name("secret")
    mine = listen(sarah, "mine")  # the conversation is not even open on the screen
    customer = listen(john, f"conversation:{john.conversation_id}")
    note = manager.post(f"{john.path}/whisper", {"body": f"{secret}: offer the payslips"}, expect=201).json
    assert note["kind"] == "whisper" and note["name"] == manager.name
    heard = mine.wait_event("whisper")
    assert heard["data"]["body"].startswith(secret) and heard["conversation_id"] == john.conversation_id
    kept = sarah.conversation(john.conversation_id)["notes"]
    assert [(n["kind"], n["body"]) for n in kept] == [("whisper", f"{secret}: offer the payslips")]
    john.say("anything")
    customer.wait_event("message.new", lambda e: e["data"]["message"] == "anything")
    customer.barrier()
    assert secret not in json.dumps(customer.frames)
    assert secret not in str(john.events()) and secret not in john.get(john.path).body.decode()
    assert secret not in str(bob.events())
    assert bob.post(f"{john.path}/whisper", {"body": "me too"}).status == 403
    assert sarah.post(f"{john.path}/whisper", {"body": "me too"}).status == 403


def test_there_is_nobody_to_whisper_to(manager, department, waiting_chat):
    john = waiting_chat(department())
    assert manager.post(f"{john.path}/whisper", {"body": "hm"}).status == 409
    assert manager.post(f"{john.path}/barge").status == 409
    manager.act(john.conversation_id, "takeover")
    assert manager.post(f"{john.path}/whisper", {"body": "to myself"}).status == 409


def write(api, john, text):
    return api.post(f"{john.path}/messages", {"message": text}).status


def test_barging_in_takes_nothing_away(manager, hire, listen, live):
    sarah, bob, john = live
    agent_socket = listen(sarah, f"conversation:{john.conversation_id}")
    assert write(manager, john, "not yet") == 409
    joined = manager.post(f"{john.path}/barge", expect=200).json
    assert joined["held_by"]["staff_id"] == sarah.staff_id
    told = agent_socket.wait_event("supervision.barge")
    assert told["data"]["joined"] is True and told["data"]["staff"]["staff_id"] == manager.staff_id
    assert write(manager, john, "The manager here") == 201
    assert write(sarah, john, "And I am still here") == 201
    after = sarah.conversation(john.conversation_id)
    assert after["assigned_staff"]["staff_id"] == sarah.staff_id and after["status"] == "active"
    assert [m["message"] for m in john.messages(john.conversation_id)][-2:] == [
        "The manager here",
        "And I am still here",
    ]
    # It is the manager's own: nobody else may write now.
    assert write(hire("manager"), john, "me too") == 409
    manager.delete(f"{john.path}/barge", expect=204)
    assert write(manager, john, "gone") == 409


def test_barging_ends_when_the_colleague_passes_it_on(manager, live):
    sarah, bob, john = live
    manager.post(f"{john.path}/barge", expect=200)
    sarah.act(john.conversation_id, "assignment", {"staff_id": bob.staff_id})
    assert write(manager, john, "still here?") == 409
    assert manager.get(f"{john.path}/supervision")["joined"] == []
    manager.post(f"{john.path}/barge", expect=200)
    assert write(manager, john, "now with Bob") == 201
    bob.act(john.conversation_id, "hold")
    assert write(manager, john, "while on hold") == 201
    bob.act(john.conversation_id, "resolution")
    assert write(manager, john, "too late") == 409
    bob.act(john.conversation_id, "reopening")
    assert write(manager, john, "not joined anew") == 409


def test_who_joins_does_not_watch_any_more(manager, live):
    _, _, john = live
    manager.post(f"{john.path}/watch", expect=200)
    manager.post(f"{john.path}/barge", expect=200)
    now = manager.get(f"{john.path}/supervision").json
    assert now["watching"] == [] and [j["staff_id"] for j in now["joined"]] == [manager.staff_id]


def test_supervision_is_audited(manager, admin, live):
    _, _, john = live
    for what in ("watch", "barge"):
        manager.post(f"{john.path}/{what}", expect=200)
    manager.post(f"{john.path}/whisper", {"body": "x"}, expect=201)
    actions = {row["action"] for row in admin.items("/api/v1/audit", target=john.conversation_id)}
    assert actions >= {"conversation.watch", "conversation.barge", "conversation.whisper"}
