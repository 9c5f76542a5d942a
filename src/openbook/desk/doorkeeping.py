"""Lets people and the holders of API keys in: passwords, one-time links, invitations, sessions, keys.

Secrets leave this module once, when they are made; what is stored are their hashes, and of
passwords their Argon2 form (https://www.rfc-editor.org/rfc/rfc9106). Coming in, failing to and going out are
noted in the audit log. This module knows no HTTP; how often somebody may try is a matter of the door.
"""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection

from openbook.errors import UserError
from openbook.stores import Database, access, audit, people
from openbook.stores.access import Caller
from openbook.stores.audit import Fact
from openbook.types import MAIN_TENANT
from openbook.types.people import CONSOLE, CONTENT, OWNER, Person

if TYPE_CHECKING:
    from argon2 import PasswordHasher

T = TypeVar("T")

LINK_LASTS = timedelta(hours=24)
INVITATION_LASTS = timedelta(days=7)
SESSION_LASTS = timedelta(hours=12)
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 1_000
LONGEST_EMAIL = 254
KEY_PREFIX = "ob_"


class Doorkeeper:
    """Who may come in to a desk.

    Args:
        database: Where people, logins and keys are kept.
        tenant: Whose people.
    """

    def __init__(self, database: Database, *, tenant: str = MAIN_TENANT) -> None:
        self._database = database
        self._tenant = tenant

    # ------------------------------------------------------------- password

    def has_password(self) -> bool:
        """Whether the owner has set a password."""
        account = self._account("")
        return account is not None and account.password_hash is not None

    def has_any_password(self) -> bool:
        """Whether anybody can sign in with a password."""
        with self._database.read() as connection:
            return access.has_any_password(connection, self._tenant)

    def set_password(self, password: str) -> None:
        """Sets the owner's password and ends every session and link.

        Raises:
            UserError: It is too short or too long.
        """
        owner, hashed = self._owner(), hash_password(password)

        def work(connection: Connection) -> None:
            access.set_password_hash(connection, self._tenant, owner, hashed)
            audit.note(connection, self._tenant, "", CONSOLE, "people.password_set", owner)

        self._database.write(work)

    def password_fits(self, password: str, *, email: str = "") -> bool:
        """Whether this is the password of the person with this address, or of the owner where it is empty."""
        account = self._account(email)
        return _fits(account.password_hash if account else None, password)

    # ---------------------------------------------------- links and sessions

    def new_link(self) -> str:
        """A token that lets the owner in once, within `LINK_LASTS`."""
        owner, token = self._owner(), secrets.token_urlsafe(32)
        self._write(access.add_login, owner, token, kind=access.LINK, lasts=LINK_LASTS)
        return token

    def spend_link(self, token: str, *, address: str = "") -> str | None:
        """A session for a one-time link's token, or None if it is unknown, used or too old."""

        def work(connection: Connection) -> str | None:
            person = access.spend_link(connection, self._tenant, token)
            if person is None:
                self._note_failure(connection, address, way="link")
                return None
            return self._let_in(connection, person, way="link")

        return self._database.write(work)

    def sign_in(self, password: str, *, email: str = "", address: str = "") -> str | None:
        """A session for the person with this address, or None if address and password do not fit together.

        An unknown address takes as long as a wrong password.

        Args:
            password: What was typed.
            email: Whose; empty for the owner.
            address: Where the attempt comes from on the network, of which the audit log keeps a mark.
        """
        account = self._account(email)
        stored = account.password_hash if account else None
        if not _fits(stored, password) or account is None:
            subject = account.person_id if account else ""
            self._database.write(lambda connection: self._note_failure(connection, address, subject, way="password"))
            return None
        renewed = hash_password(password, checked=False) if _outdated(stored) else None

        def work(connection: Connection) -> str | None:
            person = access.account_of(connection, self._tenant, email.strip().lower())
            if person != account:  # the password changed, or the person left, while it was checked
                return None
            if renewed is not None:
                access.renew_password_hash(connection, self._tenant, account.person_id, renewed)
            return self._let_in(connection, account.person_id, way="password")

        return self._database.write(work)

    def sign_out(self, session: str) -> None:
        """Ends a session."""

        def work(connection: Connection) -> None:
            caller = access.session_caller(connection, session)
            access.end_session(connection, self._tenant, session)
            if caller is not None:
                audit.note(connection, self._tenant, caller, "", "session.ended", caller.person_id)

        self._database.write(work)

    def session_caller(self, session: str) -> Caller | None:
        """Who a session belongs to. The owner sees every audience that any document has."""
        with self._database.read() as connection:
            caller = access.session_caller(connection, session)
            if caller is None or caller.role != OWNER:
                return caller
            named = access.named_audiences(connection, caller.tenant)
        return replace(caller, audiences=tuple(dict.fromkeys((*caller.audiences, *named))))

    # ----------------------------------------------------------- invitations

    def invited(self, token: str) -> Person | None:
        """Whom an invitation is for, which stays as it is; None if it is unknown, used or too old."""
        with self._database.read() as connection:
            person = access.find_link(connection, self._tenant, token, kind=access.INVITATION)
            return people.find_person(connection, self._tenant, person) if person else None

    def accept_invitation(self, token: str, *, name: str, password: str, address: str = "") -> str | None:
        """Sets name and password of the invited person, spends the invitation and signs the person in.

        Args:
            token: The invitation's.
            name: What others see; empty leaves it as it is.
            password: The new one; every older session and link of the person ends.
            address: Where it comes from on the network, of which the audit log keeps a mark.

        Returns:
            A session; None if the invitation is unknown, used or too old.

        Raises:
            UserError: Password or name do not fit; the invitation is not spent.
        """
        chosen, known = tidy_name(name), self.invited(token)
        hashed = hash_password(password) if known else ""  # which takes its time and memory: not for a guess

        def work(connection: Connection) -> str | None:
            person = access.spend_link(connection, self._tenant, token, kind=access.INVITATION) if known else None
            if person is None:
                self._note_failure(connection, address, way="invitation")
                return None
            if chosen:
                people.change_person(connection, self._tenant, person, name=chosen)
            access.set_password_hash(connection, self._tenant, person, hashed)
            return self._let_in(connection, person, way="invitation", noted="people.password_set")

        return self._database.write(work)

    # ----------------------------------------------------------------- keys

    def new_key(self, name: str, *, audiences: tuple[str, ...], role: str = CONTENT) -> str:
        """Makes an API key that sees these audiences; the secret is shown this once."""
        secret = new_secret()
        self._write(access.add_key, name, secret, audiences=audiences, role=role)
        return secret

    def key_caller(self, secret: str) -> Caller | None:
        """Who an API key belongs to, unless it is unknown or revoked."""
        with self._database.read() as connection:
            return access.key_caller(connection, secret)

    # ------------------------------------------------------------ audit log

    def note(self, caller: Caller, action: str, object_id: str = "", **detail: Fact) -> None:
        """Writes an entry of the audit log, for a change that was made elsewhere; see `openbook.stores.audit.note`."""
        self._database.write(
            lambda connection: audit.note(connection, caller.tenant, caller, "", action, object_id, **detail)
        )

    # ---------------------------------------------------------------- inside

    def _owner(self) -> str:
        return self._write(access.ensure_owner)

    def _account(self, email: str) -> access.Account | None:
        """The account of an address; None where it is unknown, or is no address at all."""
        tidy = email.strip().lower()
        if not (tidy == "" or is_email(tidy)):
            return None
        with self._database.read() as connection:
            return access.account_of(connection, self._tenant, tidy)

    def _write(self, work: Callable[..., T], *arguments: str, **options: object) -> T:
        return self._database.write(lambda connection: work(connection, self._tenant, *arguments, **options))

    def _let_in(self, connection: Connection, person_id: str, *, way: str, noted: str = "") -> str:
        """A new session of a person, noted with the way in, and before it what else was done in the person's name."""
        token = secrets.token_urlsafe(32)
        access.add_login(connection, self._tenant, person_id, token, kind=access.SESSION, lasts=SESSION_LASTS)
        caller = access.session_caller(connection, token) or Caller(self._tenant, person_id)
        for action in (noted, "session.started"):
            if action:
                audit.note(connection, self._tenant, caller, "", action, person_id, way=way)
        return token

    def _note_failure(self, connection: Connection, address: str, object_id: str = "", *, way: str) -> None:
        mark = audit.mark_of(connection, self._tenant, address) if address else ""
        audit.note(connection, self._tenant, "", "anonymous", "session.failed", object_id, way=way, address=mark)


