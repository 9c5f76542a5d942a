"""A hand-off: a conversation that a person must look at, and the machine of its states.

The machine is written down in `TRANSITIONS` and nowhere else; `docs/explanation/handoff.md` draws it.
What nobody has answered never ends by itself: only a hand-off with a reply can expire. Knows neither
tables nor clocks.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from openbook.types.conversation import Message
from openbook.types.record import Record


class HandoffState(StrEnum):
    """Where a hand-off is."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    REPLIED = "replied"
    RETURNED = "returned"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    EXPIRED = "expired"

    @property
    def mutes(self) -> bool:
        """Whether a person has the conversation, so that the bot says nothing."""
        return self in (HandoffState.CLAIMED, HandoffState.REPLIED)

    @property
    def waits(self) -> bool:
        """Whether nobody has it yet, so that the alarm runs."""
        return self in (HandoffState.WAITING, HandoffState.REOPENED)

    @property
    def is_open(self) -> bool:
        """Whether it still needs somebody."""
        return self.mutes or self.waits


class HandoffEvent(StrEnum):
    """What can happen to a hand-off."""

    OPEN = "open"
    CLAIM = "claim"
    TAKE_OVER = "take_over"
    RELEASE = "release"
    REPLY = "reply"
    WRITE = "write"
    RETURN = "return"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    EXPIRE = "expire"


_S, _E = HandoffState, HandoffEvent
TRANSITIONS: dict[tuple[HandoffState, HandoffEvent], HandoffState] = {
    # nobody has it: anybody may take it, and the customer may go on writing
    **{
        (state, event): after
        for state in (_S.WAITING, _S.REOPENED)
        for event, after in (
            (_E.CLAIM, _S.CLAIMED),
            (_E.REPLY, _S.REPLIED),
            (_E.WRITE, state),
            (_E.RETURN, _S.RETURNED),
            (_E.RESOLVE, _S.RESOLVED),
        )
    },
    # somebody has it and owes the customer a word
    (_S.CLAIMED, _E.TAKE_OVER): _S.CLAIMED,
    (_S.CLAIMED, _E.RELEASE): _S.WAITING,
    (_S.CLAIMED, _E.REPLY): _S.REPLIED,
    (_S.CLAIMED, _E.WRITE): _S.CLAIMED,
    (_S.CLAIMED, _E.RETURN): _S.RETURNED,
    (_S.CLAIMED, _E.RESOLVE): _S.RESOLVED,
    # somebody has it and the customer has the word
    (_S.REPLIED, _E.TAKE_OVER): _S.REPLIED,
    (_S.REPLIED, _E.REPLY): _S.REPLIED,
    (_S.REPLIED, _E.WRITE): _S.CLAIMED,
    (_S.REPLIED, _E.RETURN): _S.RETURNED,
    (_S.REPLIED, _E.RESOLVE): _S.RESOLVED,
    (_S.REPLIED, _E.EXPIRE): _S.EXPIRED,
    # it is over, until the bot cannot answer again or a person writes once more
    **{
        (state, event): after
        for state in (_S.RETURNED, _S.RESOLVED, _S.EXPIRED)
        for event, after in ((_E.REOPEN, _S.REOPENED), (_E.REPLY, _S.REPLIED))
    },
}
"""Every step that can be taken; what is not here is refused."""

_HOLDERS_ONLY = {_E.RELEASE, _E.REPLY, _E.RETURN, _E.RESOLVE, _E.CLAIM}


def after(state: HandoffState, event: HandoffEvent) -> HandoffState | None:
    """The state after an event; None where the machine has no such step."""
    return TRANSITIONS.get((state, event))


def belongs_to_another(state: HandoffState, event: HandoffEvent, *, holder: str, person_id: str) -> bool:
    """Whether only the holder may do this, and somebody else tries: two operators never collide.

    Args:
        state: Where the hand-off is.
        event: What is tried.
        holder: Who has it; empty for nobody.
        person_id: Who tries; empty for the house itself.
    """
    return state.mutes and event in _HOLDERS_ONLY and bool(holder) and person_id != holder


@dataclass(frozen=True, slots=True)
class HandoffStep(Record):
    """One step of a hand-off: what happened, the state after it, who did it and when."""

    event: HandoffEvent
    state: HandoffState
    person_id: str
    reason: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class HandoffDetail(Record):
    """A hand-off as operators see it.

    Attributes:
        answer_id: The answer that ended in it; empty where the customer asked without one.
        rule: Which policy fired; empty where the bot was not sure enough.
        queue: Where it should go; empty for the usual one.
        language: Of the customer's words, such as "de"; empty where it cannot be told.
        claimed_by: The person who has it; empty for nobody.
        due_at: When an alarm is raised if nobody has it by then.
        alarms: How many alarms were raised.
        steps: What happened to it, the first step first; empty in lists.
    """

    id: str
    conversation_id: str
    answer_id: str
    state: HandoffState
    reason: str
    rule: str
    queue: str
    language: str
    claimed_by: str
    created_at: datetime
    updated_at: datetime
    due_at: datetime | None = None
    alarms: int = 0
    steps: tuple[HandoffStep, ...] = ()


@dataclass(frozen=True, slots=True)
class TriedSource(Record):
    """A source that was found for a question, and why it did not make an answer.

    Attributes:
        score: As the search ranked it.
        similarity: To the question, in [0, 1]; None where words alone found it.
        why_not: In words for an operator.
    """

    document_id: str
    version: int
    title: str
    url: str
    quote: str
    score: float
    similarity: float | None
    why_not: str


@dataclass(frozen=True, slots=True)
class SuggestedReply(Record):
    """What the bot would have said if it had been allowed, for an operator to check and send."""

    text: str
    titles: tuple[str, ...]
    urls: tuple[str, ...]
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Packet(Record):
    """Everything a person needs to take a conversation over, on one screen.

    Attributes:
        question: In the customer's own words; None where they were erased.
        understood: What was searched for, part by part.
        sources: What was tried, best first.
        promises: Sentences with a promise that the customer was told, in order.
        tools: Results of live tools with their times.
        suggestion: What could be replied; None where nothing fits.
        messages: The conversation, internal notes included, oldest first.
        name: Who the customer is; empty where nobody knows.
        contact: The address that the customer left; empty for none.
    """

    handoff: HandoffDetail
    question: str | None
    understood: tuple[str, ...]
    confidence: float
    threshold: float
    confidence_parts: dict[str, float]
    sources: tuple[TriedSource, ...]
    promises: tuple[str, ...]
    suggestion: SuggestedReply | None
    messages: tuple[Message, ...]
    name: str = ""
    contact: str = ""
    tools: tuple[dict[str, Any], ...] = field(default=())
