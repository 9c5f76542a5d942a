"""Draws cases again with replacement: single ones, or whole clusters such as conversations.

Efron & Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 6; clusters as in Davison &
Hinkley, "Bootstrap Methods and their Application" (1997), section 3.8. Questions of one conversation
resemble each other, so drawing them one by one would give intervals that are too narrow. The seed is
fixed: the same cases give the same draws.
"""

from collections.abc import Hashable, Iterator, Sequence

import numpy as np

from openbook.evals.metrics.inputs import Floats, Integers, at_least_one, same_length

DRAWS = 2_000
_SEED = 0
_AT_ONCE = 1_000_000


def resamples(count: int, *, draws: int) -> Iterator[Integers]:
    """Positions from 0 to `count` - 1 drawn with replacement, `count` of them a draw.

    Yields:
        Some draws at a time, shape (draws, count), so that memory stays small.

    Raises:
        UserError: `draws` is below 1.
    """
    at_least_one(draws, "draws")
    generator = np.random.default_rng(_SEED)
    at_once = max(_AT_ONCE // max(count, 1), 1)
    for done in range(0, draws, at_once):
        yield generator.integers(0, count, size=(min(at_once, draws - done), count))


def cluster_of(clusters: Sequence[Hashable] | None, count: int) -> Integers:
    """The number of each case's cluster, from 0 in order of appearance; without clusters its own.

    Raises:
        UserError: There are not as many cluster names as cases.
    """
    if clusters is None:
        return np.arange(count)
    same_length({"clusters": clusters, "cases": range(count)})
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(name, len(numbers)) for name in clusters], dtype=np.intp)


def resampled_means(values: Floats, *, draws: int, clusters: Sequence[Hashable] | None) -> Floats:
    """The mean over the cases of each draw; none without cases."""
    owners = cluster_of(clusters, len(values))
    if not len(values):
        return values
    sums, sizes = np.bincount(owners, weights=values), np.bincount(owners)
    blocks = resamples(len(sums), draws=draws)
    if len(sums) == len(values):
        return np.concatenate([sums[chosen].mean(axis=1) for chosen in blocks])
    return np.concatenate([sums[chosen].sum(axis=1) / sizes[chosen].sum(axis=1) for chosen in blocks])
