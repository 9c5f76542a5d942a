"""Conversations, messages, answers' receipts and hand-offs: what was said, and on what it rested.

A whole turn is written by `record_turn` in one transaction. The words of a question belong to
its conversation and those of an answer to the answer, each erasable on its own; receipts keep
hashes, spans and scores, which name no word.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, func, insert, select, update

from openbook.codec import decode
from openbook.hashing import canonical_json
from openbook.stores.rows import insert_missing
from openbook.stores.schema import citations, conversations, handoffs, messages, receipts, texts
from openbook.stores.texts import erase_owners, get_texts, put_texts
from openbook.types import Answer, AskRequest, Decision, Hit, Receipt, to_plain, utc_now

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


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """Everything of one turn that is kept.

    Attributes:
        answer_digest: Hash of the answer's canonical bytes without ids and timings.
        query: The search as it was made, in plain values; what was said before by its hashes.
        settings: The settings that shaped the answer, in plain values.
        told: Earlier messages that came with the request and count; they become texts of the conversation.
    """

    request: AskRequest
    answer: Answer
    hits: tuple[Hit, ...]
    query: dict[str, Any]
    settings: dict[str, Any]
    generation: int
    model_ids: tuple[str, ...]
    openbook_version: str
    answer_digest: str
    message_ids: tuple[str, str]
    asked_at: datetime
    told: tuple[str, ...] = ()


def record_turn(connection: Connection, turn: TurnRecord) -> Answer:
    """Writes conversation, both messages, receipt, citations and hand-off of one turn.

    Returns:
        The answer that stands: this one, or the first one where the same request came twice at once.
    """
    request, answer = turn.request, turn.answer
    if request.idempotency_key:
        first = find_repeat(connection, request.tenant, request.idempotency_key)
        if first is not None and first.answer is not None:
            return first.answer
    tenant, conversation_id = request.tenant, answer.conversation_id
    _touch_conversation(connection, turn)
    question_hash, reply_hash, answer_hash = put_texts(
        connection,
        tenant,
        [
            (conversation_id, request.question),
            (answer.id, answer.text),
            (answer.id, canonical_json(to_plain(answer))),
        ],
    )
    put_texts(connection, tenant, [(conversation_id, said) for said in turn.told])
    _append_messages(connection, turn, question_hash, reply_hash)
    connection.execute(insert(receipts), _receipt_row(turn, question_hash, answer_hash))
    _write_citations(connection, tenant, answer)
    if answer.handoff is not None:
        _write_handoff(connection, tenant, answer)
    return answer


def _touch_conversation(connection: Connection, turn: TurnRecord) -> None:
    request = turn.request
    row = {
        "tenant": request.tenant,
        "id": turn.answer.conversation_id,
        "channel": request.channel,
        "visitor_id": request.visitor_id,
        "locale": request.locale,
        "state": "open",
        "created_at": turn.asked_at,
        "updated_at": turn.asked_at,
    }
    insert_missing(connection, conversations, [row])
    state = "waiting" if turn.answer.handoff else "open"
    mine = (conversations.c.tenant == request.tenant, conversations.c.id == turn.answer.conversation_id)
    connection.execute(update(conversations).where(*mine).values(updated_at=utc_now(), state=state))


def _append_messages(connection: Connection, turn: TurnRecord, question_hash: str, reply_hash: str) -> None:
    tenant, conversation_id = turn.request.tenant, turn.answer.conversation_id
    query = select(func.max(messages.c.ordinal)).where(
        messages.c.tenant == tenant, messages.c.conversation_id == conversation_id
    )
    last = connection.execute(query).scalar()
    first = 0 if last is None else last + 1
    shared = {"tenant": tenant, "conversation_id": conversation_id}
    question_id, reply_id = turn.message_ids
    asked = {"id": question_id, "ordinal": first, "author": "customer", "text_hash": question_hash}
    replied = {"id": reply_id, "ordinal": first + 1, "author": "bot", "text_hash": reply_hash}
    connection.execute(
        insert(messages),
        [
            {**shared, **asked, "answer_id": None, "created_at": turn.asked_at},
            {**shared, **replied, "answer_id": turn.answer.id, "created_at": utc_now()},
        ],
    )


def _receipt_row(turn: TurnRecord, question_hash: str, answer_hash: str) -> dict[str, Any]:
    request, answer = turn.request, turn.answer
    return {
        "tenant": request.tenant,
        "id": answer.id,
        "conversation_id": answer.conversation_id,
        "idempotency_key": request.idempotency_key or None,
        "channel": request.channel,
        "visitor_id": request.visitor_id,
        "question_hash": question_hash,
        "answer_hash": answer_hash,
        "answer_digest": turn.answer_digest,
        "decision": answer.decision.value,
        "confidence": answer.confidence,
        "threshold": answer.threshold,
        "writer": answer.writer,
        "query": turn.query,
        "hits": [recorded_hit(hit) for hit in turn.hits],
        "settings": turn.settings,
        "generation": turn.generation,
        "model_ids": list(turn.model_ids),
        "prompt_version": "",
        "adapter_id": "",
        "tool_call_ids": [],
        "cost_micro_usd": answer.cost_micro_usd,
        "tokens_in": answer.tokens.into,
        "tokens_out": answer.tokens.out,
        "openbook_version": turn.openbook_version,
        "created_at": turn.asked_at,
    }


def recorded_hit(hit: Hit) -> dict[str, Any]:
    """The part of a hit that names no word: where it is and how it scored."""
    recorded = {name: to_plain(getattr(hit, name)) for name in _RECORDED}
    return recorded if hit.selection is None else {**recorded, "selection": to_plain(hit.selection)}


def _write_citations(connection: Connection, tenant: str, answer: Answer) -> None:
    rows = [
        {
            "tenant": tenant,
            "receipt_id": answer.id,
            "ordinal": ordinal,
            "document_id": citation.document_id,
            "version": citation.version,
            "start": citation.start,
            "end": citation.end,
        }
        for ordinal, citation in enumerate(answer.citations)
    ]
    if rows:
        connection.execute(insert(citations), rows)


def _write_handoff(connection: Connection, tenant: str, answer: Answer) -> None:
    handoff = answer.handoff
    assert handoff is not None
    row = {
        "tenant": tenant,
        "id": handoff.id,
        "conversation_id": answer.conversation_id,
        "answer_id": answer.id,
        "state": handoff.state,
        "reason": handoff.reason,
        "created_at": handoff.created_at,
        "updated_at": handoff.created_at,
    }
    connection.execute(insert(handoffs), row)


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


def asked_back(connection: Connection, tenant: str, conversation_id: str, *, audiences: Sequence[str]) -> str:
    """The question as it was understood, if the last answer of a conversation asked back about it, else empty.

    Args:
        connection: Where it is stored.
        tenant: Whose it is.
        conversation_id: The conversation.
        audiences: Who goes on with it; the words of somebody who sees more are not theirs to read.
    """
    mine = (receipts.c.tenant == tenant, receipts.c.conversation_id == conversation_id)
    row = connection.execute(select(receipts).where(*mine).order_by(receipts.c.created_at.desc()).limit(1)).first()
    if row is None or row.decision != Decision.CLARIFY or not set(audiences).issuperset(row.query["audiences"]):
        return ""
    answer = _to_receipt(connection, row).answer
    return " ".join(answer.understood) if answer else ""


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


def conversation_tenant(connection: Connection, conversation_id: str) -> str | None:
    """Which tenant a conversation belongs to, or None."""
    query = select(conversations.c.tenant).where(conversations.c.id == conversation_id)
    return connection.execute(query).scalar()


def list_messages(connection: Connection, tenant: str, conversation_id: str) -> list[dict[str, Any]]:
    """A conversation's messages in order; an erased text reads as None."""
    query = (
        select(messages)
        .where(messages.c.tenant == tenant, messages.c.conversation_id == conversation_id)
        .order_by(messages.c.ordinal)
    )
    rows = connection.execute(query).all()
    owners = [(row.answer_id or conversation_id, row.text_hash) for row in rows]
    found = get_texts(connection, tenant, owners)
    return [
        {"author": row.author, "text": found.get(key), "answer_id": row.answer_id, "created_at": row.created_at}
        for row, key in zip(rows, owners, strict=True)
    ]


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
