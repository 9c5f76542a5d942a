"""Cuts one block into pieces that fit into a chunk, each with its sentences.

A piece is what the chunker moves about: a whole block wherever it fits, else a run of whole
items, rows, lines or sentences. It knows nothing about sections.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from openbook.ingest.sentences import split_sentences, trim
from openbook.types import Block, BlockKind, Sentence, Span

_ITEM_CHARACTERS = 240
_KEPT_WHOLE = (BlockKind.TABLE, BlockKind.STEPS)
_LINE = re.compile(r"[^\n]*\S[^\n]*")
_LAST_SPACE = re.compile(r"\s(?=\S*\Z)")


@dataclass(frozen=True, slots=True)
class Piece:
    """A range of one block.

    Attributes:
        span: The range.
        kind: The block's kind.
        sentences: The ranges that can be cited, covering the piece but for white space.
        header: The header row of the table that the piece belongs to, unless it is too long to repeat.
        locator: The block's.
        is_whole: Whether it is a whole table or whole steps, which may exceed the limit.
    """

    span: Span
    kind: BlockKind
    sentences: tuple[Sentence, ...]
    header: Span | None = None
    locator: str = ""
    is_whole: bool = False

    @property
    def length(self) -> int:
        """Characters from start to end."""
        return self.span.end - self.span.start


def split_block(text: str, block: Block, *, target: int, limit: int, whole_limit: int) -> list[Piece]:
    """The pieces of a block that is no heading.

    Args:
        text: The source text.
        block: The block to cut.
        target: Pieces are filled up to this many characters.
        limit: No piece is longer,
        whole_limit: except a whole table or whole steps.
    """
    length = block.span.end - block.span.start
    is_whole = block.kind in _KEPT_WHOLE and length <= whole_limit
    units = list(_units(text, block, limit=max(1, limit * 3 // 4)))
    if length <= limit or is_whole:
        sentences = _sentences(block, units, header=block.header)
        return [Piece(block.span, block.kind, sentences, block.header, block.locator, is_whole)] if units else []
    atoms = _atoms(block, units, limit=limit)
    header = block.header if block.header and block.header.end - block.header.start <= limit // 4 else None
    return [_piece(block, group, header=header) for group in _runs(atoms, target=target, limit=limit)]


def heading_pieces(text: str, headings: Iterable[Block], *, limit: int) -> list[Piece]:
    """The pieces of headings: each its own line, cut only if it is longer than a quarter of the limit."""
    pieces = []
    for block in headings:
        cuts = cut(text, block.span, limit=max(1, limit // 4))
        pieces += [Piece(span, block.kind, _sentences(block, [span]), locator=block.locator) for span in cuts]
    return pieces


def cut(text: str, span: Span, *, limit: int) -> list[Span]:
    """The range in parts of at most `limit` characters: at white space, or hard where there is none."""
    parts: list[Span] = []
    start = span.start
    while start < span.end:
        end = min(start + limit, span.end)
        if end < span.end:
            space = _LAST_SPACE.search(text[start : end + 1])
            end = start + space.start() if space and space.start() else end
        part = trim(text, start, end)
        parts += [part] if part.start < part.end else []
        start = end
    return parts


def _units(text: str, block: Block, *, limit: int) -> Iterator[Span]:
    """The smallest ranges that can be cited: sentences, items, rows or lines, none over the limit."""
    for part in block.parts or (block.span,):
        for unit in _units_of_part(text, part, block.kind, limit=limit):
            yield from cut(text, unit, limit=limit) if unit.end - unit.start > limit else (unit,)


def _units_of_part(text: str, part: Span, kind: BlockKind, *, limit: int) -> Iterable[Span]:
    if kind is BlockKind.CODE:
        return _lines(text, part)
    if kind is BlockKind.TABLE:
        return [part] if part.end - part.start <= limit else split_sentences(text, part)
    if kind is BlockKind.PARAGRAPH:
        return split_sentences(text, part)
    return [unit for line in _lines(text, part) for unit in _units_of_line(text, line)]


def _units_of_line(text: str, line: Span) -> Iterable[Span]:
    """A line of a list: one item, or its sentences if it is long."""
    return [line] if line.end - line.start <= _ITEM_CHARACTERS else split_sentences(text, line)


def _lines(text: str, span: Span) -> list[Span]:
    return [trim(text, *found.span()) for found in _LINE.finditer(text, span.start, span.end)]


def _atoms(block: Block, units: list[Span], *, limit: int) -> list[tuple[Span, ...]]:
    """What stays together when a block is cut: the units of one item or row, if they fit."""
    if not block.parts:
        return [(unit,) for unit in units]
    atoms: list[tuple[Span, ...]] = []
    position = 0
    for part in block.parts:
        start = position
        while position < len(units) and units[position].end <= part.end:
            position += 1
        inside = units[start:position]
        fits = part.end - part.start <= limit
        atoms += [tuple(inside)] if fits and inside else [(unit,) for unit in inside]
    return atoms


def _runs(atoms: list[tuple[Span, ...]], *, target: int, limit: int) -> Iterator[list[Span]]:
    """Groups of consecutive atoms up to the target; a last one far below it joins the one before."""
    groups: list[list[Span]] = []
    for atom in atoms:
        if groups and atom[-1].end - groups[-1][0].start <= target:
            groups[-1].extend(atom)
        else:
            groups.append(list(atom))
    if len(groups) > 1 and groups[-1][-1].end - groups[-2][0].start <= min(limit, target * 5 // 4):
        groups[-2:] = [groups[-2] + groups[-1]]
    yield from groups


def _piece(block: Block, units: list[Span], *, header: Span | None) -> Piece:
    span = Span(units[0].start, units[-1].end)
    return Piece(span, block.kind, _sentences(block, units, header=header), header, block.locator)


def _sentences(block: Block, units: Iterable[Span], *, header: Span | None = None) -> tuple[Sentence, ...]:
    """The units as sentences that know their block, and the header row of the table they are in."""
    return tuple(
        Sentence(unit.start, unit.end, block.kind, block.span.start, None if unit == header else header)
        for unit in units
    )
