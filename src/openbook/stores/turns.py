"""Writes a whole turn in one transaction: messages, receipt, citations, facts and hand-off.

The words of a question belong to its conversation and those of an answer to the answer, each erasable on
its own. `stores.history` reads what is written here.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from openbook.errors import UserError
from openbook.hashing import canonical_json
from openbook.stores.conversations import append_message, find_message, next_ordinal, open_conversation, touch
from openbook.stores.facts import Fact, FactKind, put_facts
from openbook.stores.handoffs import current_handoff, fresh_detail, step
from openbook.stores.history import find_repeat, recorded_hit
from openbook.stores.schema import citations, messages, receipts
from openbook.stores.texts import put_texts
from openbook.types import (
    Answer,
    AskRequest,
    Decision,
    Handoff,
    HandoffDetail,
    HandoffEvent,
    Hit,
    Tokens,
    to_plain,
    utc_now,
)

_KINDS = {
    Decision.SEND: FactKind.ANSWERED,
    Decision.CLARIFY: FactKind.ASKED_BACK,
    Decision.ABSTAIN: FactKind.ABSTAINED,
}


@dataclass(frozen=True, slots=True)
class Opening:
    """How a hand-off begins.

    Attributes:
        reason: For the log, without words of the customer.
        rule: The policy that decided it; "failed" where the answer failed; empty where confidence did.
        language: Of the customer.
        notice: What the customer is told about when somebody reads it.
        begin: Opens or reopens it, or finds the open one: (connection, fresh, current) -> the one that waits.
    """

    reason: str
    rule: str
    queue: str
    language: str
    notice: str
    due_at: datetime
    begin: Callable[[Connection, HandoffDetail, HandoffDetail | None], HandoffDetail]


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """Everything of one turn that is kept.

    Attributes:
        answer_digest: Hash of the answer's canonical bytes without ids and timings.
        query: The search as it was made, in plain values; what was said before by its hashes.
        settings: The settings that shaped the answer, in plain values.
        told: Earlier messages that came with the request and count; they become texts of the conversation.
        opening: How a hand-off begins; None where the answer is no hand-off.
        muted: What the customer reads where a person has the conversation by the time it is written.
        continues: Whether this answers what the message before it left unfinished.
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
    opening: Opening | None = None
    muted: str = ""
    continues: bool = False


def record_turn(connection: Connection, turn: TurnRecord) -> Answer:
    """Writes conversation, both messages, receipt, citations, facts and hand-off of one turn.

    Where a person has the conversation, only the customer's message: the bot is silent.

    Returns:
        The answer that stands: this one, or the first one where the same request came twice at once.
    """
    request = turn.request
    tenant = request.tenant
    if request.idempotency_key:
        first = find_repeat(connection, tenant, request.idempotency_key)
        if first is not None and first.answer is None:
            raise UserError(
                f"The answer to the request {request.idempotency_key!r} was erased.", fix="Ask again with another key."
            )
        if first is not None and first.answer is not None:
            return first.answer
    current = current_handoff(connection, tenant, turn.answer.conversation_id)
    if current is not None and (current.state.mutes or _is_known(connection, request)):
        return _keep_muted(connection, request, current, said=turn.muted)
    _touch_conversation(connection, turn)
    turn = replace(turn, answer=_with_handoff(connection, turn, current))
    answer, conversation_id = turn.answer, turn.answer.conversation_id
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
    if answer.handoff is not None and answer.handoff.notice:
        append_message(connection, tenant, conversation_id, author="notice", text=answer.handoff.notice)
    connection.execute(insert(receipts), _receipt_row(turn, question_hash, answer_hash))
    _write_citations(connection, tenant, answer)
    _write_fact(connection, turn)
    return answer


def _is_known(connection: Connection, request: AskRequest) -> bool:
    """Whether this very message was kept already, while a person had the conversation."""
    key = request.idempotency_key
    return bool(key) and find_message(connection, request.tenant, key) is not None


