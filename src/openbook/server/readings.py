"""What is being read right now, how far that is, and what the last reading of each place brought.

Whoever starts a reading, a route, a page or the schedule, starts it here, so that every page can
show it. In memory: a restart forgets it, and nothing is lost, since sources keep their own notice.
"""

import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from openbook.desk import Desk
from openbook.errors import Busy, OpenbookError
from openbook.search.places import is_address
from openbook.search.sites import start_address
from openbook.server.faults import noted
from openbook.server.pace import BEGINNING, Pace, Step
from openbook.server.problems import Problem, problem_of
from openbook.stores.tenants import list_tenants
from openbook.types import FileOutcome, Progress, ProgressListener, Source, SyncReport, utc_now
from openbook.types.sync import OUTCOMES

Place = tuple[str, str]
"""A tenant and a location, as it is stored."""
StepListener = Callable[[Step], None]

_MOST_REMEMBERED = 200
_MOST_FILES = 50
_NOTABLE = ("skipped", "waiting")


@dataclass(frozen=True, slots=True)
class Brought:
    """What the last reading of a place came to.

    Attributes:
        counts: How many documents had each outcome; outcomes that none had are left out.
        files: The first of those that a person should look at.
        problem: Why it failed, if it did.
    """

    at: datetime
    counts: dict[str, int]
    files: tuple[FileOutcome, ...] = ()
    notices: tuple[str, ...] = ()
    problem: Problem | None = None

    @classmethod
    def of(cls, report: SyncReport) -> "Brought":
        """What a report says."""
        counts: dict[str, int] = {name: report.count(name) for name in OUTCOMES if report.count(name)}
        notable = tuple(file for file in report.files if file.outcome in _NOTABLE)
        return cls(utc_now(), counts, notable[:_MOST_FILES], report.notices)


def unseen(_: Step) -> None:
    """Listens to no step."""


class Readings:
    """Reads places of a desk, and lets others see it. Safe to use from several threads.

    Args:
        desk: What reads; this process holds it.
        closing: Set when the server stops: no reading begins from then on, and those under way end.
    """

    def __init__(self, desk: Desk, *, closing: threading.Event) -> None:
        self._desk = desk
        self._closing = closing
        self._lock = threading.Lock()
        self._under_way: dict[Place, Step] = {}
        self._brought: OrderedDict[Place, Brought] = OrderedDict()

    def add(self, tenant: str, location: str, *, tell: StepListener = unseen, **options: Any) -> SyncReport:
        """Registers a place and reads it; see `Desk.add` for the options and errors.

        Raises:
            Busy: It is being read already, or the server stops.
        """

        def read(progress: ProgressListener) -> SyncReport:
            return self._desk.add(location, tenant=tenant, progress=progress, **options)

        return self._follow((tenant, stored_place(location)), read, tell)

    def sync(self, tenant: str, source: Source, *, tell: StepListener = unseen) -> SyncReport:
        """Reads a source again.

        Raises:
            Busy: It is being read already, or the server stops.
        """

        def read(progress: ProgressListener) -> SyncReport:
            return self._desk.sync(source.id, tenant=tenant, progress=progress)

        return self._follow((tenant, source.location), read, tell)

    def under_way(self, tenant: str) -> dict[str, Step]:
        """How far each reading is, by its place."""
        with self._lock:
            return {place: step for (whose, place), step in self._under_way.items() if whose == tenant}

    def brought(self, tenant: str) -> dict[str, Brought]:
        """What the last readings came to, by their places."""
        with self._lock:
            return {place: brought for (whose, place), brought in self._brought.items() if whose == tenant}

    def forget(self, tenant: str) -> None:
        """Forgets what readings brought, since it names what was removed."""
        with self._lock:
            for place in [place for place in self._brought if place[0] == tenant]:
                del self._brought[place]

    def stop(self) -> None:
        """Ends every reading at the item at hand; what was read stays."""
        for tenant in list_tenants(self._desk.parts.database):
            self._desk.stop(tenant=tenant)

    def _follow(self, place: Place, read: Callable[[ProgressListener], SyncReport], tell: StepListener) -> SyncReport:
        pace = Pace()

        def listen(progress: Progress) -> None:
            step = pace.step(progress)
            with self._lock:
                self._under_way[place] = step
            tell(step)
            if self._closing.is_set():  # it began in the moment when the others were stopped
                self._desk.stop(place[1], tenant=place[0])

        self._begin(place)
        try:
            report = read(listen)
        except Exception as error:
            problem = problem_of(error) if isinstance(error, OpenbookError) else noted("reading a source")
            self._remember(place, Brought(utc_now(), {}, problem=problem))
            raise
        else:
            self._remember(place, Brought.of(report))
            return report
        finally:
            with self._lock:
                del self._under_way[place]

    def _begin(self, place: Place) -> None:
        with self._lock:
            if self._closing.is_set():
                raise Busy("The server is stopping.", fix="Try again when it runs again.")
            if place in self._under_way:
                raise Busy(f"{place[1]} is being read already.", fix="Wait until that is done, or stop it.")
            self._under_way[place] = BEGINNING

    def _remember(self, place: Place, brought: Brought) -> None:
        with self._lock:
            self._brought[place] = brought
            self._brought.move_to_end(place)
            while len(self._brought) > _MOST_REMEMBERED:
                self._brought.popitem(last=False)


def stored_place(location: str) -> str:
    """A location as the desk stores it.

    Raises:
        UserError: It looks like a web address and is none.
    """
    return start_address(location) if is_address(location) else os.path.normpath(Path(location).absolute())
