"""Composes what a customer reads from a draft: text, claims, citations.

Each quote is one claim with its own citation (a table row also cites its header), and the text is
the claims put together; what answers two parts of a question is said once. A decision other than
`send` has its own text and no citations.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from openbook.answer.draft import Draft
from openbook.answer.quote import Quote
from openbook.types import BlockKind, Citation, Claim, Span, Support

_BULLET = re.compile(r"\A[-*•] ")
_LINES = (BlockKind.STEPS, BlockKind.LIST, BlockKind.TABLE, BlockKind.CODE)


@dataclass(frozen=True, slots=True)
class Composed:
    """The parts of an answer that come from sources."""

    text: str
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]


def compose(draft: Draft) -> Composed:
    """Puts the quotes of a draft together, in their order."""
    claims: list[Claim] = []
    citations: list[Citation] = []
    quotes = _once(draft.quotes)
    for quote in quotes:
        indices = []
        for citation in _citations(quote):
            if citation not in citations:
                citations.append(citation)
            indices.append(citations.index(citation))
        claims.append(Claim(_claim_text(quote), Support.SUPPORTED, tuple(indices)))
    return Composed(_join(quotes), tuple(claims), tuple(citations))


def _once(quotes: Iterable[Quote]) -> tuple[Quote, ...]:
    """Each quoted range at its first place."""
    first: dict[tuple[str, int], Quote] = {}
    for quote in quotes:
        first.setdefault((quote.hit.document_id, quote.sentence.start), quote)
    return tuple(first.values())


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


def _join(quotes: tuple[Quote, ...]) -> str:
    """Sentences run on; steps, list items, rows and lines of code each have a line to themselves."""
    text, above = "", False
    for quote in quotes:
        alone = quote.sentence.kind in _LINES
        between = "\n" if alone or above else " "
        text += (between if text else "") + _claim_text(quote)
        above = alone
    return text
