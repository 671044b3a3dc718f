"""Work finds its person: round robin, offers, full queues, people who go away. Each test has a department of its own."""

import time

import pytest

from harness.api import Api, new_name
from harness.waiting import until

pytestmark = pytest.mark.short


@pytest.fixture
def desk(admin):
    """desk(slug, assignment, **more): how that department's queue is served from now on."""

    def put(slug, assignment="round_robin", **more):
        return admin.put(
            f"/api/v1/departments/{slug}/desk", {"assignment": assignment} | more, expect=200
        ).json

    return put


@pytest.fixture
def staffed(hire, department, listen, server):
    """staffed(n, **profile): a department and n agents of it with open sockets, whom routing counts with."""

    def make(n=1, **profile):
        slug = department()
        agents = [hire("agent", slug, **profile) for _ in range(n)]
        lives = [listen(agent, "mine") for agent in agents]
        ids = [number(agent.staff_id) for agent in agents]
        here = "SELECT count(DISTINCT staff_id) FROM staff_presence WHERE staff_id = ANY (%s)"
        until(lambda: server.sql(here, (ids,))[0][0] == n, "everybody to be here")
        return slug, agents, lives

    return make


def is_with(api, customer, agent):
    def look():
        assigned = api.conversation(customer.conversation_id)["assigned_staff"]
        return assigned and assigned["staff_id"] == agent.staff_id

    return look


def decisions(api, conversation_id):
    return api.get(f"/api/v1/conversations/{conversation_id}/decisions").json["items"]


def kinds(api, conversation_id):
    """What was decided, oldest first, without what the rules did."""
    return [d["kind"] for d in reversed(decisions(api, conversation_id)) if d["kind"] != "rules"]


def number(customer_or_id):
    text = getattr(customer_or_id, "conversation_id", customer_or_id)
    return int(text.split("-")[1])


def notices(server, kind, conversation_id):
    return server.sql(
        "SELECT data FROM event WHERE type = 'notice.wanted' AND data LIKE %s AND conversation_id = %s",
        (f'%"kind":"{kind}"%', number(conversation_id)),
    )


def taken_in_order(server, customers):
    return server.sql(
        "SELECT conversation_id FROM turn WHERE kind = 'takeover' AND conversation_id = ANY (%s) ORDER BY turn_id",
        ([number(c) for c in customers],),
    )


def test_free_agents_in_turn_and_then_the_manager(staffed, desk, waiting_chat, admin, server):
    """Document 002: free agents round robin; none free: the manager."""
    slug, agents, _ = staffed(3, capacity=2)
    desk(slug)
    given = []
    for _ in range(6):
        customer = waiting_chat(slug)
        row = until(
            lambda c=customer: admin.conversation(c.conversation_id)["assigned_staff"], "somebody to get it"
        )
        given.append(row["staff_id"])
    ids = [a.staff_id for a in agents]
    assert sorted(given[:3]) == sorted(ids) and given[3:] == given[:3]

    last = waiting_chat(slug)
    until(lambda: kinds(admin, last.conversation_id) == ["escalated"], "the managers to be told")
    decision = decisions(admin, last.conversation_id)[0]
    assert decision["chosen"] is None and decision["reason"] == "nobody is free" and decision["reason_ar"]
    assert {c["why"] for c in decision["candidates"]} == {"at capacity 2/2"}
    assert {c["staff_id"] for c in decision["candidates"]} == set(ids)
    assert notices(server, "routing.nobody_free", last.conversation_id)

    # A slot is free: the one who waits gets it, without anybody asking.
    first = server.sql("SELECT conversation_id FROM turn WHERE kind = 'takeover' AND conversation_id IN "
                       "(SELECT conversation_id FROM conversation WHERE assigned_staff_id = %s) LIMIT 1",
                       (int(ids[0].split("-")[1]),))[0][0]
    agents[0].act(f"CONV-{first}", "resolution", {})
    until(is_with(admin, last, agents[0]), "the freed slot to be used")
    assert decisions(admin, last.conversation_id)[0]["kind"] == "assigned"


