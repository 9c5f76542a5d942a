"""What happens when an answer cannot be made: the message is kept, and a person gets it.

An error, a time-out, a full house and a shutdown all end here. Whatever made the answer fail, only the
tables are needed to keep the customer's words.
"""

import logging
from collections.abc import Iterator

from openbook.answer import wording
from openbook.conversation.turn import WRITER, TurnParts, conversation_of, run_turn, settings_under, with_handoff
from openbook.conversation.understand import understand
from openbook.errors import UserError
from openbook.hashing import hash_text
from openbook.stores.history import digest_form
from openbook.stores.ids import new_id
from openbook.stores.turns import TurnRecord
from openbook.types import Answer, AskRequest, Decision, Event, Handoff, Query, Ruling, Tokens, to_plain, utc_now

_log = logging.getLogger(__name__)
REASONS = {
    "failed": "The answer failed: {detail}.",
    "busy": "Every place for an answer was taken.",
    "slow": "The answer took too long.",
}


def answered_or_rescued(parts: TurnParts, request: AskRequest) -> Iterator[Event]:
    """The events of a turn; where it fails by no fault of the caller, the last one hands the message over.

    Raises:
        UserError: The question is too long, or the conversation is unknown.
    """
    try:
        yield from run_turn(parts, request)
    except UserError:
        raise
    except Exception as error:
        _log.exception("an answer failed and was handed over")
        yield Event("recorded", rescue(parts, request, why="failed", detail=type(error).__name__), 0.0)


def rescue(parts: TurnParts, request: AskRequest, *, why: str, detail: str = "") -> Answer:
    """Keeps a message and hands it over, without an answer; a late answer to the same request finds it.

    Args:
        parts: What a turn works with.
        request: The message; its key makes a second rescue, or a late answer, the same turn.
        why: A name in `REASONS`.
        detail: What failed, such as the name of an error.

    Raises:
        UserError: The conversation is unknown, or another visitor's.
    """
    reason, at = REASONS[why].format(detail=detail), utc_now()
    message = understand(request.question)
    language = wording.language_of_message(message, locale=request.language or request.locale)
    answer = Answer(
        id=new_id("ans"),
        conversation_id=conversation_of(parts, request),
        decision=Decision.HAND_OFF,
        text=wording.say("failed", language=language, tone=parts.behaviour.tone),
        confidence=0.0,
        threshold=parts.threshold,
        claims=(),
        citations=(),
        confidence_parts={},
        reason=reason,
        handoff=Handoff(new_id("hnd"), "waiting", reason, at),
        writer=WRITER,
        cost_micro_usd=0,
        tokens=Tokens(),
        timings_ms={},
        understood=(message,) if message else (),
    )
    calibration = parts.calibrations.active(request.tenant)
    record = TurnRecord(
        request=request,
        answer=answer,
        hits=(),
        query=_asked(request),
        settings=settings_under(calibration, parts) | {"failed": reason},
        generation=0,
        model_ids=parts.model_ids,
        openbook_version=parts.version,
        answer_digest=hash_text(digest_form(answer)),
        message_ids=(new_id("msg"), new_id("msg")),
        asked_at=at,
    )
    return parts.keep(with_handoff(parts, record, Ruling("failed", reason), message))


def _asked(request: AskRequest) -> dict[str, object]:
    """The search that was not made, as a receipt keeps one."""
    query = Query(text="", tenant=request.tenant, audiences=request.audiences, locale=request.locale)
    plain: dict[str, object] = to_plain(query) | {"history": []}
    del plain["text"]
    return plain
