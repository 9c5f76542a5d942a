"""Groups failures by cause and by the lightest thing that mends them, and says in words what to do.

A fix names articles, settings and figures of this evaluation; whether it helps, only another evaluation
shows. Training is never named: no trace of one evaluation shows that everything lighter was tried.
"""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from openbook.evals.outcome import Outcome
from openbook.types import Record

MOST_EXAMPLES = 5
_MOST_PLACES = 3
_DECIMALS = range(2, 7)


class Cause(StrEnum):
    """Why a question failed; ten causes, in a fixed order. After Barnett et al. (2024), arXiv:2401.05856."""

    KNOWLEDGE_MISSING = "knowledge_missing"
    NOT_RETRIEVED = "not_retrieved"
    RANKED_LOW = "ranked_low"
    NOT_EXTRACTED = "not_extracted"
    CONDITION = "condition"
    OVER_CAUTION = "over_caution"
    FORM = "form"
    STALE = "stale"
    OUT_OF_SCOPE = "out_of_scope"
    AMBIGUOUS = "ambiguous"

    @property
    def words(self) -> str:
        """The cause as people say it."""
        return _WORDS[self]


_WORDS = {
    Cause.KNOWLEDGE_MISSING: "knowledge missing",
    Cause.NOT_RETRIEVED: "present but not retrieved",
    Cause.RANKED_LOW: "retrieved but ranked low",
    Cause.NOT_EXTRACTED: "retrieved but not extracted",
    Cause.CONDITION: "wrong or missing condition",
    Cause.OVER_CAUTION: "right answer, low confidence (over-caution)",
    Cause.FORM: "wrong format or tone",
    Cause.STALE: "stale or contradictory source",
    Cause.OUT_OF_SCOPE: "out of scope",
    Cause.AMBIGUOUS: "question ambiguous",
}


class Remedy(StrEnum):
    """What mends a failure, the lightest first."""

    DATASET = "dataset"
    ARTICLE = "article"
    CLEANING = "cleaning"
    WORDING = "wording"
    SETTING = "setting"
    SEARCH = "search"


@dataclass(frozen=True, slots=True)
class Failure(Record):
    """One question that failed, with why.

    Attributes:
        evidence: What the cause was told by, with its numbers.
        expected: What should have been decided.
        place: The article where a mend would begin, else the question's intent, else empty.
        minor: Whether only the manner is not as expected; the figures of an evaluation count it as right.
    """

    id: str
    question: str
    group: str
    cause: Cause
    remedy: Remedy
    evidence: str
    confidence: float
    decision: str
    expected: str
    place: str
    minor: bool


@dataclass(frozen=True, slots=True)
class FailureGroup(Record):
    """Failures of one cause that the same thing mends.

    Attributes:
        size: How many there are.
        share: Of all failures.
        share_of_cases: Of all questions.
        gain: How many more questions would be right if all were mended and nothing else changed; an upper bound.
        fix: What to do, in words.
        places: How many of them have their mend in which article or intent, the most first.
        examples: Ids, the most confident first.
    """

    cause: Cause
    remedy: Remedy
    size: int
    share: float
    share_of_cases: float
    gain: int
    fix: str
    places: dict[str, int]
    examples: tuple[str, ...]


def grouped(failures: Sequence[Failure], outcomes: Sequence[Outcome]) -> tuple[FailureGroup, ...]:
    """The groups, the largest gain first, then in the order of causes and remedies.

    Args:
        failures: All of an evaluation; each is in exactly one group.
        outcomes: All of the evaluation, right ones too.
    """
    members: dict[tuple[Cause, Remedy], list[Failure]] = {}
    for failure in failures:
        members.setdefault((failure.cause, failure.remedy), []).append(failure)
    groups = [_group(kind, found, len(failures), outcomes) for kind, found in members.items()]
    causes, remedies = list(Cause), list(Remedy)
    return tuple(sorted(groups, key=lambda it: (-it.gain, causes.index(it.cause), remedies.index(it.remedy))))


def _group(
    kind: tuple[Cause, Remedy], members: Sequence[Failure], failures: int, outcomes: Sequence[Outcome]
) -> FailureGroup:
    counted = Counter(failure.place for failure in members if failure.place)
    places = dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))
    surest = sorted(members, key=lambda failure: (-failure.confidence, failure.id))
    return FailureGroup(
        cause=kind[0],
        remedy=kind[1],
        size=len(members),
        share=len(members) / failures,
        share_of_cases=len(members) / len(outcomes),
        gain=sum(not failure.minor for failure in members),
        fix=_fix(kind, members, places, outcomes),
        places=places,
        examples=tuple(failure.id for failure in surest[:MOST_EXAMPLES]),
    )


def _fix(
    kind: tuple[Cause, Remedy], members: Sequence[Failure], places: dict[str, int], outcomes: Sequence[Outcome]
) -> str:
    """What to do about a group: the words of its kind, where, and what a setting would change."""
    begin = _FIXES[kind].format(places=_named(places))
    reckon = _RECKONED.get(kind)
    return " ".join(filter(None, (begin, reckon(members, outcomes) if reckon else "")))


def _named(places: dict[str, int]) -> str:
    """The places in which most of a group's failures are, such as `a.md (3), b.md (1) and 2 more`."""
    if not places:
        return "the articles concerned"
    shown = ", ".join(f"{place} ({count})" for place, count in list(places.items())[:_MOST_PLACES])
    more = len(places) - _MOST_PLACES
    return f"{shown} and {more} more" if more > 0 else shown


