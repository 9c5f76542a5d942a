"""The figures of an evaluation, each with its interval, out of what became of every case.

Intervals come from resampling whole conversations. No language model judges anything here.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from openbook.evals.comparing import Comparison
from openbook.evals.metrics import (
    Metric,
    answerability_scores,
    augrc,
    aurc,
    auroc,
    bootstrapped,
    bootstrapped_mean,
    brier,
    calibration_error,
    coverage_at_risk,
    expected_calibration_error_if_perfect,
    latency,
    mean,
    reciprocal_rank,
    spiegelhalter,
)
from openbook.evals.outcome import Outcome
from openbook.types import Record

RISKS = (1, 2, 5, 10)
"""Percentages of wrong answers at which coverage is reported."""

Chosen = Sequence[int]
_DRAWS = 500
_MANY = 2_000
_FEW_DRAWS = 300


@dataclass(frozen=True, slots=True)
class Report(Record):
    """Figures over a dataset, every case behind them, and the differences from an earlier run if one was named."""

    cases: int
    metrics: tuple[Metric, ...]
    groups: dict[str, dict[str, float]]
    confusion: dict[str, int]
    outcomes: tuple[Outcome, ...]
    comparisons: tuple[Comparison, ...] = ()

    def value(self, name: str) -> float:
        """A metric's value by its name."""
        return next(metric.value for metric in self.metrics if metric.name == name)


def report(outcomes: Sequence[Outcome]) -> Report:
    """Every figure that the outcomes carry; not a number where no case says anything about it."""
    return Report(
        cases=len(outcomes),
        metrics=(*_found(outcomes), *_answered(outcomes), *confidence_figures(outcomes), *_spent(outcomes)),
        groups=_by_group(outcomes),
        confusion=dict(sorted(Counter(f"{item.expected} → {item.decision}" for item in outcomes).items())),
        outcomes=tuple(outcomes),
    )


def _found(outcomes: Sequence[Outcome]) -> Iterator[Metric]:
    """What the search found."""
    paged = [item for item in outcomes if item.answerable and item.ndcg is not None]
    quoted = [item for item in outcomes if item.answerable and item.citations is not None]
    yield _mean("recall_at_1", paged, lambda item: item.page_rank == 1)
    yield _mean("recall_at_5", paged, lambda item: item.page_found)
    yield _mean("ndcg_at_5", paged, lambda item: item.ndcg)
    yield _mean("mrr", paged, lambda item: reciprocal_rank(item.page_rank))
    yield _mean("quote_in_five_hits", quoted, lambda item: item.quote_found)


def _answered(outcomes: Sequence[Outcome]) -> Iterator[Metric]:
    """What customers would have got, and the drafts behind it."""
    sent = [item for item in outcomes if item.sent]
    can, cannot = ([item for item in outcomes if item.answerable is kind] for kind in (True, False))
    yield _mean("share_sent", outcomes, lambda item: item.sent)
    yield _mean("right_among_sent", sent, lambda item: item.right)
    yield _mean("right_sent_of_answerable", can, lambda item: item.right)
    yield _mean("not_sent_of_unanswerable", cannot, lambda item: item.right)
    yield _mean("decision_as_expected", outcomes, lambda item: item.decision == item.expected)
    scores = answerability_scores(
        [item.answerable for item in outcomes], [item.sent for item in outcomes], [item.right for item in outcomes]
    )
    yield _bootstrapped("answerability_score", outcomes, lambda chosen: mean(scores[chosen]))
    yield _mean("draft_right_of_answerable", can, lambda item: item.would_be_right)
    quoted = [item for item in can if item.citations is not None]
    yield _mean("citation_cover", [item for item in quoted if item.sent], lambda item: item.cover)
    marks = {item.id: item.citations for item in quoted if item.citations is not None}
    for name in ("precision", "recall", "f1"):
        values = [getattr(marks[item.id], name) for item in quoted]
        yield bootstrapped_mean(f"citation_{name}", values, clusters=[item.conversation for item in quoted])
    worded = [item for item in can if item.token_f1 is not None]
    yield _mean("answer_token_f1", worded, lambda item: item.token_f1)
    yield _mean("answer_exact", worded, lambda item: item.exact)


