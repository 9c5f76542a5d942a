"""Spiegelhalter's test of calibration: is the Brier score what these confidences promise?

    z = sum of (right - c) (1 - 2c)  /  square root of the sum of (1 - 2c)^2 c (1 - c)

over the confidences c. Under perfect calibration z is about standard normal; z > 0 means a worse Brier
score than promised. Spiegelhalter, "Probabilistic prediction in patient management and clinical
trials" (1986). Confidences of 0.5 weigh nothing, and faults that cancel out are not seen.
"""

from dataclasses import dataclass
from math import copysign, erfc, inf, nan, sqrt

import numpy as np

from openbook.evals.metrics.inputs import Numbers, Truths, judged
from openbook.types import Record


@dataclass(frozen=True, slots=True)
class Spiegelhalter(Record):
    """The statistic and its two-sided p-value."""

    z: float
    p: float


def spiegelhalter(confidences: Numbers, right: Truths) -> Spiegelhalter:
    """Tests whether confidences are calibrated.

    Not a number where nothing can be said: without cases, or if all confidences are 0, 0.5 or 1 and
    none of the certain ones is refuted. With a refuted one among such, z is infinite and p is 0.

    Args:
        confidences: The stated probabilities of being right.
        right: Whether each case was right.

    Raises:
        UserError: A confidence lies outside [0, 1], a label is none, or the lists differ in length.
    """
    sure, labels = judged(confidences, right)
    surprise = float(np.sum((labels - sure) * (1 - 2 * sure)))
    variance = float(np.sum((1 - 2 * sure) ** 2 * sure * (1 - sure)))
    return _tested(surprise, variance)


def _tested(surprise: float, variance: float) -> Spiegelhalter:
    if variance:
        z = surprise / sqrt(variance)
        return Spiegelhalter(z, erfc(abs(z) / sqrt(2)))
    return Spiegelhalter(copysign(inf, surprise), 0.0) if surprise else Spiegelhalter(nan, nan)
