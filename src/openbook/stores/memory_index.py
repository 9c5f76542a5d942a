"""An exact index in memory: numpy and a plain BM25, with no file and no engine.

For tests, for trying things out, and as the exact reference for other implementations. BM25 as
in Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with
k = 1.2 and b = 0.75, over lower-case words, without stemming.
"""

import math
import re
import threading
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from openbook.stores.index import Candidate, Point, Scope, Vector, merge

_WORD = re.compile(r"\w+")
_K, _B = 1.2, 0.75


class MemoryIndex:
    """Implements `VectorIndex`; everything is lost when the process ends."""

    def __init__(self) -> None:
        self._points: dict[str, dict[int, Point]] = {}
        self._lock = threading.RLock()

    def upsert(self, tenant: str, points: Sequence[Point]) -> None:
        """See `VectorIndex.upsert`."""
        with self._lock:
            self._points.setdefault(tenant, {}).update({point.id: point for point in points})

    def delete(self, tenant: str, ids: Iterable[int]) -> None:
        """See `VectorIndex.delete`."""
        with self._lock:
            for identifier in ids:
                self._points.get(tenant, {}).pop(identifier, None)

    def search(self, tenant: str, *, vector: Vector | None, words: str, scope: Scope, limit: int) -> list[Candidate]:
        """See `VectorIndex.search`."""
        with self._lock:
            points = list(self._points.get(tenant, {}).values())
        seen = [point for point in points if scope.matches(point.audiences, point.locale, point.product)]
        return merge(_by_meaning(seen, vector, limit), _by_words(seen, words, limit))

    def count(self, tenant: str) -> int:
        """See `VectorIndex.count`."""
        with self._lock:
            return len(self._points.get(tenant, {}))

    def ids(self, tenant: str) -> set[int]:
        """See `VectorIndex.ids`."""
        with self._lock:
            return set(self._points.get(tenant, {}))

    def drop(self, tenant: str) -> None:
        """See `VectorIndex.drop`."""
        with self._lock:
            self._points.pop(tenant, None)

    def close(self) -> None:
        """Forgets everything."""
        with self._lock:
            self._points.clear()


def _best(scored: Iterable[tuple[int, float]], limit: int) -> list[tuple[int, float]]:
    return sorted(scored, key=lambda pair: (-pair[1], pair[0]))[:limit]


def _by_meaning(points: Sequence[Point], vector: Vector | None, limit: int) -> list[tuple[int, float]]:
    if vector is None:
        return []
    return _best(
        ((point.id, float(np.dot(point.vector, vector))) for point in points if point.vector is not None), limit
    )


def _by_words(points: Sequence[Point], words: str, limit: int) -> list[tuple[int, float]]:
    counts = {point.id: Counter(_WORD.findall(point.words.lower())) for point in points}
    if not counts:
        return []
    average = sum(count.total() for count in counts.values()) / len(counts) or 1.0
    scores: dict[int, float] = {}
    for word in sorted(set(_WORD.findall(words.lower()))):
        having = {identifier: count[word] for identifier, count in counts.items() if count[word]}
        rarity = math.log(1 + (len(counts) - len(having) + 0.5) / (len(having) + 0.5))
        for identifier, times in having.items():
            length = 1 - _B + _B * counts[identifier].total() / average
            scores[identifier] = scores.get(identifier, 0.0) + rarity * times * (_K + 1) / (times + _K * length)
    return _best(scores.items(), limit)
