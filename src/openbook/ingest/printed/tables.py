"""Makes rows of cells with a header from pieces of lines whose columns are known.

Lines that follow closely are told from rows by the distances between them, by what is empty and by whether a
cell was full. Merged header cells are said with each of their columns. It does not know whether the pieces are
a table at all.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from openbook.ingest.printed.gaps import Piece, Row, column_of
from openbook.ingest.printed.page import Line

_TIGHT = 1.2  # of a line's height: lines of one cell stand no farther apart
_OVERLAPPING = 0.75  # of a line's height: rows cannot stand as near as this
_TWO_DISTANCES = 1.2
_CLEARLY_TWO = 1.35
_WRAPPED_CHARACTERS = 10
_HYPHENS = ("-", "\u00ad", "\u2010")
_SAME_EDGE = 8.0  # points
_ACROSS = 1.0  # points by which a piece must reach into a column to stand in it
_NUMBER = re.compile(r"[^\w]*\d[\d.,:/ '–-]*[^\W\d]{0,3}[^\w]*")

Cells = list[str]


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table as it stands on a page.

    Attributes:
        rows: Cells, as many in every row; the first row is the header if there is one.
        has_header: Whether the first row names the columns.
        edges: Where its columns begin, and where the last one ends, in points.
        left: The left edge of what was printed, in points; likewise `right`, `top` and `bottom`.
        order: Where it stands in the order of writing.
        is_guess: Whether the header is one by its words alone.
    """

    rows: list[Cells]
    has_header: bool
    edges: tuple[float, ...]
    left: float
    right: float
    top: float
    bottom: float
    order: int
    is_guess: bool = False

    def after(self, other: "PrintedTable") -> "PrintedTable":
        """The table as it is read where it goes on with another one of the page before: with its header."""
        is_same = len(self.edges) == len(other.edges) and all(
            abs(edge - before) <= _SAME_EDGE for edge, before in zip(self.edges, other.edges, strict=True)
        )
        is_named = self.has_header and (not self.is_guess or self.rows[0] == other.rows[0])
        if not is_same or not other.has_header or is_named:
            return self
        return replace(self, rows=[other.rows[0], *self.rows], has_header=True, is_guess=other.is_guess)


def table_of(pieces: Sequence[Piece], rows: list[Cells], *, edges: Sequence[float], header: int) -> PrintedTable:
    """A table of rows that were made from pieces.

    Args:
        pieces: What was printed.
        rows: Cells, as many in every row.
        edges: The limits of the columns.
        header: How many of the first rows are the header; 0 to judge by their words.
    """
    has_header = header > 0 or is_header(rows)
    if header:
        rows = [flat_header(rows[:header]), *rows[header:]]
    left, right = min(piece.line.left for piece in pieces), max(piece.line.right for piece in pieces)
    return PrintedTable(
        rows=rows,
        has_header=has_header,
        edges=(left, *edges[1:-1], right),
        left=left,
        right=right,
        top=max(piece.line.top for piece in pieces),
        bottom=min(piece.line.bottom for piece in pieces),
        order=min(piece.order for piece in pieces),
        is_guess=has_header and not header,
    )


def flat_header(rows: Sequence[Cells]) -> Cells:
    """One header row from several: what stands above a column, from top to bottom, once."""
    filled = [_filled_rightwards(row, below) for row, below in zip(rows, [*rows[1:], []], strict=True)]
    return [" ".join(dict.fromkeys(cell for cell in column if cell)) for column in zip(*filled, strict=True)]


def _filled_rightwards(row: Cells, below: Cells) -> Cells:
    """A row of group names, each repeated over the columns it has below it."""
    filled = list(row)
    for index in range(1, len(row)):
        if below and not filled[index] and below[index] and filled[index - 1] and below[index - 1]:
            filled[index] = filled[index - 1]
    return filled


def is_header(rows: Sequence[Cells]) -> bool:
    """Whether the first row can name the columns: it says something different over each, and no number."""
    if len(rows) < 2:
        return False
    first = rows[0]
    return len(set(first)) == len(first) and all(first[1:]) and not any(is_number(cell) for cell in first)


def is_number(cell: str) -> bool:
    """Whether a cell is a number, perhaps with a currency or a unit."""
    return _NUMBER.fullmatch(cell) is not None


def header_cells(row: Row, edges: Sequence[float]) -> Cells:
    """The texts of a header's pieces, each in every column it reaches over and in which no other piece stands."""
    cells = [""] * (len(edges) - 1)
    taken = _columns(row, edges)
    for piece in row:
        line, home = piece.line, column_of(piece.line, edges)
        for index, (left, right) in enumerate(pairwise(edges)):
            reach = min(line.right, right) - max(line.left, left)
            if index == home or (index not in taken and reach > _ACROSS):
                cells[index] = f"{cells[index]} {line.text}".strip()
    return cells


