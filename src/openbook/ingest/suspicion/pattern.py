"""What a suspect wording is, and how wordings are found in a folded text in little time.

A pattern is a structure, not a word: an order to set aside *and* what a model was told; a machine
*and* that it is addressed; a demand for a customer's data *and* an address to send it to. Patterns
that share a rare word are kept as one family, and are searched only around that word.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

_REACH = 320
"""How many characters around a family's word its patterns are searched."""

_STEP = 64
"""How far to go on from one word to the next of its kind."""

_BEFORE_ORDER = re.compile(
    r"(?:\A|[\n.!?:;,)\]>*•…|\"'-]\s{0,4}"
    r"|\b(?:please|now|must|should|shall|then|and|always|never|immediately|instead|also|just|simply|kindly|first|next)"
    r"\s{1,4})\Z"
)
_LOOK_BACK = 20
_GAP = re.compile(r"<(\d+)>")


@dataclass(frozen=True, slots=True)
class Signal:
    """One match of a pattern: where, of what kind, why it is suspect, how much it weighs alone.

    `weight` is between 0 and 1; what weighs less than a half is not enough by itself.
    """

    start: int
    end: int
    kind: str
    reason: str
    weight: float


@dataclass(frozen=True, slots=True)
class Pattern:
    """A suspect wording.

    Attributes:
        kind: "override", "role", "address", "template", "concealment", "disclosure" or "steering".
        reason: Why it is suspect, as a clause for a person.
        weight: See `Signal`.
        form: The regular expression that is searched in folded text; compiled when first needed.
        is_order: Whether it counts only where an imperative stands: at the start of a sentence or
            clause, or after a word like "must".
    """

    kind: str
    reason: str
    weight: float
    form: str
    is_order: bool = False


@dataclass(frozen=True, slots=True)
class Family:
    """Patterns of which every match has one of `words` in it or near it."""

    words: tuple[str, ...]
    patterns: tuple[Pattern, ...]


def wording(source: str) -> str:
    """A regular expression in which a space stands for white space, `<3>` for up to three words."""
    source = _GAP.sub(r"(?:[\\w'-]{1,30},? ){0,\1}", source)
    return rf"\b(?:{source})".replace(" ", r"(?:\s{1,4})")


@cache
def _compiled(form: str) -> re.Pattern[str]:
    return re.compile(form)


def signals(folded: str, families: Iterable[Family]) -> Iterator[Signal]:
    """Every match of every pattern in a folded text, family by family."""
    for family in families:
        for start, end in _regions(folded, family.words):
            for pattern in family.patterns:
                for found in _compiled(pattern.form).finditer(folded, start, end):
                    if not pattern.is_order or _is_order(folded, found.start()):
                        yield Signal(found.start(), found.end(), pattern.kind, pattern.reason, pattern.weight)


def _regions(folded: str, words: tuple[str, ...]) -> list[tuple[int, int]]:
    """Where in a text a family's patterns can match: disjoint, in order."""
    regions: list[tuple[int, int]] = []
    for place in sorted(place for word in words for place in _places(folded, word)):
        start, end = max(0, place - _REACH), min(len(folded), place + _REACH)
        if regions and start <= regions[-1][1]:
            regions[-1] = (regions[-1][0], end)
        else:
            regions.append((start, end))
    return regions


def _places(folded: str, word: str) -> Iterator[int]:
    place = folded.find(word)
    while place >= 0:
        yield place
        place = folded.find(word, place + _STEP)


def _is_order(folded: str, start: int) -> bool:
    return _BEFORE_ORDER.search(folded[max(0, start - _LOOK_BACK) : start]) is not None
