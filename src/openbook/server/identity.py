"""What a company's own server says of a visitor: a signed JSON Web Token, HS256 and nothing else.

The token says who somebody is and never what they may see. By RFC 7519 (https://www.rfc-editor.org/rfc/rfc7519)
and the advice of RFC 8725: one algorithm, chosen here and not by the token. Knows no request and no tables.
"""

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openbook.desk.support_verbs import LONGEST_ADDRESS, is_address
from openbook.server.problems import Refused, bad_identity

LONGEST_TOKEN = 8_000
LONGEST_SUBJECT = 200
LONGEST_NAME = 200
MOST_SECONDS_AHEAD = 24 * 3_600
LEEWAY_SECONDS = 60
AUDIENCE = "openbook"
"""What `aud` must name where a token has it, so that one made for something else is not taken."""

_ALGORITHM = "HS256"
_LATEST = 1e12
_NOT_PLAIN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a visitor is, by the company's word.

    Attributes:
        subject: The company's own id of the customer.
        name: Empty where it was not said; `email` likewise.
    """

    subject: str
    name: str = ""
    email: str = ""


def proved_identity(token: str, secret: str, *, at: float) -> Identity:
    """Who a token is about, once everything about it is proved.

    Args:
        token: The token, as the company's page hands it over.
        secret: What the company's server signs with.
        at: The present time, in seconds since 1970.

    Raises:
        Refused: It is forged, too old, valid for too long, or says what it may not say.
    """
    if len(token) > LONGEST_TOKEN:
        raise _wrong(f"is longer than {LONGEST_TOKEN:,} characters")
    parts = token.split(".")
    if len(parts) != 3:
        raise _wrong("is no JSON Web Token: it must have three parts with points between them")
    header = _object(parts[0], "header")
    if header.get("alg") != _ALGORITHM:
        raise _wrong(f"is signed with {str(header.get('alg'))[:20]!r}; only {_ALGORITHM} is accepted")
    if "crit" in header:
        raise _wrong("has a header `crit`, and none of its extensions is known here")
    signed = f"{parts[0]}.{parts[1]}".encode("utf-8", "replace")
    made = base64.urlsafe_b64encode(hmac.new(secret.encode("utf-8"), signed, hashlib.sha256).digest()).rstrip(b"=")
    if not hmac.compare_digest(made, parts[2].encode("utf-8", "replace")):
        raise _wrong("is not signed with the secret of this server")
    claims = _object(parts[1], "payload")
    _check_times(claims, at)
    return _who(claims)


def _check_times(claims: Mapping[str, Any], at: float) -> None:
    expires = _time(claims, "exp")
    if expires is None:
        raise _wrong("never expires: it needs `exp`")
    if at >= expires + LEEWAY_SECONDS:
        raise _wrong("has expired")
    if expires > at + MOST_SECONDS_AHEAD + LEEWAY_SECONDS:
        raise _wrong("is valid for longer than 24 hours")
    for name in ("iat", "nbf"):
        begins = _time(claims, name)
        if begins is not None and begins > at + LEEWAY_SECONDS:
            raise _wrong(f"is not valid yet, by its `{name}`")


def _who(claims: Mapping[str, Any]) -> Identity:
    for name in ("audience", "audiences"):
        if name in claims:
            raise _wrong(f"has the claim `{name}`: what a visitor may see cannot be given that way")
    meant = claims.get("aud", AUDIENCE)
    if meant != AUDIENCE and not (isinstance(meant, list) and AUDIENCE in meant):
        raise _wrong(f"is meant for somebody else, by its `aud`; leave that out or write {AUDIENCE!r}")
    email = _words(claims, "email", longest=LONGEST_ADDRESS)
    if email and not is_address(email):
        raise _wrong("has an `email` that is no e-mail address")
    subject = _words(claims, "sub", longest=LONGEST_SUBJECT)
    if not subject:
        raise _wrong("does not say who it is about: it needs `sub`, a text")
    return Identity(subject, _words(claims, "name", longest=LONGEST_NAME), email)


def _words(claims: Mapping[str, Any], name: str, *, longest: int) -> str:
    value = claims.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > longest or _NOT_PLAIN.search(value):
        raise _wrong(f"has a `{name}` that is no text of at most {longest} characters")
    return value.strip()


def _time(claims: Mapping[str, Any], name: str) -> float | None:
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < _LATEST:
        raise _wrong(f"has a `{name}` that is no number of seconds")
    return float(value)


def _object(part: str, what: str) -> dict[str, Any]:
    try:
        found = json.loads(_bytes(part, what))
    except (ValueError, RecursionError):
        raise _wrong(f"has a {what} that is no JSON") from None
    if not isinstance(found, dict):
        raise _wrong(f"has a {what} that is no JSON object")
    return found


def _bytes(part: str, what: str) -> bytes:
    """What base64url without padding stands for (RFC 7515)."""
    try:
        return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise _wrong(f"has a {what} that is not written in base64url") from None


def _wrong(why: str) -> Refused:
    return Refused(bad_identity(why))
