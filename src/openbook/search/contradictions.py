"""Finds statements of different documents that seem to contradict each other: two refund windows, can and cannot.

Candidates are sentences that are among each other's nearest by their vectors, whatever their words. A pair
clashes if both name an amount of one unit and none of them is equal, if one denies what the other says, if
they use opposite words, or if they name different addresses to write to. What is said of different things
(plans, countries, models) looks the same: parallel titles and sentences that differ in a word on each side
put a pair further down. It is a list for a person to look through, the surest first, and no proof.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import log

import numpy as np

from openbook.search.near import Kept, Places, near_pairs
from openbook.search.quantity import CURRENCIES, Amount, amounts_in
from openbook.search.words import uncommon_words, words_of
from openbook.stores.vectors import Matrix
from openbook.types import Dispute, Statement

Span = tuple[Decimal, Decimal]

_LEAST_COSINE = 0.55
_LEAST_SCORE = 0.55
_DENIAL = 0.05
_MOST_NEAR = 2
_MOST_EACH = 1
_PARALLEL = 0.15
_TEMPLATE = 0.5
_SUBJECT_WORDS = 5
_FEWEST_SHARED = 1
_NEGATION = re.compile(
    r"\b(?:not|no|never|cannot|without|unable|neither|nicht|kein\w*|nie|ohne)\b|n['’]t\b|\b(?:im|non|un)(?:possible|refundable|"
    r"available|supported)\b",
    re.IGNORECASE,
)
_OPPOSITES = (
    ({"free", "kostenlos"}, {"charge", "fee", "cost", "pay", "charged"}),
    ({"optional", "voluntary"}, {"required", "must", "mandatory", "need"}),
    ({"always"}, {"never"}),
    ({"before"}, {"after"}),
)
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_MONTH = (
    r"(?:jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz|apr(?:il)?|may|mai|june?|juni|july?|juli|aug(?:ust)?|"
    r"sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?)\b"
)
_DATE = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th|\.)? (?:of )?{_MONTH}|\b{_MONTH}\.? \d{{1,2}}\b|\b(?:19|20)\d\d(?:-\d\d-\d\d)?\b|"
    r"^\d{1,2}\.(?= )",
    re.IGNORECASE,
)
"""Days and years, and the number of a step: no amounts."""
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_NUMBERS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
_NUMBER_WORDS = {word: str(number) for number, word in enumerate(_NUMBERS.split())}
_NUMBER_WORD = re.compile(rf"\b({'|'.join(_NUMBER_WORDS)})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Read:
    """A statement with what is compared of it.

    Attributes:
        amounts: By base unit the spans of numbers, as they are written.
        words: Its telling words, without amounts; `everything` has those above it as well.
        plain: All its words.
    """

    amounts: dict[str, dict[Span, str]]
    words: frozenset[str]
    everything: frozenset[str]
    plain: frozenset[str]
    title: frozenset[str]
    addresses: frozenset[str]
    is_denied: bool


def find_contradictions(statements: Sequence[Statement], vectors: Matrix, *, limit: int) -> list[Dispute]:
    """Pairs of statements that seem to contradict each other, the surest first.

    Args:
        statements: Sentences of live documents.
        vectors: A row of unit length for each of them.
        limit: The most pairs that are returned.
    """
    read = [_read(statement) for statement in statements]
    weights = _weights(read)
    documents = np.unique([statement.document_id for statement in statements], return_inverse=True)[1]
    telling = np.array([bool(item.words) for item in read])

    def comparable(first: Places, second: Places) -> Kept:
        kept: Kept = (documents[first] != documents[second]) & telling[first] & telling[second]
        return kept

    found = []
    for one, other, cosine in near_pairs(vectors, least=_LEAST_COSINE, most=_MOST_NEAR, keep=comparable):
        if set(statements[one].audiences).isdisjoint(statements[other].audiences):
            continue
        reason = _clash(read[one], read[other])
        score = _score(read[one], read[other], cosine) if reason else 0.0
        score -= 0.0 if _states_facts(read[one], read[other]) else _DENIAL
        shared = _shared(read[one], read[other], weights)
        if score >= _LEAST_SCORE and len(shared) >= _FEWEST_SHARED:
            subject = _as_written(shared[:_SUBJECT_WORDS], statements[one], statements[other])
            found.append(Dispute(statements[one], statements[other], subject, reason, round(score, 3)))
    return _told(sorted(found, key=lambda item: (-item.score, item.one.path, item.other.path)))[:limit]


def _read(statement: Statement) -> _Read:
    text = _DATE.sub(" ", _NUMBER_WORD.sub(lambda found: _NUMBER_WORDS[found[0].lower()], statement.text))
    amounts = list(amounts_in(text))
    by_unit: dict[str, dict[Span, str]] = {}
    for amount in amounts:
        by_unit.setdefault(_kind(amount), {})[(amount.low, amount.high)] = text[amount.start : amount.end]
    above = " ".join((statement.title, *statement.heading_path))
    words = frozenset(uncommon_words(_without(text, amounts)))
    return _Read(
        amounts=by_unit,
        words=words,
        everything=words | frozenset(uncommon_words(above)),
        plain=frozenset(words_of(statement.text)),
        title=frozenset(uncommon_words(above)),
        addresses=frozenset(_ADDRESS.findall(statement.text.lower())),
        is_denied=bool(_NEGATION.search(statement.text)),
    )


def _kind(amount: Amount) -> str:
    return "money" if amount.unit in CURRENCIES else amount.unit


def _without(text: str, amounts: Sequence[Amount]) -> str:
    """A text without its amounts, which are compared by themselves."""
    for amount in reversed(amounts):
        text = f"{text[: amount.start]} {text[amount.end :]}"
    return text


def _weights(read: Sequence[_Read]) -> dict[str, float]:
    """How much each word says, from how few statements have it."""
    counts = Counter(word for item in read for word in item.everything)
    return {word: log(1 + len(read) / count) for word, count in counts.items()}


def _clash(one: _Read, other: _Read) -> str:
    """In what two statements cannot both hold, in words; empty if they can."""
    for unit in sorted(one.amounts.keys() & other.amounts.keys()):
        here, there = one.amounts[unit], other.amounts[unit]
        if not here.keys() & there.keys() and not _is_within(here, there):
            return f"{here[min(here)].strip()} here, {there[min(there)].strip()} there"
    if one.addresses and other.addresses and not one.addresses & other.addresses:
        return f"{min(one.addresses)} here, {min(other.addresses)} there"
    if one.is_denied != other.is_denied and not (one.amounts or other.amounts):
        return "one says that it is so, the other that it is not"
    for some, others in _OPPOSITES:
        sides = [(bool(some & item.plain), bool(others & item.plain)) for item in (one, other)]
        if sorted(sides) == [(False, True), (True, False)]:
            return f"{min(some)} here, {min(others)} there"
    return ""


def _is_within(here: Collection[Span], there: Collection[Span]) -> bool:
    """Whether a value of one side lies within a span of the other."""
    return any(max(low, other_low) <= min(high, other_high) for low, high in here for other_low, other_high in there)


def _score(one: _Read, other: _Read, cosine: float) -> float:
    """How surely two statements that clash speak of one thing, in [0, 1]."""
    shared, every = len(one.words & other.words), len(one.words | other.words)
    substituted = bool(one.words - other.words) and bool(other.words - one.words)
    is_template = shared >= _TEMPLATE * every and substituted
    return max(0.0, cosine - _PARALLEL * _are_parallel(one.title, other.title) - _PARALLEL * is_template)


def _states_facts(one: _Read, other: _Read) -> bool:
    """Whether both name amounts or addresses, which clash more surely than words do."""
    return bool(one.amounts and other.amounts) or bool(one.addresses and other.addresses)


def _are_parallel(one: Collection[str], other: Collection[str]) -> bool:
    """Whether two titles share words and differ in some on each side, as "Delivery to Spain" and "... to France"."""
    mine, theirs = set(one), set(other)
    return bool(mine & theirs) and bool(mine - theirs) and bool(theirs - mine)


def _shared(one: _Read, other: _Read, weights: Mapping[str, float]) -> list[str]:
    """The words that two statements have in common, the rarest first."""
    shared = (one.words & other.everything) | (other.words & one.everything)
    return sorted(shared, key=lambda word: (-weights[word], word))


def _as_written(stems: Sequence[str], *statements: Statement) -> str:
    """Words by their stems as two statements or what stands above them write them."""
    texts = (text for item in statements for text in (item.text, item.title, *item.heading_path))
    written = {stem: word for text in texts for word in reversed(_WORD.findall(text)) for stem in words_of(word)}
    return " ".join(written[stem] for stem in stems if stem in written)


def _told(found: Sequence[Dispute]) -> list[Dispute]:
    """The list without a statement that is in it often already."""
    counts: Counter[tuple[str, int]] = Counter()
    kept = []
    for item in found:
        keys = [(side.document_id, side.span.start) for side in (item.one, item.other)]
        if all(counts[key] < _MOST_EACH for key in keys):
            counts.update(keys)
            kept.append(item)
    return kept
