"""Keeps what a crawl knows and what it has yet to do: one entry for each address.

A round begins when nothing waits: every entry then waits again. It ends when nothing waits any
more. An entry stops waiting when whoever uses the page says that it is done with it, so a
process that dies in between loses nothing: what was under way still waits.

`Frontier` is the seam, `MemoryFrontier` the implementation that forgets. It knows nothing about
how pages are fetched.
"""

import heapq
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Protocol

from openbook.ingest.web.page import Outcome
from openbook.types.record import Record


class Priority(IntEnum):
    """What is taken first: smaller goes before larger."""

    CHANGED = 0
    """The sitemap says that it changed since it was last looked at."""
    KNOWN = 1
    """An earlier round saw it."""
    NEW = 2
    """It was found for the first time."""
    SECOND_LOOK = 3
    """It was missing in this round; looked at once more at its end."""


@dataclass(frozen=True, slots=True)
class Entry(Record):
    """All that is kept of an address. Every field has to be stored.

    Attributes:
        address: Normalised; the key.
        is_waiting: Whether this round still has to look at it.
        priority: When it is taken.
        depth: Links between it and the start.
        asked: The address that a redirect came from first; empty where there was none.
        hops: Redirects between that and this.
        is_listed: Whether a sitemap lists it.
        outcome: What came of it when it was last looked at; None if it never was.
        reason: Why, in words.
        etag: The validators of its last answer, sent back to ask whether it changed.
        last_modified: See `etag`.
        content_hash: Of the bytes that were last fetched.
        text_hash: Of its main text.
        fingerprint: Of its main text with every number alike.
        missing_since: When it was first missing; None while it is there.
        checked_at: When it was last looked at.
    """

    address: str
    is_waiting: bool = True
    priority: Priority = Priority.NEW
    depth: int = 0
    asked: str = ""
    hops: int = 0
    is_listed: bool = False
    outcome: Outcome | None = None
    reason: str = ""
    etag: str = ""
    last_modified: str = ""
    content_hash: str = ""
    text_hash: str = ""
    fingerprint: str = ""
    missing_since: datetime | None = None
    checked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Progress(Record):
    """How far a round is: addresses done, and all that are known so far."""

    done: int
    total: int


class Frontier(Protocol):
    """The entries of one crawl. Called from one thread only: the one that asks the crawler for pages."""

    def entries(self) -> Iterable[Entry]:
        """Every entry, in no particular order."""
        ...

    def find(self, address: str) -> Entry | None:
        """The entry of an address, or None."""
        ...

    def put(self, entries: Iterable[Entry]) -> None:
        """Writes entries, replacing those with the same addresses; all or none, durable on return."""
        ...

    def take(self) -> Entry | None:
        """The next waiting entry by priority, then by the order in which they were put first.

        An entry is given out once for each time it was put, and again after a restart. It goes on
        waiting until it is put with `is_waiting=False`.
        """
        ...

    def progress(self) -> Progress:
        """How many entries wait no longer, and how many there are."""
        ...


@dataclass(slots=True)
class MemoryFrontier:
    """A `Frontier` in memory: for a single round, for tests, and as the example of the others."""

    _entries: dict[str, Entry] = field(default_factory=dict)
    _queue: list[tuple[int, int, Entry]] = field(default_factory=list)
    _count: int = 0
    _waiting: int = 0

    def entries(self) -> tuple[Entry, ...]:
        """See `Frontier`."""
        return tuple(self._entries.values())

    def find(self, address: str) -> Entry | None:
        """See `Frontier`."""
        return self._entries.get(address)

    def put(self, entries: Iterable[Entry]) -> None:
        """See `Frontier`."""
        for entry in entries:
            before = self._entries.get(entry.address)
            self._waiting += entry.is_waiting - (before is not None and before.is_waiting)
            self._entries[entry.address] = entry
            if entry.is_waiting:
                self._count += 1
                heapq.heappush(self._queue, (entry.priority, self._count, entry))

    def take(self) -> Entry | None:
        """See `Frontier`."""
        while self._queue:
            entry = heapq.heappop(self._queue)[2]
            if self._entries[entry.address] is entry:
                return entry
        return None

    def progress(self) -> Progress:
        """See `Frontier`."""
        return Progress(len(self._entries) - self._waiting, len(self._entries))
