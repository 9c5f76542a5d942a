"""One failure with what can be known of it: the case, its outcome, and what the desk says when it is asked.

The rules of `evals/diagnose.py` look at nothing else. It judges no failure, and compares sentences by their
words, numbers and amounts alone: it does not know what they mean.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations, product
from typing import Protocol

from openbook.evals.dataset import Case
from openbook.evals.outcome import Outcome, is_gold
from openbook.search.identifiers import has_identifier, identifiers
from openbook.search.quantity import amounts_in
from openbook.search.question import read_question
from openbook.search.words import bag_of, telling_words, uncommon_words
from openbook.types import Decision

DEEP = 50
"""How many hits are asked for to see whether a passage is found at all."""

_SAME_MATTER = 0.5
_LONGEST_SHOWN = 90
_NUMBER = re.compile(r"(?<![\w.,-])\d+(?:[.,]\d+)*(?![\w-])")
_LIMIT = re.compile(
    r"\b(only|unless|except\w*|provided|without|within|until|before|if|some|must|at least|at most|more than|less than|"
    r"up to|nur|außer|ausgenommen|sofern|ohne|innerhalb|bis|vor|wenn|falls|einige|muss|müssen|mindestens|höchstens)\b",
    re.IGNORECASE,
)
_DENIAL = re.compile(r"\b(not|no|never|cannot|nicht|kein\w*|nie)\b|n['’]t\b", re.IGNORECASE)


class Lookup(Protocol):
    """What may be asked of the desk, each for the audience of the case."""

    def holds_document(self, case: Case) -> bool:
        """Whether one of the case's documents is live."""

    def holds_quote(self, case: Case) -> tuple[str, ...]:
        """The paths of live documents with one of the case's quotes, compared as `evals/right.py` does."""

    def deep_rank(self, case: Case) -> int | None:
        """The rank of the first of `DEEP` hits with one of the quotes; without quotes, from one of the documents."""

    def age_days(self, path: str) -> int | None:
        """How long ago a live document was changed; None where nobody knows."""

    def disputed(self, paths: Sequence[str]) -> bool:
        """Whether two of these documents seem to contradict each other."""


