"""Reads what a question asks of a product: limits, colours, sizes, "in stock", "the cheapest".

By rules for English and German, and by the names and values that the products really have: only these are
recognised as words, so that a question that names none of them gives no constraint. What it does not
understand it passes over, as it does a plain number that belongs to nothing known, and a time unless its
attribute is named. Any other limit for which no product has an attribute stays, and nothing can meet it
for certain. It knows no index and no model.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from openbook.search.attributes import PRESENT, Constraint, Superlative, folded
from openbook.search.quantity import CURRENCIES, TIMES, Amount, amounts_in, in_unit
from openbook.search.vocabulary import LONGEST_PHRASE, Vocabulary
from openbook.search.words import is_common

_LESS = (
    r"under|below|(?:less|cheaper|lighter|smaller|shorter|fewer|lower|thinner) than|less expensive than|"
    r"unter|unterhalb von|(?:weniger|günstiger|billiger|leichter|kleiner|kürzer|niedriger) als|<"
)
_AT_MOST = r"up to|at most|max(?:imum|imal)?\.?(?: of)?|within|bis(?: zu)?|höchstens|<=|≤"
_MORE = (
    r"over|above|(?:more|bigger|larger|greater|heavier|longer|taller|higher) than|more expensive than|"
    r"über|oberhalb von|(?:mehr|größer|schwerer|länger|höher|teurer) als|>"
)
_AT_LEAST = r"at least|min(?:imum|imal)?\.?(?: of)?|from|starting at|mindestens|wenigstens|ab|>=|≥"
_SIDES = (("most", False, _AT_MOST), ("least", False, _AT_LEAST), ("most", True, _LESS), ("least", True, _MORE))
_DENIED = re.compile(r"\b(?:not?|nicht|kein\w{0,2})\s+\Z", re.IGNORECASE)
_FILLER = r"(?:\s+(?:a|an|the|of|about|only|just|around|etwa|ca\.?|circa|budget))*\s*\Z"
_BEFORE = [
    (side, is_open, re.compile(rf"(?<!\w)(?:{words}){_FILLER}", re.IGNORECASE)) for side, is_open, words in _SIDES
]
_AFTER = (
    ("least", re.compile(r"\s*(?:\+|(?:or|and|oder|und) (?:more|up|over|larger|bigger|mehr|größer|darüber)\b)", re.I)),
    ("most", re.compile(r"\s*(?:(?:or|and|oder|und) (?:less|under|smaller|weniger|kleiner|darunter)\b)", re.I)),
)
_BETWEEN = re.compile(r"(?:between|zwischen|from|von)\s*\Z", re.IGNORECASE)
_AND = re.compile(r"\s*(?:and|und|to|bis)\s*", re.IGNORECASE)
_ENDS = re.compile(
    r"\s*(?:[?.!,;)]|\Z|(?:and|with|or|for|in|that|which|und|mit|oder|für|der|die|das)\b)", re.IGNORECASE
)
_NOT = re.compile(
    r"\b(?:not|no|without|except|but not|nicht|kein\w{0,2}|ohne|außer)"
    r"(?:\s+(?:in|any|a|an|the|made|of|from|with|aus|mit|eine?[nmr]?))*\s*\Z",
    re.IGNORECASE,
)
_IN_STOCK = re.compile(
    r"\b(?:in stock|available (?:now|today|immediately|right away)|auf lager|(?:sofort )?lieferbar|vorrätig)\b",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"[?.!;](?:\s|\Z)|\s(?:and|but|und|aber)\s", re.IGNORECASE)
_NEAR = 40
_WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*")
_SHORTEST_VALUE = 3
_QUESTION_LIMIT = 2_000

_UNIT = re.compile(r"[^\W\d_]+|[€$£¥₹%°\"”″]")
_BESIDE = 3

_CHEAPEST = r"cheapest|least expensive|most affordable|günstigste\w?|billigste\w?|preiswerteste\w?"
_DEAREST = r"most expensive|dearest|priciest|teuerste\w?"
_BY_PRICE = (
    (re.compile(rf"\b(?:{_CHEAPEST})\b", re.IGNORECASE), False),
    (re.compile(rf"\b(?:{_DEAREST})\b", re.IGNORECASE), True),
)
_BY_UNIT = (
    (re.compile(r"\b(?:lightest|leichteste\w?)\b", re.IGNORECASE), "g", False),
    (re.compile(r"\b(?:heaviest|schwerste\w?)\b", re.IGNORECASE), "g", True),
)
_LARGEST = re.compile(
    r"\b(?:largest|biggest|highest|longest|tallest|greatest|most|maximum|größte\w?|höchste\w?|längste\w?|meiste\w?)\b",
    re.IGNORECASE,
)
_SMALLEST = re.compile(
    r"\b(?:smallest|lowest|shortest|least|fewest|minimum|kleinste\w?|niedrigste\w?|kürzeste\w?|wenigste\w?)\b",
    re.IGNORECASE,
)
_ROOM = re.compile(r"\b(?:largest|biggest|smallest|größte\w?|kleinste\w?)\b", re.IGNORECASE)
_ROOM_UNIT = "l"


@dataclass(frozen=True, slots=True)
class _Mention:
    """Attributes that a question names, or whose value it names, and where."""

    names: tuple[str, ...]
    start: int
    end: int


def constraints_in(question: str, vocabulary: Vocabulary) -> tuple[Constraint, ...]:
    """What a question demands of a product, in the order: limits, stock, words.

    Args:
        question: The customer's words; the first 2,000 characters count.
        vocabulary: What the products can be asked by; an empty one gives no constraint.
    """
    text = question[:_QUESTION_LIMIT]
    if not vocabulary.units:
        return ()
    named = list(_mentions(text, vocabulary.names))
    limits = list(_limits(text, named, vocabulary))
    stock = list(_stock(text, vocabulary))
    taken = [mention for mention, _ in (*limits, *stock)]
    words = [*_yes_or_no(text, named, taken, vocabulary), *_values(text, named, taken, vocabulary)]
    return tuple(constraint for _, constraint in (*limits, *stock)) + tuple(_together(words))


def superlative_in(question: str, vocabulary: Vocabulary) -> Superlative | None:
    """What a question wants to have most or least of: "cheapest", "lightest", "longest battery life"; or None."""
    text = question[:_QUESTION_LIMIT]
    for pattern, is_largest in _BY_PRICE:
        if found := pattern.search(text):
            return _superlative(vocabulary.prices, is_largest, found[0])
    for pattern, unit, is_largest in _BY_UNIT:
        if found := pattern.search(text):
            return _superlative(_given_in(unit, vocabulary), is_largest, found[0])
    for pattern, is_largest in ((_LARGEST, True), (_SMALLEST, False)):
        if found := pattern.search(text):
            return _superlative(_measured(text, found, vocabulary), is_largest, found[0])
    return None


def _superlative(names: Sequence[str], is_largest: bool, text: str) -> Superlative | None:
    return Superlative(tuple(names), is_largest=is_largest, text=text) if names else None


def _measured(text: str, found: re.Match[str], vocabulary: Vocabulary) -> Sequence[str]:
    """The attribute named right after "longest" or "least"; for "largest" alone, how much a product holds."""
    after = _mentions(text[found.end() :], vocabulary.names)
    near = next((mention for mention in after if mention.start <= 2), None)
    if near is not None:
        return [name for name in near.names if vocabulary.units[name]]
    return _given_in(_ROOM_UNIT, vocabulary) if _ROOM.fullmatch(found[0]) else ()


# ----------------------------------------------------------------------- limits


def _limits(text: str, named: Sequence[_Mention], vocabulary: Vocabulary) -> Iterator[tuple[_Mention, Constraint]]:
    """The limits in numbers, each with its place."""
    amounts = list(amounts_in(text))
    while amounts:
        amount = amounts.pop(0)
        if (
            amounts
            and _BETWEEN.search(text[max(0, amount.start - _NEAR) : amount.start])
            and _AND.fullmatch(text[amount.end : amounts[0].start])
        ):
            amount = _joined(amount, amounts.pop(0), text)
        limit = _limit(text, amount)
        names = _names_for(text, amount, named, vocabulary)
        if limit is None:
            same = vocabulary.amounts.get((amount.low, amount.unit), ())
            names = tuple(name for name in same if name in names)
            limit = Constraint((), least=amount.low, most=amount.low) if names else None
        if limit is not None and (names or amount.unit not in (*TIMES, "")):
            unit = "" if amount.unit in CURRENCIES and _without_currency(names, vocabulary) else amount.unit
            shown = text[amount.start : amount.end]
            limit = replace(limit, names=names, unit=unit, text=f"{limit.text} {shown}".strip())
            yield _Mention(names, amount.start, amount.end), limit


def _limit(text: str, amount: Amount) -> Constraint | None:
    """The numbers that fit, as the words before and after an amount say; None where they say nothing."""
    before, after = text[max(0, amount.start - _NEAR) : amount.start], text[amount.end : amount.end + _NEAR]
    if amount.low < amount.high:
        return Constraint((), least=amount.low, most=amount.high)
    for side, is_open, pattern in _BEFORE:
        if found := pattern.search(before):
            return _one_sided(
                side, amount, is_open=is_open, words=found[0], denied=_DENIED.search(before[: found.start()])
            )
    for side, pattern in _AFTER:
        if found := pattern.match(after):
            return _one_sided(side, amount, is_open=False, words=found[0])
    return None


def _one_sided(
    side: str, amount: Amount, *, is_open: bool, words: str, denied: re.Match[str] | None = None
) -> Constraint:
    """A limit on one side; "not over" is "at most"."""
    text = " ".join(f"{denied[0] if denied else ''}{words}".split())
    if (side == "most") is not bool(denied):
        return Constraint((), most=amount.high, is_open=is_open is not bool(denied), text=text)
    return Constraint((), least=amount.low, is_open=is_open is not bool(denied), text=text)


def _joined(first: Amount, second: Amount, text: str) -> Amount:
    """The span "between 1 and 2 kg", of which the first number has the second's unit."""
    written = _UNIT.findall(text[second.start : second.end])
    if not first.unit and written:
        first = in_unit(first, written[-1])
    low, high = sorted((first.low, second.high))
    return Amount(low, high, second.unit or first.unit, first.start, second.end)


