"""The bootstrap, which gives each figure its interval.

The figure is computed again over cases drawn with replacement; the middle 95 % of what comes out is the
interval. Efron & Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13 (percentile
interval). It knows no uncertainty but that of which cases were asked, and is too narrow for a handful
of cases or clusters.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence

import numpy as np

from openbook.evals.metrics.inputs import Floats, Numbers, numbers
from openbook.evals.metrics.mean import mean
from openbook.evals.metrics.metric import Metric
from openbook.evals.metrics.resampling import DRAWS, cluster_of, resampled_means, resamples


def bootstrapped(
    name: str,
    count: int,
    figure: Callable[[Sequence[int]], float],
    *,
    draws: int = DRAWS,
    clusters: Sequence[Hashable] | None = None,
) -> Metric:
    """Any figure over cases 0 to `count` - 1 with its percentile interval.

    Draws in which the figure is not a number (nothing was sent, say) are left out. For a mean,
    `bootstrapped_mean` gives the same and is much faster.

    Args:
        name: What the figure is called.
        count: How many cases there are.
        figure: Computes it over the cases of these positions, some of them more than once.
        draws: How often it is computed.
        clusters: Which conversation each case is part of: draws whole ones, not cases.

    Raises:
        UserError: There are not as many clusters as cases, or `draws` is below 1.
    """
    value = figure(range(count))
    if not count:
        return Metric(name, value, value, value, 0)
    drawn = np.array([figure(chosen) for chosen in _drawn_cases(count, draws, clusters)])
    return _metric(name, value, drawn[~np.isnan(drawn)], count)


def bootstrapped_mean(
    name: str, values: Numbers, *, draws: int = DRAWS, clusters: Sequence[Hashable] | None = None
) -> Metric:
    """The mean of the values with its percentile interval; not a number without values.

    Args:
        name: What the figure is called.
        values: One a case.
        draws: How often cases are drawn.
        clusters: Which conversation each case is part of: draws whole ones, not cases.

    Raises:
        UserError: A value is not a number, there are not as many clusters as values, or `draws` is below 1.
    """
    found = numbers(values, "value")
    return _metric(name, mean(found), resampled_means(found, draws=draws, clusters=clusters), len(found))


def _metric(name: str, value: float, drawn: Floats, cases: int) -> Metric:
    low, high = np.quantile(drawn, [0.025, 0.975]).tolist() if len(drawn) else (float("nan"), float("nan"))
    return Metric(name, value, low, high, cases)


def _drawn_cases(count: int, draws: int, clusters: Sequence[Hashable] | None) -> Iterator[list[int]]:
    """The positions of the cases of each draw."""
    if clusters is None:
        for block in resamples(count, draws=draws):
            for chosen in block:
                yield chosen.tolist()
        return
    owners = cluster_of(clusters, count)
    starts = np.flatnonzero(np.diff(np.sort(owners))) + 1
    members = np.split(np.argsort(owners, kind="stable"), starts)
    for block in resamples(len(members), draws=draws):
        for chosen in block.tolist():
            yield np.concatenate([members[number] for number in chosen]).tolist()
