"""Rows of people and keys: list, find, add, change. Whether a change is allowed is decided above."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from openbook.stores.access import INVITATION, STAFF_AUDIENCES
from openbook.stores.ids import new_id
from openbook.stores.schema import keys, logins, people
from openbook.types.people import OWNER, Key, Person
from openbook.types.record import utc_now


def list_people(connection: Connection, tenant: str) -> list[Person]:
    """Everybody, also who is not active, in the order in which they came."""
    query = select(people).where(people.c.tenant == tenant).order_by(people.c.created_at, people.c.id)
    invited = _invited(connection, tenant)
    return [_person(row, invited) for row in connection.execute(query)]


def find_person(connection: Connection, tenant: str, who: str) -> Person | None:
    """A person by id or by e-mail address, whose capitals do not matter."""
    called = who.strip().lower()
    by = people.c.email if "@" in called else people.c.id
    row = connection.execute(select(people).where(people.c.tenant == tenant, by == called)).first()
    return None if row is None else _person(row, _invited(connection, tenant, row.id))


def add_person(connection: Connection, tenant: str, *, email: str, name: str, role: str) -> str:
    """Adds somebody who has no password yet; returns the id. The address is in small letters and new."""
    identifier = new_id("per")
    row = {"tenant": tenant, "id": identifier, "email": email, "name": name, "role": role}
    connection.execute(insert(people).values(**row, audiences=list(STAFF_AUDIENCES), active=True, created_at=utc_now()))
    return identifier


def change_person(connection: Connection, tenant: str, person_id: str, **values: str | bool) -> None:
    """Sets columns of a person, such as `role`, `name` or `active`."""
    mine = (people.c.tenant == tenant, people.c.id == person_id)
    connection.execute(update(people).where(*mine).values(**values))


def count_owners(connection: Connection, tenant: str, *, without: str) -> int:
    """How many active owners there are beside one person."""
    others = (people.c.tenant == tenant, people.c.role == OWNER, people.c.active, people.c.id != without)
    return connection.execute(select(func.count()).select_from(people).where(*others)).scalar_one()


def list_keys(connection: Connection, tenant: str) -> list[Key]:
    """Every key, also those that were revoked, the newest first."""
    query = select(keys).where(keys.c.tenant == tenant).order_by(keys.c.created_at.desc(), keys.c.id.desc())
    return [_key(row) for row in connection.execute(query)]


def revoke_key(connection: Connection, tenant: str, key_id: str) -> None:
    """Lets a key in no longer."""
    mine = (keys.c.tenant == tenant, keys.c.id == key_id, keys.c.revoked_at.is_(None))
    connection.execute(update(keys).where(*mine).values(revoked_at=utc_now()))


def _invited(connection: Connection, tenant: str, person_id: str = "") -> dict[str, datetime]:
    """Until when the open invitations last, by person."""
    is_open = [logins.c.tenant == tenant, logins.c.kind == INVITATION, logins.c.used_at.is_(None)]
    is_open.append(logins.c.expires_at > utc_now())
    if person_id:
        is_open.append(logins.c.person_id == person_id)
    rows: Iterable[Row[Any]] = connection.execute(select(logins.c.person_id, logins.c.expires_at).where(*is_open))
    return {row.person_id: row.expires_at for row in rows}


def _person(row: Row[Any], invited: dict[str, datetime]) -> Person:
    return Person(
        id=row.id,
        email=row.email,
        name=row.name,
        role=row.role,
        audiences=tuple(row.audiences),
        active=row.active,
        has_password=row.password_hash is not None,
        created_at=row.created_at,
        invited_until=invited.get(row.id),
    )


def _key(row: Row[Any]) -> Key:
    return Key(row.id, row.name, row.role, tuple(row.audiences), row.created_at, row.revoked_at)
