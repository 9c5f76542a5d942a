"""Takes jobs out of the outbox and tells them, each kind on a thread of its own, so that none waits for another.

What was broken off by the end of the server goes back as it was; what a crash broke off comes back when its lease
ends. So everything is told at least once, and the receiver knows a second time by the job's id. Knows neither
what a job is about nor how it is sent.
"""

import logging
import secrets
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from openbook.server.deliveries.email import MailServer
from openbook.server.deliveries.told import WAITS_SECONDS, Attempt, BrokenOff, Receiver, Tell, next_wait
from openbook.server.deliveries.webhook import WebhookTarget
from openbook.server.faults import noted
from openbook.stores import Database
from openbook.stores.jobs import Job, fail_job, finish_job, forget_done, give_back, has_due, take_due
from openbook.types import utc_now

LOOK_SECONDS = 2.0
KEPT = timedelta(days=30)
"""How long a job that is done is kept, so that its idempotency key still counts."""

logger = logging.getLogger("openbook.server")

_LEASE_BEYOND_SECONDS = 90.0
_SWEEP_SECONDS = 3_600.0
_STOP_SECONDS = 2.0


class Courier:
    """Tells what is due while a server runs.

    Args:
        database: Where the jobs are.
        webhook: Gets the jobs of kind "webhook"; None: they wait.
        mail: Gets those of kind "email"; None: they wait.
        tell: Makes the words of a job when it is told.
        look_seconds: How often each kind is looked after.
    """

    def __init__(
        self,
        database: Database,
        *,
        webhook: WebhookTarget | None,
        mail: MailServer | None,
        tell: Tell,
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        self._database = database
        self._tell = tell
        self._look_seconds = look_seconds
        self._owner = f"courier_{secrets.token_hex(8)}"
        self._stopped = threading.Event()
        receivers: dict[str, Receiver | None] = {"webhook": webhook, "email": mail}
        self._receivers = {kind: receiver for kind, receiver in receivers.items() if receiver is not None}
        self._threads = [
            threading.Thread(target=self._run, args=(kind,), name=f"openbook-{kind}", daemon=True)
            for kind in self._receivers
        ]

    def start(self) -> None:
        """Begins to look."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Ends within two seconds, also in the middle of an attempt, which is made again at the next start."""
        self._stopped.set()
        deadline = time.monotonic() + _STOP_SECONDS
        for thread in self._threads:
            if thread.is_alive():
                thread.join(max(0.0, deadline - time.monotonic()))

    def run_due(self, now: datetime) -> int:
        """Tells what is due at a moment, kind after kind, on the caller's thread; returns how many it tried."""
        return sum(self._run_kind(kind, lambda: now) for kind in self._receivers)

    def _run(self, kind: str) -> None:
        swept = float("-inf")
        while not self._stopped.wait(self._look_seconds):
            try:
                self._run_kind(kind, utc_now)
                if time.monotonic() - swept >= _SWEEP_SECONDS:
                    self._database.write(partial(forget_done, before=utc_now() - KEPT))
                    swept = time.monotonic()
            except Exception:
                if not self._stopped.is_set():
                    noted(f"the delivery of what is due by {kind}")

    def _run_kind(self, kind: str, clock: Callable[[], datetime]) -> int:
        tried = 0
        while not self._stopped.is_set() and (job := self._take(kind, clock())) is not None:
            self._deliver(job, self._receivers[kind], clock)
            tried += 1
        return tried

    def _take(self, kind: str, now: datetime) -> Job | None:
        """The next job, on a lease that outlasts the longest attempt. Looking alone writes nothing."""
        lease_seconds = self._receivers[kind].longest_seconds + _LEASE_BEYOND_SECONDS
        with self._database.read() as connection:
            if not has_due(connection, now=now, lease_seconds=lease_seconds, kind=kind):
                return None
        take = partial(take_due, owner=self._owner, now=now, lease_seconds=lease_seconds, limit=1, kind=kind)
        taken = self._database.write(take)
        return taken[0] if taken else None

    def _deliver(self, job: Job, receiver: Receiver, clock: Callable[[], datetime]) -> None:
        try:
            attempt = self._attempt(job, receiver)
        except BrokenOff:
            self._database.write(partial(give_back, job=job))
            return
        if not attempt.problem:
            self._database.write(partial(finish_job, job=job))
            return
        wait = next_wait(job, attempt)
        run_at = None if wait is None else clock() + wait
        self._database.write(partial(fail_job, job=job, error=attempt.problem, run_at=run_at))
        outlook = "it failed for good" if run_at is None else f"it is tried again at {run_at:%Y-%m-%d %H:%M:%S} UTC"
        logger.warning("delivery %s by %s: %s; %s", job.id, job.kind, attempt.problem, outlook)

    def _attempt(self, job: Job, receiver: Receiver) -> Attempt:
        if job.attempts > len(WAITS_SECONDS):
            return Attempt("every attempt was cut off by the end of the server", may_heal=False)
        try:
            told = self._tell(job.tenant, job.payload)
            return Attempt() if told is None else receiver.attempt(job, told, stopped=self._stopped)
        except BrokenOff:
            raise
        except Exception:
            problem = noted(f"the delivery {job.id}")
            return Attempt(f"{problem.detail} {problem.fix}")
