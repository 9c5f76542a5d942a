"""Whether questions with limits, colours and the like find the products of a large feed that fit, and how fast.

A feed with known attributes is generated, and questions whose right answers follow from these: several
phrasings for each kind, written before they were run for the first time. Asked on a desk with the feed and
on one with the same articles and no feed, in turns. A question that is not answered counts as wrong, but
one that nothing fits counts as right if it is handed over.
"""

import csv
import random
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from measure import heading, parser, row, seconds, shown
from openbook import Desk
from openbook.types import Answer, Decision

_KINDS = ("Backpack", "Tent", "Jacket", "Sleeping bag", "Headlamp", "Water bottle")
_COLOURS = ("red", "blue", "green", "black", "orange")
_BRANDS = ("Acme", "Nordvik", "Voss", "Tarn")
_SERIES = ("Alpine", "Fjord", "Ridge", "Canyon", "Tundra")
_ARTICLES = {
    "delivery": "# Delivery\n\nDelivery takes three days. Delivery is free for orders over 50 €.\n",
    "returns": "# Returns\n\nYou can return any product within 30 days. The refund takes a week.\n",
    "payment": "# Payment\n\nYou can pay by card, by invoice or in three instalments from 100 € on.\n",
    "repairs": "# Repairs\n\nWe repair tents and jackets for five years. Send us the product with a note.\n",
}

Product = dict[str, Any]
Fits = Callable[[Product], bool]


@dataclass(frozen=True, slots=True)
class Question:
    """A question with what fits, and by what the best one comes first (the smallest value)."""

    kind: str
    text: str
    fits: Fits
    best: Callable[[Product], float] = field(default=lambda product: product["price"])


def products(count: int) -> list[Product]:
    """Products with attributes drawn at random, always the same."""
    draw = random.Random(7)
    made = []
    for number in range(count):
        kind = draw.choice(_KINDS)
        made.append(
            {
                "id": f"P{number}",
                "title": f"{draw.choice(_SERIES)} {kind} {number}",
                "price": draw.randint(500, 40_000) / 100,
                "weight": draw.randint(8, 320) * 10,
                "volume": draw.randint(1, 90),
                "brand": draw.choice(_BRANDS),
                "colour": draw.choice(_COLOURS),
                "waterproof": draw.choice(("yes", "no")),
                "availability": draw.choice(("in stock", "out of stock")),
                "product_type": kind,
            }
        )
    return made


