"""Opening hours: when people are there, when they are there again, and how a customer is told so.

Spans are times on the wall clock of a zone and become moments in UTC day by day, so that a change to
or from summer time moves them as it moves the people. Knows no public holidays but those it is told.
"""

import difflib
import re
import zoneinfo
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from openbook.errors import SettingsError

EXAMPLE = "Mon-Fri 09:00-17:00, Sat 10:00-14:00"
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DASH = re.compile(r"\s*[-\u2010-\u2015]\s*")
_SPAN = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?-(\d{1,2})(?:[:.](\d{2}))?")
_DAY_MINUTES = 24 * 60
_WEEK_DAYS = 7

_NAMES = {
    "en": (
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
         "December"),
        ("today at {time}", "on {weekday} at {time}", "on {weekday}, {day} {month}, at {time}"),
    ),
    "de": (
        ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
        ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
         "Dezember"),
        ("heute um {time} Uhr", "am {weekday} um {time} Uhr", "am {weekday}, dem {day}. {month}, um {time} Uhr"),
    ),
}  # fmt: skip
"""Of each language: weekdays, months, and the phrases for today, within a week, and later."""


@dataclass(frozen=True, slots=True)
class Span:
    """A span of a weekday: minutes after midnight by the clock on the wall; above 1,440 on the day after.

    Attributes:
        weekday: 0 for Monday.
    """

    weekday: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """When people are there.

    Attributes:
        spans: Of a week, in no order; they may touch and overlap.
        zone: Whose clock the spans are on.
        closed_on: Days, from midnight to midnight there, on which nobody is there.
    """

    spans: tuple[Span, ...]
    zone: tzinfo
    closed_on: frozenset[date] = frozenset()

    def open_at(self, moment: datetime) -> bool:
        """Whether somebody is there: from the first moment of a span until just before its last."""
        day = moment.astimezone(self.zone).date()
        return any(start <= moment < end for start, end in self._openings(day - timedelta(days=1), days=3))

    def opens_next(self, after: datetime) -> datetime | None:
        """The first moment after `after` at which somebody comes, in UTC; None where nobody ever leaves, or comes.

        While somebody is there, it is the opening after the next closing.
        """
        first = after.astimezone(self.zone).date() - timedelta(days=2)
        days = _WEEK_DAYS * (len(self.closed_on) + 3)
        reached: datetime | None = None
        for start, end in self._openings(first, days=days):
            if start > after and (reached is None or start > reached):
                return start
            reached = end if reached is None else max(reached, end)
        return None

    def words(self, moment: datetime, language: str) -> str:
        """When somebody is there again after `moment`, for a customer, by the clock of the zone.

        Args:
            moment: The present moment.
            language: Such as "en" or "de-AT"; others than English and German get the date in ISO form.

        Returns:
            Such as "on Monday at 09:00"; empty where there is no next time.
        """
        opening = self.opens_next(moment)
        if opening is None:
            return ""
        then, now = opening.astimezone(self.zone), moment.astimezone(self.zone)
        names = _NAMES.get(re.split("[-_]", language.lower(), maxsplit=1)[0])
        if names is None:
            return then.isoformat(" ", "minutes")
        weekdays, months, phrases = names
        days = (then.date() - now.date()).days
        phrase = phrases[0] if days == 0 else phrases[1] if days < _WEEK_DAYS else phrases[2]
        return phrase.format(
            weekday=weekdays[then.weekday()], day=then.day, month=months[then.month - 1], time=f"{then:%H:%M}"
        )

    def _openings(self, first: date, *, days: int) -> Iterator[tuple[datetime, datetime]]:
        """Start and end in UTC of every span that begins on these days, in order of their starts."""
        for number in range(days):
            day = first + timedelta(days=number)
            if day in self.closed_on:
                continue
            last = _DAY_MINUTES if day + timedelta(days=1) in self.closed_on else 2 * _DAY_MINUTES
            today = sorted((span.start, min(span.end, last)) for span in self.spans if span.weekday == day.weekday())
            for start, end in today:
                begins, ends = _moment(day, start, self.zone, fold=0), _moment(day, end, self.zone, fold=1)
                if begins < ends:
                    yield begins, ends


