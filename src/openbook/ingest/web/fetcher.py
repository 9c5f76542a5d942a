"""Fetches one address over HTTP: conditional, bounded in size and time, tried again where that helps.

An exchange ends as a `Reply`, whatever happens: with the page, with "not changed", with where
the server sends on to, or with the problem in words. Redirects are not followed here unless
asked (`follow`), so that each hop can be judged and scheduled like any other address.

It never asks the environment for a proxy: behind one, nobody could say which machine is reached.
It keeps no cookies. It knows nothing about robots.txt, scope or what a page means.
"""

import random
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from openbook.errors import ReadError
from openbook.ingest.web.addresses import Gate, Place
from openbook.ingest.web.body import ACCEPTED, read_body
from openbook.ingest.web.links import normalise
from openbook.ingest.web.network import JudgedNetwork, Watch
from openbook.ingest.web.pace import Pace
from openbook.version import VERSION

USER_AGENT = f"Openbook/{VERSION} (+help-centre crawler)"

REDIRECTS_LIMIT = 10

_REDIRECTS = (301, 302, 303, 307, 308)
_LATER = (429, 500, 502, 503, 504)
_LONGEST_WAIT_SECONDS = 120.0
_ANSWERED = (200, 203)
_DRAINED_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Limits:
    """What one fetch may cost.

    Attributes:
        body_bytes: The most that a page may hold, unpacked.
        exchange_seconds: The longest that one exchange may take in all.
        tries: How often an address is asked for before it counts as failed.
        backoff_seconds: The wait after the first failure; doubled after each further one.
    """

    body_bytes: int = 20_000_000
    exchange_seconds: float = 30.0
    tries: int = 4
    backoff_seconds: float = 0.5


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of asking for an address.

    Attributes:
        address: What was asked for.
        status: The HTTP status; 0 if there was no answer.
        headers: By lower-case name.
        data: The body, unpacked; only of an answer with status 200 or 203.
        location: Where a redirect leads, normalised; empty where there is none.
        problem: Why there is no usable answer, in words; empty otherwise.
        may_heal: Whether the problem may be gone the next time.
    """

    address: str
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    data: bytes = b""
    location: str = ""
    problem: str = ""
    may_heal: bool = False

    def header(self, name: str) -> str:
        """A header's value, empty if it was not sent."""
        return self.headers.get(name, "")


