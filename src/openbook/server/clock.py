"""Looks every few seconds whether something is due, on a thread of its own: alarms, releases, what ends by itself.

What is due is decided by moments that are stored, never by how long this waited: after a pause, a crash or a
changed clock the next look finds the same as any other would. Knows no duty's meaning.
"""

import threading
from collections.abc import Callable, Sequence
from datetime import datetime

from openbook.server.faults import noted
from openbook.stores import Database
from openbook.stores.tenants import list_tenants
from openbook.types import utc_now

LOOK_SECONDS = 5.0

_LOOKING = ("looking for what is due", "")

Duty = Callable[[str, datetime], int]
"""Does what is due for a tenant at a moment and returns how much that was. A second call with the same moment does
nothing more."""


class Clock:
    """Sees to what is due while a server runs.

    Args:
        database: Whose tenants.
        duties: Called in this order for each tenant.
        look_seconds: How often.
    """

    def __init__(self, database: Database, duties: Sequence[Duty], *, look_seconds: float = LOOK_SECONDS) -> None:
        self._database = database
        self._duties = tuple(duties)
        self._look_seconds = look_seconds
        self._failing: dict[tuple[str, str], str] = {}
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="openbook-clock", daemon=True)

    def start(self) -> None:
        """Begins to look; the first time at once, because things came due while no server ran."""
        self._thread.start()

    def stop(self) -> None:
        """Ends after the duty at hand."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()

    def look(self, now: datetime) -> int:
        """Does what is due at a moment; a duty that fails holds up no other. Returns how much was done."""
        return sum(
            self._do(duty, tenant, now)
            for tenant in list_tenants(self._database)
            for duty in self._duties
            if not self._stopped.is_set()
        )

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self.look(utc_now())
                self._failing.pop(_LOOKING, None)
            except Exception as error:
                self._note(_LOOKING, error)
            self._stopped.wait(self._look_seconds)

    def _do(self, duty: Duty, tenant: str, now: datetime) -> int:
        what = (f"the duty {getattr(duty, '__name__', type(duty).__name__)}", tenant)
        try:
            done = duty(tenant, now)
        except Exception as error:
            self._note(what, error)
            return 0
        self._failing.pop(what, None)
        return done

    def _note(self, what: tuple[str, str], error: Exception) -> None:
        """Logs a fault when it begins, not every few seconds until it is mended."""
        kind = type(error).__name__
        if self._failing.get(what) != kind:
            self._failing[what] = kind
            noted(" of ".join(filter(None, what)))