def _names_for(text: str, amount: Amount, named: Sequence[_Mention], vocabulary: Vocabulary) -> tuple[str, ...]:
    """The attributes an amount is about: those named nearest to it, else those that its unit fits.

    A time must be named: "within 3 days" mostly asks about delivery.
    """
    fitting = [
        (_distance(mention, amount), names)
        for mention in named
        if (names := tuple(name for name in mention.names if _takes(name, amount.unit, vocabulary)))
        and _same_clause(text, mention, amount)
    ]
    if fitting:
        nearest = min(fitting)[1]
        return tuple(name for name in nearest if name in vocabulary.prices) or nearest
    if amount.unit in CURRENCIES:
        return vocabulary.prices
    if amount.unit in TIMES:
        return ()
    if amount.unit:
        return _given_in(amount.unit, vocabulary)
    return vocabulary.prices if _ENDS.match(text[amount.end :]) else ()


def _takes(name: str, unit: str, vocabulary: Vocabulary) -> bool:
    """Whether an attribute can be compared with an amount in this unit."""
    units = vocabulary.units[name]
    if unit in CURRENCIES:
        return bool(units & CURRENCIES) or name in vocabulary.prices
    return unit in units or (not unit and bool(units & CURRENCIES))


def _distance(mention: _Mention, amount: Amount) -> int:
    return max(mention.start - amount.end, amount.start - mention.end, 0)


