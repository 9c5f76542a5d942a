"""The nouns that cross floors: frozen values, no behaviour beyond their own arithmetic.

Offsets count code points of a version's source text; times are UTC; money is in micro-units
(millionths of a dollar); a score is an uncalibrated rank value, higher is better; a confidence
is a probability in [0, 1]. This module knows no storage, no model and no floor above it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Literal

MAIN_TENANT = "main"
PUBLIC = "public"
INTERNAL = "internal"


class Decision(StrEnum):
    """What is done with a drafted answer."""

    SEND = "send"
    CLARIFY = "clarify"
    ABSTAIN = "abstain"
    HAND_OFF = "hand_off"


class Support(StrEnum):
    """Whether the cited spans carry a claim."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    NOT_FOUND = "not_found"


class BlockKind(StrEnum):
    """What a piece of a document's structure is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    STEPS = "steps"
    LIST = "list"
    TABLE = "table"
    CODE = "code"


def utc_now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def to_plain(value: Any) -> Any:
    """Turns a value of this module into plain JSON types: dicts, lists, strings, numbers."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, dict):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted(to_plain(item) for item in value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value


class Record:
    """What every result shares: `to_dict()` gives the JSON of `docs/reference`."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """This value as plain JSON types, keys in field order."""
        plain: dict[str, Any] = to_plain(self)
        return plain


# ---------------------------------------------------------------- documents


@dataclass(frozen=True, slots=True)
class Span(Record):
    """An exact range of a source text, in code points: `source_text[start:end]`."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The characters this span covers in `text`."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Metadata(Record):
    """What a document says about itself, or its source says for it; empty means not said."""

    title: str = ""
    audiences: tuple[str, ...] = ()
    locale: str = ""
    product: str = ""
    status: str = ""
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    updated_at: datetime | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Block(Record):
    """A structural piece of a source text.

    Attributes:
        kind: What it is.
        span: Its range, including list markers and table separators.
        level: Heading level 1 to 6, else 0.
        parts: The items of a list or the rows of a table, in order, each a range inside
            `span`; empty for other kinds.
        header: The header row of a table, one of `parts`, if it has one.
        locator: Where a person finds it in the original, such as "page 3"; may be empty.
    """

    kind: BlockKind
    span: Span
    level: int = 0
    parts: tuple[Span, ...] = ()
    header: Span | None = None
    locator: str = ""


@dataclass(frozen=True, slots=True)
class Extract(Record):
    """What a reader makes of one file: its text, its structure, what it says about itself.

    Attributes:
        text: The source text, as it is stored and quoted. Lines end in a line feed; no markup.
        blocks: Its structure in reading order; disjoint; every character outside them is white space.
        metadata: From front matter, `<meta>`, document properties.
        notices: What a person should know, such as "page 4 has no text (scanned?)".
    """

    text: str
    blocks: tuple[Block, ...]
    metadata: Metadata = Metadata()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence(Span):
    """The smallest range that is quoted: a sentence, a heading, a step, an item, a row, a line of code.

    Attributes:
        kind: The kind of the block it belongs to.
        block: Where that block starts; sentences of one block share it.
        header: For a row of a table, the header row that names its cells; may lie in an earlier chunk.
    """

    kind: BlockKind = BlockKind.PARAGRAPH
    block: int = 0
    header: Span | None = None


