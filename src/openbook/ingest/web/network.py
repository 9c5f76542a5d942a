"""Opens connections only to machines the gate has judged, and keeps every wait short.

This is the network below the HTTP client (a `NetworkBackend` of httpcore2). A host is looked up
once for each connection; the connection goes to an address that was judged, while the host's
name stays in the `Host` header and in TLS, where the certificate is checked against it.

No wait is longer than a fraction of a second at a time: in between, the time left for the whole
exchange and the wish to stop are looked at. So a server that sends one byte a second ends like
one that sends nothing. It knows nothing about requests.
"""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from openbook.ingest.web.addresses import Gate

_SLICE_SECONDS = 0.25
_CONNECT_SECONDS = 10.0


class Stopped(Exception):
    """The crawl was asked to stop in the middle of an exchange."""


@dataclass(slots=True)
class Watch:
    """How long the exchange of this thread may still take, and whether to go on at all.

    Attributes:
        is_stopped: Asked before each short wait.
        clock: Seconds, monotonic.
    """

    is_stopped: Callable[[], bool] = lambda: False
    clock: Callable[[], float] = time.monotonic
    _local: threading.local = field(default_factory=threading.local)

    def start(self, seconds: float) -> None:
        """Gives the exchange that this thread begins now so much time in all."""
        self._local.end = self.clock() + seconds

    def left(self) -> float:
        """Seconds left for this thread's exchange; at most 0 when it is over.

        Raises:
            Stopped: The crawl is to stop.
        """
        if self.is_stopped():
            raise Stopped
        left: float = self._local.end - self.clock()
        return left


@dataclass(frozen=True, slots=True)
class JudgedNetwork:
    """The `NetworkBackend` that connects to judged addresses only."""

    gate: Gate
    watch: Watch

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> "WatchedStream":
        """A connection to the first of the host's addresses that takes it.

        Raises:
            ReadError: The host leads where it must not.
            httpcore2.NetworkError: Nobody answers.
        """
        import httpcore2  # deferred: the network is needed only when a site is crawled

        try:
            answers = self.gate.admit(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore2.ConnectError(f"the host {host} cannot be looked up") from error
        failure: Exception = httpcore2.ConnectError(f"the host {host} has no address")
        for answer in answers:
            seconds = min(_CONNECT_SECONDS, self.watch.left())
            if seconds <= 0:
                raise httpcore2.ConnectTimeout("the time was over")
            try:
                inner = httpcore2.SyncBackend().connect_tcp(
                    answer, port, timeout=seconds, local_address=local_address, socket_options=socket_options
                )
                return WatchedStream(inner, self.watch)
            except (httpcore2.NetworkError, httpcore2.TimeoutException) as error:
                failure = error
        raise failure

    def sleep(self, seconds: float) -> None:
        """The client's own retries are switched off, so it never waits here."""


@dataclass(frozen=True, slots=True)
class WatchedStream:
    """A connection whose reads and writes end when the time of the exchange is over."""

    inner: Any
    watch: Watch

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """The next bytes, at most so many; empty at the end.

        Raises:
            httpcore2.ReadTimeout: The time is over.
        """
        import httpcore2  # deferred: see JudgedNetwork

        while (left := self.watch.left()) > 0:
            try:
                data: bytes = self.inner.read(max_bytes, timeout=min(_SLICE_SECONDS, left))
                return data
            except httpcore2.ReadTimeout:
                continue
        raise httpcore2.ReadTimeout("the time was over")

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Sends all the bytes."""
        self.inner.write(buffer, timeout=max(self.watch.left(), 0.01))

    def close(self) -> None:
        """Ends the connection."""
        self.inner.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> "WatchedStream":
        """This connection under TLS; the certificate must be the named host's."""
        seconds = max(0.01, min(_CONNECT_SECONDS, self.watch.left()))
        return WatchedStream(
            self.inner.start_tls(ssl_context, server_hostname=server_hostname, timeout=seconds), self.watch
        )

    def get_extra_info(self, info: str) -> Any:
        """What the connection beneath says about itself."""
        return self.inner.get_extra_info(info)
