"""How conversations close that nobody closes: what is assumed of silence, what was abandoned, what came back.

A conversation closes after 24 hours without a turn. Everything follows from facts and their moments, so that a
second look, or a late one, finds the same. Knows no words of customers, and no rate.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import zip_longest
from typing import Any

from sqlalchemy import Connection, func, or_, select

from openbook.stores import Database
from openbook.stores.facts import Fact, FactKind, facts_of_many, put_facts
from openbook.stores.properties import get_property, set_property
from openbook.stores.schema import facts

SILENCE = timedelta(hours=24)
"""So long a customer must say nothing for a conversation to close."""

RETURN_WITHIN = timedelta(days=7)
"""So long after it closed a conversation can be reopened; what comes later is a new need."""

MOST_AT_ONCE = 100
"""So many turns one call looks at, so that it holds up no customer's message."""

_IDS_AT_ONCE = 500

ANSWERS = frozenset({FactKind.ANSWERED, FactKind.ASKED_BACK, FactKind.ABSTAINED})
THUMBS = frozenset({FactKind.CONFIRMED, FactKind.REJECTED})
_BEGINS = frozenset({FactKind.HANDED_OVER, FactKind.REOPENED})
_HAS_PERSON = _BEGINS | {FactKind.CLAIMED, FactKind.REPLIED}
_ENDS = frozenset({FactKind.RETURNED, FactKind.RESOLVED, FactKind.EXPIRED})
_TURNS = tuple(sorted(kind.value for kind in ANSWERS | _BEGINS))
_MARK = "closed_until"
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)


def close_silent(database: Database, tenant: str, now: datetime) -> int:
    """Notes what silence says of conversations whose last turn has become old enough: a duty of the server's clock.

    Looks at turns in their order, each once, and at no more than `MOST_AT_ONCE` in a call; the rest is for the
    next. What is noted already is not noted again.

    Args:
        database: Where the facts are.
        tenant: Whose.
        now: The present moment.

    Returns:
        How many facts were written: ASSUMED, ABANDONED, REOPENED.
    """
    at, behind = _place(get_property(database, _MARK, tenant=tenant))
    with database.read() as connection:
        due = _turns_due(connection, tenant, at, behind, before=now - SILENCE)
    if not due:
        return 0
    conversations = list(dict.fromkeys(row.conversation_id for row in due))

    def work(connection: Connection) -> int:
        courses = facts_of_many(connection, tenant, conversations)
        missing = [fact for known in courses for fact in closing_facts(known, now=now)]
        put_facts(connection, tenant, missing)
        return len(missing)

    done = database.write(work)
    set_property(database, _MARK, f"{due[-1].created_at.isoformat()} {due[-1].id}", tenant=tenant)
    return done


def closing_facts(known: Sequence[Fact], *, now: datetime) -> list[Fact]:
    """What follows from the silences in one conversation and is not known of it yet.

    An answer that was sent, and then 24 hours without a turn or a thumb: ASSUMED. Asked back or abstained, and then
    the same: ABANDONED. Another turn within 7 days after it closed as confirmed or assumed: REOPENED, whose subject
    is the conversation. Where a person was asked for in the meantime, nothing: a hand-off does not end by silence.

    Args:
        known: Everything that happened in the conversation, oldest first.
        now: The present moment.
    """
    found: list[Fact] = []
    turns = [fact for fact in known if is_turn(fact)]
    for turn, following in zip_longest(turns, turns[1:]):
        closed_at = turn.at + SILENCE
        if closed_at > (following.at if following else now) or _with_person(known, turn.at, closed_at):
            continue
        found += _closed(turn, known, closed_at)
        if following and following.at - closed_at <= RETURN_WITHIN and (how := _helped(turn, known, following.at)):
            found.append(_fact(FactKind.REOPENED, turn.conversation_id, following, following.at, how))
    written = {_identity(fact) for fact in known}
    return [fact for fact in found if _identity(fact) not in written]


def is_turn(fact: Fact) -> bool:
    """Whether this is something that a customer's message came to: an answer of the bot, or a hand-off that began."""
    return fact.kind in ANSWERS or (fact.kind in _BEGINS and not is_return(fact))


def is_return(fact: Fact) -> bool:
    """Whether this is a closed conversation that came back, rather than a hand-off that did."""
    return fact.kind is FactKind.REOPENED and fact.subject == fact.conversation_id