def write_feed(path: Path, made: Sequence[Product]) -> None:
    """Writes products as shops do, with units in the values."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([*made[0], "description"])
        for each in made:
            written = {
                "price": f"{each['price']:.2f} EUR",
                "weight": f"{each['weight']} g",
                "volume": f"{each['volume']} l",
            }
            writer.writerow([*(each | written).values(), f"The {each['title']} comes with you on every tour."])


def questions(count: int) -> list[Question]:
    """As many questions of all kinds, in turn, with numbers and words drawn at random."""
    draw = random.Random(11)
    makers = list(_makers())
    return [makers[number % len(makers)](draw) for number in range(count)]


def _makers() -> Iterator[Callable[[random.Random], Question]]:
    """One function for each phrasing."""
    for text in (
        "Which {kind}s cost less than {price} €?",
        "I'm looking for a {kind} under {price} euros.",
        "What {kind}s do you have below EUR {price}?",
        "Show me {kind}s for less than {price}€",
    ):
        yield partial(_limited, text=text)
    for text in (
        "Do you have a {colour} {kind} up to {price} €?",
        "{colour} {kind}, max {price} euro",
        "I need a {kind} in {colour} for at most {price} €",
    ):
        yield partial(_coloured, text=text)
    for text in (
        "Which {kind}s weigh between {low} and {high} kg?",
        "Are there any {kind}s with a weight from {low} kg to {high} kg?",
    ):
        yield partial(_between, text=text)
    for text in (
        "What is the cheapest {colour} {kind} in stock?",
        "cheapest {kind} in {colour} that is in stock",
        "Which is your least expensive {colour} {kind} available now?",
    ):
        yield partial(_cheapest, text=text)
    for text in (
        "What's the lightest waterproof {kind} by {brand}?",
        "Recommend the lightest {brand} {kind} that is waterproof",
    ):
        yield partial(_lightest, text=text)
    for text in (
        "Which {brand} {kind}s are not {colour} and hold at least {volume} litres?",
        "{kind}s from {brand} with {volume} l or more, but not {colour}",
    ):
        yield partial(_denied, text=text)
    for text in (
        "Habt ihr etwas von {brand} unter {price} Euro auf Lager?",
        "Was gibt es von {brand} bis {price} €, sofort lieferbar?",
    ):
        yield partial(_german, text=text)
    for text in ("Do you sell {kind}s for less than 2 €?", "Which {colour} {kind}s weigh more than 50 kg?"):
        yield partial(_nothing, text=text)


def _kind(draw: random.Random) -> str:
    return draw.choice(_KINDS)


def _limited(draw: random.Random, text: str) -> Question:
    kind, price = _kind(draw), draw.randint(8, 60)
    return Question(
        "limit",
        text.format(kind=kind.lower(), price=price),
        lambda each: each["product_type"] == kind and each["price"] < price,
    )


def _coloured(draw: random.Random, text: str) -> Question:
    kind, colour, price = _kind(draw), draw.choice(_COLOURS), draw.randint(10, 80)
    return Question(
        "colour and limit",
        text.format(kind=kind.lower(), colour=colour, price=price),
        lambda each: (each["product_type"], each["colour"]) == (kind, colour) and each["price"] <= price,
    )


def _between(draw: random.Random, text: str) -> Question:
    kind, low, high = _kind(draw), draw.choice((0.5, 1, 1.5)), draw.choice((2, 2.5))
    return Question(
        "between",
        text.format(kind=kind.lower(), low=low, high=high),
        lambda each: each["product_type"] == kind and low * 1000 <= each["weight"] <= high * 1000,
    )


def _cheapest(draw: random.Random, text: str) -> Question:
    kind, colour = _kind(draw), draw.choice(_COLOURS)
    wanted = (kind, colour, "in stock")
    return Question(
        "cheapest",
        text.format(kind=kind.lower(), colour=colour),
        lambda each: (each["product_type"], each["colour"], each["availability"]) == wanted,
    )


def _lightest(draw: random.Random, text: str) -> Question:
    kind, brand = _kind(draw), draw.choice(_BRANDS)
    wanted = (kind, brand, "yes")
    return Question(
        "lightest",
        text.format(kind=kind.lower(), brand=brand),
        lambda each: (each["product_type"], each["brand"], each["waterproof"]) == wanted,
        lambda each: each["weight"],
    )


def _denied(draw: random.Random, text: str) -> Question:
    kind, brand, colour, volume = _kind(draw), draw.choice(_BRANDS), draw.choice(_COLOURS), draw.randint(20, 70)
    return Question(
        "negation",
        text.format(kind=kind.lower(), brand=brand, colour=colour, volume=volume),
        lambda each: (
            (each["product_type"], each["brand"]) == (kind, brand)
            and each["colour"] != colour
            and each["volume"] >= volume
        ),
    )


def _german(draw: random.Random, text: str) -> Question:
    brand, price, is_open = draw.choice(_BRANDS), draw.randint(10, 40), "unter" in text
    return Question(
        "German",
        text.format(brand=brand, price=price),
        lambda each: (
            (each["brand"], each["availability"]) == (brand, "in stock")
            and (each["price"] < price if is_open else each["price"] <= price)
        ),
    )


def _nothing(draw: random.Random, text: str) -> Question:
    return Question(
        "nothing fits", text.format(kind=_kind(draw).lower(), colour=draw.choice(_COLOURS)), lambda each: False
    )


def _listed(answer: Answer, by_title: dict[str, Product]) -> list[Product]:
    """The products that an answer lists, in its order."""
    titles = dict.fromkeys(citation.title for citation in answer.citations)
    return [by_title[title] for title in titles if title in by_title]


def main() -> None:
    """Generates the feed, asks, prints the table."""
    arguments = parser(__doc__ or "")
    arguments.add_argument("--products", type=int, default=4_000)
    arguments.add_argument("--questions", type=int, default=100)
    arguments.add_argument("--show-wrong", action="store_true", help="print what was not answered right")
    chosen = arguments.parse_args()
    made, asked = products(chosen.products), questions(chosen.questions)
    with tempfile.TemporaryDirectory() as folder:
        _measure(Path(folder), made, asked, show_wrong=chosen.show_wrong)


def _measure(folder: Path, made: list[Product], asked: list[Question], *, show_wrong: bool) -> None:
    (folder / "articles").mkdir()
    for name, text in _ARTICLES.items():
        (folder / "articles" / f"{name}.md").write_text(text, "utf-8")
    write_feed(folder / "feed.csv", made)
    with Desk.open(folder / "plain") as plain, Desk.open(folder / "shop") as shop:
        plain.add(folder / "articles")
        shop.add(folder / "articles")
        reading = seconds(lambda: shop.add(folder / "feed.csv"))
        first = 1e3 * seconds(lambda: shop.ask("Anything for less than 6 €?"))
        plain.ask("Anything for less than 6 €?")
        answers = [(question, shop.ask(question.text), plain.ask(question.text)) for question in asked]
    _print(made, answers, show_wrong=show_wrong)
    row("reading the feed", "-", f"{reading:.1f} s")
    row("first question after it", "-", f"{first:.0f} ms")


def _print(made: list[Product], answers: Sequence[tuple[Question, Answer, Answer]], *, show_wrong: bool) -> None:
    by_title = {each["title"]: each for each in made}
    pure: dict[str, list[bool]] = {}
    best: list[bool] = []
    for question, answer, _ in answers:
        fitting = [each for each in made if question.fits(each)]
        listed = _listed(answer, by_title)
        is_right = bool(listed) and all(question.fits(each) for each in listed)
        if fitting:
            least = min(map(question.best, fitting))
            best.append(any(each in fitting and question.best(each) == least for each in listed))
        pure.setdefault(question.kind, []).append(is_right if fitting else answer.decision is not Decision.SEND)
        if show_wrong and not pure[question.kind][-1]:
            sys.stderr.write(f"{question.text} | {len(fitting)} fit | {answer.decision}: {answer.reason}\n")
    heading(f"Choosing among {len(made)} products, {len(answers)} questions")
    row("all that is listed fits", ">= 95 %", _share(list(chain.from_iterable(pure.values()))))
    row("the best one is listed", ">= 95 %", _share(best))
    for kind, verdicts in pure.items():
        row(f"{kind}: all that is listed fits", "-", _share(verdicts))
    with_feed = [answer.timings_ms["total"] for _, answer, _ in answers]
    without = [answer.timings_ms["total"] for _, _, answer in answers]
    row("ask p50 with the feed", "-", shown(with_feed, unit="ms"))
    row("ask p95 with the feed", "-", shown(with_feed, 0.95, unit="ms"))
    row("ask p50 without a feed", "-", shown(without, unit="ms"))


def _share(verdicts: Sequence[bool]) -> str:
    return f"{sum(verdicts)} of {len(verdicts)} ({sum(verdicts) / len(verdicts):.0%})"


if __name__ == "__main__":
    main()
