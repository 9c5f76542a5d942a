"""The list of hand-offs as operators look through it: who waits longest, whose is it, which holds these words.

Reads only. Words are looked for in the texts of conversations and nowhere else.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, exists, func, or_, select

from openbook.stores.conversations import conversations_by_id
from openbook.stores.handoffs import count_open
from openbook.stores.schema import handoff_steps, handoffs, keys, messages, people, receipts, texts
from openbook.stores.texts import get_texts, storable
from openbook.types.correction import InboxList, InboxQuery, InboxRow
from openbook.types.handoff import HandoffDetail, HandoffEvent, HandoffState

MOST_WORDS = 6
LOOKED_THROUGH = 10_000
"""Words are looked for in so many of the newest hand-offs, so that no search takes long."""

_WAITS = [state.value for state in HandoffState if state.waits]
_BEGINS = (HandoffEvent.OPEN.value, HandoffEvent.REOPEN.value)
_RANK = {HandoffState.CLAIMED: 1, HandoffState.REPLIED: 2}
_ESCAPE = "\\"


def list_inbox(connection: Connection, tenant: str, wanted: InboxQuery) -> InboxList:
    """Hand-offs: those that wait first, the longest waiting first among them; then those that somebody has."""
    query = _narrowed(select(handoffs).where(handoffs.c.tenant == tenant), tenant, wanted)
    waits = handoffs.c.state.in_(_WAITS)
    rank = case((waits, 0), (handoffs.c.state == "claimed", 1), (handoffs.c.state == "replied", 2), else_=3)
    oldest = case((waits, handoffs.c.created_at), else_=None)
    ordered = query.order_by(rank, oldest, handoffs.c.updated_at.desc(), handoffs.c.id).limit(wanted.limit + 1)
    found = [_detail(row) for row in connection.execute(ordered)]
    rows = _rows(connection, tenant, found[: wanted.limit])
    beyond = bool(wanted.words) and _count(connection, tenant) > LOOKED_THROUGH
    return InboxList(rows, count_open(connection, tenant), len(found) > wanted.limit or beyond)


def staff_names(connection: Connection, tenant: str, ids: Iterable[str]) -> dict[str, str]:
    """What the people and API keys of these ids are called today; those that nobody knows are left out."""
    wanted = sorted({identifier for identifier in ids if identifier})
    if not wanted:
        return {}
    persons = select(people.c.id, people.c.name, people.c.email).where(
        people.c.tenant == tenant, people.c.id.in_(wanted)
    )
    named = select(keys.c.id, keys.c.name).where(keys.c.tenant == tenant, keys.c.id.in_(wanted))
    found = {row.id: row.name or row.email for row in connection.execute(persons)}
    return found | {row.id: row.name for row in connection.execute(named)}


def _narrowed(query: Select[Any], tenant: str, wanted: InboxQuery) -> Select[Any]:
    if wanted.states:
        query = query.where(handoffs.c.state.in_(wanted.states))
    if wanted.queue:
        query = query.where(handoffs.c.queue == storable(wanted.queue))
    if wanted.holder:
        query = query.where(handoffs.c.claimed_by == wanted.holder)
    if words := storable(wanted.words).split()[:MOST_WORDS]:
        newest = (
            select(handoffs.c.id)
            .where(handoffs.c.tenant == tenant)
            .order_by(handoffs.c.created_at.desc())
            .limit(LOOKED_THROUGH)
        )
        query = query.where(handoffs.c.id.in_(newest), *(_said(tenant, word) for word in words))
    return query


def _said(tenant: str, word: str) -> ColumnElement[bool]:
    """Whether a word stands in a conversation's texts, or is the id of something about it."""
    patterns = {f"%{_escaped(spelt)}%" for spelt in _spellings(word)}
    body = or_(*(texts.c.body.like(pattern, escape=_ESCAPE) for pattern in sorted(patterns)))
    stands = exists().where(and_(texts.c.tenant == tenant, texts.c.owner == handoffs.c.conversation_id, body))
    return or_(
        stands, *(column == word for column in (handoffs.c.id, handoffs.c.conversation_id, handoffs.c.answer_id))
    )


def _spellings(word: str) -> set[str]:
    """A word in small and in large letters: the database compares only those of English without regard to case."""
    return {word} if word.isascii() else {word, word.lower(), word.upper(), word.capitalize()}


