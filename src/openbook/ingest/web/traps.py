"""Ends what would never end: calendars, growing paths, pages after pages that say nothing new.

No trap is known by name. Each rule is a limit on something that a help centre does not have
much of, and what it refuses is refused with a reason. Pages that an earlier round brought or
that the site's own sitemap lists are held back only by the limit on all pages.

It knows nothing about fetching.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

from openbook.ingest.web.addresses import parse

_NUMBER = re.compile(r"\d+")
_MADE_UP = re.compile(r"(?=[a-z-]*\d)(?=\d*[a-z])[a-z0-9_-]{16,}\Z|[0-9a-f]{12,}\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TrapLimits:
    """How much of each thing a site may have.

    Attributes:
        pages: Addresses in all.
        depth: Links between the start and a page.
        segments: Parts of a path between slashes.
        repeats: How often one part may occur in a path.
        variants: Addresses with one path and different parameters, where each has two parameters or more.
        stale: Pages of one pattern, one after the other, that say nothing new.
    """

    pages: int = 20_000
    depth: int = 25
    segments: int = 20
    repeats: int = 2
    variants: int = 50
    stale: int = 30


@dataclass(slots=True)
class Traps:
    """What a crawl has seen, as far as the limits need it."""

    limits: TrapLimits = field(default_factory=TrapLimits)
    _pages: int = 0
    _variants: Counter[str] = field(default_factory=Counter)
    _fingerprints: set[str] = field(default_factory=set)
    _stale: Counter[str] = field(default_factory=Counter)

    def refusal(self, address: str, *, depth: int, is_vouched: bool) -> str:
        """Why an address should not be looked at, in words; empty if it may.

        Args:
            address: Normalised.
            depth: Links between the start and it.
            is_vouched: Whether it is known from an earlier round or listed in a sitemap.
        """
        if self._pages >= self.limits.pages:
            return f"beyond the limit of {self.limits.pages} pages"
        if is_vouched:
            return ""
        path, query = _split(address)
        segments = [each for each in path.split("/") if each]
        if depth > self.limits.depth:
            return f"more than {self.limits.depth} links away from the start"
        if len(segments) > self.limits.segments:
            return f"a path of more than {self.limits.segments} parts"
        if segments and Counter(segments).most_common(1)[0][1] > self.limits.repeats:
            return "a path that repeats itself"
        if query.count("&") and self._variants[path] >= self.limits.variants:
            return f"more than {self.limits.variants} combinations of parameters for one path"
        return self.closed(address)

    def closed(self, address: str) -> str:
        """Why an address that was let in need not be looked at any more, in words; empty if it does."""
        if self._stale[pattern(address)] >= self.limits.stale:
            return f"{self.limits.stale} pages like it said nothing new"
        return ""

    def admit(self, address: str) -> None:
        """Counts an address that is going to be looked at."""
        self._pages += 1
        path, query = _split(address)
        if query.count("&"):
            self._variants[path] += 1

    def saw(self, address: str, fingerprint: str) -> None:
        """Notes what a page says, by a hash of its main text in which all numbers are alike."""
        is_new = fingerprint not in self._fingerprints
        self._fingerprints.add(fingerprint)
        name = pattern(address)
        self._stale[name] = 0 if is_new else self._stale[name] + 1


def pattern(address: str) -> str:
    """An address with every number, date and made-up name alike, and parameters without their values."""
    path, query = _split(address)
    segments = ("*" if _MADE_UP.match(each) else _NUMBER.sub("0", each) for each in path.split("/"))
    names = sorted({pair.partition("=")[0] for pair in query.split("&") if pair})
    return "/".join(segments) + (f"?{'&'.join(names)}" if names else "")


def _split(address: str) -> tuple[str, str]:
    path, _, query = parse(address).target.partition("?")
    return path, query
