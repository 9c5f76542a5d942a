"""Puts what is printed on a page into reading order: tables, columns of prose, the lines between them.

A page without anything side by side, or with thousands of lines, is left in the order in which it was written.
Gaps that run down a page part columns of prose where the columns were written one after the other or their lines
are full; whether they are those of a table is decided in `printed_alignment`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median

from openbook.ingest.printed.alignment import aligned_table
from openbook.ingest.printed.gaps import (
    Block,
    Boxed,
    Gap,
    Piece,
    Row,
    column_of,
    edges_of,
    find_blocks,
    pieces_of,
    rows_of,
)
from openbook.ingest.printed.grid import find_grids, table_in
from openbook.ingest.printed.page import LINES_LIMIT, Line, Ruling
from openbook.ingest.printed.tables import PrintedTable

_DEEPEST = 4
_PROSE_CHARACTERS = 18  # a line of prose in a narrow column has more
_FULL_SHARE = 0.6
_FULL = 0.8  # of the column's width
_NEAR_ROW = 2.0  # of a line's height

Item = Line | PrintedTable


@dataclass(frozen=True, slots=True)
class _Region:
    """A part of a page: pieces, and tables that were drawn there."""

    pieces: list[Piece]
    tables: list[PrintedTable]

    def column(self, number: int, edges: Sequence[float]) -> "_Region":
        """What lies in one of the columns between edges."""
        return _Region(
            [piece for piece in self.pieces if column_of(piece.line, edges) == number],
            [table for table in self.tables if column_of(table, edges) == number],
        )

    def cut(self, rows: Sequence[Row]) -> "tuple[_Region, _Region, _Region]":
        """What lies above the rows, the rows with the tables beside them, and what lies below."""
        inside = {id(piece) for row in rows for piece in row}
        top = max(piece.line.top for piece in rows[0])
        bottom = min(piece.line.bottom for row in rows for piece in row)
        parts = (_Region([], []), _Region([], []), _Region([], []))
        for piece in self.pieces:
            parts[1 if id(piece) in inside else _part(piece.line, top, bottom)].pieces.append(piece)
        for table in self.tables:
            parts[1 if table.bottom < top and table.top > bottom else _part(table, top, bottom)].tables.append(table)
        return parts


def _part(box: Boxed, top: float, bottom: float) -> int:
    return 0 if box.top + box.bottom > top + bottom else 2


def arrange(lines: Sequence[Line], rulings: Sequence[Ruling]) -> list[Item]:
    """The lines and tables of a page in reading order; as they were written where that would lose a word.

    Args:
        lines: In the order in which they were written, without those that repeat on every page.
        rulings: The strokes on the page.
    """
    if len(lines) > LINES_LIMIT:
        return list(lines)
    pieces = pieces_of(lines)
    if all(len(row) == 1 for row in rows_of(pieces)):
        return list(lines)
    tables = []
    for grid in find_grids(rulings):
        table = table_in(grid, pieces)
        if table:
            tables.append(table)
            pieces = [piece for piece in pieces if not grid.holds(piece)]
    unplaced = [line for line in lines if not line.size]
    arranged = [*_ordered(_Region(pieces, tables), rulings, depth=0), *unplaced]
    return arranged if _words_of(lines) <= _words_of(arranged) else list(lines)


def _words_of(items: Iterable[Item]) -> set[str]:
    """Every word of lines and tables."""
    tables = (item.rows if isinstance(item, PrintedTable) else [[item.text]] for item in items)
    return {word for rows in tables for row in rows for text in row for word in text.split()}


def _ordered(region: _Region, rulings: Sequence[Ruling], *, depth: int) -> Iterator[Item]:
    """The items of a region, from block to block; what lies between blocks in the order of writing."""
    rows = rows_of(region.pieces)
    blocks = find_blocks(rows, region.tables) if depth < _DEEPEST else []
    rest = region
    for block in blocks:
        _, inside, _ = rest.cut(block.rows)
        gaps = _gutters(block, inside)
        table = None if gaps else aligned_table(block, rulings)
        if not gaps and not table:
            continue
        used = [*_rows_above(rows, block, gaps), *block.rows] if gaps else block.rows
        if table:
            used = [row for row in used if max(piece.line.top for piece in row) > table.bottom]
        above, inside, rest = rest.cut(used)
        yield from _written(above)
        if table:
            yield table
        else:
            edges = edges_of(gaps)
            for number in range(len(edges) - 1):
                yield from _ordered(inside.column(number, edges), rulings, depth=depth + 1)
    yield from _written(rest)


def _rows_above(rows: Sequence[Row], block: Block, gaps: Sequence[Gap]) -> list[Row]:
    """The rows right above a block that belong to one of its columns."""
    first = next(index for index, row in enumerate(rows) if row is block.rows[0])
    taken: list[Row] = []
    below = rows[first][0].line
    for row in reversed(rows[:first]):
        line = row[0].line
        is_within = all(line.right <= left or line.left >= right for left, right in gaps)
        if len(row) > 1 or not is_within or line.bottom - below.top > _NEAR_ROW * (line.top - line.bottom):
            break
        taken.append(row)
        below = line
    return taken[::-1]


def _gutters(block: Block, inside: _Region) -> list[Gap]:
    """The gaps of a block that part columns of prose; none if they are those of a table or of nothing."""
    orders: list[tuple[Boxed, int]] = [(piece.line, piece.order) for piece in inside.pieces]
    orders += [(table, table.order) for table in inside.tables]
    apart = [gap for gap in block.gaps if _is_written_apart(gap, orders)]
    if apart:
        return apart
    edges = edges_of(block.gaps)
    columns = [inside.column(number, edges) for number in range(len(edges) - 1)]
    return block.gaps if all(column.tables or _is_prose(column.pieces) for column in columns) else []


def _is_written_apart(gap: Gap, orders: Sequence[tuple[Boxed, int]]) -> bool:
    """Whether all that is left of a gap was written before all that is right of it, or after."""
    middle = (gap[0] + gap[1]) / 2
    left = [order for box, order in orders if box.right <= middle]
    right = [order for box, order in orders if box.left >= middle]
    if not left or not right or len(left) + len(right) < 3:
        return False
    return max(left) < min(right) or max(right) < min(left)


def _is_prose(pieces: Sequence[Piece]) -> bool:
    """Whether the lines of a column are those of running text: long, and most of them full."""
    if len(pieces) < 3:
        return False
    left, right = min(piece.line.left for piece in pieces), max(piece.line.right for piece in pieces)
    full = sum(piece.line.right >= left + _FULL * (right - left) for piece in pieces)
    return full >= _FULL_SHARE * len(pieces) and median(len(piece.line.text) for piece in pieces) >= _PROSE_CHARACTERS


def _written(region: _Region) -> Iterator[Item]:
    """The lines and tables of a region in the order of writing; lines are whole where all of their pieces are there."""
    lines: list[tuple[int, Item]] = [(table.order, table) for table in region.tables]
    for order, group in groupby(sorted(region.pieces, key=lambda piece: piece.order), key=lambda piece: piece.order):
        pieces = list(group)
        whole = pieces[0].whole
        lines.append((order, whole if len(pieces) >= len(whole.pieces) else _joined(pieces)))
    lines.sort(key=lambda each: each[0])
    yield from (item for _, item in lines)


def _joined(pieces: Sequence[Piece]) -> Line:
    """A line from some pieces of one."""
    first, last = pieces[0].line, pieces[-1].line
    text = " ".join(piece.line.text for piece in pieces)
    return Line(text, first.left, last.right, first.top, first.bottom, first.size, first.is_bold and last.is_bold)
