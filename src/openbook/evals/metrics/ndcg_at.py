"""Normalised discounted cumulated gain: gold documents count more the earlier they come.

    DCG at k  = sum over ranks r <= k of gain(r) / log2(1 + r),  gain 1 for a gold document, else 0
    nDCG at k = DCG at k / the DCG at k of the best possible order

Järvelin & Kekäläinen, "Cumulated gain-based evaluation of IR techniques" (2002). They discount from
rank 2 on by log2(r); log2(1 + r), as in Burges et al., "Learning to rank using gradient descent"
(2005), tells ranks 1 and 2 apart and is what today's collections are reported with.
"""

from collections.abc import Collection, Hashable, Sequence
from math import log2

from openbook.evals.metrics.inputs import at_least_one


def ndcg_at(found: Sequence[Hashable], gold: Collection[Hashable], limit: int) -> float:
    """NDCG of the first `limit` hits, in [0, 1]; not a number without gold documents.

    Args:
        found: Documents, best first; one found again gains nothing.
        gold: Documents that should be found, in any order.
        limit: How many hits are looked at.

    Raises:
        UserError: `limit` is below 1.
    """
    at_least_one(limit, "limit")
    wanted = set(gold)
    if not wanted:
        return float("nan")
    best = sum(_discount(rank) for rank in range(1, min(limit, len(wanted)) + 1))
    gained = 0.0
    for rank, document in enumerate(found[:limit], start=1):
        if document in wanted:
            wanted.remove(document)
            gained += _discount(rank)
    return gained / best


def _discount(rank: int) -> float:
    return 1 / log2(1 + rank)
