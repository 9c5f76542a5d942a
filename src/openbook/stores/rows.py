"""Two ways of inserting that SQL's dialects spell the same: skip what exists, or count upwards."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from openbook.stores.schema import counters

_COUNTED = select(counters.c.value).where(
    counters.c.tenant == bindparam("tenant"), counters.c.name == bindparam("name")
)
_INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def insert_missing(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Inserts rows; those whose key exists already are left as they are."""
    if rows:
        insert = _INSERTS[connection.dialect.name]
        connection.execute(insert(table).on_conflict_do_nothing(), list(rows))


def advance(connection: Connection, tenant: str, counter: str, *, by: int = 1) -> int:
    """Adds to a named counter and returns its new value; never goes back."""
    insert_missing(connection, counters, [{"tenant": tenant, "name": counter, "value": 0}])
    mine = (counters.c.tenant == tenant, counters.c.name == counter)
    connection.execute(update(counters).where(*mine).values(value=counters.c.value + by))
    return int(connection.execute(select(counters.c.value).where(*mine)).scalar_one())


def counted(connection: Connection, tenant: str, counter: str) -> int:
    """The counter's value; 0 when it was never advanced."""
    return connection.execute(_COUNTED, {"tenant": tenant, "name": counter}).scalar() or 0
