"""Decides what an answer means for a page: fetched, unchanged, gone, failed or skipped.

Only a page that is missing twice in a round is gone; a server in trouble, a login, a changed
robots.txt say nothing about a page that an earlier round brought. It asks nobody and stores
nothing: an entry and an answer go in, a decision comes out.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlsplit

from openbook.hashing import hash_bytes
from openbook.ingest.web.fetcher import REDIRECTS_LIMIT, Reply
from openbook.ingest.web.frontier import Entry, Priority
from openbook.ingest.web.judge import Judgement, leads_to_login
from openbook.ingest.web.links import Scope, are_alike
from openbook.ingest.web.page import Outcome, Page
from openbook.ingest.web.visit import Visit

_MISSING = (404, 410)
_CLOSED = (401, 402, 403, 407, 451)
_FOR_GOOD = (301, 308)
_VALIDATOR_LENGTH = 500
GOOD = (Outcome.FETCHED, Outcome.UNCHANGED)
"""What a page is that an earlier round brought."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What an answer means.

    Attributes:
        entry: The entry as it stands from now on; it still waits if the page needs a second look.
        page: What to hand out; None before a second look.
        found: Addresses that the answer leads to.
    """

    entry: Entry
    page: Page | None = None
    found: tuple[Entry, ...] = ()


@dataclass(slots=True)
class Settler:
    """Decides about answers, with what the crawl knows of the site.

    Attributes:
        scope: What belongs to the crawl.
        ghosts: Fingerprints of what the site shows for pages that do not exist.
        texts: The address that first had a text, by the text's hash.
    """

    scope: Scope
    ghosts: frozenset[str] = frozenset()
    texts: dict[str, str] = field(default_factory=dict)

    def settle(self, entry: Entry, visit: Visit, *, now: datetime) -> Settled:
        """What an answer means.

        Args:
            entry: The address that was looked at.
            visit: What that brought.
            now: The present moment.
        """
        entry = replace(entry, checked_at=now)
        reply = visit.reply
        if visit.refusal:
            return _ended(entry, Outcome.SKIPPED, visit.refusal)
        if reply.location:
            return self._redirected(entry, reply)
        if reply.status == 304:
            return _ended(replace(entry, missing_since=None), Outcome.UNCHANGED, "not changed")
        if reply.status in _MISSING:
            return self._missing(entry, reply.problem)
        if visit.judgement is None:
            closed = reply.status in _CLOSED
            return _ended(entry, Outcome.SKIPPED if closed else Outcome.FAILED, reply.problem)
        return self._judged(entry, reply, visit.judgement)

    def _redirected(self, entry: Entry, reply: Reply) -> Settled:
        target = reply.location
        outside = self.scope.refusal(target)
        if outside:
            return _ended(entry, Outcome.SKIPPED, f"leads to {target}: {outside}")
        if leads_to_login(target) and not leads_to_login(self.scope.start):
            return _ended(entry, Outcome.SKIPPED, "it asks for a login")
        if entry.hops >= REDIRECTS_LIMIT:
            return _ended(entry, Outcome.FAILED, f"more than {REDIRECTS_LIMIT} redirects")
        first = entry.asked or entry.address
        if target in (entry.address, first):
            return _ended(entry, Outcome.FAILED, "the redirects go round in a circle")
        found = Entry(target, priority=Priority.NEW, depth=entry.depth, asked=first, hops=entry.hops + 1)
        words = f"leads to {target}"
        settled = self._missing(entry, words) if _is_moved(entry, reply) else _ended(entry, Outcome.SKIPPED, words)
        return replace(settled, found=(found,))

    def _judged(self, entry: Entry, reply: Reply, judgement: Judgement) -> Settled:
        found = tuple(Entry(link.address, depth=entry.depth + 1) for link in judgement.links)
        is_ghost = judgement.fingerprint in self.ghosts and entry.address != self.scope.start
        if not judgement.refusal and (judgement.is_missing or is_ghost):
            return self._missing(entry, "it says that there is no such page")
        before = entry
        entry = replace(_seen(entry, reply, judgement), asked=entry.asked, missing_since=None)
        if judgement.refusal:
            return replace(_skipped(entry, judgement.refusal), found=found)
        proper = self._proper_address(entry.address, judgement.canonical)
        if proper:
            named = Entry(proper, priority=Priority.NEW, depth=entry.depth, asked=entry.asked or entry.address)
            reason = f"it names {proper} as its own address"
            return replace(_skipped(entry, reason), found=(named, *found))
        twin = self.texts.setdefault(entry.text_hash, entry.address)
        if twin != entry.address:
            return replace(_skipped(entry, f"the same text as {twin}"), found=found)
        if before.outcome in GOOD and before.content_hash == entry.content_hash:
            return replace(_ended(entry, Outcome.UNCHANGED, "the same content"), found=found)
        return replace(_fetched(entry, reply, judgement), found=found)

    def _missing(self, entry: Entry, why: str) -> Settled:
        """Wants a second look at a page that was there once; its text may turn up at another address meanwhile."""
        if self.texts.get(entry.text_hash) == entry.address:
            del self.texts[entry.text_hash]
        missed = replace(entry, missing_since=entry.missing_since or entry.checked_at)
        if _was_there(entry) and entry.priority is not Priority.SECOND_LOOK:
            return Settled(replace(missed, priority=Priority.SECOND_LOOK, is_waiting=True))
        return _ended(_unvalidated(missed), Outcome.GONE, why)

    def _proper_address(self, address: str, canonical: str) -> str:
        """The canonical address, if it is another page of this crawl and not the home page for everything."""
        if not canonical or are_alike(canonical, address) or self.scope.refusal(canonical):
            return ""
        is_home = urlsplit(canonical).path in ("/", urlsplit(self.scope.start).path)
        return "" if is_home and urlsplit(canonical).path != urlsplit(address).path else canonical


def remembered_texts(entries: Iterable[Entry]) -> dict[str, str]:
    """The address that holds a text, by the text's hash, from what earlier rounds brought."""
    return {each.text_hash: each.address for each in entries if each.outcome in GOOD and each.text_hash}


