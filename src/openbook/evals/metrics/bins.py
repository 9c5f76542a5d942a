"""Puts confidences into bins, for calibration in tables and diagrams.

Bins of equal width cut [0, 1] at k / bins; a confidence on a cut belongs to the bin above it. Bins of
equal mass hold as nearly equal numbers of cases as ties allow: equal confidences share a bin, so
that the order of the cases never matters.
"""

import numpy as np

from openbook.evals.metrics.inputs import Floats, Integers, at_least_one

BINS = 10


def binned(confidences: Floats, *, bins: int, equal_mass: bool) -> Integers:
    """The bin of each confidence, from 0 to `bins` - 1; some may stay empty.

    Raises:
        UserError: `bins` is below 1.
    """
    at_least_one(bins, "bins")
    if equal_mass:
        smaller = np.searchsorted(np.sort(confidences), confidences, side="left")
        return smaller * bins // max(len(confidences), 1)
    return np.searchsorted(np.arange(1, bins) / bins, confidences, side="right")
