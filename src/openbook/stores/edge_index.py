"""The index in Qdrant Edge: in this process, one folder a tenant, no server.

Search by meaning is exact up to `EXACT_LIMIT` points: the same knowledge gives the same hits
whatever else is in the index. Above it the engine's graph (HNSW) is used. Word statistics are
counted over what the caller may see. The engine's own are quicker but also count points that were
deleted since it was opened; they are used only while there are none and the caller may see all.
The engine's log keeps what was written through a crash of the process; after a crash of the
machine the desk compares the ids with its tables and rebuilds what is missing.
"""

import hashlib
import json
import shutil
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from openbook.errors import IndexDamaged, SystemFault
from openbook.stores.index import Candidate, Point, Scope, Vector, merge
from openbook.stores.texts import storable

EXACT_LIMIT = 50_000
_DENSE, _KEYWORD = "dense", "keyword"
_NONE = "-"
_AVERAGE_WORDS = 100.0
_WORDS_DIGITS = 3
"""The engine adds a score up in an order that hidden points decide too, so its last digits are not the caller's."""
_CONFIG = "edge_config.json"
_HELD, _LETTING_GO_SECONDS = "WouldBlock", 2.0
_FIELDS = ("audiences", "locale", "product")
_MEND = "Run `openbook rebuild-index`; the index is derived and nothing is lost."


class EdgeIndex:
    """Implements `VectorIndex` over one Qdrant Edge shard a tenant.

    Args:
        folder: Where the shards live; made when absent. Only one process may have it open.
        size: The length of the vectors.
        tidy: The last process that had it open closed it, so no deleted point lingers in its counts.
    """

    def __init__(self, folder: Path, *, size: int, tidy: bool = False) -> None:
        self._folder = folder
        self._tidy = tidy
        self._size = size
        self._shards: dict[str, _Shard] = {}
        self._lock = threading.Lock()
        self._closed = False
        folder.mkdir(parents=True, exist_ok=True)

    def upsert(self, tenant: str, points: Sequence[Point]) -> None:
        """See `VectorIndex.upsert`."""
        if points:
            self._shard(tenant).upsert(points)

    def delete(self, tenant: str, ids: Iterable[int]) -> None:
        """See `VectorIndex.delete`."""
        doomed = list(ids)
        if doomed and self._exists(tenant):
            self._shard(tenant).delete(doomed)

    def search(self, tenant: str, *, vector: Vector | None, words: str, scope: Scope, limit: int) -> list[Candidate]:
        """See `VectorIndex.search`."""
        return self._shard(tenant).search(vector, words, scope, limit) if self._exists(tenant) else []

    def count(self, tenant: str) -> int:
        """See `VectorIndex.count`."""
        return self._shard(tenant).count if self._exists(tenant) else 0

    def ids(self, tenant: str) -> set[int]:
        """See `VectorIndex.ids`."""
        return self._shard(tenant).ids() if self._exists(tenant) else set()

    def drop(self, tenant: str) -> None:
        """See `VectorIndex.drop`."""
        with self._lock:
            if shard := self._shards.pop(tenant, None):
                shard.close()
            shutil.rmtree(self._place(tenant), ignore_errors=True)

    def close(self) -> None:
        """See `VectorIndex.close`."""
        with self._lock:
            self._closed = True
            for shard in self._shards.values():
                shard.close()
            self._shards.clear()

    def _place(self, tenant: str) -> Path:
        return self._folder / hashlib.sha256(tenant.encode()).hexdigest()[:24]

    def _exists(self, tenant: str) -> bool:
        return tenant in self._shards or self._place(tenant).exists()

    def _shard(self, tenant: str) -> "_Shard":
        shard = self._shards.get(tenant)
        if shard is None:
            with self._lock:
                if self._closed:
                    raise SystemFault("The desk is closed.", fix="Open it again.")
                shard = self._shards.get(tenant) or _Shard(tenant, self._place(tenant), self._size, tidy=self._tidy)
                self._shards[tenant] = shard
        return shard