def _is_moved(entry: Entry, reply: Reply) -> bool:
    return reply.status in _FOR_GOOD and _was_there(entry)


def _was_there(entry: Entry) -> bool:
    """Whether an earlier round saw a page, rather than a redirect or nothing."""
    return bool(entry.text_hash) and entry.outcome is not Outcome.GONE


def _ended(entry: Entry, outcome: Outcome, reason: str) -> Settled:
    ended = replace(entry, is_waiting=False, outcome=outcome, reason=reason)
    page = Page(
        entry.address,
        entry.asked or entry.address,
        outcome,
        reason,
        etag=entry.etag,
        last_modified=entry.last_modified,
    )
    return Settled(ended, page)


def _fetched(entry: Entry, reply: Reply, judgement: Judgement) -> Settled:
    page = Page(
        entry.address,
        entry.asked or entry.address,
        Outcome.FETCHED,
        data=reply.data,
        content_type=reply.header("content-type"),
        suffix=judgement.suffix,
        etag=entry.etag,
        last_modified=entry.last_modified,
        locale=judgement.locale,
        breadcrumbs=judgement.breadcrumbs,
    )
    return Settled(replace(entry, is_waiting=False, outcome=Outcome.FETCHED, reason=""), page)


def _seen(entry: Entry, reply: Reply, judgement: Judgement) -> Entry:
    return replace(
        entry,
        etag=_validator(reply.header("etag")),
        last_modified=_validator(reply.header("last-modified")),
        content_hash=hash_bytes(reply.data),
        text_hash=judgement.text_hash,
        fingerprint=judgement.fingerprint,
    )


def _validator(value: str) -> str:
    """A validator that can be kept and sent back as it came; empty if it is too long or odd."""
    return value if len(value) <= _VALIDATOR_LENGTH and value.isascii() and value.isprintable() else ""


def _skipped(entry: Entry, reason: str) -> Settled:
    return _ended(_unvalidated(entry), Outcome.SKIPPED, reason)


def _unvalidated(entry: Entry) -> Entry:
    """Without validators: only a page that was handed out may be asked for by what has changed since."""
    return replace(entry, etag="", last_modified="")
