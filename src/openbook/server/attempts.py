"""Slows down guessing: counts failed attempts per address, and of everybody together.

In memory, so a restart forgets; bounded, so that nobody can fill it. This module knows no password.
"""

import math
import threading
import time
from collections import OrderedDict, deque

PER_ADDRESS = 5
PER_SERVER = 50
WINDOW_SECONDS = 60.0
_MOST_ADDRESSES = 10_000
_EVERYBODY = ""


class Attempts:
    """Failed attempts within the last `WINDOW_SECONDS`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failed: OrderedDict[str, deque[float]] = OrderedDict()

    def wait_seconds(self, address: str) -> int:
        """How long this address has to wait before its next attempt; 0 when it may try now."""
        with self._lock:
            return max(self._wait(address, PER_ADDRESS), self._wait(_EVERYBODY, PER_SERVER))

    def failed(self, address: str) -> None:
        """Remembers one failed attempt."""
        with self._lock:
            for who, limit in ((address, PER_ADDRESS), (_EVERYBODY, PER_SERVER)):
                self._failed.setdefault(who, deque(maxlen=limit)).append(time.monotonic())
                self._failed.move_to_end(who)
            while len(self._failed) > _MOST_ADDRESSES:
                self._failed.popitem(last=False)

    def _wait(self, who: str, limit: int) -> int:
        recent = self._failed.get(who)
        if recent is None or len(recent) < limit:
            return 0
        return max(0, math.ceil(recent[0] + WINDOW_SECONDS - time.monotonic()))