def test_nothing_is_given_while_people_pick_up_by_hand(staffed, waiting_chat, admin):
    slug, (sarah,), _ = staffed()
    customer = waiting_chat(slug)
    assert kinds(admin, customer.conversation_id) == []
    assert sarah.act(customer.conversation_id, "takeover")["status"] == "active"


def test_the_five_rows_of_document_000_are_served_the_longest_waiting_first(
    staffed, desk, waiting_chat, admin, server
):
    rows = [("John", 2), ("Alice", 5), ("Bob", 1), ("Sarah", 8), ("Mark", 3)]
    slug, (agent,), _ = staffed(capacity=5)
    customers = {name: waiting_chat(slug, name=name) for name, _ in rows}
    for name, minutes in rows:
        server.sql(
            "UPDATE conversation SET waiting_since = now() - %s * interval '1 minute' WHERE conversation_id = %s",
            (minutes, number(customers[name])),
        )
    shown = [c["user_name"] for c in agent.get("/api/v1/queue").json["items"] if (c["department"] or {}).get("slug") == slug]
    assert shown == ["Sarah", "Alice", "Mark", "John", "Bob"]
    assert [customers[n].state()["queue_position"] for n in shown] == [1, 2, 3, 4, 5]
    desk(slug, "least_loaded")
    until(lambda: len(taken_in_order(server, customers.values())) == 5, "all to be given")
    names = {number(c): name for name, c in customers.items()}
    assert [names[i] for (i,) in taken_in_order(server, customers.values())] == shown


def test_the_four_rows_with_priorities(staffed, desk, waiting_chat, admin, server):
    rows = [
        ("Lisa", "normal", 1, "Thank you for helping!"),
        ("Mark", "normal", 2, "Need clarification on funding"),
        ("Sarah", "high", 4, "When will I hear back?"),
        ("Bob", "emergency", 8, "Fever not going down"),
    ]
    slug, (agent,), _ = staffed(capacity=4)
    customers = {}
    for name, priority, minutes, text in rows:
        customers[name] = waiting_chat(slug, text, name=name)
        admin.patch(customers[name].path, {"priority": priority}, expect=200)
        server.sql(
            "UPDATE conversation SET waiting_since = now() - %s * interval '1 minute' WHERE conversation_id = %s",
            (minutes, number(customers[name])),
        )
    desk(slug, "round_robin")
    until(lambda: len(taken_in_order(server, customers.values())) == 4, "all to be given")
    names = {number(c): name for name, c in customers.items()}
    assert [names[i] for (i,) in taken_in_order(server, customers.values())] == ["Bob", "Sarah", "Mark", "Lisa"]


def test_within_one_priority_vips_come_first_in_every_list(staffed, desk, waiting_chat, admin, server):
    slug, (agent,), _ = staffed(capacity=20)
    customers = [waiting_chat(slug) for _ in range(6)]
    for customer, priority in zip(customers, ("low", "normal", "high") * 2):
        admin.patch(customer.path, {"priority": priority}, expect=200)
    for customer in customers[3:]:
        contact = server.sql("SELECT contact_id FROM conversation WHERE conversation_id = %s", (number(customer),))
        admin.patch(f"/api/v1/contacts/CUST-{contact[0][0]}", {"vip": True}, expect=200)
    wanted = [customers[i].conversation_id for i in (5, 2, 4, 1, 3, 0)]

    shown = [c["conversation_id"] for c in agent.get("/api/v1/queue").json["items"] if (c["department"] or {}).get("slug") == slug]
    assert shown == wanted
    listed, cursor = [], None
    while cursor is not None or not listed:
        page = agent.get("/api/v1/conversations", department=slug, sort="waiting", limit=1, **({"cursor": cursor} if cursor else {})).json
        listed += [c["conversation_id"] for c in page["items"]]
        cursor = page["next_cursor"]
    assert listed == wanted, "page by page, too"
    assert [c.state()["queue_position"] for c in sorted(customers, key=lambda c: wanted.index(c.conversation_id))] == [1, 2, 3, 4, 5, 6]
    desk(slug)
    until(lambda: len(taken_in_order(server, customers)) == 6, "all to be given")
    assert [f"CONV-{i}" for (i,) in taken_in_order(server, customers)] == wanted


