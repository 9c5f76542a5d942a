"""One axis of a plot: which values it spans, where they lie in the drawing, which of them are named.

Ticks are multiples of 1, 2 or 5 times a power of ten (Heckbert, "Nice numbers for graph labels",
Graphics Gems, 1990). Knows nothing of what is drawn along it.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from openbook.evals.pages.words import Kind, say

Range = tuple[float, float]
_STEPS = 5
_LARGEST, _FINEST = 1e150, 1e-9
"""Beyond these, places can no longer be reckoned."""


@dataclass(frozen=True, slots=True)
class Scale:
    """From values to places.

    Attributes:
        label: What is measured along it.
        low: The value at `start`; less than `high`.
        high: The value at `end`.
        kind: How its values are written.
        start: Where the axis begins, in units of the drawing.
        end: Where it ends; less than `start` where the axis goes upwards.
    """

    label: str
    low: float
    high: float
    kind: Kind
    start: float
    end: float

    def at(self, value: float) -> float:
        """The place of a value; one beyond an end lies at that end."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)

    def say(self, value: float) -> str:
        """A value as it is written along this axis."""
        return say(value, self.kind)

    def ticks(self) -> tuple[float, ...]:
        """The values to name, rising, all within the axis."""
        step = nice_step((self.high - self.low) / _STEPS)
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        return tuple(round(number * step, 12) for number in range(first, last + 1))


def nice_step(rough: float) -> float:
    """The least of 1, 2 and 5 times a power of ten that is not below `rough`."""
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * (1 - 1e-9))


def spanned(values: Iterable[float], wanted: Range | None) -> Range:
    """The ends of an axis: those wanted if they are in order, else those that hold every value.

    One value alone gets room on both sides; without any value the axis runs from 0 to 1. Values too large to
    reckon with have no say.
    """
    if wanted is not None and all(map(math.isfinite, wanted)) and wanted[0] < wanted[1]:
        return wanted
    known = [value for value in values if abs(value) < _LARGEST]
    if not known:
        return 0.0, 1.0
    low, high = min(known), max(known)
    if high - low <= _FINEST * max(abs(low), abs(high), _FINEST):
        room = max(abs(low) / 2, 0.5)
        return low - room, high + room
    step = nice_step((high - low) / _STEPS)
    return math.floor(low / step) * step, math.ceil(high / step) * step
