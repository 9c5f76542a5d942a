"""What operators keep for later: ready-made replies, and what should have been answered.

Knows neither tables nor pages. The words of a correction belong to its conversation and go with it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from openbook.types.handoff import HandoffDetail
from openbook.types.record import Record


class CorrectionKind(StrEnum):
    """What becomes of a correction: a case of an evaluation, an example to train on, a draft of an article."""

    EVALUATION = "evaluation"
    TRAINING = "training"
    ARTICLE = "article"


@dataclass(frozen=True, slots=True)
class Correction(Record):
    """What should have been answered, as a person says.

    Attributes:
        question: What was asked; None where it was erased.
        reply: What should have been said; None where it was erased.
        document_id: The article that was drafted from it; empty for other kinds.
        person_id: Who corrected.
        name: What that person is called today; empty where nobody knows.
        fresh: Whether it was kept just now, rather than found.
    """

    id: str
    kind: CorrectionKind
    conversation_id: str
    answer_id: str
    question: str | None
    reply: str | None
    document_id: str
    person_id: str
    created_at: datetime
    name: str = ""
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Macro(Record):
    """A ready-made reply. `{name}` in its text stands for the customer's name."""

    id: str
    name: str
    body: str
    person_id: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class InboxRow(Record):
    """A hand-off in the list of the inbox.

    Attributes:
        name: Of the customer; empty where nobody knows.
        question: What the customer asked; None where it was erased.
        holder: The name of whoever has it; empty for nobody.
        since: Since when it is as it is: for those that wait, when they began to.
    """

    handoff: HandoffDetail
    name: str
    question: str | None
    holder: str
    since: datetime


@dataclass(frozen=True, slots=True)
class InboxList(Record):
    """Hand-offs as they were asked for.

    Attributes:
        waiting: How many hand-offs nobody has, whatever was asked for.
        more: Whether there are more than these.
    """

    rows: tuple[InboxRow, ...]
    waiting: int
    more: bool = False


@dataclass(frozen=True, slots=True)
class InboxQuery(Record):
    """Which hand-offs are wanted.

    Attributes:
        states: Only these states; empty for all.
        queue: Only this queue; empty for all.
        holder: Only those that this person has; empty for anybody's.
        words: Only those with these words in the conversation, the customer's name or address, or with this id.
        limit: The most.
    """

    states: tuple[str, ...] = ()
    queue: str = ""
    holder: str = ""
    words: str = ""
    limit: int = 100