def real_beginnings(known: Iterable[Fact]) -> list[Fact]:
    """Each time a hand-off began to wait, without those that the bot ended itself within the same need.

    A question typed in two messages can be handed over by its first half and answered by its second; the answer and
    the end of the hand-off then have the same moment, and no person was needed.

    Args:
        known: What happened, in one conversation or in many, oldest first.
    """
    events = [fact for fact in known if not is_return(fact)]
    answered = {(fact.conversation_id, fact.at) for fact in events if fact.kind is FactKind.ANSWERED}
    waiting: dict[str, Fact] = {}
    ended: set[Fact] = set()
    for fact in events:
        if fact.kind in _BEGINS:
            waiting[fact.subject] = fact
        elif fact.kind in _HAS_PERSON | _ENDS:
            begun = waiting.pop(fact.subject, None)
            if begun and fact.kind is FactKind.RETURNED and (fact.conversation_id, fact.at) in answered:
                ended.add(begun)
    return [fact for fact in events if fact.kind in _BEGINS and fact not in ended]


def begun_before(connection: Connection, tenant: str, conversations: Iterable[str], moment: datetime) -> set[str]:
    """Which of these conversations had a turn before a moment."""
    ids, found = list(conversations), set[str]()
    for first in range(0, len(ids), _IDS_AT_ONCE):
        these = facts.c.conversation_id.in_(ids[first : first + _IDS_AT_ONCE])
        query = (
            select(facts.c.conversation_id, func.min(facts.c.created_at, type_=facts.c.created_at.type))
            .where(facts.c.tenant == tenant, these, facts.c.kind.in_(_TURNS))
            .group_by(facts.c.conversation_id)
        )
        found.update(conversation for conversation, begun_at in connection.execute(query) if begun_at < moment)
    return found


def _closed(turn: Fact, known: Sequence[Fact], closed_at: datetime) -> Iterator[Fact]:
    if turn.kind is FactKind.ANSWERED:
        if not any(fact.kind in THUMBS and fact.subject == turn.subject for fact in known):
            yield _fact(FactKind.ASSUMED, turn.subject, turn, closed_at)
    elif turn.kind in ANSWERS:
        yield _fact(FactKind.ABANDONED, turn.subject, turn, closed_at)


def _helped(turn: Fact, known: Sequence[Fact], before: datetime) -> str:
    """How a conversation had closed whose last answer helped, as far as one knew then; empty where it had not."""
    if turn.kind is not FactKind.ANSWERED:
        return ""
    words = [fact for fact in known if fact.kind in THUMBS and fact.subject == turn.subject and fact.at <= before]
    if not words:
        return FactKind.ASSUMED.value
    return FactKind.CONFIRMED.value if words[-1].kind is FactKind.CONFIRMED else ""


def _with_person(known: Sequence[Fact], begin: datetime, end: datetime) -> bool:
    """Whether a hand-off was open at a moment, or anything happened to one up to another."""
    of_handoffs = [fact for fact in known if fact.kind in _HAS_PERSON | _ENDS and not is_return(fact)]
    earlier = [fact for fact in of_handoffs if fact.at <= begin]
    is_open = bool(earlier) and earlier[-1].kind in _HAS_PERSON
    return is_open or any(begin < fact.at <= end for fact in of_handoffs)


def _fact(kind: FactKind, subject: str, turn: Fact, at: datetime, reason: str = "") -> Fact:
    return Fact(kind, turn.conversation_id, subject, at, reason, turn.channel)


def _identity(fact: Fact) -> tuple[FactKind, str, datetime | None]:
    """What makes a second one the same: an answer is assumed once; a conversation may come back more than once."""
    return fact.kind, fact.subject, fact.at if is_return(fact) else None


def _place(mark: str) -> tuple[datetime, str]:
    at, _, behind = mark.partition(" ")
    return (datetime.fromisoformat(at), behind) if at else (_FIRST, "")


def _turns_due(connection: Connection, tenant: str, at: datetime, behind: str, *, before: datetime) -> Sequence[Any]:
    """The turns up to a moment that come behind a place in their order, by the index of their moments."""
    moment = facts.c.created_at
    query = (
        select(moment, facts.c.id, facts.c.conversation_id)
        .where(facts.c.tenant == tenant, moment >= at, moment <= before, or_(moment > at, facts.c.id > behind))
        .where(facts.c.kind.in_(_TURNS), facts.c.subject != facts.c.conversation_id)
        .order_by(moment, facts.c.id)
        .limit(MOST_AT_ONCE)
    )
    return connection.execute(query).all()
