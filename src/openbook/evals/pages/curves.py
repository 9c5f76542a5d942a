"""The curves of an evaluation, drawn from what became of its questions.

Answers that a rule holds back at any threshold are no part of a curve. A curve and a point on it come
from the same questions and are therefore a description, no promise; that is what a certificate is for.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from openbook.evals.certificate import Certificate
from openbook.evals.metrics import RiskPoint, reliability, risk_coverage, wilson
from openbook.evals.outcome import Outcome
from openbook.evals.pages.plots import histogram, line_plot, reliability_plot
from openbook.evals.pages.series import Series
from openbook.evals.pages.tally import Tally, tally
from openbook.evals.pages.words import percent

FEWEST = 10
"""With fewer answers a share says too little to be drawn."""
THRESHOLDS = (0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3)
_FINEST = 0.05
_BINS, _CASES_A_BIN = 10, 5


@dataclass(frozen=True, slots=True)
class Choice:
    """What another threshold would have meant for the same questions."""

    threshold: float
    answered: int
    wrong: int

    @property
    def risk(self) -> float:
        """The share of the answers that would have been wrong; not a number without answers."""
        return self.wrong / self.answered if self.answered else math.nan


def sendable(outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
    """Those that only a threshold could hold back, and whose confidence is a probability."""
    return tuple(item for item in outcomes if item.sendable and 0 <= item.confidence <= 1)


def choices(outcomes: Sequence[Outcome]) -> tuple[Choice, ...]:
    """What each of `THRESHOLDS` would have meant, strict to lax; none without sendable answers."""
    ready = sendable(outcomes)
    found = []
    for threshold in THRESHOLDS if ready else ():
        chosen = [item for item in ready if item.confidence >= threshold]
        found.append(Choice(threshold, len(chosen), sum(not item.would_be_right for item in chosen)))
    return tuple(found)


def risk_curve(outcomes: Sequence[Outcome], certificate: Certificate | None = None) -> Markup:
    """How often answers would be wrong, by how many questions are answered, surest first; today is marked."""
    ready = sendable(outcomes)
    points = risk_coverage([item.confidence for item in ready], [not item.would_be_right for item in ready])
    drawn = [point for point in points if round(point.coverage * len(ready)) >= min(FEWEST, len(ready))]
    curve = _curve(drawn, len(ready), len(outcomes))
    marks = _marks(tally(outcomes), certificate)
    highest = max((point[1] for series in (curve, *marks) for point in series.known), default=0.0)
    return line_plot(
        [curve, *marks],
        title="How many it could answer, and how many of the answers would be wrong",
        x_label="Share of all questions that get an answer",
        y_label="Share of these answers that is wrong",
        y_range=(0.0, min(1.0, _FINEST * math.ceil(1.2 * highest / _FINEST + 0.2))),
    )


def _curve(points: Sequence[RiskPoint], ready: int, asked: int) -> Series:
    intervals = []
    for point in points:
        answered = round(point.coverage * ready)
        intervals.append(wilson(round(point.risk * answered), answered))
    return Series(
        "Answering the surest first",
        tuple((point.coverage * ready / asked, point.risk) for point in points),
        tuple(each.low for each in intervals),
        tuple(each.high for each in intervals),
    )


def _marks(today: Tally, certificate: Certificate | None) -> list[Series]:
    marks = []
    if today.sent:
        place = today.sent / today.cases, today.wrong / today.sent
        marks.append(Series(f"Today: {percent(place[1])} wrong", (place,)))
    if certificate and certificate.granted:
        certified = certificate.coverage, certificate.observed_error
        marks.append(Series(f"Certified: {percent(certified[1])} wrong", (certified,)))
    return marks


def sureness(outcomes: Sequence[Outcome]) -> tuple[Markup, Markup]:
    """Whether confidence keeps its word, and how it is spread."""
    ready = sendable(outcomes)
    sure = [item.confidence for item in ready]
    bins = max(1, min(_BINS, len(ready) // _CASES_A_BIN))
    found = reliability(sure, [item.would_be_right for item in ready], bins=bins, equal_mass=True)
    spread = histogram(sure, title="How sure it was of its answers", x_label="How sure it said it was")
    return reliability_plot(found), spread


def sureness_in_words(outcomes: Sequence[Outcome]) -> str:
    """What it said on average, against how often it was right; empty without answers."""
    ready = sendable(outcomes)
    if not ready:
        return ""
    said = sum(item.confidence for item in ready) / len(ready)
    true = sum(item.would_be_right for item in ready) / len(ready)
    return f"On average it said it was {percent(said)} sure, and {percent(true)} of the answers were right."
