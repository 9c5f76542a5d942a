"""The honest numbers of a period, counted from facts when somebody asks and never stored.

All rates are of one cohort: the conversations that began in the period. What each number means stands in
`openbook.types.stats`. Knows no page, and no word of a customer.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Concatenate, ParamSpec, Protocol, TypeVar

import numpy as np

from openbook.conversation.outcomes import ANSWERS, SILENCE, THUMBS, begun_before, is_return, is_turn, real_beginnings
from openbook.desk.parts import Parts
from openbook.errors import UserError
from openbook.evals.metrics import wilson
from openbook.stores.facts import Fact, FactKind, facts_between
from openbook.stores.handoffs import list_handoffs
from openbook.types import MAIN_TENANT, HandoffDetail, HandoffState, utc_now
from openbook.types.stats import FEW, MEANING, OUTCOMES, HandoffNumbers, Rate, Spread, Stats, Tally

USUAL_DAYS = 30
MOST_DAYS = 366
_DAY = timedelta(days=1)
_MOST_OPEN = 100_000
_FIRST_YEAR = 2000
_PLAIN_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Course:
    """What is counted of one conversation.

    Attributes:
        known: Everything that happened in it, oldest first.
        begun_at: Its first turn.
        channel: Where it was held; empty where nobody noted it.
        young: Whether it is too early to tell.
        answered: Whether an answer was sent.
        outcome: One of `OUTCOMES`.
    """

    known: tuple[Fact, ...]
    begun_at: datetime
    channel: str
    young: bool
    answered: bool
    outcome: str


def stats(parts: Parts, tenant: str, since: datetime, until: datetime) -> Stats:
    """The numbers of a period, as they are known now."""
    now = utc_now()
    with parts.database.read() as connection:
        happened = facts_between(connection, tenant, since, max(until, now))
        seen = {fact.conversation_id for fact in happened if is_turn(fact)}
        older = begun_before(connection, tenant, sorted(seen), since)
        still_open = list_handoffs(connection, tenant, limit=_MOST_OPEN)
    return numbers_of(happened, older, still_open, since=since, until=until, now=now)


NUMBER_VERBS = (stats,)


def numbers_of(
    happened: Sequence[Fact],
    older: set[str],
    still_open: Sequence[HandoffDetail],
    *,
    since: datetime,
    until: datetime,
    now: datetime,
) -> Stats:
    """Counts.

    Args:
        happened: Everything that happened since the period began, until now, oldest first.
        older: Conversations among these that began before the period.
        still_open: The hand-offs that are open now.
        since: When the period begins.
        until: When it ends.
        now: The present moment.
    """
    every = courses(happened, older, until=until, now=now)
    total = _tally("", every)
    facts = [fact for course in every for fact in course.known]
    thumbs = _thumbs(facts)
    ups = sum(kind is FactKind.CONFIRMED for kind in thumbs.values())
    rates = {name: rate(getattr(total, name), total.closed) for name in ("answered", *OUTCOMES)}
    answers = Counter(fact.kind for fact in facts)
    return Stats(
        since=since,
        until=until,
        counted_at=now,
        total=total,
        rates=rates | {"helpful": rate(ups, len(thumbs))},
        answers={
            "sent": answers[FactKind.ANSWERED],
            "asked_back": answers[FactKind.ASKED_BACK],
            "abstained": answers[FactKind.ABSTAINED],
        },
        thumbs={"up": ups, "down": len(thumbs) - ups},
        answer_time=spread([fact.seconds for fact in facts if fact.kind in ANSWERS], percentile=95),
        handoffs=_handoffs(facts, still_open),
        leads=_count(happened, FactKind.LEAD, until),
        corrections=_count(happened, FactKind.CORRECTED, until),
        by_day=_by_day(every, since, until),
        by_channel=_by_channel(every),
        meaning=dict(MEANING),
    )


def courses(happened: Iterable[Fact], older: set[str], *, until: datetime, now: datetime) -> list[Course]:
    """The conversations that began before `until` and are no older ones, in the order of their beginnings."""
    by_conversation: dict[str, list[Fact]] = defaultdict(list)
    for fact in happened:
        if fact.conversation_id not in older:
            by_conversation[fact.conversation_id].append(fact)
    found = []
    for known in by_conversation.values():
        turns = [fact for fact in known if is_turn(fact)]
        if turns and turns[0].at < until:
            found.append(_course(tuple(known), turns, now))
    return sorted(found, key=lambda course: course.begun_at)


def rate(count: int, cases: int) -> Rate:
    """A share with its interval, and whether there are enough cases to say anything."""
    if not cases:
        return Rate(count, cases, None, None, None, firm=False)
    ends = wilson(count, cases)
    return Rate(count, cases, count / cases, ends.low, ends.high, firm=cases >= FEW)


def spread(seconds: Iterable[float | None], *, percentile: int, without: int = 0) -> Spread:
    """The median and a high percentile of times, by linear interpolation; those that are None do not count."""
    times = [value for value in seconds if value is not None]
    if not times:
        return Spread(None, None, percentile, 0, without, firm=False)
    median, high = np.quantile(times, [0.5, percentile / 100]).tolist()
    return Spread(median, high, percentile, len(times), without, firm=len(times) >= FEW)


def _course(known: tuple[Fact, ...], turns: Sequence[Fact], now: datetime) -> Course:
    return Course(
        known=known,
        begun_at=turns[0].at,
        channel=next((fact.channel for fact in turns if fact.channel), ""),
        young=now - turns[-1].at < SILENCE,
        answered=any(fact.kind is FactKind.ANSWERED for fact in turns),
        outcome=_outcome(known, turns),
    )


def _outcome(known: Sequence[Fact], turns: Sequence[Fact]) -> str:
    """What became of a conversation; the first that fits, the least flattering first."""
    if real_beginnings(known):
        return "handed_over"
    if any(is_return(fact) for fact in known):
        return "reopened"
    said = [fact for fact in turns if fact.kind in ANSWERS]
    last, kept = said[-1].subject, _last_kept(said)
    thumbs, words = _thumbs(known), [fact.kind for fact in known if fact.kind in THUMBS]
    if FactKind.REJECTED in (thumbs.get(last), *words[-1:]):
        return "rejected"
    if thumbs.get(kept) is FactKind.CONFIRMED:
        return "confirmed"
    signs = {fact.kind for fact in known if fact.subject == last}
    return next((kind.value for kind in (FactKind.ASSUMED, FactKind.ABANDONED) if kind in signs), "unknown")


def _last_kept(said: Sequence[Fact]) -> str:
    """The last answer that a thumb can stand for: a "thanks" after it, to which the bot had nothing to say, is none."""
    meant = [fact for fact in said if fact.kind is not FactKind.ABSTAINED]
    return meant[-1].subject if meant else ""


def _thumbs(facts: Iterable[Fact]) -> Mapping[str, FactKind]:
    """The last thumb of each answer that has one; facts come oldest first, at least those of one conversation."""
    return {fact.subject: fact.kind for fact in facts if fact.kind in THUMBS}


def _tally(name: str, some: Sequence[Course]) -> Tally:
    closed = [course for course in some if not course.young]
    outcomes = Counter(course.outcome for course in closed)
    return Tally(
        name=name,
        conversations=len(some),
        young=len(some) - len(closed),
        answered=sum(course.answered for course in closed),
        **{outcome: outcomes[outcome] for outcome in OUTCOMES},
    )


def _by_day(every: Iterable[Course], since: datetime, until: datetime) -> tuple[Tally, ...]:
    days: dict[date, list[Course]] = {}
    day = since.astimezone(UTC).date()
    while datetime.combine(day, time(), UTC) < until:
        days[day] = []
        day += _DAY
    for course in every:
        days[course.begun_at.astimezone(UTC).date()].append(course)
    return tuple(_tally(day.isoformat(), some) for day, some in days.items())


def _by_channel(every: Iterable[Course]) -> tuple[Tally, ...]:
    channels: dict[str, list[Course]] = defaultdict(list)
    for course in every:
        channels[course.channel].append(course)
    ordered = sorted(channels.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(_tally(name, some) for name, some in ordered)


def _count(happened: Iterable[Fact], kind: FactKind, until: datetime) -> int:
    return sum(fact.kind is kind and fact.at < until for fact in happened)


def _handoffs(facts: Sequence[Fact], still_open: Sequence[HandoffDetail]) -> HandoffNumbers:
    began = real_beginnings(facts)
    opened = {fact.subject for fact in began}
    reasons = Counter(fact.reason for fact in began)
    states = Counter(detail.state for detail in still_open)

    def until_first(*kinds: FactKind) -> Spread:
        first: dict[str, float | None] = {}
        for fact in facts:
            if fact.kind in kinds and fact.subject in opened:
                first.setdefault(fact.subject, fact.seconds)
        return spread(first.values(), percentile=90, without=len(opened) - len(first))

    return HandoffNumbers(
        opened=len(opened),
        reopened=len(began) - len(opened),
        alarms=sum(fact.kind is FactKind.ALARMED and fact.subject in opened for fact in facts),
        reasons=dict(sorted(reasons.items(), key=lambda item: (-item[1], item[0]))),
        until_claimed=until_first(FactKind.CLAIMED, FactKind.REPLIED),
        until_replied=until_first(FactKind.REPLIED),
        until_resolved=until_first(FactKind.RESOLVED),
        waiting_now=sum(count for state, count in states.items() if state.waits),
        claimed_now=states[HandoffState.CLAIMED],
        replied_now=states[HandoffState.REPLIED],
    )


# ------------------------------------------------------------------ the period


def period(*, days: int = USUAL_DAYS, since: str = "", until: str = "", now: datetime) -> tuple[datetime, datetime]:
    """The beginning and the end of a period of whole days in UTC; today is cut off where it is now.

    Args:
        days: So many days up to `until`; not used where `since` is given.
        since: The first day, such as 2026-03-01; empty to count from the last one.
        until: The last day, which is in the period; empty for today.
        now: The present moment.

    Raises:
        UserError: A day cannot be read or is in the future, or the period is empty or too long.
    """
    last = _day(until, "until") if until else now.date()
    if not since and not 1 <= days <= MOST_DAYS:
        raise UserError(f"A period of {days} days cannot be counted.", fix=f"Ask for 1 to {MOST_DAYS} days.")
    first = _day(since, "since") if since else last - (days - 1) * _DAY
    if first > last or first > now.date():
        raise UserError(
            f"The period from {first} to {last} has no day in it yet.",
            fix="Name a first day that is not after the last.",
        )
    if (last - first).days >= MOST_DAYS:
        raise UserError(
            f"The period from {first} to {last} is too long.",
            fix=f"Ask for {MOST_DAYS} days at most, one after another.",
        )
    begin, end = (datetime.combine(day, time(), UTC) for day in (first, last))
    return begin, min(end + _DAY, now)


def _day(written: str, name: str) -> date:
    with suppress(ValueError):
        if _PLAIN_DAY.fullmatch(written) and (day := date.fromisoformat(written)).year >= _FIRST_YEAR:
            return day
    raise UserError(f"`{name}` is {written[:40]!r}, which is no day.", fix="Write a day as 2026-03-01.")


class NumberVerbs(Protocol):
    """One method a verb; `Desk` says where each is done."""

    def _do(self, verb: Callable[Concatenate[Parts, P], T], *_: P.args, **arguments: P.kwargs) -> T:
        """Does a verb here, or has the process do it that holds the folder."""
        ...

    def stats(self, *, days: int = USUAL_DAYS, since: str = "", until: str = "", tenant: str = MAIN_TENANT) -> Stats:
        """What became of the conversations that began in a period, with intervals and the meaning of each number.

        Args:
            days: So many days up to `until`; not used where `since` is given.
            since: The first day in UTC, such as 2026-03-01; empty to count from the last one.
            until: The last day, which is in the period; empty for today.
            tenant: Whose conversations.

        Raises:
            UserError: A day cannot be read or is in the future, or the period is empty or too long.
        """
        begin, end = period(days=days, since=since, until=until, now=utc_now())
        return self._do(stats, tenant=tenant, since=begin, until=end)
