"""What was said before helps to understand a question, stays erasable, and is nobody else's to read."""

import shutil
from pathlib import Path

import pytest

from openbook import AskRequest, Desk
from openbook.conversation.before import LONGEST_MESSAGE, MOST_MESSAGES
from openbook.errors import UserError
from openbook.hashing import canonical_json, hash_text
from openbook.models import HashEmbedder
from openbook.stores.texts import erase_owners
from openbook.types import Query, TicketMessage, to_plain

SHOP = Path(__file__).parents[2] / "examples" / "shop" / "articles"
FOLDERS = ("billing", "shipping", "stores")
THINGS = ("kiln", "loom", "studio")


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """Articles of the sample shop, with the real encoder."""
    folder = tmp_path_factory.mktemp("shop")
    for name in FOLDERS:
        shutil.copytree(SHOP / name, folder / "articles" / name)
    with Desk.open(folder / "desk") as opened:
        opened.add(folder / "articles")
        yield opened


@pytest.fixture
def desk(tmp_path):
    with Desk.open(tmp_path / "desk", embedder=HashEmbedder(), settings={"threshold": 0.05}) as opened:
        for number, thing in enumerate(THINGS, start=7):
            opened.put_document(
                f"{thing}.md", f"# The {thing}\n\nBook the {thing} at the desk. The price is {number} pounds an hour."
            )
        yield opened


def _said(*words):
    return tuple(TicketMessage("customer", said) for said in words)


def _booked(desk, thing, **options):
    return desk.ask(f"Where do I book the {thing}, at the desk?", **options)


@pytest.mark.parametrize(
    ("before", "words", "path"),
    [
        ("How do I pay in three instalments?", "And is there interest on it?", "billing/pay-in-3.html"),
        ("How long is a gift card valid?", "And what if I lose it?", "billing/gift-cards.md"),
        ("Can I collect my order in a store?", "how long do you keep it?", "shipping/click-and-collect.md"),
        ("Do you deliver to Switzerland?", "What does that cost?", "shipping/switzerland-and-norway.md"),
    ],
)
def test_a_follow_up_finds_the_article_that_was_spoken_of(shop, before, words, path):
    assert shop.search(Query(words, history=(before,))).hits[0].path == path


@pytest.mark.parametrize(
    ("words", "path"),
    [
        ("Do you price match?", "billing/price-match.md"),
        ("Where can I see my VAT invoice?", "billing/vat-invoice.md"),
        ("My parcel is missing", "shipping/parcel-missing.md"),
        ("When are the stores open on bank holidays?", "stores/bank-holidays.md"),
    ],
)
def test_a_new_topic_is_not_dragged_back_to_the_old_one(shop, words, path):
    said = ("How long is a gift card valid?", "And what if I lose it?")
    assert shop.search(words).hits[0].path == path
    assert shop.search(Query(words, history=said)).hits[0].path == path


@pytest.mark.parametrize("thing", THINGS)
def test_a_conversation_is_gone_on_with_and_replays_to_the_same_bytes(desk, thing):
    first = _booked(desk, thing)
    answer = desk.ask("And what is the price?", conversation_id=first.conversation_id)
    assert {citation.title for citation in answer.citations} == {f"The {thing}"}
    assert answer.understood == ("And what is the price?",)
    replay = desk.replay(answer.id)
    assert (replay.identical, replay.search, replay.differences) == (True, "identical", ())


@pytest.mark.parametrize("thing", THINGS)
def test_messages_that_come_with_the_request_do_the_same(desk, thing):
    told = (TicketMessage("bot", "Hello!"), *_said(f"Where do I book the {thing}?"), TicketMessage("bot", "Here."))
    answer = desk.ask(AskRequest("And what is the price?", history=told))
    assert {citation.title for citation in answer.citations} == {f"The {thing}"}
    replay = desk.replay(answer.id)
    assert (replay.identical, replay.search) == (True, "identical")


def test_a_receipt_names_earlier_messages_by_hash_alone(desk):
    answer = desk.ask(AskRequest("And what is the price?", history=_said("the loom of Mrs Quimby")))
    receipt = desk.receipt(answer.id)
    assert receipt.query["history"] == [hash_text("the loom of Mrs Quimby")]
    assert "Quimby" not in canonical_json(to_plain(receipt))


@pytest.mark.parametrize("kept", [False, True], ids=["sent along", "of a conversation"])
def test_when_the_conversation_is_erased_a_replay_says_so(desk, kept):
    if kept:
        answer = desk.ask("And the price?", conversation_id=_booked(desk, "loom").conversation_id)
    else:
        answer = desk.ask(AskRequest("And the price?", history=_said("Where do I book the loom?")))
    database = desk.parts.database
    assert database.write(lambda connection: erase_owners(connection, "main", [answer.conversation_id])) == 2
    with pytest.raises(UserError, match="erased"):
        desk.replay(answer.id)
    later = desk.ask("And the price?", conversation_id=answer.conversation_id)
    assert desk.receipt(later.id).query["history"] == []


def test_what_was_said_with_other_audiences_is_not_read(desk):
    first = _booked(desk, "loom", audiences=("public", "internal"))
    for audiences, known in ((("public",), 0), (("internal", "public"), 1)):
        answer = desk.ask("And what is the price?", conversation_id=first.conversation_id, audiences=audiences)
        assert len(desk.receipt(answer.id).query["history"]) == known


def test_a_kept_conversation_counts_and_not_what_is_sent_along(desk):
    first = _booked(desk, "loom")
    request = AskRequest("And the price?", first.conversation_id, history=_said("Where do I book the kiln?"))
    assert {citation.title for citation in desk.ask(request).citations} == {"The loom"}


def test_a_flood_of_messages_is_cut_and_replays(desk):
    told = _said(*(f"{number} {'loom ' * 5_000}\ud800" for number in range(60)))
    answer = desk.ask(AskRequest("And the price?", history=told))
    hashes = desk.receipt(answer.id).query["history"]
    assert hashes == [hash_text(said.text[:LONGEST_MESSAGE]) for said in told[-MOST_MESSAGES:]]
    assert desk.replay(answer.id).identical
