"""Who may come in: passwords, one-time links, invitations, sessions, keys. Tokens are kept only as hashes.

Which role may do what stands in `openbook.types.people`; this module only says which role somebody has.
"""

import json
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, Text, cast, insert, select, update

from openbook.hashing import hash_text
from openbook.stores.ids import new_id
from openbook.stores.rows import insert_missing
from openbook.stores.schema import keys, logins, people, versions
from openbook.types.people import CONSOLE as CONSOLE_ROLE
from openbook.types.people import CONTENT, OWNER, may
from openbook.types.record import INTERNAL, MAIN_TENANT, PUBLIC, utc_now

LINK, SESSION, INVITATION = "link", "session", "invitation"
STAFF_AUDIENCES = (PUBLIC, INTERNAL)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, as a door has made sure of it.

    Attributes:
        person_id: A person's id, or a key's; empty for the command line and for nobody known.
        name: What to call the person or key; may be empty.
    """

    tenant: str = MAIN_TENANT
    person_id: str = ""
    role: str = "anonymous"
    audiences: tuple[str, ...] = (PUBLIC,)
    name: str = ""

    @property
    def staff(self) -> bool:
        """Whether the caller is one of the company's own people."""
        return self.role != "anonymous"

    def may(self, action: str) -> bool:
        """Whether the caller may do something, by the table `RIGHTS`; the command line may do everything."""
        return may(self.role, action) or self.role == CONSOLE_ROLE


ANONYMOUS = Caller()
CONSOLE = Caller(role=CONSOLE_ROLE)
"""Whoever runs commands on the desk's own folder."""


@dataclass(frozen=True, slots=True)
class Account:
    """What signing in needs to know of a person.

    Attributes:
        password_hash: None where no password was set.
    """

    person_id: str
    role: str
    password_hash: str | None


def account_of(connection: Connection, tenant: str, email: str) -> Account | None:
    """The account of an active person by e-mail address in small letters; the first owner's where it is empty."""
    query = select(people.c.id, people.c.role, people.c.password_hash).where(people.c.tenant == tenant, people.c.active)
    chosen = people.c.email == email if email else people.c.role == OWNER
    row = connection.execute(query.where(chosen).order_by(people.c.created_at, people.c.id)).first()
    return None if row is None else Account(row.id, row.role, row.password_hash)


def has_any_password(connection: Connection, tenant: str) -> bool:
    """Whether anybody can sign in with a password."""
    query = select(people.c.id).where(people.c.tenant == tenant, people.c.active, people.c.password_hash.is_not(None))
    return connection.execute(query.limit(1)).first() is not None


def owner_id(connection: Connection, tenant: str) -> str | None:
    """The id of the first owner that is active, or None when there is no owner yet."""
    found = account_of(connection, tenant, "")
    return None if found is None else found.person_id


def ensure_owner(connection: Connection, tenant: str) -> str:
    """The owner's id; makes the owner when there is none."""
    found = owner_id(connection, tenant)
    if found is not None:
        return found
    identifier = new_id("per")
    row = {"tenant": tenant, "id": identifier, "email": "", "name": "Owner", "role": OWNER}
    connection.execute(insert(people).values(**row, audiences=list(STAFF_AUDIENCES), active=True, created_at=utc_now()))
    return identifier


def password_hash(connection: Connection, tenant: str, person_id: str) -> str | None:
    """The stored form of a person's password, or None when none was set."""
    query = select(people.c.password_hash).where(people.c.tenant == tenant, people.c.id == person_id)
    return connection.execute(query).scalar()


def set_password_hash(connection: Connection, tenant: str, person_id: str, hashed: str) -> None:
    """Stores the form of a new password and ends every session, link and invitation of the person."""
    renew_password_hash(connection, tenant, person_id, hashed)
    end_logins(connection, tenant, person_id)


