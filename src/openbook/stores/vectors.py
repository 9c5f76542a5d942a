"""Vectors by text hash and model fingerprint: nothing is encoded twice.

Little-endian float32, so that the same text has the same vector wherever it is read back.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from sqlalchemy import Connection, and_, delete, select

from openbook.stores.rows import insert_missing
from openbook.stores.schema import chunks, documents, vectors
from openbook.types import utc_now

Vector = np.ndarray[tuple[int], np.dtype[np.float32]]
_GROUP = 500


def put_vectors(connection: Connection, tenant: str, model: str, found: Mapping[str, Vector]) -> None:
    """Keeps the vectors of these text hashes; one that is there already stays as it is."""
    now = utc_now()
    rows = [
        {
            "tenant": tenant,
            "text_hash": digest,
            "model": model,
            "numbers": np.asarray(vector, dtype="<f4").tobytes(),
            "created_at": now,
        }
        for digest, vector in found.items()
    ]
    insert_missing(connection, vectors, rows)


def get_vectors(connection: Connection, tenant: str, model: str, hashes: Iterable[str]) -> dict[str, Vector]:
    """The vectors of those hashes that are known, by hash."""
    found: dict[str, Vector] = {}
    for group in _groups(sorted(set(hashes))):
        query = select(vectors.c.text_hash, vectors.c.numbers).where(
            vectors.c.tenant == tenant, vectors.c.model == model, vectors.c.text_hash.in_(group)
        )
        for digest, numbers in connection.execute(query):
            found[digest] = np.frombuffer(numbers, dtype="<f4")
    return found


def drop_orphans(connection: Connection, tenant: str, hashes: Iterable[str]) -> int:
    """Forgets those of these vectors whose text no live version has any more; returns how many."""
    dropped = 0
    for group in _groups(sorted(set(hashes))):
        kept = (
            select(chunks.c.embedding_hash)
            .join(documents, and_(documents.c.tenant == chunks.c.tenant, documents.c.id == chunks.c.document_id))
            .where(
                chunks.c.tenant == tenant,
                chunks.c.embedding_hash.in_(group),
                documents.c.live_version == chunks.c.version,
            )
        )
        result = connection.execute(
            delete(vectors).where(
                vectors.c.tenant == tenant, vectors.c.text_hash.in_(group), vectors.c.text_hash.not_in(kept)
            )
        )
        dropped += result.rowcount
    return dropped


def _groups(items: Sequence[str]) -> Iterator[Sequence[str]]:
    return (items[start : start + _GROUP] for start in range(0, len(items), _GROUP))
