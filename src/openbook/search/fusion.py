"""Mixes both retrievers into one score: a convex combination of comparable parts.

Bruch, Gai & Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval" (TOIS 2023,
arXiv:2210.11934) find that a convex combination beats reciprocal rank fusion and keeps the size
of scores, which confidence needs. Cosine is taken as it is (nothing below 0), BM25 by its share
of the best BM25 of the same search; what a retriever did not return counts 0 for its part.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from openbook.stores.index import Candidate


@dataclass(frozen=True, slots=True)
class Fused:
    """A candidate with its fused score in [0, 1] and the terms of the sum."""

    candidate: Candidate
    score: float
    parts: dict[str, float]


def fuse(candidates: Iterable[Candidate], *, dense_weight: float) -> list[Fused]:
    """Scores candidates, the best first; equal scores in order of id.

    Args:
        candidates: What the retrievers returned; without any cosine, words alone count in full.
        dense_weight: Share of the cosine, in [0, 1].
    """
    found = list(candidates)
    if all(candidate.dense is None for candidate in found):
        dense_weight = 0.0
    best_keyword = max((candidate.keyword or 0.0 for candidate in found), default=0.0)
    fused = [_score(candidate, dense_weight, best_keyword) for candidate in found]
    return sorted(fused, key=lambda item: (-item.score, item.candidate.id))


def _score(candidate: Candidate, dense_weight: float, best_keyword: float) -> Fused:
    keyword = (candidate.keyword or 0.0) / best_keyword if best_keyword > 0 else 0.0
    parts = {
        "dense": dense_weight * max(0.0, candidate.dense or 0.0),
        "keyword": (1.0 - dense_weight) * keyword,
    }
    return Fused(candidate, sum(parts.values()), parts)
