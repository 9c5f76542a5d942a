"""What a conversation has come to before a message: what is left open, how it went, whether a person waits.

Read once, before the turn; what is decided by it is written into the receipt, so that a replay needs no look
at the conversation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from openbook.answer.policies import is_angry
from openbook.conversation.before import LONGEST_MESSAGE
from openbook.conversation.replies import meant_by, option_meant
from openbook.conversation.understand import understand
from openbook.search.question import asks
from openbook.stores import Database
from openbook.stores.handoffs import current_handoff
from openbook.stores.history import PastTurn, last_turns
from openbook.types import AskRequest, Decision, Signals

LOOKED_AT = 6
_GAVE_NOTHING = (Decision.ABSTAIN, Decision.CLARIFY)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a message comes into.

    Attributes:
        earlier: The question that this message completes: one that was asked back about, one that a yes answers,
            or the first half of what was typed in two messages; empty for none.
        completes: Whether it is such a half.
        answers: Whether this message answers a question back, which holds all that is asked.
    """

    signals: Signals
    earlier: str = ""
    completes: bool = False
    answers: bool = False


def standing_of(database: Database, request: AskRequest, *, at: datetime, burst: timedelta) -> Standing:
    """Looks at the conversation of a request, or at the messages that came with it.

    Args:
        database: Where conversations are kept.
        request: The message.
        at: When it came.
        burst: Messages of a customer so close together are read as one.
    """
    if not request.conversation_id:
        return _told(request)
    with database.read() as connection:
        turns = last_turns(connection, request.tenant, request.conversation_id, limit=LOOKED_AT)
        current = current_handoff(connection, request.tenant, request.conversation_id)
    signals = Signals(
        failures=_failures(turns),
        anger=sum(is_angry(turn.question or "") for turn in turns),
        first=not turns,
        waiting=current is not None and current.state.waits,
        language=request.language,
    )
    last = turns[0] if turns else None
    if last is None or not set(request.audiences).issuperset(last.audiences):
        return Standing(signals)
    if last.decision is Decision.CLARIFY:
        option = option_meant(understand(request.question), last.options)
        return Standing(signals, " ".join([*last.understood, option]).strip(), answers=True)
    by_rule = current is not None and current.state.is_open and current.rule  # nobody's wish is talked away
    soon = last.decision is not Decision.SEND and at - last.created_at <= burst and not by_rule
    half = understand(last.question) if soon and last.question else ""
    return Standing(signals, half, completes=True) if _is_half(half, request.question) else Standing(signals)


def _is_half(earlier: str, message: str) -> bool:
    """Whether two messages are one question: not both of them ask something."""
    return bool(earlier) and not (asks(earlier) and asks(message))


def _told(request: AskRequest) -> Standing:
    """The same of messages that came with the request, whose times and decisions nobody knows."""
    asked = [said.text[:LONGEST_MESSAGE] for said in request.history if said.author == "customer"][-LOOKED_AT:]
    angry = sum(is_angry(text) for text in asked)
    signals = Signals(anger=angry, first=not request.history, language=request.language)
    if request.history and request.history[-1].author != "customer":
        asked_before = request.history[-1].text[:LONGEST_MESSAGE]
        return Standing(signals, meant_by(understand(request.question), understand(asked_before)))
    answered = any(said.author != "customer" for said in request.history)
    half = understand(asked[-1]) if answered else ""
    return Standing(signals, half, completes=True) if _is_half(half, request.question) else Standing(signals)


def _failures(turns: Sequence[PastTurn]) -> int:
    """How many answers in a row, up to the last, gave the customer nothing."""
    count = 0
    for turn in turns:
        if turn.decision not in _GAVE_NOTHING:
            break
        count += 1
    return count
