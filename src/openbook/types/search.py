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
        limit: How many hits.
        at: The moment for which validity is judged.
    """

    text: str
    tenant: str = MAIN_TENANT
    audiences: tuple[str, ...] = (PUBLIC,)
    locale: str = ""
    product: str = ""
    limit: int = 8
    at: datetime = field(default_factory=utc_now)


@dataclass(frozen=True, slots=True)
class Hit(Record):
    """A chunk that was found, with every part of its score.

    Attributes:
        rank: From 1.
        score: The fused score, in [0, 1].
        dense: Cosine of question and chunk, or None where that retriever did not return it.
        keyword: BM25 of question and chunk, likewise.
        parts: The terms of the sum that makes `score`, by name.
        retrievers: Which of `dense` and `keyword` returned it.
        text: The chunk's text, `source_text[start:end]`.
        sentences: Ranges in the source text (not in `text`).
    """

    chunk_id: int
    document_id: str
    version: int
    rank: int
    score: float
    dense: float | None
    keyword: float | None
    parts: dict[str, float]
    retrievers: tuple[str, ...]
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


@dataclass(frozen=True, slots=True)
class SearchResult(Record):
    """The hits of one query and what the search knew."""

    query: str
    hits: tuple[Hit, ...]
    generation: int
    keyword_only: bool
    timings_ms: dict[str, float]
