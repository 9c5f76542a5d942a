"""What the products of a shop can be asked by: the names and values of their attributes, ready to be looked up.

A few names that shops and customers use for the same thing are known to be one, in English and German.
Everything else comes from the products. It reads no questions.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TypeVar

from openbook.search.attributes import amount_of, folded, presence_of
from openbook.search.quantity import CURRENCIES

_Key = TypeVar("_Key")

_CONCEPTS = (
    "price cost costs preis kosten kostet budget",
    "weight weigh weighs heavy gewicht wiegt wiegen schwer",
    "colour color farbe farben",
    "size größe",
    "volume capacity volumen kapazität fassungsvermögen holds hold fasst fassen",
    "height high tall höhe hoch",
    "width wide breite breit",
    "length long länge lang",
    "depth deep tiefe tief",
    "brand make manufacturer vendor marke hersteller",
    "material fabric stoff",
    "availability available stock verfügbarkeit lagerbestand",
    "warranty guarantee garantie gewährleistung",
    "battery akku batterie",
)
_SYNONYMS = {word: words for concept in _CONCEPTS for words in [folded(concept)] for word in words}
_PRICE = _SYNONYMS[folded("price")[0]]
_STOCK = _SYNONYMS[folded("stock")[0]]
_NAMING_WORDS = "id sku gtin ean mpn handle title name description link url item_group_id"
_NAMING = frozenset(_NAMING_WORDS.split())
_MIXED = frozenset(_SYNONYMS[folded("colour")[0]] + _SYNONYMS[folded("material")[0]])
"""Attributes of whose values each word may be asked for: "dark blue" is blue."""
_ELSEWHERE = ("shipping", "delivery", "versand", "liefer")
_VALUES_LIMIT = 50_000
LONGEST_PHRASE = 4
"""The words of the longest value that is looked for in a question."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the products at hand can be asked by.

    Attributes:
        names: Attributes by the words, folded, that a customer may call them.
        values: Attributes by their values in words, folded.
        units: The base units in which an attribute is given.
        amounts: Attributes by a number with its unit that one product has exactly.
        yes_or_no: Attributes that a product has or has not.
    """

    names: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    values: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    units: dict[str, frozenset[str]] = field(default_factory=dict)
    amounts: dict[tuple[Decimal, str], tuple[str, ...]] = field(default_factory=dict)
    yes_or_no: frozenset[str] = frozenset()

    @property
    def prices(self) -> tuple[str, ...]:
        """The attributes that say what a product costs, without its delivery."""
        found = dict.fromkeys(name for word in _PRICE for name in self.names.get((word,), ()))
        named = (name for name in found if not any(word in name.casefold() for word in _ELSEWHERE))
        return tuple(name for name in named if self.units[name] <= CURRENCIES | {""} and self.units[name])

    @property
    def stocks(self) -> tuple[str, ...]:
        """The attributes that say whether a product can be had."""
        return tuple(dict.fromkeys(name for word in _STOCK for name in self.names.get((word,), ())))


def vocabulary_of(pairs: Iterable[tuple[str, str]]) -> Vocabulary:
    """What can be asked of products with these names and values; made once for a shop's products.

    Args:
        pairs: The attributes of all products, one after another; at most 50,000 different ones count.
    """
    vocabulary = Vocabulary()
    seen: dict[tuple[str, str], None] = {}
    for pair in pairs:
        seen[pair] = None
        if len(seen) >= _VALUES_LIMIT:
            break
    doubtful: set[str] = set()
    for name, value in seen:
        _learn(vocabulary, name, value)
        if presence_of(value) is None or value.strip().isdigit():
            doubtful.add(name)
    sure = frozenset(name for name in vocabulary.units if name not in doubtful)
    return replace(vocabulary, yes_or_no=sure)


def _learn(vocabulary: Vocabulary, name: str, value: str) -> None:
    """Takes up one name with one value."""
    amount = amount_of(name, value)
    vocabulary.units[name] = vocabulary.units.get(name, frozenset()) | ({amount.unit} if amount else set())
    words = folded(name.replace("_", " "))
    for key in (words, *((synonym,) for word in words for synonym in _SYNONYMS.get(word, ()))):
        _put(vocabulary.names, key, name)
    if amount is not None and amount.unit and amount.low == amount.high:
        _put(vocabulary.amounts, (amount.low, amount.unit), name)
    phrase = folded(value)
    is_word = (amount is None or not amount.unit) and presence_of(value) is None
    if is_word and name.casefold() not in _NAMING and 0 < len(phrase) <= LONGEST_PHRASE:
        _put(vocabulary.values, phrase, name)
        for word in phrase if _MIXED.intersection(words) else ():
            _put(vocabulary.values, (word,), name)


def _put(index: dict[_Key, tuple[str, ...]], key: _Key, name: str) -> None:
    if key and name not in index.get(key, ()):
        index[key] = (*index.get(key, ()), name)
