"""The assistant with a language model, however that behaves: a customer always gets one answer, and never an error."""

import json
import re

import pytest

from harness.api import CustomerApi, StaffApi
from harness.models import MODES, ModelServer
from harness.server import ADMIN_EMAIL, ADMIN_PASSWORD, Server
from harness.waiting import until

pytestmark = pytest.mark.short

KEY = "sk-key-of-the-model-0123456789"
SAID = "Bring your national identity card and the letter of the school."
QUESTION = "Which papers do I need for the zebra programme?"
GOOD = ("well", "plain", "slow")


def reply(body):
    """As a model that does what it is told: one object for answers, another for judging what a customer wants."""
    if body["model"] == "small":
        return json.dumps({"handover_needed": False, "confidence": 0.95, "reason": "a question"})
    return json.dumps({"answer": SAID, "confidence": 0.92, "hand_over": False, "reason": ""})


def serve(model, **more):
    settings = {
        "OPENAI_BASE_URL": model.url,
        "OPENAI_API_KEY": KEY,
        "OPENAI_MODEL": "big",
        "AI_INTENT_MODEL": "small",
        "MODEL_FIRST_TOKEN_SECONDS": "1",
        "MODEL_BREAKER_FAILURES": "100",
        "MODEL_BREAKER_SECONDS": "2",
        "MODEL_INPUT_PRICE": "2",
        "MODEL_OUTPUT_PRICE": "10",
        "LOG_LEVEL": "debug",
    }
    return Server(**(settings | more))


@pytest.fixture(scope="module")
def model():
    with ModelServer(reply=reply) as running:
        yield running


@pytest.fixture(scope="module")
def centre(model):
    with serve(model) as running:
        yield running


@pytest.fixture
def john(centre, model):
    model.mode = "well"
    return CustomerApi(centre.port, name="John", language="en")


def ask(customer, text=QUESTION, wait=25):
    return customer.post(f"{customer.path}/messages?wait={wait}", {"message": text}, expect=201).json["reply"]


def answers(customer):
    """What the assistant said after the greeting."""
    said = [m for m in customer.messages(customer.conversation_id) if m["seq"] > 1]
    return [m for m in said if m["role"] in ("ai", "system")]


def metric(server, name):
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    connection.request("GET", "/metrics")
    text = connection.getresponse().read().decode()
    connection.close()
    found = re.search("^" + re.escape(name) + r" ([0-9.e+-]+)$", text, re.MULTILINE)
    return float(found[1]) if found else 0.0


def outcome(server, name, purpose="answer"):
    return metric(server, f'chat_centre_model_requests_total{{purpose="{purpose}",outcome="{name}"}}')


def breaker(server):
    states = ("closed", "open", "half_open")
    return [s for s in states if metric(server, f'chat_centre_model_breaker{{state="{s}"}}') == 1][0]


@pytest.mark.parametrize("mode", GOOD)
def test_a_model_answers(centre, model, john, mode):
    model.mode = mode
    before = outcome(centre, "answered")
    told = ask(john)
    assert told["message"] == SAID and told["role"] == "ai"
    assert len(answers(john)) == 1
    assert outcome(centre, "answered") == before + 1
    stored = centre.sql("SELECT metadata FROM message WHERE message_id = %s", (told["message_id"],))[0][0]
    assert "test-model-1" in stored
    assert model.keys[-1] == "Bearer " + KEY
    wanted = [body for body in model.requests if body["model"] == "big"][-1]
    assert QUESTION in wanted["messages"][-1]["content"] and wanted["stream"] is True


def test_what_it_costs_is_counted(centre, model, john):
    tokens = metric(centre, 'chat_centre_model_tokens_total{direction="input"}')
    cost = metric(centre, "chat_centre_model_cost_total")
    ask(john)
    calls = (metric(centre, 'chat_centre_model_tokens_total{direction="input"}') - tokens) / 120
    assert calls >= 1
    assert metric(centre, "chat_centre_model_cost_total") - cost == pytest.approx(calls * (240 + 300) / 1e6)


@pytest.mark.parametrize("mode", [mode for mode in MODES if mode not in GOOD])
def test_whatever_a_model_does_the_customer_gets_one_answer(centre, model, john, mode):
    model.mode = mode
    told = ask(john)
    assert told and told["role"] == "ai", told
    assert told["message"] and SAID not in told["message"]
    assert not re.search(r"error|fail|unavailable|timeout|exception|<|\{", told["message"], re.IGNORECASE)
    assert [m["message_id"] for m in answers(john)] == [told["message_id"]]
    assert john.state()["status"] == "bot"


