"""The bins of a reliability diagram: what was stated against what came true.

For each bin with cases: the mean confidence, the share of right cases, and Wilson's interval for that
share. A calibrated model lies on the diagonal. Murphy & Winkler, "Reliability of subjective
probability forecasts of precipitation and temperature" (1977).
"""

from dataclasses import dataclass

import numpy as np

from openbook.evals.metrics.bins import BINS, binned
from openbook.evals.metrics.inputs import Flags, Floats, Numbers, Truths, judged
from openbook.evals.metrics.wilson import wilson
from openbook.types import Record


@dataclass(frozen=True, slots=True)
class Bin(Record):
    """Cases of similar confidence.

    Attributes:
        lowest: The lowest confidence among them.
        highest: The highest.
        cases: How many they are.
        confidence: Their mean confidence.
        right: The share that was right.
        right_low: Lower end of its 95 % interval.
        right_high: Upper end of it.
    """

    lowest: float
    highest: float
    cases: int
    confidence: float
    right: float
    right_low: float
    right_high: float


def reliability(confidences: Numbers, right: Truths, *, bins: int = BINS, equal_mass: bool = False) -> tuple[Bin, ...]:
    """The bins that hold cases, by rising confidence; arguments and errors as `calibration_error`."""
    sure, labels = judged(confidences, right)
    places = binned(sure, bins=bins, equal_mass=equal_mass)
    return tuple(_bin(sure[places == place], labels[places == place]) for place in np.unique(places))


def _bin(sure: Floats, labels: Flags) -> Bin:
    hits, cases = int(labels.sum()), len(labels)
    interval = wilson(hits, cases)
    return Bin(
        lowest=float(sure.min()),
        highest=float(sure.max()),
        cases=cases,
        confidence=float(sure.mean()),
        right=hits / cases,
        right_low=interval.low,
        right_high=interval.high,
    )
