"""Who is calling, and what they may see: nobody known, the owner by cookie, the holder of a key.

The audiences come from the caller's session or key. A request may narrow them and never widen
them; only the owner may name an audience that no document has yet.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from openbook.desk.doorkeeping import Doorkeeper
from openbook.errors import NotAllowed, NotFound
from openbook.hashing import hash_text
from openbook.server.problems import Refused, bad_key, forged, not_signed_in
from openbook.stores.access import ANONYMOUS, OWNER, Caller

if TYPE_CHECKING:
    from starlette.requests import Request

SESSION_COOKIE = "openbook_session"
CSRF_HEADER = "x-openbook-csrf"
_HARMLESS = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True, slots=True)
class Guest:
    """A caller and the proof it came with."""

    caller: Caller = ANONYMOUS
    proof: Literal["none", "cookie", "key"] = "none"
    session: str = ""

    @property
    def tenant(self) -> str:
        """Whose knowledge the guest asks."""
        return self.caller.tenant

    @property
    def audiences(self) -> tuple[str, ...]:
        """Everything the guest may see."""
        return self.caller.audiences

    @property
    def owner(self) -> bool:
        """Whether this is the owner in person."""
        return self.proof == "cookie" and self.caller.role == OWNER

    def sees(self, audiences: tuple[str, ...]) -> bool:
        """Whether something for these audiences is for this guest too; everything is for the owner."""
        return self.owner or not set(audiences).isdisjoint(self.audiences)

    def narrowed(self, wanted: str) -> tuple[str, ...]:
        """The audiences of one request: those wanted, separated by commas, or all of the guest's.

        Raises:
            NotAllowed: One is wanted that the guest may not see.
        """
        names = tuple(dict.fromkeys(name.strip() for name in wanted.split(",") if name.strip()))
        beyond = [name for name in names if name not in self.audiences]
        if beyond and not self.owner:
            raise NotAllowed(
                f"The audience {beyond[0]!r} is not open to you; you have: {', '.join(self.audiences)}.",
                fix="Leave `audience` out, name one of yours, or sign in with a key that has it.",
            )
        return names or self.audiences

    def check_tenant(self, tenant: str) -> None:
        """Lets a request name its own tenant, and no other.

        Raises:
            NotFound: It names another.
        """
        if tenant != self.tenant:
            raise NotFound(f"There is no tenant {tenant!r} for you.", fix="Leave `tenant` out.")


ANYBODY = Guest()


def is_anonymous(request: "Request") -> bool:
    """Whether a request carries no proof at all, which costs nothing to find out."""
    return SESSION_COOKIE not in request.cookies and "authorization" not in request.headers


def identify(doorkeeper: Doorkeeper, request: "Request") -> Guest:
    """Who sent a request. Reads the database: call it on a worker unless `is_anonymous`.

    Raises:
        Refused: The key lets nobody in, or a change by cookie does not come from our own page.
    """
    if "authorization" in request.headers:
        scheme, _, secret = request.headers["authorization"].partition(" ")
        caller = doorkeeper.key_caller(secret.strip()) if scheme.lower() == "bearer" else None
        if caller is None:
            raise Refused(bad_key())
        return Guest(caller, "key")
    session = request.cookies.get(SESSION_COOKIE, "")
    caller = doorkeeper.session_caller(session) if session else None
    if caller is None:
        return ANYBODY
    if request.method not in _HARMLESS and not _from_our_page(request, session):
        raise Refused(forged())
    return Guest(caller, "cookie", session)


def known(guest: Guest) -> Guest:
    """The guest, who must be somebody.

    Raises:
        Refused: Nobody is known to ask.
    """
    if not guest.caller.staff:
        raise Refused(not_signed_in())
    return guest


def owner_only(guest: Guest, what: str) -> Guest:
    """The guest, who must have the owner's role.

    Raises:
        Refused: Nobody is known to ask.
        NotAllowed: Somebody else asks.
    """
    if known(guest).caller.role != OWNER:
        raise NotAllowed(f"Only the owner may {what}.", fix="Sign in at /owner.")
    return guest


def form_token(cookie: str) -> str:
    """What a form must send back to prove that it was shown to the holder of this cookie."""
    return hash_text(f"form:{cookie}")


def form_token_fits(token: str, cookie: str) -> bool:
    """Whether a form was shown to the holder of this cookie."""
    return bool(cookie) and hmac.compare_digest(token.encode("utf-8", "replace"), form_token(cookie).encode())


def same_origin(headers: Mapping[str, str]) -> bool:
    """Whether the browser itself says that the request comes from a page of this server."""
    if site := headers.get("sec-fetch-site"):
        return site == "same-origin"
    origin = headers.get("origin", "")
    return bool(origin) and urlsplit(origin).netloc == headers.get("host", "")


def _from_our_page(request: "Request", session: str) -> bool:
    token = request.headers.get(CSRF_HEADER)
    return form_token_fits(token, session) if token is not None else same_origin(request.headers)
