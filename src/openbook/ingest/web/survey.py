"""Opens a round: what earlier rounds left, what the sitemaps list, what the site shows for nothing.

It knows nothing about what the answers mean.
"""

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from openbook.ingest.web.addresses import parse
from openbook.ingest.web.fetcher import Fetcher
from openbook.ingest.web.frontier import Entry, Frontier, Priority
from openbook.ingest.web.judge import judge
from openbook.ingest.web.links import Scope
from openbook.ingest.web.page import Outcome
from openbook.ingest.web.plan import Mode
from openbook.ingest.web.robots import Rules
from openbook.ingest.web.sitemap import Entry as Listed
from openbook.ingest.web.sitemap import Sitemaps
from openbook.ingest.web.tally import Tally
from openbook.ingest.web.traps import Traps
from openbook.ingest.web.visit import Visitor

_BATCH = 500
_SITEMAP_ENDINGS = (".xml", ".xml.gz", ".txt")


@dataclass(frozen=True, slots=True)
class Survey:
    """Puts into the frontier what a round has to look at, and keeps out what it need not.

    Attributes:
        frontier: Where it is put.
        visitor: Says what may be asked for.
        traps: Say what need not be.
        tally: Counts both.
    """

    frontier: Frontier
    visitor: Visitor
    traps: Traps
    tally: Tally
    _present: set[str] = field(default_factory=set)

    def open_round(self, scope: Scope, *, mode: Mode) -> None:
        """Lets everything wait again, unless a round was cut short: then that one goes on."""
        entries = sorted(self.frontier.entries(), key=lambda each: each.depth)
        is_new = mode is Mode.SINGLE or not any(entry.is_waiting for entry in entries)
        if is_new and mode is not Mode.SINGLE:
            entries = [_again(entry) for entry in entries]
            self.frontier.put(entries)
        for entry in entries:
            if not _is_left(entry):
                self._present.add(entry.address)
                self.traps.admit(entry.address)
            if entry.fingerprint:
                self.traps.saw(entry.address, entry.fingerprint)
        if is_new and mode is not Mode.SITEMAP:
            self.frontier.put([_waiting(self.frontier.find(scope.start) or Entry(scope.start))])

    def read_sitemaps(self, fetcher: Fetcher, rules: Rules, scope: Scope) -> None:
        """Puts in what the sitemaps list; pages that changed since they were looked at come first.

        Raises:
            Stopped: The crawl is to stop.
        """
        own = (scope.start,) if scope.start.endswith(_SITEMAP_ENDINGS) else ()
        addresses = own or (*rules.sitemaps, f"{parse(scope.start).origin}/sitemap.xml")
        listed = Sitemaps(fetcher.follow, self.tally.add).entries(addresses)
        while batch := list(islice(listed, _BATCH)):
            self.frontier.put(list(self._listed(batch)))

    def admit(self, found: Iterable[Entry]) -> None:
        """Puts in what links lead to, unless this round has it already or it need not be looked at.

        Raises:
            Stopped: The crawl is to stop.
        """
        fresh: list[Entry] = []
        for entry in found:
            if entry.address in self._present:
                continue
            known = self.frontier.find(entry.address)
            if known is None:
                if self._is_wanted(entry):
                    fresh.append(entry)
            elif _is_left(known) and not self.traps.closed(known.address):
                fresh.append(replace(known, is_waiting=True, priority=Priority.NEW))
        self._present.update(entry.address for entry in fresh)
        if fresh:
            self.frontier.put(fresh)

    def _listed(self, batch: list[Listed]) -> Iterator[Entry]:
        for page in {page.address: page for page in batch}.values():
            known = self.frontier.find(page.address)
            if known is None:
                entry = Entry(page.address, depth=1, is_listed=True)
                if self._is_wanted(entry):
                    yield entry
            elif known.is_waiting:
                before = known.checked_at
                is_newer = bool(before and page.changed_at and page.changed_at > before)
                if is_newer or not known.is_listed:
                    yield replace(known, is_listed=True, priority=Priority.CHANGED if is_newer else known.priority)
            elif _is_left(known):
                yield replace(known, is_waiting=True, is_listed=True, priority=Priority.CHANGED)

    def _is_wanted(self, entry: Entry) -> bool:
        reason = self.visitor.refusal(entry.address) or self.traps.refusal(
            entry.address, depth=entry.depth, is_vouched=entry.is_listed
        )
        if reason:
            self.tally.add(entry.address, reason)
        else:
            self.traps.admit(entry.address)
        return not reason


def ghosts(fetcher: Fetcher, scope: Scope) -> frozenset[str]:
    """What the site shows for a page that cannot exist, if it does not say so by its status.

    Raises:
        Stopped: The crawl is to stop.
    """
    folder = scope.start.partition("?")[0].rpartition("/")[0]
    reply = fetcher.get(f"{folder}/no-such-page-{secrets.token_hex(8)}")
    if reply.status != 200 or reply.problem:
        return frozenset()
    judgement = judge(reply.data, address=reply.address, headers=reply.headers)
    return frozenset() if judgement.refusal or not judgement.fingerprint else frozenset({judgement.fingerprint})


def _waiting(entry: Entry) -> Entry:
    return replace(entry, is_waiting=True, priority=Priority.KNOWN if entry.outcome else Priority.NEW)


def _again(entry: Entry) -> Entry:
    """A page as the next round begins. One that is gone, or was never worth a look, waits for a link to it."""
    if entry.outcome is Outcome.GONE or entry.checked_at is None:
        return replace(entry, is_waiting=False, checked_at=None)
    return _waiting(entry)


def _is_left(entry: Entry) -> bool:
    """Whether this round has not looked at an address and is not going to, as things stand."""
    return not entry.is_waiting and entry.checked_at is None
