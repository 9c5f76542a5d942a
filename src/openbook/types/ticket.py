"""Past conversations of a support team, as imported: material for evaluation and training."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from openbook.types.record import Record

Author = Literal["customer", "operator", "bot"]


@dataclass(frozen=True, slots=True)
class TicketMessage(Record):
    """One public message of a ticket, without the details of private persons."""

    author: Author
    text: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ticket(Record):
    """A past conversation.

    Attributes:
        id: What the help desk calls it, stable from one export to the next.
        messages: In order of time; internal notes are left out.
        queue: The group or team it was in.
        solved: Whether it ended as solved.
        resolution: An operator's words that solved it, empty unless a person confirmed them.
        csat: The customer's rating, from 0 (worst) to 1 (best).
    """

    id: str
    subject: str
    messages: tuple[TicketMessage, ...]
    created_at: datetime | None = None
    channel: str = ""
    tags: tuple[str, ...] = ()
    queue: str = ""
    solved: bool = False
    resolution: str = ""
    csat: float | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class TicketCount(Record):
    """How many tickets a source brought, how many are solved, and how many by a confirmed answer of a person."""

    source_id: str
    location: str
    tickets: int
    solved: int
    confirmed: int