def text_rows(rows: Sequence[Row], edges: Sequence[float]) -> list[list[Row]]:
    """Printed rows put together where they are lines of one row of cells."""
    if not rows:
        return []
    breaks = _distance_of_rows(rows, edges)
    groups = [[rows[0]]]
    for above, row in pairwise(rows):
        if _is_same_row(groups[-1], above, row, edges, breaks):
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _is_same_row(group: list[Row], above: Row, row: Row, edges: Sequence[float], breaks: float) -> bool:
    height, pitch = _height(row), _pitch(above, row)
    if pitch < _OVERLAPPING * height:
        return True
    if breaks:
        return pitch < breaks
    return pitch <= _TIGHT * height and 0 not in _columns(row, edges) and _wraps(group[-1], row, edges)


def _distance_of_rows(rows: Sequence[Row], edges: Sequence[float]) -> float:
    """The least distance between rows, if lines of cells stand clearly nearer; else 0.

    Most rows of several lines leave a cell empty in one of them and, unless the distances differ much, begin no
    cell below the first line.
    """
    pitches = sorted(_pitch(above, row) for above, row in pairwise(rows))
    if len(pitches) < 2 or pitches[-1] < _TWO_DISTANCES * pitches[0]:
        return 0.0
    low, high = max(pairwise(pitches), key=lambda pair: pair[1] / max(pair[0], 1.0))
    if low > _TIGHT * median(_height(row) for row in rows):
        return 0.0
    limit = (low + high) / 2
    groups = _split(rows, limit)
    several = [group for group in groups if len(group) > 1]
    gappy = sum(any(len(_columns(row, edges)) < len(edges) - 1 for row in group) for group in several)
    is_clear = high >= _CLEARLY_TWO * low or all(_begins_full(group, edges) for group in several)
    return limit if is_clear and gappy * 2 >= len(several) else 0.0


def _split(rows: Sequence[Row], limit: float) -> list[list[Row]]:
    """The rows in groups that are at least a distance apart."""
    groups = [[rows[0]]]
    for above, row in pairwise(rows):
        if _pitch(above, row) < limit:
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _begins_full(group: Sequence[Row], edges: Sequence[float]) -> bool:
    """Whether each line of a row begins in columns that the first one has, or stands between two lines."""
    first = _columns(group[0], edges)
    return all(
        _columns(row, edges) <= first or _pitch(above, row) < _OVERLAPPING * _height(row)
        for above, row in pairwise(group)
    )


def _columns(row: Row, edges: Sequence[float]) -> set[int]:
    return {column_of(piece.line, edges) for piece in row}


def _wraps(above: Row, row: Row, edges: Sequence[float]) -> bool:
    """Whether some cell of a row goes on with what was full in the row above."""
    over = {column_of(piece.line, edges): piece.line for piece in above}
    for piece in row:
        line = over.get(column_of(piece.line, edges))
        if line and len(line.text) >= _WRAPPED_CHARACTERS and " " in line.text:
            return True
    return False


def _pitch(above: Row, row: Row) -> float:
    return above[0].line.bottom - row[0].line.bottom


def _height(row: Row) -> float:
    return max(row[0].line.top - row[0].line.bottom, 1.0)


def joined(lines: Sequence[Line]) -> str:
    """The text of a cell from its lines, words put together at their hyphen."""
    text = ""
    for line in sorted(lines, key=lambda each: (-round(each.bottom), each.left)):
        if text.endswith(_HYPHENS) and text[-2:-1].isalpha() and line.text[:1].islower():
            text = text[:-1] + line.text
        else:
            text = f"{text} {line.text}".strip()
    return text


def row_of(group: Sequence[Row], edges: Sequence[float]) -> Cells:
    """The cells of one row that was printed in several lines."""
    columns: list[list[Line]] = [[] for _ in edges[1:]]
    for row in group:
        for piece in row:
            columns[column_of(piece.line, edges)].append(piece.line)
    return [joined(lines) for lines in columns]


def aligned_rows(rows: Sequence[Row], edges: Sequence[float], *, header: int) -> list[Cells]:
    """The rows of cells of a table without lines between its rows; in the header a piece may reach over columns."""
    above = [header_cells(row, edges) for row in rows[:header]]
    return [*above, *(row_of(group, edges) for group in text_rows(rows[header:], edges))]
