"""Drafts an answer from hits in the sources' own words: the best sentences, with their spans.

Each part of the question has a section of its own. A section begins with the sentence that answers
best, made whole; others follow if they are nearly as good, or bring words of the question that are
still missing, from another article too. Everything is verbatim, so citations are exact by construction.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from openbook.answer.listing import listed, selection_of
from openbook.answer.quote import Quote, quotes_of, text_words
from openbook.answer.wholeness import whole
from openbook.search.identifiers import codes, has_identifier
from openbook.search.words import bag_of, coverage, rarity, telling_words
from openbook.types import BlockKind, Hit
from openbook.types.search import Selection

FROM_HITS = 4
MOST_SENTENCES = 3
CLOSE = 0.85
NEAR = 0.75
GAIN = 0.2
_RUNNING = (BlockKind.PARAGRAPH, BlockKind.LIST)


@dataclass(frozen=True, slots=True)
class Section:
    """What answers one part of the question.

    Attributes:
        question: The part's words.
        quotes: What is quoted, the article of the best sentence first, each article in reading order.
        best: The sentence that answers best, or None where nothing was found.
        weights: The question's telling words by rarity.
        known_words: The share of these words that any hit has.
        covered: The share of these words, by rarity, that the best sentence's chunk has, with the
            title and headings above it.
        hits: What it was drawn from, the best first.
        selection: What was chosen among products, if the part asks for that.
    """

    question: str
    quotes: tuple[Quote, ...]
    best: Quote | None
    weights: dict[str, float]
    known_words: float
    covered: float
    hits: tuple[Hit, ...]
    selection: Selection | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """One section for each part of the question, in order."""

    sections: tuple[Section, ...]

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """Every quote, in order."""
        return tuple(quote for section in self.sections for quote in section.quotes)


def draft(parts: Sequence[str], hits: Sequence[Hit]) -> Draft:
    """Chooses the sentences that answer best; no hits give empty sections.

    Args:
        parts: What the question asks, as `SearchResult.parts`.
        hits: Those of all parts, each with the place of its part.
    """
    sections = (_section(part, tuple(hit for hit in hits if hit.part == place)) for place, part in enumerate(parts))
    return Draft(tuple(sections))


def context(hit: Hit) -> str:
    """A hit's text with what stands above it: title, headings, table header."""
    return " ".join((hit.title, *hit.heading_path, hit.header_text, hit.text))


def _section(question: str, hits: tuple[Hit, ...]) -> Section:
    selection = selection_of(hits)
    if selection is not None:
        quotes = listed(question, hits)
        return Section(question, quotes, next(iter(quotes), None), {}, 1.0, 1.0, hits, selection)
    bags = [bag_of(context(hit)) for hit in hits]
    every = frozenset().union(*bags)
    weights = rarity(telling_words(question), bags)
    known = sum(word in every for word in weights) / (len(weights) or 1)
    by_hit = {hit.chunk_id: quotes_of(hit, question, weights) for hit in hits[:FROM_HITS]}
    candidates = sorted(
        (quote for quotes in by_hit.values() for quote in quotes if quote.answers),
        key=lambda quote: (-quote.score, quote.hit.rank, quote.place),
    )
    named = [code for code in codes(question) if any(_names(quote, code) for quote in candidates)]
    candidates = [quote for quote in candidates if not named or any(_names(quote, code) for code in named)]
    if not candidates:
        return Section(question, (), None, weights, known, 0.0, hits)
    best = max(candidates, key=lambda quote: sum(_names(quote, code) for code in named)) if named else candidates[0]
    chosen = whole(best, by_hit[best.hit.chunk_id])
    for quote in candidates:
        brings_code = any(_names(quote, code) and not any(_names(other, code) for other in chosen) for code in named)
        if not brings_code and len(chosen) >= MOST_SENTENCES:
            continue
        if quote not in chosen and (brings_code or _adds(quote, best, chosen, weights)):
            chosen += [other for other in whole(quote, by_hit[quote.hit.chunk_id]) if other not in chosen]
    covered = coverage(weights, bags[hits.index(best.hit)])
    return Section(question, tuple(_in_order(chosen, best)), best, weights, known, covered, hits)


def _names(quote: Quote, code: str) -> bool:
    """Whether a sentence has a code, or stands under a heading that has it."""
    return has_identifier(quote.in_place, code)


def _adds(quote: Quote, best: Quote, chosen: Sequence[Quote], weights: dict[str, float]) -> bool:
    """Whether a further sentence is worth the reader's time."""
    if best.sentence.kind not in _RUNNING and quote.hit is best.hit:
        return False  # steps and rows stand for themselves
    have = text_words(chosen)
    gain = coverage(weights, have | quote.words) - coverage(weights, have)
    if gain >= GAIN:
        return quote.score >= NEAR * best.score
    return quote.hit is best.hit and quote.sentence.kind in _RUNNING and quote.score >= CLOSE * best.score


def _in_order(chosen: Sequence[Quote], best: Quote) -> list[Quote]:
    """The best sentence's article first, then the others by their rank; each in reading order."""
    ranks: dict[str, int] = {}
    for quote in chosen:
        document = quote.hit.document_id
        rank = 0 if document == best.hit.document_id else quote.hit.rank
        ranks[document] = min(rank, ranks.get(document, rank))
    return sorted(chosen, key=lambda quote: (ranks[quote.hit.document_id], quote.sentence.start))
