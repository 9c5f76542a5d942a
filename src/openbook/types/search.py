"""A search and what it finds."""

from dataclasses import dataclass, field
from datetime import datetime

from openbook.types.document import Sentence, Span
from openbook.types.record import MAIN_TENANT, PUBLIC, Record, utc_now


@dataclass(frozen=True, slots=True)
class Query(Record):
    """One search as the caller may make it.

    Attributes:
        text: The customer's words.
        tenant: Whose knowledge.
        audiences: What the caller may see; a document is visible if it shares one of them.
        locale: Only this language, or empty for all.
        product: Only this product (and documents about none in particular), or empty.
        limit: How many hits for each part of the question.
        at: The moment for which validity is judged.
        since: Only documents that were changed at or after this moment, or None for all.
        whole: The text asks one thing, whatever its form.
        history: The customer's earlier messages, oldest first, that the text may point back to.
    """

    text: str
    tenant: str = MAIN_TENANT
    audiences: tuple[str, ...] = (PUBLIC,)
    locale: str = ""
    product: str = ""
    limit: int = 8
    at: datetime = field(default_factory=utc_now)
    since: datetime | None = None
    whole: bool = False
    history: tuple[str, ...] = ()

    @property
    def filters(self) -> str:
        """What narrows the search, in words; empty where nothing does."""
        since = f"{self.since:%Y-%m-%d}" if self.since else ""
        named = {"locale": self.locale, "product": self.product, "changed since": since}
        return ", ".join(f"{name} {value}" for name, value in named.items() if value)


@dataclass(frozen=True, slots=True)
class Selection(Record):
    """What a question chose among all products, in counts and places: it names no word.

    Attributes:
        wanted: Where the part of the question says what a product must be, in order.
        order: Where it says which comes first, such as "cheapest"; None where the cheapest does anyway.
        fitting: How many products surely fit.
        unsure: How many others do not say enough.
        compared: How many were looked at.
        sentences: The places, in the hit's `sentences`, of what is shown of this product: its name, and
            the rows that say that it fits. Empty where no product fits.
    """

    wanted: tuple[Span, ...]
    order: Span | None
    fitting: int
    unsure: int
    compared: int
    sentences: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit(Record):
    """A chunk that was found, with every part of its score.

    Attributes:
        rank: From 1.
        part: Which part of the question it was found for, from 0.
        score: The sum that orders hits, at most 1.
        dense: Cosine of question and chunk, or None where there is no encoder.
        keyword: BM25 of question and chunk, or None where that retriever did not return it.
        parts: The terms of the sum that makes `score`, by name.
        retrievers: Which of `dense` and `keyword` returned it.
        rrf: What plain reciprocal rank fusion would have scored; for comparison alone.
        sentence_scores: Cosine of question and each of `sentences`; empty without an encoder.
        same_as: Documents that say the same, left out for this one.
        text: The chunk's text, `source_text[start:end]`.
        sentences: Ranges in the source text (not in `text`).
        following: What the source text says right after it, some words.
        selection: What the question chose among products, if it asks which of them fits.
    """

    chunk_id: int
    document_id: str
    version: int
    rank: int
    part: int
    score: float
    dense: float | None
    keyword: float | None
    parts: dict[str, float]
    retrievers: tuple[str, ...]
    rrf: float
    sentence_scores: tuple[float, ...]
    same_as: tuple[str, ...]
    title: str
    path: str
    url: str
    updated_at: datetime | None
    heading_path: tuple[str, ...]
    kind: str
    locator: str
    start: int
    end: int
    text: str
    sentences: tuple[Sentence, ...]
    header: Span | None
    header_text: str = ""
    following: str = ""
    selection: Selection | None = None


@dataclass(frozen=True, slots=True)
class SearchResult(Record):
    """The hits of one query and what the search knew.

    Attributes:
        parts: What the question asks, each searched for on its own; a hit's `part` counts them.
    """

    query: str
    parts: tuple[str, ...]
    hits: tuple[Hit, ...]
    generation: int
    keyword_only: bool
    timings_ms: dict[str, float]
