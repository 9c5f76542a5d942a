"""Which products fit a question: read from its words, judged by what products say, apart for each audience."""

import io
from datetime import UTC, datetime, timedelta

import pytest

from openbook.ingest.readers.feed import read_all
from openbook.search.choosing import wanted_in
from openbook.search.drafting import Batch, draft_part
from openbook.search.vocabulary import vocabulary_of
from openbook.types import Metadata
from search.shelf import add

FEED = """\
id,title,price,colour,volume,waterproof,availability,product_type,item_group_id
A,Alpine 30,49.90 EUR,red,30 l,yes,in stock,Backpack,
B,City 20,50.00 EUR,red,20 l,no,in stock,Backpack,
C,Trail 40,20.00 EUR,blue,40 l,yes,out of stock,Backpack,
D,Ridge,90.00 EUR,green,,yes,in stock,Tent,
E1,Duo,30.00 EUR,red,10 l,no,in stock,Bag,G
E2,Duo,80.00 EUR,black,10 l,no,in stock,Bag,G
"""
VOCABULARY = vocabulary_of(
    [
        ("price", "50 EUR"),
        ("colour", "red"),
        ("colour", "green"),
        ("weight", "1 kg"),
        ("product_type", "Backpack"),
        ("delivery", "3 days"),
    ]
)
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def shop(shelf, tmp_path):
    """A shelf with a feed of five products."""
    (tmp_path / "feed.csv").write_text(FEED, "utf-8")
    add(shelf, tmp_path / "feed.csv")
    return shelf


def chosen(shelf, text, **options):
    """The names of the products that were chosen, in order; None where nothing was to be chosen."""
    hits = shelf.search(text, **options)
    if not any(hit.selection for hit in hits):
        return None
    return list(dict.fromkeys(hit.title for hit in hits if hit.selection.sentences))


@pytest.mark.parametrize(
    "question",
    [
        "Which red backpacks cost less than 60 €?",
        "I'm looking for a backpack under 60 euros.",
        "cheapest red backpack",
        "Do you have anything below EUR 60 that weighs at most 1 kg?",
        "Was habt ihr unter 60 Euro?",
        "How much is the cheapest backpack?",
        "What is the weight of the red Alpine?",
    ],
)
def test_a_question_that_asks_which_products_fit_is_read_as_a_choice(question):
    assert wanted_in(question, VOCABULARY, {"alpin"}) is not None


@pytest.mark.parametrize(
    "question",
    [
        "Which products do you have?",
        "Is the red backpack waterproof?",
        "Can I return a red backpack?",
        "Is delivery free for orders over 50 €?",
        "What is the cheapest delivery?",
        "How do I wash a red backpack?",
        "Do you have anything that weighs 1 kg at most?",
        "Which red backpack under 60 € is good for hiking?",
        "",
    ],
)
def test_a_question_that_asks_something_else_or_has_unknown_words_is_none(question):
    assert wanted_in(question, VOCABULARY, {"alpin"}) is None


def test_what_a_question_wants_is_marked_in_its_own_words():
    question = "Which is the lightest red or green backpack for less than 60 €?"
    wanted = wanted_in(question, VOCABULARY, set())
    assert [span.of(question) for span in wanted.said] == ["red or green backpack for less than 60 €"]
    assert wanted.order.of(question) == "lightest"


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Which backpacks cost less than 50 €?", ["Trail 40", "Alpine 30"]),
        ("Which backpacks cost up to 50 €?", ["Trail 40", "Alpine 30", "City 20"]),
        ("red backpacks, waterproof", ["Alpine 30"]),
        ("cheapest red backpack", ["Alpine 30", "City 20"]),
        ("most expensive backpack in stock", ["City 20", "Alpine 30"]),
        ("Do you have an Alpine in red?", ["Alpine 30"]),
        ("Do you have red tents?", []),
    ],
)
def test_those_that_fit_are_found_the_best_first(shop, question, names):
    assert chosen(shop, question) == names


def test_it_is_one_variant_that_must_have_all_that_is_wanted(shop):
    assert chosen(shop, "Which red bags cost less than 40 €?") == ["Duo"]
    assert chosen(shop, "Which black bags cost less than 40 €?") == []
    rows = [
        hit.sentences[place]
        for hit in shop.search("Do you sell a black bag?")
        for place in hit.selection.sentences
        if hit.heading_path == ("Variants",)
    ]
    assert len(rows) == 1


def test_a_product_that_does_not_say_is_counted_apart(shop):
    (hit, *_) = shop.search("waterproof products with at least 20 l")
    assert (hit.selection.fitting, hit.selection.unsure, hit.selection.compared) == (2, 1, 5)


def test_who_may_not_see_a_product_neither_counts_nor_understands_it(shop, tmp_path):
    secret = "id,title,price,colour,product_type\nS,Hidden,1.00 EUR,magenta,Backpack\n"
    (tmp_path / "secret.csv").write_text(secret, "utf-8")
    add(shop, tmp_path / "secret.csv", Metadata(audiences=("internal",)))
    both = ("public", "internal")
    assert chosen(shop, "cheapest backpack", audiences=both)[0] == "Hidden"
    assert chosen(shop, "Do you have magenta backpacks?", audiences=both) == ["Hidden"]
    assert chosen(shop, "cheapest backpack") == ["Trail 40", "Alpine 30", "City 20"]
    assert chosen(shop, "Do you have magenta backpacks?") is None
    assert shop.search("cheapest backpack")[0].selection.compared == 5


def test_a_product_is_compared_as_long_as_it_is_valid(shelf):
    parts = list(read_all(io.BytesIO(FEED.encode()), path="feed.csv"))
    batch = Batch("main", "src_shelf", Metadata(valid_from=NOW, valid_until=NOW + DAY))
    drafts = [draft_part(batch, "feed.csv", part) for part in parts]
    shelf.publisher.publish("main", drafts, shelf.publisher.embed("main", drafts))
    moments = (NOW - DAY, NOW, NOW + DAY, NOW)
    found = [chosen(shelf, "cheapest red backpack", at=at) for at in moments]
    assert found == [None, ["Alpine 30", "City 20"], None, ["Alpine 30", "City 20"]]


def test_a_change_of_the_feed_counts_at_once(shop, tmp_path):
    assert chosen(shop, "cheapest red backpack")[0] == "Alpine 30"
    (tmp_path / "feed.csv").write_text(FEED.replace("A,Alpine 30,49.90", "A,Alpine 30,70.00"), "utf-8")
    add(shop, tmp_path / "feed.csv")
    assert chosen(shop, "cheapest red backpack") == ["City 20", "Alpine 30"]


def test_without_products_nothing_is_chosen(shelf):
    shelf.put("tents.txt", "Our red tents cost less than 50 €.")
    assert chosen(shelf, "Which red tents cost less than 50 €?") is None
