"""Reads web pages: a single page, what a sitemap lists, or a whole site by its links.

The crawl itself is that of `ingest.web`; here its pages become items, and its state is kept in the
tables, so that a reading goes on where another ended.
"""

import queue
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial

from openbook.errors import UserError
from openbook.ingest.web.crawler import Crawler
from openbook.ingest.web.links import normalise
from openbook.ingest.web.page import Outcome, Page
from openbook.ingest.web.plan import Mode, Plan
from openbook.ingest.web.traps import TrapLimits
from openbook.search.drafting import Batch
from openbook.search.folders import no_longer_held
from openbook.search.frontier import StoredFrontier
from openbook.search.intake import Item, Settled
from openbook.stores import Database, library
from openbook.types import FileOutcome, Metadata, Source

_UNREAD = "it could not be read the last time, and did not change"
_REMOVED = "it was removed by hand; add this address by itself to bring it back"


@dataclass(frozen=True, slots=True)
class Manners:
    """How web sites are treated.

    Attributes:
        delay_seconds: The pause between two requests to a host.
        pages: The most that one site may have.
        private: Whether private addresses may be reached, whatever a source says.
        second_look_seconds: The least time before a missing page is looked at once more.
    """

    delay_seconds: float = 0.2
    pages: int = 50_000
    private: bool = False
    second_look_seconds: float = 5.0


USUAL_MANNERS = Manners()


def start_address(location: str) -> str:
    """An address as it is stored.

    Raises:
        UserError: It is no web address.
    """
    address = normalise(location)
    if not address:
        raise UserError(
            f"{location[:200]!r} is no web address.", fix="Give an address such as https://help.example.com/."
        )
    return address


class SiteReading:
    """One reading of web pages.

    Args:
        database: Keeps the state of the crawl.
        source: The site.
        batch: What is known of its documents.
        stop: Ends the reading where it stands.
        manners: How the site is treated.

    Attributes:
        moved: By old address the new one of documents that moved.
        notice: Why it ended early; empty if it did not.
        remarks: What was left alone, counted by reason.
    """

    def __init__(
        self, database: Database, source: Source, batch: Batch, *, stop: threading.Event, manners: Manners
    ) -> None:
        self._database = database
        plan = _plan(source, manners)
        self._stop = stop
        self._frontier = StoredFrontier(database, batch.tenant, source.id, rules=batch.rules)
        self._crawler = Crawler(plan, self._frontier, stop=stop)
        self._settled: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._pages: dict[str, Page] = {}
        self._fetched: list[str] = []
        self._gone: list[str] = []
        self.batch = batch
        self.moved: dict[str, str] = {}
        self.notice = ""
        self.remarks: tuple[str, ...] = ()
        self._doubt_what_serves()
        if plan.mode is Mode.SINGLE:
            self._forget_hops()

    def items(self) -> Iterator[Item]:
        """The pages as they come."""
        for page in self._crawler.pages():
            self._acknowledge()
            self._pages[page.address] = page
            if page.outcome is Outcome.GONE:
                self._gone.append(page.address)
            else:
                yield self._item(page)
        self.notice = self._crawler.ending
        counts = self._crawler.left_alone.counts.most_common()
        self.remarks = tuple(f"{count} addresses were left alone: {reason}" for reason, count in counts)

    def total(self) -> int:
        """How many addresses are known by now."""
        return self._crawler.progress.total

    def settle(self, settled: Sequence[Settled]) -> None:
        """Lets the crawl know what is durable; said from another thread than the crawl's."""
        for done in settled:
            self._settled.put(done.item.name)

    def gone(self, outcomes: Sequence[FileOutcome]) -> list[str]:
        """The documents whose pages were missing twice, and those that their page holds no longer."""
        for address in self._gone:
            self._settled.put(address)
        self._acknowledge()
        lost = [path for address in dict.fromkeys(self._gone) for path in self.batch.paths_in(address)]
        return lost + no_longer_held(self.batch, outcomes, self._fetched)

    def close(self) -> None:
        """Ends the crawl if it still goes on, and writes down how far it came."""
        self._stop.set()
        self._acknowledge()
        self._frontier.flush()

    def _doubt_what_serves(self) -> None:
        """Has pages looked at once more that were gone, but whose documents were kept."""
        entries = [self._frontier.find(address) for address in self.batch.by_file]
        gone = [entry for entry in entries if entry is not None and entry.outcome is Outcome.GONE]
        self._frontier.put(replace(entry, outcome=Outcome.FAILED) for entry in gone)

    def _forget_hops(self) -> None:
        """Has the redirects of a single page followed anew: where they led counts as not looked at."""
        entries = self._frontier.entries()
        self._frontier.put([replace(entry, is_waiting=False, checked_at=None) for entry in entries])

    def _acknowledge(self) -> None:
        """Tells the crawl what is durable; on the crawl's own thread, or when that has ended."""
        while True:
            try:
                page = self._pages.pop(self._settled.get_nowait(), None)
            except queue.Empty:
                return
            if page is not None:
                self._crawler.done(page)

    def _item(self, page: Page) -> Item:
        path = page.address
        if self.batch.is_removed(path):
            return Item(path, problem=_REMOVED)
        if page.outcome is Outcome.FETCHED:
            self._follow_move(page)
            self._fetched.append(path)
            return Item(
                path,
                page.data,
                said=Metadata(url=path, locale=page.locale, updated_at=_moment(page.last_modified)),
                kind_name=_kind_name(path, page.suffix),
                outline=page.breadcrumbs,
            )
        if page.outcome is Outcome.UNCHANGED:
            return Item(path, is_same=True) if self.batch.paths_in(path) else Item(path, problem=_UNREAD)
        return Item(path, problem=page.reason)

    def _follow_move(self, page: Page) -> None:
        """Lets a document follow its page to another address, unless it may be back soon."""
        known = self.batch.known
        if page.asked not in known or page.address in known or not self._is_moved(page):
            return
        document_id = known[page.asked].document_id
        move = partial(library.move_document, tenant=self.batch.tenant, document_id=document_id, path=page.address)
        if self._database.write(move):
            self.moved[page.asked] = page.address
            self.batch.follow(page.asked, page.address)

    def _is_moved(self, page: Page) -> bool:
        """Whether the page that was asked for is missing at its old address, or names the new one as its own."""
        old, new = self._frontier.find(page.asked), self._frontier.find(page.address)
        is_missing = old is not None and old.missing_since is not None
        return page.asked != page.address and (is_missing or (new is not None and not new.hops))


def _plan(source: Source, manners: Manners) -> Plan:
    is_sitemap = source.location.endswith((".xml", ".xml.gz"))
    mode = Mode.CRAWL if source.options.crawl else Mode.SITEMAP if is_sitemap else Mode.SINGLE
    return Plan(
        source.location,
        mode=mode,
        delay_seconds=manners.delay_seconds,
        allow_private=manners.private or source.options.private,
        second_look_seconds=manners.second_look_seconds,
        traps=TrapLimits(pages=manners.pages),
    )


def _kind_name(address: str, suffix: str) -> str:
    """A name for the page that ends as its kind does."""
    name = address.rstrip("/").rpartition("/")[2] or "page"
    return name if not suffix or name.lower().endswith(suffix) else f"{name}{suffix}"


def _moment(header: str) -> datetime | None:
    """A moment as HTTP writes it (RFC 9110, 5.6.7), or None."""
    try:
        moment = parsedate_to_datetime(header)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
