"""What figures are given in: a value with its interval, or an interval alone.

Knows no formula; each has its own file beside this one.
"""

from dataclasses import dataclass

from openbook.types import Record


@dataclass(frozen=True, slots=True)
class Metric(Record):
    """A figure with its 95 % interval and the number of cases it rests on."""

    name: str
    value: float
    low: float
    high: float
    cases: int


@dataclass(frozen=True, slots=True)
class Interval(Record):
    """Both ends of an interval; not a number where it is undefined."""

    low: float
    high: float