def read_hours(text: str, timezone: str, closed_on: Iterable[str]) -> OpeningHours:
    """Reads the settings `handoff.hours`, `handoff.timezone` and `handoff.closed_on`.

    Args:
        text: Days and spans, such as "Mon-Fri 09:00-12:30 13:00-17:00, Sat 22:00-02:00" or "daily 08:00-20:00"; a
            span that ends before it begins goes on past midnight. Empty: every day, all day.
        timezone: A name of the tz database, such as "Europe/London", or "UTC".
        closed_on: Days such as "2026-12-25".

    Raises:
        SettingsError: One of them cannot be read; the text names the piece.
    """
    zone = _zone(timezone.strip())
    return OpeningHours(_spans(text), zone, frozenset(_date(day) for day in closed_on if day.strip()))


def _spans(text: str) -> tuple[Span, ...]:
    if not text.strip():
        return tuple(Span(day, 0, _DAY_MINUTES) for day in range(_WEEK_DAYS))
    found: list[Span] = []
    days: list[int] = []
    ended = True  # whether the next name of a day begins a new list of days
    piece = text
    for piece in re.findall(r"[^\s,;]+", _DASH.sub("-", text)):
        if piece[0].isdigit():
            if not days:
                raise _unreadable(piece, "no day stands before it")
            found += [Span(day, *_times(piece)) for day in days]
            ended = True
        else:
            days = _days(piece) if ended else days + _days(piece)
            ended = False
    if not ended or not found:
        raise _unreadable(piece, "no times follow it")
    return tuple(found)


def _days(piece: str) -> list[int]:
    if piece.lower() == "daily":
        return list(range(_WEEK_DAYS))
    names = [name.rstrip(".:").lower() for name in piece.split("-")]
    numbers = [number for name in names for number, day in enumerate(_DAYS) if len(name) > 1 and day.startswith(name)]
    if len(numbers) != len(names) or len(names) > 2:
        raise _unreadable(piece, "it is neither a day nor a span of times")
    length = (numbers[-1] - numbers[0]) % _WEEK_DAYS + 1
    return [(numbers[0] + step) % _WEEK_DAYS for step in range(length)]


def _times(piece: str) -> tuple[int, int]:
    match = _SPAN.fullmatch(piece)
    if match is None:
        raise _unreadable(piece, "it is no span of times")
    hours, minutes, last_hours, last_minutes = (int(number or 0) for number in match.groups())
    start, end = hours * 60 + minutes, last_hours * 60 + last_minutes
    if start >= _DAY_MINUTES or end > _DAY_MINUTES or max(minutes, last_minutes) > 59:
        raise _unreadable(piece, "there is no such time of day")
    if start == end:
        raise _unreadable(piece, "it begins and ends at the same time; all day is 00:00-24:00")
    return start, end if end > start else end + _DAY_MINUTES


def _unreadable(piece: str, why: str) -> SettingsError:
    return SettingsError(
        f"The setting handoff.hours cannot be read at {piece!r}: {why}.",
        fix=f"Write days and times like {EXAMPLE}, or daily 08:00-20:00; empty means always.",
    )


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise SettingsError(
            f"The setting handoff.closed_on names {text!r}, which is no day.", fix="Write each day like 2026-12-25."
        ) from error


def _zone(name: str) -> tzinfo:
    if name.upper() in ("", "UTC"):
        return UTC  # also where there is no tz database
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        known = zoneinfo.available_timezones()
        if not known:
            raise SettingsError(
                f"The setting handoff.timezone is {name!r}, and this machine has no tz database to look it up in.",
                fix="Install the PyPI package tzdata (`pip install tzdata`), or set handoff.timezone to UTC.",
            ) from error
        by_lower = {zone.lower(): zone for zone in known}
        near = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=0.6)
        mend = f"Did you mean {by_lower[near[0]]}?" if near else "Name one such as Europe/London."
        raise SettingsError(f"The setting handoff.timezone names {name!r}, which is no time zone.", fix=mend) from error


def _moment(day: date, minutes: int, zone: tzinfo, *, fold: int) -> datetime:
    """A time on the wall clock as a moment in UTC.

    Of an hour that the clock shows twice, `fold` chooses the first or the second; a time that it skips is the moment
    of the change (PEP 495: the two readings of a skipped time lie on either side of it).
    """
    days, rest = divmod(minutes, _DAY_MINUTES)
    wall = datetime.combine(day + timedelta(days=days), time(rest // 60, rest % 60))
    moment = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall:
        return moment
    before, after = sorted(wall.replace(tzinfo=zone, fold=side).astimezone(UTC) for side in (0, 1))
    offset = after.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after.replace(microsecond=0)
