"""What a crawl is to do: where it starts, how far it goes, how polite it is. Plain values, nothing else."""

from dataclasses import dataclass, field
from enum import StrEnum

from openbook.ingest.web.fetcher import Limits
from openbook.ingest.web.traps import TrapLimits
from openbook.types.record import Record


class Mode(StrEnum):
    """Which pages a crawl looks for."""

    SINGLE = "single"
    """The start address and nothing else."""
    SITEMAP = "sitemap"
    """What the sitemaps list; the start may be a sitemap itself."""
    CRAWL = "crawl"
    """The start, what the sitemaps list, and what links lead to."""


@dataclass(frozen=True, slots=True)
class Plan(Record):
    """What a crawl is to do.

    Attributes:
        start: Where it starts, as a person wrote it.
        mode: Which pages it looks for.
        whole_site: Every page of the host, instead of those under the start's path.
        delay_seconds: The pause between two requests to a host; its robots.txt may ask for a longer one.
        allow_private: Also this machine and private networks: for intranets and tests.
        in_full: Ask for every page in full, even if it has not changed since the last round.
        second_look_seconds: The least time before a missing page is looked at once more.
        traps: How much of each thing the site may have.
        limits: What one fetch may cost.
    """

    start: str
    mode: Mode = Mode.CRAWL
    whole_site: bool = False
    delay_seconds: float = 0.2
    allow_private: bool = False
    in_full: bool = False
    second_look_seconds: float = 5.0
    traps: TrapLimits = field(default_factory=TrapLimits)
    limits: Limits = field(default_factory=Limits)
