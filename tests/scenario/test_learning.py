"""Candidates for articles, training examples, and the commands that train and measure."""

import subprocess

import pytest

from harness import server as settings

pytestmark = pytest.mark.short


def candidate(server, question, john, answer="Bring it to our office on any weekday before noon."):
    rows = server.sql(
        "INSERT INTO faq_candidate (question, answer, language, conversation_id, created_at, updated_at) "
        "VALUES (%s, %s, 'en', %s, now(), now()) RETURNING candidate_id",
        (question, answer, int(john.conversation_id.split("-")[1])),
    )
    return f"FAQ-{rows[0][0]}"


@pytest.fixture
def john(team, waiting_chat):
    return waiting_chat(team[0], name="John Doe")


def test_a_candidate_becomes_a_draft(server, admin, manager, team, john):
    made = candidate(server, "How do I send my transcript?", john)
    path = f"/api/v1/faq-candidates/{made}"
    assert made in {c["candidate_id"] for c in manager.items("/api/v1/faq-candidates")}
    assert team[1].get("/api/v1/faq-candidates", expect=None).status == 403
    done = manager.post(f"{path}/approve", {"question": "How do I send you my transcript?"}, expect=200).json
    assert done["status"] == "approved" and done["article_id"].startswith("ART-")
    number = int(done["article_id"].split("-")[1])
    rows = server.sql("SELECT title, status, language FROM article WHERE article_id = %s", (number,))
    assert list(rows[0]) == ["How do I send you my transcript?", "draft", "en"]
    assert manager.post(f"{path}/approve").status == 409
    assert manager.post(f"{path}/reject").status == 409
    assert made not in {c["candidate_id"] for c in manager.items("/api/v1/faq-candidates")}
    assert "faq_candidate.approve" in {row["action"] for row in admin.items("/api/v1/audit", target=made)}


def test_a_candidate_is_rejected(server, admin, manager, john):
    made = candidate(server, "Where is the canteen of your office?", john)
    assert manager.post(f"/api/v1/faq-candidates/{made}/reject", expect=200)["status"] == "rejected"
    assert made in {c["candidate_id"] for c in manager.items("/api/v1/faq-candidates", status="rejected")}
    assert "faq_candidate.reject" in {row["action"] for row in admin.items("/api/v1/audit", target=made)}
    assert manager.post("/api/v1/faq-candidates/FAQ-999999/reject").status == 404
    assert manager.get("/api/v1/faq-candidates", expect=None, status="x").status == 422


def test_people_say_how_a_text_should_have_been_read(manager):
    body = {"task": "intent", "label": "booking", "text": "John at +263 77 123 4567 wants Tuesday"}
    made = manager.post("/api/v1/training-examples", body, expect=201).json
    assert made["text"] == "John at [phone] wants Tuesday" and made["source"] == "staff"
    again = manager.post("/api/v1/training-examples", body | {"label": "order"}, expect=201).json
    assert again["example_id"] == made["example_id"] and again["label"] == "order"
    listed = manager.get("/api/v1/training-examples", task="intent").json
    assert made["example_id"] in {e["example_id"] for e in listed["items"]} and listed["counts"]["intent"] >= 1
    assert "label" in manager.post("/api/v1/training-examples", body | {"label": "x"}, expect=422).fields()
    manager.delete(f"/api/v1/training-examples/{made['example_id']}", expect=204)
    assert manager.delete(f"/api/v1/training-examples/{made['example_id']}").status == 404


def test_staff_say_what_became_of_a_suggestion(manager, team, john):
    _, sarah, _ = team
    sarah.act(john.conversation_id, "takeover")
    path = f"{john.path}/suggestion-outcomes"
    sarah.post(path, {"article_id": "ART-1", "outcome": "edited"}, expect=204)
    sarah.post(path, {"article_id": "ART-1", "outcome": "rejected"}, expect=204)  # on second thoughts
    listed = manager.items("/api/v1/training-examples", task="answer")
    mine = [e for e in listed if e["source"] == "suggestion" and e["label"] == "ART-1"]
    assert len(mine) >= 1 and mine[0]["good"] is False
    assert sarah.post(path, {"article_id": "x", "outcome": "edited"}).status == 422


def test_a_text_has_an_intent(manager):
    found = manager.post("/api/v1/analysis", {"text": "I want to book an appointment"}, expect=200).json
    assert found["intent"] == "booking" and 0.3 < found["intent_confidence"] <= 1


def run(server, *arguments):
    environment = {"DATABASE_URL": server.database_url(), "PATH": "/usr/bin:/bin", "DATA_DIR": str(server.data_dir / "models-test")}
    return subprocess.run(
        [settings.BINARY, "assistant", *arguments], env=environment, capture_output=True, text=True, timeout=120
    )


def test_the_knowledge_is_measured(server, manager, tmp_path):
    file = tmp_path / "asked.tsv"
    file.write_text("en\twhich documents do I need for the scholarship\tscholarship-documents\nen\ttell me a joke\t-\n")
    first = run(server, "evaluate", "--questions", str(file))
    assert first.returncode == 0, first.stderr
    assert "answered at the threshold" in first.stdout and "changed since" not in first.stdout
    second = run(server, "evaluate", "--questions", str(file), "--threshold", "1")
    assert "1 answers changed since then" in second.stdout, second.stdout
    runs = manager.get("/api/v1/evaluations").json["items"]
    assert [r["questions"] for r in runs if r["source"] == "asked.tsv"] == [2, 2]
    assert run(server, "evaluate", "--questions", "/nowhere").returncode == 1
    assert run(server, "evaluate").returncode == 0  # what customers asked


def test_models_are_trained_with_feedback(server, manager, tmp_path):
    manager.post(
        "/api/v1/training-examples", {"task": "intent", "label": "order", "text": "zorb me two"}, expect=201
    )
    done = run(server, "train", "--with-feedback", "--task", "intent", "--out", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "held out" in done.stdout and "more of feedback" in done.stdout
    assert (tmp_path / "intent.model").read_text().startswith("chat-centre linear model 1\n")
    assert run(server, "train", "--task", "x").returncode == 1
