"""Reciprocal rank: 1 / rank of the first right hit, 0 where none was found.

Its mean over questions is MRR: Voorhees, "The TREC-8 Question Answering Track Report" (1999).
"""


def reciprocal_rank(rank: int | None) -> float:
    """1 / rank of the first right hit, 0 where none was found (mean: MRR).

    Args:
        rank: From 1, or None.
    """
    return 1.0 / rank if rank else 0.0
