"""What is told outside, what came of an attempt, and how an attempt is kept within its time.

Knows neither webhooks nor e-mail, and no words of anybody.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol, TypeVar

from openbook.hashing import hash_text
from openbook.stores.jobs import Job

T = TypeVar("T")

WAITS_SECONDS = (10.0, 30.0, 120.0, 600.0, 3_600.0, 21_600.0)
"""How long after each failure the next attempt is made; after the last one it has failed for good."""

_JITTER = 0.25
_LONGEST_WAIT_SECONDS = WAITS_SECONDS[-1]
_SLICE_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Told:
    """The words of a job, read when it is told.

    Attributes:
        subject: One line.
        text: For people: plain text of several lines.
        data: For programs: plain values.
        to: Whose e-mail address it goes to; empty: the one of the settings. Webhooks do not look at it.
    """

    subject: str
    text: str
    data: dict[str, Any] = field(default_factory=dict)
    to: str = ""


Tell = Callable[[str, dict[str, Any]], Told | None]
"""Makes the words of a tenant's job from its payload; None: what it was about is gone."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of an attempt.

    Attributes:
        problem: Why it was in vain, in words for the owner and without words of customers; empty: it was told.
        may_heal: Whether a later attempt may go better.
        wait_seconds: How long the receiver asks to wait; 0 where it asks nothing.
    """

    problem: str = ""
    may_heal: bool = True
    wait_seconds: float = 0.0


class Receiver(Protocol):
    """Who is told. Settings and nothing else: safe to use from several threads."""

    @property
    def longest_seconds(self) -> float:
        """No attempt takes longer."""
        ...

    def attempt(self, job: Job, told: Told, *, stopped: threading.Event) -> Attempt:
        """Tells it once.

        Raises:
            BrokenOff: `stopped` was set meanwhile.
        """
        ...


class BrokenOff(Exception):
    """The server stops; nobody knows whether it was told."""


class TimeIsOver(Exception):
    """The attempt took longer than it may."""


def next_wait(job: Job, attempt: Attempt) -> timedelta | None:
    """How long to wait after an attempt in vain; None: it failed for good.

    Each wait is longer than the one before, with up to a quarter added by the job's own name, so that jobs that
    failed together do not come back together, and a test can say when they do.
    """
    if not attempt.may_heal or job.attempts >= len(WAITS_SECONDS):
        return None
    chance = int(hash_text(f"{job.id}:{job.attempts}")[:8], 16) / 0xFFFFFFFF
    seconds = WAITS_SECONDS[job.attempts] * (1 + _JITTER * chance)
    return timedelta(seconds=max(seconds, min(attempt.wait_seconds, _LONGEST_WAIT_SECONDS)))


def within(
    seconds: float, work: Callable[[], T], *, stopped: threading.Event, cut: Callable[[], None] = lambda: None
) -> T:
    """Runs `work` on a thread of its own and waits no longer than it may take: the one clock that no receiver moves.

    Looking up a name, signing in and slow drips of bytes have no common time limit anywhere below.

    Args:
        seconds: The longest it may take.
        work: What is done. When its time is over, its thread is left behind and ends by itself.
        stopped: Ends the waiting.
        cut: Called when the waiting ends before the work, to let it end sooner.

    Raises:
        TimeIsOver: It took too long.
        BrokenOff: `stopped` was set.
        Exception: Whatever `work` raised.
    """
    outcome: list[tuple[T | None, BaseException | None]] = []
    ended = threading.Event()

    def run() -> None:
        try:
            outcome.append((work(), None))
        except BaseException as error:
            outcome.append((None, error))
        ended.set()

    threading.Thread(target=run, name="openbook-attempt", daemon=True).start()
    deadline = time.monotonic() + seconds
    while not ended.wait(min(_SLICE_SECONDS, max(0.0, deadline - time.monotonic()))):
        if stopped.is_set() or time.monotonic() >= deadline:
            cut()
            raise BrokenOff if stopped.is_set() else TimeIsOver
    [(result, failure)] = outcome
    if failure is not None:
        raise failure
    return result  # type: ignore[return-value]