def test_language_and_skills(hire, department, listen, desk, waiting_chat, admin):
    slug = department()
    english = hire("agent", slug, languages=["en"])
    arabic = hire("agent", slug, languages=["en", "ar"])
    for agent in (english, arabic):
        listen(agent, "mine")
    desk(slug, "least_loaded")
    customer = waiting_chat(slug, "السلام عليكم", language="ar")
    until(is_with(admin, customer, arabic), "the one who speaks Arabic to get it")
    why = {c["staff_id"]: c["why"] for c in decisions(admin, customer.conversation_id)[0]["candidates"]}
    assert why[english.staff_id] == "lacks language ar"

    desk(slug, "least_loaded", skills_required=["billing"])
    customer = waiting_chat(slug)
    until(lambda: kinds(admin, customer.conversation_id) == ["escalated"], "nobody to have the skill")
    admin.put(f"/api/v1/staff/{english.staff_id}/skills", {"skills": [{"skill": "billing", "level": 4}]}, expect=200)
    until(is_with(admin, customer, english), "the skilled one to get it")


def test_an_offer_is_accepted(staffed, desk, waiting_chat, admin):
    slug, (sarah,), (live,) = staffed()
    desk(slug, accept_seconds=60)
    customer = waiting_chat(slug, name="James")
    offer = live.wait_event("offer", lambda e: e["conversation_id"] == customer.conversation_id)
    assert offer["data"]["staff_id"] == sarah.staff_id
    assert sarah.name in offer["data"]["reason"] and "متاح" in offer["data"]["reason_ar"], "why she gets it"
    assert offer["data"]["user_name"] == "James" and offer["data"]["expires_at"] and offer["data"]["priority"] == "normal"
    assert admin.conversation(customer.conversation_id)["status"] == "pending"
    assert sarah.get("/api/v1/me/offers", expect=200).json == {"items": [offer["data"]]}, "for a page that is loaded again"
    assert admin.get("/api/v1/me/offers", expect=200).json == {"items": []}
    path = f"/api/v1/conversations/{customer.conversation_id}/acceptance"
    assert admin.post(path, {"accept": True}).status == 409, "it is not the admin's"
    sarah.post(path, {"accept": True}, expect=200)
    assert is_with(admin, customer, sarah)()
    assert live.wait_event("offer.ended")["data"]["outcome"] == "accepted"
    assert sarah.get("/api/v1/me/offers", expect=200).json == {"items": []}
    assert sarah.post(path, {"accept": True}).status == 409
    assert kinds(admin, customer.conversation_id) == ["offered", "assigned"]


def test_how_long_until_an_offer_is_on_the_screen(staffed, desk, start_chat, admin, figure):
    slug, _, lives = staffed(3, capacity=50)
    desk(slug, accept_seconds=60)
    took = []
    for _ in range(30):
        customer = start_chat()
        customer.say("Good morning")
        admin.act(customer.conversation_id, "handover", {"reason": "asked"})
        began = time.monotonic()
        admin.act(customer.conversation_id, "assignment", {"department": slug})

        def offered():
            return any(e["conversation_id"] == customer.conversation_id for live in lives for e in live.of_type("offer"))

        until(offered, "the offer", pause=0.001)
        took.append((time.monotonic() - began) * 1000)
    took.sort()
    figure(f"from a request that puts a conversation in a queue to the offer on an agent's socket: median {took[15]:.0f} ms, p95 {took[28]:.0f} ms")


def test_an_offer_that_runs_out_goes_to_the_next_and_then_to_the_manager(
    staffed, desk, waiting_chat, admin, server
):
    slug, agents, _ = staffed(2)
    desk(slug, accept_seconds=1)
    customer = waiting_chat(slug)
    story = ["offered", "expired", "offered", "expired", "escalated"]
    until(lambda: kinds(admin, customer.conversation_id) == story, "both to let it run out")
    asked = [d["chosen"]["staff_id"] for d in decisions(admin, customer.conversation_id) if d["kind"] == "offered"]
    assert sorted(asked) == sorted(a.staff_id for a in agents)
    assert notices(server, "routing.not_accepted", customer.conversation_id)
    assert admin.conversation(customer.conversation_id)["status"] == "pending"
    # Anybody may still take it by hand.
    agents[0].act(customer.conversation_id, "takeover")


