"""Visitors of a company's pages: their tokens, what they may do in an hour, how many streams they have open.

A token is opaque to the page and signed by the server: it says which visitor somebody is and nothing that is
anybody's words. Knows neither conversations nor routes.
"""

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from openbook.errors import SettingsError
from openbook.hashing import canonical_json
from openbook.server.budget import Budget, network_address, spend_all
from openbook.server.identity import Identity, proved_identity
from openbook.server.problems import Refused, bad_visitor, over_budget, too_many_streams
from openbook.settings import WidgetSettings
from openbook.stores import Database
from openbook.stores.ids import new_id
from openbook.stores.visitors import lasting_secret
from openbook.types import MAIN_TENANT

if TYPE_CHECKING:
    from starlette.requests import Request

SCHEME = "visitor"
RENEWED_HEADER = "X-Openbook-Visitor"
LASTS_SECONDS = 30 * 24 * 3_600
RENEWED_AFTER_SECONDS = 24 * 3_600
LONGEST_TOKEN = 2_000
MOST_STREAMS = 5

PERSONS_PER_HOUR = 5
LEADS_PER_HOUR = 10
WORDS_PER_HOUR = 120
"""How often one visitor may fetch a person, send the contact form, and say something of answers."""

_FROM_ADDRESS = 5
"""How many visitors' worth of that may come from one network address; new visitors are limited by it too."""

