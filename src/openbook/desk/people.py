"""The verbs about people, keys and the audit log: who is there, who may do what, who did what.

Every change is checked against the rights of whoever makes it and noted in the same transaction. Signing in is
`doorkeeping`'s matter. This module knows no page and no command.
"""

import secrets
from collections.abc import Callable
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from sqlalchemy import Connection

from openbook.desk.doorkeeping import INVITATION_LASTS, LONGEST_EMAIL, is_email, new_secret, tidy_name
from openbook.desk.parts import Parts
from openbook.errors import NotAllowed, NotFound, UserError
from openbook.stores import access, audit
from openbook.stores import people as rows
from openbook.stores.access import CONSOLE, Caller
from openbook.types import MAIN_TENANT, PUBLIC, utc_now
from openbook.types.people import (
    CONTENT,
    KEY_ROLES,
    OPERATOR,
    OWNER,
    ROLES,
    AuditEntry,
    Invitation,
    Key,
    NewKey,
    Person,
    may_invite,
)

P = ParamSpec("P")
T = TypeVar("T")

ENTRIES = 50
MOST_ENTRIES = 1_000
INVITATIONS = "/owner/invitation"


def list_people(parts: Parts, tenant: str) -> tuple[Person, ...]:
    """Everybody, also who is not active, in the order in which they came."""
    with parts.database.read() as connection:
        return tuple(rows.list_people(connection, tenant))


def add_person(parts: Parts, tenant: str, by: Caller, email: str, name: str, role: str) -> Person:
    """Adds somebody, who can sign in once an invitation was accepted."""
    address, called = email.strip().lower(), tidy_name(name)
    if not is_email(address):
        raise UserError(
            f"{email[:100]!r} is no e-mail address.",
            fix=f"Write it like name@example.com: one @, no spaces, at most {LONGEST_EMAIL} letters.",
        )
    _check_role(role, ROLES)
    _check_may_invite(by, role)

    def work(connection: Connection) -> Person:
        if rows.find_person(connection, tenant, address):
            raise UserError(
                f"{address!r} belongs to somebody already.", fix="Invite that person again, or use another address."
            )
        identifier = rows.add_person(connection, tenant, email=address, name=called, role=role)
        audit.note(connection, tenant, by, "", "people.added", identifier, role=role)
        return _found(connection, tenant, identifier)

    return parts.database.write(work)


def change_role(parts: Parts, tenant: str, by: Caller, who: str, role: str) -> Person:
    """Gives somebody another role, and ends the person's sessions, links and invitations."""
    _check_role(role, ROLES)
    _check_manages(by)

    def work(connection: Connection) -> Person:
        person = _found(connection, tenant, who)
        if person.role == role:
            return person
        _check_not_last_owner(connection, tenant, person, "have another role")
        rows.change_person(connection, tenant, person.id, role=role)
        access.end_logins(connection, tenant, person.id)
        facts = {"before": person.role, "after": role}
        audit.note(connection, tenant, by, "", "people.role_changed", person.id, **facts)
        return _found(connection, tenant, person.id)

    return parts.database.write(work)


def set_active(parts: Parts, tenant: str, by: Caller, who: str, active: bool) -> Person:
    """Lets somebody in no longer, ending sessions, links and invitations; or in again, with the password as it was."""
    _check_manages(by)

    def work(connection: Connection) -> Person:
        person = _found(connection, tenant, who)
        if person.active == active:
            return person
        if not active:
            _check_not_last_owner(connection, tenant, person, "be deactivated")
            access.end_logins(connection, tenant, person.id)
        rows.change_person(connection, tenant, person.id, active=active)
        action = "people.activated" if active else "people.deactivated"
        audit.note(connection, tenant, by, "", action, person.id)
        return _found(connection, tenant, person.id)

    return parts.database.write(work)


def invite_person(parts: Parts, tenant: str, by: Caller, who: str) -> Invitation:
    """Makes a way to set a password, once, within a week; an earlier invitation of the person ends."""
    token, expires_at = secrets.token_urlsafe(32), utc_now() + INVITATION_LASTS

    def work(connection: Connection) -> Person:
        person = _found(connection, tenant, who)
        _check_may_invite(by, person.role)
        if not person.active:
            raise UserError(
                f"{person.called!r} is not active and cannot be invited.",
                fix="Activate the person first, on /owner/people or with `openbook people activate`.",
            )
        kind = access.INVITATION
        access.end_logins(connection, tenant, person.id, kinds=(kind,))
        access.add_login(connection, tenant, person.id, token, kind=kind, lasts=INVITATION_LASTS)
        audit.note(connection, tenant, by, "", "people.invited", person.id, role=person.role)
        return _found(connection, tenant, person.id)

    person = parts.database.write(work)
    return Invitation(person, token, f"{INVITATIONS}/{token}", person.invited_until or expires_at)


def list_keys(parts: Parts, tenant: str) -> tuple[Key, ...]:
    """Every key, also those that were revoked, the newest first."""
    with parts.database.read() as connection:
        return tuple(rows.list_keys(connection, tenant))