def test_declined_and_taken_by_hand(staffed, desk, waiting_chat, admin):
    slug, agents, lives = staffed(2)
    desk(slug, accept_seconds=60)
    customer = waiting_chat(slug)
    path = f"/api/v1/conversations/{customer.conversation_id}/acceptance"
    until(lambda: kinds(admin, customer.conversation_id) == ["offered"], "an offer")
    first = decisions(admin, customer.conversation_id)[0]["chosen"]["staff_id"]
    asked, other = sorted(agents, key=lambda a: a.staff_id != first)
    asked.post(path, {"accept": False}, expect=200)
    until(lambda: kinds(admin, customer.conversation_id) == ["offered", "declined", "offered"], "the next one asked")
    assert decisions(admin, customer.conversation_id)[0]["chosen"]["staff_id"] == other.staff_id
    admin.act(customer.conversation_id, "takeover")
    until(lambda: kinds(admin, customer.conversation_id)[-1] == "withdrawn", "the offer to end")
    assert other.post(path, {"accept": True}).status in (404, 409)


def test_new_tickets_find_free_agents_in_turn_and_then_the_manager(staffed, desk, waiting_chat, admin, server):
    """Document 002's chart: a ticket from the portal, without anybody's doing."""
    slug, agents, lives = staffed(3, capacity=1)
    desk(slug)
    for live in lives:
        live.subscribe("tickets")

    def new_ticket():
        body = {"subject": "A matter", "department": slug, "name": "Grace", "email": f"{new_name()}@example.org"}
        return Api(server.port).post("/tickets", body, expect=201)["ticket_id"]

    def holder(id):
        return (admin.get(f"/tickets/{id}")["assigned_staff"] or {}).get("staff_id")

    given = [until(lambda id=id: holder(id), "an agent to have it") for id in [new_ticket() for _ in range(6)]]
    assert sorted(given[:3]) == sorted(a.staff_id for a in agents) and sorted(given[3:]) == sorted(given[:3])
    ticket = admin.get("/tickets", department=slug)["items"][0]
    assert ticket["status"] == "in_progress" and ticket["level"] == "L1"
    until(lambda: any(live.of_type("ticket.update") for live in lives), "it to be on a screen")

    # Nobody is free: the managers hear of it, and the first who is gets it.
    customers = [waiting_chat(slug) for _ in range(3)]
    until(lambda: all(admin.conversation(c.conversation_id)["assigned_staff"] for c in customers), "all to be busy")
    late = new_ticket()
    told = "SELECT 1 FROM event WHERE type = 'notice.wanted' AND data::json->>'ticket' = %s AND data::json->>'kind' = 'routing.nobody_free'"
    until(lambda: server.sql(told, (late,)), "the managers to be told")
    assert holder(late) is None
    agents[0].act(next(c for c in customers if is_with(admin, c, agents[0])()).conversation_id, "resolution", {})
    assert until(lambda: holder(late), "the freed one to get it") == agents[0].staff_id
    # What somebody has put back by hand stays in the list.
    admin.post(f"/api/v1/tickets/{late}/assignment", {"department": slug}, expect=200)
    waiting = new_ticket()
    until(lambda: holder(waiting), "the next one to be given")
    assert holder(late) is None


def test_back_to_the_queue_when_somebody_stays_away(staffed, desk, waiting_chat, admin, server):
    slug, (sarah, bob), lives = staffed(2, capacity=1)
    desk(slug)
    customer = waiting_chat(slug)
    until(lambda: admin.conversation(customer.conversation_id)["assigned_staff"], "it to be given")
    holder = 0 if is_with(admin, customer, sarah)() else 1
    lives[holder].close()
    who = int((sarah, bob)[holder].staff_id.split("-")[1])
    due = "SELECT due_at - now() FROM job WHERE kind = 'routing.away' AND key = %s"
    left = until(lambda: server.sql(due, (str(who),)), "the grace time to begin")[0][0]
    assert 30 < left.total_seconds() <= 60
    server.sql("UPDATE job SET due_at = now() WHERE kind = 'routing.away' AND key = %s", (str(who),))
    until(is_with(admin, customer, (sarah, bob)[1 - holder]), "the other one to get it")
    assert kinds(admin, customer.conversation_id) == ["assigned", "returned", "assigned"]


