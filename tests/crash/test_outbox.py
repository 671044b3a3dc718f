"""kill -9 between sending and writing down that it was sent, against a real SMTP server and an HTTP receiver: every
effect happens at least once under one stable id, and none is missing.

OUTBOX_ROUNDS (5) in the environment makes it shorter or longer."""

import json
import os
import random
import time

import pytest

from harness.api import StaffApi, SyncApi, new_name
from harness.server import ADMIN_EMAIL, ADMIN_PASSWORD, Server
from harness.sinks import HttpSink, MailSink
from harness.waiting import until

pytestmark = pytest.mark.short

ROUNDS = int(os.environ.get("OUTBOX_ROUNDS", 5))
EACH = 6  # messages and mails in a round


def test_nothing_that_was_to_leave_is_missing(figure):
    generator = random.Random(ROUNDS)
    with HttpSink() as sink, MailSink() as mails:
        sink.delay = mails.delay = 0.15  # taken, and not yet answered: where a kill leaves things open
        with Server(SMTP_URL=mails.url, MAIL_FROM="desk@example.org", OUTBOUND_ALLOW="127.0.0.0/8") as server:
            admin = StaffApi(server.port, ADMIN_EMAIL, ADMIN_PASSWORD)
            hook = {"url": sink.url + "/hook", "events": ["message.new"]}
            admin.post("/api/v1/webhooks", hook, expect=201)
            expected, recipients, killed_in_the_middle = set(), set(), 0
            for number in range(ROUNDS):
                sync = SyncApi(server.port)
                before = len(sink.posts) + len(mails.mails)
                for n in range(EACH):
                    expected.add(sync.send(new_name(), f"text {number}.{n}").json["message_id"])
                    to = f"r{number}-{n}@example.org"
                    admin.post("/api/v1/mail/test", {"to": to}, expect=202)
                    recipients.add(to)
                until(lambda: len(sink.posts) + len(mails.mails) > before, "something to be under way")
                time.sleep(generator.uniform(0, 0.3))
                server.kill()
                server.start()
                # Nobody waits for the lease of an attempt that died with its process.
                open_now = server.sql("UPDATE job SET lease_until = now() WHERE lease_until > now() RETURNING 1")
                killed_in_the_middle += len(open_now)
                admin = StaffApi(server.port, ADMIN_EMAIL, ADMIN_PASSWORD)

            def all_sent():
                return server.sql("SELECT count(*) FROM outbox WHERE state <> 'sent'") == [(0,)]

            until(all_sent, "everything to be sent", timeout=120)
            posted = {}
            for post in sink.at("/hook"):
                posted.setdefault(json.loads(post.body)["data"]["message_id"], set()).add(post.id)
            assert expected <= set(posted), "a webhook is missing"
            assert all(len(ids) == 1 for ids in posted.values()), "two ids for one event"
            mailed = {}
            for to, mail in mails.mails:
                mailed.setdefault(to, set()).add(mail["Message-ID"])
            assert recipients <= set(mailed), "a mail is missing"
            assert all(len(ids) == 1 for ids in mailed.values()), "two ids for one mail"
            again = len(sink.posts) - len(posted) + len(mails.mails) - len(mailed)
            assert killed_in_the_middle > 0, "no kill hit an attempt under way"
            figure(
                f"outbox: {ROUNDS} kills, {killed_in_the_middle} attempts cut off, {len(posted)} webhooks and"
                f" {len(mailed)} mails: 0 missing, {again} sent again under the same id"
            )
