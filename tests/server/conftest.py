"""A desk with a few real articles, a server over it, and callers of every kind."""

from contextlib import ExitStack

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
def workshop(tmp_path_factory):
    """A desk whose knowledge tests may change."""
    folder = tmp_path_factory.mktemp("workshop") / "desk"
    with Desk.open(folder, must_hold=True, settings={"threshold": 0.2}, embedder=HashEmbedder()) as opened:
        yield opened


@pytest.fixture(scope="session")
def workshop_address(workshop):
    with running(create_app(workshop, turns=2)) as place:
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
def workshop_session(workshop):
    return workshop.doorkeeper.spend_link(workshop.doorkeeper.new_link())


@pytest.fixture
def boss(workshop_address, workshop_session):
    """The owner of the workshop."""
    cookies, headers = {"openbook_session": workshop_session}, {"Origin": workshop_address}
    with httpx.Client(base_url=workshop_address, cookies=cookies, headers=headers, timeout=30) as client:
        yield client


@pytest.fixture
def stranger(workshop_address):
    with httpx.Client(base_url=workshop_address) as client:
        yield client


@pytest.fixture
def keyed(workshop, workshop_address):
    """Makes callers of the workshop with a key for some audiences."""
    with ExitStack() as closing:

        def make(*audiences):
            secret = workshop.doorkeeper.new_key("some", audiences=audiences)
            headers = {"Authorization": f"Bearer {secret}"}
            return closing.enter_context(httpx.Client(base_url=workshop_address, headers=headers, timeout=30))

        yield make


@pytest.fixture
def articles(tmp_path):
    """Writes files into a folder of their own and returns it."""

    def write(**texts):
        folder = tmp_path / "articles"
        folder.mkdir(exist_ok=True)
        for name, text in texts.items():
            (folder / f"{name}.md").write_text(text, "utf-8")
        return folder

    return write


@pytest.fixture(scope="session")
def documents(desk):
    """The live documents by path."""
    return {document.path: document for document in desk.documents()}
