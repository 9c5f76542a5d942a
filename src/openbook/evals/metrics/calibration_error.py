"""Expected calibration error: how far, bin by bin, confidence is from the share of right answers.

    ECE = sum over bins of (cases in the bin / cases) * |share right in the bin - mean confidence in it|

Naeini, Cooper & Hauskrecht, "Obtaining Well Calibrated Probabilities Using Bayesian Binning" (2015),
with bins of equal width; with bins of equal mass as in Nguyen & O'Connor, "Posterior calibration and
exploratory analysis for natural language processing models" (2015).

The error is never negative, so even a perfect model shows one, the more the fewer cases there are.
`expected_calibration_error_if_perfect` says how much; Bröcker & Smith, "Increasing the Reliability of
Reliability Diagrams" (2007), draw labels from the confidences to the same end.
"""

from collections.abc import Iterator

import numpy as np

from openbook.evals.metrics.bins import BINS, binned
from openbook.evals.metrics.inputs import Floats, Integers, Numbers, Truths, at_least_one, judged, probabilities
from openbook.evals.metrics.metric import Metric

_AT_ONCE = 1_000_000


def calibration_error(confidences: Numbers, right: Truths, *, bins: int = BINS, equal_mass: bool = False) -> float:
    """ECE in [0, 1]; not a number without cases.

    Args:
        confidences: The stated probabilities of being right.
        right: Whether each case was right.
        bins: How many bins there are.
        equal_mass: Bins with equal numbers of cases in place of bins of equal width.

    Raises:
        UserError: A confidence lies outside [0, 1], a label is none, or the lists differ in length.
    """
    sure, labels = judged(confidences, right)
    places = binned(sure, bins=bins, equal_mass=equal_mass)
    if not len(sure):
        return float("nan")
    return float(np.abs(np.bincount(places, weights=labels - sure)).sum() / len(sure))


def expected_calibration_error_if_perfect(
    confidences: Numbers, *, draws: int = 1_000, seed: int = 0, bins: int = BINS, equal_mass: bool = False
) -> Metric:
    """The ECE that a perfectly calibrated model with these confidences would show.

    Labels are drawn from the confidences, again and again: the mean of the errors, and between which
    two values the middle 95 % of them lie. An ECE above that interval speaks against calibration.

    Args:
        confidences: The stated probabilities of being right.
        draws: How often labels are drawn for all cases.
        seed: Of the random numbers.
        bins: As for `calibration_error`.
        equal_mass: As for `calibration_error`.

    Raises:
        UserError: A confidence lies outside [0, 1], or `draws` is below 1.
    """
    at_least_one(draws, "draws")
    sure = probabilities(confidences, "confidence")
    places = binned(sure, bins=bins, equal_mass=equal_mass)
    name, unknown = "calibration_error_if_perfect", float("nan")
    if not len(sure):
        return Metric(name, unknown, unknown, unknown, 0)
    order = np.argsort(places, kind="stable")
    starts = np.unique(places[order], return_index=True)[1]
    errors = np.concatenate(list(_errors_if_perfect(sure[order], starts, draws, seed)))
    low, high = np.quantile(errors, [0.025, 0.975])
    return Metric(name, float(errors.mean()), float(low), float(high), len(sure))


def _errors_if_perfect(sure: Floats, starts: Integers, draws: int, seed: int) -> Iterator[Floats]:
    """The error of each draw, some draws at a time; cases are ordered by bins, which begin at `starts`."""
    generator = np.random.default_rng(seed)
    at_once = max(_AT_ONCE // len(sure), 1)
    stated = np.add.reduceat(sure, starts)
    for done in range(0, draws, at_once):
        labels = generator.random((min(at_once, draws - done), len(sure))) < sure
        hits = np.add.reduceat(labels, starts, axis=1, dtype=np.int64)
        yield np.abs(hits - stated).sum(axis=1) / len(sure)