@dataclass(frozen=True, slots=True)
class Chunk(Record):
    """A retrievable piece of a version: a range of whole blocks with its place in the outline.

    Attributes:
        ordinal: Its place in the version, from 0.
        span: Its range of the source text. The chunks of a version are disjoint, in order, and
            together cover every character that is not white space.
        heading_path: The headings above it, outermost first, without the document's title.
        sentences: Everything in it that can be quoted, disjoint, in order.
        kind: The kind of its main block.
        header: The header row that its table rows belong to; may lie in an earlier chunk.
        locator: Where a person finds it in the original.
    """

    ordinal: int
    span: Span
    heading_path: tuple[str, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    kind: BlockKind = BlockKind.PARAGRAPH
    header: Span | None = None
    locator: str = ""


@dataclass(frozen=True, slots=True)
class Document(Record):
    """A document as it stands now: where it came from and its live version."""

    id: str
    source_id: str
    path: str
    title: str
    version: int
    kind: str
    status: str
    audiences: tuple[str, ...]
    locale: str
    product: str
    url: str
    valid_from: datetime | None
    valid_until: datetime | None
    updated_at: datetime | None
    added_at: datetime
    chunks: int
    answers: int = 0


@dataclass(frozen=True, slots=True)
class Version(Record):
    """One state of a document at a time, with its full source text."""

    document_id: str
    number: int
    title: str
    state: str
    content_hash: str
    created_at: datetime
    updated_at: datetime | None
    url: str
    source_text: str | None
    chunks: tuple[Chunk, ...] = ()


@dataclass(frozen=True, slots=True)
class Source(Record):
    """Where documents come from: a folder, a file, or what was sent over HTTP."""

    id: str
    location: str
    kind: str
    audiences: tuple[str, ...]
    locale: str
    product: str
    title: str
    documents: int
    created_at: datetime
    synced_at: datetime | None
    notice: str = ""


@dataclass(frozen=True, slots=True)
class FileOutcome(Record):
    """What became of one file: `read`, `unchanged`, `removed` or `skipped` with the reason."""

    path: str
    outcome: Literal["read", "unchanged", "removed", "skipped"]
    reason: str = ""
    document_id: str = ""
    version: int = 0
    chunks: int = 0
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SyncReport(Record):
    """What one `add` or `sync` did, file by file."""

    source_ids: tuple[str, ...]
    files: tuple[FileOutcome, ...]
    seconds: float

    def count(self, outcome: str) -> int:
        """How many files had this outcome."""
        return sum(1 for file in self.files if file.outcome == outcome)

    def to_dict(self) -> dict[str, Any]:
        """The counts first, then every file."""
        counts = {name: self.count(name) for name in ("read", "unchanged", "removed", "skipped")}
        return {"source_ids": list(self.source_ids), **counts, "seconds": self.seconds, "files": to_plain(self.files)}


@dataclass(frozen=True, slots=True)
class Progress(Record):
    """A step of long work: `done` of `total` units (0: unknown) and what is at hand."""

    done: int
    total: int
    unit: str
    detail: str = ""


ProgressListener = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class DeletionReceipt(Record):
    """Proof, by looking again, of what a removal left behind in everything that serves."""

    documents: tuple[str, ...]
    versions_withdrawn: int
    chunks_removed: int
    live_versions_left: int
    index_points_left: int
    erased: bool
    texts_left: int
    receipts_erased: int
    seconds: float


# ------------------------------------------------------------------- search


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


# ------------------------------------------------------------------- answer


@dataclass(frozen=True, slots=True)
class Citation(Record):
    """An exact span of a version that a claim rests on: `quote == source_text[start:end]`."""

    document_id: str
    version: int
    title: str
    url: str
    updated_at: datetime | None
    quote: str
    start: int
    end: int
    locator: str = ""


@dataclass(frozen=True, slots=True)
class Claim(Record):
    """One sentence of an answer and the citations, by index, that carry it."""

    text: str
    support: Support
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tokens(Record):
    """Language-model tokens read and written; zero for the extractive writer."""

    into: int = 0
    out: int = 0

    def to_dict(self) -> dict[str, Any]:
        """With the public names `in` and `out`."""
        return {"in": self.into, "out": self.out}


@dataclass(frozen=True, slots=True)
class Handoff(Record):
    """A conversation that waits for a person."""

    id: str
    state: str
    reason: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Answer(Record):
    """One answer, whatever was decided. The shape of `ask --json` and `POST /v1/ask`."""

    id: str
    conversation_id: str
    decision: Decision
    text: str
    confidence: float
    threshold: float
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    confidence_parts: dict[str, float]
    reason: str
    handoff: Handoff | None
    writer: str
    cost_micro_usd: int
    tokens: Tokens
    timings_ms: dict[str, float]

    def to_dict(self) -> dict[str, Any]:
        """The public JSON: cost in dollars, tokens as `in` and `out`."""
        plain: dict[str, Any] = {}
        for item in fields(self):
            if item.name == "cost_micro_usd":
                plain["cost_usd"] = self.cost_micro_usd / 1_000_000
            elif item.name == "tokens":
                plain["tokens"] = self.tokens.to_dict()
            else:
                plain[item.name] = to_plain(getattr(self, item.name))
        return plain


@dataclass(frozen=True, slots=True)
class AskRequest(Record):
    """One question as a door hands it to the turn.

    Attributes:
        audiences: What the caller may see, already narrowed by the door.
        visitor_id: Who asks, if known; never a name.
        channel: web, api, voice, email, terminal.
        idempotency_key: A repeat with the same key gets the first answer again; empty for none.
    """

    question: str
    conversation_id: str = ""
    tenant: str = MAIN_TENANT
    audiences: tuple[str, ...] = (PUBLIC,)
    locale: str = ""
    product: str = ""
    channel: str = "api"
    visitor_id: str = ""
    idempotency_key: str = ""


@dataclass(frozen=True, slots=True)
class Event(Record):
    """A step of a turn that has happened; streaming, saving and metrics consume these.

    Names, in order: `understood`, `found`, `drafted`, `decided`, `recorded`.
    """

    name: Literal["understood", "found", "drafted", "decided", "recorded"]
    data: Any
    elapsed_ms: float


@dataclass(frozen=True, slots=True)
class Receipt(Record):
    """Everything behind one answer. See `docs/reference/receipt.md`."""

    id: str
    created_at: datetime
    tenant: str
    channel: str
    visitor_id: str
    question: str | None
    answer: Answer | None
    decision: Decision
    confidence: float
    hits: tuple[dict[str, Any], ...]
    query: dict[str, Any]
    settings: dict[str, Any]
    generation: int
    model_ids: tuple[str, ...]
    prompt_version: str
    adapter_id: str
    tool_call_ids: tuple[str, ...]
    openbook_version: str
    answer_hash: str
    erased: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The public JSON, with the answer as `ask` gave it."""
        plain = Record.to_dict(self)
        plain["answer"] = self.answer.to_dict() if self.answer else None
        return plain


SearchReplay = Literal["identical", "different", "not_replayed"]


@dataclass(frozen=True, slots=True)
class Replay(Record):
    """A receipt recomputed: `identical` compares canonical bytes without ids and timings."""

    receipt_id: str
    identical: bool
    answer: Answer
    search: SearchReplay
    search_note: str
    differences: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The public JSON, with the answer in the shape of `ask`."""
        plain = Record.to_dict(self)
        plain["answer"] = self.answer.to_dict()
        return plain


# ------------------------------------------------------------------- health


@dataclass(frozen=True, slots=True)
class Check(Record):
    """One part's health: `ok`, `warning` or `fault`, what was seen, and the mend."""

    name: str
    state: Literal["ok", "warning", "fault"]
    detail: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class SettingView(Record):
    """One setting's value and where it came from; secrets are masked."""

    name: str
    value: str
    origin: str


@dataclass(frozen=True, slots=True)
class Health(Record):
    """What `openbook doctor` knows."""

    checks: tuple[Check, ...]
    settings: tuple[SettingView, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is at fault."""
        return all(check.state != "fault" for check in self.checks)
