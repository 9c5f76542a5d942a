"""What a crawl brings: one value for each address that was looked at."""

from dataclasses import dataclass
from enum import StrEnum

from openbook.types.record import Record


class Outcome(StrEnum):
    """What came of an address in this round.

    Only `GONE` means that a page is to be taken out; `FAILED` and `SKIPPED` say nothing about
    what an earlier round brought.
    """

    FETCHED = "fetched"
    UNCHANGED = "unchanged"
    GONE = "gone"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Page(Record):
    """One address of a site, as this round found it.

    Attributes:
        address: The page's own address, normalised.
        asked: What was asked for first, where a redirect or a canonical link led to `address`; else the same.
        outcome: What came of it.
        reason: Why, in words, for every outcome but `FETCHED`.
        data: The page as the server sent it, unpacked; only of `FETCHED`.
        content_type: The `Content-Type` header.
        suffix: The file name ending of its kind, such as ".html": what a reader is chosen by.
        etag: The `ETag` header, for the next round.
        last_modified: The `Last-Modified` header, for the next round.
        locale: The language it says it is in; may be empty.
        breadcrumbs: Where the site places it, outermost first, without the page itself.
        notices: What a person should know.
    """

    address: str
    asked: str
    outcome: Outcome
    reason: str = ""
    data: bytes = b""
    content_type: str = ""
    suffix: str = ""
    etag: str = ""
    last_modified: str = ""
    locale: str = ""
    breadcrumbs: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
