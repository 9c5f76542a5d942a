"""How much a visitor or a network address may do in an hour: sliding windows in memory.

A restart forgets; the number of keys is bounded, and the one that did nothing for longest goes first. This
module knows neither visitors nor requests, only keys.
"""

import ipaddress
import math
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from openbook.server.exposure import is_loopback

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

HOUR_SECONDS = 3_600.0
MOST_KEYS = 10_000
_SLOTS = 12
_IPV6_NETWORK = 64


@dataclass(slots=True)
class _Window:
    """How much was done in each of the last slots, oldest first."""

    slots: deque[list[int]] = field(default_factory=deque)
    total: int = 0

    def forget_before(self, slot: int) -> None:
        while self.slots and self.slots[0][0] < slot:
            self.total -= self.slots.popleft()[1]

    def add(self, slot: int) -> None:
        if not self.slots or self.slots[-1][0] != slot:
            self.slots.append([slot, 0])
        self.slots[-1][1] += 1
        self.total += 1


class Budget:
    """What each key may do within a window that slides in twelve steps. Safe to use from several threads.

    Args:
        limit: How often a key may do it within the window.
        window_seconds: How long the window is; what was done is forgotten at most one step later than that.
        most_keys: How many keys are remembered.
        clock: Gives seconds that never go back.
    """

    def __init__(
        self,
        limit: int,
        *,
        window_seconds: float = HOUR_SECONDS,
        most_keys: int = MOST_KEYS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit = limit
        self._step = window_seconds / _SLOTS
        self._most_keys = most_keys
        self._clock = clock
        self._lock = threading.Lock()
        self._windows: OrderedDict[str, _Window] = OrderedDict()

    def __len__(self) -> int:
        """How many keys are remembered."""
        return len(self._windows)

    def wait_seconds(self, key: str) -> int:
        """How long a key has to wait until it may do it again; 0 when it may now."""
        with self._lock:
            window = self._windows.get(key)
            if window is None:
                return 0
            now = self._clock()
            window.forget_before(self._oldest(now))
            if window.total < self._limit:
                return 0
            return max(1, math.ceil((window.slots[0][0] + _SLOTS + 1) * self._step - now))

    def spend(self, key: str) -> None:
        """Notes that a key did it once."""
        with self._lock:
            now = self._clock()
            window = self._windows.setdefault(key, _Window())
            window.forget_before(self._oldest(now))
            window.add(int(now // self._step))
            self._windows.move_to_end(key)
            while len(self._windows) > self._most_keys:
                self._windows.popitem(last=False)

    def _oldest(self, now: float) -> int:
        """The oldest slot that still counts, which is the one that reaches into the window."""
        return int(now // self._step) - _SLOTS


def spend_all(charges: Iterable[tuple[Budget, str]]) -> int:
    """Spends from every budget, or from none of them where one has nothing left.

    Args:
        charges: Budgets, each with the key that does something.

    Returns:
        0, or how many seconds to wait before it can be done.
    """
    charged = tuple(charges)
    if wait := max((budget.wait_seconds(key) for budget, key in charged), default=0):
        return wait
    for budget, key in charged:
        budget.spend(key)
    return 0


def network_address(request: "HTTPConnection") -> str:
    """Where a request comes from, as a key: an IPv4 address, or the /64 network of an IPv6 one.

    What `X-Forwarded-For` says counts only where the peer is on this machine, as a reverse proxy is; then it
    is the last entry, which that proxy wrote itself.
    """
    peer = request.client.host if request.client else ""
    if peer and not is_loopback(peer):
        return _network(peer)
    told = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    return _network(told) or _network(peer)


def _network(written: str) -> str:
    """An address as a key; empty where it is none."""
    try:
        address = ipaddress.ip_address(written.strip("[]"))
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, _IPV6_NETWORK), strict=False))