def _same_clause(text: str, mention: _Mention, amount: Amount) -> bool:
    start, end = min(mention.end, amount.end), max(mention.start, amount.start)
    return end - start <= _NEAR and not _CLAUSE_END.search(text[start:end])


def _given_in(unit: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    return tuple(name for name, units in vocabulary.units.items() if unit in units)


def _without_currency(names: Sequence[str], vocabulary: Vocabulary) -> bool:
    """Whether no product names a currency for these: then the customer's is the shop's."""
    return all(vocabulary.units[name] <= {""} for name in names)


# ------------------------------------------------------------------------ words


def _stock(text: str, vocabulary: Vocabulary) -> Iterator[tuple[_Mention, Constraint]]:
    found = _IN_STOCK.search(text)
    if found:
        negated = bool(_NOT.search(text[max(0, found.start() - _NEAR) : found.start()]))
        constraint = Constraint(vocabulary.stocks, words=(PRESENT,), negated=negated, text=found[0])
        yield _Mention(vocabulary.stocks, found.start(), found.end()), constraint


def _yes_or_no(
    text: str, named: Sequence[_Mention], taken: Sequence[_Mention], vocabulary: Vocabulary
) -> Iterator[Constraint]:
    """What a product shall have or not have, such as "waterproof" or "without a frame"."""
    for mention in named:
        names = tuple(name for name in mention.names if name in vocabulary.yes_or_no - set(vocabulary.stocks))
        if names and not _overlaps(mention, taken):
            yield _in_words(text, mention, names, word=PRESENT)


def _values(
    text: str, named: Sequence[_Mention], taken: Sequence[_Mention], vocabulary: Vocabulary
) -> Iterator[Constraint]:
    """The values that a question names: colours, sizes, brands, kinds."""
    for mention in _mentions(text, vocabulary.values):
        if not _overlaps(mention, taken) and _is_meant(text, mention, named):
            yield _in_words(text, mention, mention.names, word=text[mention.start : mention.end])


def _in_words(text: str, mention: _Mention, names: tuple[str, ...], *, word: str) -> Constraint:
    negated = _NOT.search(text[max(0, mention.start - _NEAR) : mention.start])
    shown = text[mention.start : mention.end]
    return Constraint(names, words=(word,), negated=bool(negated), text=f"{negated[0]}{shown}" if negated else shown)


def _is_meant(text: str, mention: _Mention, named: Sequence[_Mention]) -> bool:
    """Whether words are surely meant as a value: short ones and numbers only after their name, as in "size M"."""
    words = text[mention.start : mention.end]
    if len(words) >= _SHORTEST_VALUE and not words[0].isdigit():
        return not is_common(words.lower())
    before = (other for other in named if 0 < mention.start - other.end <= _BESIDE)
    return any(set(other.names) & set(mention.names) for other in before)


def _together(constraints: Sequence[Constraint]) -> Iterator[Constraint]:
    """Constraints on the same attributes as one: of "red or blue" either will do."""
    merged: dict[tuple[tuple[str, ...], bool, bool], Constraint] = {}
    for each in constraints:
        key = (each.names, each.negated, each.words == (PRESENT,))
        before = merged.get(key)
        if before is None or each.words == before.words:
            merged[key] = each
        else:
            text = f"{before.text} or {each.text}"
            merged[key] = replace(before, words=tuple(dict.fromkeys((*before.words, *each.words))), text=text)
    yield from merged.values()


def _mentions(text: str, index: Mapping[tuple[str, ...], tuple[str, ...]]) -> Iterator[_Mention]:
    """Where a text has a phrase of the index, the longest first, none inside another."""
    words = list(_WORD.finditer(text))
    stems = [folded(word[0]) for word in words]
    place = 0
    while place < len(words):
        length = next((n for n in range(LONGEST_PHRASE, 0, -1) if sum(stems[place : place + n], ()) in index), 0)
        if length:
            part = words[place : place + length]
            yield _Mention(index[sum(stems[place : place + length], ())], part[0].start(), part[-1].end())
        place += max(1, length)


def _overlaps(mention: _Mention, taken: Sequence[_Mention]) -> bool:
    return any(mention.start < other.end and other.start < mention.end for other in taken)
