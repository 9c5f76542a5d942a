"""One turn: understand, search, answer, decide, record.

Streaming, saving and metrics consume the events; they are never branches in here. What happens
with an event is for whoever asked. This module knows no door.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection

from openbook.answer import Draft, Proposal, draft, propose, wording
from openbook.conversation.before import as_history, said_by_hash
from openbook.conversation.calibrations import Calibrations
from openbook.conversation.clock import Clock
from openbook.conversation.governing import govern
from openbook.conversation.handoff import open_or_reopen
from openbook.conversation.handoff_rules import HandoffRules
from openbook.conversation.standing import standing_of
from openbook.conversation.understand import understand
from openbook.errors import NotFound, UserError
from openbook.hashing import hash_text
from openbook.search import Searcher
from openbook.stores import Database
from openbook.stores.catalogue import list_documents
from openbook.stores.conversations import visitor_of
from openbook.stores.history import digest_form, find_repeat
from openbook.stores.ids import new_id
from openbook.stores.turns import Opening, TurnRecord
from openbook.types import (
    USUAL_BEHAVIOUR,
    Answer,
    AskRequest,
    Behaviour,
    Calibration,
    Decision,
    Event,
    Handoff,
    HandoffDetail,
    Query,
    Ruling,
    SearchResult,
    Signals,
    Tokens,
    to_plain,
    utc_now,
)

WRITER = "extractive"


@dataclass(frozen=True, slots=True)
class TurnParts:
    """What a turn works with.

    Attributes:
        threshold: The one of the settings; a calibration may have another.
        limit: How many hits an answer may be drawn from.
        settings: The settings that shape an answer, as they are written into its receipt.
        model_ids: Fingerprints of every model that takes part.
        behaviour: How the bot behaves.
        rules: What the settings say about hand-offs.
        burst: Messages of a customer so close together are read as one.
        keep: Writes a turn down, durably when it returns the answer that stands; `forget` for a
            rehearsal that leaves no trace.
    """

    database: Database
    searcher: Searcher
    calibrations: Calibrations
    threshold: float
    limit: int
    settings: dict[str, Any]
    model_ids: tuple[str, ...]
    version: str
    rules: HandoffRules
    keep: Callable[[TurnRecord], Answer]
    behaviour: Behaviour = USUAL_BEHAVIOUR
    burst: timedelta = timedelta(seconds=8)


def forget(turn: TurnRecord) -> Answer:
    """Keeps nothing of a turn."""
    return turn.answer


def run_turn(parts: TurnParts, request: AskRequest) -> Iterator[Event]:
    """Answers one question, an event after each step; the last one carries the `Answer`.

    Raises:
        UserError: The question is too long, or the conversation is unknown.
    """
    if (repeated := _repeated(parts, request)) is not None:
        yield Event("recorded", repeated, 0.0)
        return
    clock, asked_at = Clock(), utc_now()
    message = understand(request.question)
    conversation_id = conversation_of(parts, request)
    standing = standing_of(parts.database, request, at=asked_at, burst=parts.burst)
    said = {} if standing.answers else said_by_hash(parts.database, request, besides=standing.earlier)
    text = f"{standing.earlier} {message}" if standing.earlier else message
    yield Event("understood", {"question": text, "conversation_id": conversation_id}, clock.lap("understand"))

    query = Query(
        text=text,
        tenant=request.tenant,
        audiences=request.audiences,
        locale=request.locale,
        product=request.product,
        limit=parts.limit,
        at=asked_at,
        since=request.since,
        whole=bool(standing.earlier),
        history=as_history(said.values()),
    )
    result = parts.searcher.search(query)
    yield Event("found", {"hits": len(result.hits)}, clock.lap("search"))

    drafted = draft(result.parts, result.hits)
    yield Event("drafted", {"quotes": len(drafted.quotes)}, clock.lap("answer"))

    basis = Basis(parts.calibrations.active(request.tenant), parts.threshold, parts.behaviour, standing.signals)
    proposal, ruling = propose_by(basis, message, drafted, query)
    yield Event("decided", {"decision": proposal.decision, "confidence": proposal.confidence}, clock.lap("decide"))

    answer = _answer(proposal, conversation_id, result.parts, clock.laps)
    record = _record(parts, request, query, result, answer, basis, said)
    kept = parts.keep(with_handoff(parts, record, ruling, message, completes=standing.completes))
    clock.lap("record")
    yield Event("recorded", replace(kept, timings_ms=clock.with_total()), clock.total())


def _repeated(parts: TurnParts, request: AskRequest) -> Answer | None:
    """The answer that this very request already got, if its key says that it is a repeat.

    Raises:
        UserError: It was erased, or rests on an article that was removed since.
    """
    if not request.idempotency_key:
        return None
    with parts.database.read() as connection:
        receipt = find_repeat(connection, request.tenant, request.idempotency_key)
        if receipt is None:
            return None
        cited = {citation.document_id for citation in receipt.answer.citations} if receipt.answer else set()
        is_whole = len(list_documents(connection, request.tenant, ids=sorted(cited))) == len(cited)
    if receipt.answer is None or not is_whole:
        lost = "was erased" if receipt.answer is None else "rests on an article that was removed"
        raise UserError(
            f"The answer to the request {request.idempotency_key!r} {lost}.", fix="Ask again with another key."
        )
    return receipt.answer


def conversation_of(parts: TurnParts, request: AskRequest) -> str:
    """The conversation's id: the one asked for, which must exist and be the visitor's, or a new one.

    Raises:
        NotFound: There is none of that id for this visitor.
    """
    if not request.conversation_id:
        return new_id("con")
    with parts.database.read() as connection:
        visitor = visitor_of(connection, request.tenant, request.conversation_id)
        if visitor is None or visitor not in ("", request.visitor_id):  # nobody goes on with what is another's
            raise NotFound(
                f"There is no conversation {request.conversation_id!r}.",
                fix="Leave the conversation out to begin a new one.",
            )
    return request.conversation_id


@dataclass(frozen=True, slots=True)
class Basis:
    """What a decision rests on besides message, draft and query.

    Attributes:
        usual: The threshold where the calibration has none.
    """

    calibration: Calibration
    usual: float
    behaviour: Behaviour
    signals: Signals


def propose_by(basis: Basis, message: str, drafted: Draft, query: Query) -> tuple[Proposal, Ruling | None]:
    """What is said on a basis, and the policy that decided it if one did.

    Args:
        basis: Confidence, behaviour, and what the conversation has come to.
        message: What the customer typed.
        drafted: What would be answered.
        query: What was searched for.
    """
    language = wording.language_of_message(message, locale=basis.signals.language or query.locale)
    proposal = propose(
        message,
        drafted,
        threshold=basis.calibration.threshold_or(basis.usual),
        may_clarify=not query.whole,
        filters=query.filters,
        model=basis.calibration.model,
        continues=bool(query.history),
        behaviour=basis.behaviour,
        language=language,
    )
    return govern(proposal, message, behaviour=basis.behaviour, signals=basis.signals, language=language)


def _answer(
    proposal: Proposal,
    conversation_id: str,
    understood: tuple[str, ...],
    timings_ms: dict[str, float],
) -> Answer:
    waits = proposal.decision is Decision.HAND_OFF
    return Answer(
        id=new_id("ans"),
        conversation_id=conversation_id,
        understood=understood,
        decision=proposal.decision,
        text=proposal.text,
        confidence=proposal.confidence,
        threshold=proposal.threshold,
        claims=proposal.claims,
        citations=proposal.citations,
        confidence_parts=proposal.confidence_parts,
        reason=proposal.reason,
        handoff=Handoff(new_id("hnd"), "waiting", proposal.reason, utc_now()) if waits else None,
        writer=WRITER,
        cost_micro_usd=0,
        tokens=Tokens(),
        timings_ms=timings_ms,
        options=proposal.options,
    )


def _record(
    parts: TurnParts,
    request: AskRequest,
    query: Query,
    result: SearchResult,
    answer: Answer,
    basis: Basis,
    said: dict[str, str],
) -> TurnRecord:
    plain_query = to_plain(query) | {"history": list(said)}
    del plain_query["text"]
    return TurnRecord(
        request=request,
        answer=answer,
        hits=result.hits,
        query=plain_query,
        settings=settings_under(basis.calibration, parts) | _signals(basis.signals),
        generation=result.generation,
        model_ids=parts.model_ids,
        openbook_version=parts.version,
        answer_digest=hash_text(digest_form(answer)),
        message_ids=(new_id("msg"), new_id("msg")),
        asked_at=query.at,
        told=() if request.conversation_id else tuple(said.values()),
    )


def with_handoff(
    parts: TurnParts, record: TurnRecord, ruling: Ruling | None, message: str, *, completes: bool = False
) -> TurnRecord:
    """A turn with what is said if a person has the conversation, and how a hand-off begins if it is one."""
    language = wording.language_of_message(message, locale=record.request.language or record.request.locale)
    muted = wording.say("muted", language=language, tone=parts.behaviour.tone)
    record = replace(record, muted=muted, continues=completes)
    if record.answer.handoff is None:
        return record
    at, channel = record.answer.handoff.created_at, record.request.channel
    opening = Opening(
        reason=ruling.reason if ruling else _wordless(record.answer.reason),
        rule=ruling.rule if ruling else "",
        queue=ruling.queue if ruling else "",
        language=language,
        notice=parts.rules.notice(language, at=at),
        due_at=parts.rules.due_at(at),
        begin=partial(_begin, tenant=record.request.tenant, rules=parts.rules, channel=channel),
    )
    return replace(record, opening=opening)


def _wordless(reason: str) -> str:
    """A reason as it is kept apart from the answer; others than those of confidence may hold a customer's words."""
    return reason if reason.startswith("Confidence") else "The bot had no answer; the packet says why."


def _begin(
    connection: Connection,
    fresh: HandoffDetail,
    current: HandoffDetail | None,
    *,
    tenant: str,
    rules: HandoffRules,
    channel: str,
) -> HandoffDetail:
    return open_or_reopen(connection, tenant, fresh, current, rules=rules, channel=channel)


def _signals(signals: Signals) -> dict[str, Any]:
    """The signals as a receipt keeps them: nothing for the first message of a conversation."""
    return {} if signals == Signals() else {"signals": to_plain(signals)}


def settings_under(calibration: Calibration, parts: TurnParts) -> dict[str, Any]:
    """The settings that shape an answer under a version of the confidence, with its id where it is a team's own."""
    threshold = {"threshold": calibration.threshold_or(parts.threshold)}
    return parts.settings | threshold | ({"calibration": calibration.id} if calibration.id else {})
