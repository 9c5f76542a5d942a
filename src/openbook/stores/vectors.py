"""Vectors by text hash and model fingerprint: nothing is encoded twice.

A text's own vector is kept as little-endian float32, so that the same text has the same vector
wherever it is read back. Those of its sentences serve comparison alone and are kept in a quarter
of the space: one signed byte a number, each vector stretched to use all of the byte's range.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Connection, and_, delete, func, select

from openbook.stores.rows import insert_missing
from openbook.stores.schema import chunks, documents, vectors
from openbook.types import utc_now

Vector = np.ndarray[tuple[int], np.dtype[np.float32]]
Matrix = np.ndarray[tuple[int, int], np.dtype[np.float32]]
Range = tuple[int, int]
_GROUP = 500
_FULL = 127.0


@dataclass(frozen=True, slots=True)
class TextVectors:
    """The vectors of a text.

    Attributes:
        vector: The whole text's, of unit length.
        ranges: Those of its sentences that have vectors, counted from the chunk's start.
        sentences: Their vectors, a row each, of unit length to within a hundredth.
    """

    vector: Vector
    ranges: tuple[Range, ...] = ()
    sentences: Matrix | None = None

    def closeness(self, vector: Vector) -> dict[Range, float]:
        """Cosine of another text with each sentence, by its range."""
        if self.sentences is None:
            return {}
        return dict(zip(self.ranges, (self.sentences @ vector).tolist(), strict=True))


def put_vectors(connection: Connection, tenant: str, model: str, found: Mapping[str, TextVectors]) -> None:
    """Keeps the vectors of these text hashes; one that is there already stays as it is."""
    now = utc_now()
    rows = [
        {
            "tenant": tenant,
            "text_hash": digest,
            "model": model,
            "numbers": np.asarray(made.vector, dtype="<f4").tobytes(),
            "sentences": _packed(made),
            "created_at": now,
        }
        for digest, made in found.items()
    ]
    insert_missing(connection, vectors, rows)


def get_vectors(connection: Connection, tenant: str, model: str, hashes: Iterable[str]) -> dict[str, TextVectors]:
    """The vectors of those hashes that are known, by hash."""
    found: dict[str, TextVectors] = {}
    for group in _groups(sorted(set(hashes))):
        query = select(vectors).where(
            vectors.c.tenant == tenant, vectors.c.model == model, vectors.c.text_hash.in_(group)
        )
        for row in connection.execute(query):
            found[row.text_hash] = unpacked(row.numbers, row.sentences)
    return found


def drop_orphans(connection: Connection, tenant: str, hashes: Iterable[str]) -> int:
    """Forgets those of these vectors whose text no live version has any more; returns how many."""
    orphans = [_orphans(tenant, group) for group in _groups(sorted(set(hashes)))]
    return sum(connection.execute(delete(vectors).where(*which)).rowcount for which in orphans)


def count_orphans(connection: Connection, tenant: str, hashes: Iterable[str]) -> int:
    """How many vectors of these texts are kept although no live version has the text any more."""
    orphans = [_orphans(tenant, group) for group in _groups(sorted(set(hashes)))]
    count = select(func.count()).select_from(vectors)
    return sum(connection.execute(count.where(*which)).scalar_one() for which in orphans)


def _orphans(tenant: str, hashes: Sequence[str]) -> tuple[Any, ...]:
    kept = (
        select(chunks.c.embedding_hash)
        .join(documents, and_(documents.c.tenant == chunks.c.tenant, documents.c.id == chunks.c.document_id))
        .where(
            chunks.c.tenant == tenant,
            chunks.c.embedding_hash.in_(hashes),
            documents.c.live_version == chunks.c.version,
        )
    )
    return vectors.c.tenant == tenant, vectors.c.text_hash.in_(hashes), vectors.c.text_hash.not_in(kept)


def _packed(made: TextVectors) -> bytes:
    """How many sentences, their ranges, their numbers: `<i4`, pairs of `<i4`, rows of `i1`."""
    counted = np.array([len(made.ranges)], dtype="<i4").tobytes()
    if made.sentences is None:
        return counted
    largest = np.maximum(np.abs(made.sentences).max(axis=1, keepdims=True), 1e-12)
    numbers: bytes = np.rint(made.sentences * (_FULL / largest)).astype("i1").tobytes()
    return counted + np.array(made.ranges, dtype="<i4").tobytes() + numbers


def unpacked(numbers: bytes, sentences: bytes) -> TextVectors:
    """The vectors from their columns as they are stored."""
    vector = np.frombuffer(numbers, dtype="<f4")
    count = int(np.frombuffer(sentences, dtype="<i4", count=1)[0])
    if not count:
        return TextVectors(vector)
    ranges = np.frombuffer(sentences, dtype="<i4", count=2 * count, offset=4).reshape(count, 2)
    rows = np.frombuffer(sentences, dtype="i1", offset=4 + 8 * count).reshape(count, -1).astype(np.float32)
    rows /= np.maximum(np.sqrt(np.einsum("ij,ij->i", rows, rows))[:, None], 1e-12)
    return TextVectors(vector, tuple((start, end) for start, end in ranges.tolist()), rows)


def _groups(items: Sequence[str]) -> Iterator[Sequence[str]]:
    return (items[start : start + _GROUP] for start in range(0, len(items), _GROUP))
