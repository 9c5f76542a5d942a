"""Finds the white gaps that run down a page between pieces of lines: gutters of columns and of tables.

It knows places only, and does not decide whether a gap parts columns of prose or of a table.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import NamedTuple, Protocol

from openbook.ingest.printed.page import Line

_SAME_ROW = 0.5
_NARROWEST = 0.45  # of the letters' size
_ACCIDENTAL = 1.3  # of the letters' size: up to here a gap may come from spaces of justified lines
_SETTLED_ROWS = 3
_FARTHEST = 3.0  # of a line's height, between rows of one block
_DEEPEST_HEADER = 2

Gap = tuple[float, float]


class Boxed(Protocol):
    """Whatever has edges."""

    @property
    def left(self) -> float: ...  # noqa: D102
    @property
    def right(self) -> float: ...  # noqa: D102
    @property
    def top(self) -> float: ...  # noqa: D102
    @property
    def bottom(self) -> float: ...  # noqa: D102


class Piece(NamedTuple):
    """A part of a line between wide gaps.

    Attributes:
        line: The part itself.
        whole: The line that it is a part of.
        order: The place of that line in the order of writing.
    """

    line: Line
    whole: Line
    order: int


Row = list[Piece]


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that leave the same gaps free.

    Attributes:
        rows: From top to bottom.
        gaps: From left to right, each with its left and right edge.
        header: How many of the first rows are its header, as their pieces reach across gaps; 0 if none does.
    """

    rows: list[Row]
    gaps: list[Gap]
    header: int = 0


def pieces_of(lines: Sequence[Line]) -> list[Piece]:
    """The pieces of lines whose place is known."""
    return [
        Piece(piece, line, order) for order, line in enumerate(lines) if line.size for piece in (line.pieces or (line,))
    ]


def rows_of(pieces: Iterable[Piece]) -> list[Row]:
    """The pieces in rows, from top to bottom and left to right; a row's pieces stand side by side."""
    rows: list[Row] = []
    for piece in sorted(pieces, key=lambda each: (-each.line.top, each.line.left)):
        if rows and _is_beside(rows[-1][0].line, piece.line):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    for row in rows:
        row.sort(key=lambda each: each.line.left)
    return rows


def _is_beside(first: Line, other: Line) -> bool:
    overlap = min(first.top, other.top) - max(first.bottom, other.bottom)
    return overlap > _SAME_ROW * min(first.top - first.bottom, other.top - other.bottom)


def find_blocks(rows: Sequence[Row], solids: Sequence[Boxed]) -> list[Block]:
    """The blocks among rows, from top to bottom; rows without a gap beside others belong to none.

    Args:
        rows: All rows of a region.
        solids: What else takes place, such as tables that were found before.
    """
    blocks: list[Block] = []
    run: list[Row] = []
    gaps: list[Gap] = []
    above: Row = []  # the row before the run, if that is in no block
    for row, before in zip(rows, [[], *rows], strict=False):
        free = _free(row, solids)
        kept = _common(gaps, free, size=_size(row)) if run else []
        if run and _continues(run, row, gaps, kept):
            run.append(row)
            gaps = kept
            continue
        found = _block(above, run, gaps, solids)
        blocks.extend(found)
        above = [] if found else before
        gaps = _inner(free, size=_size(row))
        run = [row] if gaps else []
    return [*blocks, *_block(above, run, gaps, solids)]


def _continues(run: list[Row], row: Row, gaps: list[Gap], kept: list[Gap]) -> bool:
    """Whether a row belongs to the run above it: near, and across no gap that has proved itself."""
    height = max(row[0].line.top - row[0].line.bottom, 1.0)
    distance = min(piece.line.bottom for piece in run[-1]) - max(piece.line.top for piece in row)
    if not kept or distance > _FARTHEST * height:
        return False
    lost = [gap for gap in gaps if not any(gap[0] <= other[0] and other[1] <= gap[1] for other in kept)]
    if not lost:
        return True
    if len(row) == 1:
        return False
    return len(run) < _SETTLED_ROWS or all(right - left < _ACCIDENTAL * _size(row) for left, right in lost)


def _block(above: Row, run: list[Row], gaps: list[Gap], solids: Sequence[Boxed]) -> list[Block]:
    """The run as a block, if it has two rows; with the gaps below its header, where those are more.

    Args:
        above: The row above the run, which may be its header, or nothing.
        run: Rows.
        gaps: What they leave free.
        solids: See `find_blocks`.
    """
    if len(run) < 2:
        return []
    best = Block(run, gaps)
    for depth in range(1, min(_DEEPEST_HEADER, len(run) - 2) + 1):
        below = _inner(_free(run[depth], solids), size=_size(run[depth]))
        for row in run[depth + 1 :]:
            below = _common(below, _free(row, solids), size=_size(row))
        if len(below) > len(best.gaps):
            best = Block(run, below, header=depth + 1)
    return [Block([above, *run], best.gaps, header=1) if _heads(above, best) else best]


def _heads(row: Row, block: Block) -> bool:
    """Whether a row above a block has one piece over each column, though they stand nearer than the columns."""
    if len(row) != len(block.gaps) + 1 or len(row) < 2 or block.header:
        return False
    edges = edges_of(block.gaps)
    below = max(piece.line.top for piece in block.rows[0])
    distance = min(piece.line.bottom for piece in row) - below
    is_near = distance <= row[0].line.top - row[0].line.bottom
    return is_near and [column_of(piece.line, edges) for piece in row] == list(range(len(row)))


def _size(row: Row) -> float:
    return median(piece.line.size for piece in row)


def _free(row: Row, solids: Sequence[Boxed]) -> list[Gap]:
    """The ranges that neither the row nor what stands beside it takes, the endless margins included."""
    top, bottom = max(piece.line.top for piece in row), min(piece.line.bottom for piece in row)
    taken = [(piece.line.left, piece.line.right) for piece in row]
    taken += [(solid.left, solid.right) for solid in solids if solid.bottom < top and solid.top > bottom]
    free: list[Gap] = []
    edge = float("-inf")
    for left, right in sorted(taken):
        if left > edge:
            free.append((edge, left))
        edge = max(edge, right)
    return [*free, (edge, float("inf"))]


def _inner(free: list[Gap], *, size: float) -> list[Gap]:
    return [gap for gap in free[1:-1] if gap[1] - gap[0] >= _NARROWEST * size]


def _common(gaps: list[Gap], free: list[Gap], *, size: float) -> list[Gap]:
    """What is left of each gap in another row, if that is wide enough."""
    kept = []
    for left, right in gaps:
        shared = [(max(left, low), min(right, high)) for low, high in free if low < right and high > left]
        widest = max(shared, key=lambda gap: gap[1] - gap[0], default=(0.0, 0.0))
        if widest[1] - widest[0] >= _NARROWEST * size:
            kept.append(widest)
    return kept


def edges_of(gaps: Sequence[Gap]) -> list[float]:
    """The limits of the columns between gaps, the first and last of them endless."""
    return [float("-inf"), *((left + right) / 2 for left, right in gaps), float("inf")]


def column_of(box: Boxed, edges: Sequence[float]) -> int:
    """The column in which the middle of a box lies."""
    middle = (box.left + box.right) / 2
    return next(index for index, (left, right) in enumerate(pairwise(edges)) if left <= middle < right)