def add_key(parts: Parts, tenant: str, by: Caller, name: str, role: str, audiences: tuple[str, ...]) -> NewKey:
    """Makes an API key; its secret is in the result and nowhere else."""
    called, seen = tidy_name(name), tuple(dict.fromkeys(audiences)) or (PUBLIC,)
    _check_role(role, KEY_ROLES)
    _check_manages(by)
    if not called:
        raise UserError("The key has no name.", fix="Name it for the program that will use it, such as `website`.")
    secret = new_secret()

    def work(connection: Connection) -> Key:
        if any(key.name == called and key.revoked_at is None for key in rows.list_keys(connection, tenant)):
            raise UserError(f"There is a key {called!r} already.", fix="Choose another name, or revoke that key first.")
        identifier = access.add_key(connection, tenant, called, secret, audiences=seen, role=role)
        audit.note(connection, tenant, by, "", "keys.added", identifier, role=role, audiences=",".join(seen))
        return _found_key(connection, tenant, identifier)

    return NewKey(parts.database.write(work), secret)


def revoke_key(parts: Parts, tenant: str, by: Caller, name: str) -> Key:
    """Lets a key in no longer, named by id or name."""
    _check_manages(by)

    def work(connection: Connection) -> Key:
        key = _found_key(connection, tenant, name)
        if key.revoked_at is not None:
            return key
        rows.revoke_key(connection, tenant, key.id)
        audit.note(connection, tenant, by, "", "keys.revoked", key.id)
        return _found_key(connection, tenant, key.id)

    return parts.database.write(work)


def audit_log(
    parts: Parts, tenant: str, limit: int, before: str, person_id: str, action: str
) -> tuple[AuditEntry, ...]:
    """Entries of the audit log, the newest first."""
    if not 1 <= limit <= MOST_ENTRIES:
        raise UserError(f"{limit} entries cannot be asked for.", fix=f"Ask for 1 to {MOST_ENTRIES:,}.")
    with parts.database.read() as connection:
        found = audit.list_entries(connection, tenant, limit=limit, before=before, person_id=person_id, action=action)
    return tuple(found)


def audit_actions(parts: Parts, tenant: str, area: str) -> tuple[str, ...]:
    """Every action that the audit log has an entry of."""
    with parts.database.read() as connection:
        return tuple(audit.list_actions(connection, tenant, area=area))


PEOPLE_VERBS = (
    list_people,
    add_person,
    change_role,
    set_active,
    invite_person,
    list_keys,
    add_key,
    revoke_key,
    audit_log,
    audit_actions,
)


