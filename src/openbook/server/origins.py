"""Which sites' pages may use what the chat widget uses: the origin lock, and what browsers ask before (CORS).

A browser says in `Origin` whose page sends a request; other programs can leave that out or make it up, so
this protects visitors of other sites and proves nobody. Plain ASGI. The protocol:
https://fetch.spec.whatwg.org/#http-cors-protocol
"""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from openbook.errors import SettingsError
from openbook.server.middleware import App, Message, Receive, Refuse, Scope, Send
from openbook.server.problems import wrong_origin

_FOR_VISITORS = re.compile(r"/v1/(?:visitors|widget|conversations|leads|passages|ask|search)(?:/|$)")
_FOR_ANY_PAGE = ("/widget.js",)
_USUAL_PORTS = {"http": 80, "https": 443}
_MAY_SEND = b"authorization, content-type, accept, idempotency-key, last-event-id"
_MAY_READ = b"retry-after, x-openbook-visitor"
_VARY = (b"vary", b"Origin")
_SHARED = (b"cross-origin-resource-policy", b"cross-origin")


class OriginLock:
    """Answers browsers only for pages of listed sites and of the server itself.

    Args:
        app: What is behind the lock.
        origins: The listed sites, such as `https://www.example.com`.
        refuse: Makes a response of a problem.

    Raises:
        SettingsError: An entry is no origin.
    """

    def __init__(self, app: App, *, origins: Iterable[str], refuse: Refuse) -> None:
        self._app = app
        self._origins = checked_origins(origins)
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on, answers a browser's question beforehand, or refuses."""
        if scope["type"] != "http" or not _is_locked(scope["path"]):
            shared = scope["type"] == "http" and scope["path"] in _FOR_ANY_PAGE
            await self._app(scope, receive, _with_headers(send, [_SHARED]) if shared else send)
            return
        told = _header(scope, b"origin")
        origin = origin_of(told)
        if not told or _is_own(scope, told):
            await self._app(scope, receive, _with_headers(send, [_VARY]))
        elif origin not in self._origins:
            await self._refuse(wrong_origin(told))(scope, receive, _with_headers(send, [_VARY]))
        elif scope["method"] == "OPTIONS" and _header(scope, b"access-control-request-method"):
            await _say_what_may_be_sent(origin, send)
        else:
            await self._app(scope, receive, _with_headers(send, _readable_by(origin)))


def checked_origins(origins: Iterable[str]) -> frozenset[str]:
    """The origins of a setting as browsers write them.

    Raises:
        SettingsError: One of them is none: a scheme and a host, with a port where it is not the usual one.
    """
    found = set()
    for written in origins:
        origin = origin_of(written.strip().rstrip("/"))
        if not origin:
            raise SettingsError(
                f"The setting widget.origins cannot hold {written!r}: it is no origin of a site.",
                fix="Write scheme and host without a path, such as https://www.example.com; each site on its own, "
                "and no star.",
            )
        found.add(origin)
    return frozenset(found)


def origin_of(written: str) -> str:
    """An origin in the one form in which it is compared; empty for what is no site's, such as `null`."""
    try:
        parts = urlsplit(written)
        host, port = (parts.hostname or "").encode("idna").decode("ascii"), parts.port
    except (ValueError, UnicodeError):
        return ""
    beyond = parts.path or parts.query or parts.fragment or parts.username is not None
    if parts.scheme not in _USUAL_PORTS or beyond or not host or not re.fullmatch(r"[a-z0-9.:-]+", host):
        return ""
    name = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{name}" + (f":{port}" if port not in (None, _USUAL_PORTS[parts.scheme]) else "")


def _is_locked(path: str) -> bool:
    return _FOR_VISITORS.match(path) is not None


def _is_own(scope: Scope, told: str) -> bool:
    """Whether the page is this server's own: by the browser's word, or by the host, which a proxy may change."""
    if _header(scope, b"sec-fetch-site") == "same-origin":
        return True
    origin = origin_of(told)
    scheme = urlsplit(origin).scheme
    return bool(origin) and origin == origin_of(f"{scheme}://{_header(scope, b'host')}")


def _header(scope: Scope, wanted: bytes) -> str:
    return next((value for name, value in scope["headers"] if name == wanted), b"").decode("latin-1")


def _readable_by(origin: str) -> list[tuple[bytes, bytes]]:
    return [
        (b"access-control-allow-origin", origin.encode("latin-1")),
        (b"access-control-expose-headers", _MAY_READ),
        _VARY,
        _SHARED,
    ]


async def _say_what_may_be_sent(origin: str, send: Send) -> None:
    headers = [
        *_readable_by(origin),
        (b"access-control-allow-methods", b"GET, POST"),
        (b"access-control-allow-headers", _MAY_SEND),
        (b"access-control-max-age", b"600"),
    ]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def _with_headers(send: Send, headers: list[tuple[bytes, bytes]]) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), *headers]}
        await send(message)

    return sent
