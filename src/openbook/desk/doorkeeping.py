"""Lets the owner and the holders of API keys in: passwords, one-time links, sessions, keys.

Secrets leave this module once, when they are made; what is stored are their hashes, and of the
password its Argon2 form (https://www.rfc-editor.org/rfc/rfc9106). This module knows no HTTP; how
often somebody may try is a matter of the door.
"""

import secrets
from dataclasses import replace
from datetime import timedelta

from openbook.errors import UserError
from openbook.stores import Database, access
from openbook.stores.access import Caller
from openbook.types import MAIN_TENANT

LINK_LASTS = timedelta(hours=24)
SESSION_LASTS = timedelta(hours=12)
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 1_000
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
        return self._stored_password() is not None

    def set_password(self, password: str) -> None:
        """Sets the owner's password and ends every session and link.

        Raises:
            UserError: It is too short or too long.
        """
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            raise UserError(
                f"The password has {len(password)} characters.",
                fix=f"Choose one of {SHORTEST_PASSWORD} to {LONGEST_PASSWORD:,}; a few random words are easy to type.",
            )
        # deferred: needed only where a password is set or checked
        from argon2 import PasswordHasher

        owner, hashed = self._owner(), PasswordHasher().hash(password)
        self._database.write(lambda connection: access.set_password_hash(connection, self._tenant, owner, hashed))

    def password_fits(self, password: str) -> bool:
        """Whether this is the owner's password; False while none is set."""
        # deferred: needed only where a password is set or checked
        from argon2 import PasswordHasher
        from argon2.exceptions import InvalidHashError, VerificationError

        stored = self._stored_password()
        if stored is None or len(password) > LONGEST_PASSWORD:
            return False
        try:
            return PasswordHasher().verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    # ---------------------------------------------------- links and sessions

    def new_link(self) -> str:
        """A token that lets the owner in once, within `LINK_LASTS`."""
        return self._let_in(self._owner(), kind=access.LINK, lasts=LINK_LASTS)

    def spend_link(self, token: str) -> str | None:
        """A session for a one-time link's token, or None if it is unknown, used or too old."""
        person = self._database.write(lambda connection: access.spend_link(connection, self._tenant, token))
        return None if person is None else self._let_in(person, kind=access.SESSION, lasts=SESSION_LASTS)

    def sign_in(self, password: str) -> str | None:
        """A session for the owner, or None if the password does not fit."""
        if not self.password_fits(password):
            return None
        return self._let_in(self._owner(), kind=access.SESSION, lasts=SESSION_LASTS)

    def sign_out(self, session: str) -> None:
        """Ends a session."""
        self._database.write(lambda connection: access.end_session(connection, self._tenant, session))

    def session_caller(self, session: str) -> Caller | None:
        """Who a session belongs to. The owner sees every audience that any document has."""
        with self._database.read() as connection:
            caller = access.session_caller(connection, session)
            if caller is None or caller.role != access.OWNER:
                return caller
            named = access.named_audiences(connection, caller.tenant)
        return replace(caller, audiences=tuple(dict.fromkeys((*caller.audiences, *named))))

    # ----------------------------------------------------------------- keys

    def new_key(self, name: str, *, audiences: tuple[str, ...]) -> str:
        """Makes an API key that sees these audiences; the secret is shown this once."""
        secret = KEY_PREFIX + secrets.token_urlsafe(32)
        self._database.write(
            lambda connection: access.add_key(connection, self._tenant, name, secret, audiences=audiences)
        )
        return secret

    def key_caller(self, secret: str) -> Caller | None:
        """Who an API key belongs to, unless it is unknown or revoked."""
        with self._database.read() as connection:
            return access.key_caller(connection, secret)

    # ---------------------------------------------------------------- inside

    def _owner(self) -> str:
        return self._database.write(lambda connection: access.ensure_owner(connection, self._tenant))

    def _stored_password(self) -> str | None:
        with self._database.read() as connection:
            owner = access.owner_id(connection, self._tenant)
            return None if owner is None else access.password_hash(connection, self._tenant, owner)

    def _let_in(self, person: str, *, kind: str, lasts: timedelta) -> str:
        token = secrets.token_urlsafe(32)
        self._database.write(
            lambda connection: access.add_login(connection, self._tenant, person, token, kind=kind, lasts=lasts)
        )
        return token
