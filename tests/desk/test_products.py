"""A shop's feed on a desk: which products fit is answered with their own rows, counted and compared exactly."""

import csv
import random

import pytest

from openbook import AskRequest, Desk
from openbook.models import HashEmbedder
from openbook.types import Decision

KINDS = ("Backpack", "Tent", "Jacket")
COLOURS = ("red", "blue", "green")


def made(count=60):
    """Products drawn at random, always the same; their prices are whole and none is twice."""
    draw = random.Random(3)
    prices = draw.sample(range(5, 200), count)
    return [
        {
            "id": f"P{number}",
            "title": f"Model {number}",
            "price": price,
            "colour": draw.choice(COLOURS),
            "waterproof": draw.choice(("yes", "no")),
            "availability": draw.choice(("in stock", "out of stock")),
            "product_type": draw.choice(KINDS),
        }
        for number, price in enumerate(prices)
    ]


def write_feed(path, products):
    """Writes a feed as shops do."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, products[0])
        writer.writeheader()
        writer.writerows(each | {"price": f"{each['price']}.00 EUR"} for each in products)


@pytest.fixture
def shop(tmp_path):
    """A desk with the feed and one article."""
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "returns.md").write_text("# Returns\n\nA tent can be returned within 30 days.\n", "utf-8")
    write_feed(tmp_path / "shop" / "feed.csv", made())
    with Desk.open(tmp_path / "desk", embedder=HashEmbedder()) as desk:
        desk.add(tmp_path / "shop")
        yield desk


def fitting(fits):
    """The names of the products that fit, the cheapest first."""
    return [each["title"] for each in sorted(made(), key=lambda each: each["price"]) if fits(each)]


def listed(answer):
    """The names of the products that an answer lists, in order."""
    return list(dict.fromkeys(citation.title for citation in answer.citations))


def test_those_that_fit_are_counted_and_the_best_five_listed_with_exact_quotes(shop):
    right = fitting(lambda each: each["product_type"] == "Tent" and each["price"] < 150)
    answer = shop.ask("Which tents cost less than 150 €?")
    assert answer.decision is Decision.SEND
    assert listed(answer) == right[:5]
    assert answer.text.startswith(
        f"{len(right)} of 60 products fit “tents cost less than 150 €”. The first 5:\n{right[0]}: "
    )
    assert [claim.text for claim in answer.claims] == answer.text.split("\n")[1:]
    for citation in answer.citations:
        version = shop.version(citation.document_id, citation.version)
        assert version.source_text[citation.start : citation.end] == citation.quote
    assert shop.replay(answer.id).identical


@pytest.mark.parametrize(("words", "is_in"), [("up to", True), ("under", False), ("from", True), ("over", False)])
def test_a_limit_holds_to_the_cent(shop, words, is_in):
    edge = made()[7]
    products = shop.search(f"{edge['colour']} {edge['product_type']}s {words} {edge['price']} €", limit=50).hits
    assert (edge["title"] in {hit.title for hit in products if hit.selection.sentences}) is is_in


def test_the_cheapest_comes_first_and_is_one_that_can_be_had(shop):
    wanted = ("red", "in stock")
    right = fitting(lambda each: (each["colour"], each["availability"]) == wanted)
    assert listed(shop.ask("What is your cheapest red product in stock?")) == right[:5]


def test_where_none_fits_the_answer_says_so_and_a_person_takes_over(shop):
    answer = shop.ask("Do you have tents for less than 2 €?")
    assert answer.decision is Decision.HAND_OFF
    assert answer.text == (
        "None of 60 products fits “tents for less than 2 €”. I have passed your question to a person."
    )
    assert (answer.claims, answer.citations) == ((), ())
    assert shop.replay(answer.id).identical


def test_a_question_of_two_parts_gets_the_list_and_the_article(shop):
    question = "Which red tents are waterproof, and how long can a tent be returned?"
    right = fitting(lambda each: (each["product_type"], each["colour"], each["waterproof"]) == ("Tent", "red", "yes"))
    answer, hits = shop.ask(question), shop.search(question).hits
    assert [hit.title for hit in hits if hit.part == 0] == right
    assert "Returns" in {hit.title for hit in hits if hit.part == 1}
    assert shop.replay(answer.id).identical


def test_a_product_for_others_is_neither_counted_nor_listed(shop, tmp_path):
    secret = made(1)[0] | {"id": "S", "title": "Prototype", "price": 1, "colour": "red", "product_type": "Tent"}
    write_feed(tmp_path / "secret.csv", [secret])
    shop.add(tmp_path / "secret.csv", audience="internal")
    public = shop.ask("cheapest red tent")
    internal = shop.ask(AskRequest("cheapest red tent", audiences=("public", "internal")))
    assert "Prototype" not in listed(public)
    assert " of 60 products " in public.text
    assert listed(internal)[0] == "Prototype"
    assert " of 61 products " in internal.text


def test_a_product_that_left_the_feed_is_gone_at_once(shop, tmp_path):
    first = listed(shop.ask("cheapest product"))[0]
    write_feed(tmp_path / "shop" / "feed.csv", [each for each in made() if each["title"] != first])
    shop.sync()
    after = shop.ask("cheapest product")
    assert first not in listed(after)
    assert after.text.startswith("Of 59 products, “cheapest” first. The first 5:")
