"""Drafts an answer from hits in the sources' own words: the best sentences, with their spans.

A sentence is chosen for how many of the question's telling words it has, in the light of its
chunk's score. Steps are quoted whole from the first to the last, a table row with its header.
Everything in a draft is verbatim, so its citations are exact by construction.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from openbook.answer.words import coverage, rarity, telling_words
from openbook.types import BlockKind, Hit, Sentence, Span

_FROM_HITS = 4
_MOST_SENTENCES = 3
_CLOSE = 0.7
_SENTENCE_SHARE = 0.5
_STEPS_BONUS = 0.15
_LONGEST = 1_200
_HOW = re.compile(r"\b(how (do|can|to|should|would|could|must)|wie (kann|muss|soll|geht))\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim piece of a hit with its place in the source text, and for a row its table's header."""

    hit: Hit
    sentence: Sentence
    text: str
    score: float
    header_text: str = ""

    @property
    def header(self) -> Span | None:
        """The header row that names the cells of a quoted row."""
        return self.sentence.header if self.header_text else None


@dataclass(frozen=True, slots=True)
class Draft:
    """Quotes in reading order, and the question's words with their weights."""

    quotes: tuple[Quote, ...]
    weights: dict[str, float]


def draft(question: str, hits: Sequence[Hit]) -> Draft:
    """Chooses the sentences that answer best; no hits give an empty draft."""
    weights = rarity(telling_words(question), [context(hit) for hit in hits])
    wants_steps = bool(_HOW.search(question))
    candidates = [
        _quote(hit, sentence, weights, wants_steps=wants_steps)
        for hit in hits[:_FROM_HITS]
        for sentence in hit.sentences
        if _answers(sentence)
    ]
    if not candidates:
        return Draft((), weights)
    best = max(candidates, key=lambda quote: (quote.score, -quote.hit.rank, -quote.sentence.start))
    same = [quote for quote in candidates if quote.hit is best.hit]
    chosen = _whole_steps(best, same) if best.sentence.kind is BlockKind.STEPS else _close_to(best, same)
    return Draft(tuple(sorted(chosen, key=lambda quote: quote.sentence.start)), weights)


def context(hit: Hit) -> str:
    """A hit's text with what stands above it: title, headings, table header."""
    return " ".join((hit.title, *hit.heading_path, hit.header_text, hit.text))


def _answers(sentence: Sentence) -> bool:
    """Headings and header rows name what follows; they answer nothing."""
    is_header_row = sentence.kind is BlockKind.TABLE and sentence.header is None and sentence.start == sentence.block
    return sentence.kind is not BlockKind.HEADING and not is_header_row


def _quote(hit: Hit, sentence: Sentence, weights: dict[str, float], *, wants_steps: bool) -> Quote:
    text = _text_at(hit, sentence)
    header_text = _text_at(hit, sentence.header) if sentence.header else ""
    own = coverage(weights, f"{header_text} {text}")
    with_headings = coverage(weights, " ".join((hit.title, *hit.heading_path, header_text, text)))
    bonus = _STEPS_BONUS if wants_steps and sentence.kind is BlockKind.STEPS else 0.0
    score = bonus + _SENTENCE_SHARE * (0.7 * own + 0.3 * with_headings) + (1 - _SENTENCE_SHARE) * hit.score
    return Quote(hit, sentence, text, score, header_text)


def _text_at(hit: Hit, span: Span) -> str:
    """The characters of a span that lies in the hit, or is the header row above it."""
    if span.start >= hit.start and span.end <= hit.end:
        return hit.text[span.start - hit.start : span.end - hit.start]
    return hit.header_text


def _whole_steps(best: Quote, same: Sequence[Quote]) -> list[Quote]:
    """All steps of the procedure: it is useless with one left out."""
    kept: list[Quote] = []
    for quote in same:
        if quote.sentence.block == best.sentence.block:
            kept.append(quote)
        if sum(len(item.text) for item in kept) > _LONGEST:
            break
    return kept


def _close_to(best: Quote, same: Sequence[Quote]) -> list[Quote]:
    """The best sentence and those of its chunk that are of its kind and nearly as good; one row stands alone."""
    if best.sentence.kind is BlockKind.TABLE:
        return [best]
    close = [
        quote
        for quote in same
        if quote is not best and quote.sentence.kind is best.sentence.kind and quote.score >= _CLOSE * best.score
    ]
    close.sort(key=lambda quote: (-quote.score, quote.sentence.start))
    return [best, *close[: _MOST_SENTENCES - 1]]
