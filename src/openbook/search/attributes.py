"""Judges products by what they say about themselves: price, size, colour, weight, whatever a feed names.

A product's attributes are pairs of name and value as they are written; a name that stands several times
tells of variants, and it is enough that one of them fits. Whether the same variant has all that is asked
for is not known here, nor are rates of exchange.

`wishes` reads what a customer asks for; `fits` and `best_first` judge by it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from openbook.search.quantity import CURRENCIES, Amount, in_unit, parse_amount

Attributes = Sequence[tuple[str, str]]
"""Names and values of one product, as they are written."""

PRESENT = "yes"
"""The word of a constraint that asks whether a product has something at all."""

_WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*")
_ENDINGS = ("es", "er", "en", "em", "e", "s", "n")
_SHORTEST_STEM = 3
_YES_WORDS = "yes ja true available instock vorrätig lieferbar verfügbar included inklusive"
_NO_WORDS = "no nein false none kein keine ohne without not nicht unavailable ausverkauft"
_YES = frozenset(_YES_WORDS.split())
_NO = frozenset(_NO_WORDS.split())
_GONE = re.compile(r"\b(out of stock|sold out|pre-?order|back-?order\w*|vergriffen|vorbestell\w*)\b")
_IN_STOCK = re.compile(r"\b(in stock|auf lager|sofort lieferbar|limited availability)\b")
_REDUCED = re.compile(r"sale|special|discount|reduced|angebot|aktion|sonder", re.IGNORECASE)
_LAST_WORD = re.compile(r"([^\W\d_]+|%|€|\$|£)\W*\Z")


@dataclass(frozen=True, slots=True)
class Constraint:
    """What a product must be.

    Attributes:
        names: The attributes that may tell, as the products write them; none where no product tells.
        words: Values of which one will do, for a constraint in words; `PRESENT` asks for having it.
        least: The smallest number that fits, in the base unit, or None.
        most: The largest number that fits, or None.
        is_open: The numbers themselves do not fit: "under", not "at most".
        unit: The base unit of both, empty for a plain number.
        negated: The words must not apply.
        text: The customer's words that ask for it.
    """

    names: tuple[str, ...]
    words: tuple[str, ...] = ()
    least: Decimal | None = None
    most: Decimal | None = None
    is_open: bool = False
    unit: str = ""
    negated: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class Superlative:
    """What products are to be ordered by: the attributes that may tell, and which end comes first."""

    names: tuple[str, ...]
    is_largest: bool
    text: str = ""


def fits(constraints: Iterable[Constraint], attributes: Attributes) -> bool | None:
    """Whether a product meets all constraints; None where it does not say, and nothing speaks against it."""
    verdicts = [judge(constraint, attributes) for constraint in constraints]
    if False in verdicts:
        return False
    return None if None in verdicts else True


def judge(constraint: Constraint, attributes: Attributes) -> bool | None:
    """Whether a product meets one constraint; None where it does not say, or says two things."""
    told = _told(constraint.names, attributes)
    if constraint.words:
        return _judge_words(constraint, [value for values in told.values() for value in values])
    verdicts = {_any([_within(constraint, name, value) for value in values]) for name, values in told.items()}
    return verdicts.pop() if len(verdicts) == 1 else None


def best_first(superlative: Superlative, products: Sequence[Attributes]) -> tuple[int, ...]:
    """The places of the products in `products`, the best first; of equals the earlier.

    Products that do not say are left out, and so are those in another unit than most: amounts of
    different currencies have no order.
    """
    found = [_extreme(superlative, attributes) for attributes in products]
    units = Counter(amount.unit for amount in found if amount is not None)
    if not units:
        return ()
    unit = units.most_common(1)[0][0]
    comparable = [(amount, place) for place, amount in enumerate(found) if amount is not None and amount.unit == unit]
    sign = -1 if superlative.is_largest else 1
    return tuple(place for _, place in sorted((sign * amount.low, place) for amount, place in comparable))


def amount_of(name: str, value: str) -> Amount | None:
    """The amount that an attribute holds; its name may give the unit, as in `weight_kg` or `Weight (kg)`."""
    amount = parse_amount(value)
    if amount is None or amount.unit:
        return amount
    unit = _LAST_WORD.search(name.replace("_", " "))
    return in_unit(amount, unit[1]) if unit else amount


def presence_of(value: str) -> bool | None:
    """Whether a value says yes or no: `yes`, `out of stock`, `0`, `auf Lager`; None for any other."""
    text = value.casefold().replace("_", " ").strip()
    words = _WORD.findall(text)
    if _GONE.search(text) or (words and words[0] in _NO):
        return False
    if _IN_STOCK.search(text) or (len(words) == 1 and words[0] in _YES):
        return True
    return int(text[:12]) > 0 if text.isascii() and text.isdigit() else None


def folded(text: str) -> tuple[str, ...]:
    """The words of a text in a form in which `blaue` meets `blau` and `backpacks` meet a `Backpack`."""
    return tuple(_stem(word) for word in _WORD.findall(text.casefold()))


def _stem(word: str) -> str:
    """A word without one ending of German or English inflection."""
    if word.endswith("ss"):
        return word
    ending = next((end for end in _ENDINGS if word.endswith(end) and len(word) - len(end) >= _SHORTEST_STEM), "")
    return word.removesuffix(ending)


def _told(names: Sequence[str], attributes: Attributes) -> dict[str, list[str]]:
    """What a product says under these names; a reduced price takes the place of the usual one."""
    told: dict[str, list[str]] = {}
    for name, value in attributes:
        if name in names and value.strip():
            told.setdefault(name, []).append(value)
    reduced = {name: values for name, values in told.items() if _REDUCED.search(name) and _money(name, values)}
    return reduced or told


def _money(name: str, values: Sequence[str]) -> bool:
    amounts = [amount_of(name, value) for value in values]
    return any(amount is not None and (amount.unit in CURRENCIES or not amount.unit) for amount in amounts)


def _any(verdicts: Sequence[bool | None]) -> bool | None:
    """True if one is, False if all are, else None."""
    if True in verdicts:
        return True
    return None if None in verdicts or not verdicts else False


def _judge_words(constraint: Constraint, values: Sequence[str]) -> bool | None:
    verdicts = [_says(constraint.words, value) for value in values]
    if not constraint.negated:
        return _any(verdicts)
    return not verdicts[0] if len(set(verdicts)) == 1 and verdicts[0] is not None else None


def _says(words: Sequence[str], value: str) -> bool | None:
    """Whether a value holds one of these words or phrases as a whole."""
    if words == (PRESENT,):
        return presence_of(value)
    held = f" {' '.join(folded(value))} "
    return any(f" {' '.join(folded(word))} " in held for word in words)


def _within(constraint: Constraint, name: str, value: str) -> bool | None:
    """Whether an amount lies within the limits; None for a span that lies across one, and for other units."""
    amount = amount_of(name, value)
    if amount is None or not _comparable(constraint.unit, amount.unit):
        return None
    verdicts = {_lies_within(constraint, amount.low), _lies_within(constraint, amount.high)}
    return verdicts.pop() if len(verdicts) == 1 else None


def _lies_within(constraint: Constraint, number: Decimal) -> bool:
    if constraint.is_open and number in (constraint.least, constraint.most):
        return False
    is_enough = constraint.least is None or number >= constraint.least
    return is_enough and (constraint.most is None or number <= constraint.most)


def _comparable(asked: str, told: str) -> bool:
    """Whether two amounts have an order; a number without a unit has one with money and plain numbers."""
    return asked == told or (not asked and told in CURRENCIES)


def _extreme(superlative: Superlative, attributes: Attributes) -> Amount | None:
    """The amount by which a product is ordered: the best of its variants'."""
    amounts = list(_amounts(superlative.names, attributes))
    best = max if superlative.is_largest else min
    return best(amounts, key=lambda amount: amount.low, default=None) if _one_unit(amounts) else None


def _amounts(names: Sequence[str], attributes: Attributes) -> Iterator[Amount]:
    for name, values in _told(names, attributes).items():
        for value in values:
            amount = amount_of(name, value)
            if amount is not None:
                yield amount


def _one_unit(amounts: Sequence[Amount]) -> bool:
    return len({amount.unit for amount in amounts}) == 1
