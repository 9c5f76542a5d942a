"""Finds hits: both retrievers, checked against what is live and allowed, mixed, ranked.

The index may lag behind the tables for a moment; every candidate is checked against them before
it is ranked, so a version is visible all at once or not at all. This module knows no answer.
"""

import time
from dataclasses import replace

from sqlalchemy import Connection

from openbook.models import Embedder
from openbook.search.fusion import Fused, fuse
from openbook.stores.chunks import StoredChunk, live_places, load_chunks
from openbook.stores.database import Database
from openbook.stores.index import Candidate, Scope, Vector, VectorIndex
from openbook.stores.library import Labels, live_labels
from openbook.stores.rows import counted
from openbook.stores.tenants import require_tenant
from openbook.types import Hit, Query, SearchResult

_SPARE = 3
_MOST = 400
_TRIES = 8


class Searcher:
    """Searches one desk's knowledge.

    Args:
        database: Where live versions are known.
        index: Where points are found.
        embedder: What the index's vectors were made with, or None: words alone.
        dense_weight: Share of meaning in the score.
    """

    def __init__(
        self, database: Database, index: VectorIndex, embedder: Embedder | None, *, dense_weight: float
    ) -> None:
        self._database = database
        self._index = index
        self._embedder = embedder
        self._dense_weight = dense_weight
        self._labels: dict[str, tuple[int, Labels]] = {}

    def search(self, query: Query) -> SearchResult:
        """The best hits for a query, the best first.

        Returns:
            At most `query.limit` hits, with how long each step took in milliseconds.
        """
        started = time.perf_counter()
        vector = self._embedder.embed_query(query.text) if self._embedder else None
        embedded = time.perf_counter()
        for _ in range(_TRIES):
            generation, hits = self._find(query, vector)
            if generation == self._generation(query.tenant):
                break  # else something was published in the middle, and its old points may be gone already
        done = time.perf_counter()
        timings = {"embed": (embedded - started) * 1e3, "find": (done - embedded) * 1e3}
        return SearchResult(query.text, hits, generation, vector is None, timings)

    def _generation(self, tenant: str) -> int:
        with self._database.read() as connection:
            return counted(connection, tenant, "generation")

    def _find(self, query: Query, vector: Vector | None) -> tuple[int, tuple[Hit, ...]]:
        """The hits by one state of the tables, and the generation of that state."""
        wanted = query.limit * _SPARE
        with self._database.read() as connection:
            require_tenant(connection, query.tenant)
            generation = counted(connection, query.tenant, "generation")
            scope = self._scope(connection, query, generation)
            while True:
                found = self._index.search(query.tenant, vector=vector, words=query.text, scope=scope, limit=wanted)
                ids = [candidate.id for candidate in found]
                places = live_places(connection, query.tenant, ids, audiences=query.audiences, at=query.at)
                if len(places) >= query.limit or len(found) < wanted or wanted >= _MOST:
                    break
                wanted = min(_MOST, wanted * 4)
            live = [candidate for candidate in found if candidate.id in places]
            best = rank(live, places, dense_weight=self._dense_weight)[: query.limit]
            stored = load_chunks(connection, query.tenant, [item.candidate.id for item in best])
        return generation, tuple(
            to_hit(item, stored[item.candidate.id], place) for place, item in enumerate(best, start=1)
        )

    def _scope(self, connection: Connection, query: Query, generation: int) -> Scope:
        """What the query may find, and whether that is everything, as it is on most desks."""
        known = self._labels.get(query.tenant)
        if known is None or known[0] != generation:
            known = (generation, live_labels(connection, query.tenant))
            self._labels[query.tenant] = known
        scope = Scope(query.audiences, query.locale, query.product)
        return replace(scope, covers_all=all(scope.matches(*label) for label in known[1]))


def rank(candidates: list[Candidate], places: dict[int, tuple[str, int]], *, dense_weight: float) -> list[Fused]:
    """Mixes scores and orders candidates, the best first.

    Equal scores are ordered by path and place, so that no id decides what a customer reads.
    """
    return sorted(
        fuse(candidates, dense_weight=dense_weight),
        key=lambda item: (-item.score, places[item.candidate.id]),
    )


def to_hit(item: Fused, found: StoredChunk, place: int) -> Hit:
    """One ranked candidate with everything a person may want to see of it."""
    chunk, candidate = found.chunk, item.candidate
    scores = {"dense": candidate.dense, "keyword": candidate.keyword}
    return Hit(
        chunk_id=found.id,
        document_id=found.document_id,
        version=found.version,
        rank=place,
        score=item.score,
        dense=candidate.dense,
        keyword=candidate.keyword,
        parts=item.parts,
        retrievers=tuple(name for name, score in scores.items() if score is not None),
        title=found.title,
        path=found.path,
        url=found.url,
        updated_at=found.updated_at,
        heading_path=chunk.heading_path,
        kind=chunk.kind.value,
        locator=chunk.locator,
        start=chunk.span.start,
        end=chunk.span.end,
        text=found.text,
        sentences=chunk.sentences,
        header=chunk.header,
        header_text=found.header_text,
    )
