"""Publishes versions: encode, write, flip, clean up, so that each is visible whole or not at all.

The order is what makes a crash harmless. Tables first (`building`), then the index under the new
chunks' ids, then one transaction that makes the new version live and the old one `retiring`, then
the old points leave the index. A candidate counts only if its version is live, so nothing before
the flip is seen and nothing after it is missed; `recover` finishes or undoes what was cut short.
Only one thing changes the index at a time, so that making it anew never misses a version.
"""

import threading
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from sqlalchemy import Connection

from openbook.ingest import embedding_text
from openbook.models import Embedder, Passage, PassageVectors
from openbook.search.languages import guess_language, indexable, language_of
from openbook.stores import library
from openbook.stores.catalogue import get_version
from openbook.stores.database import Database
from openbook.stores.index import Point, VectorIndex
from openbook.stores.library import DraftVersion, PlacedVersion
from openbook.stores.points import StoredPoint, stored_points
from openbook.stores.vectors import TextVectors, get_vectors, put_vectors
from openbook.types import Chunk

Vectors = dict[str, TextVectors]
Texts = dict[str, tuple[str, Chunk]]
StepListener = Callable[[str], None]
Flip = Callable[[Connection, str, Sequence[tuple[str, int]]], list[tuple[str, int]]]
ProgressCount = Callable[[int, int], None]
_GROUP = 64


class Publisher:
    """Brings versions into service and takes them out.

    Args:
        database: The truth.
        index: What is derived from it.
        embedder: Makes vectors, or None: published for keyword search alone.
        on_step: Called before each step of publishing with its name; for tests that stop there.
    """

    def __init__(
        self,
        database: Database,
        index: VectorIndex,
        embedder: Embedder | None,
        *,
        on_step: StepListener = lambda _: None,
    ) -> None:
        self._database = database
        self._index = index
        self._embedder = embedder
        self.on_step = on_step
        self._changing = threading.RLock()

    def embed(self, tenant: str, drafts: Sequence[DraftVersion]) -> Vectors:
        """Vectors of all chunks of these drafts and of their sentences by text hash; only unknown texts are encoded."""
        if self._embedder is None:
            return {}
        texts: Texts = {}
        for draft in drafts:
            pairs = zip(draft.embedding_texts, draft.chunks, strict=True)
            texts.update(zip(draft.embedding_hashes, pairs, strict=True))
        return self._vectors(tenant, texts)

    def _vectors(self, tenant: str, texts: Texts) -> Vectors:
        assert self._embedder is not None
        with self._database.read() as connection:
            known = get_vectors(connection, tenant, self._embedder.fingerprint, texts)
        missing = [digest for digest in texts if digest not in known]
        made = self._embedder.embed_passages([_passage(*texts[digest]) for digest in missing])
        return known | {
            digest: _text_vectors(*texts[digest], vectors) for digest, vectors in zip(missing, made, strict=True)
        }

    def publish(self, tenant: str, drafts: Sequence[DraftVersion], vectors: Vectors) -> list[PlacedVersion]:
        """Makes drafts the live versions of their documents; durable and visible when it returns.

        Those that are held back are kept, and wait for a person.
        """
        self._database.require_room()
        with self._changing:
            self.on_step("place")
            placed = self._database.write(lambda connection: self._place(connection, tenant, drafts, vectors))
            served = [version for version in placed if not version.draft.hold]
            self.on_step("index")
            self._index.upsert(tenant, _placed_points(served, vectors))
            self._flip(tenant, [version.pair for version in served])
        return placed

    def serve(self, tenant: str, pair: tuple[str, int]) -> None:
        """Makes a stored version the live one as a person approved it: one that waited, a draft, an older one."""
        self._database.require_room()
        with self._changing:
            self.on_step("index")
            self._write_group_again(tenant, [pair], approved=True)
            self._flip(tenant, [pair], flip=_approve_live)

    def _flip(self, tenant: str, pairs: Sequence[tuple[str, int]], *, flip: Flip = library.make_live) -> None:
        self.on_step("flip")
        retiring = self._database.write(lambda connection: flip(connection, tenant, pairs))
        self.on_step("retire")
        self._retire(tenant, retiring)
        self.on_step("done")

    def _place(
        self, connection: Connection, tenant: str, drafts: Sequence[DraftVersion], vectors: Vectors
    ) -> list[PlacedVersion]:
        if self._embedder is not None:
            put_vectors(connection, tenant, self._embedder.fingerprint, vectors)
        return library.place(connection, tenant, drafts)

    def withdraw(self, tenant: str, document_ids: Sequence[str]) -> list[tuple[str, int]]:
        """Takes documents out of everything that serves; returns their (document, version) pairs."""
        with self._changing:
            retiring = self._database.write(lambda connection: library.withdraw(connection, tenant, document_ids))
            self.on_step("retire")
            self._retire(tenant, retiring)
        return retiring

    def _retire(self, tenant: str, pairs: Sequence[tuple[str, int]]) -> None:
        if pairs:
            with self._database.read() as connection:
                ids = library.chunk_ids(connection, tenant, pairs)
            self._index.delete(tenant, ids)
            self.on_step("settle")
            self._database.write(lambda connection: library.settle(connection, tenant, pairs))

    def recover(self, tenant: str, *, thorough: bool) -> int:
        """Finishes or undoes what a crash cut short; returns how many points were mended.

        Args:
            tenant: Whose knowledge.
            thorough: Also compare every id of the index with the tables, as after a crash; done
                anyhow when their numbers differ.
        """
        with self._database.read() as connection:
            unfinished = library.versions_in(connection, tenant, "building")
            retiring = library.versions_in(connection, tenant, "retiring")
            doomed = library.chunk_ids(connection, tenant, [*unfinished, *retiring])
            wanted = library.count_live_chunks(connection, tenant)
        self._index.delete(tenant, doomed)
        if unfinished or retiring:
            self._database.write(lambda connection: _close_off(connection, tenant, unfinished, retiring))
        torn = thorough or self._index.count(tenant) != wanted
        return len(doomed) + (self._reconcile(tenant) if torn else 0)

    def _reconcile(self, tenant: str) -> int:
        with self._database.read() as connection:
            live = library.versions_in(connection, tenant, "live")
            wanted = {pair: library.chunk_ids(connection, tenant, [pair]) for pair in live}
        here = self._index.ids(tenant)
        strangers = here - {identifier for ids in wanted.values() for identifier in ids}
        self._index.delete(tenant, sorted(strangers))
        torn = [pair for pair, ids in wanted.items() if not here.issuperset(ids)]
        return len(strangers) + self._write_again(tenant, torn)

    def rebuild(self, tenant: str, *, progress: ProgressCount = lambda done, total: None) -> int:
        """Makes a tenant's index anew from the tables alone; returns its number of points.

        Args:
            tenant: Whose knowledge.
            progress: Told how many versions of how many are done.
        """
        with self._changing:
            with self._database.read() as connection:
                live = library.versions_in(connection, tenant, "live")
            self._index.drop(tenant)
            return self._write_again(tenant, live, progress=progress)

    def _write_again(
        self, tenant: str, pairs: Sequence[tuple[str, int]], *, progress: ProgressCount = lambda done, total: None
    ) -> int:
        written = 0
        for start in range(0, len(pairs), _GROUP):
            group = pairs[start : start + _GROUP]
            written += self._write_group_again(tenant, group)
            progress(start + len(group), len(pairs))
        return written

    def _write_group_again(self, tenant: str, pairs: Sequence[tuple[str, int]], *, approved: bool = False) -> int:
        with self._database.read() as connection:
            found = [item for pair in pairs for item in _texts_of(connection, tenant, pair, approved=approved)]
        vectors: Vectors = {}
        if self._embedder is not None:
            model = self._embedder.fingerprint
            vectors = self._vectors(tenant, {stored.embedding_hash: (text, chunk) for stored, text, chunk in found})
            self._database.write(lambda connection: put_vectors(connection, tenant, model, vectors))
        self._index.upsert(tenant, [_point(stored, text, vectors) for stored, text, _ in found])
        return len(found)


