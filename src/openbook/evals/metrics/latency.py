"""Latency: the times that half, 95 % and 99 % of the answers stay within.

Quantiles by linear interpolation between ordered times, definition 7 of Hyndman & Fan, "Sample
quantiles in statistical packages" (1996). The 99th percentile of few answers is hardly more than the
slowest one.
"""

from dataclasses import dataclass

import numpy as np

from openbook.evals.metrics.inputs import Numbers, amounts
from openbook.types import Record


@dataclass(frozen=True, slots=True)
class Latency(Record):
    """Quantiles of times in milliseconds, and how many times there were."""

    p50_milliseconds: float
    p95_milliseconds: float
    p99_milliseconds: float
    cases: int


def latency(milliseconds: Numbers) -> Latency:
    """The quantiles of the times; not a number without any.

    Raises:
        UserError: A time is negative or no finite number.
    """
    times = amounts(milliseconds, "time in milliseconds")
    p50, p95, p99 = np.quantile(times, [0.5, 0.95, 0.99]).tolist() if len(times) else [float("nan")] * 3
    return Latency(p50, p95, p99, len(times))
