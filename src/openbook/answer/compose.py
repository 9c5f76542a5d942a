"""Composes what a customer reads from a draft: text, claims, citations.

Each quote is one claim with its own citation (a table row also cites its header), and the text is
the claims put together; what answers two parts of a question is said once. Short, only the best quote
of each part is said, with what must not be cut off from it. A list of products has a sentence of counts
above it. A decision other than `send` has its own text and no citations.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from openbook.answer.draft import Draft, Section
from openbook.answer.listing import introduction, lines, names_itself
from openbook.answer.quote import Quote, quotes_of
from openbook.answer.wholeness import whole
from openbook.search.identifiers import codes, has_identifier
from openbook.types import BlockKind, Citation, Claim, Span, Support
from openbook.types.behaviour import Length
from openbook.types.search import Selection

_BULLET = re.compile(r"\A[-*•] ")
_LINES = (BlockKind.STEPS, BlockKind.LIST, BlockKind.TABLE, BlockKind.CODE)


@dataclass(frozen=True, slots=True)
class Composed:
    """The parts of an answer that come from sources."""

    text: str
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some words of an answer, what they rest on, and whether they have a line to themselves."""

    text: str
    citations: tuple[Citation, ...]
    alone: bool


def compose(draft: Draft, *, length: Length = "full") -> Composed:
    """Puts the quotes of a draft together, in their order.

    Args:
        draft: What is quoted.
        length: `short` says of each part only its best quote, made whole.
    """
    claims: list[Claim] = []
    citations: list[Citation] = []
    pieces = list(_pieces(draft, length))
    for piece in pieces:
        indices = []
        for citation in piece.citations:
            if citation not in citations:
                citations.append(citation)
            indices.append(citations.index(citation))
        if indices:
            claims.append(Claim(piece.text, Support.SUPPORTED, tuple(indices)))
    return Composed(_join(pieces), tuple(claims), tuple(citations))


def _pieces(draft: Draft, length: Length) -> Iterator[_Piece]:
    """What is said, in order, each quoted range at its first place."""
    said: set[tuple[str, int]] = set()
    for section in draft.sections:
        if section.selection is not None:
            yield from _listed(section, section.selection)
            continue
        for quote in section.quotes if length == "full" else _shortened(section):
            place = (quote.hit.document_id, quote.sentence.start)
            if place not in said:
                said.add(place)
                yield _Piece(_claim_text(quote), tuple(_citations(quote)), quote.sentence.kind in _LINES)


def _shortened(section: Section) -> Iterator[Quote]:
    """A part's best quote with what belongs to it; and what has a code of the question that this has not."""
    best = section.best
    if best is None:
        return
    kept = {quote.place for quote in whole(best, quotes_of(best.hit, section.question, section.weights))}
    said = [quote for quote in section.quotes if quote.hit.chunk_id == best.hit.chunk_id and quote.place in kept]
    missing = [
        code for code in codes(section.question) if not any(has_identifier(each.in_place, code) for each in said)
    ]
    for quote in section.quotes:
        if quote in said or any(has_identifier(quote.in_place, code) for code in missing):
            yield quote


def _listed(section: Section, selection: Selection) -> Iterator[_Piece]:
    """A line for each product, under a sentence of counts that is no claim of a source."""
    listed = lines(section.quotes)
    yield _Piece(introduction(section.question, selection, len(listed)), (), alone=True)
    for text, quotes in listed:
        cited = (_citations(quote)[:1] if names_itself(quote) else _citations(quote) for quote in quotes)
        yield _Piece(text, tuple(chain.from_iterable(cited)), alone=True)


def _citations(quote: Quote) -> list[Citation]:
    spans: list[tuple[Span, str]] = [(quote.sentence, quote.text)]
    if quote.header is not None:
        spans.append((quote.header, quote.header_text))
    return [_citation(quote, span, text) for span, text in spans]


def _citation(quote: Quote, span: Span, text: str) -> Citation:
    hit = quote.hit
    return Citation(
        document_id=hit.document_id,
        version=hit.version,
        title=hit.title,
        url=hit.url,
        updated_at=hit.updated_at,
        quote=text,
        start=span.start,
        end=span.end,
        locator=hit.locator,
    )


def _claim_text(quote: Quote) -> str:
    if quote.sentence.kind is BlockKind.CODE:
        return quote.text.rstrip()
    if quote.header is None:
        return _BULLET.sub("", quote.text.strip())
    names = quote.header_text.split(" | ")
    cells = quote.text.split(" | ")
    if len(names) != len(cells):
        return f"{quote.header_text}\n{quote.text}"
    return " · ".join(
        f"{name.strip()}: {cell.strip()}" for name, cell in zip(names, cells, strict=True) if cell.strip()
    )


def _join(pieces: Sequence[_Piece]) -> str:
    """Sentences run on; steps, list items, rows and lines of code each have a line to themselves."""
    text, above = "", False
    for piece in pieces:
        between = "\n" if piece.alone or above else " "
        text += (between if text else "") + piece.text
        above = piece.alone
    return text