def _passage(text: str, chunk: Chunk) -> Passage:
    """What the encoder reads of a chunk, with the places of its sentences in there."""
    shift = _shift(text, chunk)
    return Passage(text, tuple((item.start + shift, item.end + shift) for item in chunk.sentences))


def _text_vectors(text: str, chunk: Chunk, made: PassageVectors) -> TextVectors:
    """The same vectors, with the sentences' places counted from the chunk's start."""
    begin = _shift(text, chunk) + chunk.span.start
    if not made.pieces:
        return TextVectors(made.vector)
    ranges = tuple((start - begin, end - begin) for start, end in made.pieces)
    return TextVectors(made.vector, ranges, np.stack(list(made.pieces.values())))


def _shift(text: str, chunk: Chunk) -> int:
    """From places in the source text to those in the text that is embedded, which ends with the chunk."""
    return len(text) - chunk.span.end


def _approve_live(connection: Connection, tenant: str, pairs: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    for pair in pairs:
        library.approve(connection, tenant, pair)
    return library.make_live(connection, tenant, pairs)


def _texts_of(
    connection: Connection, tenant: str, pair: tuple[str, int], *, approved: bool
) -> list[tuple[StoredPoint, str, Chunk]]:
    """A version's chunks with the text that is embedded of each; none where its text was erased."""
    version = get_version(connection, tenant, *pair)
    if version is None or version.source_text is None:
        return []
    stored = stored_points(connection, tenant, pair, approved=approved)
    texts = [embedding_text(version.title, version.source_text, chunk) for chunk in version.chunks]
    return list(zip(stored, texts, version.chunks, strict=True))


def _placed_points(placed: Iterable[PlacedVersion], vectors: Vectors) -> list[Point]:
    return [
        _point(stored, text, vectors)
        for version in placed
        for stored, text in zip(version.points(), version.draft.embedding_texts, strict=True)
    ]


def _point(stored: StoredPoint, text: str, vectors: Vectors) -> Point:
    made = vectors.get(stored.embedding_hash)
    return Point(
        id=stored.id,
        vector=made.vector if made else None,
        words=indexable(text, language_of(stored.locale) or guess_language(text)),
        audiences=stored.audiences,
        locale=stored.locale,
        product=stored.product,
    )


def _close_off(
    connection: Connection, tenant: str, unfinished: Sequence[tuple[str, int]], retiring: Sequence[tuple[str, int]]
) -> None:
    library.set_state(connection, tenant, unfinished, "abandoned")
    library.settle(connection, tenant, retiring)
