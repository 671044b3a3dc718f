"""Candidates for articles, training examples, and the commands that train and measure."""

import subprocess

import pytest

from harness import server as settings
from harness.api import new_name
from harness.waiting import until

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
    assert "held out" in done.stdout and "more of feedback" in done.stdout and "installed" in done.stdout
    assert (tmp_path / "intent.model").read_text().startswith("chat-centre linear model 1\n")
    assert run(server, "train", "--task", "x").returncode == 1


def test_a_worse_model_is_not_installed(server, tmp_path):
    """Somebody's examples say that every question is a thank-you."""
    examples, out = tmp_path / "examples", tmp_path / "out"
    examples.mkdir()
    for language in ("en", "ar"):
        lines = [f"thanks\twhere is my order number {n}" for n in range(40)]
        (examples / f"intent.{language}.tsv").write_text("\n".join(lines + ["question\thello there", ""]))
    train = ("train", "--task", "intent", "--out", str(out))
    assert run(server, *train).returncode == 0
    good = (out / "intent.model").read_bytes()
    measured = (out / "intent.measured").read_bytes()
    refused = run(server, *train, "--examples", str(examples))
    assert refused.returncode == 1 and "NOT installed" in refused.stdout, refused.stdout
    assert (out / "intent.model").read_bytes() == good and (out / "intent.measured").read_bytes() == measured
    forced = run(server, *train, "--examples", str(examples), "--force")
    assert forced.returncode == 0 and "all the same" in forced.stdout
    assert (out / "intent.model").read_bytes() != good
    better = run(server, *train)
    assert better.returncode == 0 and (out / "intent.model").read_bytes() == good
    nowhere = run(server, "train", "--task", "intent", "--examples", str(examples), "--out", str(tmp_path / "new"))
    assert nowhere.returncode == 1 and not (tmp_path / "new" / "intent.model").exists()


def learn_now(server):
    """What the job does every ten minutes, at once."""
    server.sql("UPDATE job SET due_at = now() - interval '1 second' WHERE kind = 'learning.collect'")


def test_feedback_decides_between_articles(server, manager, team, start_chat):
    word = new_name("zither").replace("-", "")
    titles = [f"How do I tune the {word}?", f"How do I tune the {word} at home?"]
    made = [
        manager.post(
            "/api/v1/articles",
            {"language": "en", "title": t, "body": f"Turn the pegs, as on page {n}.", "status": "published"},
            expect=201,
        )["article_id"]
        for n, t in enumerate(titles)
    ]
    question = f"how do I tune my {word}"

    def order():
        found = manager.get("/api/v1/articles/suggestions", q=question, language="en").json["items"]
        return [a["article_id"] for a in found if a["article_id"] in made]

    until(lambda: order() == made, "both articles, the plainer one first")
    nothing = manager.get(f"/api/v1/articles/{made[0]}").json["learned"]
    assert nothing["weight"] == 0 and nothing["at"] is None and nothing["because_ar"]

    def ask(customer, thumb):
        told = customer.post(f"{customer.path}/messages?wait=20", {"message": question}, expect=201).json["reply"]
        metadata = server.sql("SELECT metadata FROM message WHERE message_id = %s", (told["message_id"],))[0][0]
        assert made[0] in metadata, metadata
        for _ in range(3):  # as often as they like: it is one thumb
            customer.put(f"/api/v1/messages/{told['message_id']}/feedback", {"feedback": thumb}, expect=(200, 204))

    # One customer in a bad mood, again and again in new conversations: one vote.
    contact = {"name": "Bob", "email": f"{word}@example.org"}
    for _ in range(6):
        bob = start_chat(**contact)
        ask(bob, "down")
        manager.act(bob.conversation_id, "takeover", {"force": True})
        manager.act(bob.conversation_id, "resolution", {"outcome": "resolved", "resolution": "done"})
    learn_now(server)
    learned = lambda n: manager.get(f"/api/v1/articles/{made[n]}").json["learned"]  # noqa: E731
    first = until(lambda: learned(0)["unhelpful"] and learned(0), "Bob's vote")
    assert (first["helpful"], first["unhelpful"]) == (0, 1) and -0.06 < first["weight"] < 0
    assert order() == made

    for n in range(24):
        ask(start_chat(name=f"Customer {n}", email=f"{word}{n}@example.org"), "down")
    _, sarah, _ = team
    john = start_chat(name="John")
    john.say(question)
    sarah_path = f"{john.path}/suggestion-outcomes"
    manager.act(john.conversation_id, "takeover", {"force": True})
    manager.post(sarah_path, {"article_id": made[1], "outcome": "accepted"}, expect=204)
    learn_now(server)
    until(lambda: order() == made[::-1], "the other article to come first")
    after = until(lambda: learned(0)["unhelpful"] == 25 and learned(0), "all votes")
    assert after["because"] == "0 found it helpful, 25 did not." and after["weight"] == -0.6
    better = learned(1)
    assert (better["helpful"], better["of_staff"]) == (1, 1) and 0 < better["weight"] < 0.2
    changed = run(server, "evaluate", "--most", "50")
    assert "what feedback taught changes" in changed.stdout, changed.stdout
