"""Mixes what the retrievers returned into one score, the first look at all candidates.

Bruch, Gai & Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval" (TOIS 2023,
arXiv:2210.11934) find that a convex combination beats reciprocal rank fusion and keeps the size
of scores, which confidence needs. Cosine is taken as it is (nothing below 0), BM25 by its share
of the best BM25 of the same search; what a retriever did not return counts 0 for its part. The
score of reciprocal rank fusion (Cormack, Clarke & Buettcher, SIGIR 2009) stands beside, for show.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from openbook.stores.index import Candidate

_RANK_OFFSET = 60


@dataclass(frozen=True, slots=True)
class Fused:
    """A candidate with its shares of meaning and words, both in [0, 1], and their mixture.

    Attributes:
        rrf: What reciprocal rank fusion gives: the sum of 1 / (60 + rank) over both retrievers.
    """

    candidate: Candidate
    score: float
    dense: float
    keyword: float
    rrf: float


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
    by_meaning = _ranks(found, lambda candidate: candidate.dense)
    by_words = _ranks(found, lambda candidate: candidate.keyword)
    fused = []
    for candidate in found:
        dense = max(0.0, candidate.dense or 0.0)
        keyword = (candidate.keyword or 0.0) / best_keyword if best_keyword > 0 else 0.0
        score = dense_weight * dense + (1.0 - dense_weight) * keyword
        ranks = [ranks[candidate.id] for ranks in (by_meaning, by_words) if candidate.id in ranks]
        fused.append(Fused(candidate, score, dense, keyword, sum(1.0 / (_RANK_OFFSET + rank) for rank in ranks)))
    return sorted(fused, key=lambda item: (-item.score, item.candidate.id))


def unfused(identifier: int) -> Fused:
    """A candidate that no retriever returned."""
    return Fused(Candidate(identifier, None, None), 0.0, 0.0, 0.0, 0.0)


def _ranks(candidates: list[Candidate], score: Callable[[Candidate], float | None]) -> dict[int, int]:
    """The rank, from 1, of every candidate that a retriever returned, by id."""
    scored = [(-value, candidate.id) for candidate in candidates if (value := score(candidate)) is not None]
    return {identifier: rank for rank, (_, identifier) in enumerate(sorted(scored), start=1)}
