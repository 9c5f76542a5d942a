"""The mean difference between two runs on the same cases, tested by the paired bootstrap.

    difference = mean of (candidate - baseline) over the cases
    interval   = middle 95 % of the difference over resampled cases
    p          = (1 + draws with |drawn - difference| >= |difference|) / (1 + draws)

p moves the draws to a mean of 0, where the runs are equal: Efron & Tibshirani, "An Introduction to the
Bootstrap" (1993), chapter 16; the ones are from Davison & Hinkley, "Bootstrap Methods and their
Application" (1997), section 4.2, so that p is never 0.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import nan

import numpy as np

from openbook.evals.metrics.inputs import Numbers, numbers, same_length
from openbook.evals.metrics.resampling import DRAWS, resampled_means
from openbook.types import Record

_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Difference(Record):
    """A mean difference with its 95 % interval, two-sided p-value and number of cases."""

    difference: float
    low: float
    high: float
    p: float
    cases: int


def paired_difference(
    baseline: Numbers, candidate: Numbers, *, draws: int = DRAWS, clusters: Sequence[Hashable] | None = None
) -> Difference:
    """How much more the candidate has on average; not a number without cases.

    Args:
        baseline: A figure for each case, of the run to compare with.
        candidate: The same figure for the same cases, of the other run.
        draws: How often cases are drawn.
        clusters: Which conversation each case is part of: draws whole ones, not cases.

    Raises:
        UserError: A value is not a number, the lists differ in length, or `draws` is below 1.
    """
    same_length({"figures of the baseline": baseline, "of the candidate": candidate})
    gains = numbers(candidate, "figure of the candidate") - numbers(baseline, "figure of the baseline")
    drawn = resampled_means(gains, draws=draws, clusters=clusters)
    if not len(gains):
        return Difference(nan, nan, nan, nan, 0)
    observed = float(gains.mean())
    low, high = np.quantile(drawn, [0.025, 0.975]).tolist()
    farther = int((np.abs(drawn - observed) >= abs(observed) - _ROUNDING).sum())
    return Difference(observed, low, high, (1 + farther) / (1 + draws), len(gains))
