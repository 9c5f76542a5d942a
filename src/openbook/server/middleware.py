"""What every request passes through, from the outside in: headers, faults, host, size.

Plain ASGI, so that streams pass unbuffered. This module knows no route and no caller.
"""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import TYPE_CHECKING, Any

from openbook.server.faults import noted
from openbook.server.metrics import Metrics
from openbook.server.problems import Problem, too_large, wrong_host

if TYPE_CHECKING:
    from starlette.responses import Response

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Refuse = Callable[[Problem], "Response"]

LARGEST_BODY = 1_000_000
LARGEST_DOCUMENT = 20_000_000
_DOCUMENTS = ("/v1/documents", "/v1/preview", "/owner/preview")
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),  # `no-referrer` would also hide a form's origin from us
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
)
_NO_STORE = (b"cache-control", b"no-store")
_ASK_FIRST = (b"cache-control", b"no-cache")


class SecurityHeaders:
    """Adds what a browser must know; nothing is kept but files whose change it can ask for."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on, with the headers added to the response."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                said = {name.lower() for name, _ in headers}
                headers += [(name, value) for name, value in _HEADERS if name not in said]
                names = {name.lower() for name, _ in headers}
                if b"cache-control" not in names:
                    headers.append(_ASK_FIRST if b"etag" in names else _NO_STORE)
                message = {**message, "headers": headers}
            await send(message)

        await self._app(scope, receive, send_with_headers)


class Faults:
    """Counts responses, and turns what nobody expected into a problem with a reference for the log."""

    def __init__(self, app: App, *, metrics: Metrics, refuse: Refuse) -> None:
        self._app = app
        self._metrics = metrics
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on; the trace goes to the log, never to the caller."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def counted(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                self._metrics.count_response(message["status"])
            await send(message)

        try:
            await self._app(scope, receive, counted)
        except Exception:
            problem = noted(f"{scope['method']} {scope['path']}")
            if started:
                raise
            await self._refuse(problem)(scope, receive, counted)


class HostCheck:
    """On a loopback address: answers only for its own names, against DNS rebinding."""

    def __init__(self, app: App, *, hosts: Iterable[str], refuse: Refuse) -> None:
        self._app = app
        self._hosts = {*_LOOPBACK, *hosts}
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what names one of the hosts."""
        if scope["type"] == "http":
            host = next((value for name, value in scope["headers"] if name == b"host"), b"").decode("latin-1")
            if _without_port(host) not in self._hosts:
                await self._refuse(wrong_host(host))(scope, receive, send)
                return
        await self._app(scope, receive, send)


class BodyLimit:
    """Reads a body before anything works on it, and refuses one that is too large."""

    def __init__(self, app: App, *, refuse: Refuse) -> None:
        self._app = app
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on with the whole body at hand."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._app(scope, receive, send)
            return
        limit = LARGEST_DOCUMENT if scope["path"].startswith(_DOCUMENTS) else LARGEST_BODY
        body = await _whole_body(scope, receive, limit)
        if body is None:
            await self._refuse(too_large(limit))(scope, receive, send)
            return
        await self._app(scope, _replayed(body, receive), send)


async def _whole_body(scope: Scope, receive: Receive, limit: int) -> bytes | None:
    """The body, or None if it is larger than the limit or the caller went away."""
    declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    if declared.isdigit() and int(declared) > limit:
        return None
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        part = message.get("body", b"")
        more = message.get("more_body", False)
        size += len(part)
        if size > limit:
            return None
        parts.append(part)
    return b"".join(parts)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Gives the body once, then what the server itself has to say, such as that the caller left."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def _without_port(host: str) -> str:
    name, colon, port = host.lower().rpartition(":")
    return name if colon and port.isdigit() else host.lower()
