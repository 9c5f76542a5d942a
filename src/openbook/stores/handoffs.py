"""Hand-offs and their steps. Every change of state goes through `step`, inside one transaction.

There is at most one open hand-off in a conversation. Knows no clock but the one it is handed, and no
words of customers.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, case, func, insert, or_, select, update

from openbook.errors import UserError
from openbook.stores.conversations import BOT_HAS_IT, touch
from openbook.stores.facts import Fact, FactKind, put_facts
from openbook.stores.ids import new_id
from openbook.stores.schema import handoff_steps, handoffs
from openbook.types import HandoffDetail, HandoffEvent, HandoffState, HandoffStep, utc_now
from openbook.types.handoff import after, belongs_to_another

_FACTS = {
    HandoffEvent.OPEN: FactKind.HANDED_OVER,
    HandoffEvent.REOPEN: FactKind.REOPENED,
    HandoffEvent.CLAIM: FactKind.CLAIMED,
    HandoffEvent.TAKE_OVER: FactKind.CLAIMED,
    HandoffEvent.REPLY: FactKind.REPLIED,
    HandoffEvent.RETURN: FactKind.RETURNED,
    HandoffEvent.RESOLVE: FactKind.RESOLVED,
    HandoffEvent.EXPIRE: FactKind.EXPIRED,
}
CLOCK_SLACK = timedelta(minutes=5)
"""What lies further ahead than this was written by a clock that has been set back since."""

OPEN_STATES = tuple(state.value for state in HandoffState if state.is_open)


def open_handoff(connection: Connection, tenant: str, detail: HandoffDetail, *, channel: str = "") -> HandoffDetail:
    """Opens a hand-off, or reopens nothing: the caller has made sure that none is open."""
    connection.execute(
        insert(handoffs).values(
            tenant=tenant,
            id=detail.id,
            conversation_id=detail.conversation_id,
            answer_id=detail.answer_id,
            state=detail.state.value,
            reason=detail.reason,
            rule=detail.rule,
            queue=detail.queue,
            language=detail.language,
            created_at=detail.created_at,
            updated_at=detail.updated_at,
            due_at=detail.due_at,
            alarms=0,
        )
    )
    at, reason = detail.created_at, detail.reason
    _note(connection, tenant, detail, HandoffEvent.OPEN, at=at, person_id="", reason=reason, channel=channel)
    touch(connection, tenant, detail.conversation_id, state=detail.state.value)
    return detail


def step(
    connection: Connection,
    tenant: str,
    detail: HandoffDetail,
    event: HandoffEvent,
    *,
    at: datetime,
    person_id: str = "",
    reason: str = "",
    due_at: datetime | None = None,
) -> HandoffDetail:
    """Takes one step of the state machine.

    Args:
        connection: Where it is stored.
        tenant: Whose it is.
        detail: The hand-off as it is in this transaction.
        event: What happens.
        at: When.
        person_id: Who does it; empty for the customer or the house.
        reason: Why, for the log.
        due_at: When an alarm is raised if it then still waits; kept as it was where None and it waits on.

    Raises:
        UserError: Somebody else has it, or the machine has no such step; the text says which.
    """
    state = _next(detail, event, person_id)
    holder = _holder(detail, event, state, person_id)
    due = (due_at or detail.due_at) if state.waits else due_at
    owes_since = event is HandoffEvent.WRITE and detail.state is HandoffState.CLAIMED
    touched = detail.updated_at if owes_since else at  # else a customer who writes on would keep a forgotten claim
    changed = replace(detail, state=state, claimed_by=holder, updated_at=touched, due_at=due)
    if state.waits and not detail.state.waits:
        changed = replace(changed, alarms=0)
    mine = (handoffs.c.tenant == tenant, handoffs.c.id == detail.id)
    connection.execute(
        update(handoffs)
        .where(*mine)
        .values(
            state=state.value,
            claimed_by=holder or None,
            updated_at=touched,
            due_at=due,
            alarms=changed.alarms,
            answer_id=changed.answer_id,
            reason=changed.reason,
            rule=changed.rule,
            queue=changed.queue,
        )
    )
    _note(connection, tenant, changed, event, at=at, person_id=person_id, reason=reason)
    touch(connection, tenant, detail.conversation_id, state=state.value if state.is_open else BOT_HAS_IT)
    return changed


def _next(detail: HandoffDetail, event: HandoffEvent, person_id: str) -> HandoffState:
    """The state after an event, which must be possible, and for this person to bring about."""
    if person_id and belongs_to_another(detail.state, event, holder=detail.claimed_by, person_id=person_id):
        raise UserError(
            "Somebody else has this conversation already.", fix="Choose another one, or ask a lead to take it over."
        )
    state = after(detail.state, event)
    if state is None:
        raise UserError(
            f"A hand-off that is {detail.state} cannot be changed by {event!s}.",
            fix="Look at it again; it has moved on.",
        )
    return state


def _holder(detail: HandoffDetail, event: HandoffEvent, state: HandoffState, person_id: str) -> str:
    if event in (HandoffEvent.CLAIM, HandoffEvent.TAKE_OVER, HandoffEvent.REPLY):
        return person_id
    return detail.claimed_by if state.mutes or not state.is_open else ""


def raise_alarm(connection: Connection, tenant: str, detail: HandoffDetail, *, at: datetime, next_at: datetime) -> None:
    """Notes that an alarm was raised, and when the next one is due."""
    mine = (handoffs.c.tenant == tenant, handoffs.c.id == detail.id)
    written = min(detail.updated_at, at)
    values = {"alarms": detail.alarms + 1, "due_at": next_at, "updated_at": written}
    connection.execute(update(handoffs).where(*mine).values(**values))
    put_facts(connection, tenant, [Fact(FactKind.ALARMED, detail.conversation_id, detail.id, at)])


def get_handoff(connection: Connection, tenant: str, handoff_id: str) -> HandoffDetail | None:
    """One hand-off with its steps, or None."""
    row = connection.execute(select(handoffs).where(handoffs.c.tenant == tenant, handoffs.c.id == handoff_id)).first()
    return None if row is None else replace(_detail(row), steps=_steps(connection, tenant, handoff_id))


def current_handoff(connection: Connection, tenant: str, conversation_id: str) -> HandoffDetail | None:
    """The last hand-off of a conversation, open or over; None where there was none."""
    query = (
        select(handoffs)
        .where(handoffs.c.tenant == tenant, handoffs.c.conversation_id == conversation_id)
        .order_by(handoffs.c.created_at.desc(), handoffs.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    return None if row is None else _detail(row)


def list_handoffs(
    connection: Connection, tenant: str, *, states: Collection[str] = OPEN_STATES, limit: int = 200
) -> tuple[HandoffDetail, ...]:
    """Hand-offs in these states: those that wait come first, the longest waiting first among them."""
    waiting = [state.value for state in HandoffState if state.waits]
    query = (
        select(handoffs)
        .where(handoffs.c.tenant == tenant, handoffs.c.state.in_(list(states)))
        .order_by(case((handoffs.c.state.in_(waiting), 0), else_=1), handoffs.c.created_at, handoffs.c.id)
        .limit(limit)
    )
    return tuple(_detail(row) for row in connection.execute(query))


def alarms_due(connection: Connection, tenant: str, at: datetime) -> tuple[HandoffDetail, ...]:
    """Hand-offs that nobody has and whose alarm is due; also those that were written by a clock that ran ahead."""
    waiting = [state.value for state in HandoffState if state.waits]
    is_due = or_(handoffs.c.due_at <= at, handoffs.c.updated_at > at + CLOCK_SLACK)
    where = (handoffs.c.tenant == tenant, handoffs.c.state.in_(waiting), is_due)
    return tuple(_detail(row) for row in connection.execute(select(handoffs).where(*where)))


def untouched_since(
    connection: Connection, tenant: str, state: HandoffState, before: datetime
) -> tuple[HandoffDetail, ...]:
    """Hand-offs in a state in which nothing happened since; also those that were written by a clock that ran ahead.

    What a customer writes to somebody who has not replied yet counts for nothing here.
    """
    ahead = utc_now() + CLOCK_SLACK
    is_old = or_(handoffs.c.updated_at < before, and_(handoffs.c.updated_at > ahead, handoffs.c.updated_at > before))
    where = (handoffs.c.tenant == tenant, handoffs.c.state == state.value, is_old)
    return tuple(_detail(row) for row in connection.execute(select(handoffs).where(*where)))


def count_open(connection: Connection, tenant: str) -> int:
    """How many hand-offs nobody has."""
    waiting = [state.value for state in HandoffState if state.waits]
    query = select(func.count()).select_from(handoffs).where(handoffs.c.tenant == tenant, handoffs.c.state.in_(waiting))
    return int(connection.execute(query).scalar_one())


def fresh_detail(conversation_id: str, answer_id: str, *, reason: str, at: datetime, **more: Any) -> HandoffDetail:
    """A hand-off that begins to wait; `more` are rule, queue, language, due_at."""
    usual = {"rule": "", "queue": "", "language": "", "claimed_by": "", "due_at": None}
    return HandoffDetail(
        id=more.pop("id", "") or new_id("hnd"),
        conversation_id=conversation_id,
        answer_id=answer_id,
        state=HandoffState.WAITING,
        reason=reason,
        created_at=at,
        updated_at=at,
        **(usual | more),
    )


def reopenable(detail: HandoffDetail | None, *, at: datetime, within: timedelta) -> bool:
    """Whether a need that comes back is the same one: its hand-off ended not long ago."""
    return detail is not None and not detail.state.is_open and at - detail.updated_at <= within


def _note(
    connection: Connection,
    tenant: str,
    detail: HandoffDetail,
    event: HandoffEvent,
    *,
    at: datetime,
    person_id: str,
    reason: str,
    channel: str = "",
) -> None:
    """Writes a step down, and the fact that it is."""
    mine = (handoff_steps.c.tenant == tenant, handoff_steps.c.handoff_id == detail.id)
    last = connection.execute(select(func.max(handoff_steps.c.ordinal)).where(*mine)).scalar()
    connection.execute(
        insert(handoff_steps).values(
            tenant=tenant,
            handoff_id=detail.id,
            ordinal=0 if last is None else last + 1,
            event=event.value,
            state=detail.state.value,
            person_id=person_id,
            reason=reason,
            created_at=at,
        )
    )
    if event in _FACTS:
        why = detail.rule or "unsure" if event in (HandoffEvent.OPEN, HandoffEvent.REOPEN) else ""
        seconds = None if event is HandoffEvent.OPEN else max(0.0, (at - detail.created_at).total_seconds())
        fact = Fact(_FACTS[event], detail.conversation_id, detail.id, at, why, channel, seconds)
        put_facts(connection, tenant, [fact])


def _steps(connection: Connection, tenant: str, handoff_id: str) -> tuple[HandoffStep, ...]:
    mine = (handoff_steps.c.tenant == tenant, handoff_steps.c.handoff_id == handoff_id)
    rows = connection.execute(select(handoff_steps).where(*mine).order_by(handoff_steps.c.ordinal))
    return tuple(
        HandoffStep(HandoffEvent(row.event), HandoffState(row.state), row.person_id, row.reason, row.created_at)
        for row in rows
    )


def _detail(row: Row[Any]) -> HandoffDetail:
    return HandoffDetail(
        id=row.id,
        conversation_id=row.conversation_id,
        answer_id=row.answer_id,
        state=HandoffState(row.state),
        reason=row.reason,
        rule=row.rule,
        queue=row.queue,
        language=row.language,
        claimed_by=row.claimed_by or "",
        created_at=row.created_at,
        updated_at=row.updated_at,
        due_at=row.due_at,
        alarms=row.alarms,
    )
