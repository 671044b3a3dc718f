"""Routing with two processes on one database: what comes in at one is offered to somebody who is at the other, one answer
counts, and what a process leaves behind when it is killed is done once by the other."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.api import CustomerApi, StaffApi, new_name
from harness.live import LiveSocket
from harness.server import ADMIN_EMAIL, ADMIN_PASSWORD, Server
from harness.waiting import until

pytestmark = pytest.mark.threads

PASSWORD = "green lantern by the river"


class Pair:
    """Two servers of their own, because one of them is killed."""

    def __init__(self, a, b):
        self.a, self.b = a, b
        self.admin = StaffApi(b.port, ADMIN_EMAIL, ADMIN_PASSWORD)
        self.open = []

    def department(self, **desk):
        slug = new_name("dep")
        self.admin.post("/api/v1/departments", {"slug": slug, "name_en": slug, "name_ar": "قسم"}, expect=201)
        self.admin.put(f"/api/v1/departments/{slug}/desk", {"assignment": "round_robin"} | desk, expect=200)
        return slug

    def hire(self, slug, server):
        """An agent of that department who is signed in there, with an open socket: (api, socket)."""
        email = new_name("agent") + "@example.org"
        profile = {"name": email, "email": email, "password": PASSWORD, "role": "agent", "departments": [slug]}
        staff_id = self.admin.post("/api/v1/staff", profile, expect=201)["staff_id"]
        api = StaffApi(server.port, email, PASSWORD)
        live = LiveSocket(server.port, api.token)
        self.open.append(live)
        live.subscribe("mine")
        here = "SELECT 1 FROM staff_presence WHERE staff_id = %s"
        until(lambda: self.sql(here, (int(staff_id.split("-")[1]),)), "the other server to know that they are there")
        return api, live

    def wait_in(self, slug, server):
        customer = CustomerApi(server.port, name="John", language="en")
        customer.say("Good morning")
        boss = StaffApi(server.port, ADMIN_EMAIL, ADMIN_PASSWORD)
        boss.act(customer.conversation_id, "handover", {"reason": "asked"})
        boss.act(customer.conversation_id, "assignment", {"department": slug})
        return customer.conversation_id

    def sql(self, query, parameters=()):
        return self.b.sql(query, parameters)

    def kinds(self, conversation_id):
        items = self.admin.get(f"/api/v1/conversations/{conversation_id}/decisions")["items"]
        return [d["kind"] for d in reversed(items) if d["kind"] != "rules"]


@pytest.fixture(scope="module")
def pair():
    with Server() as a, Server(database_url=a.database_url()) as b:
        both = Pair(a, b)
        yield both
        for live in both.open:
            live.close()


def offer_of(live, conversation_id):
    return live.wait_event("offer", lambda e: e["conversation_id"] == conversation_id)


def test_what_comes_in_at_one_is_offered_at_the_other(pair, figure):
    slug = pair.department(accept_seconds=60)
    sarah, live = pair.hire(slug, pair.b)
    conversation_id = pair.wait_in(slug, pair.a)
    offer = offer_of(live, conversation_id)
    assert sarah.get("/api/v1/me/offers")["items"] == [offer["data"]]
    at = "SELECT extract(epoch FROM o.offered_at - c.waiting_since) FROM offer o JOIN conversation c USING (conversation_id) WHERE conversation_id = %s"
    waited = pair.sql(at, (int(conversation_id.split("-")[1]),))[0][0]
    figure(f"from waiting at one server to being offered at the other: {float(waited) * 1000:.0f} ms")


def test_of_two_answers_at_two_servers_one_counts(pair):
    slug = pair.department(accept_seconds=60)
    sarah, live = pair.hire(slug, pair.b)
    there = StaffApi(pair.a.port, sarah.email, sarah.password)
    for body in ({"accept": True}, {"accept": True}, {"accept": False}):
        conversation_id = pair.wait_in(slug, pair.a)
        offer_of(live, conversation_id)
        path = f"/api/v1/conversations/{conversation_id}/acceptance"
        with ThreadPoolExecutor(2) as pool:
            statuses = list(pool.map(lambda api: api.post(path, body).status, (sarah, there)))
        assert sorted(statuses) == [200, 409]
        counted = pair.kinds(conversation_id)
        assert counted[:2] == ["offered", "assigned" if body["accept"] else "declined"]
        assert counted.count("offered") == 1
        given = "SELECT count(*) FROM turn WHERE kind = 'takeover' AND conversation_id = %s"
        assert pair.sql(given, (int(conversation_id.split("-")[1]),))[0][0] == int(body["accept"])


def test_an_offer_of_a_server_that_is_killed_runs_out_and_is_made_once_to_the_next(pair):
    """Last in this file: one of the two is gone afterwards."""
    slug = pair.department(accept_seconds=3)
    sarah, at_a = pair.hire(slug, pair.a)
    conversation_id = pair.wait_in(slug, pair.a)
    offer_of(at_a, conversation_id)
    bob, at_b = pair.hire(slug, pair.b)
    pair.a.kill()
    offer = offer_of(at_b, conversation_id)
    assert offer["data"]["staff_id"] == bob.staff_id
    number = (int(conversation_id.split("-")[1]),)
    told = "SELECT data::json->>'staff_id' FROM event WHERE type = 'offer' AND conversation_id = %s ORDER BY event_id"
    assert pair.sql(told, number) == [(sarah.staff_id,), (bob.staff_id,)]
    bob.post(f"/api/v1/conversations/{conversation_id}/acceptance", {"accept": True}, expect=200)
    time.sleep(4)  # longer than an offer lasts: nothing runs out a second time
    assert pair.kinds(conversation_id) == ["offered", "expired", "offered", "assigned"]
    assert pair.sql(told, number) == [(sarah.staff_id,), (bob.staff_id,)]
    assert pair.admin.conversation(conversation_id)["assigned_staff"]["staff_id"] == bob.staff_id