def test_neither_key_nor_what_is_said_is_in_the_log(centre, model, john):
    model.mode = ["refused", "fail", "malformed", "well"]
    for n in range(3):
        ask(john, f"{QUESTION} My card ends with 4111{n}.")
    log = centre.log()
    assert KEY not in log and "4111" not in log and SAID not in log


def test_tried_again_it_is_still_one_answer(centre, model, john):
    before = metric(centre, "chat_centre_model_retries_total")
    model.mode = ["fail", "busy", "well"]
    assert ask(john)["message"] == SAID
    assert len(answers(john)) == 1
    assert metric(centre, "chat_centre_model_retries_total") == before + 2


def test_who_takes_over_is_not_talked_over(centre, model, john):
    admin = StaffApi(centre.port, ADMIN_EMAIL, ADMIN_PASSWORD)
    model.mode = "stuck"
    asked = len(model.requests)
    john.post(f"{john.path}/messages", {"message": QUESTION}, expect=201)
    until(lambda: len(model.requests) > asked, "the model to be asked")
    admin.act(john.conversation_id, "takeover", {"force": True})
    until(lambda: outcome(centre, "cancelled") + outcome(centre, "cancelled", "intent") > 0, "the call to end")
    admin.post(f"/api/v1/conversations/{john.conversation_id}/messages", {"message": "Hello, I am here."}, expect=201)
    assert answers(john) == []


def test_after_a_crash_the_question_is_answered_once():
    with ModelServer(mode="stuck", reply=reply) as model, serve(model, MODEL_FIRST_TOKEN_SECONDS="60") as centre:
        john = CustomerApi(centre.port, name="John", language="en")
        john.post(f"{john.path}/messages", {"message": QUESTION}, expect=201)
        until(lambda: model.requests, "the model to be asked")
        centre.kill()
        model.mode = "well"
        centre.start()
        john.connection().close()  # the old one died with the server
        until(lambda: answers(john), "the answer", 200)
        assert [m["message"] for m in answers(john)] == [SAID]


def test_what_waits_for_a_model_that_is_no_longer_set_is_answered_without_one():
    with ModelServer(mode="stuck", reply=reply) as model, serve(model, MODEL_FIRST_TOKEN_SECONDS="60") as centre:
        john = CustomerApi(centre.port, name="John", language="en")
        john.post(f"{john.path}/messages", {"message": QUESTION}, expect=201)
        until(lambda: model.requests, "the model to be asked")
        centre.kill()
        for name in [n for n in centre.environment if n.startswith("OPENAI_") or n == "AI_INTENT_MODEL"]:
            del centre.environment[name]
        asked = len(model.requests)
        centre.start()
        waiting = "FROM job WHERE kind = 'assistant.turn'"
        assert centre.sql(f"SELECT count(*) {waiting}")[0][0] == 1
        centre.sql("UPDATE job SET lease_until = now() WHERE kind = 'assistant.turn'")  # nobody is at work on it
        john.connection().close()  # the old one died with the server
        until(lambda: answers(john), "the answer", 60)
        assert len(answers(john)) == 1 and len(model.requests) == asked
        until(lambda: centre.sql(f"SELECT count(*) {waiting}")[0][0] == 0, "the job to be done")
        assert ask(john, "thank you")["role"] == "ai"


def test_a_model_that_fails_is_left_alone_and_tried_again_later():
    with ModelServer(mode="fail", reply=reply) as model:
        with serve(model, MODEL_BREAKER_FAILURES="4") as centre:
            john = CustomerApi(centre.port, name="John", language="en")
            assert breaker(centre) == "closed"
            # Each asks anew: who is not answered twice is handed over, and that needs no model.
            until(
                lambda: ask(CustomerApi(centre.port, language="en")) and breaker(centre) == "open",
                "the breaker to open",
            )
            asked = len(model.requests)
            assert ask(john, "thank you")["role"] == "ai"
            assert len(model.requests) == asked or breaker(centre) != "open"
            model.mode = "well"
            until(lambda: breaker(centre) == "half_open", "a try to be due", 30)
            sarah = CustomerApi(centre.port, name="Sarah", language="en")
            until(lambda: ask(sarah)["message"] == SAID, "the model's answer", 30)
            assert breaker(centre) == "closed"