def confidence_figures(outcomes: Sequence[Outcome], *, draws: int = _DRAWS) -> tuple[Metric, ...]:
    """What the confidence is worth; for calibration and risk, of the answers that no rule keeps back.

    Args:
        outcomes: Of every case.
        draws: How often cases are drawn for the intervals.
    """
    figure = partial(_bootstrapped, draws=draws)
    every = np.array([item.confidence for item in outcomes])
    can = np.array([item.answerable for item in outcomes], dtype=bool)
    ready = [item for item in outcomes if item.sendable]
    sure = np.array([item.confidence for item in ready])
    right = np.array([item.would_be_right for item in ready], dtype=bool)
    perfect = expected_calibration_error_if_perfect(sure)
    return (
        figure("answerable_auroc", outcomes, lambda chosen: auroc(every[chosen], can[chosen])),
        figure("right_auroc", ready, lambda chosen: auroc(sure[chosen], right[chosen])),
        figure("brier", ready, lambda chosen: brier(sure[chosen], right[chosen])),
        figure("calibration_error", ready, lambda chosen: calibration_error(sure[chosen], right[chosen])),
        replace(perfect, name="calibration_error_if_perfect"),
        _plain("spiegelhalter_p", spiegelhalter(sure, right).p, len(ready)),
        figure("aurc", ready, lambda chosen: aurc(sure[chosen], ~right[chosen])),
        figure("augrc", ready, lambda chosen: augrc(sure[chosen], ~right[chosen])),
        *_coverages(outcomes, draws),
    )


def _coverages(outcomes: Sequence[Outcome], draws: int) -> Iterator[Metric]:
    """How many of the answerable questions could be answered if so many of the answers were allowed to be wrong."""
    sure = np.array([item.confidence if item.sendable else 0.0 for item in outcomes])
    wrong = np.array([not item.would_be_right for item in outcomes], dtype=bool)
    can = np.array([item.answerable for item in outcomes], dtype=bool)
    for percent in RISKS:

        def coverage(chosen: Chosen, risk: float = percent / 100) -> float:
            return coverage_at_risk(sure[chosen], wrong[chosen], risk, of=can[chosen])

        yield _bootstrapped(f"coverage_at_{percent}_percent_risk", outcomes, coverage, draws=draws)


def _spent(outcomes: Sequence[Outcome]) -> Iterator[Metric]:
    """Time and money."""
    times = latency([item.milliseconds for item in outcomes])
    yield _plain("milliseconds_p50", times.p50_milliseconds, times.cases)
    yield _plain("milliseconds_p95", times.p95_milliseconds, times.cases)
    yield _plain("cost_micro_usd", mean([item.cost_micro_usd for item in outcomes]), len(outcomes))


def _mean(name: str, members: Sequence[Outcome], figure: Callable[[Outcome], float | None]) -> Metric:
    """The mean of a figure over the cases that have it."""
    values = np.array([figure(item) for item in members], dtype=float)
    return bootstrapped_mean(name, values, clusters=[item.conversation for item in members])


def _bootstrapped(
    name: str, members: Sequence[Outcome], figure: Callable[[Chosen], float], *, draws: int = _DRAWS
) -> Metric:
    draws = draws if len(members) <= _MANY else min(draws, _FEW_DRAWS)
    return bootstrapped(name, len(members), figure, clusters=[item.conversation for item in members], draws=draws)


def _plain(name: str, value: float, cases: int) -> Metric:
    """A figure without an interval of its own."""
    return Metric(name, value, value, value, cases)


def _by_group(outcomes: Sequence[Outcome]) -> dict[str, dict[str, float]]:
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault(outcome.group or "all", []).append(outcome)
    return {
        name: {
            "cases": len(members),
            "right": round(mean([item.right for item in members]), 3),
            "sent": round(mean([item.sent for item in members]), 3),
        }
        for name, members in sorted(groups.items())
    }
