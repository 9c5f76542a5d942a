"""A desk with operators, a server over it, and conversations that wait: what the tests of the inbox share."""

import re
import secrets
from contextlib import ExitStack
from datetime import timedelta

import httpx
import pytest

from openbook import Desk
from openbook.models import HashEmbedder
from openbook.server import create_app
from openbook.stores import access
from server.running import running

ARTICLES = {
    "gift.md": "---\ntitle: Gift cards\n---\n\nA gift card is valid for 24 months from the day of purchase.\n",
    "tents.md": "---\ntitle: Tents\n---\n\nA tent for two people weighs 3 kilograms and has two doors.\n",
}
KNOWN = "For how many months is a gift card valid?"
UNKNOWN = "Do you polish marble floors in Lisbon?"
UNSURE = "Does a tent have two doors and a marble floor?"
HOSTILE = "<script>window.hacked = 1</script><img src=x onerror=window.hacked=1>"
ROLES = {"Ana": "operator", "Ben": "operator", "Lea": "lead", "Ada": "auditor", "Cem": "content"}


@pytest.fixture(scope="session")
def support(tmp_path_factory):
    """A desk with two articles."""
    folder = tmp_path_factory.mktemp("support") / "desk"
    with Desk.open(folder, must_hold=True, settings={"threshold": 0.3}, embedder=HashEmbedder()) as opened:
        for path, text in ARTICLES.items():
            opened.put_document(path, text)
        yield opened


@pytest.fixture(scope="session")
def support_address(support):
    with running(create_app(support, turns=2)) as place:
        yield place


@pytest.fixture(scope="session")
def people(support):
    """The ids of the staff, by name."""
    return {
        name: support.add_person(f"{name.lower()}@shop.example", name=name, role=role).id
        for name, role in ROLES.items()
    }


@pytest.fixture(scope="session")
def session_of(support, people):
    """Signs somebody of the staff in, as often as wanted, without the work that a password makes."""

    def make(name):
        token, lasts = secrets.token_urlsafe(24), timedelta(hours=1)
        support.parts.database.write(
            lambda connection: access.add_login(
                connection, "main", people[name], token, kind=access.SESSION, lasts=lasts
            )
        )
        return token

    return make


@pytest.fixture(scope="session")
def sessions(session_of):
    """One session for each of the staff."""
    return {name: session_of(name) for name in ROLES}


@pytest.fixture
def client_of(support_address, sessions):
    """Makes callers who signed in."""
    with ExitStack() as closing:

        def make(name):
            cookies, headers = {"openbook_session": sessions[name]}, {"Origin": support_address}
            client = httpx.Client(base_url=support_address, cookies=cookies, headers=headers, timeout=30)
            return closing.enter_context(client)

        yield make


@pytest.fixture
def waits(support):
    """Makes a conversation with two answers of the bot that a person is wanted in; returns its hand-off."""

    def make(question=UNKNOWN, *, name="", contact="", tenant="main"):
        first = support.ask(KNOWN, channel="web", tenant=tenant)
        if name or contact:
            support.leave_contact(first.conversation_id, name=name, contact=contact, tenant=tenant)
        support.ask(question, conversation_id=first.conversation_id, channel="web", tenant=tenant)
        return support.fetch_person(first.conversation_id, tenant=tenant)

    return make


def submit(client, place, page, **fields):
    """Sends a form as the page had it."""
    token = re.search(r'name="form_token" value="([0-9a-f]+)"', page.text)[1]
    return client.post(place, data={"form_token": token, **fields}, follow_redirects=True)
