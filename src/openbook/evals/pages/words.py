"""Figures as people write them; what is not a number is a dash.

Knows no page: the filters of the templates and the descriptions of the plots say figures with these.
"""

import math
from datetime import UTC, datetime
from typing import Literal

Kind = Literal["percent", "number", "milliseconds", "micro_usd"]
UNKNOWN = "–"
_GAP = "\u00a0"


def say(value: float | None, kind: Kind) -> str:
    """A figure in words; `kind` says what it is counted in."""
    sayings = {"percent": percent, "number": number, "milliseconds": milliseconds, "micro_usd": money}
    return sayings[kind](value)


def percent(value: float | None) -> str:
    """A share in hundredths: "62 %"; tenths where whole ones would say none or all: "0.4 %", "99.6 %"."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    hundredths = 100 * value
    near_edge = 0 < hundredths < 0.95 or 99.05 < hundredths < 100
    return f"{hundredths:.{1 if near_edge else 0}f}{_GAP}%"


def number(value: float | None) -> str:
    """A number to three digits, whole from a thousand on: "0.125", "12.5", "1,200"."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def milliseconds(value: float | None) -> str:
    """A stretch of time: "240 ms", "1.4 s"."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    return f"{value / 1000:.3g}{_GAP}s" if abs(value) >= 1000 else f"{value:.3g}{_GAP}ms"


def money(value: float | None) -> str:
    """Millionths of a dollar as dollars: "0.0012 USD"."""
    return UNKNOWN if value is None or not math.isfinite(value) else f"{number(value / 1e6)}{_GAP}USD"


def interval(low: float | None, high: float | None, kind: Kind = "percent") -> str:
    """Two ends in words: "55 % to 69 %"; a dash where one is not known."""
    ends = say(low, kind), say(high, kind)
    return UNKNOWN if UNKNOWN in ends else " to ".join(ends)


def count(amount: int, one: str) -> str:
    """An amount with its noun: "1 question", "1,200 questions"."""
    return f"{amount:,}{_GAP}{one}{'' if amount == 1 else 's'}"


def moment(value: datetime) -> str:
    """A time in words, in UTC: "4 June 2026, 14:05 UTC"; one without a zone is taken as UTC."""
    known = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return f"{known.day} {known:%B %Y, %H:%M} UTC"
