"""Reads sitemaps: lists of a site's pages with the time of their last change (sitemaps.org).

An index leads to further sitemaps; a file may be packed, damaged, huge or hostile. What can be
read of it is read, within bounds; no entity is expanded, nothing else is loaded. It knows
nothing about which of the pages are wanted.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from openbook.errors import ReadError
from openbook.ingest.metadata import parse_moment
from openbook.ingest.web.body import unpack
from openbook.ingest.web.fetcher import Reply
from openbook.ingest.web.links import normalise

BYTES_LIMIT = 52_428_800
"""The most a sitemap holds, unpacked: the protocol's own limit."""

FILES_LIMIT = 200
ENTRIES_LIMIT = 100_000

_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Entry:
    """A page that a sitemap lists, and when it last changed, if it says so."""

    address: str
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """What one sitemap file holds: pages, and further sitemaps if it is an index."""

    pages: tuple[Entry, ...] = ()
    sitemaps: tuple[str, ...] = ()


@dataclass(slots=True)
class Sitemaps:
    """Every page that a site's sitemaps list.

    Attributes:
        fetch: Fetches an address, redirects followed.
        report: Is told the address of a sitemap that could not be read, and why.
    """

    fetch: Callable[[str], Reply]
    report: Callable[[str, str], None]

    def entries(self, addresses: tuple[str, ...]) -> Iterator[Entry]:
        """The pages of these sitemaps and of those they lead to, each sitemap once.

        Raises:
            Stopped: The crawl is to stop.
        """
        waiting = list(dict.fromkeys(addresses))
        seen = set(waiting)
        count = files = 0
        while waiting and files < FILES_LIMIT and count < ENTRIES_LIMIT:
            address = waiting.pop(0)
            files += 1
            listing = self._read(address)
            fresh = [each for each in dict.fromkeys(listing.sitemaps) if each not in seen]
            seen.update(fresh)
            waiting.extend(fresh)
            for entry in listing.pages[: ENTRIES_LIMIT - count]:
                count += 1
                yield entry
        for address in waiting:
            self.report(address, "beyond the limit of sitemaps")

    def _read(self, address: str) -> Listing:
        reply = self.fetch(address)
        if reply.problem:
            if reply.status not in (404, 410):
                self.report(address, f"the sitemap cannot be read: {reply.problem}")
            return Listing()
        try:
            return read_sitemap(reply.data, address=address)
        except ReadError as error:
            self.report(address, error.message)
            return Listing()


def read_sitemap(data: bytes, *, address: str) -> Listing:
    """What a sitemap file holds; of a damaged one, what comes before the damage.

    Args:
        data: The file: XML or one address a line, packed by gzip or not.
        address: Where it is from; relative addresses are completed with it.

    Raises:
        ReadError: It is too large, no sitemap, or defines entities.
    """
    if data.startswith(_GZIP):
        data = unpack(data, limit_bytes=BYTES_LIMIT)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] != b"<":
        return _read_lines(data, address)
    if b"<!ENTITY" in data[:65_536]:
        raise ReadError(f"The sitemap {address} defines entities.", fix="Write the sitemap without a DOCTYPE.")
    pages: list[Entry] = []
    sitemaps: list[str] = []
    for kind, values in _elements(data):
        found = normalise(values.get("loc", ""), base=address)
        if found and kind == "sitemap":
            sitemaps.append(found)
        elif found:
            pages.append(Entry(found, parse_moment(values.get("lastmod", ""))))
    if not pages and not sitemaps and b"<urlset" not in data and b"<sitemapindex" not in data:
        raise ReadError(f"{address} is no sitemap.", fix="Give the address of an XML sitemap.")
    return Listing(tuple(pages), tuple(sitemaps))


def _elements(data: bytes) -> Iterator[tuple[str, dict[str, str]]]:
    """Every `url` and `sitemap` element with the texts of its children, by local name."""
    from lxml import etree  # deferred: see tree

    walk = etree.iterparse(
        io.BytesIO(data), events=("end",), resolve_entities=False, load_dtd=False, no_network=True, recover=True
    )
    count = 0
    try:
        for _, element in walk:
            kind = _local_name(element)
            if kind in ("url", "sitemap"):
                yield kind, {_local_name(child): (child.text or "").strip() for child in element}
                element.clear(keep_tail=False)
                parent = element.getparent()
                while parent is not None and element.getprevious() is not None:
                    del parent[0]
                count += 1
                if count >= ENTRIES_LIMIT:
                    return
    except etree.LxmlError:
        return


def _local_name(element: Any) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _read_lines(data: bytes, address: str) -> Listing:
    lines = data[:BYTES_LIMIT].decode("utf-8-sig", "replace").splitlines()[:ENTRIES_LIMIT]
    found = [normalise(line) for line in lines if line.lstrip().lower().startswith(("http://", "https://"))]
    if not any(found):
        raise ReadError(f"{address} is no sitemap.", fix="Give the address of an XML sitemap.")
    return Listing(tuple(Entry(each) for each in found if each))
