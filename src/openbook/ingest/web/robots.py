"""Asks a site's robots.txt whether an address may be fetched, once for each host of a crawl.

As RFC 9309 has it: a missing file allows everything, a server in trouble allows nothing for now.
The rules themselves are read by protego. It knows nothing about pages; what a page says about
robots (`noindex`, `nofollow`) is read in `judge`.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from openbook.ingest.web.addresses import parse
from openbook.ingest.web.fetcher import USER_AGENT, Reply

_BYTES_READ = 512 * 1024
_SITEMAPS_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Rules:
    """What a host's robots.txt says to us.

    Attributes:
        delay_seconds: The pause it asks for between two requests; 0 where it asks for none.
        sitemaps: The addresses of the sitemaps it names.
        problem: Why it cannot be known what is allowed; the host is left alone for now.
    """

    delay_seconds: float = 0.0
    sitemaps: tuple[str, ...] = ()
    problem: str = ""
    parsed: Any = None

    def allows(self, address: str) -> bool:
        """Whether the address may be fetched."""
        return not self.problem and (self.parsed is None or bool(self.parsed.can_fetch(address, USER_AGENT)))


@dataclass(slots=True)
class Robots:
    """The rules of every host of a crawl, each read once.

    Attributes:
        fetch: Fetches an address, redirects followed.
    """

    fetch: Callable[[str], Reply]
    _known: dict[str, Rules] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def rules(self, address: str) -> Rules:
        """The rules for the host of an address.

        Raises:
            Stopped: The crawl is to stop.
        """
        origin = parse(address).origin
        with self._lock:
            if origin not in self._known:
                self._known[origin] = read_rules(self.fetch(f"{origin}/robots.txt"))
            return self._known[origin]


def read_rules(reply: Reply) -> Rules:
    """The rules in the answer to a request for robots.txt."""
    if reply.status in range(400, 500) and reply.status != 429:
        return Rules()
    if reply.problem:
        return Rules(problem=f"robots.txt cannot be read: {reply.problem}")
    from protego import Protego  # deferred: only a crawl needs it

    text = reply.data[:_BYTES_READ].decode("utf-8-sig", "replace").replace("\x00", "")
    parsed = Protego.parse(text)
    delay = parsed.crawl_delay(USER_AGENT) or 0.0
    rate = parsed.request_rate(USER_AGENT)
    if rate is not None and rate.requests > 0:
        delay = max(delay, rate.seconds / rate.requests)
    sitemaps = [address for address, _ in zip(parsed.sitemaps, range(_SITEMAPS_LIMIT), strict=False)]
    return Rules(max(0.0, delay), tuple(dict.fromkeys(sitemaps)), parsed=parsed)