def _lower_threshold(members: Sequence[Failure], outcomes: Sequence[Outcome]) -> str:
    """How many right answers a lower threshold frees before the first wrong one goes out with them."""
    held = [item for item in outcomes if item.sendable and not item.sent]
    surest_wrong = max((item.confidence for item in held if not item.would_be_right), default=0.0)
    freed = [failure.confidence for failure in members if failure.confidence > surest_wrong]
    if not freed:
        return (
            "No lower `threshold` sends one of these before a wrong answer, "
            f"of which the surest has confidence {surest_wrong:.2f}: the confidence itself has to be fitted."
        )
    return (
        f"With `threshold` = {_just_below(min(freed), above=surest_wrong):g}, {len(freed)} of these {len(members)} "
        "would be sent and no further wrong answer; try it on other questions first."
    )


def _just_below(value: float, *, above: float) -> float:
    """A value cut to as few decimals, two or more, as keep it above another."""
    cuts = (math.floor(value * 10**digits) / 10**digits for digits in _DECIMALS)
    return next((cut for cut in cuts if cut > above), value)


def _higher_threshold(members: Sequence[Failure], outcomes: Sequence[Outcome]) -> str:
    """What a threshold that keeps back all that were sent would cost in right answers; empty where none was sent."""
    sent = {item.id: item for item in outcomes if item.sent}
    wrong = [failure.confidence for failure in members if failure.id in sent]
    if not wrong:
        return ""
    told = f"{len(wrong)} of these {len(members)} were answered all the same"
    threshold = _just_above(max(wrong))
    if threshold > 1:
        return f"{told}, so surely that no `threshold` keeps all of them back."
    lost = sum(item.right and item.confidence < threshold for item in sent.values())
    return f"{told}: `threshold` = {threshold:g} would keep them back, and {lost} right answers with them."


def _just_above(value: float) -> float:
    """The least number of two decimals above a value."""
    return (math.floor(100 * value) + 1) / 100


_Reckoned = Callable[[Sequence[Failure], Sequence[Outcome]], str]
_RECKONED: dict[tuple[Cause, Remedy], _Reckoned] = {
    (Cause.KNOWLEDGE_MISSING, Remedy.ARTICLE): _higher_threshold,
    (Cause.OUT_OF_SCOPE, Remedy.SETTING): _higher_threshold,
    (Cause.OVER_CAUTION, Remedy.SETTING): _lower_threshold,
}

_TUNE = (
    "The words are there, the order is not: tune the search (`search.dense_weight` first), and evaluate before and "
    "after. Most are in {places}."
)
_FIXES = {
    (Cause.KNOWLEDGE_MISSING, Remedy.ARTICLE): (
        "Write what is missing, for the audience that asks, or approve it if it waits; near it is {places}."
    ),
    (Cause.KNOWLEDGE_MISSING, Remedy.DATASET): (
        "Hold the article against the dataset: the sentence does not stand there as the dataset has it. Mend whichever "
        "is out of date. Begin with {places}."
    ),
    (Cause.NOT_RETRIEVED, Remedy.WORDING): (
        "Say it as customers do: put the words of these questions, or the questions themselves as headings, right "
        "above the sentence that answers them. Begin with {places}."
    ),
    (Cause.NOT_RETRIEVED, Remedy.SEARCH): _TUNE,
    (Cause.RANKED_LOW, Remedy.WORDING): (
        "Give the passage that answers a heading of its own with the words of these questions. Begin with {places}."
    ),
    (Cause.RANKED_LOW, Remedy.SETTING): (
        "Raise `search.limit`, up to 50: among more passages that are looked at closely, the right one comes far "
        "enough up; each search takes longer. It concerns {places}."
    ),
    (Cause.RANKED_LOW, Remedy.SEARCH): _TUNE,
    (Cause.NOT_EXTRACTED, Remedy.WORDING): (
        "The passage is found, but other sentences are nearer to the question: put the one that answers first in its "
        "section, in the words of these questions. Begin with {places}."
    ),
    (Cause.NOT_EXTRACTED, Remedy.DATASET): (
        "Name in the dataset the article and the sentence that answer: without them nobody can see what went wrong."
    ),
    (Cause.CONDITION, Remedy.CLEANING): (
        "Write a condition into the sentence that it limits, or right after it beginning with “Unless”, “Except” or "
        "“Only if”, and name the cases that it holds for. Begin with {places}."
    ),
    (Cause.OVER_CAUTION, Remedy.SETTING): "Fit confidence and threshold to your questions: `openbook calibrate`.",
    (Cause.FORM, Remedy.CLEANING): (
        "The extractive writer keeps the article's own form and tone: change them there. Begin with {places}."
    ),
    (Cause.STALE, Remedy.CLEANING): (
        "Decide which source is right, then correct, merge or remove the other; `openbook documents --contradictions` "
        "shows both. Begin with {places}."
    ),
    (Cause.OUT_OF_SCOPE, Remedy.SETTING): "A higher `threshold` keeps such questions back.",
    (Cause.OUT_OF_SCOPE, Remedy.ARTICLE): (
        "These belong to your business, but no article is near them, so customers are turned away: write one that "
        "names the matter, even if it only says whom to ask."
    ),
    (Cause.OUT_OF_SCOPE, Remedy.WORDING): (
        "These were taken for questions about something else: use the customers' words in {places}."
    ),
    (Cause.AMBIGUOUS, Remedy.WORDING): (
        "Give places that are easily confused titles and headings that have the customers' words and tell them apart: "
        "they are what is asked back with. Begin with {places}."
    ),
    (Cause.AMBIGUOUS, Remedy.DATASET): (
        "Say in the dataset that these go to a person: they ask for one, or for more things than are answered at once."
    ),
}