def _keep_muted(connection: Connection, request: AskRequest, current: HandoffDetail, *, said: str) -> Answer:
    """Keeps a customer's message for the person who has the conversation.

    Args:
        connection: Where it is stored.
        request: The message.
        current: The hand-off, which mutes the bot.
        said: What the answer says; it becomes no message.

    Returns:
        An answer with the message's id, which has no receipt: nothing was answered.
    """
    known = find_message(connection, request.tenant, request.idempotency_key) if request.idempotency_key else None
    message = known or append_message(
        connection,
        request.tenant,
        current.conversation_id,
        author="customer",
        text=request.question,
        idempotency_key=request.idempotency_key,
    )
    if known is None:
        current = step(connection, request.tenant, current, HandoffEvent.WRITE, at=message.created_at)
    return Answer(
        id=message.id,
        conversation_id=current.conversation_id,
        decision=Decision.HAND_OFF,
        text=said,
        confidence=0.0,
        threshold=0.0,
        claims=(),
        citations=(),
        confidence_parts={},
        reason="A person has this conversation, so the bot is silent.",
        handoff=Handoff(current.id, current.state.value, current.reason, current.created_at),
        writer="",
        cost_micro_usd=0,
        tokens=Tokens(),
        timings_ms={},
    )


def _with_handoff(connection: Connection, turn: TurnRecord, current: HandoffDetail | None) -> Answer:
    """The answer with the hand-off that stands: opened, reopened, or the one that waits already."""
    answer, tenant = turn.answer, turn.request.tenant
    if turn.opening is None or answer.handoff is None:
        if current is not None and current.state.waits:
            _write_on(connection, turn, current)
        return answer
    fresh = fresh_detail(
        answer.conversation_id,
        answer.id,
        id=answer.handoff.id,
        reason=turn.opening.reason,
        at=answer.handoff.created_at,
        rule=turn.opening.rule,
        queue=turn.opening.queue,
        language=turn.opening.language,
        due_at=turn.opening.due_at,
    )
    standing = turn.opening.begin(connection, fresh, current)
    waited = current is not None and current.state.waits
    if waited:
        step(connection, tenant, standing, HandoffEvent.WRITE, at=turn.asked_at)
    notice = "" if waited else turn.opening.notice
    handoff = Handoff(standing.id, standing.state.value, answer.reason, standing.created_at, notice)
    return replace(answer, handoff=handoff)


def _write_on(connection: Connection, turn: TurnRecord, current: HandoffDetail) -> None:
    """The customer goes on while nobody has the hand-off; an answer to all of the question ends it."""
    tenant, answered = turn.request.tenant, turn.answer.decision is Decision.SEND
    if turn.continues and answered and not current.rule:
        reason = "The customer's next message completed the question, and it was answered."
        step(connection, tenant, current, HandoffEvent.RETURN, at=turn.asked_at, reason=reason)
    else:
        step(connection, tenant, current, HandoffEvent.WRITE, at=turn.asked_at)


def _write_fact(connection: Connection, turn: TurnRecord) -> None:
    kind = _KINDS.get(turn.answer.decision)
    if kind is not None:
        seconds = turn.answer.timings_ms.get("total", sum(turn.answer.timings_ms.values())) / 1_000
        fact = Fact(kind, turn.answer.conversation_id, turn.answer.id, turn.asked_at, "", turn.request.channel, seconds)
        put_facts(connection, turn.request.tenant, [fact])


def _touch_conversation(connection: Connection, turn: TurnRecord) -> None:
    request = turn.request
    open_conversation(
        connection,
        request.tenant,
        turn.answer.conversation_id,
        channel=request.channel,
        visitor_id=request.visitor_id,
        locale=request.locale or request.language,
        created_at=turn.asked_at,
    )
    touch(connection, request.tenant, turn.answer.conversation_id)


def _append_messages(connection: Connection, turn: TurnRecord, question_hash: str, reply_hash: str) -> None:
    tenant, conversation_id = turn.request.tenant, turn.answer.conversation_id
    first = next_ordinal(connection, tenant, conversation_id)
    shared = {"tenant": tenant, "conversation_id": conversation_id}
    question_id, reply_id = turn.message_ids
    key = turn.request.idempotency_key or None
    asked = {"id": question_id, "ordinal": first, "author": "customer", "text_hash": question_hash}
    replied = {"id": reply_id, "ordinal": first + 1, "author": "bot", "text_hash": reply_hash}
    connection.execute(
        insert(messages),
        [
            {**shared, **asked, "answer_id": None, "created_at": turn.asked_at, "idempotency_key": key},
            {**shared, **replied, "answer_id": turn.answer.id, "created_at": utc_now(), "idempotency_key": None},
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
