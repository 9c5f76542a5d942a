"""Metrics with their formulas, and the bootstrap that gives each its interval.

All take plain lists, one entry a case. Higher is better for every one of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from openbook.types import Record

DRAWS = 2_000
_SEED = 0


@dataclass(frozen=True, slots=True)
class Metric(Record):
    """A figure with its 95 % bootstrap interval and the number of cases it rests on."""

    name: str
    value: float
    low: float
    high: float
    cases: int


def mean(values: Sequence[float]) -> float:
    """The arithmetic mean; not a number without values."""
    return float(np.mean(values)) if len(values) else float("nan")


def reciprocal_rank(rank: int | None) -> float:
    """1 / rank of the first right hit, 0 where none was found (mean: MRR)."""
    return 1.0 / rank if rank else 0.0


def auroc(scores: Sequence[float], labels: Sequence[bool]) -> float:
    """The chance that a right case has a higher score than a wrong one; ties count half.

    By ranks, as in Hanley & McNeil (1982). Not a number where one of the two kinds is missing.
    """
    found, right = np.asarray(scores, dtype=float), np.asarray(labels, dtype=bool)
    positives, negatives = int(right.sum()), int((~right).sum())
    if not positives or not negatives:
        return float("nan")
    _, inverse, counts = np.unique(found, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    return float((ranks[right].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def bootstrapped(name: str, count: int, figure: Callable[[Sequence[int]], float], *, draws: int = DRAWS) -> Metric:
    """A figure over cases 0 to `count` - 1 with its percentile interval over resampled cases.

    Efron & Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13; fixed seed. Draws in
    which the figure is not a number (nothing was sent, say) are left out.
    """
    value = figure(range(count))
    if not count:
        return Metric(name, value, value, value, 0)
    resampled = np.random.default_rng(_SEED).integers(0, count, size=(draws, count))
    drawn = np.array([figure(chosen) for chosen in resampled.tolist()])
    known = drawn[~np.isnan(drawn)]
    low, high = np.quantile(known, [0.025, 0.975]) if len(known) else (float("nan"), float("nan"))
    return Metric(name, value, float(low), float(high), count)