def test_an_account_switched_off_gives_back_what_it_had(staffed, waiting_chat, admin):
    slug, (sarah,), _ = staffed()
    customer = waiting_chat(slug)
    sarah.act(customer.conversation_id, "takeover")
    admin.patch(f"/api/v1/staff/{sarah.staff_id}", {"active": False}, expect=200)
    until(lambda: admin.conversation(customer.conversation_id)["status"] == "pending", "it to wait again")
    assert decisions(admin, customer.conversation_id)[0]["reason"] == "the account is no longer in use"


def test_a_full_queue_says_so_once_and_keeps_the_conversation(staffed, desk, waiting_chat, admin, server):
    slug, _, _ = staffed()
    desk(slug, "manual", queue_limit=2, full_answer_en="We are full.", full_answer_ar="القائمة ممتلئة.")
    with server.follower_held("routing"):  # all are there before the first is looked at
        one, two = waiting_chat(slug), waiting_chat(slug)
        english, arabic = waiting_chat(slug), waiting_chat(slug, "مرحبا", language="ar")

    def said(customer):
        return [m["message"] for m in admin.messages(customer.conversation_id) if m["role"] == "system"]

    until(lambda: "We are full." in said(english), "the answer")
    until(lambda: "القائمة ممتلئة." in said(arabic), "the answer in Arabic")
    assert "We are full." not in said(one) + said(two)
    english.say("Then please call me back.")
    state = admin.conversation(english.conversation_id)
    assert state["status"] == "pending" and state["last_message"]["message"] == "Then please call me back."
    assert said(english).count("We are full.") == 1
    assert notices(server, "routing.queue_full", english.conversation_id)


def test_the_estimate_is_honest(staffed, waiting_chat, server):
    slug, (sarah,), _ = staffed()
    first = waiting_chat(slug)
    assert first.state()["estimated_wait_seconds"] is None, "nobody has waited here yet"
    for _ in range(5):
        customer = waiting_chat(slug)
        sarah.act(customer.conversation_id, "takeover")
        until(lambda c=customer: server.sql("SELECT 1 FROM queue_visit WHERE conversation_id = %s AND taken", (number(c),)),
              "the wait to be noted")
        server.sql(
            "UPDATE queue_visit SET entered_at = left_at - interval '90 seconds', place = 1 WHERE conversation_id = %s",
            (number(customer),),
        )
    second = waiting_chat(slug)
    assert first.state()["estimated_wait_seconds"] == 120, "90 s a place, in whole minutes"
    assert second.state()["estimated_wait_seconds"] == 180


def test_the_customer_hears_of_their_place_and_the_estimate(staffed, waiting_chat, server, listen):
    slug, (sarah,), _ = staffed(capacity=20)
    for _ in range(5):
        customer = waiting_chat(slug)
        sarah.act(customer.conversation_id, "takeover")
        until(lambda c=customer: server.sql("SELECT 1 FROM queue_visit WHERE conversation_id = %s AND taken", (number(c),)),
              "the wait to be noted")
    server.sql(
        "UPDATE queue_visit SET entered_at = left_at - interval '90 seconds', place = 1 WHERE department_id ="
        " (SELECT department_id FROM department WHERE slug = %s)", (slug,)
    )
    first, second = waiting_chat(slug), waiting_chat(slug)
    live = listen(second)

    def told(place, wait):
        event = live.wait_event(
            "conversation.update",
            lambda e: (e["data"]["queue_position"], e["data"]["estimated_wait_seconds"]) == (place, wait),
        )
        assert event["data"]["status"] == "pending" and event["data"]["conversation_id"] == second.conversation_id

    told(2, 180)
    sarah.act(first.conversation_id, "takeover")
    told(1, 120)
    # A socket that comes later is told at once, without anything moving.
    again = listen(second)
    again.wait_event("conversation.update", lambda e: e["data"]["queue_position"] == 1 and e["id"] == 0)
    sarah.act(second.conversation_id, "takeover")
    taken = live.wait_event("conversation.update", lambda e: e["data"]["status"] == "active")
    assert taken["data"]["queue_position"] is None and taken["data"]["assigned_staff"]["name"]
    assert not [e for e in live.events if e["type"] == "conversation.update" and e is not taken
                and live.events.index(e) > live.events.index(taken) and e["data"]["queue_position"]]


