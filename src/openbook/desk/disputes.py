"""Contradictions between live documents, with the past questions that met both."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from sqlalchemy import Connection

from openbook.desk.parts import Parts
from openbook.search.contradictions import find_contradictions
from openbook.stores import catalogue, library
from openbook.stores.chunks import StoredChunk, load_chunks
from openbook.stores.past import questions_meeting
from openbook.stores.vectors import Vector
from openbook.types import BlockKind, Dispute, Document, Progress, ProgressListener, Span, Statement

_CHUNKS = 500
_QUESTIONS = 5
_COMPARED_ELSEWHERE = ("product", "ticket")
"""Products differ on purpose, and tickets tell of single cases."""


def list_disputes(parts: Parts, tenant: str, *, limit: int, progress: ProgressListener) -> tuple[Dispute, ...]:
    """What seems to contradict each other, the surest first; nothing without an encoder.

    Drafts and documents of other languages than the other side's are compared like all others.

    Args:
        parts: The desk.
        tenant: Whose knowledge.
        limit: The most that are listed.
        progress: Told how many documents were looked through.
    """
    if parts.embedder is None:
        return ()
    with parts.database.read() as connection:
        found = list(_statements(connection, tenant, parts.embedder.fingerprint, progress))
        if not found:
            return ()
        vectors = np.stack([vector for _, vector in found])
        disputes = find_contradictions([statement for statement, _ in found], vectors, limit=limit)
        pairs = {frozenset((item.one.document_id, item.other.document_id)) for item in disputes}
        met = questions_meeting(connection, tenant, pairs)
    return tuple(
        replace(item, questions=tuple(met[frozenset((item.one.document_id, item.other.document_id))][:_QUESTIONS]))
        for item in disputes
    )


def _statements(
    connection: Connection, tenant: str, model: str, progress: ProgressListener
) -> Iterator[tuple[Statement, Vector]]:
    """Every sentence of the live documents that has a vector, with it."""
    documents = [item for item in catalogue.list_documents(connection, tenant) if item.kind not in _COMPARED_ELSEWHERE]
    for done, document in enumerate(documents, start=1):
        ids = library.chunk_ids(connection, tenant, [(document.id, document.version)])
        for start in range(0, len(ids), _CHUNKS):
            for stored in load_chunks(connection, tenant, ids[start : start + _CHUNKS], model=model).values():
                yield from _of_chunk(document, stored)
        progress(Progress(done, len(documents), "documents"))


def _of_chunk(document: Document, stored: StoredChunk) -> Iterator[tuple[Statement, Vector]]:
    if stored.vectors is None or stored.vectors.sentences is None:
        return
    begin = stored.chunk.span.start
    rows = dict(zip(stored.vectors.ranges, stored.vectors.sentences, strict=True))
    above = stored.chunk.heading_path + ((stored.header_text,) if stored.header_text else ())
    for sentence in stored.chunk.sentences:
        vector = rows.get((sentence.start - begin, sentence.end - begin))
        if vector is not None and sentence.kind not in (BlockKind.HEADING, BlockKind.CODE):
            span = Span(sentence.start, sentence.end)
            text = stored.text[span.start - begin : span.end - begin]
            yield (
                Statement(
                    document.id,
                    document.version,
                    document.path,
                    document.title,
                    above,
                    text,
                    span,
                    document.audiences,
                ),
                vector,
            )