class PeopleVerbs(Protocol):
    """One method a verb; `Desk` says where each is done.

    Whoever calls these in Python or by command has the folder, and may do everything; a page says in whose name.
    """

    def _do(self, verb: Callable[Concatenate[Parts, P], T], *_: P.args, **arguments: P.kwargs) -> T:
        """Does a verb here, or has the process do it that holds the folder."""
        ...

    def people(self, *, tenant: str = MAIN_TENANT) -> tuple[Person, ...]:
        """Everybody, also who is not active, in the order in which they came."""
        return self._do(list_people, tenant=tenant)

    def add_person(
        self, email: str, name: str = "", role: str = OPERATOR, *, by: Caller = CONSOLE, tenant: str = MAIN_TENANT
    ) -> Person:
        """Adds somebody, who can sign in once an invitation was accepted.

        Args:
            email: The address to sign in with; capitals do not matter.
            name: As others see it; the person may change it on accepting.
            role: One of `owner`, `content`, `operator`, `lead`, `auditor`.
            by: In whose name.
            tenant: Of which brand.

        Raises:
            UserError: Address, name or role do not fit, or the address belongs to somebody.
            NotAllowed: `by` may not add people of this role.
        """
        return self._do(add_person, tenant=tenant, by=by, email=email, name=name, role=role)

    def change_role(self, who: str, role: str, *, by: Caller = CONSOLE, tenant: str = MAIN_TENANT) -> Person:
        """Gives somebody another role, and ends the person's sessions, links and invitations.

        Args:
            who: The id or e-mail address.
            role: The new role.
            by: In whose name.
            tenant: Of which brand.

        Raises:
            NotFound: There is nobody called so.
            UserError: There is no such role, or this is the last owner.
            NotAllowed: `by` may not manage people.
        """
        return self._do(change_role, tenant=tenant, by=by, who=who, role=role)

    def deactivate(self, who: str, *, by: Caller = CONSOLE, tenant: str = MAIN_TENANT) -> Person:
        """Lets a person in no longer, by id or e-mail address; sessions end at once. What was done stays noted.

        Raises:
            NotFound: There is nobody called so.
            UserError: This is the last owner.
            NotAllowed: `by` may not manage people.
        """
        return self._do(set_active, tenant=tenant, by=by, who=who, active=False)

    def activate(self, who: str, *, by: Caller = CONSOLE, tenant: str = MAIN_TENANT) -> Person:
        """Lets a person in again who was deactivated, by id or e-mail address.

        Raises:
            NotFound: There is nobody called so.
            NotAllowed: `by` may not manage people.
        """
        return self._do(set_active, tenant=tenant, by=by, who=who, active=True)

    def invite(self, who: str, *, by: Caller = CONSOLE, tenant: str = MAIN_TENANT) -> Invitation:
        """Makes a way for a person to set a password, once, within a week; an earlier one ends.

        Returns:
            The invitation with its token, which is nowhere else, and the path where it is opened.

        Raises:
            NotFound: There is nobody called so.
            UserError: The person is not active.
            NotAllowed: `by` may not invite people of this role.
        """
        return self._do(invite_person, tenant=tenant, by=by, who=who)

    def keys(self, *, tenant: str = MAIN_TENANT) -> tuple[Key, ...]:
        """Every API key, also those that were revoked, the newest first."""
        return self._do(list_keys, tenant=tenant)

    def add_key(
        self,
        name: str,
        role: str = CONTENT,
        audiences: tuple[str, ...] = (PUBLIC,),
        *,
        by: Caller = CONSOLE,
        tenant: str = MAIN_TENANT,
    ) -> NewKey:
        """Makes an API key.

        Args:
            name: Of the program that will use it; no other key in use has it.
            role: What it may do: any role but `owner`.
            audiences: What it may see.
            by: In whose name.
            tenant: Of which brand.

        Returns:
            The key with its secret, which is nowhere else.

        Raises:
            UserError: Name or role do not fit.
            NotAllowed: `by` may not manage people.
        """
        return self._do(add_key, tenant=tenant, by=by, name=name, role=role, audiences=audiences)

    def revoke_key(self, name: str, *, by: Caller = CONSOLE, tenant: str = MAIN_TENANT) -> Key:
        """Lets an API key in no longer, by id or name.

        Raises:
            NotFound: There is no such key.
            UserError: Several are called so.
            NotAllowed: `by` may not manage people.
        """
        return self._do(revoke_key, tenant=tenant, by=by, name=name)

    def audit_log(
        self,
        limit: int = ENTRIES,
        before: str = "",
        *,
        person_id: str = "",
        action: str = "",
        tenant: str = MAIN_TENANT,
    ) -> tuple[AuditEntry, ...]:
        """Entries of the audit log, the newest first.

        Args:
            limit: The most, up to 1,000.
            before: Only those older than the entry of this id.
            person_id: Only those of one person or key.
            action: Only one action, such as `people.invited`, or one area, such as `people`.
            tenant: Of which brand.

        Raises:
            UserError: More are asked for than are ever given.
        """
        return self._do(audit_log, tenant=tenant, limit=limit, before=before, person_id=person_id, action=action)

    def audit_actions(self, *, area: str = "", tenant: str = MAIN_TENANT) -> tuple[str, ...]:
        """Every action that the audit log has an entry of; of one area where one is named."""
        return self._do(audit_actions, tenant=tenant, area=area)


def _check_role(role: str, roles: tuple[str, ...]) -> None:
    if role not in roles:
        raise UserError(f"There is no role {role[:40]!r} to give here.", fix=f"Choose one of {', '.join(roles)}.")


def _check_manages(by: Caller) -> None:
    if not by.may("manage_people"):
        raise NotAllowed(f"Your role, {by.role}, may not manage people and keys.", fix="Ask the owner to do it.")


def _check_may_invite(by: Caller, role: str) -> None:
    if not (by.role == CONSOLE.role or may_invite(by.role, role)):
        raise NotAllowed(
            f"Your role, {by.role}, may not add or invite somebody of the role {role}.", fix="Ask the owner to do it."
        )


def _check_not_last_owner(connection: Connection, tenant: str, person: Person, what: str) -> None:
    is_owner = person.role == OWNER and person.active
    if is_owner and not rows.count_owners(connection, tenant, without=person.id):
        raise UserError(
            f"{person.called!r} is the last owner and cannot {what}.",
            fix="Make somebody else owner first: `openbook people role ADDRESS owner`.",
        )


def _found(connection: Connection, tenant: str, who: str) -> Person:
    person = rows.find_person(connection, tenant, who) if who.strip() else None
    if person is None:
        raise NotFound(f"There is nobody called {who[:100]!r}.", fix="`openbook people list` lists everybody.")
    return person


def _found_key(connection: Connection, tenant: str, name: str) -> Key:
    every = rows.list_keys(connection, tenant)
    named = [key for key in every if key.id == name] or [key for key in every if key.name == name]
    in_use = [key for key in named if key.revoked_at is None] or named[:1]
    if not in_use:
        raise NotFound(f"There is no key {name[:100]!r}.", fix="`openbook keys list` lists them.")
    if len(in_use) > 1:
        raise UserError(f"{len(in_use)} keys are called {name[:100]!r}.", fix="Name it by its id, key_….")
    return in_use[0]
