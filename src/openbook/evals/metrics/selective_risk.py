"""The risk-coverage curve: how often answers are wrong if only the surest are given.

At a threshold, the cases of at least that confidence are answered:

    coverage       = answered / cases
    selective risk = answered and wrong / answered

El-Yaniv & Wiener, "On the Foundations of Noise-free Selective Classification" (2010). Cases of equal
confidence come in together, since no threshold parts them.
"""

from dataclasses import dataclass

import numpy as np

from openbook.evals.metrics.inputs import Flags, Floats, Integers, Numbers, Truths, judged
from openbook.types import Record


@dataclass(frozen=True, slots=True)
class RiskPoint(Record):
    """A point of the curve: what answering from a threshold on means."""

    threshold: float
    coverage: float
    risk: float


def risk_coverage(confidences: Numbers, wrong: Truths) -> tuple[RiskPoint, ...]:
    """The curve by falling threshold, a point for each distinct confidence; empty without cases.

    Args:
        confidences: What the threshold is held against, in [0, 1].
        wrong: Whether answering each case is a mistake.

    Raises:
        UserError: A confidence lies outside [0, 1], a label is none, or the lists differ in length.
    """
    sure, mistaken = judged(confidences, wrong)
    thresholds, steps = falling(sure)
    answered = answered_of(steps, np.ones_like(mistaken))
    risks = answered_of(steps, mistaken) / answered
    return tuple(
        RiskPoint(threshold, coverage, risk)
        for threshold, coverage, risk in zip(
            thresholds.tolist(), (answered / len(sure)).tolist(), risks.tolist(), strict=True
        )
    )


def falling(confidences: Floats) -> tuple[Floats, Integers]:
    """The distinct confidences from the highest down, and for each case the place of its own."""
    values, steps = np.unique(-confidences, return_inverse=True)
    return -values, steps


def answered_of(steps: Integers, chosen: Flags) -> Floats:
    """How many of the chosen cases are answered at each threshold; `steps` as `falling` gives them."""
    return np.cumsum(np.bincount(steps, weights=chosen))
