"""What was last seen of each file and page of a source, so that what did not change is not read again.

A stamp is whatever its place says cheaply: the times of a file, the validators of a page. A name is
kept under its hash, because addresses are longer than keys may be.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from openbook.hashing import hash_text
from openbook.stores.schema import sightings

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Sighting:
    """What is known of one file or page.

    Attributes:
        state: "waiting" to be read, "done", "gone", "failed" or "skipped".
        stamp: What tells whether it changed, by name; JSON values.
        depth: How many links it is from where the source begins.
        missing_since: When it was first found missing, if it is.
    """

    name: str
    state: str = "done"
    stamp: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    depth: int = 0
    seen_at: datetime | None = None
    missing_since: datetime | None = None


def get_sightings(connection: Connection, tenant: str, source_id: str) -> dict[str, Sighting]:
    """By name everything that was seen of a source."""
    query = select(sightings).where(sightings.c.tenant == tenant, sightings.c.source_id == source_id)
    return {
        row.name: Sighting(row.name, row.state, row.stamp, row.reason, row.depth, row.seen_at, row.missing_since)
        for row in connection.execute(query)
    }


def put_sightings(connection: Connection, tenant: str, source_id: str, seen: Iterable[Sighting]) -> None:
    """Writes what was seen, in place of what was known of the same names."""
    rows = {hash_text(item.name): item for item in seen}
    drop_sightings(connection, tenant, source_id, [item.name for item in rows.values()])
    values = [
        {
            "tenant": tenant,
            "source_id": source_id,
            "name_hash": digest,
            "name": item.name,
            "state": item.state,
            "stamp": dict(item.stamp),
            "reason": item.reason,
            "depth": item.depth,
            "seen_at": item.seen_at,
            "missing_since": item.missing_since,
        }
        for digest, item in rows.items()
    ]
    if values:
        connection.execute(insert(sightings), values)


def drop_sightings(connection: Connection, tenant: str, source_id: str, names: Iterable[str] | None = None) -> None:
    """Forgets these names, or everything that was seen of the source."""
    mine = (sightings.c.tenant == tenant, sightings.c.source_id == source_id)
    if names is None:
        connection.execute(delete(sightings).where(*mine))
        return
    hashes = [hash_text(name) for name in names]
    for start in range(0, len(hashes), _AT_ONCE):
        some = sightings.c.name_hash.in_(hashes[start : start + _AT_ONCE])
        connection.execute(delete(sightings).where(*mine, some))
