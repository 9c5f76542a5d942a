"""Receipts of answers, read: on what each rested, and what was said before.

Receipts keep hashes, spans and scores, which name no word; `stores.turns` writes them.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, select, update

from openbook.codec import decode
from openbook.hashing import canonical_json
from openbook.stores.schema import citations, receipts, texts
from openbook.stores.texts import erase_owners, get_texts
from openbook.types import Answer, Decision, Hit, Receipt, to_plain, utc_now

_RECORDED = (
    "chunk_id",
    "document_id",
    "version",
    "rank",
    "part",
    "score",
    "dense",
    "keyword",
    "parts",
    "retrievers",
    "rrf",
    "sentence_scores",
    "same_as",
    "start",
    "end",
)


def recorded_hit(hit: Hit) -> dict[str, Any]:
    """The part of a hit that names no word: where it is and how it scored."""
    recorded = {name: to_plain(getattr(hit, name)) for name in _RECORDED}
    return recorded if hit.selection is None else {**recorded, "selection": to_plain(hit.selection)}


def get_receipt(connection: Connection, tenant: str, receipt_id: str) -> Receipt | None:
    """A receipt with its words, which are None where they were erased."""
    mine = (receipts.c.tenant == tenant, receipts.c.id == receipt_id)
    row = connection.execute(select(receipts).where(*mine)).first()
    return None if row is None else _to_receipt(connection, row)


def find_repeat(connection: Connection, tenant: str, idempotency_key: str) -> Receipt | None:
    """The receipt that was made for this key, if there is one."""
    mine = (receipts.c.tenant == tenant, receipts.c.idempotency_key == idempotency_key)
    row = connection.execute(select(receipts).where(*mine)).first()
    return None if row is None else _to_receipt(connection, row)


def _to_receipt(connection: Connection, row: Row[Any]) -> Receipt:
    question_key = (row.conversation_id, row.question_hash)
    answer_key = (row.id, row.answer_hash)
    found = get_texts(connection, row.tenant, [question_key, answer_key])
    body = found.get(answer_key)
    return Receipt(
        id=row.id,
        created_at=row.created_at,
        tenant=row.tenant,
        channel=row.channel,
        visitor_id=row.visitor_id,
        question=found.get(question_key),
        answer=decode(Answer, json.loads(body)) if body else None,
        decision=Decision(row.decision),
        confidence=row.confidence,
        hits=tuple(row.hits),
        query=row.query,
        settings=row.settings,
        generation=row.generation,
        model_ids=tuple(row.model_ids),
        prompt_version=row.prompt_version,
        adapter_id=row.adapter_id,
        tool_call_ids=tuple(row.tool_call_ids),
        openbook_version=row.openbook_version,
        answer_hash=row.answer_digest,
        erased=row.erased_at is not None or body is None,
    )


@dataclass(frozen=True, slots=True)
class PastTurn:
    """A turn that was, as the next one needs to know it; the question is None where it was erased."""

    decision: Decision
    created_at: datetime
    question: str | None
    understood: tuple[str, ...]
    options: tuple[str, ...]
    audiences: tuple[str, ...]


def last_turns(connection: Connection, tenant: str, conversation_id: str, *, limit: int) -> list[PastTurn]:
    """The last turns of a conversation, the newest first; what was understood and offered only of the last."""
    wanted = (receipts.c.id, receipts.c.decision, receipts.c.created_at, receipts.c.query)
    query = (
        select(*wanted, receipts.c.question_hash, receipts.c.answer_hash)
        .where(receipts.c.tenant == tenant, receipts.c.conversation_id == conversation_id)
        .order_by(receipts.c.created_at.desc())
        .limit(limit)
    )
    rows = connection.execute(query).all()
    keys = [(conversation_id, row.question_hash) for row in rows]
    found = get_texts(connection, tenant, [*keys, *((row.id, row.answer_hash) for row in rows[:1])])
    said = [json.loads(found.get((row.id, row.answer_hash), "{}")) for row in rows[:1]] + [{}] * len(rows[1:])
    return [
        PastTurn(
            decision=Decision(row.decision),
            created_at=row.created_at,
            question=found.get(key),
            understood=tuple(answer.get("understood", ())),
            options=tuple(answer.get("options", ())),
            audiences=tuple(row.query.get("audiences", ())),
        )
        for row, key, answer in zip(rows, keys, said, strict=True)
    ]


def said_before(
    connection: Connection, tenant: str, conversation_id: str, *, audiences: Sequence[str], limit: int
) -> dict[str, str]:
    """What the customer said last in a conversation, by hash, oldest first; what was erased is left out.

    Args:
        connection: Where it is stored.
        tenant: Whose it is.
        conversation_id: The conversation.
        audiences: Who goes on with it; only what was said with the very same audiences is read.
        limit: How many of the last turns are looked at.
    """
    of_question = and_(
        texts.c.tenant == receipts.c.tenant,
        texts.c.owner == receipts.c.conversation_id,
        texts.c.hash == receipts.c.question_hash,
    )
    query = (
        select(receipts.c.question_hash, texts.c.body, receipts.c.query)
        .join(texts, of_question)
        .where(receipts.c.tenant == tenant, receipts.c.conversation_id == conversation_id)
        .order_by(receipts.c.created_at.desc())
        .limit(limit)
    )
    rows = [row for row in connection.execute(query) if set(row.query["audiences"]) == set(audiences)]
    return {row.question_hash: row.body for row in reversed(rows)}


def said_then(
    connection: Connection, tenant: str, conversation_id: str, hashes: Sequence[str]
) -> tuple[str, ...] | None:
    """Messages of a conversation by their hashes, in this order; None where one of them was erased."""
    keys = [(conversation_id, digest) for digest in hashes]
    found = get_texts(connection, tenant, keys)
    return tuple(found[key] for key in keys) if len(found) == len(set(keys)) else None


def erase_answers_of(connection: Connection, tenant: str, document_ids: Sequence[str]) -> int:
    """Destroys the words of every answer that quotes these documents; returns how many answers."""
    query = (
        select(citations.c.receipt_id)
        .where(citations.c.tenant == tenant, citations.c.document_id.in_(list(document_ids)))
        .distinct()
    )
    answer_ids = list(connection.execute(query).scalars())
    erase_owners(connection, tenant, answer_ids)
    mine = (receipts.c.tenant == tenant, receipts.c.id.in_(answer_ids))
    connection.execute(update(receipts).where(*mine).values(erased_at=utc_now()))
    return len(answer_ids)


def digest_form(answer: Answer) -> str:
    """An answer's canonical bytes without what may differ between two runs: ids and timings."""
    plain = to_plain(answer)
    kept = {name: value for name, value in plain.items() if name not in ("id", "conversation_id", "timings_ms")}
    if answer.handoff is not None:
        kept["handoff"] = {"state": answer.handoff.state, "reason": answer.handoff.reason}
    return canonical_json(kept)
