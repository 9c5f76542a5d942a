"""Sentences of hits as they may be quoted, each with how well it answers a question.

The score weighs four things: the cosine of question and sentence, how much of the question's words
by rarity the sentence has, the same with the headings above it, and its chunk's score. Steps for a
question how to do something, and an amount for one that asks for it, score a little more. The weights
were chosen by `benchmarks/tune_quotes.py`. Without an encoder words and chunk alone count.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openbook.answer.answer_type import asks_for_kind, fits
from openbook.search.words import bag_of, coverage
from openbook.types import BlockKind, Hit, Sentence, Span

SENTENCE_WEIGHT = 0.45
COVERAGE_WEIGHT = 0.1
HEADINGS_WEIGHT = 0.05
CHUNK_WEIGHT = 0.4
STEPS_BONUS = 0.04
KIND_BONUS = 0.05
_HOW = re.compile(
    r"\b(how (do|can|to|should|would|could|must|does one)|steps|wie (kann|muss|soll|geht|mache|ändere))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim piece of a hit with its place in the source text, and for a row its table's header.

    Attributes:
        place: Which of the hit's sentences it is.
        words: The stems of its words, its header's too.
    """

    hit: Hit
    place: int
    text: str
    score: float
    words: frozenset[str]
    header_text: str = ""

    @property
    def sentence(self) -> Sentence:
        """Its range in the source text, with the block it belongs to."""
        return self.hit.sentences[self.place]

    @property
    def header(self) -> Span | None:
        """The header row that names the cells of a quoted row."""
        return self.sentence.header if self.header_text else None

    @property
    def in_place(self) -> str:
        """Its text with what stands right above it: title, headings, the header of its row."""
        return " ".join((self.hit.title, *self.hit.heading_path, self.header_text, self.text))

    @property
    def answers(self) -> bool:
        """Whether it can answer anything: headings and header rows only name what follows."""
        if self.sentence.kind is BlockKind.TABLE:
            return not any(row.header and row.header.start == self.sentence.start for row in self.hit.sentences)
        return self.sentence.kind is not BlockKind.HEADING


def quotes_of(hit: Hit, question: str, weights: Mapping[str, float]) -> list[Quote]:
    """Every sentence of a hit in order, scored; see the module.

    Args:
        hit: Where they stand.
        question: What is asked; steps answer best how to do something, a price what it costs.
        weights: The question's words by rarity.
    """
    above = bag_of(hit.title, *hit.heading_path)
    wants_steps = bool(_HOW.search(question))
    kind = question if asks_for_kind(question) else ""
    return [
        _quote(hit, place, weights, above, wants_steps=wants_steps, kind=kind) for place in range(len(hit.sentences))
    ]


def _quote(
    hit: Hit, place: int, weights: Mapping[str, float], above: frozenset[str], *, wants_steps: bool, kind: str
) -> Quote:
    sentence = hit.sentences[place]
    text = _text_at(hit, sentence)
    header_text = _text_at(hit, sentence.header) if sentence.header else ""
    words = bag_of(header_text, text)
    score = COVERAGE_WEIGHT * coverage(weights, words) + HEADINGS_WEIGHT * coverage(weights, words | above)
    score += SENTENCE_WEIGHT * closeness(hit, place) + CHUNK_WEIGHT * hit.score
    if wants_steps and sentence.kind is BlockKind.STEPS:
        score += STEPS_BONUS
    if kind and fits(kind, text):
        score += KIND_BONUS
    return Quote(hit, place, text, score, words, header_text)


def closeness(hit: Hit, place: int) -> float:
    """Cosine of question and one of a hit's sentences; 0 below 0 and without an encoder."""
    return max(0.0, hit.sentence_scores[place]) if hit.sentence_scores else 0.0


def text_words(quotes: Sequence[Quote]) -> frozenset[str]:
    """The stems of the words of all these quotes."""
    return frozenset().union(*(quote.words for quote in quotes))


def _text_at(hit: Hit, span: Span) -> str:
    """The characters of a span that lies in the hit, or is the header row above it."""
    if span.start >= hit.start and span.end <= hit.end:
        return hit.text[span.start - hit.start : span.end - hit.start]
    return hit.header_text
