"""POST /api/v1/analysis: what the system makes of a text, without storing it."""

import pytest

from harness.api import new_name

pytestmark = pytest.mark.short

PATH = "/api/v1/analysis"


@pytest.fixture(scope="module")
def agent(hire):
    return hire("agent")


def analyse(api, text, **more):
    return api.post(PATH, {"text": text} | more, expect=200).json


@pytest.mark.parametrize(
    ("text", "priority"),
    [
        ("Fever not going down", "emergency"),
        ("When will I hear back?", "high"),
        ("Need clarification on funding", "normal"),
        ("Thank you for helping!", "normal"),
    ],
)
def test_the_four_rows_of_the_documented_dashboard(agent, text, priority):
    assert analyse(agent, text)["priority"] == priority


def test_every_field(agent):
    found = analyse(
        agent,
        "I want to speak to a human about my invoice. Call 0501234567 or write to John@Example.com",
        default_country="SA",
    )
    assert set(found) == {
        "language",
        "sentiment",
        "sentiment_score",
        "intent",
        "intent_confidence",
        "department",
        "category",
        "department_confidence",
        "severity",
        "priority",
        "handover",
        "phone",
        "emails",
        "reasons",
    }
    assert found["language"] == "en"
    assert found["department"] == "billing"
    assert found["handover"]["needed"] is True and found["handover"]["confidence"] >= 0.7
    assert found["phone"] == {"e164": "+966501234567", "country": "SA", "valid": True}
    assert found["emails"] == ["john@example.com"]
    assert {reason["what"] for reason in found["reasons"]} >= {"department", "handover"}


def test_arabic(agent):
    complaint = analyse(agent, "شكوى في الخدمة")
    assert (complaint["language"], complaint["department"]) == ("ar", "complaints")
    assert complaint["sentiment"] == "negative"
    assert analyse(agent, "الخدمة ممتازة")["sentiment"] == "positive"
    assert analyse(agent, "ما هو سعر المنتج؟")["department"] == "sales"
    assert analyse(agent, "مرحبا hello")["language"] == "mixed"
    assert analyse(agent, "أريد التحدث مع موظف")["handover"]["needed"] is True


def test_what_is_denied_is_not_asked_for(agent):
    for text in ("I don't need a human", "It is not an emergency", "I have no complaint, how much is it?"):
        found = analyse(agent, text)
        assert found["handover"]["needed"] is False, text
        assert found["priority"] in ("normal", "low"), text
        assert found["department"] != "complaints", text


def test_critical_needs_a_person_at_once(agent):
    found = analyse(agent, "My father has chest pain")
    assert found["severity"] == "critical"
    assert found["handover"]["needed"] is True
    assert found["handover"]["reason"]


def test_nothing_found(agent):
    found = analyse(agent, "Hello")
    assert (found["department"], found["sentiment"], found["severity"]) == ("reception", "neutral", "low")
    assert found["phone"] is None and found["emails"] == []
    assert found["handover"]["needed"] is False and found["handover"]["reason"]


def test_bad_input(agent):
    assert "text" in agent.post(PATH, {}, expect=422).fields()
    assert "text" in agent.post(PATH, {"text": " "}, expect=422).fields()
    assert "default_country" in agent.post(PATH, {"text": "x", "default_country": "XX"}, expect=422).fields()
    assert "mood" in agent.post(PATH, {"text": "x", "mood": "y"}, expect=422).fields()


def test_nothing_is_stored(server, agent):
    before = server.sql("SELECT count(*) FROM event")[0][0]
    analyse(agent, "I want to speak to a human, this is urgent")
    assert server.sql("SELECT count(*) FROM event")[0][0] == before


def test_an_admin_who_edits_a_category_sees_it(admin, agent):
    """One list: what the categories say is what the analysis says, and what a handover is labelled with."""
    word = new_name("kiosk").replace("-", "")
    text = f"Where is the {word}?"
    assert analyse(agent, text)["category"] == "general"
    slug = new_name("cat")
    body = {"slug": slug, "name_en": "Kiosks", "name_ar": "أكشاك", "department": "sales", "keywords_en": [word]}
    admin.post("/api/v1/categories", body, expect=201)
    found = analyse(agent, text)
    assert (found["category"], found["department"]) == (slug, "sales")
    admin.patch(f"/api/v1/categories/{slug}", {"department": "billing"}, expect=200)
    assert analyse(agent, text)["department"] == "billing"
    admin.patch(f"/api/v1/categories/{slug}", {"keywords_en": []}, expect=200)
    assert analyse(agent, text)["category"] == "general"


def test_shipped_categories_name_what_analysis_finds(admin, agent):
    slugs = {c["slug"] for c in admin.items("/api/v1/categories")}
    for text in ("my order is late", "I need a doctor", "book an appointment", "شكوى في الخدمة", "scholarship"):
        assert analyse(agent, text)["category"] in slugs, text


def test_a_shipped_category_saved_as_it_is_stays_as_it_is(admin, agent):
    for category in admin.items("/api/v1/categories"):
        if category["slug"].startswith("cat-"):
            continue
        lists = {name: category[name] for name in ("keywords_en", "keywords_ar")}
        assert admin.patch(f"/api/v1/categories/{category['slug']}", lists, expect=200).json == category
    found = analyse(agent, "The invoice is wrong: I was charged twice")
    assert (found["category"], found["department"]) == ("billing", "billing")
    assert found["department_confidence"] > 0.8, "each word counts for what it did"


def test_reasons_in_both_languages(agent):
    found = analyse(agent, "The delivery was terrible, I want to speak to a human")
    for reason in found["reasons"]:
        assert reason["because"] and reason["because_ar"], reason
    mood = next(r for r in found["reasons"] if r["what"] == "sentiment")
    assert mood["because"].startswith("speaks badly: ") and mood["because_ar"].startswith("كلام سلبي: ")
    assert found["handover"]["reason_ar"].startswith("قال العميل: ")
    assert analyse(agent, "Hello")["handover"]["reason_ar"] == "لا شيء في النص يطلب التحدث مع موظف."
