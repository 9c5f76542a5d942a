"""A desk with a few real articles, a server over it, and callers of every kind."""

import httpx
import pytest

from openbook import Desk
from openbook.models import HashEmbedder
from openbook.server import create_app
from server.running import running
from server.shop import ARTICLES, CARDS


@pytest.fixture(scope="session")
def desk(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shop")
    articles = folder / "articles"
    articles.mkdir()
    for name, text in ARTICLES.items():
        (articles / name).write_text(text, "utf-8")
    with Desk.open(folder / "desk", must_hold=True, settings={"threshold": 0.5}) as opened:
        opened.add(articles)
        yield opened


@pytest.fixture(scope="session")
def address(desk):
    with running(create_app(desk, turns=4)) as place:
        yield place


@pytest.fixture(scope="session")
def cards_address(tmp_path_factory):
    """A server over a desk that a short question has two readings on."""
    folder = tmp_path_factory.mktemp("cards") / "desk"
    settings = {"threshold": 0.35}
    with Desk.open(folder, must_hold=True, settings=settings, embedder=HashEmbedder()) as opened:
        for path, text in CARDS.items():
            opened.put_document(path, text)
        with running(create_app(opened, turns=2)) as place:
            yield place


@pytest.fixture(scope="session")
def session(desk):
    return desk.doorkeeper.spend_link(desk.doorkeeper.new_link())


@pytest.fixture(scope="session")
def key(desk):
    return desk.doorkeeper.new_key("both", audiences=("public", "internal"))


@pytest.fixture(scope="session")
def public_key(desk):
    return desk.doorkeeper.new_key("public only", audiences=("public",))


@pytest.fixture
def anonymous(address):
    with httpx.Client(base_url=address) as client:
        yield client


@pytest.fixture
def cards(cards_address):
    with httpx.Client(base_url=cards_address) as client:
        yield client


@pytest.fixture
def owner(address, session):
    headers = {"Origin": address}
    with httpx.Client(base_url=address, cookies={"openbook_session": session}, headers=headers) as client:
        yield client


@pytest.fixture
def holder(address, key):
    with httpx.Client(base_url=address, headers={"Authorization": f"Bearer {key}"}) as client:
        yield client


@pytest.fixture
def public_holder(address, public_key):
    with httpx.Client(base_url=address, headers={"Authorization": f"Bearer {public_key}"}) as client:
        yield client


@pytest.fixture(scope="session")
def documents(desk):
    """The live documents by path."""
    return {document.path: document for document in desk.documents()}
