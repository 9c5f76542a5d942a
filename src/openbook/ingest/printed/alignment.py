"""Decides whether gaps between pieces of lines are those of a table without upright lines, and reads it.

Signs of a table are level lines, a header in bold letters, numbers, or three columns. Lists, whose markers stand
apart from their text, and labels with a colon are none. It misses tables of two columns of words without any
other sign.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from openbook.ingest.printed.gaps import Block, Row, edges_of
from openbook.ingest.printed.grid import Grid, table_in
from openbook.ingest.printed.page import Ruling
from openbook.ingest.printed.tables import (
    Cells,
    PrintedTable,
    aligned_rows,
    is_number,
    table_of,
)

_SHARE_OF_LABELS = 0.5
_SHARE_OF_NUMBERS = 0.5
_SHARE_OF_EVEN = 0.5
_EVEN = 0.6  # points
_LEAST_ROWS = 3
_WIDE = 0.6  # of the table's width: what a line has to cover to part its rows
_DOUBLED = 0.25  # of the spaces between lines may hold two full rows, if lines part the rows
_DEEPEST_HEADER = 3
_AROUND = 1.5  # of a line's height: how far off a table's outer lines may be
_LOOSE_END = 1.3
_NEAR = 3.0  # points: strokes this near are one
_MARKER = re.compile(r"[-*•◦▪–+o]|\(?\w{1,3}[.)]")


def aligned_table(block: Block, rulings: Sequence[Ruling]) -> PrintedTable | None:
    """The table that a block of rows is, or nothing.

    Args:
        block: Rows with gaps between their pieces.
        rulings: The strokes on the page.
    """
    rows = _without_loose_end(block)
    pieces = [piece for row in rows for piece in row]
    left, right = min(piece.line.left for piece in pieces), max(piece.line.right for piece in pieces)
    edges = [left, *edges_of(block.gaps)[1:-1], right]
    near = _level_rulings(rows, rulings, left=left, right=right)
    wide = _places(ruling for ruling in near if ruling.right - ruling.left >= _WIDE * (right - left))
    header = _header_rows(block, rows, wide)
    cells = aligned_rows(rows, edges, header=header)
    if not wide and _is_justified(rows):
        return None
    if not _is_table(cells[header:], header=header, is_ruled=len(wide) > 0, columns=len(edges) - 1):
        return None
    places = _framed(_places(near), top=_top(rows), bottom=_bottom(rows))
    if _part_rows(places, rows, columns=len(edges) - 1):
        ruled = table_in(Grid(edges, places, near), pieces, has_walls=False)
        if ruled:
            return ruled
    return table_of(pieces, cells, edges=edges, header=header)


def _without_loose_end(block: Block) -> list[Row]:
    """The rows of a block without last lines that stand below the first column and farther off."""
    rows = list(block.rows)
    pitches = [above[0].line.bottom - below[0].line.bottom for above, below in pairwise(rows)]
    while len(rows) > 2 and len(rows[-1]) == 1 and rows[-1][0].line.right <= block.gaps[0][1]:
        if pitches[len(rows) - 2] < _LOOSE_END * min(pitches[: len(rows) - 2]):
            break
        rows.pop()
    return rows


def _level_rulings(rows: Sequence[Row], rulings: Sequence[Ruling], *, left: float, right: float) -> list[Ruling]:
    """The level strokes in and around the rows."""
    top, bottom = _top(rows), _bottom(rows)
    around = _AROUND * (rows[0][0].line.top - rows[0][0].line.bottom)
    return [
        ruling
        for ruling in rulings
        if ruling.is_level
        and bottom - around <= ruling.top <= top + around
        and min(ruling.right, right) > max(ruling.left, left)
    ]


def _top(rows: Sequence[Row]) -> float:
    return max(piece.line.top for piece in rows[0])


def _bottom(rows: Sequence[Row]) -> float:
    return min(piece.line.bottom for row in rows for piece in row)


def _framed(places: list[float], *, top: float, bottom: float) -> list[float]:
    """The places of strokes, with those above the first row and below the last one where no strokes are."""
    middle = [place for place in places if bottom + _NEAR < place < top - _NEAR]
    return [max([top, *places]), *middle, min([bottom, *places])]


def _part_rows(places: Sequence[float], rows: Sequence[Row], *, columns: int) -> bool:
    """Whether strokes part all rows: hardly ever are there two printed rows without an empty cell between two."""
    bands = len(places) - 1
    if bands < _LEAST_ROWS:
        return False
    complete = Counter(
        sum(row[0].line.top + row[0].line.bottom < 2 * place for place in places) for row in rows if len(row) >= columns
    )
    doubled = sum(count > 1 for count in complete.values())
    return doubled <= _DOUBLED * bands


def _places(rulings: Iterable[Ruling]) -> list[float]:
    """Where level strokes are, from top to bottom; those that are near each other once."""
    places: list[float] = []
    for place in sorted((ruling.top for ruling in rulings), reverse=True):
        if not places or places[-1] - place > _NEAR:
            places.append(place)
    return places


def _header_rows(block: Block, rows: Sequence[Row], wide: Sequence[float]) -> int:
    """How many of the rows are above a line that parts the header, or bold, or reach over columns; else 0."""
    for place in wide:
        above = sum(row[0].line.bottom + row[0].line.top > 2 * place for row in rows)
        if above > 0:
            return above if above <= min(_DEEPEST_HEADER, len(rows) - 1) else block.header
    is_bold = [all(piece.line.is_bold for piece in row) for row in rows]
    return block.header or int(is_bold[0] and not all(is_bold))


def _is_justified(rows: Sequence[Row]) -> bool:
    """Whether the gaps are those of justified lines: the same within a line, another in each line."""
    gaps = [[other.line.left - one.line.right for one, other in pairwise(row)] for row in rows if len(row) > 2]
    even = [within[0] for within in gaps if max(within) - min(within) <= _EVEN]
    return len(even) > _SHARE_OF_EVEN * len(gaps) and max(even) - min(even) > _EVEN


def _is_table(rows: Sequence[Cells], *, header: int, is_ruled: bool, columns: int) -> bool:
    """Whether rows of cells, without the header, are those of a table."""
    first = [row[0] for row in rows if row[0]]
    markers = sum(bool(_MARKER.fullmatch(cell)) for cell in first)
    labels = sum(cell.endswith(":") for cell in first)
    if markers > _SHARE_OF_LABELS * len(first) or (columns == 2 and labels > _SHARE_OF_LABELS * len(first)):
        return False
    count = len(rows) + min(header, 1)
    if is_ruled and count >= 2:
        return True
    shared = sum(sum(map(bool, row)) > 1 for row in rows)
    if count < _LEAST_ROWS or shared * 2 < len(rows):
        return False
    others = [cell for row in rows for cell in row[1:] if cell]
    numbers = sum(is_number(cell) for cell in others)
    return columns > 2 or header > 0 or numbers > _SHARE_OF_NUMBERS * len(others)
