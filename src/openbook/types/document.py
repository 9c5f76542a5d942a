"""Documents and their pieces: what is read, cut, kept and shown of a source."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from openbook.types.record import Record

NOT_SERVED = ("draft", "archived")
"""What `status` keeps a document from being served."""


class BlockKind(StrEnum):
    """What a piece of a document's structure is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    STEPS = "steps"
    LIST = "list"
    TABLE = "table"
    CODE = "code"


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
    """What a document says about itself, or its source says for it; empty means not said.

    `attributes` are the facts of a product, name and value as they are written, such as
    `("price", "49.90 EUR")`: what customers filter and compare by.
    """

    title: str = ""
    audiences: tuple[str, ...] = ()
    locale: str = ""
    product: str = ""
    status: str = ""
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    updated_at: datetime | None = None
    url: str = ""
    attributes: tuple[tuple[str, str], ...] = ()


UNSAID = Metadata()
"""Nothing is said."""


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
class Part(Record):
    """One document out of a file.

    Attributes:
        name: What tells it from the others in the file, stable from one export to the next; empty
            where the file is one document.
        kind: What it is: the kind of the file, or "operation", "product", "article", "ticket".
    """

    name: str
    kind: str
    extract: Extract


@dataclass(frozen=True, slots=True)
class BrokenPart(Record):
    """A record of a file that could not be read, and why; the others go on."""

    name: str
    problem: str


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
    """A document as it stands now: where it came from and its live version.

    Attributes:
        answers: How many answers rest on it.
        hold: Why this version waits for a person; empty if it is live.
    """

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
    hold: str = ""

    def serves(self, at: datetime) -> bool:
        """Whether customers may read it at a moment: approved and within its time."""
        begun = self.valid_from is None or self.valid_from <= at
        over = self.valid_until is not None and self.valid_until <= at
        return begun and not over and self.status not in NOT_SERVED


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
    status: str = "approved"
    valid_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class SourceOptions(Record):
    """How a source is read.

    Attributes:
        crawl: Follow the links of web pages.
        review: Everything from it waits for a person's approval.
        private: Its addresses may be private ones, as in a company's own network.
        every_minutes: How often the server reads it by itself; 0: as often as the settings say.
    """

    crawl: bool = False
    review: bool = False
    private: bool = False
    every_minutes: int = 0


USUAL = SourceOptions()
"""Nothing special is asked for."""


@dataclass(frozen=True, slots=True)
class Source(Record):
    """Where documents come from: a folder, a file, web pages, or what was sent over HTTP."""

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
    options: SourceOptions = USUAL

    @property
    def defaults(self) -> Metadata:
        """What it says of documents that do not say it themselves."""
        return Metadata(title=self.title, audiences=self.audiences, locale=self.locale, product=self.product)
