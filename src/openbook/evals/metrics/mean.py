"""The arithmetic mean: sum of the values / their number."""

import numpy as np

from openbook.evals.metrics.inputs import Numbers


def mean(values: Numbers) -> float:
    """The arithmetic mean; not a number without values, or with one that is not a number."""
    return float(np.asarray(values, dtype=np.float64).mean()) if len(values) else float("nan")
