"""Prepares an answer for people: its text cut into claims, its sources as cards, its confidence in words.

Knows no HTML; the same cards go into the page and, as JSON, to its script.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from openbook.desk import Desk
from openbook.errors import NotFound
from openbook.server.guests import Guest
from openbook.server.knowledge import readable_version
from openbook.server.passages import Stretch, stretches_of
from openbook.server.rendering import day, old
from openbook.types import Answer, Citation, Record, Span


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an answer's text.

    Attributes:
        text: What is read.
        numbers: The citations that carry it, counted from 1; empty for what is between claims.
    """

    text: str
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Card(Record):
    """One cited version of a document, with the passages that were cited.

    Attributes:
        numbers: The number of each cited span in the answer, counted from 1.
        updated: The date of the source in words.
        old: How old it is, where it is so old that customers should know; else empty.
        newer: The live version where this is an older one, else 0.
    """

    document_id: str
    version: int
    title: str
    url: str
    updated_at: datetime | None
    updated: str
    old: str
    newer: int
    numbers: tuple[int, ...]
    first: Span
    stretches: tuple[Stretch, ...]


def lines_of(answer: Answer) -> list[list[Piece]]:
    """The text in lines, each of claims with their citations and of what is between them."""
    lines: list[list[Piece]] = [[]]
    place = 0
    for claim in answer.claims:
        found = answer.text.find(claim.text, place)
        if found < 0:
            continue
        _add_plain(lines, answer.text[place:found])
        lines[-1].append(Piece(claim.text, tuple(index + 1 for index in claim.citations)))
        place = found + len(claim.text)
    _add_plain(lines, answer.text[place:])
    return [line for line in lines if line]


def _add_plain(lines: list[list[Piece]], text: str) -> None:
    """Adds text that no claim covers; a line feed begins a new line."""
    for place, part in enumerate(text.split("\n")):
        if place:
            lines.append([])
        if part.strip():
            lines[-1].append(Piece(part.strip()))


def cards_of(desk: Desk, guest: Guest, citations: Sequence[Citation]) -> list[Card]:
    """The cited versions in the order in which they are first cited; what is gone by now is left out."""
    grouped: dict[tuple[str, int], list[int]] = {}
    for number, citation in enumerate(citations, start=1):
        grouped.setdefault((citation.document_id, citation.version), []).append(number)
    cards = []
    for (document_id, version), numbers in grouped.items():
        spans = [Span(citations[number - 1].start, citations[number - 1].end) for number in numbers]
        try:
            cards.append(card_of(desk, guest, document_id, version, spans, numbers=numbers))
        except NotFound:
            continue
    return cards


def card_of(
    desk: Desk, guest: Guest, document_id: str, number: int, spans: Sequence[Span], *, numbers: Sequence[int] = ()
) -> Card:
    """One cited version.

    Raises:
        NotFound: There is none that this guest may read.
    """
    document, version = readable_version(desk, guest, document_id, number)
    return Card(
        document_id=document_id,
        version=number,
        title=version.title,
        url=version.url,
        updated_at=version.updated_at,
        updated=day(version.updated_at),
        old=old(version.updated_at, after_days=desk.settings.values.sync.stale_after_days),
        newer=document.version if document.version > number else 0,
        numbers=tuple(numbers or range(1, len(spans) + 1)),
        first=spans[0] if spans else Span(0, 0),
        stretches=tuple(stretches_of(version, spans)),
    )


def in_words(answer: Answer) -> str:
    """The confidence as people say it."""
    if answer.confidence >= 0.9:
        return "Very sure"
    return "Sure enough to answer" if answer.confidence >= answer.threshold else "Not sure enough"
