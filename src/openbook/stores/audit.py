"""The audit log: who did what to what, written in the transaction that does it, never changed afterwards.

Entries are numbered without gaps, so that one that was taken out leaves a hole. This module knows no right; it
keeps no words of customers, and of network addresses only what tells them apart.
"""

import hashlib
import hmac
import secrets
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, select

from openbook.stores.access import Caller
from openbook.stores.rows import advance, insert_missing
from openbook.stores.schema import audit, keys, people, properties
from openbook.types.people import AuditEntry
from openbook.types.record import utc_now

_COUNTER = "audit"
_SALT = "audit_salt"
_LONGEST = 200
_MARK_LETTERS = 16

Fact = str | int | float | bool | None


def note(
    connection: Connection,
    tenant: str,
    who: Caller | str,
    role: str,
    action: str,
    object_id: str = "",
    /,
    **detail: Fact,
) -> str:
    """Writes one entry; to be called within the transaction of what it is about.

    Args:
        connection: Of a write transaction.
        tenant: Whose desk.
        who: The caller, or the id of a person or key; empty for nobody known.
        role: The role in which it was done; empty for the caller's or person's own.
        action: Area and deed, such as `people.invited`.
        object_id: The id or place of what it was done to.
        detail: Short facts beside: never a secret, never words of a customer. Texts are cut.

    Returns:
        The entry's id.
    """
    identifier = f"aud_{advance(connection, tenant, _COUNTER):012d}"
    person_id, own_role = (who.person_id, who.role) if isinstance(who, Caller) else (who, "")
    if not (role or own_role) and person_id:
        own_role = _role_of(connection, tenant, person_id)
    row = {"tenant": tenant, "id": identifier, "person_id": person_id, "role": role or own_role, "action": action}
    facts = {name: fact[:_LONGEST] if isinstance(fact, str) else fact for name, fact in detail.items()}
    cut = object_id[:_LONGEST]
    connection.execute(insert(audit).values(**row, object=cut, detail=facts, created_at=utc_now()))
    return identifier


def _role_of(connection: Connection, tenant: str, person_id: str) -> str:
    """The role of a person or key; empty where neither is known."""
    for table in (people, keys):
        mine = (table.c.tenant == tenant, table.c.id == person_id)
        if role := connection.execute(select(table.c.role).where(*mine)).scalar():
            return str(role)
    return ""


def mark_of(connection: Connection, tenant: str, address: str) -> str:
    """What tells a network address apart from others without naming it: its keyed hash, 16 letters.

    The key is the tenant's own and made at its first use, so that nobody who reads the log can try addresses out
    (HMAC, https://www.rfc-editor.org/rfc/rfc2104). To be called within a write transaction.
    """
    insert_missing(connection, properties, [{"tenant": tenant, "name": _SALT, "value": secrets.token_hex(32)}])
    query = select(properties.c.value).where(properties.c.tenant == tenant, properties.c.name == _SALT)
    salt = str(connection.execute(query).scalar_one())
    return hmac.new(salt.encode(), address.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:_MARK_LETTERS]


def list_entries(
    connection: Connection,
    tenant: str,
    *,
    limit: int,
    before: str = "",
    person_id: str = "",
    action: str = "",
) -> list[AuditEntry]:
    """Entries, the newest first.

    Args:
        connection: A connection.
        tenant: Whose.
        limit: The most.
        before: Only those older than the entry of this id; empty for no bound.
        person_id: Only those of one person or key.
        action: Only one action, such as `people.invited`, or one area, such as `people`.
    """
    query = select(audit).where(audit.c.tenant == tenant, *_of_action(action))
    if before:
        query = query.where(audit.c.id < before)
    if person_id:
        query = query.where(audit.c.person_id == person_id)
    rows = connection.execute(query.order_by(audit.c.id.desc()).limit(limit)).all()
    names = _names(connection, tenant, {row.person_id for row in rows})
    return [_entry(row, names) for row in rows]


def list_actions(connection: Connection, tenant: str, *, area: str = "") -> list[str]:
    """Every action that was ever noted, in order of the alphabet; of one area where one is named."""
    query = select(audit.c.action).where(audit.c.tenant == tenant, *_of_action(area)).distinct()
    return sorted(connection.execute(query).scalars())


def _of_action(action: str) -> list[ColumnElement[bool]]:
    """The condition that entries are of one action, or of one area; none where nothing is named."""
    if not action:
        return []
    is_area = "." not in action
    return [audit.c.action.startswith(f"{action}.", autoescape=True) if is_area else audit.c.action == action]


def _names(connection: Connection, tenant: str, wanted: set[str]) -> dict[str, str]:
    """What the people and keys of these ids are called today."""
    persons = select(people.c.id, people.c.name, people.c.email).where(people.c.tenant == tenant)
    named = select(keys.c.id, keys.c.name).where(keys.c.tenant == tenant, keys.c.id.in_(wanted))
    found = {row.id: row.name or row.email for row in connection.execute(persons.where(people.c.id.in_(wanted)))}
    return found | {row.id: row.name for row in connection.execute(named)}


def _entry(row: Row[Any], names: dict[str, str]) -> AuditEntry:
    return AuditEntry(
        id=row.id,
        created_at=row.created_at,
        person_id=row.person_id,
        name=names.get(row.person_id, ""),
        role=row.role,
        action=row.action,
        object=row.object,
        detail=dict(row.detail),
    )