def new_secret() -> str:
    """A fresh secret of an API key."""
    return KEY_PREFIX + secrets.token_urlsafe(32)


def is_email(text: str) -> bool:
    """Whether a text looks like an e-mail address: one @ with something on both sides, no spaces, not too long."""
    before, _, after = text.partition("@")
    plain = text.isprintable() and not any(letter.isspace() for letter in text)
    return bool(before and after) and "@" not in after and plain and len(text) <= LONGEST_EMAIL


def tidy_name(name: str) -> str:
    """A name with single spaces.

    Raises:
        UserError: It is too long, or holds what cannot be shown.
    """
    tidy = " ".join(name.split())
    if len(tidy) > 200 or not tidy.isprintable():
        raise UserError(f"{tidy[:40]!r} is no name.", fix="Use at most 200 letters, without control characters.")
    return tidy


def hash_password(password: str, *, checked: bool = True) -> str:
    """The Argon2 form of a password.

    Raises:
        UserError: `checked` is set, and it is too short or too long.
    """
    if checked and not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise UserError(
            f"The password has {len(password)} characters.",
            fix=f"Choose one of {SHORTEST_PASSWORD} to {LONGEST_PASSWORD:,}; a few random words are easy to type.",
        )
    return _hasher().hash(password)


def _fits(stored: str | None, password: str) -> bool:
    """Whether a password has this form; as slow where there is none, so that time tells nothing."""
    # deferred: needed only where a password is set or checked
    from argon2.exceptions import InvalidHashError, VerificationError

    stand_in = _stand_in()  # made in any case, so that the first unknown address takes no longer than others
    if len(password) > LONGEST_PASSWORD:
        return False
    try:
        return _hasher().verify(stored or stand_in, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def _outdated(stored: str | None) -> bool:
    return stored is not None and _hasher().check_needs_rehash(stored)


@cache
def _hasher() -> "PasswordHasher":
    # deferred: needed only where a password is set or checked
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def _stand_in() -> str:
    """The form of a password that nobody has."""
    return _hasher().hash(secrets.token_urlsafe(32))
