"""What a caller over HTTP is told when something cannot be done: problem details (RFC 9457).

Every problem has a stable `code` to program against and a `fix` for the person. Errors of the
house become problems by their own `status` and `code`; what only HTTP knows, such as a body that
is too large, is named here. No problem carries a stack trace.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from openbook.errors import Busy, OpenbookError

if TYPE_CHECKING:
    from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"
_BUSY_SECONDS = 2


@dataclass(frozen=True, slots=True)
class Problem:
    """One refusal.

    Attributes:
        status: The HTTP status.
        code: A stable name, such as `not_found`.
        detail: What happened, with the value that caused it.
        fix: What mends it.
        headers: Headers that belong to it, such as `Retry-After`.
        extra: Further members, such as the `errors` of a body.
    """

    status: int
    code: str
    detail: str
    fix: str
    headers: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The problem as plain JSON types."""
        return {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "fix": self.fix,
            **self.extra,
        }


class Refused(Exception):
    """Carries a problem out of a route."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem


def problem_of(error: OpenbookError) -> Problem:
    """The problem that an error of the house is over HTTP."""
    headers = {"Retry-After": str(_BUSY_SECONDS)} if isinstance(error, Busy) else {}
    return Problem(error.status, error.code, error.message, error.fix, headers)


def problem_response(problem: Problem) -> "Response":
    """The problem as a response."""
    # deferred: the web framework, which only a running server needs
    from starlette.responses import Response

    body = json.dumps(problem.to_dict(), ensure_ascii=False).encode("utf-8", "replace")
    headers = {"Cache-Control": "no-store", **problem.headers}
    return Response(body, problem.status, headers=headers, media_type=MEDIA_TYPE)


def not_signed_in() -> Problem:
    """Nobody is known to ask, and this is not for everybody."""
    return Problem(
        401,
        "not_signed_in",
        "This is for the owner and for holders of an API key.",
        "Send `Authorization: Bearer ob_…`, or sign in at /owner.",
        {"WWW-Authenticate": "Bearer"},
    )


def bad_key() -> Problem:
    """A key was sent that lets nobody in."""
    return Problem(
        401,
        "bad_key",
        "The API key is unknown or was revoked.",
        "Send `Authorization: Bearer ob_…` with a key that is in use, or leave the header out.",
        {"WWW-Authenticate": 'Bearer error="invalid_token"'},
    )


def forged() -> Problem:
    """A change by cookie that does not prove that it comes from our own page."""
    return Problem(
        403,
        "not_same_origin",
        "This request changes something by the sign-in cookie, but does not come from this server's own page.",
        "Send it from the page itself, add the header X-Openbook-CSRF from /owner, or use an API key.",
    )


def too_large(limit: int) -> Problem:
    """A body above the limit, in bytes."""
    return Problem(
        413,
        "too_large",
        f"The body is larger than {limit // 1_000_000} MB, which is the most that is read here.",
        "Send less at once: split the document, or shorten the question.",
    )


def wrong_host(host: str) -> Problem:
    """A request that names another host than this one, as in DNS rebinding."""
    return Problem(
        421,
        "wrong_host",
        f"This server does not answer for the host {host!r}.",
        "Open it as http://127.0.0.1 or http://localhost with its port.",
    )


def too_many_attempts(seconds: int) -> Problem:
    """Signing in was tried too often."""
    return Problem(
        429,
        "too_many_attempts",
        "Too many attempts to sign in failed.",
        f"Wait {seconds} seconds and try again.",
        {"Retry-After": str(seconds)},
    )


def fault(reference: str) -> Problem:
    """Our own failure; the log has the rest under the reference."""
    return Problem(
        500,
        "fault",
        f"Something failed on our side. Reference: {reference}.",
        "Try again. If it stays, look for the reference in the server's log.",
        extra={"reference": reference},
    )


def bad_visitor(why: str) -> Problem:
    """A visitor's token that lets nobody in; `why` is the end of a sentence about it."""
    return Problem(
        401,
        "bad_visitor",
        f"The visitor's token {why}.",
        "Get a new one with POST /v1/visitors, without a token, and send it as `Authorization: Visitor v1.…`.",
        {"WWW-Authenticate": "Visitor"},
    )


def bad_identity(why: str) -> Problem:
    """A company's word about who a visitor is that cannot be believed; `why` is the end of a sentence about it."""
    return Problem(
        401,
        "bad_identity",
        f"The identity {why}.",
        "Let your own server sign a fresh JWT with HS256 and the secret of `widget.identity_secret`: "
        "`sub`, and `exp` at most 24 hours ahead.",
    )


def wrong_origin(origin: str) -> Problem:
    """A browser's request for a page of a site that is not listed."""
    return Problem(
        403,
        "wrong_origin",
        f"Pages of {origin[:200]!r} may not use this server.",
        "Add the site to the setting `widget.origins` in openbook.toml, such as "
        'origins = ["https://www.example.com"], and start the server again.',
    )


def over_budget(seconds: int, *, person: bool) -> Problem:
    """More was sent in an hour than one visitor or one address may.

    Args:
        seconds: How long to wait.
        person: Whether a person can be fetched nevertheless.
    """
    offer = ", or ask for a person: POST /v1/conversations/{id}/handoff" if person else ""
    return Problem(
        429,
        "over_budget",
        "Too much was sent within an hour.",
        f"Wait {seconds} seconds{offer}.",
        {"Retry-After": str(seconds)},
        {"retry_after_seconds": seconds, "person": person},
    )


def too_many_streams(limit: int) -> Problem:
    """One visitor has as many streams open as one may."""
    return Problem(
        429,
        "too_many_streams",
        f"This visitor has {limit} streams open already, which is the most.",
        "Close one of them, such as in another tab, and try again.",
        {"Retry-After": str(_BUSY_SECONDS)},
    )


def not_filled(found: list[dict[str, str]]) -> Problem:
    """A contact form that cannot be sent as it is; `found` has `field` and `message` for each fault."""
    return Problem(
        422,
        "invalid_request",
        f"{found[0]['field']}: {found[0]['message']}.",
        "Correct it; GET /v1/widget lists the fields and what must be agreed to.",
        extra={"errors": found},
    )
