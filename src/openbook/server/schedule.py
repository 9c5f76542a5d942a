"""Reads sources again by itself when their time has come: one at a time, on a thread of its own.

What fails is said in the source's notice and tried again when its time comes round. A source that
somebody else reads just then is left to them.
"""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from openbook.desk import Desk
from openbook.errors import Busy, OpenbookError
from openbook.search.places import SENT
from openbook.server.faults import noted
from openbook.server.readings import Readings
from openbook.stores import catalogue
from openbook.stores.tenants import list_tenants
from openbook.types import Source, utc_now

LOOK_SECONDS = 15.0


class Schedule:
    """Keeps the sources of a desk in step while a server runs.

    Args:
        desk: Whose sources; this process holds it.
        readings: Where they are read.
        look_seconds: How often it looks whether one is due.
    """

    def __init__(self, desk: Desk, readings: Readings, *, look_seconds: float = LOOK_SECONDS) -> None:
        self._desk = desk
        self._readings = readings
        self._look_seconds = look_seconds
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="openbook-schedule", daemon=True)

    def start(self) -> None:
        """Begins to look."""
        self._thread.start()

    def stop(self) -> None:
        """Ends at once, also in the middle of a reading, which goes on at the next start."""
        self._stopped.set()
        self._readings.stop()
        if self._thread.is_alive():
            self._thread.join()

    def read_due(self, now: datetime) -> int:
        """Reads what is due, one source after the other; returns how many were read."""
        return sum(self._read(tenant, source) for tenant, source in self._due(now))

    def _run(self) -> None:
        while not self._stopped.wait(self._look_seconds):
            try:
                self.read_due(utc_now())
            except Exception:
                noted("looking for sources that are due")

    def _due(self, now: datetime) -> Iterator[tuple[str, Source]]:
        usual = self._desk.settings.values.sync.every_minutes
        for tenant in list_tenants(self._desk.parts.database):
            for source in self._desk.sources(tenant=tenant):
                if self._stopped.is_set():
                    return
                if is_due(source, now, usual_minutes=usual):
                    yield tenant, source

    def _read(self, tenant: str, source: Source) -> bool:
        try:
            self._readings.sync(tenant, source)
        except Busy:
            return False
        except OpenbookError as error:
            self._say(tenant, source, f"{error.message} {error.fix}")
        except Exception:
            problem = noted(f"the scheduled reading of {source.id}")
            self._say(tenant, source, f"{problem.detail} {problem.fix}")
        return True

    def _say(self, tenant: str, source: Source, notice: str) -> None:
        """Puts a notice on a source, which is not due again until its time has passed once more."""
        mark = partial(catalogue.mark_synced, tenant=tenant, source_id=source.id, notice=notice)
        self._desk.parts.database.write(mark)


def is_due(source: Source, now: datetime, *, usual_minutes: int) -> bool:
    """Whether a source is to be read again by itself.

    Args:
        source: A source; what was sent over HTTP cannot be read again.
        now: The present moment.
        usual_minutes: How often sources are read that do not say it themselves; 0: never.
    """
    minutes = source.options.every_minutes or usual_minutes
    if source.kind == SENT or not minutes:
        return False
    return now - (source.synced_at or source.created_at) >= timedelta(minutes=minutes)
