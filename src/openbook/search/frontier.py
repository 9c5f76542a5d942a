"""Keeps a crawl in the tables, so that it goes on where it was after any end of the process."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from functools import partial
from typing import Any

from openbook.hashing import hash_text
from openbook.ingest.web.frontier import Entry, MemoryFrontier, Priority
from openbook.ingest.web.page import Outcome
from openbook.stores import Database
from openbook.stores.sightings import Sighting, get_sightings, put_sightings
from openbook.types import to_plain

_WAITING = "waiting"
_UNWRITTEN = 200
_OWN_COLUMNS = ("address", "depth", "reason", "missing_since", "checked_at")
_VALIDATORS = ("etag", "last_modified", "content_hash")
_RULES = "rules"


class StoredFrontier(MemoryFrontier):
    """A `Frontier` in memory that is written down with `flush`, everything since the last time at once.

    What is written late is only looked at once more after a crash: a page and the links that were
    found on it are in one transaction, or in the order in which they came.

    Args:
        database: Where it is kept.
        tenant: Whose knowledge the site belongs to.
        source_id: The site.
        rules: What besides its bytes decides what is made of a page. One that was looked at under
            other rules has no validators, so that it is asked for in full.
    """

    def __init__(self, database: Database, tenant: str, source_id: str, *, rules: str = "") -> None:
        super().__init__()
        self._database = database
        self._write = partial(put_sightings, tenant=tenant, source_id=source_id)
        self._rules = hash_text(rules)
        self._unwritten: dict[str, Entry] = {}
        with database.read() as connection:
            super().put(_entry(seen, self._rules) for seen in get_sightings(connection, tenant, source_id).values())

    def put(self, entries: Iterable[Entry]) -> None:
        """See `Frontier`; durable after the next `flush`."""
        changed = list(entries)
        super().put(changed)
        self._unwritten.update({entry.address: entry for entry in changed})
        if len(self._unwritten) >= _UNWRITTEN:
            self.flush()

    def flush(self) -> None:
        """Writes down what changed; durable on return."""
        if self._unwritten:
            seen = [_sighting(entry, self._rules) for entry in self._unwritten.values()]
            self._database.write(partial(self._write, seen=seen))
            self._unwritten.clear()


def _sighting(entry: Entry, rules: str) -> Sighting:
    stamp = {item.name: to_plain(getattr(entry, item.name)) for item in fields(Entry) if item.name not in _OWN_COLUMNS}
    stamp[_RULES] = rules
    return Sighting(
        entry.address,
        state=_WAITING if entry.is_waiting else str(entry.outcome),
        stamp=stamp,
        reason=entry.reason,
        depth=entry.depth,
        seen_at=entry.checked_at,
        missing_since=entry.missing_since,
    )


def _entry(seen: Sighting, rules: str) -> Entry:
    known = {item.name for item in fields(Entry)}
    kept: dict[str, Any] = {name: value for name, value in seen.stamp.items() if name in known}
    if seen.stamp.get(_RULES) != rules:
        kept |= dict.fromkeys(_VALIDATORS, "")
    kept["priority"] = Priority(kept["priority"])
    kept["outcome"] = Outcome(kept["outcome"]) if kept["outcome"] else None
    own: dict[str, str | int | datetime | None] = {
        "address": seen.name,
        "depth": seen.depth,
        "reason": seen.reason,
        "missing_since": seen.missing_since,
        "checked_at": seen.seen_at,
    }
    return Entry(**kept, **own)  # type: ignore[arg-type]