_VERSION = "v1"
_SECRET = "visitor_secret"  # noqa: S105 - the name of a property


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who a token belongs to.

    Attributes:
        proved: Whether the company's server said who it is.
        name_hash: Of the name, among the visitor's own texts; empty for none. `email_hash` likewise.
        issued_at: When the token was made, in seconds since 1970; `expires_at` likewise.
    """

    id: str
    tenant: str = MAIN_TENANT
    proved: bool = False
    name_hash: str = ""
    email_hash: str = ""
    issued_at: int = 0
    expires_at: int = 0

    def named(self, name_hash: str, email_hash: str) -> "Visitor":
        """The same visitor, whose name and address are known by their hashes."""
        return replace(self, name_hash=name_hash, email_hash=email_hash)

    @property
    def lasts_until(self) -> datetime:
        """When the token expires."""
        return datetime.fromtimestamp(self.expires_at, UTC)


class Tokens:
    """Makes and reads visitors' tokens: `v1.`, the visitor in base64url, `.`, its HMAC-SHA256 in base64url.

    Args:
        secret: What the server signs with.
        tenant: Whose visitors; a token of another tenant is refused.
        clock: Gives seconds since 1970.
    """

    def __init__(self, secret: str, *, tenant: str = MAIN_TENANT, clock: Callable[[], float] = time.time) -> None:
        self._key = secret.encode("utf-8")
        self.tenant = tenant
        self._clock = clock

    def anybody(self) -> Visitor:
        """A new visitor of whom nothing is known."""
        return Visitor(new_id("vis"), self.tenant)

    def known(self, identity: Identity) -> Visitor:
        """The visitor that a customer of the company always is, on whatever device."""
        named = canonical_json(["visitor", self.tenant, identity.subject]).encode("utf-8")
        return Visitor(f"vis_{hmac.new(self._key, named, hashlib.sha256).hexdigest()[:40]}", self.tenant, proved=True)

    def issued(self, visitor: Visitor) -> tuple[str, Visitor]:
        """A token that lasts for `LASTS_SECONDS` from now on, and the visitor as it says."""
        now = int(self._clock())
        dated = replace(visitor, issued_at=now, expires_at=now + LASTS_SECONDS)
        body = _encoded(canonical_json(_plain(dated)).encode("utf-8"))
        return f"{_VERSION}.{body}.{self._mac(body)}", dated

    def read(self, token: str) -> Visitor:
        """Whose a token is.

        Raises:
            Refused: It is none of ours, was changed, has expired, or belongs to another tenant.
        """
        if len(token) > LONGEST_TOKEN:
            raise Refused(bad_visitor("is too long to be one"))
        version, _, rest = token.partition(".")
        body, _, mac = rest.partition(".")
        if version != _VERSION or not body or not mac:
            raise Refused(bad_visitor("is incomplete, or no token of this server"))
        if not hmac.compare_digest(self._mac(body).encode("ascii"), mac.encode("utf-8", "replace")):
            raise Refused(bad_visitor("was changed, or made by another server"))
        visitor = _from_plain(json.loads(_decoded(body)))
        if visitor.tenant != self.tenant:
            raise Refused(bad_visitor("belongs to another tenant"))
        if visitor.expires_at <= self._clock():
            raise Refused(bad_visitor("has expired"))
        return visitor

    def is_due(self, visitor: Visitor) -> bool:
        """Whether a token is old enough to be renewed by use; a proved one is renewed by a fresh identity only."""
        return not visitor.proved and self._clock() - visitor.issued_at > RENEWED_AFTER_SECONDS

    def _mac(self, body: str) -> str:
        signed = f"{_VERSION}.{body}".encode("utf-8", "replace")
        return _encoded(hmac.new(self._key, signed, hashlib.sha256).digest())


class Visitors:
    """What the server knows of visitors while it runs. Belongs to the server's event loop.

    Args:
        database: Where the secret behind the tokens is kept; it is made there when there is none.
        settings: The widget's.
        tenant: Whose visitors.
    """

    def __init__(self, database: Database, settings: WidgetSettings, *, tenant: str = MAIN_TENANT) -> None:
        self.tokens = Tokens(lasting_secret(database, tenant, _SECRET, secrets.token_hex(32)), tenant=tenant)
        self._identity_secret = settings.identity_secret
        self._from_address = settings.messages_per_hour_from_address
        self._messages = _pair(settings.messages_per_hour, self._from_address)
        self._persons = _pair(PERSONS_PER_HOUR, _FROM_ADDRESS * PERSONS_PER_HOUR)
        self._leads = _pair(LEADS_PER_HOUR, _FROM_ADDRESS * LEADS_PER_HOUR)
        self._words = _pair(WORDS_PER_HOUR, _FROM_ADDRESS * WORDS_PER_HOUR)
        self._new = Budget(max(_FROM_ADDRESS, self._from_address // _FROM_ADDRESS))
        self._streams: Counter[str] = Counter()

    # ---------------------------------------------------------------- who it is

    def visitor(self, request: "Request", *, told: str = "") -> Visitor | None:
        """Whose a request is, by its header, else by the token that its body has; None where it has neither.

        Raises:
            Refused: The token lets nobody in.
        """
        token = self._token(request, told)
        return self.tokens.read(token) if token else None

    def required(self, request: "Request", *, told: str = "") -> Visitor:
        """Like `visitor`, for what is only for visitors.

        Raises:
            Refused: There is no token, or it lets nobody in.
        """
        found = self.visitor(request, told=told)
        if found is None:
            raise Refused(bad_visitor("is missing"))
        return found

    def renewal(self, visitor: Visitor) -> dict[str, str]:
        """The header with a fresh token, where the one that was used is due."""
        return {RENEWED_HEADER: self.tokens.issued(visitor)[0]} if self.tokens.is_due(visitor) else {}

    def again(self, visitor: Visitor, request: "Request", *, told: str = "") -> tuple[str, Visitor]:
        """A token for a visitor, and the visitor as it says: a fresh one, but for a proved visitor without new proof.

        Args:
            visitor: Who it is for; one that was read from a token has that token's times.
            request: With the token that was used, if one was; `told` is the one of its body.
            told: See there.
        """
        if visitor.proved and visitor.expires_at:
            return self._token(request, told), visitor
        return self.tokens.issued(visitor)

    def identity(self, token: str) -> Identity:
        """Who somebody is by the word of the company's server.

        Raises:
            SettingsError: No secret is set that could prove it.
            Refused: The word cannot be believed.
        """
        if not self._identity_secret:
            raise SettingsError(
                "An identity was sent, and the setting widget.identity_secret is empty, so nothing can prove it.",
                fix="Set `widget.identity_secret` (or OPENBOOK_WIDGET__IDENTITY_SECRET) to a long random text that "
                "only this server and your own know, or leave `identity` out.",
            )
        return proved_identity(token, self._identity_secret, at=time.time())

    # ----------------------------------------------------------- what it may do

    def charge_new(self, request: "Request") -> None:
        """Notes a new visitor.

        Raises:
            Refused: Too many came from this address.
        """
        _charge([(self._new, network_address(request))], person=False)

    def charge_message(self, request: "Request", visitor: Visitor) -> None:
        """Notes a message.

        Raises:
            Refused: This visitor or this address sent too many; a person can be fetched nevertheless.
        """
        _charge_both(self._messages, request, visitor.id, person=True)

    def charge_person(self, request: "Request", visitor: Visitor) -> None:
        """Notes that a person was asked for.

        Raises:
            Refused: That was done too often.
        """
        _charge_both(self._persons, request, visitor.id, person=False)

    def charge_lead(self, request: "Request", visitor: Visitor | None) -> None:
        """Notes a contact form.

        Raises:
            Refused: Too many were sent.
        """
        _charge_both(self._leads, request, visitor.id if visitor else "", person=False)

    def charge_words(self, request: "Request", visitor: Visitor) -> None:
        """Notes a word about an answer, an address that was left, or an identity that was proved.

        Raises:
            Refused: Too many were said.
        """
        _charge_both(self._words, request, visitor.id, person=False)

    def check_streams(self, visitor: Visitor) -> None:
        """Makes sure that a visitor may open one more stream.

        Raises:
            Refused: It has `MOST_STREAMS` already.
        """
        if self._streams[visitor.id] >= MOST_STREAMS:
            raise Refused(too_many_streams(MOST_STREAMS))

    @contextmanager
    def streaming(self, visitor: Visitor) -> Iterator[None]:
        """Counts a stream while it is open.

        Raises:
            Refused: As for `check_streams`; others may have begun since that was called.
        """
        self.check_streams(visitor)
        self._streams[visitor.id] += 1
        try:
            yield
        finally:
            self._streams[visitor.id] -= 1
            if not self._streams[visitor.id]:
                del self._streams[visitor.id]

    def _token(self, request: "Request", told: str) -> str:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.lower() == SCHEME else told


_Pair = tuple[Budget, Budget]


def _pair(of_visitor: int, of_address: int) -> _Pair:
    return Budget(of_visitor), Budget(of_address)


def _charge_both(budgets: _Pair, request: "Request", visitor_id: str, *, person: bool) -> None:
    of_visitor, of_address = budgets
    mine = [(of_visitor, visitor_id)] if visitor_id else []
    _charge([*mine, (of_address, network_address(request))], person=person)


def _charge(charges: list[tuple[Budget, str]], *, person: bool) -> None:
    if wait := spend_all(charges):
        raise Refused(over_budget(wait, person=person))


def _plain(visitor: Visitor) -> dict[str, Any]:
    return {
        "id": visitor.id,
        "tenant": visitor.tenant,
        "proved": visitor.proved,
        "name": visitor.name_hash,
        "email": visitor.email_hash,
        "issued": visitor.issued_at,
        "expires": visitor.expires_at,
    }


def _from_plain(plain: dict[str, Any]) -> Visitor:
    """What was signed here, so that its form needs no second look."""
    return Visitor(
        id=plain["id"],
        tenant=plain["tenant"],
        proved=plain["proved"],
        name_hash=plain["name"],
        email_hash=plain["email"],
        issued_at=plain["issued"],
        expires_at=plain["expires"],
    )


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _decoded(body: str) -> bytes:
    return base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
