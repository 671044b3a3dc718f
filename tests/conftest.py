"""Fixtures of the tests from outside. One server per session; tests keep out of each other's way by making their own
staff, departments and customers."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from harness import server as settings  # noqa: E402
from harness.api import CustomerApi, StaffApi, SyncApi, new_name  # noqa: E402
from harness.live import LiveSocket  # noqa: E402

PASSWORD = "green lantern by the river"


@pytest.fixture(scope="session")
def server():
    with settings.Server() as running:
        yield running


@pytest.fixture(scope="session")
def admin(server):
    return StaffApi(server.port, settings.ADMIN_EMAIL, settings.ADMIN_PASSWORD)


@pytest.fixture(scope="session")
def sync(server):
    return SyncApi(server.port)


@pytest.fixture(scope="session")
def hire(server, admin):
    """hire(role, *department_slugs, **more): makes a staff member and signs them in."""

    def make(role="agent", *departments, **more):
        email = new_name(role) + "@example.org"
        profile = {
            "name": more.pop("name", email.split("@")[0]),
            "email": email,
            "password": PASSWORD,
            "role": role,
            "departments": list(departments),
            "languages": ["en"],
            "capacity": 50,
        }
        admin.post("/api/v1/staff", profile | more, expect=201)
        return StaffApi(server.port, email, PASSWORD)

    return make


@pytest.fixture(scope="session")
def department(admin):
    """department(): a new one; returns its slug."""

    def make():
        slug = new_name("dep")
        admin.post(
            "/api/v1/departments", {"slug": slug, "name_en": slug.title(), "name_ar": "قسم"}, expect=201
        )
        return slug

    return make


@pytest.fixture(scope="session")
def manager(hire):
    return hire("manager")


@pytest.fixture
def team(hire, department):
    """A department with two agents in it: (slug, first, second)."""
    slug = department()
    return slug, hire("agent", slug), hire("agent", slug)


@pytest.fixture(scope="session")
def start_chat(server):
    """start_chat(**fields): a customer in a new conversation of our own widget."""

    def start(**fields):
        return CustomerApi(server.port, **({"name": "John", "language": "en"} | fields))

    return start


@pytest.fixture(scope="session")
def waiting_chat(admin, start_chat):
    """waiting_chat(department): a customer whose conversation waits in that department's queue."""

    def make(department, message="Good morning", **fields):
        customer = start_chat(**fields)
        customer.say(message)
        admin.act(customer.conversation_id, "handover", {"reason": "asked for a person"})
        conversation = admin.act(customer.conversation_id, "assignment", {"department": department})
        assert conversation["status"] == "pending", conversation
        return customer

    return make


@pytest.fixture
def listen(server):
    """listen(api, *topics): an open socket of that staff member or customer, closed after the test."""
    opened = []

    def make(api, *topics, since=None, **how):
        path = f"/ws/{api.conversation_id}" if isinstance(api, CustomerApi) else "/ws"
        live = LiveSocket(server.port, api.token, path, **how)
        opened.append(live)
        if topics:
            answer = live.subscribe(*topics, since=since)
            assert answer["type"] == "subscribed", answer
        return live

    yield make
    for live in opened:
        live.close()


@pytest.fixture
def figure(record_property):
    """figure(text): a measured number, shown at the end of the run; never a reason to fail."""
    return lambda text: record_property("figure", text)


def pytest_terminal_summary(terminalreporter):
    reports = [r for outcome in ("passed", "failed") for r in terminalreporter.stats.get(outcome, [])]
    figures = [text for r in reports for name, text in r.user_properties if name == "figure"]
    if figures:
        terminalreporter.section("figures")
        for line in figures:
            terminalreporter.write_line(line)
