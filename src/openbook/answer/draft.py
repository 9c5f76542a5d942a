"""Drafts an answer from hits in the sources' own words: the best sentences, with their spans.

A sentence is chosen for how many of the question's telling words it has, in the light of its
chunk's score. Steps are quoted whole from the first to the last, a table row with its header.
Everything in a draft is verbatim, so its citations are exact by construction.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from openbook.answer.words import coverage, rarity, telling_words
from openbook.types import BlockKind, Hit, Span

_FROM_HITS = 4
_MOST_SENTENCES = 3
_CLOSE = 0.85
_CHUNK_SHARE = 0.5
_LONGEST = 1_200


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim piece of a hit: the spans of its sentence, row or step in the source text."""

    hit: Hit
    span: Span
    text: str
    score: float
    header: Span | None = None
    header_text: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """Quotes in reading order, and the question's words with their weights."""

    quotes: tuple[Quote, ...]
    weights: dict[str, float]


def draft(question: str, hits: Sequence[Hit]) -> Draft:
    """Chooses the sentences that answer best; no hits give an empty draft."""
    weights = rarity(telling_words(question), [context(hit) for hit in hits])
    near = hits[:_FROM_HITS]
    candidates = [quote for hit in near for quote in _quotes(hit, weights)]
    if not candidates:
        return Draft((), weights)
    best = max(candidates, key=lambda quote: (quote.score, -quote.hit.rank, -quote.span.start))
    chosen = _whole_steps(best) if best.hit.kind == BlockKind.STEPS else _with_neighbours(best, candidates)
    return Draft(tuple(sorted(chosen, key=lambda quote: quote.span.start)), weights)


def context(hit: Hit) -> str:
    """A hit's text with what stands above it: title, headings, table header."""
    return " ".join((hit.title, *hit.heading_path, hit.header_text, hit.text))


def _quotes(hit: Hit, weights: dict[str, float]) -> list[Quote]:
    above = " ".join((hit.title, *hit.heading_path))
    sentences = [span for span in hit.sentences if not _is_heading(hit, span)]
    return [_quote(hit, span, weights, above) for span in sentences]


def _is_heading(hit: Hit, span: Span) -> bool:
    return bool(hit.heading_path) and _text_of(hit, span).strip() in (hit.heading_path[-1], hit.title)


def _text_of(hit: Hit, span: Span) -> str:
    return hit.text[span.start - hit.start : span.end - hit.start]


def _quote(hit: Hit, span: Span, weights: dict[str, float], above: str) -> Quote:
    text = _text_of(hit, span)
    own = coverage(weights, text)
    with_headings = coverage(weights, f"{above} {text}")
    score = (1 - _CHUNK_SHARE) * (0.7 * own + 0.3 * with_headings) + _CHUNK_SHARE * hit.score
    header = hit.header if hit.kind == BlockKind.TABLE and hit.header and hit.header != span else None
    return Quote(hit, span, text, score, header, hit.header_text if header else "")


def _whole_steps(best: Quote) -> list[Quote]:
    """The steps of the chunk in order: a procedure is useless with a step left out."""
    hit = best.hit
    quotes = [Quote(hit, span, _text_of(hit, span), best.score) for span in hit.sentences if not _is_heading(hit, span)]
    kept: list[Quote] = []
    for quote in quotes:
        if sum(len(item.text) for item in kept) + len(quote.text) > _LONGEST:
            break
        kept.append(quote)
    return kept


def _with_neighbours(best: Quote, candidates: Sequence[Quote]) -> list[Quote]:
    """The best sentence and those of its chunk that are nearly as good."""
    if best.hit.kind == BlockKind.TABLE:
        return [best]
    same = [quote for quote in candidates if quote.hit is best.hit and quote is not best]
    close = sorted(
        (quote for quote in same if quote.score >= _CLOSE * best.score),
        key=lambda quote: (-quote.score, quote.span.start),
    )
    return [best, *close[: _MOST_SENTENCES - 1]]