class _Shard:
    """One tenant's engine and the words it counts."""

    def __init__(self, tenant: str, folder: Path, size: int, *, tidy: bool) -> None:
        # deferred: the engine's library is large and the command line often needs none of it
        import qdrant_edge

        self._api: Any = qdrant_edge
        self._tenant = tenant
        self._words = qdrant_edge.Bm25(qdrant_edge.Bm25Config(avg_len=_AVERAGE_WORDS, language="english"))
        self._engine: Any = self._open(folder, size)
        self.count = self._engine.info().points_count
        self._tidy = tidy

    def _open(self, folder: Path, size: int) -> Any:
        api = self._api
        with _translated(f"The index in {folder} cannot be opened"):
            if (folder / _CONFIG).exists():
                _check_size(folder, size)
                return self._load(folder)
            folder.mkdir(parents=True, exist_ok=True)
            engine = api.EdgeShard.create(
                str(folder),
                api.EdgeConfig(
                    vectors={_DENSE: api.EdgeVectorParams(size=size, distance=api.Distance.Cosine)},
                    sparse_vectors={_KEYWORD: api.EdgeSparseVectorParams(modifier=api.Modifier.Idf)},
                ),
            )
            for field in _FIELDS:
                engine.update(api.UpdateOperation.create_field_index(field, api.PayloadSchemaType.Keyword))
        return engine

    def _load(self, folder: Path) -> Any:
        """Loads what is there; a process that was just killed may take a moment to let go of it."""
        deadline = time.monotonic() + _LETTING_GO_SECONDS
        while True:
            try:
                return self._api.EdgeShard.load(str(folder))
            except Exception as error:
                if _HELD not in str(error) or time.monotonic() > deadline:
                    raise
                time.sleep(0.02)

    def upsert(self, points: Sequence[Point]) -> None:
        api = self._api
        batch = [api.Point(id=point.id, vector=self._vectors(point), payload=self._payload(point)) for point in points]
        before = self.count
        self._update(api.UpdateOperation.upsert_points(batch))
        self._tidy = self._tidy and self.count == before + len(batch)

    def delete(self, ids: list[int]) -> None:
        self._tidy = False
        self._update(self._api.UpdateOperation.delete_points(ids))

    def _update(self, operation: Any) -> None:
        with _translated("The index cannot be written"):
            self._engine.update(operation)
        self.count = self._engine.info().points_count

    def _vectors(self, point: Point) -> dict[str, Any]:
        vectors: dict[str, Any] = {_KEYWORD: self._words.embed_document(storable(point.words))}
        if point.vector is not None:
            vectors[_DENSE] = point.vector.tolist()
        return vectors

    def _payload(self, point: Point) -> dict[str, Any]:
        return {
            "tenant": self._tenant,
            "audiences": list(point.audiences),
            "locale": point.locale or _NONE,
            "product": point.product or _NONE,
        }

    def search(self, vector: Vector | None, words: str, scope: Scope, limit: int) -> list[Candidate]:
        api = self._api
        seen = self._filter(scope)
        counted = None if scope.covers_all and self._tidy else seen
        requests = [
            api.QueryRequest(
                limit=limit,
                filter=counted,
                query=api.Query.Nearest(self._words.embed_query(storable(words)), using=_KEYWORD),
                params=api.SearchParams(idf=api.IdfParams(corpus=counted)),
            )
        ]
        if vector is not None:
            exact = self.count <= EXACT_LIMIT
            requests.append(
                api.QueryRequest(
                    limit=limit,
                    filter=None if scope.covers_all else seen,
                    query=api.Query.Nearest(vector.tolist(), using=_DENSE),
                    params=api.SearchParams(exact=exact),
                )
            )
        with _translated("The index cannot be searched"):
            keyword, *dense = self._engine.query_batch(api.QueryBatchRequest(requests))
        return merge(
            [(int(point.id), point.score) for found in dense for point in found],
            [(int(point.id), round(point.score, _WORDS_DIGITS)) for point in keyword],
        )

    def _filter(self, scope: Scope) -> Any:
        api = self._api
        conditions = [
            api.FieldCondition(key="audiences", match=api.MatchAny(any=[storable(name) for name in scope.audiences]))
        ]
        for field, value in (("locale", scope.locale), ("product", scope.product)):
            if value:
                conditions.append(api.FieldCondition(key=field, match=api.MatchAny(any=[storable(value), _NONE])))
        return api.Filter(must=list(conditions))

    def ids(self) -> set[int]:
        found: set[int] = set()
        offset = None
        while True:
            request = self._api.ScrollRequest(limit=10_000, offset=offset, with_payload=False, with_vector=False)
            records, offset = self._engine.scroll(request)
            found.update(int(record.id) for record in records)
            if offset is None:
                return found

    def close(self) -> None:
        self._engine.close()


def _check_size(folder: Path, size: int) -> None:
    config = json.loads((folder / _CONFIG).read_text("utf-8"))
    kept = config["vectors"][_DENSE]["size"]
    if kept != size:
        raise IndexDamaged(f"The index in {folder} is for vectors of {kept} numbers, not {size}.", fix=_MEND)


@contextmanager
def _translated(failure: str) -> Iterator[None]:
    """Turns whatever the engine raises into ours; its panics are no `Exception`."""
    try:
        yield
    except (IndexDamaged, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        raise IndexDamaged(f"{failure}: {error}.", fix=_MEND) from error
