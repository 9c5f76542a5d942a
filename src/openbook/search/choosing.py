"""Reads whether a question asks which products fit, and every word of what it wants of them.

"Which red backpacks under 100 € are waterproof?" does. "Is the red backpack waterproof?" asks about one
product, and "Can I return a backpack for hiking?" has words that no product knows: a list of products
would be half an answer to both, so neither is read as a choice. Rules of form for English and German; what
products can be asked by comes from their vocabulary.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from openbook.search.attributes import Constraint, Superlative, folded
from openbook.search.vocabulary import Vocabulary
from openbook.search.wishes import constraints_in, superlative_in
from openbook.search.words import is_common
from openbook.types import Span

_WORD = re.compile(r"[^\W_]+(?:[.,]\d+|['’][^\W_]+)*")
_START = r"(?:\A|[.!?;:\n]\s*)(?:\W*(?:hi|hello|hey|hallo|please|bitte|and|und|so|also|then|ok)\b)*\W*"
_OFFER = r"(?:have|sell|stock|carry|offer|make|got)"
_LEAD = r"(?:get|buy|find|see|order)"
_OTHER = re.compile(
    rf"{_START}(?:why|when|where|who|am|were|was(?! (?:gibt|habt|haben|kostet|führt|verkauft|bietet))|"
    r"does|did|may|must|should|shall|will|has|had|"
    rf"how(?! much (?:is|are|does|do) the)|is(?! there)|are(?! there)|do(?! you (?:\w+ )?{_OFFER}\b)|"
    rf"have(?! you got)|can(?! (?:you (?:show|recommend|suggest|find|list)|i {_LEAD})\b)|"
    rf"could(?! you (?:show|recommend|suggest|find|list)\b)|would(?! you (?:recommend|suggest)\b)|"
    r"wie(?! viel kostet)|warum|wann|wo|wer|ist|sind|kann(?! ich (?:\w+ )*kaufen)|darf|muss|soll|wird|hat|"
    r"habt(?! ihr)|haben(?! sie))\b",
    re.IGNORECASE,
)
_GOODS = frozenset(
    folded("product item article model one thing something anything produkt artikel modell etwas ware irgendwas")
)
_SEEKING = re.compile(
    rf"\b(?:(?:do|have) you (?:\w+ )?{_OFFER}|looking for|searching for|show me|recommend|sell|suche|sucht|"
    r"(?:is|are) there|gibt es|habt ihr|haben sie|zeig\w*|empfehl\w*|empfiehl\w*|verkauf\w*)\b",
    re.IGNORECASE,
)
_IDLE_WORDS = """
look looking search searching seek find show list recommend suggest buy buying purchase purchasing order sell stock
carry offer available currently today option choice kind sort type range shop store assortment catalogue catalog
cost costs price priced come made fit between budget max min suche such suchen zeig zeige zeigen brauche empfehlen
empfiehl kaufen kauf anbieten bietet verkauft verkaufen führt führen gern gerne zwischen kosten kostet sortiment angebot
laden irgend welchem welchen habt sell sells selling need needs want wants wish
"""
_IDLE = frozenset(folded(_IDLE_WORDS)) | _GOODS
_JOINING = re.compile(
    r"(?:[\s,]|\b(?:and|or|und|oder|with|mit|in|by|from|of|for|von|aus|between|zwischen|a|an|the|at|than|als|für|"
    r"that|which|is|are|sind|costs?|kosten)\b)*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question wants of products.

    Attributes:
        constraints: What must be met.
        kinds: Words, folded, that a product's name or values must have.
        superlative: What the products are ordered by, or None.
        names: Attributes that are asked about, whether limited or not.
        said: Where the question says what must be met.
        order: Where it says what comes first.
    """

    constraints: tuple[Constraint, ...]
    kinds: frozenset[str]
    superlative: Superlative | None
    names: frozenset[str]
    said: tuple[Span, ...]
    order: Span | None


def wanted_in(question: str, vocabulary: Vocabulary, kinds: Collection[str]) -> Wanted | None:
    """What a question wants of products if it asks which of them fit, and has no word that none knows; else None.

    Args:
        question: The customer's words.
        vocabulary: What the products can be asked by.
        kinds: The words, folded, of their names and values.
    """
    constraints = constraints_in(question, vocabulary)
    limits = [span for constraint in constraints for span in _places(constraint.text, question)]
    superlative, order = _order(question, vocabulary, limits)
    if not (constraints or superlative) or _OTHER.search(question):
        return None
    used = {name for each in constraints for name in each.names} | set(superlative.names if superlative else ())
    called = _called(vocabulary)
    said, found, asked = list(limits), set(), set(used)
    for span in _left(question, [*limits, order] if order else limits):
        word = folded(span.of(question))[0]
        names = called.get(word, frozenset())
        if names & used:
            said.append(span)
        elif word in kinds:
            said.append(span)
            found.add(word)
        elif names:
            asked |= names
        else:
            return None
    if not (found or any(each.words for each in constraints) or _seeks(question)):
        return None
    return Wanted(constraints, frozenset(found), superlative, frozenset(asked), _runs(said, question), order)


def _order(question: str, vocabulary: Vocabulary, limits: Sequence[Span]) -> tuple[Superlative | None, Span | None]:
    """What comes first and where the question says so; "most" is no order in "at most 30 €"."""
    superlative = superlative_in(question, vocabulary)
    order = next(_places(superlative.text, question), None) if superlative else None
    if order is None or any(_overlap(order, span) for span in limits):
        return None, None
    return superlative, order


def _called(vocabulary: Vocabulary) -> dict[str, frozenset[str]]:
    """The attributes by each word that they may be called."""
    called: dict[str, frozenset[str]] = {}
    for words, names in vocabulary.names.items():
        for word in words:
            called[word] = called.get(word, frozenset()).union(names)
    return called


def _left(question: str, covered: Sequence[Span]) -> Iterator[Span]:
    """The words that say something and are not covered by what was understood."""
    for span in _words(question):
        word = span.of(question)
        is_idle = is_common(word.lower()) or not _IDLE.isdisjoint(folded(word))
        if not is_idle and not any(_overlap(span, other) for other in covered):
            yield span


def _seeks(question: str) -> bool:
    """Whether goods of any kind are sought: "anything under 20 €", "what do you have"."""
    return bool(_SEEKING.search(question)) or not _GOODS.isdisjoint(folded(question))


def _places(text: str, question: str) -> Iterator[Span]:
    """Where these words stand in a question: together, else each by itself."""
    words = text.split()
    together = _written(words).search(question)
    if together:
        yield Span(*together.span())
        return
    for word in words:
        if alone := _written([word]).search(question):
            yield Span(*alone.span())


def _written(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)" + r"\s*".join(map(re.escape, words)))


def _words(question: str) -> Iterator[Span]:
    return (Span(*found.span()) for found in _WORD.finditer(question))


def _runs(spans: Iterable[Span], question: str) -> tuple[Span, ...]:
    """Spans in order, those with nothing but joining words between them as one."""
    runs: list[Span] = []
    for span in sorted(spans, key=lambda each: (each.start, each.end)):
        if runs and (span.start <= runs[-1].end or _JOINING.fullmatch(question, runs[-1].end, span.start)):
            runs[-1] = Span(runs[-1].start, max(runs[-1].end, span.end))
        else:
            runs.append(span)
    return tuple(runs)


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
