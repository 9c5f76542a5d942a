"""Ready-made replies by name. They are the company's own words and name no customer."""

from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from openbook.stores.ids import new_id
from openbook.stores.schema import macros
from openbook.stores.texts import storable
from openbook.types.correction import Macro
from openbook.types.record import utc_now


def list_macros(connection: Connection, tenant: str) -> tuple[Macro, ...]:
    """Every ready-made reply, in order of their names."""
    rows = connection.execute(select(macros).where(macros.c.tenant == tenant)).all()
    return tuple(sorted(map(_macro, rows), key=lambda one: (one.name.casefold(), one.id)))


def get_macro(connection: Connection, tenant: str, macro_id: str) -> Macro | None:
    """One of them, or None."""
    row = connection.execute(select(macros).where(macros.c.tenant == tenant, macros.c.id == macro_id)).first()
    return None if row is None else _macro(row)


def find_macro(connection: Connection, tenant: str, name: str) -> Macro | None:
    """The one of this very name, or None."""
    mine = (macros.c.tenant == tenant, macros.c.name == storable(name))
    row = connection.execute(select(macros).where(*mine)).first()
    return None if row is None else _macro(row)


def count_macros(connection: Connection, tenant: str) -> int:
    """How many there are."""
    query = select(func.count()).select_from(macros).where(macros.c.tenant == tenant)
    return int(connection.execute(query).scalar_one())


def add_macro(connection: Connection, tenant: str, name: str, body: str, *, person_id: str) -> Macro:
    """Keeps a new one; the caller has made sure that its name is free."""
    row = {"tenant": tenant, "id": new_id("mac"), "name": storable(name), "body": storable(body)}
    connection.execute(insert(macros).values(**row, person_id=person_id, created_at=utc_now()))
    found = get_macro(connection, tenant, row["id"])
    assert found is not None
    return found


def change_macro(connection: Connection, tenant: str, macro_id: str, name: str, body: str, *, person_id: str) -> None:
    """Gives one a new name and text."""
    mine = (macros.c.tenant == tenant, macros.c.id == macro_id)
    values = {"name": storable(name), "body": storable(body), "person_id": person_id}
    connection.execute(update(macros).where(*mine).values(**values))


def remove_macro(connection: Connection, tenant: str, macro_id: str) -> bool:
    """Takes one away; False where there is none."""
    mine = (macros.c.tenant == tenant, macros.c.id == macro_id)
    return connection.execute(delete(macros).where(*mine)).rowcount > 0


def _macro(row: Row[Any]) -> Macro:
    return Macro(row.id, row.name, row.body, row.person_id, row.created_at)
