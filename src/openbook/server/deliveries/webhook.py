"""Tells a web address: one signed POST with JSON, bounded in time and size, redirects not followed.

The receiver's status decides and nothing else: its body is read only so far that it can be sent. Link-local
addresses, where clouds keep credentials, are refused, each name being looked up once for each connection; the
machine itself and its own network are not, because it is the owner who set the address. Knows no job's meaning.
"""

import hashlib
import hmac
import json
import ssl
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from openbook.errors import ReadError, SettingsError
from openbook.ingest.web.addresses import Gate, Place
from openbook.ingest.web.fetcher import retry_after
from openbook.ingest.web.network import JudgedNetwork, Stopped, Watch
from openbook.server.deliveries.told import Attempt, BrokenOff, TimeIsOver, Told, within
from openbook.stores.jobs import Job
from openbook.types import to_plain
from openbook.version import VERSION

LONGEST_ANSWER_BYTES = 65_536
_USER_AGENT = f"Openbook/{VERSION} (+webhook)"
_OURS = 0.95
"""The share of the time within which an attempt ends by itself; it is cut off only where something below hangs."""
_DRAINING_SECONDS = 0.5
_GONE = 410
_LATER = (429, 503)
_CHANGE = "Change handoff.webhook_url."


@dataclass(frozen=True, slots=True)
class WebhookTarget:
    """A web address that is told, and how.

    Attributes:
        url: An http or https address.
        secret: Signs what is sent; empty: it is not signed.
        longest_seconds: The longest that one attempt may take in all.
        trust: The TLS context that certificates are checked with; the system's unless given.

    Raises:
        SettingsError: The address can never be told.
    """

    url: str
    secret: str = field(default="", repr=False)
    longest_seconds: float = 10.0
    trust: ssl.SSLContext | None = None
    gate: Gate = field(default=Gate(allow_private=True), repr=False)

    def __post_init__(self) -> None:
        self._place()

    def attempt(self, job: Job, told: Told, *, stopped: threading.Event) -> Attempt:
        """Sends a job once.

        Raises:
            BrokenOff: `stopped` was set meanwhile.
        """
        body = body_of(job, told)
        event = str(job.payload.get("event", job.kind))
        headers: dict[bytes | str, bytes | str] = {
            "Host": self._place().authority,
            "User-Agent": _USER_AGENT,
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            "Accept": "*/*",
            "Connection": "close",
            "Openbook-Event": event,
            "Openbook-Delivery": job.id,
        }
        if self.secret:
            headers["Openbook-Signature"] = sign(self.secret, body, at=int(time.time()))
        over = threading.Event()
        watch = Watch(is_stopped=lambda: over.is_set() or stopped.is_set())
        try:
            return within(self.longest_seconds, lambda: self._post(body, headers, watch), stopped=stopped, cut=over.set)
        except TimeIsOver:
            return Attempt("the receiver did not answer in time")
        except Stopped as error:
            raise BrokenOff from error

    def _post(self, body: bytes, headers: dict[bytes | str, bytes | str], watch: Watch) -> Attempt:
        import httpcore2  # deferred: the network is needed only where something is told

        place = self._place()
        watch.start(_OURS * self.longest_seconds)
        url = httpcore2.URL(scheme=place.scheme, host=place.host, port=place.port, target=place.target)
        network: Any = JudgedNetwork(self.gate, watch)
        trust = self.trust or (ssl.create_default_context() if place.scheme == "https" else None)
        try:
            with (
                httpcore2.ConnectionPool(ssl_context=trust, max_connections=1, network_backend=network) as pool,
                pool.stream("POST", url, headers=headers, content=body) as response,
            ):
                watch.start(min(_DRAINING_SECONDS, watch.left()))
                _drain(response)
                return _judged(response)
        except ReadError as error:
            return Attempt(f"{error.message} {_CHANGE}")
        except httpcore2.TimeoutException:
            return Attempt("the receiver did not answer in time")
        except httpcore2.ProtocolError:
            return Attempt("the receiver's answer is no HTTP")  # the error's words would repeat the answer's
        except (httpcore2.NetworkError, OSError) as error:
            words = str(error)[:200] or type(error).__name__
            return Attempt(f"the receiver cannot be reached: {words}")

    def _place(self) -> Place:
        try:
            return self.gate.check(self.url)
        except ReadError as error:
            raise SettingsError(
                f"The setting handoff.webhook_url cannot be used. {error.message}",
                fix="Give an address such as https://hooks.example.com/openbook, or leave it empty.",
            ) from error


def body_of(job: Job, told: Told) -> bytes:
    """What is sent: JSON in ASCII, the same bytes for the same job and words.

    Raises:
        ValueError: The data holds what JSON has no word for.
    """
    content = {
        "id": job.id,
        "event": job.payload.get("event", job.kind),
        "tenant": job.tenant,
        "created_at": to_plain(job.created_at),
        "subject": told.subject,
        "text": told.text,
        "data": to_plain(told.data),
    }
    return json.dumps(content, allow_nan=False).encode("ascii")


def sign(secret: str, body: bytes, *, at: int) -> str:
    """The header that proves who sent a body and when: HMAC-SHA256 (RFC 2104) over the time, a dot and the body.

    Args:
        secret: Shared with the receiver.
        body: The bytes that are sent.
        at: Seconds since 1970, which the receiver compares with its own clock against replays.
    """
    digest = hmac.new(secret.encode("utf-8"), b"%d.%b" % (at, body), hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def _judged(response: Any) -> Attempt:
    """What a status means."""
    status = int(response.status)
    if 200 <= status < 300:
        return Attempt()
    if status == _GONE:
        return Attempt("the receiver answered 410: it wants no more of this", may_heal=False)
    if 300 <= status < 400:
        return Attempt(f"the receiver answered {status}: redirects are not followed. {_CHANGE}")
    return Attempt(f"the receiver answered {status}", wait_seconds=_asked_wait(response) if status in _LATER else 0.0)


def _drain(response: Any) -> None:
    """Reads a short body, so that the receiver can finish in peace; whatever becomes of that, the status was said."""
    import httpcore2  # deferred: see _post

    passed = 0
    try:
        for chunk in response.iter_stream():
            passed += len(chunk)
            if passed > LONGEST_ANSWER_BYTES:
                return
    except (httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.TimeoutException, OSError, Stopped):
        return


def _asked_wait(response: Any) -> float:
    values = [value.decode("latin-1") for name, value in response.headers if name.lower() == b"retry-after"]
    return (retry_after(values[0], now=datetime.now(UTC)) or 0.0) if values else 0.0