def _escaped(word: str) -> str:
    for sign in (_ESCAPE, "%", "_"):
        word = word.replace(sign, _ESCAPE + sign)
    return word


def _count(connection: Connection, tenant: str) -> int:
    query = select(func.count()).select_from(handoffs).where(handoffs.c.tenant == tenant)
    return int(connection.execute(query).scalar_one())


def _rows(connection: Connection, tenant: str, found: Sequence[HandoffDetail]) -> tuple[InboxRow, ...]:
    told = conversations_by_id(connection, tenant, [detail.conversation_id for detail in found])
    questions = _questions(connection, tenant, found)
    holders = staff_names(connection, tenant, {detail.claimed_by for detail in found})
    begun = _begun(connection, tenant, [detail.id for detail in found if detail.state.waits])
    rows = []
    for detail in found:
        about = told.get(detail.conversation_id)
        rows.append(
            InboxRow(
                handoff=detail,
                name=about.name if about else "",
                question=questions.get(detail.id),
                holder=holders.get(detail.claimed_by, detail.claimed_by),
                since=begun.get(detail.id, detail.created_at if detail.state.waits else detail.updated_at),
            )
        )
    return tuple(sorted(rows, key=_place))


def _place(row: InboxRow) -> tuple[int, float]:
    """Who waits longest comes first; of those that somebody has, the one in which something happened last."""
    state, moment = row.handoff.state, row.since.timestamp()
    return (0, moment) if state.waits else (_RANK.get(state, 3), -moment)


def _begun(connection: Connection, tenant: str, ids: Collection[str]) -> dict[str, datetime]:
    """When each of these began to wait, the last time that it did."""
    query = (
        select(handoff_steps.c.handoff_id, func.max(handoff_steps.c.created_at).label("begun"))
        .where(
            handoff_steps.c.tenant == tenant,
            handoff_steps.c.handoff_id.in_(list(ids)),
            handoff_steps.c.event.in_(_BEGINS),
        )
        .group_by(handoff_steps.c.handoff_id)
    )
    return {row.handoff_id: row.begun for row in connection.execute(query)}


def _questions(connection: Connection, tenant: str, found: Sequence[HandoffDetail]) -> dict[str, str]:
    """What was asked, by hand-off: the question of its answer, or else what the customer said last."""
    asked = select(receipts.c.id, receipts.c.question_hash).where(
        receipts.c.tenant == tenant, receipts.c.id.in_([one.answer_id for one in found if one.answer_id])
    )
    hashes = {row.id: row.question_hash for row in connection.execute(asked)}
    rest = [one.conversation_id for one in found if one.answer_id not in hashes]
    said = dict(_last_said(connection, tenant, rest)) if rest else {}
    wanted = {
        one.id: (one.conversation_id, digest)
        for one in found
        if (digest := hashes.get(one.answer_id) or said.get(one.conversation_id))
    }
    words = get_texts(connection, tenant, wanted.values())
    return {identifier: words[key] for identifier, key in wanted.items() if key in words}


def _last_said(connection: Connection, tenant: str, conversation_ids: Sequence[str]) -> list[tuple[str, str]]:
    """The hash of what the customer said last in each of these conversations."""
    theirs = (
        messages.c.tenant == tenant,
        messages.c.conversation_id.in_(list(conversation_ids)),
        messages.c.author == "customer",
    )
    last = (
        select(messages.c.conversation_id, func.max(messages.c.ordinal).label("ordinal"))
        .where(*theirs)
        .group_by(messages.c.conversation_id)
        .subquery()
    )
    query = (
        select(messages.c.conversation_id, messages.c.text_hash)
        .join(last, (last.c.conversation_id == messages.c.conversation_id) & (last.c.ordinal == messages.c.ordinal))
        .where(*theirs)
    )
    return [(row.conversation_id, row.text_hash) for row in connection.execute(query)]


def _detail(row: Any) -> HandoffDetail:
    shown = {name: getattr(row, name) for name in HandoffDetail.__dataclass_fields__ if name != "steps"}
    detail = HandoffDetail(**shown)
    return replace(detail, state=HandoffState(row.state), claimed_by=row.claimed_by or "")
