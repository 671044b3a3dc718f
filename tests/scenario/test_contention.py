"""Many at the same work: what follows the log and what takes messages must not wait for each other."""

import threading
import time

CHATS, HELPERS = 400, 8


def deadlocks(server):
    # The statistics arrive up to a second late.
    time.sleep(1.5)
    return server.sql("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")[0][0]


def test_messages_and_tickets_do_not_wait_for_each_other(server, hire, department, waiting_chat, figure):
    slug = department()
    sarah, bob = hire("agent", slug), hire("agent", slug)
    before = deadlocks(server)
    faults = []

    def work():
        for _ in range(CHATS // HELPERS):
            try:
                john = waiting_chat(slug)
                sarah.act(john.conversation_id, "takeover")
                sarah.act(john.conversation_id, "assignment", {"staff_id": bob.staff_id})
                john.say("My documents have not come")
                bob.post(f"{john.path}/messages", {"message": "I will look"}, expect=201)
                bob.act(john.conversation_id, "resolution", {"outcome": "resolved", "resolution": "sent"})
            except AssertionError as fault:
                faults.append(str(fault))

    started = time.monotonic()
    helpers = [threading.Thread(target=work) for _ in range(HELPERS)]
    for helper in helpers:
        helper.start()
    for helper in helpers:
        helper.join()
    figure(f"{CHATS} conversations from the first word to resolved: {time.monotonic() - started:.1f} s")
    assert faults == []
    assert deadlocks(server) == before
