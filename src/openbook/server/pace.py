"""Says how far long work is, and how long the rest will take by the pace so far."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from openbook.types import Progress, Record


@dataclass(frozen=True, slots=True)
class Step(Record):
    """How far long work is.

    Attributes:
        done: How many units are done; `total` of them are known by now (0: unknown).
        detail: What is at hand, such as a path.
        seconds_left: By the pace so far; None as long as nobody can tell.
    """

    done: int = 0
    total: int = 0
    unit: str = ""
    detail: str = ""
    seconds_left: int | None = None

    @property
    def words(self) -> str:
        """As people say it: "40 of 120 files, about 12 seconds left"."""
        if not self.done:
            return "Beginning …"
        known = f"{self.done:,} of {self.total:,} {self.unit}" if self.total else f"{self.done:,} {self.unit}"
        return known if self.seconds_left is None else f"{known}, {time_left(self.seconds_left)}"


BEGINNING = Step()
"""Nothing is done yet."""


class Pace:
    """Turns progress into steps. Work of another unit begins anew.

    Args:
        clock: Seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._unit = ""
        self._done = 0
        self._since = clock()

    def step(self, progress: Progress) -> Step:
        """The next step."""
        now = self._clock()
        if self._unit not in ("", progress.unit) or progress.done < self._done:
            self._since, self._done = now, progress.done
        self._unit = progress.unit
        return Step(progress.done, progress.total, progress.unit, progress.detail, self._left(progress, now))

    def _left(self, progress: Progress, now: float) -> int | None:
        done, seconds = progress.done - self._done, now - self._since
        if done <= 0 or seconds <= 0 or progress.total < progress.done:
            return None
        return math.ceil((progress.total - progress.done) * seconds / done)


def time_left(seconds: int) -> str:
    """A time as people say it: "about 2 minutes left"."""
    if seconds < 1:
        return "nearly done"
    if seconds < 90:
        return f"about {seconds} second{'s' * (seconds > 1)} left"
    minutes = round(seconds / 60)
    return f"about {minutes} minutes left" if minutes < 90 else f"about {round(seconds / 3600)} hours left"
