"""Who is calling, and what they may see and do: nobody known, a person by cookie, the holder of a key.

Audiences and role come from the caller's session or key. A request may narrow the audiences and never widen
them; only the owner may name one that no document has yet. What a role may do stands in `openbook.types.people`.
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
from openbook.stores.access import ANONYMOUS, Caller
from openbook.types.people import OWNER

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
    def person_id(self) -> str:
        """The id of the person or key; empty for nobody known."""
        return self.caller.person_id

    @property
    def name(self) -> str:
        """What to call the person or key; may be empty."""
        return self.caller.name

    @property
    def role(self) -> str:
        """The role; `anonymous` for nobody known."""
        return self.caller.role

    @property
    def owner(self) -> bool:
        """Whether this is an owner in person."""
        return self.in_person and self.role == OWNER

    @property
    def in_person(self) -> bool:
        """Whether this is somebody who signed in, rather than a program or nobody known."""
        return self.proof == "cookie"

    def may(self, action: str) -> bool:
        """Whether the guest's role may do something, by the table `RIGHTS`."""
        return self.caller.may(action)

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
    """Whether a request carries no proof of staff at all, which costs nothing to find out; a visitor's is none."""
    scheme = request.headers.get("authorization", "visitor").partition(" ")[0]
    return SESSION_COOKIE not in request.cookies and scheme.lower() == "visitor"


def identify(doorkeeper: Doorkeeper, request: "Request") -> Guest:
    """Who sent a request. Reads the database: call it on a worker unless `is_anonymous`.

    Raises:
        Refused: The key lets nobody in, or a change by cookie does not come from our own page.
    """
    scheme, _, secret = request.headers.get("authorization", "visitor").partition(" ")
    if scheme.lower() != "visitor":
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


def known(guest: Guest, action: str = "") -> Guest:
    """The guest, who must be somebody.

    Args:
        guest: Who asks.
        action: What the guest's role must allow besides, by the table `RIGHTS`; empty for nothing.

    Raises:
        Refused: Nobody is known to ask.
        NotAllowed: The role does not allow it.
    """
    if not guest.caller.staff:
        raise Refused(not_signed_in())
    return allowed(guest, action) if action else guest


def allowed(guest: Guest, action: str) -> Guest:
    """The guest, whose role must allow something.

    Raises:
        NotAllowed: It does not.
    """
    if not guest.may(action):
        raise NotAllowed(
            f"Your role, {guest.role}, may not {action.replace('_', ' ')}.",
            fix="Ask the owner for another role, or sign in as somebody who has it.",
        )
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
    origin = urlsplit(headers.get("origin", ""))
    return origin.scheme in ("http", "https") and origin.netloc == headers.get("host", "")


def _from_our_page(request: "Request", session: str) -> bool:
    token = request.headers.get(CSRF_HEADER)
    return form_token_fits(token, session) if token is not None else same_origin(request.headers)
