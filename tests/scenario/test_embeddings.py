"""Articles are found by meaning where an embeddings model is configured, and by their words whenever it fails."""

import json

import pytest

from harness.api import CustomerApi, StaffApi
from harness.models import ModelServer
from harness.server import ADMIN_EMAIL, ADMIN_PASSWORD, Server
from harness.waiting import until

pytestmark = pytest.mark.short

KEY = "sk-key-of-the-embeddings-0123456789"
QUESTION = "my whatsit is all dull, help"  # shares no word with the article
PASSAGE = "Rub it with a soft cloth until it shines."


@pytest.fixture(scope="module")
def model():
    with ModelServer() as running:
        running.embeddings.meanings = [{"zarfblech", "whatsit"}]
        yield running


@pytest.fixture(scope="module")
def centre(model):
    settings = {
        "EMBEDDING_BASE_URL": model.url,
        "EMBEDDING_API_KEY": KEY,
        "EMBEDDING_MODEL": "meaning-1",
        "MODEL_BREAKER_FAILURES": "3",
        "MODEL_BREAKER_SECONDS": "1",
    }
    with Server(**settings) as running:
        yield running


@pytest.fixture(scope="module")
def admin(centre):
    return StaffApi(centre.port, ADMIN_EMAIL, ADMIN_PASSWORD)


@pytest.fixture(scope="module")
def article(centre, admin):
    made = admin.post(
        "/api/v1/articles",
        {"language": "en", "title": "Polishing a zarfblech", "body": PASSAGE, "status": "published"},
        expect=201,
    ).json
    until(lambda: complete(centre), "vectors of all articles", 60)
    return made


def vectors(centre):
    return centre.sql("SELECT count(*), max(dimension), min(dimension) FROM article_vector")[0]


def complete(centre):
    published = "SELECT count(*) FROM article WHERE status = 'published'"
    covered = "SELECT count(DISTINCT article_id) FROM article_vector"
    waiting = "SELECT count(*) FROM job WHERE kind = 'knowledge.embed'"
    return centre.sql(f"SELECT ({published}) = ({covered}) AND ({waiting}) = 0")[0][0]


def ask(centre, text=QUESTION):
    customer = CustomerApi(centre.port, name="John", language="en")
    return customer.post(f"{customer.path}/messages?wait=20", {"message": text}, expect=201).json["reply"]


def says_it(centre):
    return PASSAGE in ask(centre)["message"]


def counted(centre, outcome):
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", centre.port, timeout=5)
    connection.request("GET", "/metrics")
    lines = connection.getresponse().read().decode().splitlines()
    connection.close()
    name = f'chat_centre_embedding_requests_total{{outcome="{outcome}"}} '
    return [int(line[len(name) :]) for line in lines if line.startswith(name)][0]


def test_an_article_is_found_by_what_it_means(centre, model, article):
    model.embeddings.mode = "well"
    told = until(lambda: ask(centre) if says_it(centre) else None, "the article in the index")
    assert PASSAGE in told["message"]
    metadata = centre.sql("SELECT metadata FROM message WHERE message_id = %s", (told["message_id"],))[0][0]
    assert article["article_id"] in json.loads(metadata)["articles"]
    assert model.embeddings.keys[-1] == "Bearer " + KEY and KEY not in centre.log()
    assert "whatsit" not in centre.log()


def test_no_text_is_sent_twice(centre, model, admin, article):
    model.embeddings.mode = "well"
    before = len(model.embeddings.texts)
    path = f"/api/v1/articles/{article['article_id']}"
    admin.patch(path, {"category": "upkeep"}, expect=200)  # none of its texts
    admin.patch(path, {"body": PASSAGE + "\n\n## Oil\n\nOne drop of oil a year."}, expect=200)
    until(lambda: any("One drop of oil" in t for t in model.embeddings.texts[before:]), "the new section")
    until(lambda: complete(centre), "the vectors")
    assert [t.split("\n")[1] for t in model.embeddings.texts[before:]] == ["Oil"]


@pytest.mark.parametrize("mode", ["slow", "fail", "malformed", "shorter"])
def test_whatever_fails_words_alone_answer(centre, model, article, mode):
    model.embeddings.mode = mode
    by_words = ask(centre, "how do I go about polishing a zarfblech")
    assert PASSAGE in by_words["message"], by_words
    assert PASSAGE not in ask(centre)["message"]
    if mode == "fail":
        until(lambda: ask(centre) and counted(centre, "circuit_open") > 0, "it to be left alone")
    model.embeddings.mode = "well"
    until(lambda: says_it(centre), "meaning to count again", 30)


def test_another_dimension_makes_all_anew(centre, model, admin, article):
    model.embeddings.dimension = 40
    admin.patch(f"/api/v1/articles/{article['article_id']}", {"title": "Polishing your zarfblech"}, expect=200)
    until(lambda: vectors(centre)[1:] == (40, 40) and complete(centre), "all vectors of the new dimension", 60)
    until(lambda: says_it(centre), "the answer", 30)


def test_without_an_address_it_does_not_start():
    bad = Server(EMBEDDING_MODEL="meaning-1")
    bad.launch()
    assert bad.process.wait(30) != 0
    assert "EMBEDDING_MODEL" in bad.log() and "EMBEDDING_BASE_URL" in bad.log()
