"""Corrections: what should have been answered. Their words are texts of the conversation and are erased with it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from openbook.stores.facts import Fact, FactKind, put_facts
from openbook.stores.inbox import staff_names
from openbook.stores.schema import corrections, receipts
from openbook.stores.texts import get_texts, put_texts
from openbook.types.correction import Correction, CorrectionKind


@dataclass(frozen=True, slots=True)
class Asked:
    """What an answer answered; the question is None where it was erased."""

    conversation_id: str
    question: str | None
    audiences: tuple[str, ...]


def what_was_asked(connection: Connection, tenant: str, answer_id: str) -> Asked | None:
    """The question of an answer, or None where there is no such answer."""
    columns = (receipts.c.conversation_id, receipts.c.question_hash, receipts.c.query)
    row = connection.execute(select(*columns).where(receipts.c.tenant == tenant, receipts.c.id == answer_id)).first()
    if row is None:
        return None
    key = (row.conversation_id, row.question_hash)
    question = get_texts(connection, tenant, [key]).get(key)
    return Asked(row.conversation_id, question, tuple(row.query.get("audiences", ())))


def put_correction(connection: Connection, tenant: str, correction: Correction) -> Correction:
    """Keeps a correction, and the fact that there is one.

    Returns:
        It, marked as fresh; the one that is there already where the answer has one of this kind.
    """
    if (found := find_correction(connection, tenant, correction.kind, correction.answer_id)) is not None:
        return found
    owner = correction.conversation_id
    hashes = put_texts(connection, tenant, [(owner, correction.question or ""), (owner, correction.reply or "")])
    row = {
        "tenant": tenant,
        "id": correction.id,
        "kind": correction.kind.value,
        "conversation_id": owner,
        "answer_id": correction.answer_id,
        "question_hash": hashes[0],
        "reply_hash": hashes[1],
        "document_id": correction.document_id,
        "person_id": correction.person_id,
        "created_at": correction.created_at,
    }
    connection.execute(insert(corrections).values(**row))
    put_facts(connection, tenant, [_fact(correction, correction.created_at)])
    return replace(correction, fresh=True)


def find_correction(connection: Connection, tenant: str, kind: CorrectionKind, answer_id: str) -> Correction | None:
    """The correction of this kind that an answer has, or None."""
    mine = (corrections.c.tenant == tenant, corrections.c.kind == kind.value, corrections.c.answer_id == answer_id)
    rows = connection.execute(select(corrections).where(*mine)).all()
    return next(iter(_with_words(connection, tenant, rows)), None)


def list_corrections(
    connection: Connection, tenant: str, *, kind: CorrectionKind | None = None, conversation_id: str = ""
) -> tuple[Correction, ...]:
    """Corrections, the newest first; what was erased reads as None.

    Args:
        connection: Where they are stored.
        tenant: Whose they are.
        kind: Only this kind, or None for all.
        conversation_id: Only those of one conversation; empty for all.
    """
    query = select(corrections).where(corrections.c.tenant == tenant)
    if kind is not None:
        query = query.where(corrections.c.kind == kind.value)
    if conversation_id:
        query = query.where(corrections.c.conversation_id == conversation_id)
    rows = connection.execute(query.order_by(corrections.c.created_at.desc(), corrections.c.id.desc())).all()
    return tuple(_with_words(connection, tenant, rows))


def _fact(correction: Correction, at: datetime) -> Fact:
    return Fact(FactKind.CORRECTED, correction.conversation_id, correction.answer_id, at, reason=correction.kind.value)


def _with_words(connection: Connection, tenant: str, rows: Sequence[Row[Any]]) -> list[Correction]:
    keys = [(row.conversation_id, digest) for row in rows for digest in (row.question_hash, row.reply_hash)]
    words = get_texts(connection, tenant, keys)
    names = staff_names(connection, tenant, {row.person_id for row in rows})
    return [
        Correction(
            id=row.id,
            kind=CorrectionKind(row.kind),
            conversation_id=row.conversation_id,
            answer_id=row.answer_id,
            question=words.get((row.conversation_id, row.question_hash)),
            reply=words.get((row.conversation_id, row.reply_hash)),
            document_id=row.document_id,
            person_id=row.person_id,
            created_at=row.created_at,
            name=names.get(row.person_id, ""),
        )
        for row in rows
    ]
