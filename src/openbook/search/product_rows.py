"""The rows in which a product's text states its facts: those of the product, and one for each of its variants.

They are read from the stored sentences, so that what is shown of a product is what its source says.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from openbook.search.attributes import Attributes
from openbook.stores.chunks import StoredChunk
from openbook.types import BlockKind, Sentence, Span

_BETWEEN = " | "
_FACTS = ["attribute", "value"]
_MOST_ROWS = 8


@dataclass(frozen=True, slots=True)
class Row:
    """A row that states facts.

    Attributes:
        chunk_id: Where it stands.
        place: Which of the chunk's sentences it is.
        told: What it states, names and values.
        is_variant: Whether it speaks of one variant alone.
    """

    chunk_id: int
    place: int
    told: Attributes
    is_variant: bool


def rows_in(chunks: Iterable[StoredChunk]) -> list[Row]:
    """The rows of facts and of variants in a product's chunks, in order."""
    return [row for stored in chunks for row in _rows(stored)]


def variants_of(rows: Sequence[Row], attributes: Attributes) -> tuple[Attributes, ...]:
    """What each variant of a product says, with what the product says for all of them; none without variants."""
    rows = [row for row in rows if row.is_variant]
    varied = {name for row in rows for name, _ in row.told}
    shared = [pair for pair in attributes if pair[0] not in varied]
    return tuple((*shared, *row.told) for row in rows)


def shown(rows: Sequence[Row], names: Collection[str], variant: Attributes | None) -> list[Row]:
    """The rows worth showing: facts of these names, and the row of the variant that fits best.

    Args:
        rows: All rows of the product.
        names: The attributes that were asked about.
        variant: What the variant to show says, as `variants_of` gave it, or None without variants.
    """
    facts = [row for row in rows if not row.is_variant and any(name in names for name, _ in row.told)]
    fitting = [row for row in rows if row.is_variant and variant is not None and set(row.told) <= set(variant)]
    return [*facts[:_MOST_ROWS], *fitting[:1]]


def has_name(stored: StoredChunk) -> bool:
    """Whether a chunk begins with the product's name."""
    first = stored.chunk.sentences[:1]
    return stored.chunk.ordinal == 0 and any(sentence.kind is BlockKind.HEADING for sentence in first)


def _rows(stored: StoredChunk) -> Iterator[Row]:
    for place, sentence in enumerate(stored.chunk.sentences):
        if sentence.kind is BlockKind.TABLE and sentence.header is not None:
            names, cells = _cells(_at(stored, sentence.header)), _cells(_at(stored, sentence))
            if names == _FACTS:
                yield Row(stored.id, place, ((cells[0], _BETWEEN.join(cells[1:])),), is_variant=False)
            elif len(names) == len(cells):
                told = tuple((name, cell) for name, cell in zip(names, cells, strict=True) if name and cell)
                yield Row(stored.id, place, told, is_variant=True)


def _cells(line: str) -> list[str]:
    """The cells of a row, of which the outer ones may be empty."""
    return [cell.strip() for cell in f" {line} ".split(_BETWEEN)]


def _at(stored: StoredChunk, span: Span | Sentence) -> str:
    """The characters of a span that lies in the chunk, or is the header row above it."""
    begin = stored.chunk.span.start
    if span.start >= begin and span.end <= stored.chunk.span.end:
        return stored.text[span.start - begin : span.end - begin]
    return stored.header_text
