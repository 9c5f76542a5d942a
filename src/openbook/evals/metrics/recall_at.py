"""How much of what should be found is among the first hits.

    hit at k    = 1 if any gold document is among the first k, else 0
    recall at k = gold documents among the first k / gold documents

Manning, Raghavan & Schütze, "Introduction to Information Retrieval" (2008), chapter 8. Hit at k is
also called success at k. A document found several times counts once.
"""

from collections.abc import Collection, Hashable, Sequence

from openbook.evals.metrics.inputs import at_least_one


def hit_at(found: Sequence[Hashable], gold: Collection[Hashable], limit: int) -> float:
    """1 if a gold document is among the first `limit`, else 0; not a number without gold documents.

    Args:
        found: Documents, best first.
        gold: Documents that should be found, in any order.
        limit: How many hits are looked at.

    Raises:
        UserError: `limit` is below 1.
    """
    at_least_one(limit, "limit")
    return float(not set(gold).isdisjoint(found[:limit])) if gold else float("nan")


def recall_at(found: Sequence[Hashable], gold: Collection[Hashable], limit: int) -> float:
    """The share of the gold documents among the first `limit`; arguments and errors as `hit_at`."""
    at_least_one(limit, "limit")
    wanted = set(gold)
    return len(wanted.intersection(found[:limit])) / len(wanted) if wanted else float("nan")
