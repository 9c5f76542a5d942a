"""Brier score: the mean squared difference between confidence and what came true.

    score       = mean of (confidence - right)^2, right as 0 or 1; 0 is best
    reliability = sum over bins of (cases in the bin / cases) * (mean confidence - share right)^2
    resolution  = sum over bins of (cases in the bin / cases) * (share right - share right of all)^2
    uncertainty = share right of all * (1 - share right of all)
    score       = reliability - resolution + uncertainty + within

Brier, "Verification of forecasts expressed in terms of probability" (1950), in its form for two
outcomes; Murphy, "A new vector partition of the probability score" (1973). Murphy's sum is exact
where all confidences of a bin are equal; otherwise `within` is what differs inside the bins:
Stephenson, Coelho & Jolliffe, "Two extra components in the Brier score decomposition" (2008).
"""

from dataclasses import dataclass
from math import nan

import numpy as np

from openbook.evals.metrics.bins import BINS, binned
from openbook.evals.metrics.inputs import Numbers, Truths, judged
from openbook.types import Record


@dataclass(frozen=True, slots=True)
class BrierParts(Record):
    """The Brier score and what it is made of.

    Attributes:
        score: The whole; lower is better.
        reliability: What miscalibration costs; 0 is best.
        resolution: What telling cases apart gains; higher is better.
        uncertainty: What always saying the base rate costs.
        within: What remains, since the confidences of a bin differ.
    """

    score: float
    reliability: float
    resolution: float
    uncertainty: float
    within: float


def brier(confidences: Numbers, right: Truths) -> float:
    """The Brier score in [0, 1]; not a number without cases.

    Args:
        confidences: The stated probabilities of being right.
        right: Whether each case was right.

    Raises:
        UserError: A confidence lies outside [0, 1], a label is none, or the lists differ in length.
    """
    sure, labels = judged(confidences, right)
    return float(np.mean((sure - labels) ** 2)) if len(sure) else nan


def brier_parts(confidences: Numbers, right: Truths, *, bins: int = BINS, equal_mass: bool = False) -> BrierParts:
    """The Brier score with Murphy's decomposition; bins as in `calibration_error`, the rest as in `brier`."""
    sure, labels = judged(confidences, right)
    places = binned(sure, bins=bins, equal_mass=equal_mass)
    if not len(sure):
        return BrierParts(nan, nan, nan, nan, nan)
    sizes = np.bincount(places)
    kept = sizes > 0
    shares = sizes[kept] / len(sure)
    stated = np.bincount(places, weights=sure)[kept] / sizes[kept]
    observed = np.bincount(places, weights=labels)[kept] / sizes[kept]
    base = float(labels.mean())
    score = float(np.mean((sure - labels) ** 2))
    reliability = float(shares @ (stated - observed) ** 2)
    resolution = float(shares @ (observed - base) ** 2)
    uncertainty = base * (1 - base)
    within = score - (reliability - resolution + uncertainty)
    return BrierParts(score, reliability, resolution, uncertainty, within)
