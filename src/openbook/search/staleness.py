"""Ranks documents by the harm that their age may do: how old they are, and how many answers rest on them."""

from collections.abc import Collection, Iterable
from datetime import datetime

from openbook.types import Document, Stale

_DAYS_A_YEAR = 365.25


def stale_documents(
    documents: Iterable[Document], *, at: datetime, after_days: int, unread: Collection[str] = ()
) -> list[Stale]:
    """The documents that may be out of date, the most harmful first.

    Args:
        documents: What is live.
        at: Today.
        after_days: An age from which a document is doubtful.
        unread: The ids of sources that could not be read the last time.
    """
    found = [_judged(document, at=at, after_days=after_days, unread=unread) for document in documents]
    return sorted((item for item in found if item.reasons), key=lambda item: (-item.damage, item.document.path))


def _judged(document: Document, *, at: datetime, after_days: int, unread: Collection[str]) -> Stale:
    reasons = []
    days = None if document.updated_at is None else max(0, (at - document.updated_at).days)
    if days is not None and days >= after_days:
        reasons.append(f"not changed for {days} days")
    if document.valid_until is not None and document.valid_until <= at:
        reasons.append(f"valid only until {document.valid_until:%Y-%m-%d}; it serves nobody")
    if document.source_id in unread:
        reasons.append("its source was not read to its end the last time")
    if days is None and reasons:
        reasons.append("nobody knows how old it is")
    years = (days or 0) / _DAYS_A_YEAR
    return Stale(document, days, tuple(reasons), round((1 + document.answers) * max(years, 0.1), 3))