class Fetcher:
    """Asks for addresses, from several threads at once, over connections that are kept open.

    Args:
        gate: What may be reached.
        pace: When a host may be asked.
        watch: How long an exchange takes, and when to stop.
        limits: What one fetch may cost.
        trust: The TLS context that certificates are checked with; the system's unless given.
    """

    def __init__(
        self, *, gate: Gate, pace: Pace, watch: Watch | None = None, limits: Limits | None = None, trust: Any = None
    ) -> None:
        self._gate = gate
        self._pace = pace
        self._watch = watch or Watch()
        self._limits = limits or Limits()
        self._trust = trust
        self._pool: Any = None
        self._lock = threading.Lock()

    def get(self, address: str, *, etag: str = "", last_modified: str = "") -> Reply:
        """Asks for an address, again after a while where the server is busy or does not answer.

        With `etag` or `last_modified` of an earlier answer the server may say 304: not changed.

        Raises:
            Stopped: The crawl is to stop.
        """
        try:
            place = self._gate.check(address)
        except ReadError as error:
            return Reply(address, problem=error.message)
        headers = {"Host": place.authority, "User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": ACCEPTED}
        headers |= {"If-None-Match": etag} if etag else {}
        headers |= {"If-Modified-Since": last_modified} if last_modified else {}
        reply = Reply(address)
        for attempt in range(1, self._limits.tries + 1):
            reply = self._exchange(address, place, headers)
            seconds = self._wait_seconds(reply, attempt)
            if not reply.may_heal or attempt == self._limits.tries:
                break
            if seconds > _LONGEST_WAIT_SECONDS:
                return replace(reply, problem=f"{reply.problem}; it asks to come back in {seconds:.0f} seconds")
            self._pace.hold(place.host, seconds)
        return reply

    def follow(self, address: str) -> Reply:
        """As `get`, but goes where redirects lead, each hop judged anew, at most ten of them.

        For what belongs to a site and is no page of it: robots.txt and sitemaps.

        Raises:
            Stopped: The crawl is to stop.
        """
        visited = [address]
        reply = self.get(address)
        while reply.location:
            if reply.location in visited:
                return replace(reply, location="", problem="the redirects go round in a circle")
            if len(visited) > REDIRECTS_LIMIT:
                return replace(reply, location="", problem=f"more than {REDIRECTS_LIMIT} redirects")
            visited.append(reply.location)
            reply = self.get(reply.location)
        return reply

    def close(self) -> None:
        """Ends every open connection."""
        with self._lock:
            if self._pool is not None:
                self._pool.close()
                self._pool = None

    def _exchange(self, address: str, place: Place, headers: dict[str, str]) -> Reply:
        import httpcore2  # deferred: the network is needed only when a site is crawled

        pool = self._connections()
        url = httpcore2.URL(scheme=place.scheme, host=place.host, port=place.port, target=place.target)
        with self._pace.turn(place.host):
            self._watch.start(self._limits.exchange_seconds)
            try:
                with pool.stream("GET", url, headers=headers) as response:
                    return self._read(address, response)
            except ReadError as error:
                return Reply(address, problem=error.message)
            except httpcore2.TimeoutException:
                return Reply(address, problem="the server did not answer in time", may_heal=True)
            except (httpcore2.NetworkError, httpcore2.ProtocolError, OSError) as error:
                words = str(error)[:200] or type(error).__name__
                return Reply(address, problem=f"the server cannot be reached: {words}", may_heal=True)

    def _read(self, address: str, response: Any) -> Reply:
        headers = _plain(response.headers)
        status = response.status
        reply = Reply(address, status, headers)
        if status not in _ANSWERED:
            _drain(response.iter_stream())
        if status in _REDIRECTS:
            location = normalise(headers.get("location", ""), base=address)
            return replace(reply, location=location, problem="" if location else "a redirect that leads nowhere")
        if status in _LATER:
            return replace(reply, problem=f"the server answered {status}", may_heal=True)
        if status not in _ANSWERED:
            return reply if status == 304 else replace(reply, problem=f"the server answered {status}")
        data = read_body(
            response.iter_stream(), encoding=headers.get("content-encoding", ""), limit_bytes=self._limits.body_bytes
        )
        return replace(reply, data=data)

    def _connections(self) -> Any:
        import ssl  # deferred: see _exchange

        import httpcore2  # deferred: see _exchange

        with self._lock:
            if self._pool is None:
                self._pool = httpcore2.ConnectionPool(
                    ssl_context=self._trust or ssl.create_default_context(),
                    max_connections=20,
                    keepalive_expiry=15.0,
                    network_backend=JudgedNetwork(self._gate, self._watch),  # type: ignore[arg-type]
                )
            return self._pool

    def _wait_seconds(self, reply: Reply, attempt: int) -> float:
        """What the server asks for, else twice as long each time, with some chance in it."""
        asked = retry_after(reply.header("retry-after"), now=datetime.now(UTC))
        backoff = self._limits.backoff_seconds * 2 ** (attempt - 1)
        return asked if asked is not None else backoff * random.uniform(0.75, 1.25)  # noqa: S311 - no secret


def retry_after(value: str, *, now: datetime) -> float | None:
    """The seconds a `Retry-After` header asks to wait, None if it says nothing usable (RFC 9110)."""
    if value.strip().isdecimal() and len(value) < 10:
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
        return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None


def _drain(chunks: Iterable[bytes]) -> None:
    """Reads what is left of a short body that nobody wants, so that its connection can be used again."""
    passed = 0
    for chunk in chunks:
        passed += len(chunk)
        if passed > _DRAINED_BYTES:
            return


def _plain(headers: list[tuple[bytes, bytes]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in headers:
        key, text = name.decode("latin-1").lower(), _text(value)
        found[key] = f"{found[key]}, {text}" if key in found else text
    return found


def _text(value: bytes) -> str:
    """A header's value; some servers write UTF-8 where the standard has Latin-1."""
    try:
        return value.decode("utf-8").strip()
    except UnicodeDecodeError:
        return value.decode("latin-1").strip()
