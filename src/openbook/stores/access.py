"""Who may come in: the owner, one-time links, sessions, passwords. Tokens are kept only as hashes."""

import json
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, Text, cast, insert, select, update

from openbook.hashing import hash_text
from openbook.stores.ids import new_id
from openbook.stores.rows import insert_missing
from openbook.stores.schema import keys, logins, people, versions
from openbook.types import INTERNAL, MAIN_TENANT, PUBLIC, utc_now

OWNER, CONTENT = "owner", "content"
LINK, SESSION = "link", "session"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, as a door has made sure of it."""

    tenant: str = MAIN_TENANT
    person_id: str = ""
    role: str = "anonymous"
    audiences: tuple[str, ...] = (PUBLIC,)

    @property
    def staff(self) -> bool:
        """Whether the caller is one of the company's own people."""
        return self.role != "anonymous"


ANONYMOUS = Caller()


def owner_id(connection: Connection, tenant: str) -> str | None:
    """The owner's id, or None when there is no owner yet."""
    return connection.execute(select(people.c.id).where(people.c.tenant == tenant, people.c.role == OWNER)).scalar()


def ensure_owner(connection: Connection, tenant: str) -> str:
    """The owner's id; makes the owner when there is none."""
    found = owner_id(connection, tenant)
    if found is not None:
        return found
    identifier = new_id("per")
    row = {"tenant": tenant, "id": identifier, "email": "", "name": "Owner", "role": OWNER}
    connection.execute(insert(people).values(**row, audiences=[PUBLIC, INTERNAL], active=True, created_at=utc_now()))
    return identifier


def password_hash(connection: Connection, tenant: str, person_id: str) -> str | None:
    """The stored form of a person's password, or None when none was set."""
    query = select(people.c.password_hash).where(people.c.tenant == tenant, people.c.id == person_id)
    return connection.execute(query).scalar()


def set_password_hash(connection: Connection, tenant: str, person_id: str, hashed: str) -> None:
    """Stores the form of a new password and ends every session of the person."""
    mine = (people.c.tenant == tenant, people.c.id == person_id)
    connection.execute(update(people).where(*mine).values(password_hash=hashed))
    theirs = (logins.c.tenant == tenant, logins.c.person_id == person_id, logins.c.used_at.is_(None))
    connection.execute(update(logins).where(*theirs).values(used_at=utc_now()))


def add_login(connection: Connection, tenant: str, person_id: str, token: str, *, kind: str, lasts: timedelta) -> None:
    """Lets this token in for a time, as a one-time link or as a session."""
    now = utc_now()
    row = {"tenant": tenant, "token_hash": hash_text(token), "person_id": person_id, "kind": kind}
    insert_missing(connection, logins, [{**row, "created_at": now, "expires_at": now + lasts, "used_at": None}])


def spend_link(connection: Connection, tenant: str, token: str) -> str | None:
    """The person a one-time link lets in, once; None if it is unknown, used or too old."""
    mine = (
        logins.c.tenant == tenant,
        logins.c.token_hash == hash_text(token),
        logins.c.kind == LINK,
        logins.c.used_at.is_(None),
        logins.c.expires_at > utc_now(),
    )
    person_id = connection.execute(select(logins.c.person_id).where(*mine)).scalar()
    if person_id is not None:
        connection.execute(update(logins).where(*mine).values(used_at=utc_now()))
    return person_id


def end_session(connection: Connection, tenant: str, token: str) -> None:
    """Lets this session's token in no longer."""
    mine = (logins.c.tenant == tenant, logins.c.token_hash == hash_text(token))
    connection.execute(update(logins).where(*mine).values(used_at=utc_now()))


def session_caller(connection: Connection, token: str) -> Caller | None:
    """Who a session's token belongs to, while it lasts."""
    query = (
        select(people.c.tenant, people.c.id, people.c.role, people.c.audiences)
        .join(logins, (logins.c.tenant == people.c.tenant) & (logins.c.person_id == people.c.id))
        .where(
            logins.c.token_hash == hash_text(token),
            logins.c.kind == SESSION,
            logins.c.used_at.is_(None),
            logins.c.expires_at > utc_now(),
            people.c.active,
        )
    )
    row = connection.execute(query).first()
    return None if row is None else Caller(row.tenant, row.id, row.role, tuple(row.audiences))


def named_audiences(connection: Connection, tenant: str) -> tuple[str, ...]:
    """Every audience that a live version names, in order of the alphabet."""
    written = cast(versions.c.audiences, Text)  # as text, which every database can compare
    query = select(written).where(versions.c.tenant == tenant, versions.c.state == "live").distinct()
    return tuple(sorted({name for names in connection.execute(query).scalars() for name in json.loads(names)}))


def key_caller(connection: Connection, secret: str) -> Caller | None:
    """Who an API key belongs to, unless it was revoked."""
    query = select(keys).where(keys.c.key_hash == hash_text(secret), keys.c.revoked_at.is_(None))
    row = connection.execute(query).first()
    return None if row is None else Caller(row.tenant, row.id, row.role, tuple(row.audiences))


def add_key(connection: Connection, tenant: str, name: str, secret: str, *, audiences: tuple[str, ...]) -> str:
    """Stores an API key's hash; returns its id. A key may do what its audiences allow, and is never the owner."""
    identifier = new_id("key")
    row = {"tenant": tenant, "id": identifier, "name": name, "key_hash": hash_text(secret), "role": CONTENT}
    connection.execute(insert(keys).values(**row, audiences=list(audiences), created_at=utc_now()))
    return identifier
