"""What became of conversations, as facts: one row for each thing that happened. Rates are computed when asked.

A fact names no word of a customer. Its `subject` is what it is about: an answer, a hand-off, a lead.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, insert, select

from openbook.stores.ids import new_id
from openbook.stores.schema import facts


class FactKind(StrEnum):
    """What can happen."""

    ANSWERED = "answered"
    ASKED_BACK = "asked_back"
    ABSTAINED = "abstained"
    HANDED_OVER = "handed_over"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    ASSUMED = "assumed"
    ABANDONED = "abandoned"
    REOPENED = "reopened"
    ALARMED = "alarmed"
    CLAIMED = "claimed"
    REPLIED = "replied"
    RETURNED = "returned"
    RESOLVED = "resolved"
    EXPIRED = "expired"
    CORRECTED = "corrected"
    LEAD = "lead"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened.

    Attributes:
        subject: The answer, hand-off or lead that it is about.
        reason: Why: the rule of a hand-off, "unsure", "failed"; empty where nothing is to be said.
        seconds: How long it took: an answer, or the time from the opening of a hand-off; None where it has no length.
    """

    kind: FactKind
    conversation_id: str
    subject: str
    at: datetime
    reason: str = ""
    channel: str = ""
    seconds: float | None = None


def put_facts(connection: Connection, tenant: str, happened: Iterable[Fact]) -> None:
    """Keeps facts."""
    rows = [
        {
            "tenant": tenant,
            "id": new_id("fac"),
            "kind": fact.kind.value,
            "conversation_id": fact.conversation_id,
            "subject": fact.subject,
            "reason": fact.reason,
            "channel": fact.channel,
            "seconds": fact.seconds,
            "created_at": fact.at,
        }
        for fact in happened
    ]
    if rows:
        connection.execute(insert(facts), rows)


def facts_of(connection: Connection, tenant: str, conversation_id: str) -> list[Fact]:
    """What happened in one conversation, oldest first."""
    mine = (facts.c.tenant == tenant, facts.c.conversation_id == conversation_id)
    return _read(connection, *mine)


def facts_of_many(connection: Connection, tenant: str, conversation_ids: Sequence[str]) -> list[list[Fact]]:
    """What happened in each of these conversations, oldest first."""
    found: dict[str, list[Fact]] = {}
    for fact in _read(connection, facts.c.tenant == tenant, facts.c.conversation_id.in_(list(conversation_ids))):
        found.setdefault(fact.conversation_id, []).append(fact)
    return list(found.values())


def facts_between(connection: Connection, tenant: str, since: datetime, until: datetime) -> list[Fact]:
    """What happened at or after `since` and before `until`, oldest first."""
    return _read(connection, facts.c.tenant == tenant, facts.c.created_at >= since, facts.c.created_at < until)


def _read(connection: Connection, *where: ColumnElement[bool]) -> list[Fact]:
    rows = connection.execute(select(facts).where(*where)).all()
    ordered = sorted(rows, key=lambda row: (row.created_at, row.id))  # here, so that no index is chosen for the order
    return [
        Fact(
            kind=FactKind(row.kind),
            conversation_id=row.conversation_id,
            subject=row.subject,
            at=row.created_at,
            reason=row.reason,
            channel=row.channel,
            seconds=row.seconds,
        )
        for row in ordered
    ]