@dataclass(frozen=True)
class Trace:
    """One question with what became of it; the desk is asked only for what a rule needs.

    Attributes:
        hits_used: From how many of the best hits for each part of the question an answer is drawn.
    """

    case: Case
    outcome: Outcome
    lookup: Lookup
    hits_used: int

    @property
    def expected(self) -> Decision:
        """What should have been decided; by `answerable` where the dataset's word for it is none of ours."""
        if self.outcome.expected in tuple(Decision):
            return Decision(self.outcome.expected)
        return Decision.SEND if self.case.answerable else Decision.HAND_OFF

    @property
    def names_answer(self) -> bool:
        """Whether the dataset says where the answer stands."""
        return bool(self.case.quotes or self.case.documents)

    @cached_property
    def quoted_in(self) -> tuple[str, ...]:
        """The live documents with a sentence that answers."""
        return self.lookup.holds_quote(self.case) if self.case.quotes else ()

    @cached_property
    def right_places(self) -> tuple[str, ...]:
        """Of these the ones that the case names, else all, else what it names."""
        named = tuple(path for path in self.quoted_in if is_gold(self.case, path, ""))
        return named or self.quoted_in or self.case.documents

    @cached_property
    def cited_places(self) -> tuple[str, ...]:
        """The documents among the hits that hold what the draft cites, in order of rank."""
        holding = self.lookup.holds_quote(replace(self.case, quotes=self.outcome.cited)) if self.outcome.cited else ()
        return tuple(path for path in self.outcome.pages if path in holding)

    @property
    def strays(self) -> bool:
        """Whether something was cited, and nothing from where the answer stands."""
        return bool(self.cited_places) and not set(self.cited_places) & set(self.right_places)

    @cached_property
    def drawn_from(self) -> int:
        """From how many hits the answer was drawn; those of the question's parts stand in turn."""
        return self.hits_used * len(read_question(self.case.question))

    @property
    def rank(self) -> int | None:
        """The rank, among the hits there were, of the first that answers."""
        return self.outcome.quote_rank if self.case.quotes else self.outcome.page_rank

    @cached_property
    def deep_rank(self) -> int | None:
        """The same where `DEEP` hits are asked for."""
        return self.lookup.deep_rank(self.case)

    @property
    def was_used(self) -> bool:
        """Whether what answers was among the hits that the answer was drawn from."""
        return self.outcome.cover > 0 or (self.rank is not None and self.rank <= self.drawn_from)

    @cached_property
    def telling(self) -> tuple[str, ...]:
        """The question's telling words."""
        return telling_words(self.case.question)

    @property
    def shared(self) -> int:
        """How many of them stand in what answers."""
        there = bag_of(*self.case.quotes, self.case.answer)
        return sum(word in there for word in self.telling)

    @property
    def nearest_quote(self) -> str:
        """The sentence that answers of which most words are cited; empty without any."""
        return max(self.case.quotes, key=lambda quote: _common(quote, self._cited), default="")

    @property
    def left_out(self) -> tuple[str, ...]:
        """What limits that sentence and is not cited: numbers and codes of the question first."""
        quote = self.nearest_quote
        named = [name for name in self.unknown_names if has_identifier(quote, name)]
        return (*named, *sorted(_limits(quote) - _limits(self._cited)))

    @property
    def is_beside(self) -> bool:
        """Whether what is cited speaks of the same as that sentence, or stands in its passage."""
        if _common(self.nearest_quote, self._cited) >= _SAME_MATTER:
            return True
        cited = self.lookup.deep_rank(replace(self.case, quotes=self.outcome.cited))
        return cited is not None and cited == self.deep_rank

    @property
    def unknown_names(self) -> tuple[str, ...]:
        """The numbers and codes of the question that nothing cited has."""
        question = self.case.question
        named = dict.fromkeys((*identifiers(question), *_NUMBER.findall(question)))
        return tuple(name for name in named if not has_identifier(self._cited, name))

    @property
    def clash(self) -> tuple[str, str] | None:
        """A cited sentence and one that answers, or two cited ones, that seem unable to hold both."""
        cited, quotes = self.outcome.cited, self.case.quotes
        pairs = product(cited, quotes) if quotes else combinations(cited, 2)
        return next((pair for pair in pairs if _clashes(*pair)), None)

    @property
    def _cited(self) -> str:
        return " ".join(self.outcome.cited)

    @property
    def answer_in_words(self) -> str:
        """What answers, as evidence names it."""
        places = ", ".join(self.right_places)
        if not self.case.quotes:
            return f"The article that answers ({places})"
        more = f" or {len(self.case.quotes) - 1} more" if len(self.case.quotes) > 1 else ""
        return f"The sentence “{shown(self.case.quotes[0])}”{more} (in {places})"

    @property
    def shared_in_words(self) -> str:
        """How many words question and answer share, as evidence names it."""
        return f"{self.shared} of the question's {len(self.telling)} telling words stand in it."

    @property
    def source_in_words(self) -> str:
        """Where the draft comes from and how sure it was, as evidence names it."""
        places = ", ".join(self.cited_places) or "what was found"
        return f"from {places} with confidence {self.outcome.confidence:.2f}"


def shown(text: str) -> str:
    """A sentence cut to what evidence can hold."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_SHOWN else f"{line[: _LONGEST_SHOWN - 1].rstrip()}…"


def _common(sentence: str, text: str) -> float:
    """The share of a sentence's words, but for the commonest, that a text has."""
    words, there = uncommon_words(sentence), bag_of(text)
    return sum(word in there for word in words) / (len(words) or 1)


def _limits(text: str) -> set[str]:
    """The words and numbers of a text that limit what it says, and “not” for every denial."""
    found = {limit.casefold() for limit in (*_LIMIT.findall(text), *_NUMBER.findall(text))}
    return found | ({"not"} if _DENIAL.search(text) else set())


def _clashes(one: str, other: str) -> bool:
    """Whether two sentences on the same matter name other amounts of a unit, or one denies and none names any."""
    if min(_common(one, other), _common(other, one)) < _SAME_MATTER:
        return False
    here, there = _amounts(one), _amounts(other)
    if not here and not there:
        return bool(_DENIAL.search(one)) != bool(_DENIAL.search(other))
    return any(here[unit].isdisjoint(there[unit]) for unit in here.keys() & there.keys())


def _amounts(text: str) -> dict[str, set[tuple[object, object]]]:
    """The amounts that a text names, by their unit."""
    found: dict[str, set[tuple[object, object]]] = {}
    for amount in amounts_in(text):
        found.setdefault(amount.unit, set()).add((amount.low, amount.high))
    return found
