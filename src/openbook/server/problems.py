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
