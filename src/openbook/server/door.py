"""What every route works with, and how a request becomes known to it."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, TypeVar

from openbook.desk import Desk
from openbook.desk.doorkeeping import Doorkeeper
from openbook.server.attempts import Attempts
from openbook.server.guests import ANYBODY, Guest, identify, is_anonymous
from openbook.server.hub import Hub
from openbook.server.metrics import Metrics
from openbook.server.problems import Problem, problem_response
from openbook.server.readings import Readings
from openbook.server.streaming import Pool
from openbook.server.visitors import Visitors
from openbook.types import Answer, AskRequest, Event

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

T = TypeVar("T")

_READERS = 4
_WAITING_A_TURN = 16
_CHORES_WAITING = 32
_LONG_AT_ONCE = 2
_LONG_WAITING = 8


@dataclass(frozen=True, slots=True)
class Door:
    """A desk as the server holds it.

    Attributes:
        turns: Where questions are answered and searches made.
        reads: Where short looks into the database happen.
        chores: Where knowledge is changed, one change at a time.
        long: Where work is done that may take minutes: reading sources, trying edits out.
        readings: What is being read.
        hub: Where streams hear what happens in conversations.
        visitors: Who visitors are, and what they may still spend.
        closing: Set when the server stops.
    """

    desk: Desk
    doorkeeper: Doorkeeper
    turns: Pool
    reads: Pool
    chores: Pool
    long: Pool
    readings: Readings
    closing: threading.Event
    metrics: Metrics
    attempts: Attempts
    hub: Hub
    visitors: Visitors

    async def guest(self, request: "Request") -> Guest:
        """Who sent a request."""
        if is_anonymous(request):
            return ANYBODY
        return await self.reads.run(lambda: identify(self.doorkeeper, request))

    async def read(self, work: Callable[[], T]) -> T:
        """Does a short piece of reading on a worker."""
        return await self.reads.run(work)

    def turn(self, request: AskRequest) -> Iterator[Event]:
        """The events of one turn, counted. To be run on a worker of `turns`."""
        started = perf_counter()
        for event in self.desk.ask_events(request):
            if event.name == "recorded":
                self.metrics.count_turn(event.data.decision, perf_counter() - started)
            yield event

    async def answer(self, request: AskRequest) -> Answer:
        """One answer: the last event of a turn."""

        def last() -> Answer:
            *_, event = self.turn(request)
            answer: Answer = event.data
            return answer

        return await self.turns.run(last)

    def refuse(self, problem: Problem) -> "Response":
        """A problem as a response, counted."""
        self.metrics.count_error(problem.code)
        return problem_response(problem)

    def stop(self) -> None:
        """Begins no long work from now on, and ends what is under way."""
        self.closing.set()
        self.readings.stop()

    def close(self) -> None:
        """Lets every worker finish what it has, and those with long work end it."""
        self.stop()
        for pool in (self.turns, self.reads, self.chores, self.long):
            pool.close()


def open_door(desk: Desk, *, turns: int) -> Door:
    """Everything that routes need, for a desk that this process holds."""
    closing = threading.Event()
    return Door(
        desk=desk,
        doorkeeper=desk.doorkeeper,
        turns=Pool("turns", workers=turns, waiting=_WAITING_A_TURN * turns),
        reads=Pool("reads", workers=_READERS, waiting=16 * _READERS),
        chores=Pool("changes", workers=1, waiting=_CHORES_WAITING),
        long=Pool("long work", workers=_LONG_AT_ONCE, waiting=_LONG_WAITING),
        readings=Readings(desk, closing=closing),
        closing=closing,
        metrics=Metrics(),
        attempts=Attempts(),
        hub=Hub(desk.parts.bulletin),
        visitors=Visitors(desk.parts.database, desk.settings.values.widget),
    )