def renew_password_hash(connection: Connection, tenant: str, person_id: str, hashed: str) -> None:
    """Stores another form of the same password; sessions last."""
    mine = (people.c.tenant == tenant, people.c.id == person_id)
    connection.execute(update(people).where(*mine).values(password_hash=hashed))


def end_logins(connection: Connection, tenant: str, person_id: str, *, kinds: tuple[str, ...] = ()) -> None:
    """Ends every session, link and invitation of a person, or only those of some kinds."""
    theirs = [logins.c.tenant == tenant, logins.c.person_id == person_id, logins.c.used_at.is_(None)]
    if kinds:
        theirs.append(logins.c.kind.in_(kinds))
    connection.execute(update(logins).where(*theirs).values(used_at=utc_now()))


def add_login(connection: Connection, tenant: str, person_id: str, token: str, *, kind: str, lasts: timedelta) -> None:
    """Lets this token in for a time, as a one-time link or as a session."""
    now = utc_now()
    row = {"tenant": tenant, "token_hash": hash_text(token), "person_id": person_id, "kind": kind}
    insert_missing(connection, logins, [{**row, "created_at": now, "expires_at": now + lasts, "used_at": None}])


def find_link(connection: Connection, tenant: str, token: str, *, kind: str = LINK) -> str | None:
    """The active person that a one-time link or an invitation is for; None if it is unknown, used or too old."""
    query = (
        select(logins.c.person_id)
        .join(people, (logins.c.tenant == people.c.tenant) & (logins.c.person_id == people.c.id))
        .where(
            logins.c.tenant == tenant,
            logins.c.token_hash == hash_text(token),
            logins.c.kind == kind,
            logins.c.used_at.is_(None),
            logins.c.expires_at > utc_now(),
            people.c.active,
        )
    )
    return connection.execute(query).scalar()


def spend_link(connection: Connection, tenant: str, token: str, *, kind: str = LINK) -> str | None:
    """The person a one-time link or an invitation lets in, once; None if it is unknown, used or too old."""
    person_id = find_link(connection, tenant, token, kind=kind)
    if person_id is not None:
        end_session(connection, tenant, token)
    return person_id


def end_session(connection: Connection, tenant: str, token: str) -> None:
    """Lets this session's token in no longer."""
    mine = (logins.c.tenant == tenant, logins.c.token_hash == hash_text(token))
    connection.execute(update(logins).where(*mine).values(used_at=utc_now()))


def session_caller(connection: Connection, token: str) -> Caller | None:
    """Who a session's token belongs to, while it lasts."""
    query = (
        select(people.c.tenant, people.c.id, people.c.role, people.c.audiences, people.c.name, people.c.email)
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
    return None if row is None else Caller(row.tenant, row.id, row.role, tuple(row.audiences), row.name or row.email)


def named_audiences(connection: Connection, tenant: str) -> tuple[str, ...]:
    """Every audience that a live version names, in order of the alphabet."""
    written = cast(versions.c.audiences, Text)  # as text, which every database can compare
    query = select(written).where(versions.c.tenant == tenant, versions.c.state == "live").distinct()
    return tuple(sorted({name for names in connection.execute(query).scalars() for name in json.loads(names)}))


def key_caller(connection: Connection, secret: str) -> Caller | None:
    """Who an API key belongs to, unless it was revoked."""
    query = select(keys).where(keys.c.key_hash == hash_text(secret), keys.c.revoked_at.is_(None))
    row = connection.execute(query).first()
    return None if row is None else Caller(row.tenant, row.id, row.role, tuple(row.audiences), row.name)


def add_key(
    connection: Connection, tenant: str, name: str, secret: str, *, audiences: tuple[str, ...], role: str = CONTENT
) -> str:
    """Stores an API key's hash; returns its id. A key may do what role and audiences allow, and is never the owner."""
    identifier = new_id("key")
    row = {"tenant": tenant, "id": identifier, "name": name, "key_hash": hash_text(secret), "role": role}
    connection.execute(insert(keys).values(**row, audiences=list(audiences), created_at=utc_now()))
    return identifier
