"""Keeps a crawl polite: at most two requests at a time for each host, and a pause between them.

It knows nothing about what is asked for.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from openbook.ingest.web.network import Stopped

AT_ONCE = 2
"""How many requests one host gets at a time."""

LONGEST_DELAY_SECONDS = 30.0
"""A longer `Crawl-delay` is taken as this."""


@dataclass(slots=True)
class _Host:
    places: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(AT_ONCE))
    next_start: float = 0.0
    delay_seconds: float = 0.0


@dataclass(slots=True)
class Pace:
    """When the next request to a host may start.

    Attributes:
        delay_seconds: From the start of one request to the start of the next, for each host.
        wait: Waits so many seconds; true when the crawl is to stop.
        clock: Seconds, monotonic.
    """

    delay_seconds: float
    wait: Callable[[float], bool]
    clock: Callable[[], float] = time.monotonic
    _hosts: dict[str, _Host] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def turn(self, host: str) -> Iterator[None]:
        """Holds one of the host's places, from its turn on.

        Raises:
            Stopped: The crawl is to stop.
        """
        found = self._host(host)
        while not found.places.acquire(timeout=0.25):
            self._wait(0.0)
        try:
            with self._lock:
                pause = max(0.0, found.next_start - self.clock())
                found.next_start = self.clock() + pause + max(self.delay_seconds, found.delay_seconds)
            self._wait(pause)
            yield
        finally:
            found.places.release()

    def slow_down(self, host: str, delay_seconds: float) -> None:
        """Takes a longer pause for this host, as its robots.txt asks."""
        self._host(host).delay_seconds = min(delay_seconds, LONGEST_DELAY_SECONDS)

    def hold(self, host: str, seconds: float) -> None:
        """Starts nothing at this host for so long, because it said that it is too busy."""
        found = self._host(host)
        with self._lock:
            found.next_start = max(found.next_start, self.clock() + seconds)

    def _host(self, host: str) -> _Host:
        with self._lock:
            return self._hosts.setdefault(host, _Host())

    def _wait(self, seconds: float) -> None:
        if self.wait(seconds):
            raise Stopped