def test_the_desk_of_a_department(department, admin, hire):
    slug = department()
    path = f"/api/v1/departments/{slug}/desk"
    before = admin.get(path).json
    assert before["assignment"] == "manual" and before["queue_limit"] is None and before["open"] is True
    assert before["full_answer_en"] and before["full_answer_ar"] and before["hours"] == []
    wanted = {
        "assignment": "least_loaded",
        "accept_seconds": 30,
        "queue_limit": 20,
        "time_zone": "Asia/Riyadh",
        "hours": [{"day": 1, "from": "09:00", "to": "13:00"}, {"day": 1, "from": "14:00", "to": "24:00"}],
        "holidays": [{"date": "2026-12-25", "name": "Holiday"}],
        "skills_required": ["billing"],
        "full_answer_en": "Full.",
        "full_answer_ar": "ممتلئ.",
    }
    admin.put(path, wanted, expect=200)
    after = admin.get(path).json
    assert {k: after[k] for k in wanted} == wanted
    row = admin.get("/api/v1/audit", action="desk.change", target=slug).json["items"][0]
    assert row["detail"]["accept_seconds"] == [0, 30]

    for field, value in (
        ("assignment", "magic"),
        ("accept_seconds", -1),
        ("queue_limit", 0),
        ("time_zone", "Mars/Base"),
        ("hours[0]", [{"day": 1, "from": "13:00", "to": "09:00"}]),
        ("hours[1]", [{"day": 1, "from": "09:00", "to": "13:00"}, {"day": 1, "from": "12:00", "to": "14:00"}]),
        ("hours[0].day", [{"day": 8, "from": "09:00", "to": "13:00"}]),
        ("holidays[0].date", [{"date": "2026-13-45", "name": ""}]),
    ):
        body = {"assignment": "manual"} | {field.split("[")[0]: value}
        assert admin.put(path, body, expect=422).fields() == {field}
    assert admin.get("/api/v1/departments/none-such/desk", expect=404)
    assert hire("manager").put(path, wanted).status == 200
    assert hire("agent").put(path, wanted).status == 403


def test_categories(admin, department):
    slug = new_name("cat")
    home = department()
    made = admin.post(
        "/api/v1/categories",
        {"slug": slug, "name_en": "Parcels", "name_ar": "طرود", "department": home, "keywords_en": ["parcel*"]},
        expect=201,
    ).json
    assert made["keywords_ar"] == [] and made["department"] == home
    assert admin.post("/api/v1/categories", {"slug": slug, "name_en": "x", "name_ar": "x"}).status == 409
    changed = admin.patch(f"/api/v1/categories/{slug}", {"department": "", "keywords_ar": ["طرد"]}, expect=200).json
    assert changed["department"] is None and changed["keywords_ar"] == ["طرد"]
    assert admin.patch(f"/api/v1/categories/{slug}", {"department": "none-such"}).fields() == {"department"}
    shipped = {c["slug"] for c in admin.items("/api/v1/categories", limit=5)}
    assert shipped >= {
        "education", "education_scholarship", "medical", "goodsam", "scholarship", "status-check",
        "community-project", "billing", "tech", "account", "sales", "complaints", "reception", slug,
    }


def test_skills_of_a_person(admin, hire):
    agent = hire("agent")
    path = f"/api/v1/staff/{agent.staff_id}/skills"
    assert admin.get(path).json == {"skills": [], "weight": 1}
    admin.put(path, {"skills": [{"skill": "legal"}, {"skill": "billing", "level": 5}], "weight": 3}, expect=200)
    assert admin.get(path).json == {
        "skills": [{"skill": "billing", "level": 5}, {"skill": "legal", "level": 3}],
        "weight": 3,
    }
    assert admin.put(path, {"skills": [], "weight": 0}).fields() == {"weight"}
    assert agent.put(path, {"skills": []}).status == 403
    assert admin.get("/api/v1/staff/STF-999999/skills", expect=404)
